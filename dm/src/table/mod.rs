//! Tables: what a device is made of, as text and as types. One file per target.

mod devref;
mod linear;
mod mirror;
mod other;
mod snapshot;
mod striped;
mod thin;
mod thin_pool;
mod words;

pub use devref::DevRef;
pub use linear::Linear;
pub use mirror::{Mirror, MirrorLog, Sync};
pub use other::Other;
pub use snapshot::{Persistence, Snapshot, SnapshotOrigin};
pub use striped::{Stripe, Striped};
pub use thin::Thin;
pub use thin_pool::ThinPool;

use crate::DevNo;
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use thiserror::Error;
use units::Sectors;

/// Why text is not a table.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TableError {
    /// A line without start, length and target.
    #[error("a table line is START LENGTH TARGET [PARAMETERS], this is {0:?}")]
    Line(String),
    /// The line ends before all is said.
    #[error("{target}: {what} is missing")]
    Missing {
        /// Which target.
        target: &'static str,
        /// What is missing.
        what: &'static str,
    },
    /// A word that is not what stands in its place.
    #[error("{target}: {found:?} is not {what}")]
    Word {
        /// Which target.
        target: &'static str,
        /// What should stand there.
        what: &'static str,
        /// What does.
        found: String,
    },
    /// More words than the target takes.
    #[error("{target}: nothing more may follow, but {found:?} does")]
    Excess {
        /// Which target.
        target: &'static str,
        /// The first word too many.
        found: String,
    },
}

/// What one stretch of a device is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A stretch of another device.
    Linear(Linear),
    /// Stretches of several devices, in turns.
    Striped(Striped),
    /// Nothing: all I/O fails.
    Error,
    /// Reads give zeros, writes vanish.
    Zero,
    /// An origin as it was, with what has changed since.
    Snapshot(Snapshot),
    /// A device that has snapshots.
    SnapshotOrigin(SnapshotOrigin),
    /// An origin into which a snapshot is being merged.
    SnapshotMerge(Snapshot),
    /// Copies of the same data, the older target.
    Mirror(Mirror),
    /// The pool of thin devices.
    ThinPool(ThinPool),
    /// A thin device.
    Thin(Thin),
    /// Any other target, its parameters word for word.
    Other(Other),
}

impl Kind {
    /// The target's name in tables.
    pub fn name(&self) -> &str {
        match self {
            Self::Linear(_) => Linear::NAME,
            Self::Striped(_) => Striped::NAME,
            Self::Error => "error",
            Self::Zero => "zero",
            Self::Snapshot(_) => Snapshot::NAME,
            Self::SnapshotOrigin(_) => SnapshotOrigin::NAME,
            Self::SnapshotMerge(_) => Snapshot::MERGE,
            Self::Mirror(_) => Mirror::NAME,
            Self::ThinPool(_) => ThinPool::NAME,
            Self::Thin(_) => Thin::NAME,
            Self::Other(other) => &other.name,
        }
    }

    /// The parameters, as the kernel takes them.
    pub fn params(&self) -> String {
        match self {
            Self::Linear(kind) => kind.to_string(),
            Self::Striped(kind) => kind.to_string(),
            Self::Error | Self::Zero => String::new(),
            Self::Snapshot(kind) | Self::SnapshotMerge(kind) => kind.to_string(),
            Self::SnapshotOrigin(kind) => kind.to_string(),
            Self::Mirror(kind) => kind.to_string(),
            Self::ThinPool(kind) => kind.to_string(),
            Self::Thin(kind) => kind.to_string(),
            Self::Other(other) => other.params.clone(),
        }
    }

    /// Reads a target's parameters; those of a target without a type of its own are kept word for word.
    pub fn parse(name: &str, params: &str) -> Result<Self, TableError> {
        Ok(match name {
            Linear::NAME => Self::Linear(params.parse()?),
            Striped::NAME => Self::Striped(params.parse()?),
            "error" if params.trim().is_empty() => Self::Error,
            "zero" if params.trim().is_empty() => Self::Zero,
            Snapshot::NAME => Self::Snapshot(params.parse()?),
            SnapshotOrigin::NAME => Self::SnapshotOrigin(params.parse()?),
            Snapshot::MERGE => Self::SnapshotMerge(params.parse()?),
            Mirror::NAME => Self::Mirror(params.parse()?),
            ThinPool::NAME => Self::ThinPool(params.parse()?),
            Thin::NAME => Self::Thin(params.parse()?),
            _ => Self::Other(Other { name: name.to_owned(), params: params.to_owned() }),
        })
    }

    /// As [`Self::parse`], for what a kernel says: parameters that a newer one spells in a way unknown here
    /// are kept word for word.
    pub fn lenient(name: &str, params: &str) -> Self {
        let params = params.trim_end_matches(' ');
        Self::parse(name, params)
            .unwrap_or_else(|_| Self::Other(Other { name: name.to_owned(), params: params.to_owned() }))
    }

    /// The devices it names, in the order of its parameters.
    pub fn devices(&self) -> Vec<&DevRef> {
        match self {
            Self::Linear(kind) => vec![&kind.device],
            Self::Striped(kind) => kind.stripes.iter().map(|stripe| &stripe.device).collect(),
            Self::Error | Self::Zero | Self::Other(_) => Vec::new(),
            Self::Snapshot(kind) | Self::SnapshotMerge(kind) => vec![&kind.origin, &kind.cow],
            Self::SnapshotOrigin(kind) => vec![&kind.origin],
            Self::Mirror(kind) => {
                kind.log_device().into_iter().chain(kind.legs.iter().map(|leg| &leg.device)).collect()
            }
            Self::ThinPool(kind) => vec![&kind.metadata, &kind.data],
            Self::Thin(kind) => std::iter::once(&kind.pool).chain(&kind.external_origin).collect(),
        }
    }

    /// The same, to be changed.
    pub fn devices_mut(&mut self) -> Vec<&mut DevRef> {
        match self {
            Self::Linear(kind) => vec![&mut kind.device],
            Self::Striped(kind) => kind.stripes.iter_mut().map(|stripe| &mut stripe.device).collect(),
            Self::Error | Self::Zero | Self::Other(_) => Vec::new(),
            Self::Snapshot(kind) | Self::SnapshotMerge(kind) => vec![&mut kind.origin, &mut kind.cow],
            Self::SnapshotOrigin(kind) => vec![&mut kind.origin],
            Self::Mirror(kind) => kind.devices_mut(),
            Self::ThinPool(kind) => vec![&mut kind.metadata, &mut kind.data],
            Self::Thin(kind) => std::iter::once(&mut kind.pool).chain(&mut kind.external_origin).collect(),
        }
    }
}

/// One line of a table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// Where in the device it starts.
    pub start: Sectors,
    /// How long it is.
    pub len: Sectors,
    /// What it is.
    pub kind: Kind,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.start, self.len, self.kind.name())?;
        match self.kind.params() {
            params if params.is_empty() => Ok(()),
            params => write!(f, " {params}"),
        }
    }
}

impl FromStr for Target {
    type Err = TableError;

    fn from_str(line: &str) -> Result<Self, TableError> {
        let wrong = || TableError::Line(line.to_owned());
        let (start, rest) = words::first(line).ok_or_else(wrong)?;
        let (len, rest) = words::first(rest).ok_or_else(wrong)?;
        let (name, params) = words::first(rest).ok_or_else(wrong)?;
        let number = |word: &str| word.parse().map(Sectors::new).map_err(|_| wrong());
        Ok(Self { start: number(start)?, len: number(len)?, kind: Kind::parse(name, params.trim())? })
    }
}

/// What a device is made of, from its first sector to its last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Table {
    /// The lines, by start and without gaps.
    pub targets: Vec<Target>,
}

impl Table {
    /// A table of these lines.
    pub fn new(targets: Vec<Target>) -> Self {
        Self { targets }
    }

    /// A table of one line.
    pub fn single(len: Sectors, kind: Kind) -> Self {
        Self { targets: vec![Target { start: Sectors::ZERO, len, kind }] }
    }

    /// How long the device is.
    pub fn len(&self) -> Sectors {
        self.targets.last().and_then(|last| last.start.checked_add(last.len)).unwrap_or(Sectors::ZERO)
    }

    /// Whether it has no line.
    pub fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    /// Every device it names, as often as it does.
    pub fn devices(&self) -> impl Iterator<Item = &DevRef> {
        self.targets.iter().flat_map(|target| target.kind.devices())
    }

    /// The numbers among them, each once, in order.
    pub fn numbers(&self) -> Vec<DevNo> {
        let number = |device: &DevRef| match device {
            DevRef::Number(number) => Some(*number),
            DevRef::Path(_) | DevRef::Disk(_) | DevRef::Node(_) => None,
        };
        let numbers: BTreeSet<DevNo> = self.devices().filter_map(number).collect();
        numbers.into_iter().collect()
    }

    /// Puts stretches of disks on other devices: `place` gives the device that has a disk, and where the disk
    /// starts there.
    pub fn put_on(&mut self, place: impl Fn(&DevRef) -> Option<(DevRef, Sectors)>) {
        let moved = |device: &mut DevRef, offset: Option<&mut Sectors>| {
            let Some((to, start)) = place(device) else { return };
            *device = to;
            if let Some(offset) = offset {
                *offset = offset.checked_add(start).unwrap_or(*offset);
            }
        };
        for target in &mut self.targets {
            match &mut target.kind {
                Kind::Linear(linear) => moved(&mut linear.device, Some(&mut linear.offset)),
                Kind::Striped(striped) => {
                    striped.stripes.iter_mut().for_each(|s| moved(&mut s.device, Some(&mut s.offset)));
                }
                Kind::Mirror(mirror) => {
                    mirror.legs.iter_mut().for_each(|leg| moved(&mut leg.device, Some(&mut leg.offset)));
                    if let MirrorLog::Disk(device) = &mut mirror.log {
                        moved(device, None);
                    }
                }
                // These stand on whole devices.
                kind @ (Kind::Error
                | Kind::Zero
                | Kind::Snapshot(_)
                | Kind::SnapshotOrigin(_)
                | Kind::SnapshotMerge(_)
                | Kind::ThinPool(_)
                | Kind::Thin(_)
                | Kind::Other(_)) => kind.devices_mut().into_iter().for_each(|device| moved(device, None)),
            }
        }
    }

    /// The same, to be changed: how paths, disks and nodes become numbers.
    pub fn devices_mut(&mut self) -> impl Iterator<Item = &mut DevRef> {
        self.targets.iter_mut().flat_map(|target| target.kind.devices_mut())
    }
}

impl From<Vec<Target>> for Table {
    fn from(targets: Vec<Target>) -> Self {
        Self { targets }
    }
}

impl fmt::Display for Table {
    /// A line per target, without a newline after the last.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, target) in self.targets.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            target.fmt(f)?;
        }
        Ok(())
    }
}

impl FromStr for Table {
    type Err = TableError;

    fn from_str(text: &str) -> Result<Self, TableError> {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        Ok(Self { targets: lines.map(str::parse).collect::<Result<_, _>>()? })
    }
}

#[cfg(test)]
mod tests;
