//! Labels of IBM's direct access storage devices, big-endian, their letters in EBCDIC.
//!
//! ```text
//! block 2    0 key   4 kind   8 volume's name, 6 bytes
//!   CMS1    16 bytes in a block u32   32 blocks u32   56 first block of a reserved minidisk u32
//!   VOL1    15 place of the list of contents: cylinder u16, head u16, record
//!   LNX1    83 version (0xf2: there is a count)   84 formatted blocks u64
//! contents  44 kind   105 extent: ... 107 first cylinder, head   111 last cylinder, head
//! ```
//! Twelve bits of a cylinder's number are in the upper bits of the head. An image does not tell its geometry:
//! it is that of the 3390, with as many blocks to a track as their size lets in.

use crate::Options;
use crate::bytes::{be16_at, be32_at, be64_at};
use crate::gpt::{block_sizes, guess};
use crate::note::Note;
use crate::table::{Partition, Purpose, Scheme, Table};
use crate::view::View;
use device::DiskError;

const LABEL_BLOCK: u64 = 2;
const HEADS: u64 = 15;
const VOL1: [u8; 4] = [0xe5, 0xd6, 0xd3, 0xf1];
const LNX1: [u8; 4] = [0xd3, 0xd5, 0xe7, 0xf1];
const CMS1: [u8; 4] = [0xc3, 0xd4, 0xe2, 0xf1];
/// Data sets that are partitions: formats 1 and 8.
const PARTITION: [u8; 2] = [0xf1, 0xf8];
/// Entries about the list itself and its free space: formats 4, 5, 7 and 9.
const OTHER: [u8; 4] = [0xf4, 0xf5, 0xf7, 0xf9];
/// Entries on a track or two; nobody has more partitions than three.
const MOST: u64 = 256;

/// Blocks of a size on one track. Facts: fdasd.
const fn per_track(block: u64) -> u64 {
    let n = (block + 6).div_ceil(232) + 1;
    1729 / (19 + (block + 6 * n).div_ceil(34))
}

pub(crate) fn read(
    view: &View<'_>,
    options: &Options,
    _: &mut Vec<Note>,
) -> Result<Option<Table>, DiskError> {
    for (place, block) in block_sizes(view, options).into_iter().enumerate() {
        let size = u64::from(block);
        let Some(label) = guess(place, view.read(LABEL_BLOCK * size, 512))? else { continue };
        let kind = &label[4..8];
        let partitions = if kind == CMS1 {
            cms(&label)
        } else if kind == VOL1 {
            contents(view, &label, size)?
        } else if kind == LNX1 {
            linux(view, &label, size)
        } else {
            continue;
        };
        let mut table = Table::new(Scheme::Dasd, block, partitions);
        table.disk_id = name(&label[8..14]);
        return Ok(Some(table));
    }
    Ok(None)
}

/// All the disk but the label.
fn cms(label: &[u8]) -> Vec<Partition> {
    let number = |at| be32_at(label, at).map_or(0, u64::from);
    let (block, blocks, reserved) = (number(16), number(32), number(56));
    let per_block = block / 512;
    let (first, blocks) = match reserved {
        0 => (LABEL_BLOCK + 1, blocks),
        reserved => (reserved, blocks.saturating_sub(1)),
    };
    let start = first.saturating_mul(per_block);
    let size = blocks.saturating_mul(per_block).saturating_sub(start);
    vec![Partition::new(1, start, size, Purpose::Unknown)]
}

/// All the disk but the label, as far as it is formatted.
fn linux(view: &View<'_>, label: &[u8], block: u64) -> Vec<Partition> {
    let disk = view.len() / 512;
    let formatted = match label[83] {
        0xf2 => be64_at(label, 84).unwrap_or(0).saturating_mul(block / 512),
        _ => disk / (HEADS * per_track(block) * (block / 512)) * (HEADS * per_track(block) * (block / 512)),
    };
    let start = (LABEL_BLOCK + 1) * (block / 512);
    vec![Partition::new(1, start, formatted.min(disk).saturating_sub(start), Purpose::Unknown)]
}

/// The data sets in the list of contents.
fn contents(view: &View<'_>, label: &[u8], block: u64) -> Result<Vec<Partition>, DiskError> {
    let (track, per_block) = (per_track(block), block / 512);
    let place = |bytes: &[u8], at: usize| {
        let (cylinder, head) = (u64::from(be16_at(bytes, at)?), u64::from(be16_at(bytes, at + 2)?));
        Some(((((head & 0xfff0) << 12) | cylinder) * HEADS + (head & 0xf)) * track)
    };
    let Some(first) = place(label, 15) else { return Ok(Vec::new()) };
    // Records count from 1, and the first one describes the list.
    let first = first + u64::from(label[19]) + 1;
    let mut partitions = Vec::new();
    for at in first..first + MOST {
        let Some(entry) = view.read(at.saturating_mul(block), 512)? else { break };
        if OTHER.contains(&entry[44]) {
            continue;
        }
        if !PARTITION.contains(&entry[44]) {
            break;
        }
        let (Some(start), Some(last)) = (place(&entry, 107), place(&entry, 111)) else { break };
        let size = last.saturating_sub(start) + track;
        let number = u32::try_from(partitions.len()).unwrap_or(0) + 1;
        let mut partition = Partition::new(number, start * per_block, size * per_block, Purpose::Unknown);
        partition.name = name(&entry[..44]);
        partitions.push(partition);
    }
    Ok(partitions)
}

/// Letters, digits and the few signs that names have; none where nothing is left of it.
fn name(ebcdic: &[u8]) -> Option<String> {
    let letter = |&byte: &u8| match byte {
        0xc1..=0xc9 => Some(b'A' + (byte - 0xc1)),
        0xd1..=0xd9 => Some(b'J' + (byte - 0xd1)),
        0xe2..=0xe9 => Some(b'S' + (byte - 0xe2)),
        0xf0..=0xf9 => Some(b'0' + (byte - 0xf0)),
        0x4b => Some(b'.'),
        0x5b => Some(b'$'),
        0x60 => Some(b'-'),
        0x6d => Some(b'_'),
        0x7b => Some(b'#'),
        0x7c => Some(b'@'),
        _ => None,
    };
    let text: String = ebcdic.iter().map_while(letter).map(char::from).collect();
    (!text.is_empty()).then_some(text)
}
