//! What is odd about a table or its partitions, for whoever has to be told.

use crate::Scheme;
use std::fmt;

/// Something that users should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The first copy of a GPT is damaged or cannot be read, the one at the end is used.
    PrimaryDamaged,
    /// The copy at the end of the disk is damaged, missing or cannot be read.
    BackupDamaged,
    /// The copy of a GPT stands elsewhere than at the end of the disk.
    BackupElsewhere {
        /// At which block.
        at: u64,
        /// The disk's last block.
        last: u64,
    },
    /// There is a protective entry, and no copy of the GPT that holds.
    NoGpt,
    /// There is a GPT, and no entry to protect it.
    Unprotected,
    /// There is a GPT without an entry to protect it, taken all the same.
    ProtectionMissing,
    /// The chain of logical partitions is broken.
    Chain {
        /// At which sector.
        at: u64,
        /// What is wrong there.
        what: &'static str,
    },
    /// A label's checksum does not hold, so that it is no label.
    Checksum(Scheme),
    /// A version of a label that is not known.
    Version(Scheme, u32),
    /// The first copy of a slot's metadata is damaged, the second is used.
    SlotDamaged {
        /// Which slot.
        slot: u32,
    },
    /// Both copies of a slot's metadata are damaged.
    SlotUnusable {
        /// Which slot.
        slot: u32,
    },
    /// A partition that does not lie on the disk, left out.
    PastEnd {
        /// Its number.
        number: u32,
        /// Its first sector.
        start: u64,
        /// Its length in sectors.
        size: u64,
        /// The disk's length in sectors.
        disk: u64,
    },
    /// A slice that does not lie in the partition whose label names it, left out.
    OutsideParent {
        /// The partition.
        parent: u32,
        /// The slice's first sector.
        start: u64,
        /// Its length in sectors.
        size: u64,
    },
    /// Two partitions have sectors in common.
    Overlap {
        /// The lower number.
        first: u32,
        /// The higher.
        second: u32,
    },
    /// A slice that overlaps another in part, left out.
    Dropped {
        /// Its number.
        number: u32,
        /// The other's.
        other: u32,
    },
    /// A partition on other disks than this one, left out.
    Elsewhere {
        /// Its name.
        name: String,
        /// The other disk's.
        disk: String,
    },
}

impl Note {
    /// Whether a partition was left out because it cannot be mapped.
    pub fn is_loss(&self) -> bool {
        matches!(self, Self::PastEnd { .. } | Self::OutsideParent { .. } | Self::Elsewhere { .. })
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PrimaryDamaged => {
                write!(
                    f,
                    "the GPT at the start of the disk is damaged or unreadable, its backup at the end is used"
                )
            }
            Self::BackupDamaged => {
                write!(f, "the backup of the GPT is damaged, missing or unreadable, the first copy is used")
            }
            Self::BackupElsewhere { at, last } => {
                write!(f, "the backup of the GPT is at block {at}, the disk's last block is {last}")
            }
            Self::NoGpt => {
                write!(f, "both copies of the GPT are damaged, or it is none but has a protective entry")
            }
            Self::Unprotected => {
                write!(f, "there is a GPT, but no protective entry in the first sector, so it does not count")
            }
            Self::ProtectionMissing => {
                write!(f, "the GPT has no protective entry in the first sector, and is taken all the same")
            }
            Self::Chain { at, what } => {
                write!(f, "the chain of logical partitions ends at sector {at}: {what}")
            }
            Self::Checksum(scheme) => write!(f, "the {} label's checksum is wrong", scheme.name()),
            Self::Version(scheme, version) => {
                write!(f, "the {} label is of version {version}, which is not known", scheme.name())
            }
            Self::SlotDamaged { slot } => {
                write!(f, "the metadata of slot {slot} is damaged, its backup is used")
            }
            Self::SlotUnusable { slot } => {
                write!(f, "both copies of the metadata of slot {slot} are damaged")
            }
            Self::PastEnd { number, start, size, disk } => write!(
                f,
                "partition {number} (sector {start}, {size} sectors) is not on the disk of {disk} sectors, and left \
                 out"
            ),
            Self::OutsideParent { parent, start, size } => write!(
                f,
                "a slice (sector {start}, {size} sectors) is not inside partition {parent}, and left out"
            ),
            Self::Overlap { first, second } => write!(f, "partitions {first} and {second} overlap"),
            Self::Dropped { number, other } => {
                write!(f, "slice {number} overlaps slice {other} in part, and is left out")
            }
            Self::Elsewhere { name, disk } => {
                write!(f, "partition {name} lies on another disk ({disk}), and is left out")
            }
        }
    }
}
