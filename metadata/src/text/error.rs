//! Why a text is not the metadata of a VG, and why a VG cannot be written.

use crate::model::names::NameError;
use conf::ConfError;
use thiserror::Error;
use units::{ExtentSizeError, Id, IdError};

/// Where in a text: the section, as people would name it, and the line it or the key stands on.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {section}")]
pub struct At {
    /// `VG vg`, `PV pv0`, `LV lvol0`, `segment1 of LV lvol0`, `the text`.
    pub section: String,
    /// From 1.
    pub line: u32,
}

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum TextError {
    /// Not in the grammar at all.
    #[error(transparent)]
    Grammar(#[from] ConfError),
    /// `contents` does not say that this is a VG.
    #[error("contents is {0:?}: not a VG's metadata")]
    Contents(Option<String>),
    /// `version` is not one that is known.
    #[error("version is {0:?}: only version 1 is known")]
    Version(Option<i64>),
    /// No section at the outermost level.
    #[error("the text holds no VG")]
    NoVg,
    /// More than one section at the outermost level.
    #[error("{at}: a second VG in one text")]
    SecondVg {
        /// Where.
        at: At,
    },
    /// A key that must be there is not.
    #[error("{at} has no {key}")]
    Missing {
        /// Where.
        at: At,
        /// The key.
        key: &'static str,
    },
    /// A value of another kind than the key takes.
    #[error("{at}: {key} is {found}, not {expected}")]
    Kind {
        /// Where.
        at: At,
        /// The key.
        key: String,
        /// What stands there.
        found: &'static str,
        /// What should.
        expected: &'static str,
    },
    /// A number that is too small or too large.
    #[error("{at}: {key} is {value}, not from {least} to {most}")]
    Range {
        /// Where.
        at: At,
        /// The key.
        key: String,
        /// The number.
        value: i64,
        /// The smallest that is possible.
        least: i64,
        /// The largest that is possible.
        most: i64,
    },
    /// A string that is not UTF-8 where it has to be.
    #[error("{at}: {key} is not UTF-8")]
    Utf8 {
        /// Where.
        at: At,
        /// The key.
        key: String,
    },
    /// Not an id.
    #[error("{at}: {key}: {source}")]
    Id {
        /// Where.
        at: At,
        /// The key.
        key: &'static str,
        /// Why.
        source: IdError,
    },
    /// A name that no VG or LV can have.
    #[error("{at}: {source}")]
    Name {
        /// Where.
        at: At,
        /// Why.
        source: NameError,
    },
    /// An impossible extent size.
    #[error("{at}: {source}")]
    ExtentSize {
        /// Where.
        at: At,
        /// Why.
        source: ExtentSizeError,
    },
    /// Two PVs or two LVs of one name.
    #[error("{at}: the name is taken already")]
    NameTwice {
        /// The second one.
        at: At,
    },
    /// Two PVs or two LVs of one id.
    #[error("{at}: id {id} is taken already")]
    IdTwice {
        /// The second one.
        at: At,
        /// The id.
        id: Id,
    },
    /// A name that is neither a PV's nor an LV's.
    #[error("{at}: {key} names {name:?}, which is neither a PV nor an LV")]
    UnknownName {
        /// Where.
        at: At,
        /// The key.
        key: String,
        /// The name.
        name: String,
    },
    /// `segment_count` is not the number of segments.
    #[error("{at}: segment_count is {says}, there are {has}")]
    SegmentCount {
        /// Where.
        at: At,
        /// What the text says.
        says: u64,
        /// How many there are.
        has: usize,
    },
    /// A count of stripes, images or the like is not the number of areas.
    #[error("{at}: {key} is {says}, there are {has} areas")]
    AreaCount {
        /// Where.
        at: At,
        /// The key that counts.
        key: &'static str,
        /// What the text says.
        says: u64,
        /// How many there are.
        has: usize,
    },
    /// An area that is not a name followed by a place.
    #[error("{at}: {key} holds something other than names, each with a place")]
    Areas {
        /// Where.
        at: At,
        /// The key of the list.
        key: &'static str,
    },
    /// A bootloader area with a start but no size, or the other way round.
    #[error("{at}: half a bootloader area")]
    BootloaderArea {
        /// Where.
        at: At,
    },
    /// A device number that belongs to a persistent number is missing.
    #[error("{at}: FIXED_MINOR without minor")]
    FixedMinor {
        /// Where.
        at: At,
    },
}

/// What keeps a VG from being written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WriteError {
    /// An LV is built on, or points at, an LV that the VG does not have.
    #[error("LV {lv} refers to LV {id}, which the VG does not have")]
    UnknownLv {
        /// The LV that refers.
        lv: String,
        /// What it refers to.
        id: Id,
    },
    /// An LV has an area on a PV that the VG does not have.
    #[error("LV {lv} has an area on PV {id}, which the VG does not have")]
    UnknownPv {
        /// The LV with the area.
        lv: String,
        /// The PV.
        id: Id,
    },
    /// A name that would break the text.
    #[error("{0}")]
    Name(#[from] NameError),
}
