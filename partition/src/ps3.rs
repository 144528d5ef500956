//! PlayStation 3 disks, big-endian.
//!
//! ```text
//! sector 0   16 magic 0x0face0ff u64   24 magic 0xdeadface u64
//!            48 eight regions of 144 bytes: start u64, size u64, rights
//! ```

use crate::Options;
use crate::bytes::be64_at;
use crate::note::Note;
use crate::table::{Partition, Purpose, Scheme, Table};
use crate::view::View;
use device::DiskError;

const MAGICS: (u64, u64) = (0x0fac_e0ff, 0xdead_face);

pub(crate) fn read(view: &View<'_>, _: &Options, _: &mut Vec<Note>) -> Result<Option<Table>, DiskError> {
    let Some(label) = view.read(0, 0x600)? else { return Ok(None) };
    if be64_at(&label, 16).zip(be64_at(&label, 24)) != Some(MAGICS) {
        return Ok(None);
    }
    let region = |slot: usize| {
        let (start, size) = (be64_at(&label, 48 + slot * 144)?, be64_at(&label, 56 + slot * 144)?);
        (start != 0 && size != 0).then_some((start, size))
    };
    let regions = (1..).zip((0..8).filter_map(region));
    let partitions =
        regions.map(|(number, (start, size))| Partition::new(number, start, size, Purpose::Unknown));
    Ok(Some(Table::new(Scheme::Ps3, 512, partitions.collect())))
}
