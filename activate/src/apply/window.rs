//! The time in which I/O is held back, with what leads up to it and what follows.

use super::error::{Problem, Warning};
use super::{Machine, Settings};
use crate::guardian::Guardian;
use dm::Settled;
use dm::tree::{self, Execution, Guarded, MemoryLock, Plan, TreeError};
use store::{CommitError, Committed, Pointed, Staged};

/// How it ended.
#[derive(Debug)]
pub(super) struct Passed {
    /// What became of the change, where there was one.
    pub(super) committed: Option<Result<Committed, CommitError>>,
    /// What became of the devices.
    pub(super) devices: Result<Settled, TreeError>,
    pub(super) warnings: Vec<Warning>,
}

/// Carries a plan out, with the commit between suspend and resume. After an error all devices are as they were,
/// and the change is still staged.
pub(super) fn pass(
    plan: Plan,
    staged: &mut Option<Staged>,
    machine: &Machine<'_>,
    go_on: &dyn Fn() -> bool,
) -> Result<Passed, Problem> {
    let prepared = prepare(plan, staged.as_ref(), machine, go_on)?;
    through(prepared, staged, machine, go_on)
}

/// Everything made ready for the window.
struct Prepared<'a> {
    execution: Execution<'a>,
    guardian: Option<Guardian>,
    guarded: Vec<Guarded>,
    memory: Option<MemoryLock>,
    warnings: Vec<Warning>,
}

/// Creates and loads, and puts a guardian on guard where something will be suspended.
fn prepare<'a>(
    plan: Plan,
    staged: Option<&Staged>,
    machine: &Machine<'a>,
    go_on: &dyn Fn() -> bool,
) -> Result<Prepared<'a>, Problem> {
    let suspends = plan.suspends();
    let spawn = machine.guardian.as_ref().filter(|_| suspends);
    let mut guardian = spawn.map(|spawn| spawn.spawn()).transpose()?;
    let mut execution =
        Execution::new(machine.control, plan, machine.settings.tree()).map_err(Problem::Change)?;
    let guarded = match on_guard(&mut execution, guardian.as_mut(), staged) {
        Ok(guarded) => guarded,
        Err(problem) => {
            execution.revert();
            // udev is waited for all the same; the problem is the one that matters.
            let _ = execution.finish(go_on);
            return Err(problem);
        }
    };
    let mut warnings = Vec::new();
    let memory = lock_memory(&machine.settings, suspends, &mut warnings);
    Ok(Prepared { execution, guardian, guarded, memory, warnings })
}

fn on_guard(
    execution: &mut Execution<'_>,
    mut guardian: Option<&mut Guardian>,
    staged: Option<&Staged>,
) -> Result<Vec<Guarded>, Problem> {
    if let Some(guardian) = &mut guardian {
        guardian.cookies(&execution.cookies())?;
    }
    execution.preload().map_err(Problem::Change)?;
    let guarded = execution.guarded();
    if let Some(guardian) = guardian {
        guardian.watch(guarded.clone(), staged.map(Staged::marks).unwrap_or_default())?;
    }
    Ok(guarded)
}

fn lock_memory(settings: &Settings, suspends: bool, warnings: &mut Vec<Warning>) -> Option<MemoryLock> {
    if !(settings.lock_memory && suspends) {
        return None;
    }
    match MemoryLock::acquire() {
        Ok(lock) => Some(lock),
        Err(errno) => {
            warnings.push(Warning::Memory(errno));
            None
        }
    }
}

/// Suspend, commit, resume: nothing is allocated, opened or looked up before the last resume, unless something
/// fails.
fn through(
    prepared: Prepared<'_>,
    staged: &mut Option<Staged>,
    machine: &Machine<'_>,
    go_on: &dyn Fn() -> bool,
) -> Result<Passed, Problem> {
    let Prepared { mut execution, guardian, guarded, memory, mut warnings } = prepared;
    let suspended = execution.suspend();
    let pointed = match (&suspended, staged.as_mut()) {
        (Ok(()), Some(staged)) => staged.point(),
        (Ok(()), None) => Pointed::All,
        (Err(_), _) => Pointed::NotYet,
    };
    let forward = pointed.is_in_force();
    let (left, resumed) = match (&suspended, forward) {
        (Ok(()), true) => (0, execution.resume()),
        (Ok(()), false) => (execution.revert(), Ok(())),
        // It has undone everything itself.
        (Err(_), _) => (0, Ok(())),
    };
    drop(memory);
    if left > 0 || suspended.is_err() || resumed.is_err() {
        // Once more, for what could not be put back. What does not run as it should is seen afterwards.
        match guardian {
            Some(guardian) if left > 0 => guardian.take_over(),
            _ if !forward => drop(tree::rescue(machine.control, &guarded, false)),
            _ => {}
        }
    }
    let finished = execution.finish(go_on);
    if let Err(error) = suspended {
        return Err(Problem::Change(error));
    }
    let committed = staged.take().map(Staged::concluded);
    let devices = match (resumed, finished) {
        (Ok(()), Ok(finished)) => {
            warnings.extend(finished.warnings.into_iter().map(Warning::Tree));
            Ok(finished.settled)
        }
        (Err(error), _) | (Ok(()), Err(error)) => Err(error),
    };
    Ok(Passed { committed, devices, warnings })
}
