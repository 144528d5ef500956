//! GUID partition tables.
//!
//! ```text
//! block 1     0 "EFI PART", 12 header size, 16 CRC of the header, 24 own block, 32 the other header's,
//!            72 first block of the entries, 80 their number, 84 their size, 88 their CRC
//! entry       0 type GUID (zero: unused), 16 own GUID, 32 first block, 40 last block, 56 name in UTF-16
//! last block  the backup header, with entries of its own before it
//! ```

use crate::bytes::{u16_at, u32_at, u64_at};
use crate::dos;
use crate::table::{Partition, Purpose, Scheme, Table};
use device::{Disk, DiskError};
use units::{Bytes, Crc, Sectors};
use uuid::Uuid;

pub(crate) const MAGIC: &[u8; 8] = b"EFI PART";
const HEADER: usize = 92;
/// What entries may take in all; UEFI asks for 16 KiB, nobody writes much more.
const MOST_ENTRY_BYTES: u64 = 4 << 20;

/// Block sizes to look for the header at: the disk's own first. An image says 512 whatever its disk had.
fn block_sizes(disk: &dyn Disk) -> impl Iterator<Item = u32> {
    let own = disk.logical_block();
    std::iter::once(own).chain([512, 4096, 1024, 2048].into_iter().filter(move |&size| size != own))
}

/// Reads a GPT, from its backup where the first copy is damaged. Without a protective entry in sector 0
/// only the first copy counts, and only where sector 0 is no DOS table: what an earlier GPT left at the
/// end of a disk is not its table.
pub(crate) fn read(disk: &dyn Disk, sector: &[u8]) -> Result<Option<Table>, DiskError> {
    let boot = dos::boot_sector(sector);
    let protective = boot.as_ref().is_some_and(dos::is_protective);
    if boot.is_some_and(|boot| boot.flags_valid) && !protective {
        return Ok(None);
    }
    for block in block_sizes(disk) {
        if let Some(partitions) = copy(disk, block, 1)? {
            return Ok(Some(Table { scheme: Scheme::Gpt, block, from_backup: false, partitions }));
        }
    }
    if !protective {
        return Ok(None);
    }
    for block in block_sizes(disk) {
        let Some(last) = (disk.len().get() / u64::from(block)).checked_sub(1) else { continue };
        if let Some(partitions) = copy(disk, block, last)? {
            return Ok(Some(Table { scheme: Scheme::Gpt, block, from_backup: true, partitions }));
        }
    }
    Ok(None)
}

/// CRC-32 as everybody else uses it.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = Crc::resume(u32::MAX);
    crc.update(bytes);
    !crc.finish()
}

/// The partitions of the copy whose header stands at block `at`, where it is whole.
fn copy(disk: &dyn Disk, block: u32, at: u64) -> Result<Option<Vec<Partition>>, DiskError> {
    let Some(header) = read_blocks(disk, block, at, u64::from(block))? else { return Ok(None) };
    let Some((place, size, step)) = checked_header(&header, at) else { return Ok(None) };
    let Some(entries) = read_blocks(disk, block, place, size)? else { return Ok(None) };
    if u32_at(&header, 88) != Some(crc32(&entries)) {
        return Ok(None);
    }
    Ok(Some(
        (1..).zip(entries.chunks_exact(step)).filter_map(|(slot, bytes)| entry(slot, bytes, block)).collect(),
    ))
}

/// Where the entries start, the bytes they all take and the bytes of one, from a header that holds.
fn checked_header(header: &[u8], at: u64) -> Option<(u64, u64, usize)> {
    (header.get(..8)? == MAGIC).then_some(())?;
    let length = usize::try_from(u32_at(header, 12)?).ok()?;
    let mut summed = header.get(..length).filter(|_| length >= HEADER)?.to_vec();
    summed[16..20].fill(0);
    (u32_at(header, 16)? == crc32(&summed) && u64_at(header, 24)? == at).then_some(())?;
    let step = u32_at(header, 84)?;
    let size = u64::from(u32_at(header, 80)?).checked_mul(u64::from(step))?;
    (step >= 128 && size <= MOST_ENTRY_BYTES).then_some(())?;
    Some((u64_at(header, 72)?, size, usize::try_from(step).ok()?))
}

/// `len` bytes from block `at` on, where the disk is that long.
fn read_blocks(disk: &dyn Disk, block: u32, at: u64, len: u64) -> Result<Option<Vec<u8>>, DiskError> {
    let Some(start) = at.checked_mul(u64::from(block)) else { return Ok(None) };
    if start.checked_add(len).is_none_or(|end| end > disk.len().get()) {
        return Ok(None);
    }
    let mut buf = vec![0; usize::try_from(len).unwrap_or_default()];
    disk.read_at(&mut buf, Bytes::new(start))?;
    Ok(Some(buf))
}

/// The partition in one entry; none where the entry is unused or ends before it starts.
fn entry(number: u32, bytes: &[u8], block: u32) -> Option<Partition> {
    let guid = |at: usize| Some(Uuid::from_bytes_le(bytes.get(at..at + 16)?.try_into().ok()?));
    let purpose = guid(0).filter(|guid| !guid.is_nil())?;
    let (first, last) = (u64_at(bytes, 32)?, u64_at(bytes, 40)?);
    let blocks = last.checked_sub(first)?.checked_add(1)?;
    let sectors = |blocks: u64| Some(Sectors::new(blocks.checked_mul(u64::from(block))? / Sectors::BYTES));
    let name = (56..128).step_by(2).map_while(|at| u16_at(bytes, at).filter(|&unit| unit != 0));
    Some(Partition {
        number,
        start: sectors(first)?,
        size: sectors(blocks)?,
        purpose: Purpose::Gpt(purpose),
        id: guid(16),
        name: Some(char::decode_utf16(name).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()),
    })
}
