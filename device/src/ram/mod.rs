//! A disk in memory, with every fault a disk can have. For tests (feature `testing`).
//!
//! ```text
//! Power ── RamDisk a ─┐  each keeps its content, its content at the last flush, and a journal of what
//!      └── RamDisk b ─┴─ was written since it was made; crash_states() turns the journals into all the
//!                        contents the disks can have after a power cut
//! ```

mod crash;
mod image;
mod power;

pub use crate::host::fake::FakeHost;
pub use crash::{CrashPolicy, CrashState, Order, Torn, crash_states};
pub use image::Image;
pub use power::Power;

use crate::disk::{Claim, Disk, Identity};
use crate::error::DiskError;
use crate::range::{Access, flush_failed};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use units::Bytes;

const SECTOR: u64 = 512;

/// A RAM disk. Copies of the handle share the content.
#[derive(Clone, Debug)]
pub struct RamDisk {
    path: PathBuf,
    identity: Identity,
    logical_block: u32,
    physical_block: u32,
    power: Power,
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    content: Image,
    start: Image,
    journal: Vec<Event>,
    faults: Faults,
    claimed: bool,
}

/// What a RAM disk does wrong.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// Byte ranges of which no byte can be read.
    pub reads: Vec<Range<u64>>,
    /// Byte ranges of which no byte can be written; what lies before them in the same request is.
    pub writes: Vec<Range<u64>>,
    /// Flushes fail.
    pub flushes: bool,
    /// Writes are refused.
    pub read_only: bool,
    /// Writes of parts of logical blocks fail, as on a bare direct-I/O device.
    pub whole_blocks_only: bool,
    /// Somebody else has claimed it.
    pub busy: bool,
}

impl Faults {
    /// Adds a byte range of which no byte can be read.
    pub fn with_bad_reads(mut self, range: Range<u64>) -> Self {
        self.reads.push(range);
        self
    }

    /// Adds a byte range of which no byte can be written.
    pub fn with_bad_writes(mut self, range: Range<u64>) -> Self {
        self.writes.push(range);
        self
    }
}

/// One thing that happened to one disk, and when.
#[derive(Clone, Debug)]
struct Event {
    time: u64,
    kind: EventKind,
}

#[derive(Clone, Debug)]
enum EventKind {
    Write { offset: u64, bytes: Arc<[u8]> },
    Zero { offset: u64, len: u64 },
    Flush,
}

impl RamDisk {
    /// A disk of `len` zero bytes with 512-byte blocks. `number` is its identity, and `path` is only shown.
    pub fn new(path: impl Into<PathBuf>, number: u64, len: Bytes) -> Self {
        Self::with_content(path, number, Image::zeros(len.get()))
    }

    /// A disk with that content, such as one that a [`CrashState`] left.
    pub fn with_content(path: impl Into<PathBuf>, number: u64, content: Image) -> Self {
        let state = State {
            start: content.clone(),
            content,
            journal: Vec::new(),
            faults: Faults::default(),
            claimed: false,
        };
        Self {
            path: path.into(),
            identity: Identity::Memory(number),
            logical_block: 512,
            physical_block: 512,
            power: Power::new(),
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// Gives it other block sizes, in bytes.
    pub fn with_blocks(mut self, logical: u32, physical: u32) -> Self {
        (self.logical_block, self.physical_block) = (logical, physical);
        self
    }

    /// Makes it pass for another object, such as a block device of some number.
    pub fn with_identity(mut self, identity: Identity) -> Self {
        self.identity = identity;
        self
    }

    /// The same disk under another path.
    pub fn at(mut self, path: &Path) -> Self {
        self.path = path.to_owned();
        self
    }

    /// Puts it on a power supply shared with other disks.
    pub fn with_power(mut self, power: &Power) -> Self {
        self.power = power.clone();
        self
    }

    /// Its power supply.
    pub fn power(&self) -> &Power {
        &self.power
    }

    /// Sets what it does wrong from now on.
    pub fn set_faults(&self, faults: Faults) {
        self.state().faults = faults;
    }

    /// What readers see now.
    pub fn content(&self) -> Image {
        self.state().content.clone()
    }

    /// Forgets what was written so far: it is safe, and crash states start here.
    pub fn settle(&self) {
        let mut state = self.state();
        state.start = state.content.clone();
        state.journal.clear();
    }

    /// Puts other content in it, as if it had been made with that.
    pub fn set_content(&self, content: Image) {
        self.state().content = content;
        self.settle();
    }

    /// How many writes and flushes it has seen since it was made or settled.
    pub fn requests(&self) -> usize {
        self.state().journal.len()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Carries out a write or zeroing as far as power, faults and length allow.
    fn change(&self, access: Access<'_>, bytes: Option<&[u8]>) -> Result<(), DiskError> {
        let mut state = self.state();
        access.check(Bytes::new(state.content.len()))?;
        if state.faults.read_only {
            return Err(DiskError::ReadOnly { path: self.path.clone() });
        }
        let block = u64::from(self.logical_block);
        let whole = access.offset.is_multiple_of(block) && access.len.is_multiple_of(block);
        if state.faults.whole_blocks_only && !whole {
            return Err(access.failed(io::Error::from_raw_os_error(libc::EINVAL)));
        }
        let end = access.offset + access.len;
        let bad = |range: &&Range<u64>| range.start < end && access.offset < range.end;
        let good_end =
            state.faults.writes.iter().filter(bad).map(|r| r.start.max(access.offset)).min().unwrap_or(end);
        let wanted = (good_end - access.offset) / SECTOR * SECTOR;
        let wanted = if good_end == end { access.len } else { wanted };
        let lasts = self.power.draw(wanted.div_ceil(SECTOR)) * SECTOR;
        let done = wanted.min(lasts);
        if done > 0 {
            let kind = match bytes {
                Some(bytes) => {
                    state.content.write(&bytes[..done as usize], access.offset);
                    EventKind::Write { offset: access.offset, bytes: bytes[..done as usize].into() }
                }
                None => {
                    state.content.zero(access.offset, done);
                    EventKind::Zero { offset: access.offset, len: done }
                }
            };
            state.journal.push(Event { time: self.power.tick(), kind });
        }
        if done < access.len || self.power.is_off() {
            return Err(access.failed(io::Error::from_raw_os_error(libc::EIO)));
        }
        Ok(())
    }
}

/// Given back on drop.
#[derive(Debug)]
struct RamClaim(RamDisk);

impl Claim for RamClaim {}

impl Drop for RamClaim {
    fn drop(&mut self) {
        self.0.state().claimed = false;
    }
}

impl Disk for RamDisk {
    fn identity(&self) -> Identity {
        self.identity
    }

    fn path(&self) -> &Path {
        &self.path
    }

    fn len(&self) -> Bytes {
        Bytes::new(self.state().content.len())
    }

    fn logical_block(&self) -> u32 {
        self.logical_block
    }

    fn physical_block(&self) -> u32 {
        self.physical_block
    }

    fn read_only(&self) -> bool {
        self.state().faults.read_only
    }

    fn read_at(&self, buf: &mut [u8], offset: Bytes) -> Result<(), DiskError> {
        let access = Access::new(&self.path, "read", offset, buf.len() as u64);
        let state = self.state();
        access.check(Bytes::new(state.content.len()))?;
        let end = access.offset + access.len;
        let bad = state.faults.reads.iter().any(|r| r.start < end && access.offset < r.end);
        if bad || self.power.is_off() {
            return Err(access.failed(io::Error::from_raw_os_error(libc::EIO)));
        }
        state.content.read(buf, access.offset);
        Ok(())
    }

    fn write_at(&self, buf: &[u8], offset: Bytes) -> Result<(), DiskError> {
        self.change(Access::new(&self.path, "write", offset, buf.len() as u64), Some(buf))
    }

    fn flush(&self) -> Result<(), DiskError> {
        let mut state = self.state();
        if state.faults.flushes || self.power.is_off() {
            return Err(flush_failed(&self.path, io::Error::from_raw_os_error(libc::EIO)));
        }
        state.journal.push(Event { time: self.power.tick(), kind: EventKind::Flush });
        Ok(())
    }

    /// Zeros the range, so that a test notices who relies on discarded data.
    fn discard(&self, offset: Bytes, len: Bytes) -> Result<(), DiskError> {
        self.change(Access::new(&self.path, "discard", offset, len.get()), None)
    }

    fn zero(&self, offset: Bytes, len: Bytes) -> Result<(), DiskError> {
        self.change(Access::new(&self.path, "zero", offset, len.get()), None)
    }

    fn open_exclusive(&self) -> Result<Box<dyn Claim>, DiskError> {
        let mut state = self.state();
        if state.claimed || state.faults.busy {
            return Err(DiskError::Busy { path: self.path.clone(), holder: "another process".to_owned() });
        }
        state.claimed = true;
        Ok(Box::new(RamClaim(self.clone())))
    }
}

#[cfg(test)]
mod tests;
