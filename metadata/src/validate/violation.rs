//! What can be wrong with a VG that could be read.

use crate::model::names::NameError;
use std::fmt;
use thiserror::Error;
use units::{Extents, Id, Le, Pe, Sectors};

/// The object that a violation is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Named {
    /// The VG.
    Vg(String),
    /// A PV, by its device's name.
    Pv(String),
    /// An LV.
    Lv(String),
    /// A segment of an LV, counted from 1.
    Segment(String, usize),
    /// An LV that was removed.
    Historical(String),
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vg(name) => write!(f, "VG {name}"),
            Self::Pv(name) => write!(f, "PV {name}"),
            Self::Lv(name) => write!(f, "LV {name}"),
            Self::Segment(lv, number) => write!(f, "segment {number} of LV {lv}"),
            Self::Historical(name) => write!(f, "historical LV {name}"),
        }
    }
}

/// What there may be too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Count {
    /// LVs that users see.
    Lvs,
    /// PVs.
    Pvs,
    /// Extents of a PV, an LV or the whole VG; there are 32 bits for them.
    Extents,
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lvs => "LVs",
            Self::Pvs => "PVs",
            Self::Extents => "extents",
        })
    }
}

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Violation {
    /// A name that cannot be one.
    #[error("{who}: {why}")]
    Name {
        /// Whose.
        who: Named,
        /// Why.
        why: NameError,
    },
    /// Device-mapper could not name the LV's device.
    #[error("{who}: the names of VG and LV have {length} characters, too many for a device")]
    DeviceName {
        /// The LV.
        who: Named,
        /// The length of both names.
        length: usize,
    },
    /// Two LVs, live or removed, of one name.
    #[error("{who}: the name is used twice")]
    NameTwice {
        /// The second one.
        who: Named,
    },
    /// Two PVs or two LVs of one id.
    #[error("{who}: id {id} is used twice")]
    IdTwice {
        /// The second one.
        who: Named,
        /// The id.
        id: Id,
    },
    /// A tag with characters that tags do not have.
    #[error("{who}: invalid tag {tag:?}")]
    Tag {
        /// Whose.
        who: Named,
        /// The tag.
        tag: String,
    },
    /// An allocation policy that this kind of object cannot have.
    #[error("{who}: allocation policy {policy} is not possible here")]
    Policy {
        /// Whose.
        who: Named,
        /// The policy.
        policy: &'static str,
    },
    /// A persistent number without a minor.
    #[error("{who}: a fixed device number without minor")]
    FixedMinor {
        /// The LV.
        who: Named,
    },
    /// A shared VG with a system id or without the lock daemon's data, or lock data where nothing is shared.
    #[error("{who}: {what}")]
    Lock {
        /// The VG or LV.
        who: Named,
        /// What is wrong.
        what: &'static str,
    },
    /// More than there may be.
    #[error("{who}: {has} {count}, at most {most} are possible")]
    TooMany {
        /// Of whom.
        who: Named,
        /// What.
        count: Count,
        /// How many there are.
        has: u64,
        /// How many there may be.
        most: u64,
    },
    /// A PV whose extents end beyond what 64 bits can address.
    #[error("{who}: {count} extents from sector {start} end beyond any device")]
    PvEnd {
        /// The PV.
        who: Named,
        /// Where its extents start.
        start: Sectors,
        /// How many there are.
        count: Extents,
    },
    /// A bootloader area that reaches into the extents.
    #[error("{who}: the bootloader area ends at sector {end}, the extents start at {start}")]
    BootloaderArea {
        /// The PV.
        who: Named,
        /// Where the area ends.
        end: Sectors,
        /// Where the extents start.
        start: Sectors,
    },
    /// An LV without extents.
    #[error("{who}: no extents")]
    Empty {
        /// The LV or segment.
        who: Named,
    },
    /// A segment that does not begin where the one before it ends.
    #[error("{who}: begins at extent {found}, the one before it ends at {expected}")]
    Gap {
        /// The segment.
        who: Named,
        /// Where it should begin.
        expected: Le,
        /// Where it begins.
        found: Le,
    },
    /// A striped segment without areas.
    #[error("{who}: no areas")]
    NoAreas {
        /// The segment.
        who: Named,
    },
    /// Areas that do not divide the segment.
    #[error("{who}: {len} extents cannot be divided by {areas} stripes")]
    Uneven {
        /// The segment.
        who: Named,
        /// Its extents.
        len: Extents,
        /// Its areas.
        areas: usize,
    },
    /// A stripe size that is not a power of two, or zero.
    #[error("{who}: stripe size {size} sectors is not a power of two")]
    StripeSize {
        /// The segment.
        who: Named,
        /// The size.
        size: Sectors,
    },
    /// An area on a PV that the VG does not have.
    #[error("{who}: an area on unknown PV {id}")]
    UnknownPv {
        /// The segment.
        who: Named,
        /// The PV.
        id: Id,
    },
    /// A reference to an LV that the VG does not have.
    #[error("{who}: refers to unknown LV {id}")]
    UnknownLv {
        /// What refers.
        who: Named,
        /// The LV.
        id: Id,
    },
    /// An LV that is built on itself.
    #[error("{who}: is built on itself")]
    Cycle {
        /// The LV.
        who: Named,
    },
    /// An area that reaches beyond the end of the LV it lies in.
    #[error("{who}: extents {start} to {end} of LV {below}, which has {extents}")]
    BeyondLv {
        /// The segment.
        who: Named,
        /// The LV it lies in.
        below: String,
        /// The first extent.
        start: Le,
        /// The one after the last.
        end: Le,
        /// How many the LV has.
        extents: Extents,
    },
    /// An area that reaches beyond the end of its PV.
    #[error("{who}: extents {start} to {end} of PV {pv}, which has {extents}")]
    BeyondPv {
        /// The segment.
        who: Named,
        /// The PV.
        pv: String,
        /// The first extent.
        start: Pe,
        /// The one after the last.
        end: Pe,
        /// How many the PV has.
        extents: Extents,
    },
    /// Extents of a PV that two areas claim.
    #[error("{first} and {second} both lie on extents {start} to {end} of PV {pv}")]
    Overlap {
        /// The segment that begins first.
        first: Named,
        /// The other.
        second: Named,
        /// The PV.
        pv: String,
        /// The first extent that both claim.
        start: Pe,
        /// The one after the last.
        end: Pe,
    },
}
