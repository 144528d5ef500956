//! What was planned, as data: to be shown, and to be carried out.

use crate::policy::Skip;
use crate::want::WantError;
use dm::tree::{Gone, Node, Step, TreeError};
use dm::{DmName, DmUuid, Table};
use std::fmt;
use thiserror::Error;
use units::Id;

/// What shall become of an LV's devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// They shall run.
    Activate,
    /// They shall go.
    Deactivate,
    /// They stay as they are: running with the new table, or not at all.
    Keep,
    /// Where they run, their tables are loaded and they are suspended and resumed, changed or not.
    Refresh,
}

/// Why nothing can be planned.
#[derive(Debug, Error)]
pub enum PlanError {
    /// Device-mapper could not be asked what runs, so nothing can be started or stopped.
    #[error("what runs of volume group {vg} is not known")]
    Unknown {
        /// Which VG.
        vg: String,
    },
    /// An LV that runs, and whose devices have to change, cannot have any.
    #[error(transparent)]
    Want(#[from] WantError),
    /// Names or tables that contradict each other.
    #[error(transparent)]
    Tree(#[from] TreeError),
}

/// When a step is done, seen from the commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum When {
    /// Before the new metadata are in force.
    Before,
    /// While I/O is held back: the last thing before the commit.
    Suspend,
    /// The first thing after the commit: I/O goes on.
    Resume,
    /// After the commit.
    After,
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Before => "before",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::After => "after",
        })
    }
}

/// A device before and after, to be shown. Tables name PVs by their paths.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeChange {
    /// The LV.
    pub lv: Id,
    /// Its name (VG/LV): the new one, or the old one where it goes.
    pub lv_name: String,
    /// The device-mapper name it has now; none where it does not run.
    pub name_before: Option<DmName>,
    /// The one it will have; none where it will not run.
    pub name_after: Option<DmName>,
    /// Its table now, as the metadata have it; none where it does not run.
    pub before: Option<Table>,
    /// Its table then; none where it will not run.
    pub after: Option<Table>,
    /// Whether it will refuse writes.
    pub read_only: bool,
}

/// What happens to the names below `/dev/VG`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LinkChanges {
    /// VG and LV names that go, with the uuid of the device that has them now.
    pub(crate) gone: Vec<(String, String, DmUuid)>,
    /// VG and LV names to be there, with the name and uuid of the device they lead to.
    pub(crate) there: Vec<(String, String, DmName, DmUuid)>,
}

/// What is to be done to the devices of one VG. Made by [`plan`], carried out by [`crate::carry_out`].
#[derive(Clone, Debug, Default)]
pub struct Activation {
    /// Devices that change, to be shown.
    pub nodes: Vec<NodeChange>,
    /// Everything that is done to them, in order, to be shown.
    pub steps: Vec<(When, Step)>,
    /// LVs that were to run and are passed over.
    pub passed_over: Vec<(Id, Skip)>,
    /// LVs that were to run and cannot; the others do.
    pub refused: Vec<(Id, WantError)>,
    /// Devices to go.
    pub(crate) gone: Vec<(Id, Gone)>,
    /// Devices that run and change.
    pub(crate) changing: Vec<(Id, Node)>,
    /// Devices to be started.
    pub(crate) starting: Vec<(Id, Node)>,
    pub(crate) links: LinkChanges,
}

impl Activation {
    /// Whether device-mapper need not be asked for anything.
    pub fn is_empty(&self) -> bool {
        self.gone.is_empty() && self.changing.is_empty() && self.starting.is_empty()
    }

    /// The LVs that are to be started.
    pub fn starting(&self) -> impl Iterator<Item = Id> {
        self.starting.iter().map(|(lv, _)| *lv)
    }

    /// The LVs whose devices are to go.
    pub fn stopping(&self) -> impl Iterator<Item = Id> {
        self.gone.iter().map(|(lv, _)| *lv)
    }
}
