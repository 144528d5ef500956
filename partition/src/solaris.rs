//! Solaris labels for x86, over a whole disk or inside a DOS partition.
//!
//! ```text
//! sector 1   12 magic 0x600ddeee   16 version 1   20 volume name, 8 bytes   30 slices u16
//!            72 slices of 12 bytes: tag u16, flags u16, start u32, size u32
//! ```
//! Starts count from the start of the partition.

use crate::Options;
use crate::bytes::{text_at, u16_at, u32_at};
use crate::note::Note;
use crate::slices::Parent;
use crate::table::{Partition, Purpose, Scheme, Table};
use crate::view::View;
use device::DiskError;

const MAGIC: u32 = 0x600d_deee;
const MOST: u16 = 16;

fn label(view: &View<'_>, sector: u64) -> Result<Option<Vec<u8>>, DiskError> {
    match sector.checked_add(1) {
        Some(next) => view.sector_with(next, 12, MAGIC),
        None => Ok(None),
    }
}

/// The slices of some size, from `base` on. The first label had 8 and no count.
fn slices(label: &[u8], base: u64) -> Vec<(u64, u64, Purpose)> {
    let count = u16_at(label, 30).filter(|&count| count > 0).unwrap_or(8).min(MOST);
    let slice = |slot: u16| {
        let at = 72 + usize::from(slot) * 12;
        let (tag, start, size) = (u16_at(label, at)?, u32_at(label, at + 4)?, u32_at(label, at + 8)?);
        (size != 0).then(|| (base.saturating_add(u64::from(start)), u64::from(size), Purpose::Vtoc(tag)))
    };
    (0..count).filter_map(slice).collect()
}

/// A label over the whole disk.
pub(crate) fn read(view: &View<'_>, _: &Options, notes: &mut Vec<Note>) -> Result<Option<Table>, DiskError> {
    let Some(label) = label(view, 0)? else { return Ok(None) };
    let version = u32_at(&label, 16).unwrap_or(0);
    if version != 1 {
        notes.push(Note::Version(Scheme::Solaris, version));
        return Ok(None);
    }
    let slices = (1..).zip(slices(&label, 0));
    let slices = slices.map(|(number, (start, size, purpose))| Partition::new(number, start, size, purpose));
    let mut table = Table::new(Scheme::Solaris, 512, slices.collect());
    table.disk_id = text_at(&label, 20, 8);
    Ok(Some(table))
}

/// The slices of a label inside a DOS partition, without the one that is the partition itself.
pub(crate) fn inside(view: &View<'_>, parent: &Parent) -> Result<Vec<(u64, u64, Purpose)>, DiskError> {
    let Some(label) = label(view, parent.start)?.filter(|label| u32_at(label, 16) == Some(1)) else {
        return Ok(Vec::new());
    };
    let own = |(start, size, _): &(u64, u64, Purpose)| (*start, *size) != (parent.start, parent.size);
    Ok(slices(&label, parent.start).into_iter().filter(own).collect())
}
