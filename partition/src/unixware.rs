//! UnixWare labels, over a whole disk or inside a DOS partition.
//!
//! ```text
//! sector 29    4 magic 0xca5e600d    156 magic 0x600ddeee
//!            216 slices of 12 bytes: label u16 (0: unused), flags u16, start u32, size u32; slice 0 is all
//! ```
//! Starts count from the start of the disk.

use crate::Options;
use crate::bytes::{text_at, u16_at, u32_at};
use crate::note::Note;
use crate::slices::Parent;
use crate::table::{Partition, Purpose, Scheme, Table};
use crate::view::View;
use device::DiskError;

const MAGIC: u32 = 0xca5e_600d;
const VTOC_MAGIC: u32 = 0x600d_deee;
const VTOC: usize = 156;

fn label(view: &View<'_>, sector: u64) -> Result<Option<Vec<u8>>, DiskError> {
    let Some(at) = sector.checked_add(29) else { return Ok(None) };
    let label = view.sector_with(at, 4, MAGIC)?;
    Ok(label.filter(|label| u32_at(label, VTOC) == Some(VTOC_MAGIC)))
}

fn slices(label: &[u8]) -> Vec<(u64, u64, Purpose)> {
    let slice = |slot: usize| {
        let at = VTOC + 60 + slot * 12;
        let (tag, start, size) = (u16_at(label, at)?, u32_at(label, at + 4)?, u32_at(label, at + 8)?);
        (tag != 0).then(|| (u64::from(start), u64::from(size), Purpose::Vtoc(tag)))
    };
    (1..16).filter_map(slice).collect()
}

/// A label over the whole disk.
pub(crate) fn read(view: &View<'_>, _: &Options, _: &mut Vec<Note>) -> Result<Option<Table>, DiskError> {
    let Some(label) = label(view, 0)? else { return Ok(None) };
    let slices = (1..).zip(slices(&label));
    let slices = slices.map(|(number, (start, size, purpose))| Partition::new(number, start, size, purpose));
    let mut table = Table::new(Scheme::Unixware, 512, slices.collect());
    table.disk_id = text_at(&label, 12, 12);
    Ok(Some(table))
}

/// The slices of a label inside a DOS partition.
pub(crate) fn inside(view: &View<'_>, parent: &Parent) -> Result<Vec<(u64, u64, Purpose)>, DiskError> {
    Ok(label(view, parent.start)?.map(|label| slices(&label)).unwrap_or_default())
}
