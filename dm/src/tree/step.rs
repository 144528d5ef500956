//! One thing to be done, to be shown before it is.

use crate::{Access, DevNo, DmName, DmUuid, Suspend, Table};
use std::fmt;
use units::Sectors;

/// When a step is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Before anything that exists is touched.
    Preload,
    /// I/O stops.
    Suspend,
    /// The change happens.
    Resume,
    /// What nothing waits for.
    Finish,
}

/// One thing to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A new device without a table.
    Create {
        /// Its name.
        name: DmName,
        /// Its uuid.
        uuid: Option<DmUuid>,
        /// The number asked for.
        number: Option<DevNo>,
    },
    /// A table into the inactive slot.
    Load {
        /// Whose.
        name: DmName,
        /// What is live now; empty for a new device.
        before: Table,
        /// What will be.
        table: Table,
        /// Whether writes are let through.
        access: Access,
    },
    /// What somebody left in the inactive slot, dropped.
    Clear {
        /// Whose.
        name: DmName,
    },
    /// I/O held back.
    Suspend {
        /// Whose.
        name: DmName,
        /// How.
        how: Suspend,
    },
    /// Another name.
    Rename {
        /// The old one.
        from: DmName,
        /// The new one.
        to: DmName,
    },
    /// The inactive table made live, I/O let through.
    Resume {
        /// Whose.
        name: DmName,
    },
    /// The read-ahead set.
    ReadAhead {
        /// Whose.
        name: DmName,
        /// How much.
        amount: Sectors,
    },
    /// The device taken away.
    Remove {
        /// Which.
        name: DmName,
    },
}

impl fmt::Display for Step {
    /// One line, a table's lines divided by `; `.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Create { name, .. } => write!(f, "create {name}"),
            Self::Load { name, table, access, .. } => {
                let access = if *access == Access::ReadOnly { " read-only" } else { "" };
                write!(f, "load{access} {name}: {}", table.to_string().replace('\n', "; "))
            }
            Self::Clear { name } => write!(f, "clear {name}"),
            Self::Suspend { name, .. } => write!(f, "suspend {name}"),
            Self::Rename { from, to } => write!(f, "rename {from} {to}"),
            Self::Resume { name } => write!(f, "resume {name}"),
            Self::ReadAhead { name, amount } => write!(f, "read-ahead {name} {amount}"),
            Self::Remove { name } => write!(f, "remove {name}"),
        }
    }
}
