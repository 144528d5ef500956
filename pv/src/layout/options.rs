//! What decides the layout of a new PV.

use metadata::disk::Label;
use metadata::model::BootloaderArea;
use units::{Bytes, ExtentSize, Extents, Sectors};

/// What a device is like, as far as the layout goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Topology {
    /// Its size.
    pub size: Sectors,
    /// The stripe width of an md array; zero where it is none.
    pub md_stripe_width: Sectors,
    /// The smallest request it likes, in bytes; zero: not said.
    pub minimum_io: Bytes,
    /// The request it likes best, in bytes; zero: not said.
    pub optimal_io: Bytes,
    /// How far its start is off its own alignment, in bytes.
    pub alignment_offset: Bytes,
}

/// How a new PV is to be laid out. [`Default`] is what pvcreate does without options on a machine with
/// pages of 4 KiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayoutOptions {
    /// `--labelsector`: 0 to 3.
    pub label_sector: u64,
    /// `--pvmetadatacopies`: 0, 1 or 2.
    pub metadata_copies: u32,
    /// `--metadatasize`, or metadata/pvmetadatasize where that is set.
    pub metadata_size: Option<Sectors>,
    /// `--metadataignore`: make metadata areas that hold no text for now.
    pub metadata_ignore: bool,
    /// `--dataalignment`, or devices/data_alignment where that is set.
    pub data_alignment: Option<Sectors>,
    /// `--dataalignmentoffset`.
    pub data_alignment_offset: Option<Sectors>,
    /// `--bootloaderareasize`.
    pub bootloader_size: Sectors,
    /// `--setphysicalvolumesize`: the size to pretend.
    pub pretended_size: Option<Sectors>,
    /// What `--restorefile` says of the PV.
    pub restore: Option<Restore>,
    /// devices/pv_min_size.
    pub min_size: Sectors,
    /// Page size of this machine: where the first metadata area starts.
    pub page_size: Bytes,
    /// devices/default_data_alignment in MiB; zero means one.
    pub default_alignment: u64,
    /// devices/md_chunk_alignment.
    pub md_chunk_alignment: bool,
    /// devices/data_alignment_detection.
    pub alignment_detection: bool,
    /// devices/data_alignment_offset_detection.
    pub offset_detection: bool,
}

/// A PV's place in its VG, to be made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restore {
    /// Where its first extent starts.
    pub pe_start: Sectors,
    /// Its bootloader area.
    pub bootloader: Option<BootloaderArea>,
    /// Size of its extents.
    pub extent_size: ExtentSize,
    /// How many extents it has.
    pub extents: Extents,
}

impl Default for LayoutOptions {
    fn default() -> Self {
        Self {
            label_sector: Label::DEFAULT_SECTOR,
            metadata_copies: 1,
            metadata_size: None,
            metadata_ignore: false,
            data_alignment: None,
            data_alignment_offset: None,
            bootloader_size: Sectors::ZERO,
            pretended_size: None,
            restore: None,
            min_size: Sectors::new(4096),
            page_size: Bytes::new(4096),
            default_alignment: 1,
            md_chunk_alignment: true,
            alignment_detection: true,
            offset_detection: true,
        }
    }
}
