//! Read-ahead of a block device by its own ioctls.

use nix::errno::Errno;
use std::os::fd::{AsRawFd, BorrowedFd};

/// `_IO(0x12, 98)` and `_IO(0x12, 99)`: from linux/fs.h.
const BLKRASET: libc::c_ulong = 0x1262;
const BLKRAGET: libc::c_ulong = 0x1263;

/// Sets the read-ahead, in sectors.
pub(crate) fn set_read_ahead(device: BorrowedFd<'_>, sectors: u64) -> Result<(), Errno> {
    let sectors = libc::c_ulong::try_from(sectors).map_err(|_| Errno::EINVAL)?;
    // SAFETY: BLKRASET takes its argument by value and writes nothing.
    let result = unsafe { libc::ioctl(device.as_raw_fd(), BLKRASET as _, sectors) };
    Errno::result(result).map(drop)
}

/// The read-ahead, in sectors.
pub(crate) fn read_ahead(device: BorrowedFd<'_>) -> Result<u64, Errno> {
    let mut sectors: libc::c_long = 0;
    // SAFETY: BLKRAGET writes one long through the pointer, which is that of a live local long.
    let result = unsafe { libc::ioctl(device.as_raw_fd(), BLKRAGET as _, &raw mut sectors) };
    Errno::result(result)?;
    u64::try_from(sectors).map_err(|_| Errno::EINVAL)
}
