//! The guardian's side.

use super::list::{DONE, Duties, ListError, READY};
use crate::apply::Settings;
use crate::links;
use device::{Disk, DiskError};
use dm::tree::{self, MemoryLock, TreeError};
use dm::{Control, DmError};
use signal_hook::consts::{SIGHUP, SIGINT, SIGPIPE, SIGQUIT, SIGTERM};
use std::io::{self, BufRead, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use thiserror::Error;

/// How a guardian's service ended.
#[derive(Debug)]
pub enum Outcome {
    /// The command said that all is well.
    Dismissed,
    /// The command died before it had anything suspended.
    Died,
    /// The command died: I/O was let through again, by the new tables or by the old ones.
    Rescued {
        /// Whether the change was in force, so that the way was forward.
        forward: bool,
    },
}

/// Why a guardian could not serve, or not rescue everything.
#[derive(Debug, Error)]
pub enum KeepError {
    /// The pipe from or to the command.
    #[error("the command that this process guards cannot be heard: {0}")]
    Pipe(#[from] io::Error),
    /// Orders that make no sense.
    #[error(transparent)]
    List(#[from] ListError),
    /// A disk that the commit is judged by.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// Device-mapper cannot be reached.
    #[error(transparent)]
    Control(#[from] DmError),
    /// Some device may still be suspended; the next command on the VG tries again.
    #[error(transparent)]
    Rescue(#[from] TreeError),
}

impl KeepError {
    /// Whether it came before the guardian was ready: it is the answer that the command waits for then.
    pub fn is_answer(&self) -> bool {
        match self {
            Self::List(_) | Self::Disk(_) | Self::Control(_) => true,
            Self::Pipe(_) | Self::Rescue(_) => false,
        }
    }
}

/// An error with its causes.
fn in_a_line(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ").replace('\n', " ")
}

/// Opens a disk by its path.
pub type Open<'a> = &'a dyn Fn(&Path) -> Result<Arc<dyn Disk>, DiskError>;

/// A guardian's life. `orders` are the standard input it was started with, `answers` its standard output, and
/// `open` opens a disk by its path. Returns when the command has dismissed it or was rescued. `settings` tell
/// where the names of renamed devices are, should nobody else see to them.
pub fn run(
    control: &dyn Control,
    orders: &mut dyn BufRead,
    answers: &mut dyn Write,
    open: Open<'_>,
    settings: &Settings,
) -> Result<Outcome, KeepError> {
    ignore_signals();
    let mut duties = Duties::default();
    let outcome = serve(control, orders, answers, open, &mut duties);
    match &outcome {
        Ok(Outcome::Dismissed) => return outcome,
        Ok(Outcome::Died | Outcome::Rescued { .. }) => {}
        // The command is told why, and goes back; or it is no more.
        Err(error) => {
            if error.is_answer() {
                let _ = writeln!(answers, "{}", in_a_line(error)).and_then(|()| answers.flush());
            }
            if dismissed(orders) {
                return outcome;
            }
        }
    }
    duties.cookies.iter().for_each(|cookie| drop(dm::abandon(*cookie)));
    if let Ok(Outcome::Rescued { forward: true }) = outcome {
        for node in &duties.nodes {
            if let Some(new) = &node.rename {
                links::follow_rename(settings, &node.name, new, node.number);
            }
        }
    }
    outcome
}

fn serve(
    control: &dyn Control,
    orders: &mut dyn BufRead,
    answers: &mut dyn Write,
    open: Open<'_>,
    duties: &mut Duties,
) -> Result<Outcome, KeepError> {
    control.usable().map_err(DmError::from)?;
    let mut line = String::new();
    loop {
        line.clear();
        match orders.read_line(&mut line)? {
            0 => return Ok(Outcome::Died),
            _ if line.trim_end() == DONE => return Ok(Outcome::Dismissed),
            _ if duties.take(line.trim_end_matches('\n'))? => break,
            _ => {}
        }
    }
    let disks = duties.marks.iter().map(|mark| open(&mark.path)).collect::<Result<Vec<_>, _>>()?;
    // Once now, so that all that it takes is in memory.
    let _ = is_committed(duties, &disks);
    let memory = MemoryLock::acquire();
    line.clear();
    line.reserve(64);
    writeln!(answers, "{READY}")?;
    answers.flush()?;
    // An error is as good as the end: nobody is there any more.
    let heard = orders.read_line(&mut line).unwrap_or(0);
    if heard > 0 && line.trim_end() == DONE {
        return Ok(Outcome::Dismissed);
    }
    let forward = is_committed(duties, &disks);
    tree::rescue(control, &duties.nodes, forward)?;
    drop(memory);
    Ok(Outcome::Rescued { forward })
}

/// Waits for the command's last word; whether there is one.
fn dismissed(orders: &mut dyn BufRead) -> bool {
    let mut line = String::new();
    while matches!(orders.read_line(&mut line), Ok(read) if read > 0) {
        if line.trim_end() == DONE {
            return true;
        }
        line.clear();
    }
    false
}

/// Whether any metadata area has the change in force. One that cannot be read says no: the old tables are those
/// that data was written by so far.
fn is_committed(duties: &Duties, disks: &[Arc<dyn Disk>]) -> bool {
    let mut marks = duties.marks.iter().zip(disks);
    duties.marks.is_empty() || marks.any(|(mark, disk)| mark.is_committed(&**disk).unwrap_or(false))
}

/// Whatever ends the command must not end its guardian.
fn ignore_signals() {
    for signal in [SIGHUP, SIGINT, SIGPIPE, SIGQUIT, SIGTERM] {
        let _ = signal_hook::flag::register(signal, Arc::new(AtomicBool::new(false)));
    }
}
