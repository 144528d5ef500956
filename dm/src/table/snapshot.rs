//! `snapshot ORIGIN COW P|N CHUNK`, `snapshot-origin ORIGIN`, `snapshot-merge ORIGIN COW P CHUNK`

use super::words::Words;
use super::{DevRef, TableError};
use std::fmt;
use std::str::FromStr;
use units::Sectors;

/// Whether the record of changes survives a restart, and what happens when its space is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Persistence {
    /// `P`: it survives.
    Persistent,
    /// `PO`: it survives, and is told apart from a broken one when full.
    PersistentOverflow,
    /// `N`: it does not.
    Transient,
}

/// An origin as it was, with what has changed since.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Snapshot {
    /// Whose past this is.
    pub origin: DevRef,
    /// Where the changes are kept.
    pub cow: DevRef,
    /// Whether they survive.
    pub persistence: Persistence,
    /// How much is copied at once.
    pub chunk: Sectors,
    /// Feature words, such as `discard_zeroes_cow`; their number is not written where there are none.
    pub features: Vec<String>,
}

/// A device that has snapshots.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SnapshotOrigin {
    /// The device itself.
    pub origin: DevRef,
}

impl Snapshot {
    /// The target's name in tables.
    pub const NAME: &'static str = "snapshot";
    /// The name of the target that merges.
    pub const MERGE: &'static str = "snapshot-merge";
}

impl SnapshotOrigin {
    /// The target's name in tables.
    pub const NAME: &'static str = "snapshot-origin";
}

impl Persistence {
    /// As it stands in tables.
    pub const fn letters(self) -> &'static str {
        match self {
            Self::Persistent => "P",
            Self::PersistentOverflow => "PO",
            Self::Transient => "N",
        }
    }
}

impl fmt::Display for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} {}", self.origin, self.cow, self.persistence.letters(), self.chunk)?;
        if !self.features.is_empty() {
            write!(f, " {} {}", self.features.len(), self.features.join(" "))?;
        }
        Ok(())
    }
}

impl FromStr for Snapshot {
    type Err = TableError;

    fn from_str(params: &str) -> Result<Self, TableError> {
        let mut words = Words::new(Self::NAME, params);
        let (origin, cow) = (words.device("an origin")?, words.device("a device for changes")?);
        let persistence = match words.word("P or N")? {
            "P" | "p" => Persistence::Persistent,
            "PO" | "po" => Persistence::PersistentOverflow,
            "N" | "n" => Persistence::Transient,
            other => return Err(words.wrong("P, PO or N", other)),
        };
        let chunk = words.sectors("a chunk size")?;
        let features = match words.maybe() {
            None | Some("0") => Vec::new(),
            Some(count) => {
                let count: u32 = count.parse().map_err(|_| words.wrong("a number of features", count))?;
                (0..count).map(|_| words.word("a feature").map(str::to_owned)).collect::<Result<_, _>>()?
            }
        };
        words.end()?;
        Ok(Self { origin, cow, persistence, chunk, features })
    }
}

impl fmt::Display for SnapshotOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.origin.fmt(f)
    }
}

impl FromStr for SnapshotOrigin {
    type Err = TableError;

    fn from_str(params: &str) -> Result<Self, TableError> {
        let mut words = Words::new(Self::NAME, params);
        let origin = words.device("an origin")?;
        words.end()?;
        Ok(Self { origin })
    }
}
