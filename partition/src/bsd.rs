//! BSD disklabels, over a whole disk or inside a DOS partition.
//!
//! ```text
//! sector 1, or byte 64 of sector 0
//!    0 magic 0x82564557    40 bytes in a sector    138 slices u16
//!  148 slices of 16 bytes: size u32, start u32, fragment size u32, type (0: unused), fragments, cylinders
//! ```

use crate::bytes::{text_at, u16_at, u32_at};
use crate::note::Note;
use crate::slices::contained;
use crate::table::{Partition, Purpose, Scheme, Table};
use crate::view::View;
use crate::{Options, slices::Parent};
use device::DiskError;

const MAGIC: u32 = 0x8256_4557;
const SLICES: usize = 148;
const MOST: u16 = 16;

/// A label whose disk starts at `sector`.
fn label(view: &View<'_>, sector: u64) -> Result<Option<Vec<u8>>, DiskError> {
    if let Some(next) = sector.checked_add(1)
        && let Some(label) = view.sector_with(next, 0, MAGIC)?
    {
        return Ok(Some(label));
    }
    Ok(view.sector_with(sector, 64, MAGIC)?.map(|bytes| bytes[64..].to_vec()))
}

/// Start, size and type of each slice in use.
fn slices(label: &[u8]) -> Vec<(u64, u64, u8)> {
    let count = u16_at(label, 138).unwrap_or(0).min(MOST);
    let slice = |slot: u16| {
        let at = SLICES + usize::from(slot) * 16;
        let (size, start) = (u32_at(label, at)?, u32_at(label, at + 4)?);
        let kind = *label.get(at + 12)?;
        (kind != 0).then_some((u64::from(start), u64::from(size), kind))
    };
    (0..count).filter_map(slice).collect()
}

/// A label over the whole disk.
pub(crate) fn read(view: &View<'_>, _: &Options, notes: &mut Vec<Note>) -> Result<Option<Table>, DiskError> {
    let Some(label) = label(view, 0)? else { return Ok(None) };
    let slices = (1..).zip(slices(&label));
    let slices =
        slices.map(|(number, (start, size, kind))| Partition::new(number, start, size, Purpose::Bsd(kind)));
    let mut table = Table::new(Scheme::Bsd, 512, contained(slices.collect(), notes));
    table.disk_id = text_at(&label, 24, 16);
    Ok(Some(table))
}

/// The slices of a label inside a DOS partition. FreeBSD counts from the partition's start where its slice c
/// does; all others count from the start of the disk. The slice that is the partition itself is left out.
pub(crate) fn inside(view: &View<'_>, parent: &Parent) -> Result<Vec<(u64, u64, Purpose)>, DiskError> {
    let Some(label) = label(view, parent.start)? else { return Ok(Vec::new()) };
    let relative = parent.kind == 0xa5 && u32_at(&label, SLICES + 2 * 16 + 4) == Some(0);
    let base = if relative { parent.start } else { 0 };
    let all = slices(&label).into_iter();
    let placed = all.map(|(start, size, kind)| (start.saturating_add(base), size, Purpose::Bsd(kind)));
    Ok(placed.filter(|(start, size, _)| (*start, *size) != (parent.start, parent.size)).collect())
}
