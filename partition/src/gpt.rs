//! GUID partition tables.
//!
//! ```text
//! block 1     0 "EFI PART", 12 header size, 16 CRC of the header, 24 own block, 32 the other header's,
//!            56 GUID of the disk, 72 first block of the entries, 80 their number, 84 their size, 88 their CRC
//! entry       0 type GUID (zero: unused), 16 own GUID, 32 first block, 40 last block, 48 attributes,
//!            56 name in UTF-16
//! last block  the backup header, with entries of its own before it
//! ```

use crate::Options;
use crate::android;
use crate::bytes::{u16_at, u32_at, u64_at};
use crate::dos;
use crate::note::Note;
use crate::table::{Partition, Purpose, Scheme, Table};
use crate::view::View;
use device::DiskError;
use units::Crc;
use uuid::Uuid;

pub(crate) const MAGIC: &[u8; 8] = b"EFI PART";
const HEADER: usize = 92;
/// What entries may take in all; UEFI asks for 16 KiB, nobody writes much more.
const MOST_ENTRY_BYTES: u64 = 4 << 20;

/// Bits of the attributes, and words for them.
const FLAGS: [(u32, &str); 7] = [
    (0, "required"),
    (1, "no-block-io"),
    (2, "legacy-boot"),
    (59, "grow-file-system"),
    (60, "read-only"),
    (62, "hidden"),
    (63, "no-auto"),
];

/// Block sizes to look for a table at: the one that was asked for, or the disk's own first. An image says 512
/// whatever its disk had.
pub(crate) fn block_sizes(view: &View<'_>, options: &Options) -> Vec<u32> {
    if let Some(size) = options.sector_size {
        return vec![size];
    }
    let own = view.block();
    std::iter::once(own).chain([512, 4096, 1024, 2048].into_iter().filter(|&size| size != own)).collect()
}

/// One of the two copies, whole.
struct Copy {
    own: u64,
    other: u64,
    disk: Uuid,
    slots: u32,
    partitions: Vec<Partition>,
}

impl Copy {
    /// The table, and how many slots it has.
    fn table(self, block: u32, from_backup: bool) -> (Table, u32) {
        let disk_id = Some(self.disk.to_string());
        let partitions = self.partitions;
        (Table { scheme: Scheme::Gpt, block, from_backup, disk_id, partitions }, self.slots)
    }
}

/// Reads a GPT, from its backup where the first copy is damaged. Without a protective entry in sector 0 it
/// does not count, unless it is taken by force.
pub(crate) fn read(
    view: &View<'_>,
    options: &Options,
    notes: &mut Vec<Note>,
) -> Result<Option<Table>, DiskError> {
    let Some(sector) = view.sector(0)? else { return Ok(None) };
    let protective = dos::boot_sector(&sector).as_ref().is_some_and(dos::is_protective);
    let Some((mut table, slots)) = whole(view, options, protective, notes)? else {
        if protective {
            notes.push(Note::NoGpt);
        }
        return Ok(None);
    };
    if !protective && !options.force_gpt {
        // What stands there about the copies is of no interest then.
        notes.clear();
        notes.push(Note::Unprotected);
        return Ok(None);
    }
    if !protective {
        notes.push(Note::ProtectionMissing);
    }
    dynamic(view, options, &mut table, slots, notes)?;
    Ok(Some(table))
}

/// Adds the dynamic partitions of a partition called super, numbered on behind the table's slots.
fn dynamic(
    view: &View<'_>,
    options: &Options,
    table: &mut Table,
    slots: u32,
    notes: &mut Vec<Note>,
) -> Result<(), DiskError> {
    let is_super = |partition: &&Partition| partition.name.as_deref() == Some("super");
    let Some(frame) = table.partitions.iter().find(is_super).cloned() else { return Ok(()) };
    let Some(inner) = view.part(frame.start, frame.size) else { return Ok(()) };
    let Some(found) = android::read(&inner, options, notes)? else { return Ok(()) };
    table.partitions.extend(found.partitions.into_iter().map(|partition| {
        let number = slots.saturating_add(partition.number);
        Partition { number, inside: Some(frame.number), ..partition.moved_by(frame.start) }
    }));
    Ok(())
}

/// The better of the two copies. One that cannot be read is as good as a damaged one, unless neither is whole.
fn whole(
    view: &View<'_>,
    options: &Options,
    protective: bool,
    notes: &mut Vec<Note>,
) -> Result<Option<(Table, u32)>, DiskError> {
    let mut unread = None;
    for (place, block) in block_sizes(view, options).into_iter().enumerate() {
        let Some(first) = bear(guess(place, copy(view, block, 1)), &mut unread) else { continue };
        let last = last_block(view, block);
        match copy(view, block, first.other) {
            Ok(Some(backup)) if last.is_some_and(|last| backup.own != last) => {
                notes.push(Note::BackupElsewhere { at: backup.own, last: last.unwrap_or(0) });
            }
            Ok(Some(_)) => {}
            Ok(None) | Err(_) => notes.push(Note::BackupDamaged),
        }
        return Ok(Some(first.table(block, false)));
    }
    // What an earlier GPT left at the end of a disk is not its table.
    if !protective && !options.force_gpt {
        return Ok(None);
    }
    for (place, block) in block_sizes(view, options).into_iter().enumerate() {
        let Some(last) = last_block(view, block) else { continue };
        if let Some(backup) = bear(guess(place, copy(view, block, last)), &mut unread) {
            notes.push(Note::PrimaryDamaged);
            return Ok(Some(backup.table(block, true)));
        }
    }
    unread.map_or(Ok(None), Err)
}

/// What was found; the first error is kept.
fn bear<T>(found: Result<Option<T>, DiskError>, unread: &mut Option<DiskError>) -> Option<T> {
    found.unwrap_or_else(|error| {
        unread.get_or_insert(error);
        None
    })
}

/// What was found by the block size in that place. All but the first are guesses: what cannot be read at a place
/// that is none of the table's does not count.
pub(crate) fn guess<T>(place: usize, found: Result<Option<T>, DiskError>) -> Result<Option<T>, DiskError> {
    match found {
        Err(_) if place > 0 => Ok(None),
        found => found,
    }
}

fn last_block(view: &View<'_>, block: u32) -> Option<u64> {
    (view.len() / u64::from(block)).checked_sub(1)
}

/// CRC-32 as everybody else uses it.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = Crc::resume(u32::MAX);
    crc.update(bytes);
    !crc.finish()
}

/// The copy whose header stands at block `at`, where it is whole.
fn copy(view: &View<'_>, block: u32, at: u64) -> Result<Option<Copy>, DiskError> {
    let Some(header) = read_blocks(view, block, at, block as usize)? else { return Ok(None) };
    let Some(entries) = checked_header(&header, at) else { return Ok(None) };
    let Some(bytes) = read_blocks(view, block, entries.at, entries.len)? else { return Ok(None) };
    if u32_at(&header, 88) != Some(crc32(&bytes)) {
        return Ok(None);
    }
    let slots = (1..).zip(bytes.chunks_exact(entries.step));
    let partitions = slots.filter_map(|(slot, bytes)| entry(slot, bytes, block)).collect();
    let slots = u32_at(&header, 80).unwrap_or(0);
    let disk = guid(&header, 56).unwrap_or(Uuid::nil());
    Ok(Some(Copy { own: at, other: u64_at(&header, 32).unwrap_or(0), disk, slots, partitions }))
}

/// Where a header says that the entries are.
struct Entries {
    at: u64,
    len: usize,
    step: usize,
}

/// What a header says, where it holds.
fn checked_header(header: &[u8], at: u64) -> Option<Entries> {
    (header.get(..8)? == MAGIC).then_some(())?;
    let length = usize::try_from(u32_at(header, 12)?).ok()?;
    let mut summed = header.get(..length).filter(|_| length >= HEADER)?.to_vec();
    summed[16..20].fill(0);
    (u32_at(header, 16)? == crc32(&summed) && u64_at(header, 24)? == at).then_some(())?;
    let step = u32_at(header, 84)?;
    let size = u64::from(u32_at(header, 80)?).checked_mul(u64::from(step))?;
    (step >= 128 && size <= MOST_ENTRY_BYTES).then_some(())?;
    let (len, step) = (usize::try_from(size).ok()?, usize::try_from(step).ok()?);
    Some(Entries { at: u64_at(header, 72)?, len, step })
}

/// `len` bytes from block `at` on, where the disk is that long.
fn read_blocks(view: &View<'_>, block: u32, at: u64, len: usize) -> Result<Option<Vec<u8>>, DiskError> {
    match at.checked_mul(u64::from(block)) {
        Some(start) => view.read(start, len),
        None => Ok(None),
    }
}

fn guid(bytes: &[u8], at: usize) -> Option<Uuid> {
    Some(Uuid::from_bytes_le(bytes.get(at..at + 16)?.try_into().ok()?))
}

/// The partition in one entry; none where the entry is unused or ends before it starts.
fn entry(number: u32, bytes: &[u8], block: u32) -> Option<Partition> {
    let purpose = guid(bytes, 0).filter(|guid| !guid.is_nil())?;
    let (first, last) = (u64_at(bytes, 32)?, u64_at(bytes, 40)?);
    let blocks = last.checked_sub(first)?.checked_add(1)?;
    let sectors = |blocks: u64| blocks.checked_mul(u64::from(block / 512));
    let name = (56..128).step_by(2).map_while(|at| u16_at(bytes, at).filter(|&unit| unit != 0));
    let name: String = char::decode_utf16(name).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    let attributes = u64_at(bytes, 48)?;
    let mut partition = Partition::new(number, sectors(first)?, sectors(blocks)?, Purpose::Gpt(purpose));
    partition.id = guid(bytes, 16);
    partition.name = Some(name);
    partition.flags =
        FLAGS.iter().filter(|(bit, _)| attributes >> bit & 1 != 0).map(|(_, word)| *word).collect();
    Some(partition)
}
