//! Apple partition maps, big-endian.
//!
//! ```text
//! block 0    0 "ER"   2 bytes in a block u16
//! block 1..  0 "PM"   4 entries u32   8 start u32   12 size u32   16 name   48 type   88 status u32
//! ```
//! The map is a partition of its own.

use crate::Options;
use crate::bytes::{be16_at, be32_at, text_at};
use crate::note::Note;
use crate::table::{Partition, Purpose, Scheme, Table};
use crate::view::View;
use device::DiskError;

const DRIVER: u16 = 0x4552;
const ENTRY: u16 = 0x504d;
/// More entries than anybody has.
const MOST: u32 = 256;
const BOOTABLE: u32 = 8;

pub(crate) fn read(view: &View<'_>, _: &Options, _: &mut Vec<Note>) -> Result<Option<Table>, DiskError> {
    let Some(driver) = view.sector(0)? else { return Ok(None) };
    if be16_at(&driver, 0) != Some(DRIVER) {
        return Ok(None);
    }
    let block = be16_at(&driver, 2).unwrap_or(0);
    if block < 512 || !block.is_power_of_two() {
        return Ok(None);
    }
    let block = u64::from(block);
    let entry = |number: u32| {
        let read = view.read(u64::from(number) * block, 512);
        read.map(|bytes| bytes.filter(|bytes| be16_at(bytes, 0) == Some(ENTRY)))
    };
    let Some(first) = entry(1)? else { return Ok(None) };
    let count = be32_at(&first, 4).unwrap_or(0).min(MOST);
    let mut partitions = Vec::new();
    for number in 1..=count {
        let Some(bytes) = entry(number)? else { break };
        let sectors = |at| be32_at(&bytes, at).map_or(0, |blocks| u64::from(blocks) * (block / 512));
        let kind = text_at(&bytes, 48, 32);
        let purpose = kind.map_or(Purpose::Unknown, Purpose::Word);
        let mut partition = Partition::new(number, sectors(8), sectors(12), purpose);
        partition.name = text_at(&bytes, 16, 32);
        if be32_at(&bytes, 88).unwrap_or(0) & BOOTABLE != 0 {
            partition.flags.push("boot");
        }
        partitions.push(partition);
    }
    Ok(Some(Table::new(Scheme::Mac, u32::try_from(block).unwrap_or(512), partitions)))
}
