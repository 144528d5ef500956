//! Block device ioctls of `<linux/fs.h>`.

use nix::errno::Errno;
use std::fs::File;
use std::os::fd::AsRawFd;

nix::ioctl_read!(blkgetsize64, 0x12, 114, usize);
nix::ioctl_read_bad!(blkroget, nix::request_code_none!(0x12, 94), libc::c_int);
nix::ioctl_read_bad!(blksszget, nix::request_code_none!(0x12, 104), libc::c_int);
nix::ioctl_read_bad!(blkpbszget, nix::request_code_none!(0x12, 123), libc::c_uint);
nix::ioctl_write_ptr_bad!(blkdiscard, nix::request_code_none!(0x12, 119), [u64; 2]);
nix::ioctl_write_ptr_bad!(blkzeroout, nix::request_code_none!(0x12, 127), [u64; 2]);

/// Length in bytes (`BLKGETSIZE64`).
pub(crate) fn size(file: &File) -> Result<u64, Errno> {
    // The request is declared with size_t, but the kernel stores 64 bits whatever the word size.
    let mut bytes = [0u64; 1];
    // SAFETY: the descriptor is open, and `bytes` is 8 valid, aligned bytes, which is all the kernel writes.
    unsafe { blkgetsize64(file.as_raw_fd(), bytes.as_mut_ptr().cast()) }?;
    Ok(bytes[0])
}

/// Logical block size in bytes (`BLKSSZGET`).
pub(crate) fn logical_block(file: &File) -> Result<u32, Errno> {
    let mut bytes = 0;
    // SAFETY: the descriptor is open, and the kernel writes one int to a valid int.
    unsafe { blksszget(file.as_raw_fd(), &mut bytes) }?;
    u32::try_from(bytes).map_err(|_| Errno::EINVAL)
}

/// Physical block size in bytes (`BLKPBSZGET`).
pub(crate) fn physical_block(file: &File) -> Result<u32, Errno> {
    let mut bytes = 0;
    // SAFETY: the descriptor is open, and the kernel writes one unsigned int to a valid one.
    unsafe { blkpbszget(file.as_raw_fd(), &mut bytes) }?;
    Ok(bytes)
}

/// Whether the kernel refuses writes (`BLKROGET`).
pub(crate) fn read_only(file: &File) -> Result<bool, Errno> {
    let mut flag = 0;
    // SAFETY: the descriptor is open, and the kernel writes one int to a valid int.
    unsafe { blkroget(file.as_raw_fd(), &mut flag) }?;
    Ok(flag != 0)
}

/// Discards a range of bytes (`BLKDISCARD`).
pub(crate) fn discard(file: &File, offset: u64, len: u64) -> Result<(), Errno> {
    // SAFETY: the descriptor is open, and the kernel reads two u64 from a valid array of two.
    unsafe { blkdiscard(file.as_raw_fd(), &[offset, len]) }.map(drop)
}

/// Zeroes a range of bytes, by the device's own command where it has one (`BLKZEROOUT`).
pub(crate) fn zero_out(file: &File, offset: u64, len: u64) -> Result<(), Errno> {
    // SAFETY: the descriptor is open, and the kernel reads two u64 from a valid array of two.
    unsafe { blkzeroout(file.as_raw_fd(), &[offset, len]) }.map(drop)
}
