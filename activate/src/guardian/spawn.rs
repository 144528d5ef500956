//! The command's side.

use super::list::{DONE, Duties, READY, WATCH};
use dm::tree::Guarded;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use store::Mark;
use thiserror::Error;

/// How long a guardian may take to get ready: a minute, in milliseconds.
const PATIENCE: u16 = 60_000;

/// How to start one.
#[derive(Clone, Debug)]
pub struct Spawn<'a> {
    /// The program: this one, `/proc/self/exe`.
    pub program: PathBuf,
    /// What makes it a guardian: it calls [`super::run`] then.
    pub arguments: Vec<OsString>,
    /// The open files behind the VG's locks ([`store::Held::fds`]), which it keeps.
    pub locks: Vec<BorrowedFd<'a>>,
}

/// Why there is no guardian. Nothing was suspended then.
#[derive(Debug, Error)]
pub enum GuardianError {
    /// It could not be started.
    #[error("no guardian process could be started ({}): {source}", program.display())]
    Start {
        /// Which program.
        program: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It ended, or did not answer in time.
    #[error("the guardian process did not get ready: {0}")]
    Silent(io::Error),
    /// It cannot serve, and said why.
    #[error("the guardian process cannot serve: {0}")]
    Unable(String),
}

/// A guardian at work. Dropped, it is told that all is well, and awaited.
#[derive(Debug)]
pub struct Guardian {
    child: Child,
    orders: Option<ChildStdin>,
}

impl Spawn<'_> {
    /// Starts it, without waiting until it is there.
    pub fn spawn(&self) -> Result<Guardian, GuardianError> {
        let error = |source| GuardianError::Start { program: self.program.clone(), source };
        let kept = self.inheritable().map_err(error)?;
        let child = Command::new(&self.program)
            .args(&self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Out of reach of the terminal's signals.
            .process_group(0)
            .spawn();
        drop(kept);
        let mut child = child.map_err(error)?;
        let orders = child.stdin.take();
        Ok(Guardian { child, orders })
    }

    /// Copies of the locks' descriptors that a child gets.
    fn inheritable(&self) -> io::Result<Vec<OwnedFd>> {
        let copy = |lock: &BorrowedFd<'_>| {
            let copy = lock.try_clone_to_owned()?;
            fcntl(&copy, FcntlArg::F_SETFD(FdFlag::empty()))?;
            Ok(copy)
        };
        self.locks.iter().map(copy).collect()
    }
}

impl Guardian {
    /// Hands cookies over as soon as there are any.
    pub fn cookies(&mut self, keys: &[u32]) -> Result<(), GuardianError> {
        self.tell(&Duties { cookies: keys.to_vec(), ..Duties::default() }, "")
    }

    /// Hands the rest over, and waits until the guardian is on guard.
    pub fn watch(&mut self, nodes: Vec<Guarded>, marks: Vec<Mark>) -> Result<(), GuardianError> {
        self.tell(&Duties { nodes, marks, cookies: Vec::new() }, WATCH)?;
        let answer = self.child.stdout.take().ok_or_else(|| silent(Errno::EPIPE))?;
        let mut ready = [PollFd::new(answer.as_fd(), PollFlags::POLLIN)];
        loop {
            match poll(&mut ready, PollTimeout::from(PATIENCE)) {
                Ok(0) => return Err(silent(Errno::ETIMEDOUT)),
                Ok(_) => break,
                Err(Errno::EINTR) => {}
                Err(errno) => return Err(silent(errno)),
            }
        }
        let mut line = String::new();
        BufReader::new(answer).read_line(&mut line).map_err(GuardianError::Silent)?;
        match line.trim_end() {
            READY => Ok(()),
            "" => Err(silent(Errno::EPIPE)),
            why => Err(GuardianError::Unable(why.to_owned())),
        }
    }

    /// Has it act as if this process had died, and waits until it has.
    pub fn take_over(mut self) {
        self.orders = None;
    }

    fn tell(&mut self, duties: &Duties, last: &str) -> Result<(), GuardianError> {
        let mut orders = BufWriter::new(self.orders.as_mut().ok_or_else(|| silent(Errno::EPIPE))?);
        let mut told = duties.write(&mut orders);
        if !last.is_empty() {
            told = told.and_then(|()| writeln!(orders, "{last}"));
        }
        told.and_then(|()| orders.flush()).map_err(GuardianError::Silent)
    }
}

fn silent(errno: Errno) -> GuardianError {
    GuardianError::Silent(errno.into())
}

impl Drop for Guardian {
    fn drop(&mut self) {
        if let Some(mut orders) = self.orders.take() {
            // One that has ended already needs no word. A panic is a death: the guardian is to act.
            if !std::thread::panicking() {
                let _ = writeln!(orders, "{DONE}");
            }
        }
        let _ = self.child.wait();
    }
}
