//! What can be wrong with the bytes on a PV.

use std::fmt;
use thiserror::Error;

/// A place on a device that does not hold what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{what} at byte {at}: found {}", Found(*what, *found))]
pub struct Damage {
    /// What is wrong.
    pub what: What,
    /// Where: bytes from the start of the device.
    pub at: u64,
    /// The number that stands there (for a checksum, a size, a version...), or the length of what was read.
    pub found: u64,
}

/// The kinds of damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
pub enum What {
    /// Fewer bytes than the structure has.
    #[error("too few bytes")]
    Short,
    /// A label that names another sector than its own; ignored by readers.
    #[error("label of another sector")]
    LabelSector,
    /// A label whose checksum is not that of its bytes.
    #[error("wrong label checksum ({computed:#010x} computed)")]
    LabelChecksum {
        /// What the bytes give.
        computed: u32,
    },
    /// A label that is not of LVM2's type.
    #[error("label of unknown type")]
    LabelType,
    /// A label after the first sound one; ignored by readers.
    #[error("additional label")]
    LabelAdditional,
    /// The PV header would begin outside the label sector.
    #[error("PV header offset outside the label sector")]
    PvHeaderOffset,
    /// The PV's id has characters that ids do not have.
    #[error("invalid PV id")]
    PvId,
    /// A list of areas that goes on beyond the label sector.
    #[error("unended list of {0} areas")]
    AreaList(&'static str),
    /// A metadata area header whose checksum is not that of its bytes.
    #[error("wrong metadata area header checksum ({computed:#010x} computed)")]
    MdaChecksum {
        /// What the bytes give.
        computed: u32,
    },
    /// Not the mark of a metadata area.
    #[error("wrong magic in metadata area header")]
    MdaMagic,
    /// A version of the metadata area header that nobody knows.
    #[error("unknown version of metadata area header")]
    MdaVersion,
    /// A metadata area header that names another place than its own.
    #[error("metadata area header of another place")]
    MdaStart,
    /// A metadata area smaller than its header, or larger than the PV header says.
    #[error("impossible size of metadata area")]
    MdaSize,
    /// A slot whose text would begin outside the ring.
    #[error("text offset outside the metadata area")]
    TextOffset,
    /// A slot whose text would be longer than the ring.
    #[error("text size larger than the metadata area")]
    TextSize,
    /// A text whose checksum is not the one in its slot.
    #[error("wrong text checksum ({computed:#010x} computed)")]
    TextChecksum {
        /// What the bytes give.
        computed: u32,
    },
}

/// Checksums and marks are shown in hexadecimal, sizes and places in decimal.
struct Found(What, u64);

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(what, found) = self;
        match what {
            What::LabelChecksum { .. } | What::MdaChecksum { .. } | What::TextChecksum { .. } => {
                write!(f, "{found:#010x}")
            }
            What::LabelType | What::MdaMagic => write!(f, "{found:#018x}"),
            What::Short
            | What::LabelSector
            | What::LabelAdditional
            | What::PvHeaderOffset
            | What::PvId
            | What::AreaList(_)
            | What::MdaVersion
            | What::MdaStart
            | What::MdaSize
            | What::TextOffset
            | What::TextSize => found.fmt(f),
        }
    }
}
