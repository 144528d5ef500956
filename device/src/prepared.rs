//! Writes that are made ready first and carried out later, when nothing may be allocated or opened: while
//! devices are suspended, any of these could wait for the very devices.

use crate::aligned::Aligned;
use crate::disk::Disk;
use crate::error::DiskError;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};
use units::Bytes;

/// Writes to several disks, each followed by a flush of its disk, ready to be carried out all at once.
/// One thread per disk but the first waits for the word.
pub struct PreparedWrites {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

struct Job {
    disk: Arc<dyn Disk>,
    offset: Bytes,
    /// Aligned, so that direct I/O needs no buffer of its own.
    bytes: Aligned,
    result: Mutex<Option<Result<(), DiskError>>>,
}

struct Shared {
    jobs: Vec<Job>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Waiting,
    Running,
    Ended,
}

struct State {
    phase: Phase,
    left: usize,
}

impl PreparedWrites {
    /// Opens the disks for writing, copies the bytes and starts the threads. The error is that of the
    /// first disk that cannot be written; nothing was written then.
    pub fn new<'a>(
        writes: impl IntoIterator<Item = (Arc<dyn Disk>, Bytes, &'a [u8])>,
    ) -> Result<Self, DiskError> {
        let mut jobs = Vec::new();
        for (disk, offset, bytes) in writes {
            disk.open_writable()?;
            let mut aligned = Aligned::zeroed(bytes.len());
            aligned.copy_from_slice(bytes);
            jobs.push(Job { disk, offset, bytes: aligned, result: Mutex::new(None) });
        }
        let state = Mutex::new(State { phase: Phase::Waiting, left: jobs.len() });
        let shared = Arc::new(Shared { jobs, state, changed: Condvar::new() });
        let mut prepared = Self { shared: Arc::clone(&shared), threads: Vec::new() };
        for index in 1..shared.jobs.len() {
            let shared = Arc::clone(&shared);
            let thread = Builder::new().stack_size(128 * 1024).spawn(move || shared.worker(index));
            let path = prepared.shared.jobs[index].disk.path().to_owned();
            prepared.threads.push(thread.map_err(|source| DiskError::Open { path, source })?);
        }
        Ok(prepared)
    }

    /// Carries them out, and returns how many succeeded. Allocates nothing unless one fails. Once only:
    /// later calls return the same.
    pub fn run(&mut self) -> usize {
        let first_time = {
            let mut state = self.shared.state();
            let waiting = state.phase == Phase::Waiting;
            state.phase = Phase::Running;
            waiting
        };
        if first_time {
            self.shared.changed.notify_all();
            if !self.shared.jobs.is_empty() {
                self.shared.carry_out(0);
            }
            let mut state = self.shared.state();
            while state.left > 0 {
                state = self.shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
        }
        self.shared.jobs.iter().filter(|job| matches!(*job.result(), Some(Ok(())))).count()
    }

    /// What became of each, in the order they were given; none where [`Self::run`] was not called.
    pub fn results(self) -> Vec<Option<Result<(), DiskError>>> {
        self.shared.jobs.iter().map(|job| job.result().take()).collect()
    }
}

impl Job {
    fn result(&self) -> MutexGuard<'_, Option<Result<(), DiskError>>> {
        self.result.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn worker(&self, index: usize) {
        let mut state = self.state();
        while state.phase == Phase::Waiting {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.phase == Phase::Running {
            drop(state);
            self.carry_out(index);
            state = self.state();
        }
        // A thread that ends gives memory back to the system; that too waits until the end.
        while state.phase != Phase::Ended {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn carry_out(&self, index: usize) {
        let job = &self.jobs[index];
        let done = job.disk.write_at(&job.bytes, job.offset).and_then(|()| job.disk.flush());
        *job.result() = Some(done);
        self.state().left -= 1;
        self.changed.notify_all();
    }
}

impl Drop for PreparedWrites {
    fn drop(&mut self) {
        self.shared.state().phase = Phase::Ended;
        self.shared.changed.notify_all();
        for thread in self.threads.drain(..) {
            // A panic there was printed there; there is nothing to add.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for PreparedWrites {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let paths = self.shared.jobs.iter().map(|job| (job.disk.path(), job.offset));
        f.debug_list().entries(paths).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ram::{Faults, RamDisk};

    fn disks(count: u64) -> Vec<RamDisk> {
        (0..count).map(|n| RamDisk::new(format!("ram{n}"), n, Bytes::new(8192))).collect()
    }

    fn prepare(disks: &[RamDisk]) -> Result<PreparedWrites, DiskError> {
        PreparedWrites::new(
            disks.iter().map(|d| (Arc::new(d.clone()) as Arc<dyn Disk>, Bytes::new(512), &[9u8; 512][..])),
        )
    }

    #[test]
    fn nothing_is_written_before_the_word_and_everything_after() {
        let disks = disks(5);
        let mut prepared = prepare(&disks).unwrap();
        assert!(disks.iter().all(|d| d.requests() == 0));
        disks[3].set_faults(Faults { flushes: true, ..Faults::default() });
        assert_eq!(prepared.run(), 4);
        assert_eq!(prepared.run(), 4);
        assert!(disks.iter().all(|d| d.content().to_vec()[512] == 9));
        let failed: Vec<bool> = prepared.results().iter().map(|r| matches!(r, Some(Err(_)))).collect();
        assert_eq!(failed, [false, false, false, true, false]);
    }

    #[test]
    fn what_is_dropped_unasked_writes_nothing() {
        let disks = disks(3);
        drop(prepare(&disks).unwrap());
        assert!(disks.iter().all(|d| d.requests() == 0));
        assert_eq!(PreparedWrites::new([]).unwrap().run(), 0);
    }

    #[test]
    fn a_disk_that_refuses_writes_is_told_beforehand() {
        let disks = disks(2);
        disks[1].set_faults(Faults { read_only: true, ..Faults::default() });
        assert!(matches!(prepare(&disks), Err(DiskError::ReadOnly { .. })));
    }
}
