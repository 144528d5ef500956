//! What can go wrong with a disk.

use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// A disk operation that failed, with the disk's name and the place.
#[derive(Debug, Error)]
pub enum DiskError {
    /// It cannot be opened.
    #[error("{path}: open failed")]
    Open {
        /// Which disk.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A read, write, flush, discard or zeroing failed.
    #[error("{path}: {action} of {len} bytes at offset {offset} failed")]
    Io {
        /// Which disk.
        path: PathBuf,
        /// `read`, `write`, `flush`, `discard`, `zero`.
        action: &'static str,
        /// Byte offset.
        offset: u64,
        /// Byte count.
        len: u64,
        /// Why.
        source: io::Error,
    },
    /// The range does not lie on the disk.
    #[error("{path}: {action} of {len} bytes at offset {offset} goes past the end at {size}")]
    PastEnd {
        /// Which disk.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// Byte offset.
        offset: u64,
        /// Byte count.
        len: u64,
        /// Length of the disk in bytes.
        size: u64,
    },
    /// It is read-only.
    #[error("{path}: is read-only")]
    ReadOnly {
        /// Which disk.
        path: PathBuf,
    },
    /// Somebody else has it open exclusively, or it is mounted.
    #[error("{path}: in use by {holder}")]
    Busy {
        /// Which disk.
        path: PathBuf,
        /// Who, as far as it can be told (`a mounted file system`, `dm-3 (vg-lv)`, `another process`).
        holder: String,
    },
    /// Neither a block device nor a regular file, or an empty one.
    #[error("{path}: is not a block device or regular file ({found})")]
    WrongKind {
        /// Which path.
        path: PathBuf,
        /// What it is.
        found: &'static str,
    },
}
