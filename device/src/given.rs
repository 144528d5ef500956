//! Descriptors that whoever started the program left open for it.

use crate::sys;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use std::fs::File;
use std::io;
use std::os::fd::RawFd;

/// What descriptor `fd` is open to, for writing. The descriptor itself stays as it is.
pub fn given(fd: RawFd) -> io::Result<File> {
    let file = sys::given::given(fd)?;
    let flags = OFlag::from_bits_truncate(fcntl(&file, FcntlArg::F_GETFL)?);
    if flags & OFlag::O_ACCMODE == OFlag::O_RDONLY {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    Ok(file)
}
