//! The one call.

use super::abi::HEADER;
use nix::errno::Errno;
use nix::request_code_readwrite;
use std::os::fd::{AsRawFd, BorrowedFd};

/// The driver's letter among ioctls.
const DM_IOCTL: u8 = 0xfd;

/// Runs ioctl number `command` of device-mapper on a buffer whose `data_size` field is its own length.
pub(crate) fn call(control: BorrowedFd<'_>, command: u8, buffer: &mut [u8]) -> Result<(), Errno> {
    assert!(buffer.len() >= HEADER, "an ioctl buffer holds at least the fixed part");
    let size = u32::try_from(buffer.len()).map_err(|_| Errno::EINVAL)?;
    super::abi::put_u32(buffer, super::abi::DATA_SIZE, size);
    let code = request_code_readwrite!(DM_IOCTL, command, HEADER);
    // SAFETY: the descriptor is open for the length of the borrow. The driver reads and writes at most
    // `data_size` bytes from the pointer, and `data_size` was just set to the length of this exclusively
    // borrowed slice. It takes any alignment, since it copies.
    let result = unsafe { libc::ioctl(control.as_raw_fd(), code as _, buffer.as_mut_ptr()) };
    Errno::result(result).map(drop)
}
