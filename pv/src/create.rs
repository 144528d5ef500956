//! Making a PV and taking it away: which bytes change, and in which order.
//!
//! ```text
//! create   1. old labels gone, the start zeroed   2. metadata areas zeroed, their headers   3. label
//! remove   labels gone
//! ```
//! Between the numbers the disk is flushed: a power cut leaves the old PV, no PV, or the new one whole.
//! What is left at the end is what LVM2's pvcreate and pvremove leave. Facts: LVM2 2.03.40
//! tools/toollib.c (`pvcreate_each_device`), lib/label/label.c (`label_remove`, `label_write`).

use crate::blocks::write_in_blocks;
use crate::error::WriteError;
use crate::layout::PvLayout;
use device::{Disk, DiskError};
use metadata::disk::{Label, SECTOR};
use units::{Bytes, Id, Sectors};

/// Zeroed at the start of each new metadata area: 8 sectors.
pub const MDA_WIPE: u64 = 8 * Sectors::BYTES;

/// Bytes to put at a place on a disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// Where.
    pub at: Bytes,
    /// What.
    pub bytes: Vec<u8>,
}

/// What happens to the first four sectors of the device (`pvcreate -Z`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// They are zeroed.
    Zero,
    /// They stay, but for labels.
    Keep,
}

/// What making a PV writes, step by step; each step has to be durable before the next begins. `first`:
/// the first [`Label::SCAN_BYTES`] of the disk as they are.
pub fn creation(
    id: Id,
    layout: &PvLayout,
    start: Start,
    first: &[u8],
) -> Result<Vec<Vec<Write>>, WriteError> {
    let clear = match start {
        Start::Zero => vec![Write { at: Bytes::ZERO, bytes: vec![0; Label::SCAN_BYTES] }],
        Start::Keep => removal(first),
    };
    let mut areas = Vec::new();
    for header in layout.mda_headers() {
        let len = usize::try_from(header.area.size.get().min(MDA_WIPE)).unwrap_or(SECTOR);
        let mut bytes = header.encode().to_vec();
        bytes.resize(len.max(SECTOR), 0);
        areas.push(Write { at: header.area.offset, bytes });
    }
    let label = layout.label(id, false);
    let at = Bytes::new(label.sector * Sectors::BYTES);
    let label = vec![Write { at, bytes: label.encode()?.to_vec() }];
    Ok([clear, areas, label].into_iter().filter(|step| !step.is_empty()).collect())
}

/// What removing a PV writes: zeros over every label among the first sectors, sound or not. `first`: the
/// first [`Label::SCAN_BYTES`] of the disk. Empty where there is no label.
pub fn removal(first: &[u8]) -> Vec<Write> {
    label_sectors(first)
        .map(|sector| Write { at: Bytes::new(sector * Sectors::BYTES), bytes: vec![0; SECTOR] })
        .collect()
}

/// The sectors that look like labels to LVM2: with the mark and their own number, or, without the mark,
/// with the type of an LVM2 label.
fn label_sectors(first: &[u8]) -> impl Iterator<Item = u64> {
    (0..).zip(first.chunks_exact(SECTOR).take(Label::SCAN_BYTES / SECTOR)).filter_map(|(number, sector)| {
        let own: u64 = number;
        let label = if Label::is_marked(sector) {
            sector[8..16] == own.to_le_bytes()
        } else {
            sector[24..32] == *b"LVM2 001"
        };
        label.then_some(number)
    })
}

/// Makes a PV of the disk: everything in [`creation`], durably.
pub fn create(disk: &dyn Disk, id: Id, layout: &PvLayout, start: Start) -> Result<(), WriteError> {
    let len = disk.len().sectors();
    let end = layout.mdas.iter().filter_map(|mda| mda.area.end()).max().unwrap_or_default();
    if end > disk.len() {
        return Err(WriteError::Size { size: layout.size, disk: len });
    }
    let steps = creation(id, layout, start, &first_sectors(disk)?)?;
    for step in steps {
        carry_out(disk, &step)?;
    }
    Ok(())
}

/// Takes the PV off the disk: everything in [`removal`], durably. Returns how many labels there were.
pub fn remove(disk: &dyn Disk) -> Result<usize, WriteError> {
    let writes = removal(&first_sectors(disk)?);
    if !writes.is_empty() {
        carry_out(disk, &writes)?;
    }
    Ok(writes.len())
}

/// Carries out one step and makes it durable.
pub fn carry_out(disk: &dyn Disk, step: &[Write]) -> Result<(), DiskError> {
    for write in step {
        write_in_blocks(disk, write.at, &write.bytes)?;
    }
    disk.flush()
}

fn first_sectors(disk: &dyn Disk) -> Result<Vec<u8>, DiskError> {
    let len = usize::try_from(disk.len().get()).unwrap_or(usize::MAX).min(Label::SCAN_BYTES);
    let mut first = vec![0; len];
    disk.read_at(&mut first, Bytes::ZERO)?;
    Ok(first)
}
