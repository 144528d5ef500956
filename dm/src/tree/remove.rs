//! Many devices taken away at once: the kernel waits for a grace period in each removal, so they wait together.

use super::plan::Leaving;
use crate::udev::Cookies;
use crate::{Control, Device, DmError, DmName, Event};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// One removal: its event, and how it ended.
struct Removing<'a> {
    leaving: &'a Leaving,
    event: Event,
    outcome: Mutex<Option<Result<bool, DmError>>>,
}

/// Removes level by level; those of a level in up to `threads` threads. Gives back what is still there.
pub(super) fn remove(
    control: &dyn Control,
    levels: &[Vec<Leaving>],
    cookies: &mut Cookies,
    threads: usize,
) -> Vec<(DmName, DmError)> {
    let mut failed = Vec::new();
    for level in levels {
        let removing: Vec<Removing<'_>> = level
            .iter()
            .map(|leaving| {
                let event = cookies.event(leaving.gone.udev);
                Removing { leaving, event, outcome: Mutex::new(None) }
            })
            .collect();
        remove_level(control, &removing, threads);
        for done in removing {
            let outcome = done.outcome.into_inner().unwrap_or_else(PoisonError::into_inner);
            if !matches!(outcome, Some(Ok(true))) {
                cookies.unsent(done.event);
            }
            if let Some(Err(error)) = outcome {
                failed.push((done.leaving.name.clone(), error));
            }
        }
    }
    failed
}

fn remove_level(control: &dyn Control, removing: &[Removing<'_>], threads: usize) {
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(one) = removing.get(next.fetch_add(1, Ordering::Relaxed)) {
            let outcome = remove_one(control, one.leaving, one.event);
            *one.outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
        }
    };
    thread::scope(|scope| {
        // This thread works too, so that a level of one, or a process out of threads, needs no other.
        for _ in 1..threads.min(removing.len()) {
            let _ = thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
}

/// Whether a uevent came of it. A device that has gone by itself is as good as removed.
fn remove_one(control: &dyn Control, leaving: &Leaving, event: Event) -> Result<bool, DmError> {
    match control.remove(Device::Number(leaving.number), leaving.gone.how, event) {
        Ok(info) => Ok(info.uevent),
        Err(error) if error.is_no_device() => Ok(false),
        // The number stands for nothing a user knows.
        Err(DmError::Refused { verb, errno, .. }) => {
            Err(DmError::Refused { verb, device: leaving.name.to_string(), errno })
        }
        Err(error) => Err(error),
    }
}
