//! One door to both kinds of disk a host has.

use crate::block::BlockDisk;
use crate::disk::{Disk, Identity};
use crate::error::DiskError;
use crate::file::FileDisk;
use crate::host::DevNumber;
use std::fs::Metadata;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;
use std::sync::Arc;

/// Opens a block device or an image file, whichever `path` names.
pub fn open(path: &Path) -> Result<Arc<dyn Disk>, DiskError> {
    let stat = std::fs::metadata(path).map_err(|source| DiskError::Open { path: path.to_owned(), source })?;
    match stat.file_type().is_block_device() {
        true => Ok(Arc::new(BlockDisk::open(path)?)),
        false => Ok(Arc::new(FileDisk::open(path)?)),
    }
}

/// Which object a name leads to on this host; none where it leads to none, or to neither kind.
pub fn identity(path: &Path) -> Option<Identity> {
    identity_of(&std::fs::metadata(path).ok()?)
}

/// Which object that is; none if it is neither a block device nor a regular file.
pub(crate) fn identity_of(stat: &Metadata) -> Option<Identity> {
    match stat.file_type() {
        kind if kind.is_block_device() => Some(DevNumber::from_raw(stat.rdev()).identity()),
        kind if kind.is_file() => Some(Identity::File { device: stat.dev(), inode: stat.ino() }),
        _ => None,
    }
}

/// The object that a path names, if it is of the kind wanted; or what it is instead.
pub(crate) fn expect(path: &Path, wanted: fn(Identity) -> bool) -> Result<Identity, DiskError> {
    let stat = std::fs::metadata(path).map_err(|source| DiskError::Open { path: path.to_owned(), source })?;
    match identity_of(&stat) {
        Some(identity) if wanted(identity) => Ok(identity),
        _ => Err(DiskError::WrongKind { path: path.to_owned(), found: kind_in_words(&stat) }),
    }
}

fn kind_in_words(stat: &Metadata) -> &'static str {
    match stat.file_type() {
        kind if kind.is_file() => "a regular file",
        kind if kind.is_block_device() => "a block device",
        kind if kind.is_dir() => "a directory",
        kind if kind.is_char_device() => "a character device",
        kind if kind.is_fifo() => "a fifo",
        _ => "a socket or other special file",
    }
}
