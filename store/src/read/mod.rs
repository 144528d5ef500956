//! Reading VGs from disks, and choosing what is true where copies differ.
//!
//! ```text
//! 1st round trip   the first 8 KiB of every disk: label, PV header, header of the first metadata area
//! 2nd round trip   one text per VG (other copies have the same checksum and size), headers further on
//! ```
//! Only what lies in unusual places, or is damaged, takes more. Nothing is written, and no lock is needed for
//! a consistent answer: a text that does not have its checksum is read again with its header, for somebody may
//! just have changed the VG.

mod assemble;
mod duplicates;
mod first;
mod recover;
mod texts;

use crate::state::{AreaOnDisk, Holds, Scan, VgOnDisk};
use device::{DiskId, DiskSet};
pub use duplicates::{Merits, Reason};
use metadata::disk::MdaHeader;
use metadata::model::Pv;
use std::fmt;
use texts::Wanted;
use thiserror::Error;
use units::Id;

/// Which disks are looked at more closely before they are taken for PVs.
#[derive(Clone, Copy)]
pub struct ReadOptions<'a> {
    /// Whether the kernel would partition that disk: if it holds a partition table, it is no PV.
    pub partitionable: &'a (dyn Fn(DiskId) -> bool + Sync),
    /// What speaks for that disk where several have one PV id, given what the VG's text says of the PV. What the disks
    /// themselves tell, their sizes, need not be said.
    pub merits: &'a (dyn Fn(DiskId, Option<&Pv>) -> Merits + Sync),
    /// Whether parts of md arrays are told by their superblocks (devices/md_component_detection).
    pub md_components: bool,
}

impl fmt::Debug for ReadOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadOptions").field("md_components", &self.md_components).finish_non_exhaustive()
    }
}

impl Default for ReadOptions<'_> {
    /// No disk is partitionable or better than others; md components are told.
    fn default() -> Self {
        Self { partitionable: &|_| false, merits: &|_, _| Merits::default(), md_components: true }
    }
}

/// Why a VG was not read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReadError {
    /// No VG of that name.
    #[error("Volume group \"{0}\" not found")]
    NotFound(String),
    /// Several VGs of that name.
    #[error("Multiple VGs found with the same name: {name}")]
    Ambiguous {
        /// The name.
        name: String,
        /// Their ids.
        ids: Vec<Id>,
    },
}

/// Reads all PVs and VGs on the disks.
pub fn scan(disks: &DiskSet, options: ReadOptions<'_>) -> Scan {
    read(disks, options, Wanted::All)
}

/// Reads one VG, and of the other VGs no more than it takes to know that they are others.
pub fn read_vg(disks: &DiskSet, name: &str, options: ReadOptions<'_>) -> Result<VgOnDisk, ReadError> {
    let mut found = read(disks, options, Wanted::Named(name)).vgs;
    // A PV of the VG that holds the text of another: only all texts together tell what is true.
    if found.iter().flat_map(|found| &found.areas).any(is_unread) {
        found = read(disks, options, Wanted::All).vgs;
    }
    found.retain(|found| found.vg.name == name);
    match found.pop() {
        None => Err(ReadError::NotFound(name.to_owned())),
        Some(only) if found.is_empty() => Ok(only),
        Some(last) => {
            let ids = found.iter().chain([&last]).map(|found| found.vg.id).collect();
            Err(ReadError::Ambiguous { name: name.to_owned(), ids })
        }
    }
}

/// Whether the area has a text that was not wanted.
fn is_unread(area: &AreaOnDisk) -> bool {
    let text = area.header.as_ref().and_then(MdaHeader::committed);
    matches!(area.holds, Holds::Empty) && text.is_some()
}

fn read(disks: &DiskSet, options: ReadOptions<'_>, wanted: Wanted<'_>) -> Scan {
    let mut scan = Scan::default();
    let found = first::pvs(disks, options, &mut scan);
    let (mut pvs, duplicates) = duplicates::choose(disks, found, options);
    scan.duplicates = duplicates;
    let mut texts = texts::read(disks, &mut pvs, wanted);
    recover::search(disks, &pvs, &mut texts);
    assemble::vgs(disks, pvs, texts, &mut scan);
    scan
}
