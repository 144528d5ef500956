//! Descriptors that whoever started the program left open for it.

use nix::errno::Errno;
use nix::libc;
use std::fs::File;
use std::os::fd::{FromRawFd, RawFd};

/// A file of this program's own onto what `fd` is open to; `EBADF` where it is not open.
pub(crate) fn given(fd: RawFd) -> Result<File, Errno> {
    // SAFETY: the call takes any number, and makes a new descriptor without touching the old one.
    let copy = Errno::result(unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 3) })?;
    // SAFETY: the descriptor was made just now, so that nobody else has it.
    Ok(unsafe { File::from_raw_fd(copy) })
}
