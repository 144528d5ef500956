//! Sun labels, big-endian.
//!
//! ```text
//! sector 0    0 text   142 tag u16 and flags u16 of each slice   187.. 436 heads u16   438 sectors u16
//!           444 slices of 8 bytes: first cylinder u32, size in sectors u32
//!           508 magic 0xdabe   510 checksum: all words give 0
//! ```

use crate::Options;
use crate::bytes::{be16_at, be32_at, text_at};
use crate::note::Note;
use crate::slices::contained;
use crate::table::{Partition, Purpose, Scheme, Table};
use crate::view::View;
use device::DiskError;

const MAGIC: u16 = 0xdabe;
/// In the tags' header: there are tags.
const SANE: u32 = 0x600d_deee;
const READ_ONLY: u16 = 0x10;
const UNMOUNTABLE: u16 = 0x01;

pub(crate) fn read(view: &View<'_>, _: &Options, notes: &mut Vec<Note>) -> Result<Option<Table>, DiskError> {
    let Some(label) = view.sector(0)? else { return Ok(None) };
    if be16_at(&label, 508) != Some(MAGIC) {
        return Ok(None);
    }
    if (0..256).filter_map(|word| be16_at(&label, word * 2)).fold(0, |sum, word| sum ^ word) != 0 {
        notes.push(Note::Checksum(Scheme::Sun));
        return Ok(None);
    }
    let number_at = |at| u64::from(be16_at(&label, at).unwrap_or(0));
    let cylinder = number_at(436) * number_at(438);
    let tagged = be32_at(&label, 188) == Some(SANE);
    let slice = |slot: usize| {
        let (start, size) = (be32_at(&label, 444 + slot * 8)?, be32_at(&label, 448 + slot * 8)?);
        let tag = be16_at(&label, 142 + slot * 4).filter(|_| tagged);
        let purpose = tag.map_or(Purpose::Unknown, Purpose::Vtoc);
        let number = u32::try_from(slot + 1).ok()?;
        let start = u64::from(start).saturating_mul(cylinder);
        let mut partition = Partition::new(number, start, u64::from(size), purpose);
        let flags = be16_at(&label, 144 + slot * 4).filter(|_| tagged).unwrap_or(0);
        for (bit, word) in [(READ_ONLY, "read-only"), (UNMOUNTABLE, "unmountable")] {
            if flags & bit != 0 {
                partition.flags.push(word);
            }
        }
        Some(partition)
    };
    let mut table = Table::new(Scheme::Sun, 512, contained((0..8).filter_map(slice).collect(), notes));
    table.disk_id = text_at(&label, 0, 128);
    Ok(Some(table))
}
