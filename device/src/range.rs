//! Checks and errors that every disk shares.

use crate::error::DiskError;
use std::io;
use std::path::Path;
use units::Bytes;

/// One operation on a range of one disk, for its checks and its errors.
#[derive(Clone, Copy)]
pub(crate) struct Access<'a> {
    pub(crate) path: &'a Path,
    pub(crate) action: &'static str,
    pub(crate) offset: u64,
    pub(crate) len: u64,
}

impl<'a> Access<'a> {
    pub(crate) fn new(path: &'a Path, action: &'static str, offset: Bytes, len: u64) -> Self {
        Self { path, action, offset: offset.get(), len }
    }

    /// Refuses a range that does not lie on a disk of `size`.
    pub(crate) fn check(&self, size: Bytes) -> Result<(), DiskError> {
        match self.offset.checked_add(self.len) {
            Some(end) if end <= size.get() => Ok(()),
            _ => Err(DiskError::PastEnd {
                path: self.path.to_owned(),
                action: self.action,
                offset: self.offset,
                len: self.len,
                size: size.get(),
            }),
        }
    }

    pub(crate) fn failed(&self, source: impl Into<io::Error>) -> DiskError {
        DiskError::Io {
            path: self.path.to_owned(),
            action: self.action,
            offset: self.offset,
            len: self.len,
            source: source.into(),
        }
    }
}

/// A flush has no range.
pub(crate) fn flush_failed(path: &Path, source: io::Error) -> DiskError {
    Access { path, action: "flush", offset: 0, len: 0 }.failed(source)
}
