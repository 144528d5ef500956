//! A lock file as LVM2 uses it: made when locked, unlinked when given back and nobody else wants it.
//!
//! ```text
//! lock     F:aux EX, then F, then give back F:aux   (a reader gives F:aux back before it waits for F, a
//!                                                   writer after: so a waiting writer holds new readers off)
//! each     open with O_CREAT, flock, then compare the inode of the name with the open one: a holder
//!          unlinks on release, so a lock on a nameless file is worth nothing and is tried again
//! release  unlock, then lock alone without waiting; had, and still the named file: unlink
//! ```
//! Facts: LVM2 2.03.40 lib/misc/lvm-flock.c.

use super::{LockError, LockMode, Patience, Wait, try_lock};
use fs2::FileExt;
use std::ffi::OsString;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Whether the auxiliary lock is taken first (LVM2's `global/prioritise_write_locks`). All users of one
/// lock file should agree, or writers may starve; exclusion itself does not depend on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Priority {
    /// A waiting writer holds new readers off.
    #[default]
    Writers,
    /// First come, first served.
    None,
}

/// How to take a [`LockFile`].
#[derive(Clone, Copy, Debug)]
pub struct LockOptions<'a> {
    /// How long to wait.
    pub wait: Wait<'a>,
    /// Who goes first.
    pub priority: Priority,
}

/// A lock that is held, and given back on drop or with the process.
#[derive(Debug)]
pub struct LockFile {
    path: PathBuf,
    file: File,
    mode: LockMode,
}

impl LockFile {
    /// Locks `path`, making the file, and its folder where that is missing.
    pub fn acquire(path: &Path, mode: LockMode, options: LockOptions<'_>) -> Result<Self, LockError> {
        let mut patience = Patience::new(options.wait);
        if options.priority == Priority::None {
            return Self::one(path, mode, &mut patience);
        }
        let aux = Self::one(&aux_path(path), LockMode::Exclusive, &mut patience)?;
        match mode {
            LockMode::Shared => {
                drop(aux);
                Self::one(path, mode, &mut patience)
            }
            LockMode::Exclusive => Self::one(path, mode, &mut patience),
        }
    }

    fn one(path: &Path, mode: LockMode, patience: &mut Patience<'_>) -> Result<Self, LockError> {
        loop {
            let file = open(path)?;
            patience.lock(&file, path, mode)?;
            if is_named(&file, path).map_err(|e| LockError::io(path, "stat", e))? {
                return Ok(Self { path: path.to_owned(), file, mode });
            }
        }
    }

    /// Which file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How it is held.
    pub fn mode(&self) -> LockMode {
        self.mode
    }

    /// Changes how it is held. flock does not do that atomically: somebody else may have held it in
    /// between, so what was read under it must be read again. After an error the lock is no longer held.
    pub fn convert(mut self, mode: LockMode, wait: Wait<'_>) -> Result<Self, LockError> {
        if self.mode == mode {
            return Ok(self);
        }
        let mut patience = Patience::new(wait);
        patience.lock(&self.file, &self.path, mode)?;
        self.mode = mode;
        match is_named(&self.file, &self.path) {
            Ok(true) => Ok(self),
            // Whoever had it in between unlinked it on release.
            Ok(false) => Self::one(&self.path, mode, &mut patience),
            Err(error) => Err(LockError::io(&self.path, "stat", error)),
        }
    }
}

impl AsFd for LockFile {
    /// The locked description: a child that inherits it holds the lock with this process, and on after it.
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}

impl Drop for LockFile {
    fn drop(&mut self) {
        // Failures leave a file without a holder behind, which harms nobody.
        let unlocked = FileExt::unlock(&self.file).is_ok();
        if unlocked
            && matches!(try_lock(&self.file, LockMode::Exclusive), Ok(true))
            && is_named(&self.file, &self.path).unwrap_or(false)
        {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

fn aux_path(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(":aux");
    PathBuf::from(name)
}

fn open(path: &Path) -> Result<File, LockError> {
    let open = || OpenOptions::new().read(true).append(true).create(true).mode(0o700).open(path);
    match (open(), path.parent()) {
        (Err(error), Some(folder)) if error.kind() == io::ErrorKind::NotFound => {
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(folder)
                .map_err(|e| LockError::io(folder, "create folder", e))?;
            open()
        }
        (opened, _) => opened,
    }
    .map_err(|e| LockError::io(path, "open", e))
}

/// Whether `path` still names the open file.
fn is_named(file: &File, path: &Path) -> io::Result<bool> {
    let open = file.metadata()?;
    match std::fs::metadata(path) {
        Ok(named) => Ok((named.dev(), named.ino()) == (open.dev(), open.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicBool;
    use std::time::Duration;

    const TRY: LockOptions<'static> = LockOptions { wait: Wait::NO, priority: Priority::Writers };

    fn patient(ms: u64) -> LockOptions<'static> {
        LockOptions { wait: Wait::at_most(Duration::from_millis(ms)), priority: Priority::Writers }
    }

    #[test]
    fn readers_share_and_a_writer_is_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock/lvm/V_vg");
        let one = LockFile::acquire(&path, LockMode::Shared, TRY).unwrap();
        let two = LockFile::acquire(&path, LockMode::Shared, TRY).unwrap();
        assert!(matches!(LockFile::acquire(&path, LockMode::Exclusive, TRY), Err(LockError::Held { .. })));
        drop(one);
        assert!(path.exists());
        drop(two);
        assert!(!path.exists());
        let alone = LockFile::acquire(&path, LockMode::Exclusive, TRY).unwrap();
        let error = LockFile::acquire(&path, LockMode::Shared, patient(30)).unwrap_err();
        let LockError::Held { holders, waited, .. } = &error else { panic!("{error}") };
        assert!(*waited >= Duration::from_millis(30));
        assert_eq!(holders[0].pid, std::process::id());
        assert!(error.is_own());
        drop(alone);
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 0);
    }

    #[test]
    fn a_wait_ends_when_the_holder_releases_or_the_user_interrupts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("V_vg");
        let held = LockFile::acquire(&path, LockMode::Exclusive, TRY).unwrap();
        let (flag, interrupted) = (AtomicBool::new(false), AtomicBool::new(true));
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| {
                let wait = Wait { limit: Duration::from_secs(20), interrupted: Some(&flag) };
                LockFile::acquire(&path, LockMode::Exclusive, LockOptions { wait, ..TRY })
            });
            let wait = Wait { limit: Duration::from_secs(20), interrupted: Some(&interrupted) };
            let error = LockFile::acquire(&path, LockMode::Shared, LockOptions { wait, ..TRY }).unwrap_err();
            assert!(matches!(error, LockError::Interrupted { .. }));
            drop(held);
            // The inode the waiter had open was unlinked: it must hold the one that has the name.
            let got = waiting.join().unwrap().unwrap();
            assert!(is_named(&got.file, &path).unwrap());
        });
    }

    #[test]
    fn a_lock_changes_its_mode() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("P_global");
        let reader = LockFile::acquire(&path, LockMode::Shared, TRY).unwrap();
        let writer = reader.convert(LockMode::Exclusive, Wait::NO).unwrap();
        assert_eq!(writer.mode(), LockMode::Exclusive);
        assert!(LockFile::acquire(&path, LockMode::Shared, TRY).is_err());
        let reader = writer.convert(LockMode::Shared, Wait::NO).unwrap();
        drop(LockFile::acquire(&path, LockMode::Shared, TRY).unwrap());
        drop(reader);
    }

    #[test]
    fn many_writers_never_overlap() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("V_vg");
        let inside = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..25 {
                        let lock = LockFile::acquire(&path, LockMode::Exclusive, patient(60_000)).unwrap();
                        assert!(!inside.swap(true, std::sync::atomic::Ordering::SeqCst));
                        assert!(inside.swap(false, std::sync::atomic::Ordering::SeqCst));
                        drop(lock);
                    }
                });
            }
        });
    }
}
