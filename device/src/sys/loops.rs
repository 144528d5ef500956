//! Loop device ioctls of `<linux/loop.h>`.

use nix::errno::Errno;
use std::fs::File;
use std::os::fd::AsRawFd;

/// `struct loop_info64`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct LoopInfo {
    pub(crate) device: u64,
    pub(crate) inode: u64,
    pub(crate) rdevice: u64,
    pub(crate) offset: u64,
    pub(crate) size_limit: u64,
    pub(crate) number: u32,
    encrypt_type: u32,
    encrypt_key_size: u32,
    pub(crate) flags: u32,
    pub(crate) file_name: [u8; 64],
    crypt_name: [u8; 64],
    encrypt_key: [u8; 32],
    init: [u64; 2],
}

/// `struct loop_config`.
#[repr(C)]
pub(crate) struct LoopConfig {
    pub(crate) fd: u32,
    pub(crate) block_size: u32,
    pub(crate) info: LoopInfo,
    reserved: [u64; 8],
}

impl Default for LoopInfo {
    fn default() -> Self {
        Self {
            device: 0,
            inode: 0,
            rdevice: 0,
            offset: 0,
            size_limit: 0,
            number: 0,
            encrypt_type: 0,
            encrypt_key_size: 0,
            flags: 0,
            file_name: [0; 64],
            crypt_name: [0; 64],
            encrypt_key: [0; 32],
            init: [0; 2],
        }
    }
}

/// Writes are refused.
pub(crate) const READ_ONLY: u32 = 1;
/// Detached when the last user closes it.
pub(crate) const AUTOCLEAR: u32 = 4;
/// The kernel looks for partitions on it.
pub(crate) const PARTSCAN: u32 = 8;
/// The file is read and written past its page cache.
pub(crate) const DIRECT_IO: u32 = 16;

nix::ioctl_write_int_bad!(loop_set_fd, 0x4c00);
nix::ioctl_none_bad!(loop_clr_fd, 0x4c01);
nix::ioctl_write_ptr_bad!(loop_set_status64, 0x4c04, LoopInfo);
nix::ioctl_read_bad!(loop_get_status64, 0x4c05, LoopInfo);
nix::ioctl_write_int_bad!(loop_set_direct_io, 0x4c08);
nix::ioctl_write_int_bad!(loop_set_block_size, 0x4c09);
nix::ioctl_write_ptr_bad!(loop_configure, 0x4c0a, LoopConfig);
nix::ioctl_none_bad!(loop_ctl_get_free, 0x4c82);

/// The number of a loop device that is free now (`LOOP_CTL_GET_FREE` on `/dev/loop-control`).
pub(crate) fn free(control: &File) -> Result<u32, Errno> {
    // SAFETY: the descriptor is open; the request takes no argument.
    let number = unsafe { loop_ctl_get_free(control.as_raw_fd()) }?;
    u32::try_from(number).map_err(|_| Errno::ENXIO)
}

/// Attaches a file to a free loop device, all at once (`LOOP_CONFIGURE`, Linux 5.8).
pub(crate) fn configure(device: &File, file: &File, block_size: u32, info: LoopInfo) -> Result<(), Errno> {
    let fd = u32::try_from(file.as_raw_fd()).map_err(|_| Errno::EBADF)?;
    let config = LoopConfig { fd, block_size, info, reserved: [0; 8] };
    // SAFETY: both descriptors are open, and the kernel reads one loop_config from a valid one.
    unsafe { loop_configure(device.as_raw_fd(), &config) }.map(drop)
}

/// Attaches a file to a free loop device, without settings (`LOOP_SET_FD`).
pub(crate) fn set_file(device: &File, file: &File) -> Result<(), Errno> {
    // SAFETY: both descriptors are open; the argument is passed by value.
    unsafe { loop_set_fd(device.as_raw_fd(), file.as_raw_fd()) }.map(drop)
}

/// Changes the settings (`LOOP_SET_STATUS64`).
pub(crate) fn set_info(device: &File, info: &LoopInfo) -> Result<(), Errno> {
    // SAFETY: the descriptor is open, and the kernel reads one loop_info64 from a valid one.
    unsafe { loop_set_status64(device.as_raw_fd(), info) }.map(drop)
}

/// Changes the logical block size (`LOOP_SET_BLOCK_SIZE`).
pub(crate) fn set_block_size(device: &File, bytes: u32) -> Result<(), Errno> {
    let bytes = i32::try_from(bytes).map_err(|_| Errno::EINVAL)?;
    // SAFETY: the descriptor is open; the argument is passed by value.
    unsafe { loop_set_block_size(device.as_raw_fd(), bytes) }.map(drop)
}

/// Whether the file is read and written past its page cache (`LOOP_SET_DIRECT_IO`).
pub(crate) fn set_direct_io(device: &File, on: bool) -> Result<(), Errno> {
    // SAFETY: the descriptor is open; the argument is passed by value.
    unsafe { loop_set_direct_io(device.as_raw_fd(), i32::from(on)) }.map(drop)
}

/// The settings (`LOOP_GET_STATUS64`); `ENXIO` where no file is attached.
pub(crate) fn info(device: &File) -> Result<LoopInfo, Errno> {
    let mut info = LoopInfo::default();
    // SAFETY: the descriptor is open, and the kernel writes one loop_info64 to a valid one, all of whose
    // fields are integers.
    unsafe { loop_get_status64(device.as_raw_fd(), &mut info) }?;
    Ok(info)
}

/// Detaches the file, now or when the last user closes the device (`LOOP_CLR_FD`).
pub(crate) fn clear(device: &File) -> Result<(), Errno> {
    // SAFETY: the descriptor is open; the request takes no argument.
    unsafe { loop_clr_fd(device.as_raw_fd()) }.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structures_have_the_kernels_size() {
        assert_eq!(size_of::<LoopInfo>(), 232);
        assert_eq!(size_of::<LoopConfig>(), 304);
    }
}
