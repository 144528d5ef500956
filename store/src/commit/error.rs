//! Why a VG was not changed.

use device::{DiskError, DiskId};
use metadata::disk::{Damage, DiskArea, RingError};
use metadata::text::{TextError, WriteError};
use std::path::{Path, PathBuf};
use thiserror::Error;
use units::Id;

/// Why one metadata area does not take a new text.
#[derive(Debug, Error)]
pub enum AreaError {
    /// The disk refused.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// The text does not fit.
    #[error(transparent)]
    Ring(#[from] RingError),
    /// The header is not what it was when the VG was read.
    #[error("the metadata area at byte {} was changed by somebody else", area.offset)]
    Changed {
        /// Where.
        area: DiskArea,
    },
    /// The disk is read-only.
    #[error("the disk is read-only")]
    ReadOnly,
    /// The PV's label cannot hold its areas.
    #[error(transparent)]
    Label(Damage),
}

/// A metadata area that failed, and on which disk.
#[derive(Debug, Error)]
#[error("{}", told(path, error))]
pub struct AreaFailure {
    /// On which disk.
    pub disk: DiskId,
    /// What the disk is called.
    pub path: PathBuf,
    /// What went wrong.
    #[source]
    pub error: AreaError,
}

/// What a disk says of itself has its name in it.
fn told(path: &Path, error: &AreaError) -> String {
    match error {
        AreaError::Disk(error) => error.to_string(),
        error => format!("{}: {error}", path.display()),
    }
}

/// Why a change was not staged. The VG is what it was.
#[derive(Debug, Error)]
pub enum StageError {
    /// No PV of the VG has a metadata area in use.
    #[error("Volume group {vg} has no metadata area in use.")]
    NoArea {
        /// Which VG.
        vg: String,
    },
    /// A PV of the new state is neither in the VG as read nor among those that join.
    #[error("PV {pv} of volume group {vg} was not found on any disk.")]
    UnknownPv {
        /// Which VG.
        vg: String,
        /// The PV.
        pv: Id,
    },
    /// The VG cannot be put into text.
    #[error("Volume group {vg} cannot be written")]
    Unwritable {
        /// Which VG.
        vg: String,
        /// Why.
        #[source]
        error: WriteError,
    },
    /// The text, read back, is no VG's.
    #[error("The text of volume group {vg} does not read back")]
    Unreadable {
        /// Which VG.
        vg: String,
        /// Why.
        #[source]
        error: Box<TextError>,
    },
    /// The text, read back, is another VG than the one it was made of.
    #[error("The text of volume group {vg} reads back as something else")]
    Different {
        /// Which VG.
        vg: String,
    },
    /// Some metadata area does not take the text.
    #[error("Failed to write metadata of volume group {vg} ({} of {areas} areas)", failures.len())]
    Areas {
        /// Which VG.
        vg: String,
        /// How many areas there are.
        areas: usize,
        /// Those that failed.
        failures: Vec<AreaFailure>,
        /// Areas whose slot 1 could not be cleared again. Readers ignore it.
        left_staged: Vec<AreaFailure>,
    },
}

impl StageError {
    /// What each area that failed said.
    pub fn failures(&self) -> &[AreaFailure] {
        match self {
            Self::Areas { failures, .. } => failures,
            Self::NoArea { .. }
            | Self::UnknownPv { .. }
            | Self::Unwritable { .. }
            | Self::Unreadable { .. }
            | Self::Different { .. } => &[],
        }
    }
}

/// Why a staged change was not committed.
#[derive(Debug, Error)]
pub enum CommitError {
    /// No area took it: the VG is what it was. The areas were read again to be sure.
    #[error("Failed to commit metadata of volume group {vg}: no metadata area took it")]
    NotCommitted {
        /// Which VG.
        vg: String,
        /// What each area said.
        failures: Vec<AreaFailure>,
    },
    /// No area is known to have taken it, and some cannot be read to find out.
    #[error("Failed to commit metadata of volume group {vg}: it is unknown whether it was changed")]
    Unknown {
        /// Which VG.
        vg: String,
        /// What each area said.
        failures: Vec<AreaFailure>,
    },
}

impl CommitError {
    /// What each area that failed said.
    pub fn failures(&self) -> &[AreaFailure] {
        match self {
            Self::NotCommitted { failures, .. } | Self::Unknown { failures, .. } => failures,
        }
    }
}

/// What did not work after the commit. The VG is changed all the same, and its next change tries again.
#[derive(Debug, Error)]
pub enum Trouble {
    /// A metadata area still has the old text.
    #[error("{0}")]
    Area(AreaFailure),
    /// A PV's header could not be written.
    #[error("{}: the PV header was not updated: {error}", path.display())]
    Label {
        /// On which disk.
        disk: DiskId,
        /// What the disk is called.
        path: PathBuf,
        /// Why.
        error: LabelError,
    },
}

/// Why a PV header was not written.
#[derive(Debug, Error)]
pub enum LabelError {
    /// The disk refused.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// Its areas do not fit in the label's sector.
    #[error(transparent)]
    Damage(#[from] Damage),
    /// The text does not fit into an area at a new place.
    #[error(transparent)]
    Ring(#[from] RingError),
}
