//! Pipes and terminals whose other side may keep still for long: a signal ends the waiting.

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::FileTypeExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A signal that comes just before the waiting begins is noticed so much later, in milliseconds.
const GLANCE: u16 = 200;

/// What a pipe takes at once when it takes anything: a longer write may wait, and no signal would end that.
pub(crate) const PIECE: usize = 4096;

/// Whether reading and writing may have to wait for somebody: pipes, sockets, terminals.
pub(crate) fn may_wait(file: &File) -> bool {
    let kind = file.metadata().map(|stat| stat.file_type());
    kind.is_ok_and(|kind| kind.is_fifo() || kind.is_socket() || kind.is_char_device())
}

/// Waits until there is something to read, or room to write. An error where a signal came before.
pub(crate) fn wait(fd: BorrowedFd<'_>, for_what: PollFlags, stop: Option<&AtomicBool>) -> io::Result<()> {
    loop {
        if stop.is_some_and(|stop| stop.load(Ordering::Relaxed)) {
            return Err(io::Error::other("interrupted"));
        }
        match poll(&mut [PollFd::new(fd, for_what)], PollTimeout::from(GLANCE)) {
            Ok(0) | Err(Errno::EINTR) => (),
            Ok(_) => return Ok(()),
            Err(errno) => return Err(errno.into()),
        }
    }
}

/// A file whose reads and writes a signal ends.
#[derive(Debug)]
pub(crate) struct Waiting {
    file: File,
    stop: Option<Arc<AtomicBool>>,
}

impl Waiting {
    /// Until `stop` is set.
    pub(crate) fn new(file: File, stop: Option<Arc<AtomicBool>>) -> Self {
        Self { file, stop }
    }
}

/// Standard input until `stop` is set, nothing read ahead.
pub(crate) fn stdin(stop: Option<Arc<AtomicBool>>) -> io::Result<Waiting> {
    let file = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    Ok(Waiting { file, stop })
}

impl Read for Waiting {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        wait(self.file.as_fd(), PollFlags::POLLIN, self.stop.as_deref())?;
        self.file.read(buf)
    }
}

impl Write for Waiting {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        wait(self.file.as_fd(), PollFlags::POLLOUT, self.stop.as_deref())?;
        self.file.write(&buf[..buf.len().min(PIECE)])
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
