//! flock(2): LVM2's lock files and protocol, and locks on image files themselves.

mod file;
mod holder;
mod image;
#[cfg(test)]
mod oracle;

pub use file::{LockFile, LockOptions, Priority};
pub use holder::{Process, flock_holders};
pub(crate) use image::claim_image;
pub use image::{ImageLock, lock_image, lock_images};

use crate::error::DiskError;
use fs2::FileExt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};
use thiserror::Error;

/// How a lock is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LockMode {
    /// With other readers.
    Shared,
    /// Alone.
    Exclusive,
}

/// How long to wait for a lock that somebody else has.
#[derive(Clone, Copy, Debug)]
pub struct Wait<'a> {
    /// At most this long; zero tries once.
    pub limit: Duration,
    /// Given up as soon as this is set (by a signal handler).
    pub interrupted: Option<&'a AtomicBool>,
}

impl Wait<'static> {
    /// Try once.
    pub const NO: Self = Self { limit: Duration::ZERO, interrupted: None };

    /// Wait at most `limit`.
    pub const fn at_most(limit: Duration) -> Self {
        Self { limit, interrupted: None }
    }
}

/// Why a lock was not had.
#[derive(Debug, Error)]
pub enum LockError {
    /// Somebody else has it, and did not give it back in time.
    #[error("{path}: locked by {}", holder::names(.holders))]
    Held {
        /// Which file.
        path: PathBuf,
        /// Who, as far as the kernel says.
        holders: Vec<Process>,
        /// How long was waited.
        waited: Duration,
    },
    /// The wait was interrupted.
    #[error("{path}: waiting for the lock was interrupted")]
    Interrupted {
        /// Which file.
        path: PathBuf,
    },
    /// The lock file cannot be made, opened, locked or examined.
    #[error("{path}: {action} failed")]
    Io {
        /// Which file.
        path: PathBuf,
        /// `create folder`, `open`, `flock`, `stat`.
        action: &'static str,
        /// Why.
        source: io::Error,
    },
}

impl LockError {
    fn io(path: &Path, action: &'static str, source: io::Error) -> Self {
        Self::Io { path: path.to_owned(), action, source }
    }

    fn held(path: &Path, file: &File, waited: Duration) -> Self {
        let holders = file.metadata().map(|stat| flock_holders(&stat)).unwrap_or_default();
        Self::Held { path: path.to_owned(), holders, waited }
    }

    /// Whether the only holder known is this process itself.
    pub fn is_own(&self) -> bool {
        match self {
            Self::Held { holders, .. } => {
                !holders.is_empty() && holders.iter().all(|h| h.pid == std::process::id())
            }
            Self::Interrupted { .. } | Self::Io { .. } => false,
        }
    }
}

impl From<LockError> for DiskError {
    fn from(error: LockError) -> Self {
        match error {
            LockError::Held { path, holders, .. } => Self::Busy { path, holder: holder::names(&holders) },
            LockError::Interrupted { path } => {
                Self::Open { path, source: io::Error::from(io::ErrorKind::Interrupted) }
            }
            LockError::Io { path, source, .. } => Self::Open { path, source },
        }
    }
}

/// A wait in progress: polls, first every millisecond, then ever more slowly up to every 10 ms.
struct Patience<'a> {
    wait: Wait<'a>,
    start: Instant,
    pause: Duration,
}

impl<'a> Patience<'a> {
    const FIRST: Duration = Duration::from_millis(1);
    const LONGEST: Duration = Duration::from_millis(10);

    fn new(wait: Wait<'a>) -> Self {
        Self { wait, start: Instant::now(), pause: Self::FIRST }
    }

    /// Locks an open file, or says after the wait who has it.
    fn lock(&mut self, file: &File, path: &Path, mode: LockMode) -> Result<(), LockError> {
        loop {
            if try_lock(file, mode).map_err(|e| LockError::io(path, "flock", e))? {
                return Ok(());
            }
            self.pause(file, path)?;
        }
    }

    fn pause(&mut self, file: &File, path: &Path) -> Result<(), LockError> {
        if self.wait.interrupted.is_some_and(|flag| flag.load(Ordering::Relaxed)) {
            return Err(LockError::Interrupted { path: path.to_owned() });
        }
        let waited = self.start.elapsed();
        let Some(left) = self.wait.limit.checked_sub(waited).filter(|left| !left.is_zero()) else {
            return Err(LockError::held(path, file, waited));
        };
        sleep(self.pause.min(left));
        self.pause = (self.pause * 2).min(Self::LONGEST);
        Ok(())
    }
}

/// Tries once; false where somebody else has it.
fn try_lock(file: &File, mode: LockMode) -> io::Result<bool> {
    loop {
        let tried = match mode {
            LockMode::Shared => FileExt::try_lock_shared(file),
            LockMode::Exclusive => FileExt::try_lock_exclusive(file),
        };
        match tried {
            Ok(()) => return Ok(true),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
