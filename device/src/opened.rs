//! What open files and open device nodes have in common: one descriptor for reading, and one for writing
//! that is opened when it is first needed.

use crate::disk::Identity;
use crate::error::DiskError;
use crate::range::flush_failed;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// An object opened by its path.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) path: PathBuf,
    pub(crate) identity: Identity,
    /// Whether writes are refused.
    pub(crate) read_only: bool,
    /// Flags of open(2) for every descriptor.
    flags: i32,
    /// None while it rests.
    reader: Mutex<Option<Arc<File>>>,
    writer: OnceLock<File>,
}

/// Opens for reading what `path` names, and makes sure that it is the object meant.
pub(crate) fn open(path: &Path, flags: i32, meant: Identity) -> Result<Opened, DiskError> {
    let reader = open_as(path, OpenOptions::new().read(true), flags, meant)?;
    let (path, writer) = (path.to_owned(), OnceLock::new());
    let reader = Mutex::new(Some(Arc::new(reader)));
    Ok(Opened { path, identity: meant, read_only: false, flags, reader, writer })
}

fn open_as(path: &Path, options: &mut OpenOptions, flags: i32, meant: Identity) -> Result<File, DiskError> {
    let error = |source: io::Error| DiskError::Open { path: path.to_owned(), source };
    let file = options.custom_flags(flags).open(path).map_err(error)?;
    match crate::open::identity_of(&file.metadata().map_err(error)?) {
        Some(identity) if identity == meant => Ok(file),
        _ => Err(error(io::Error::other("another object has taken this name"))),
    }
}

impl Opened {
    /// The descriptor for reading, opened again where it was given back.
    pub(crate) fn reader(&self) -> io::Result<Arc<File>> {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(reader) = &*reader {
            return Ok(Arc::clone(reader));
        }
        let file = self.again(OpenOptions::new().read(true), 0).map_err(io::Error::other)?;
        Ok(Arc::clone(reader.insert(Arc::new(file))))
    }

    /// Gives the descriptor for reading back until it is needed again, so that the object is not in use.
    pub(crate) fn rest(&self) {
        *self.reader.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The descriptor for writing, opened now if it was not before.
    pub(crate) fn writer(&self) -> Result<&File, DiskError> {
        if let Some(file) = self.writer.get() {
            return Ok(file);
        }
        if self.read_only {
            return Err(DiskError::ReadOnly { path: self.path.clone() });
        }
        let file = self.again(OpenOptions::new().read(true).write(true), 0)?;
        Ok(self.writer.get_or_init(|| file))
    }

    /// One more descriptor of the same object.
    pub(crate) fn again(&self, options: &mut OpenOptions, flags: i32) -> Result<File, DiskError> {
        open_as(&self.path, options, self.flags | flags, self.identity).map_err(|error| match error {
            DiskError::Open { path, source } if source.raw_os_error() == Some(libc::EROFS) => {
                DiskError::ReadOnly { path }
            }
            other => other,
        })
    }

    /// Makes what was written durable; nothing was where there is no descriptor for writing.
    pub(crate) fn flush(&self) -> Result<(), DiskError> {
        match self.writer.get() {
            Some(file) => file.sync_data().map_err(|e| flush_failed(&self.path, e)),
            None => Ok(()),
        }
    }
}
