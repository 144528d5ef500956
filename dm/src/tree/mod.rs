//! From the devices that are wanted and those that are there to ordered steps, and the steps done.
//!
//! [`Have::observe`] looks, [`Plan::new`] plans (pure), [`Execution`] does. The phases of an execution are
//! apart, so that its caller can commit what it keeps elsewhere between [`Execution::suspend`] and
//! [`Execution::resume`]:
//!
//! ```text
//! preload    create new nodes, load inactive tables; resume new nodes that others stand on
//! suspend    top-down                                      \ nothing allocates between
//!            (the caller commits)                           > the first suspend and
//! resume     bottom-up, renaming first                     / the last resume
//! finish     resume the other new nodes, remove, read-ahead, nodes, wait for udev
//! ```

mod execute;
mod have;
mod locked;
mod order;
mod plan;
mod remove;
mod rescue;
mod step;
mod window;

pub use execute::{Execution, Finished, Settings, Warning, apply};
pub use have::{Have, Present};
pub use locked::MemoryLock;
pub use plan::Plan;
pub use rescue::{Guarded, GuardedError, Role, rescue};
pub use step::{Phase, Step};

use crate::{Access, CookieError, DevNo, DmError, DmName, DmUuid, Removal, Suspend, Table, UdevFlags};
use std::fmt;
use thiserror::Error;
use units::Sectors;

/// What the kernel reads ahead on a device that nobody says anything about (linux/mm.h: VM_READAHEAD_PAGES).
pub const KERNEL_READ_AHEAD: Sectors = Sectors::new(256);

/// How much is to be read ahead on a device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ReadAhead {
    /// As the kernel has set it.
    #[default]
    Auto,
    /// Exactly that much; zero for none.
    Exactly(Sectors),
    /// That much, unless the kernel reads more.
    AtLeast(Sectors),
}

/// Whether a node is suspended over the caller's commit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Hold {
    /// When its table changes, or one below it does.
    #[default]
    IfChanged,
    /// In any case, where it is there.
    Always,
}

/// A device that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its name.
    pub name: DmName,
    /// Its uuid. A device that has it is this one, whatever it is called; without it the name counts.
    pub uuid: Option<DmUuid>,
    /// Its table; [`crate::DevRef::Node`] names other nodes, wanted or there.
    pub table: Table,
    /// Whether writes are let through.
    pub access: Access,
    /// Its read-ahead.
    pub read_ahead: ReadAhead,
    /// What udev's rules leave out for it.
    pub udev: UdevFlags,
    /// The number it should have, should it be new.
    pub number: Option<DevNo>,
    /// How it is suspended.
    pub suspend: Suspend,
    /// Whether it is suspended without a change of its own.
    pub hold: Hold,
    /// Among nodes that could be resumed at once, those with less come first.
    pub priority: u8,
}

impl Node {
    /// A node with nothing special.
    pub fn new(name: DmName, uuid: Option<DmUuid>, table: Table) -> Self {
        Self {
            name,
            uuid,
            table,
            access: Access::ReadWrite,
            read_ahead: ReadAhead::Auto,
            udev: UdevFlags::NONE,
            number: None,
            suspend: Suspend::default(),
            hold: Hold::IfChanged,
            priority: 0,
        }
    }
}

/// By what a device that is to go is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// Its uuid.
    Uuid(DmUuid),
    /// Its name.
    Name(DmName),
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uuid(uuid) => uuid.fmt(f),
            Self::Name(name) => name.fmt(f),
        }
    }
}

/// A device that is to go; none if it is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// Which.
    pub key: Key,
    /// What udev's rules leave out for it.
    pub udev: UdevFlags,
    /// How hard its removal tries.
    pub how: Removal,
}

/// Everything that is wanted of device-mapper.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Want {
    /// Devices to be there, in any order.
    pub nodes: Vec<Node>,
    /// Devices to be gone, in any order.
    pub gone: Vec<Gone>,
}

/// Why a plan cannot be made, or what went wrong in doing it.
#[derive(Debug, Error)]
pub enum TreeError {
    /// Two wanted nodes have one name or uuid.
    #[error("{0} is wanted twice")]
    Duplicate(String),
    /// Nodes stand on each other in a circle.
    #[error("{0} stands on itself")]
    Cycle(DmName),
    /// The name belongs to another device.
    #[error("the name {name} is held by device {by}")]
    NameHeld {
        /// The name.
        name: DmName,
        /// Whose it is.
        by: DevNo,
    },
    /// A table names a node that is neither wanted nor there.
    #[error("the table of {node} names {missing}, which does not exist")]
    Missing {
        /// Whose table.
        node: DmName,
        /// What it names.
        missing: DmName,
    },
    /// A device is to go that a wanted one stands on.
    #[error("{gone} is to go, but {node} stands on it")]
    StillUsed {
        /// What is to go.
        gone: DmName,
        /// What stands on it.
        node: DmName,
    },
    /// No cookie, before anything was suspended.
    #[error(transparent)]
    Cookie(#[from] CookieError),
    /// Device-mapper refused. What had been done was undone.
    #[error(transparent)]
    Dm(#[from] DmError),
    /// Device-mapper refused after the point of no return; the rest was done all the same.
    #[error("{} of {total} devices are not as wanted; first {}: {}", failed.len(), failed[0].0, failed[0].1)]
    Resume {
        /// Devices that are not as wanted now, and why; never empty.
        failed: Vec<(DmName, DmError)>,
        /// How many were to be resumed.
        total: usize,
    },
    /// Some devices are still there, those below them too; the others are gone.
    #[error("{} of {total} devices could not be removed; first {}: {}", failed.len(), failed[0].0, failed[0].1)]
    Remove {
        /// Devices that are still there, and why; never empty.
        failed: Vec<(DmName, DmError)>,
        /// How many were to go.
        total: usize,
    },
}

#[cfg(test)]
mod tests;
