//! Whether a disk counts as partitioned, by LVM2's own rule.

use crate::bytes::{u32_at, u64_at};
use crate::{dos, gpt};
use device::{Disk, DiskError};
use units::Bytes;

/// Entries read at a time.
const PIECE: usize = 64 * 1024;

/// Whether LVM2 would call the disk partitioned and neither scan it nor make a PV of it: a DOS table with
/// at least one partition of some size, or a GPT header (whatever its checksums) with at least one entry
/// in use. A table without partitions does not count, nor does a protective entry without its GPT.
///
/// Which disks to ask about is for the caller: LVM2 asks only about those the kernel would partition.
///
/// Facts: LVM2 2.03.40 lib/device/dev-type.c, `_has_partition_table`.
pub fn is_partitioned(disk: &dyn Disk) -> Result<bool, DiskError> {
    if disk.len() < Bytes::new(512) {
        return Ok(false);
    }
    let mut sector = [0; 512];
    disk.read_at(&mut sector, Bytes::ZERO)?;
    let Some(boot) = dos::boot_sector(&sector) else { return has_gpt_entries(disk) };
    if !boot.flags_valid {
        return Ok(false);
    }
    let mut found = false;
    for entry in boot.entries.iter().filter(|entry| entry.size != 0) {
        found = if entry.kind == 0xee && !found { has_gpt_entries(disk)? } else { true };
    }
    Ok(found)
}

/// Whether [`is_partitioned`] has to be asked at all: without the marks of a table among the first bytes of the
/// disk there is none. Spares a read where those bytes are at hand.
pub fn may_be_partitioned(disk: &dyn Disk, first: &[u8]) -> bool {
    let block = disk.logical_block() as usize;
    let has = |at: usize, mark: &[u8]| first.get(at..at + mark.len()).is_none_or(|found| found == mark);
    has(510, &[0x55, 0xaa]) || has(block, gpt::MAGIC)
}

fn has_gpt_entries(disk: &dyn Disk) -> Result<bool, DiskError> {
    let block = u64::from(disk.logical_block());
    let mut header = [0; 92];
    if disk.len().get() < block + header.len() as u64 {
        return Ok(false);
    }
    disk.read_at(&mut header, Bytes::new(block))?;
    if header[..8] != gpt::MAGIC[..] {
        return Ok(false);
    }
    let (Some(place), Some(count), Some(step)) =
        (u64_at(&header, 72), u32_at(&header, 80), u32_at(&header, 84))
    else {
        return Ok(false);
    };
    let (Some(start), true) = (place.checked_mul(block), step >= 8) else { return Ok(false) };
    let end = start.saturating_add(u64::from(count) * u64::from(step)).min(disk.len().get());
    any_entry_in_use(disk, start, end, u64::from(step))
}

/// Whether the first 8 bytes of some entry between `start` and `end` are not all zero.
fn any_entry_in_use(disk: &dyn Disk, start: u64, end: u64, step: u64) -> Result<bool, DiskError> {
    let mut buf = vec![0; PIECE];
    let mut here = start;
    while here.saturating_add(8) <= end {
        let len = PIECE.min(usize::try_from(end - here).unwrap_or(PIECE));
        disk.read_at(&mut buf[..len], Bytes::new(here))?;
        let mut next = here;
        while next - here + 8 <= len as u64 {
            let at = usize::try_from(next - here).unwrap_or(len);
            if u64_at(&buf[..len], at).is_some_and(|guid| guid != 0) {
                return Ok(true);
            }
            next = next.saturating_add(step);
        }
        here = next;
    }
    Ok(false)
}
