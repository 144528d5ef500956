//! DOS partition tables.
//!
//! ```text
//! sector 0   446  four entries of 16 bytes: boot flag, CHS, type (byte 4), CHS, start u32, size u32
//!            510  55 aa
//! ```
//! Starts and sizes count logical blocks. An extended entry heads a chain of further such sectors: in
//! each, entry 0 is a logical partition relative to that sector, entry 1 the next link relative to the
//! extended partition.

use crate::bytes::{u16_at, u32_at};
use crate::table::{Partition, Purpose, Scheme, Table};
use device::{Disk, DiskError};
use units::{Bytes, Sectors};

const ENTRIES: usize = 446;
const MAGIC: u16 = 0xaa55;
const EXTENDED: [u8; 3] = [0x05, 0x0f, 0x85];
const PROTECTIVE: u8 = 0xee;
/// Longer chains are taken for loops.
const MOST_LOGICAL: u32 = 128;

/// One of the four entries of a boot sector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) kind: u8,
    pub(crate) start: u32,
    pub(crate) size: u32,
}

impl Entry {
    fn is_extended(self) -> bool {
        EXTENDED.contains(&self.kind)
    }
}

/// A boot sector's four entries, where the magic is there. A boot flag other than 0 and 0x80 ends them:
/// the sector then holds a file system's boot code and no table.
pub(crate) struct BootSector {
    pub(crate) entries: Vec<Entry>,
    pub(crate) flags_valid: bool,
}

/// Reads sector 0, or none where it has no magic.
pub(crate) fn boot_sector(sector: &[u8]) -> Option<BootSector> {
    (u16_at(sector, 510)? == MAGIC).then_some(())?;
    let mut entries = Vec::with_capacity(4);
    for slot in 0..4 {
        let at = ENTRIES + slot * 16;
        if sector[at] & 0x7f != 0 {
            return Some(BootSector { entries, flags_valid: false });
        }
        entries.push(Entry {
            kind: sector[at + 4],
            start: u32_at(sector, at + 8)?,
            size: u32_at(sector, at + 12)?,
        });
    }
    Some(BootSector { entries, flags_valid: true })
}

/// Whether some entry protects a GPT.
pub(crate) fn is_protective(sector: &BootSector) -> bool {
    sector.entries.iter().any(|entry| entry.kind == PROTECTIVE)
}

/// Reads a DOS table with its logical partitions, or none where sector 0 holds no such table.
pub(crate) fn read(disk: &dyn Disk, sector: &[u8]) -> Result<Option<Table>, DiskError> {
    let block = disk.logical_block();
    let Some(boot) = boot_sector(sector).filter(|boot| boot.flags_valid) else { return Ok(None) };
    let mut partitions = Vec::new();
    let mut extended = None;
    for (slot, entry) in (1..).zip(&boot.entries).filter(|(_, entry)| entry.size != 0) {
        partitions.push(partition(slot, u64::from(entry.start), *entry, block));
        if entry.is_extended() && extended.is_none() {
            extended = Some(u64::from(entry.start));
        }
    }
    if let Some(base) = extended {
        logical(disk, base, block, &mut partitions)?;
    }
    Ok(Some(Table { scheme: Scheme::Dos, block, from_backup: false, partitions }))
}

fn partition(number: u32, start: u64, entry: Entry, block: u32) -> Partition {
    let sectors = |blocks: u64| Sectors::new(blocks.saturating_mul(u64::from(block)) / Sectors::BYTES);
    Partition {
        number,
        start: sectors(start),
        size: sectors(u64::from(entry.size)),
        purpose: Purpose::Dos(entry.kind),
        id: None,
        name: None,
    }
}

/// Follows the chain from the extended partition at block `base`. A link that leads off the disk, or to
/// something that is no such sector, ends it.
fn logical(disk: &dyn Disk, base: u64, block: u32, found: &mut Vec<Partition>) -> Result<(), DiskError> {
    let mut here = base;
    let mut buf = vec![0; 512];
    for number in 5..5 + MOST_LOGICAL {
        let Some(at) = here.checked_mul(u64::from(block)) else { return Ok(()) };
        if at.checked_add(512).is_none_or(|end| end > disk.len().get()) {
            return Ok(());
        }
        disk.read_at(&mut buf, Bytes::new(at))?;
        let Some(link) = boot_sector(&buf).filter(|link| link.flags_valid) else { return Ok(()) };
        if let Some(entry) = link.entries.iter().find(|e| e.size != 0 && !e.is_extended()) {
            found.push(partition(number, here + u64::from(entry.start), *entry, block));
        }
        match link.entries.iter().find(|e| e.size != 0 && e.is_extended()) {
            Some(next) => here = base + u64::from(next.start),
            None => return Ok(()),
        }
    }
    Ok(())
}
