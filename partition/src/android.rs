//! Android's dynamic partitions: a `super` partition or image, as liblp writes it.
//!
//! ```text
//! byte 4096   geometry, its backup at 8192
//!             0 magic "gDla"   4 its size   8 SHA-256 of it   40 room for one copy of the metadata u32
//!            44 slots u32      48 bytes in a block u32
//! byte 12288  a copy of the metadata for each slot, then a backup for each
//!             0 magic "0PLA"   4 version u16 u16   8 header size   12 SHA-256 of the header
//!            44 size of the tables   48 SHA-256 of them   80 tables, each: offset, entries, entry size
//! partition   0 name, 36 bytes   36 attributes   40 first extent   44 extents   48 group
//! extent      0 sectors u64   8 kind (0 linear, 1 zero)   12 sector u64   20 block device
//! group       0 name, 36 bytes
//! device     24 name, 36 bytes
//! ```
//! A checksum is made with its own bytes zero. Sectors have 512 bytes.

use crate::Options;
use crate::bytes::{text_at, u16_at, u32_at, u64_at};
use crate::note::Note;
use crate::table::{Partition, Piece, Purpose, Scheme, Table};
use crate::view::View;
use device::DiskError;
use sha2::{Digest, Sha256};
use units::Sectors;

const RESERVED: u64 = 4096;
const GEOMETRY: u64 = 4096;
const GEOMETRY_MAGIC: u32 = 0x616c_4467;
const METADATA_MAGIC: u32 = 0x414c_5030;
const MAJOR: u16 = 10;
/// liblp's own limit is 64 KiB by default; four slots of a MiB are nobody's.
const MOST_METADATA: u32 = 1 << 20;
const MOST_SLOTS: u32 = 16;

const READ_ONLY: u32 = 1;
const SLOT_SUFFIXED: u32 = 1 << 1;
const FLAGS: [(u32, &str); 3] = [(READ_ONLY, "read-only"), (1 << 2, "updated"), (1 << 3, "disabled")];

/// Where the copies of the metadata are.
struct Geometry {
    room: u32,
    slots: u32,
    block: u32,
}

/// A table of the metadata.
struct Entries<'a> {
    bytes: &'a [u8],
    step: usize,
}

impl<'a> Entries<'a> {
    /// The table whose description stands at `at` of the header, its entries no shorter than `least`.
    fn new(header: &[u8], at: usize, tables: &'a [u8], least: usize) -> Option<Self> {
        let number = |at| usize::try_from(u32_at(header, at)?).ok();
        let (offset, count, step) = (number(at)?, number(at + 4)?, number(at + 8)?);
        let end = offset.checked_add(count.checked_mul(step)?)?;
        (step >= least).then_some(Self { bytes: tables.get(offset..end)?, step })
    }

    fn get(&self, index: usize) -> Option<&'a [u8]> {
        let at = index.checked_mul(self.step)?;
        self.bytes.get(at..at.checked_add(self.step)?)
    }

    fn iter(&self) -> impl Iterator<Item = &'a [u8]> {
        self.bytes.chunks_exact(self.step)
    }
}

/// Whether the SHA-256 at `at` is that of the bytes with it zeroed.
fn holds(bytes: &[u8], at: usize) -> bool {
    let Some(sum) = bytes.get(at..at + 32) else { return false };
    let mut zeroed = bytes.to_vec();
    zeroed[at..at + 32].fill(0);
    Sha256::digest(&zeroed)[..] == *sum
}

fn geometry(view: &View<'_>) -> Result<Option<Geometry>, DiskError> {
    for at in [RESERVED, RESERVED + GEOMETRY] {
        let Some(bytes) = view.read(at, 512)? else { return Ok(None) };
        if u32_at(&bytes, 0) != Some(GEOMETRY_MAGIC) {
            continue;
        }
        let size = u32_at(&bytes, 4).map_or(0, |size| size as usize);
        let Some(summed) = bytes.get(..size).filter(|_| size >= 52) else { continue };
        if !holds(summed, 8) {
            continue;
        }
        let number = |at| u32_at(&bytes, at).unwrap_or(0);
        let found = Geometry { room: number(40), slots: number(44), block: number(48) };
        if found.room <= MOST_METADATA && (1..=MOST_SLOTS).contains(&found.slots) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

pub(crate) fn read(
    view: &View<'_>,
    options: &Options,
    notes: &mut Vec<Note>,
) -> Result<Option<Table>, DiskError> {
    let Some(geometry) = geometry(view)? else { return Ok(None) };
    let slots: Vec<u32> = match options.slot {
        Some(slot) => vec![slot],
        None => (0..geometry.slots).collect(),
    };
    let first = RESERVED + 2 * GEOMETRY;
    for slot in slots.into_iter().filter(|slot| *slot < geometry.slots) {
        for (copy, from_backup) in [(slot, false), (geometry.slots + slot, true)] {
            let at = first + u64::from(geometry.room) * u64::from(copy);
            if let Some(mut table) = metadata(view, at, &geometry, slot, notes)? {
                table.from_backup = from_backup;
                if from_backup {
                    notes.push(Note::SlotDamaged { slot });
                }
                return Ok(Some(table));
            }
        }
        notes.push(Note::SlotUnusable { slot });
    }
    Ok(None)
}

/// The copy of the metadata at a byte, where it is whole.
fn metadata(
    view: &View<'_>,
    at: u64,
    geometry: &Geometry,
    slot: u32,
    notes: &mut Vec<Note>,
) -> Result<Option<Table>, DiskError> {
    let Some(bytes) = view.read(at, geometry.room as usize)? else { return Ok(None) };
    Ok(parse(&bytes, geometry, slot, notes))
}

fn parse(bytes: &[u8], geometry: &Geometry, slot: u32, notes: &mut Vec<Note>) -> Option<Table> {
    let number = |at| usize::try_from(u32_at(bytes, at)?).ok();
    (u32_at(bytes, 0)? == METADATA_MAGIC && u16_at(bytes, 4)? == MAJOR).then_some(())?;
    let size = number(8)?;
    let header = bytes.get(..size).filter(|_| size >= 128)?;
    holds(header, 12).then_some(())?;
    let tables = bytes.get(size..size.checked_add(number(44)?)?)?;
    (Sha256::digest(tables)[..] == *header.get(48..80)?).then_some(())?;
    let partitions = Entries::new(header, 80, tables, 52)?;
    let extents = Entries::new(header, 92, tables, 24)?;
    let groups = Entries::new(header, 104, tables, 36)?;
    let devices = Entries::new(header, 116, tables, 60)?;
    let mut found = Vec::new();
    for (index, entry) in (1..).zip(partitions.iter()) {
        found.extend(partition(index, entry, &extents, &groups, &devices, slot, notes));
    }
    let mut table = Table::new(Scheme::Super, geometry.block.max(512), found);
    table.disk_id = devices.get(0).and_then(|device| text_at(device, 24, 36));
    Some(table)
}

/// A partition; none where its entry makes no sense, or it lies on another disk in part.
fn partition(
    index: u32,
    entry: &[u8],
    extents: &Entries<'_>,
    groups: &Entries<'_>,
    devices: &Entries<'_>,
    slot: u32,
    notes: &mut Vec<Note>,
) -> Option<Partition> {
    let mut name = text_at(entry, 0, 36)?;
    let (attributes, first, count) = (u32_at(entry, 36)?, u32_at(entry, 40)?, u32_at(entry, 44)?);
    if attributes & SLOT_SUFFIXED != 0 {
        name.push_str(if slot == 0 { "_a" } else { "_b" });
    }
    let group = groups.get(u32_at(entry, 48)? as usize).and_then(|group| text_at(group, 0, 36));
    let mut size = 0u64;
    let mut pieces = Vec::new();
    for extent in first..first.checked_add(count)? {
        let extent = extents.get(extent as usize)?;
        let (sectors, kind, target) = (u64_at(extent, 0)?, u32_at(extent, 8)?, u64_at(extent, 12)?);
        let device = u32_at(extent, 20)?;
        let start = match kind {
            0 if device == 0 => Some(Sectors::new(target)),
            0 => {
                let other = devices.get(device as usize).and_then(|device| text_at(device, 24, 36));
                notes.push(Note::Elsewhere { name, disk: other.unwrap_or_else(|| device.to_string()) });
                return None;
            }
            1 => None,
            _ => return None,
        };
        size = size.checked_add(sectors)?;
        pieces.push(Piece { size: Sectors::new(sectors), start });
    }
    let start = pieces.iter().find_map(|piece| piece.start).unwrap_or(Sectors::ZERO);
    let purpose = group.map_or(Purpose::Unknown, Purpose::Word);
    let mut partition = Partition::new(index, start.get(), size, purpose);
    partition.name = Some(name);
    partition.read_only = attributes & READ_ONLY != 0;
    partition.flags = FLAGS.iter().filter(|(bit, _)| attributes & bit != 0).map(|(_, word)| *word).collect();
    if pieces.len() != 1 || pieces[0].start.is_none() {
        partition.pieces = pieces;
    }
    Some(partition)
}
