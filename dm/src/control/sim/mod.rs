//! A device-mapper in memory with the kernel's manners, for tests without one.
//!
//! It answers the same encoded requests, so that what is tested with it is tested down to the bytes. What it
//! does not do: move data, run targets, or send uevents to anyone.

mod bytes;
mod state;
mod verbs;

use super::Control;
use crate::{Absence, DevNo, DmName, Errno, Info, Request, Verb};
use state::{Failure, State};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use units::Sectors;

/// One verb that was run, or refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// What was asked.
    pub verb: Verb,
    /// Of which device: its name where there is one, else as it was asked for.
    pub device: String,
    /// What else: the table, the new name, `uuid=`, flags.
    pub detail: String,
    /// How it went.
    pub outcome: Result<(), Errno>,
}

impl fmt::Display for Logged {
    /// `load vg-lv 0 2048 linear 7:0 2048`, with ` -> EBUSY` after it where refused.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.verb, self.device)?;
        if !self.detail.is_empty() {
            write!(f, " {}", self.detail)?;
        }
        match self.outcome {
            Ok(()) => Ok(()),
            Err(errno) => write!(f, " -> {errno:?}"),
        }
    }
}

/// A device-mapper in memory. Clones are the same one, so that it outlives the commands of a test.
#[derive(Clone, Default)]
pub struct Sim {
    state: Arc<Mutex<State>>,
}

impl Sim {
    /// The major number of its devices.
    pub const MAJOR: u32 = state::MAJOR;

    /// One without devices, with all the targets a table here can have a type for.
    pub fn new() -> Self {
        Self::default()
    }

    /// From now on it is there and may not be asked, for that reason.
    pub fn close_off(&self, reason: Absence) {
        self.state().closed = Some(reason);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a disk known, so that tables beyond its end are refused. Unknown numbers of other majors are
    /// taken for disks of any size.
    pub fn add_disk(&self, number: DevNo, len: Sectors) {
        self.state().disks.insert(number, len);
    }

    /// Takes a target away, as a kernel built without it.
    pub fn remove_target(&self, name: &str) {
        self.state().targets.retain(|target| target.name != name);
    }

    /// Opens a device `count` times more, as a mount or a program does. False where there is none.
    pub fn open(&self, name: &str, count: u32) -> bool {
        self.state().open(name, count)
    }

    /// Closes what [`Self::open`] opened. False where there is no such device.
    pub fn close(&self, name: &str, count: u32) -> bool {
        self.state().close(name, count)
    }

    /// What the targets of a device say from now on, one text per target.
    pub fn set_status(&self, name: &str, texts: &[&str]) {
        let texts = texts.iter().map(|&text| text.to_owned()).collect();
        self.state().statuses.insert(name.to_owned(), texts);
    }

    /// What a target replies to the next message that is `text`.
    pub fn set_reply(&self, text: &str, reply: &str) {
        self.state().replies.insert(text.to_owned(), reply.to_owned());
    }

    /// Refuses the `n`-th verb from now on that would change something, counted from 1.
    pub fn fail_nth(&self, n: u64, errno: Errno) {
        let at = self.state().changes + n;
        self.state().failures.push(Failure::At { at, errno });
    }

    /// Refuses every such verb after the next `n`, as if the program had died there; see [`Self::revive`].
    pub fn die_after(&self, n: u64) {
        let mut state = self.state();
        state.dead_from = Some(state.changes + n + 1);
    }

    /// Refuses `verb` on one device from now on.
    pub fn fail_on(&self, verb: Verb, name: &str, errno: Errno) {
        self.state().failures.push(Failure::On { verb, name: name.to_owned(), errno });
    }

    /// Takes back all that [`Self::fail_nth`], [`Self::fail_on`], [`Self::close_off`] and
    /// [`Self::die_after`] planned.
    pub fn revive(&self) {
        let mut state = self.state();
        state.failures.clear();
        state.closed = None;
        state.dead_from = None;
    }

    /// Every verb so far, those that only ask included.
    pub fn log(&self) -> Vec<Logged> {
        self.state().log.clone()
    }

    /// The verbs so far that change something, a line each.
    pub fn changes(&self) -> Vec<String> {
        self.state().log.iter().filter(|entry| entry.verb.changes()).map(Logged::to_string).collect()
    }

    /// Forgets the log.
    pub fn clear_log(&self) {
        self.state().log.clear();
    }

    /// All devices by name, as [`Control::info`] tells of them, and their live tables as text.
    pub fn devices(&self) -> Vec<(Info, String)> {
        self.state().overview()
    }

    /// The names of devices that are suspended.
    pub fn suspended(&self) -> Vec<DmName> {
        self.devices().into_iter().filter(|(info, _)| info.suspended).map(|(info, _)| info.name).collect()
    }
}

impl fmt::Debug for Sim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sim({} devices)", self.state().devices.len())
    }
}

impl Control for Sim {
    fn usable(&self) -> Result<(), Absence> {
        self.state().closed.clone().map_or(Ok(()), Err)
    }

    fn submit(&self, request: &mut Request) -> Result<(), Errno> {
        request.rewind();
        self.state().answer(request)
    }

    fn read_ahead(&self, device: DevNo) -> Result<Sectors, Errno> {
        let state = self.state();
        let device = state.devices.get(&device.minor).filter(|_| device.major == Self::MAJOR);
        device.map(|device| device.read_ahead).ok_or(Errno::ENXIO)
    }

    fn set_read_ahead(&self, device: DevNo, amount: Sectors) -> Result<(), Errno> {
        let mut state = self.state();
        let found = state.devices.get_mut(&device.minor).filter(|_| device.major == Self::MAJOR);
        found.ok_or(Errno::ENXIO)?.read_ahead = amount;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
