//! The writers of a commit, made before it: one thread per disk (up to a limit), so that between the first
//! suspend and the last resume nothing has to be allocated or opened.

use super::area::AreaPlan;
use device::{Disk, DiskError, DiskId};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

/// Threads at one time; more disks than that share them.
const WIDTH: usize = 64;

/// One disk with the areas on it that take part.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) id: DiskId,
    pub(super) disk: Arc<dyn Disk>,
    pub(super) areas: Vec<AreaPlan>,
}

/// What all members are to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Job {
    /// Text, flush, slot 1, flush.
    Stage,
    /// Slot 0, flush.
    Commit,
    /// Clear slot 1, flush.
    Revert,
}

impl Member {
    fn carry_out(&self, job: Job) -> Result<(), DiskError> {
        let disk = &*self.disk;
        match job {
            Job::Stage => {
                self.areas.iter().try_for_each(|area| area.write_text(disk))?;
                disk.flush()?;
                self.areas.iter().try_for_each(|area| area.write_staged(disk))?;
            }
            Job::Commit => self.areas.iter().try_for_each(|area| area.write_committed(disk))?,
            Job::Revert => self.areas.iter().try_for_each(|area| area.write_reverted(disk))?,
        }
        disk.flush()
    }
}

/// All members, waiting for jobs.
#[derive(Debug)]
pub(super) struct Crew {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    members: Vec<Member>,
    board: Mutex<Board>,
    posted: Condvar,
    finished: Condvar,
}

#[derive(Debug)]
struct Board {
    /// Counts jobs, so that a thread does each once.
    number: u64,
    job: Option<Job>,
    /// Threads that have not finished the job.
    busy: usize,
    dismissed: bool,
    results: Vec<Result<(), DiskError>>,
}

impl Crew {
    pub(super) fn new(members: Vec<Member>) -> Self {
        let count = if members.len() > 1 { members.len().min(WIDTH) } else { 0 };
        let results = members.iter().map(|_| Ok(())).collect();
        let shared = Arc::new(Shared {
            members,
            board: Mutex::new(Board { number: 0, job: None, busy: 0, dismissed: false, results }),
            posted: Condvar::new(),
            finished: Condvar::new(),
        });
        let spawn = |first: usize| {
            let shared = Arc::clone(&shared);
            // Small stacks: all of them are locked into memory while devices are suspended.
            thread::Builder::new().stack_size(128 * 1024).spawn(move || shared.work(first, count))
        };
        let threads: Vec<_> = (0..count).map_while(|first| spawn(first).ok()).collect();
        let complete = threads.len() == count;
        let crew = Self { shared, threads };
        if complete { crew } else { crew.alone() }
    }

    /// Without threads, where they cannot all be had: whoever asks does the work.
    fn alone(mut self) -> Self {
        self.dismiss();
        self
    }

    fn dismiss(&mut self) {
        self.shared.board().dismissed = true;
        self.shared.posted.notify_all();
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }

    pub(super) fn members(&self) -> &[Member] {
        &self.shared.members
    }

    /// Has all members do the job and waits for the last. Allocates nothing but for errors. True where all
    /// of them succeeded.
    pub(super) fn run(&self, job: Job) -> bool {
        let mut board = self.shared.board();
        if self.threads.is_empty() {
            for (place, member) in self.shared.members.iter().enumerate() {
                board.results[place] = member.carry_out(job);
            }
        } else {
            board.job = Some(job);
            board.number += 1;
            board.busy = self.threads.len();
            self.shared.posted.notify_all();
            while board.busy > 0 {
                board = self.shared.finished.wait(board).unwrap_or_else(PoisonError::into_inner);
            }
        }
        board.results.iter().all(Result::is_ok)
    }

    /// The errors of the last job, by the members' places.
    pub(super) fn take_errors(&self) -> Vec<(usize, DiskError)> {
        let mut board = self.shared.board();
        let taken = board.results.iter_mut().map(|result| std::mem::replace(result, Ok(())));
        taken.enumerate().filter_map(|(place, result)| Some((place, result.err()?))).collect()
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        self.dismiss();
    }
}

impl Shared {
    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A thread's life: members `first`, `first + step`, ... for each job posted.
    fn work(&self, first: usize, step: usize) {
        let mut done = 0;
        loop {
            let mut board = self.board();
            while board.number == done && !board.dismissed {
                board = self.posted.wait(board).unwrap_or_else(PoisonError::into_inner);
            }
            let (true, Some(job)) = (board.number != done, board.job) else { return };
            done = board.number;
            drop(board);
            for (place, member) in self.members.iter().enumerate().skip(first).step_by(step.max(1)) {
                let result = member.carry_out(job);
                self.board().results[place] = result;
            }
            let mut board = self.board();
            board.busy -= 1;
            if board.busy == 0 {
                self.finished.notify_one();
            }
        }
    }
}
