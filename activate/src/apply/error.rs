//! What went wrong, and what is true now.

use crate::attach::AttachError;
use crate::guardian::GuardianError;
use crate::in_use::InUse;
use crate::links::LinkError;
use dm::tree::TreeError;
use dm::{DmError, DmName, Errno};
use std::error::Error;
use std::fmt;
use std::path::PathBuf;
use store::{CommitError, StageError};
use thiserror::Error;

/// One thing that went wrong.
#[derive(Debug, Error)]
pub enum Problem {
    /// Device-mapper cannot be used, or does not answer.
    #[error(transparent)]
    Dm(#[from] DmError),
    /// A disk under a table has no device.
    #[error(transparent)]
    Attach(#[from] AttachError),
    /// An LV that was to go is in use.
    #[error(transparent)]
    InUse(#[from] InUse),
    /// The devices cannot be what they are to be.
    #[error(transparent)]
    Plan(TreeError),
    /// The new metadata were not staged.
    #[error(transparent)]
    Stage(#[from] StageError),
    /// Devices that were to go are still there.
    #[error(transparent)]
    Stop(TreeError),
    /// No guardian, so nothing was suspended.
    #[error(transparent)]
    Guardian(#[from] GuardianError),
    /// The tables of devices that run were not changed.
    #[error(transparent)]
    Change(TreeError),
    /// The new metadata were not committed.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// An LV was not started.
    #[error("Failed to activate {lv}: {source}")]
    Start {
        /// Which (VG/LV).
        lv: String,
        /// Why.
        source: TreeError,
    },
}

impl Problem {
    /// The metadata areas that failed, and what each of them said.
    pub fn areas(&self) -> &[store::AreaFailure] {
        match self {
            Self::Stage(error) => error.failures(),
            Self::Commit(error) => error.failures(),
            Self::Dm(_)
            | Self::Attach(_)
            | Self::InUse(_)
            | Self::Plan(_)
            | Self::Stop(_)
            | Self::Guardian(_)
            | Self::Change(_)
            | Self::Start { .. } => &[],
        }
    }
}

/// What is true of the metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metadata {
    /// They were not to be changed.
    Untouched,
    /// They are what they were.
    Old,
    /// They are the new ones.
    New,
    /// Nobody can tell.
    Unknown,
}

/// Why not everything was done that was asked for, and what is true now.
#[derive(Debug)]
pub struct ApplyError {
    /// What went wrong, in order; never empty.
    pub problems: Vec<Problem>,
    /// What is true of the metadata.
    pub metadata: Metadata,
    /// The VG as it is on the disks now, with [`Metadata::New`].
    pub finished: Option<Box<store::Finished>>,
    /// Devices of the VG that are gone, although LVs that have them are not ([`Metadata::Old`]).
    pub gone: Vec<DmName>,
    /// Devices that do not run as the metadata say.
    pub behind: Vec<DmName>,
    /// Devices that are still suspended.
    pub suspended: Vec<DmName>,
    /// What else is not as it should be.
    pub warnings: Vec<Warning>,
}

impl fmt::Display for ApplyError {
    /// The first problem.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problems.first() {
            Some(problem) => problem.fmt(f),
            None => f.write_str("nothing went wrong"),
        }
    }
}

impl Error for ApplyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.problems.first()?.source()
    }
}

impl ApplyError {
    /// What is true now, as sentences to be told after the problems.
    pub fn now(&self) -> Vec<String> {
        let list = |names: &[DmName]| names.iter().map(DmName::as_str).collect::<Vec<_>>().join(", ");
        let mut now = Vec::new();
        let metadata = match self.metadata {
            Metadata::Untouched => None,
            Metadata::Old => Some("The metadata are unchanged."),
            Metadata::New => Some("The metadata are changed."),
            Metadata::Unknown => Some("It is not known whether the metadata are changed."),
        };
        now.extend(metadata.map(str::to_owned));
        if !self.gone.is_empty() {
            now.push(format!("No longer active: {}.", list(&self.gone)));
        }
        if !self.behind.is_empty() {
            now.push(format!("Not running as the metadata say: {}.", list(&self.behind)));
        }
        if !self.suspended.is_empty() {
            now.push(format!("Still suspended: {}.", list(&self.suspended)));
        }
        now
    }
}

/// What is not as it should be, although what was asked for was done.
#[derive(Debug)]
pub enum Warning {
    /// From device-mapper's nodes.
    Tree(dm::tree::Warning),
    /// A link below `/dev` could not be made or removed.
    Link(LinkError),
    /// A name that udev should have made or removed, and that was made or removed here.
    NotByUdev(PathBuf),
    /// udev did not answer in time.
    UdevSilent {
        /// How many events it has not answered.
        left: u32,
    },
    /// Memory could not be locked while devices were suspended.
    Memory(Errno),
    /// A metadata area could not be cleared of the text that was staged there; readers ignore it.
    LeftStaged(store::AreaFailure),
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tree(dm::tree::Warning::Node(error)) => error.fmt(f),
            Self::Tree(dm::tree::Warning::ReadAhead { name, errno }) => {
                write!(f, "the read-ahead of {name} was not set: {errno}")
            }
            Self::Tree(dm::tree::Warning::Stray { name, error }) => {
                write!(f, "{name} could not be taken back: {error}")
            }
            Self::Link(error) => error.fmt(f),
            Self::NotByUdev(path) => {
                write!(f, "{} was left to udev, which did not see to it", path.display())
            }
            Self::UdevSilent { left } => write!(f, "udev has not answered {left} events"),
            Self::Memory(errno) => write!(f, "memory was not locked while devices were suspended: {errno}"),
            Self::LeftStaged(failure) => write!(f, "a text that is not in force was left: {failure}"),
        }
    }
}
