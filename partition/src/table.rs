//! What a partition table says, whichever kind it is.

use units::Sectors;
use uuid::Uuid;

/// The kinds of partition tables that are recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// A GUID partition table.
    Gpt,
    /// A DOS master boot record, with logical partitions chained from an extended one.
    Dos,
}

impl Scheme {
    /// The name that blkid prints: `gpt`, `dos`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gpt => "gpt",
            Self::Dos => "dos",
        }
    }
}

/// What a partition is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// The type byte of a DOS partition.
    Dos(u8),
    /// The type GUID of a GPT partition.
    Gpt(Uuid),
}

/// One partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    /// Its number as the kernel counts: slots from 1, logical DOS partitions from 5.
    pub number: u32,
    /// Where it starts on the disk.
    pub start: Sectors,
    /// How long it is.
    pub size: Sectors,
    /// What it is for.
    pub purpose: Purpose,
    /// Its own GUID, in a GPT.
    pub id: Option<Uuid>,
    /// Its name, in a GPT.
    pub name: Option<String>,
}

/// A partition table that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Which kind.
    pub scheme: Scheme,
    /// Bytes in one block of the table's own arithmetic.
    pub block: u32,
    /// Whether it was read from the copy at the end of the disk because the first one is damaged.
    pub from_backup: bool,
    /// Its partitions, by number. A table may have none.
    pub partitions: Vec<Partition>,
}
