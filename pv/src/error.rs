//! Why a PV cannot be laid out, made or taken away.

use device::DiskError;
use metadata::disk::Damage;
use thiserror::Error;
use units::{Bytes, Extents, Sectors};

/// Why a PV cannot be laid out as asked.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LayoutError {
    /// The device is smaller than PVs may be.
    #[error("Size must exceed minimum of {min} sectors.")]
    TooSmall {
        /// Its size.
        size: Sectors,
        /// The smallest a PV may have.
        min: Sectors,
    },
    /// More bytes than places on a disk are counted in.
    #[error("a size of {0} sectors is more than a disk can have")]
    TooLarge(Sectors),
    /// `--labelsector` beyond the sectors that are searched for labels.
    #[error("labelsector must be less than 4, not {0}")]
    LabelSector(u64),
    /// An alignment or offset of more than 32 bits.
    #[error("an alignment of {0} sectors is too big")]
    AlignmentTooLarge(Sectors),
    /// The offset is larger than what it is an offset of.
    #[error("the alignment ({alignment} sectors) must not be less than its offset ({offset} sectors)")]
    OffsetBeyondAlignment {
        /// Alignment.
        alignment: Sectors,
        /// Offset.
        offset: Sectors,
    },
    /// The first extent would lie behind the end.
    #[error("Data alignment must not exceed device size.")]
    AlignmentBeyondDevice {
        /// Alignment and offset together.
        alignment: Sectors,
        /// The device.
        size: Sectors,
    },
    /// The bootloader area would end behind the end.
    #[error("Bootloader area with data-aligned start must not exceed device size.")]
    BootloaderBeyondDevice {
        /// What was asked.
        bootloader: Sectors,
        /// The device.
        size: Sectors,
    },
    /// No room for the bootloader area before the restored extents.
    #[error("Bootloader area would overlap data area.")]
    BootloaderOverlap {
        /// What was asked.
        bootloader: Sectors,
        /// Where the extents start.
        pe_start: Sectors,
    },
    /// The restored extents do not fit on the device.
    #[error("{extents} physical extents end beyond the end of a device of {size} sectors")]
    ExtentsBeyondDevice {
        /// How many.
        extents: Extents,
        /// The device.
        size: Sectors,
    },
    /// No room for a metadata area.
    #[error("Not enough space available for metadata area with index {index}")]
    NoSpace {
        /// 0 at the start, 1 at the end.
        index: u32,
    },
    /// What is left for a metadata area is too small for one.
    #[error("Metadata area size too small: {size} bytes. It must be at least {min} bytes.")]
    MdaTooSmall {
        /// What is left.
        size: Bytes,
        /// The smallest.
        min: Bytes,
    },
    /// Extents that start at sector 0 cannot be written in a PV header.
    #[error("a PV needs room before its first extent")]
    NoDataArea,
}

/// Why a PV was not made or not taken away.
#[derive(Debug, Error)]
pub enum WriteError {
    /// The disk refused.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// The areas do not fit in the label's sector.
    #[error("the label cannot hold its areas: {0}")]
    Label(#[from] Damage),
    /// The disk is smaller than the layout.
    #[error("the layout is for {size} sectors, the disk has {disk}")]
    Size {
        /// What the layout needs.
        size: Sectors,
        /// What the disk has.
        disk: Sectors,
    },
}
