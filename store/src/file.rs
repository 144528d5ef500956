//! Files that are there whole or not at all.

use std::fs::{DirBuilder, File, OpenOptions, remove_file};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why a file was not written.
#[derive(Debug, Error)]
#[error("{}: {action} failed", path.display())]
pub struct FileError {
    /// Which file or folder.
    pub path: PathBuf,
    /// `create folder`, `create`, `write`, `rename`, `read`.
    pub action: &'static str,
    /// Why.
    #[source]
    pub source: io::Error,
}

impl FileError {
    pub(crate) fn new(path: &Path, action: &'static str, source: io::Error) -> Self {
        Self { path: path.to_owned(), action, source }
    }

    /// Whether the file system is full, or the user's share of it.
    pub fn is_full(&self) -> bool {
        matches!(self.source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
    }

    /// Whether the file system is read-only.
    pub fn is_read_only(&self) -> bool {
        self.source.kind() == io::ErrorKind::ReadOnlyFilesystem
    }
}

/// A file that has its content durably, but not yet its name. Removed on drop unless it got one.
#[derive(Debug)]
pub(crate) struct Draft {
    path: PathBuf,
    folder: PathBuf,
}

impl Draft {
    /// Writes `content` to a new file in `folder`, which is made where it is missing.
    pub(crate) fn write(folder: &Path, content: &[u8]) -> Result<Self, FileError> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(|e| FileError::new(folder, "create folder", e))?;
        let (draft, mut file) = Self::create(folder)?;
        let written = file.write_all(content).and_then(|()| file.sync_all());
        written.map_err(|e| FileError::new(&draft.path, "write", e))?;
        Ok(draft)
    }

    fn create(folder: &Path) -> Result<(Self, File), FileError> {
        let pid = std::process::id();
        let mut number = 0;
        loop {
            // A leading dot and no .vg at the end: nobody takes it for a backup.
            let path = folder.join(format!(".rlvm_{pid}_{number}"));
            match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
                Ok(file) => return Ok((Self { path, folder: folder.to_owned() }, file)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < 1000 => number += 1,
                Err(error) => return Err(FileError::new(&path, "create", error)),
            }
        }
    }

    /// Gives it this name in its folder, in place of whatever had it.
    pub(crate) fn replace(self, name: &str) -> Result<PathBuf, FileError> {
        let path = self.folder.join(name);
        std::fs::rename(&self.path, &path).map_err(|e| FileError::new(&path, "rename", e))?;
        self.named(path)
    }

    /// Gives it this name in its folder, unless something has it already.
    pub(crate) fn claim(&self, name: &str) -> Result<PathBuf, FileError> {
        let path = self.folder.join(name);
        match std::fs::hard_link(&self.path, &path) {
            Ok(()) => self.named(path),
            // A file system without hard links: nobody else writes here while the VG's lock is held.
            Err(error) if is_linkless(&error) && !path.exists() => {
                std::fs::rename(&self.path, &path).map_err(|e| FileError::new(&path, "rename", e))?;
                self.named(path)
            }
            Err(error) => Err(FileError::new(&path, "rename", error)),
        }
    }

    fn named(&self, path: PathBuf) -> Result<PathBuf, FileError> {
        let sync = File::open(&self.folder).and_then(|folder| folder.sync_all());
        sync.map_err(|e| FileError::new(&self.folder, "write", e))?;
        Ok(path)
    }
}

fn is_linkless(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied)
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Gone already where it was renamed.
        let _ = remove_file(&self.path);
    }
}
