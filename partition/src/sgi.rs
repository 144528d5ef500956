//! SGI volume headers, big-endian.
//!
//! ```text
//! sector 0    0 magic 0x0be5a941   8 boot file, 16 bytes
//!           312 sixteen partitions of 12 bytes: size u32, start u32, type u32
//!           504 checksum: all words give 0
//! ```

use crate::Options;
use crate::bytes::be32_at;
use crate::note::Note;
use crate::table::{Partition, Purpose, Scheme, Table};
use crate::view::View;
use device::DiskError;

const MAGIC: u32 = 0x0be5_a941;

pub(crate) fn read(view: &View<'_>, _: &Options, notes: &mut Vec<Note>) -> Result<Option<Table>, DiskError> {
    let Some(label) = view.sector(0)? else { return Ok(None) };
    if be32_at(&label, 0) != Some(MAGIC) {
        return Ok(None);
    }
    if (0..128).filter_map(|word| be32_at(&label, word * 4)).fold(0, u32::wrapping_add) != 0 {
        notes.push(Note::Checksum(Scheme::Sgi));
        return Ok(None);
    }
    let partition = |number: u32| {
        let at = 300 + number as usize * 12;
        let (size, start, kind) = (be32_at(&label, at)?, be32_at(&label, at + 4)?, be32_at(&label, at + 8)?);
        Some(Partition::new(number, u64::from(start), u64::from(size), Purpose::Sgi(kind)))
    };
    Ok(Some(Table::new(Scheme::Sgi, 512, (1..=16).filter_map(partition).collect())))
}
