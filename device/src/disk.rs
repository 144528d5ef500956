//! What rlvm asks of anything that holds bytes: a block device, an image file, a RAM disk in a test.

use crate::error::DiskError;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use units::Bytes;

/// What makes two names the same object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Identity {
    /// A block device, by its number.
    Device {
        /// Major number.
        major: u32,
        /// Minor number.
        minor: u32,
    },
    /// A regular file, by file system and inode.
    File {
        /// `st_dev`.
        device: u64,
        /// `st_ino`.
        inode: u64,
    },
    /// Memory, by a number the test chose.
    Memory(u64),
    /// A volume put together in user space, by a number unique in this process.
    Mapped(u64),
}

/// Held open so that nobody else mounts or claims the disk meanwhile; released on drop.
pub trait Claim: Send + fmt::Debug {}

/// Random access to bytes. All methods take `&self`: reads and writes of many disks run in parallel.
pub trait Disk: Send + Sync + fmt::Debug {
    /// Which object this is, whatever it is called.
    fn identity(&self) -> Identity;

    /// The name that messages and reports show.
    fn path(&self) -> &Path;

    /// Its length.
    fn len(&self) -> Bytes;

    /// Whether it holds no byte at all.
    fn is_empty(&self) -> bool {
        self.len() == Bytes::ZERO
    }

    /// Bytes that one write replaces atomically, and of which direct I/O needs multiples (512 or 4096).
    fn logical_block(&self) -> u32;

    /// Bytes the medium itself reads and rewrites as one.
    fn physical_block(&self) -> u32;

    /// Whether writes are refused.
    fn read_only(&self) -> bool;

    /// The disk that this one is a stretch of, and at which byte of it, where that is all it is.
    fn part_of(&self) -> Option<(Arc<dyn Disk>, Bytes)> {
        None
    }

    /// Reaches the disk that this one is a stretch of another way from now on; none where it is not one.
    fn part_through(&self, _whole: Arc<dyn Disk>) -> Option<Arc<dyn Disk>> {
        None
    }

    /// Makes ready for writing now what would otherwise be done at the first write, so that a refusal
    /// comes early and a later write opens nothing.
    fn open_writable(&self) -> Result<(), DiskError> {
        match self.read_only() {
            true => Err(DiskError::ReadOnly { path: self.path().to_owned() }),
            false => Ok(()),
        }
    }

    /// Fills `buf` from `offset`; reading past the end is an error.
    fn read_at(&self, buf: &mut [u8], offset: Bytes) -> Result<(), DiskError>;

    /// Writes all of `buf` at `offset`; writing past the end is an error. Not durable until [`Self::flush`].
    fn write_at(&self, buf: &[u8], offset: Bytes) -> Result<(), DiskError>;

    /// Makes everything written so far durable, through any volatile cache.
    fn flush(&self) -> Result<(), DiskError>;

    /// Tells the medium that a range is no longer needed. Its content is undefined afterwards.
    /// Does nothing, successfully, where the disk cannot.
    fn discard(&self, offset: Bytes, len: Bytes) -> Result<(), DiskError>;

    /// Makes a range read as zeros, by the cheapest means the disk has.
    fn zero(&self, offset: Bytes, len: Bytes) -> Result<(), DiskError>;

    /// Gives back what it holds open until the next access, so that this process is no user of it. Does nothing
    /// where nothing is held.
    fn rest(&self) {}

    /// Claims the disk for this process alone (`O_EXCL` on a block device), or says who has it.
    fn open_exclusive(&self) -> Result<Box<dyn Claim>, DiskError>;
}
