//! Atari root sectors, big-endian.
//!
//! ```text
//! sector 0   0x156 eight more entries of ICD's tools   0x1c2 sectors of the disk u32
//!            0x1c6 four entries of 12 bytes: flags (1: in use), three letters, start u32, size u32
//! ```
//! An entry XGM heads a chain of such sectors: entry 0 is a partition relative to its sector, entry 1 the next
//! link relative to the first. There is no magic, so all entries in use must be plausible.

use crate::Options;
use crate::bytes::be32_at;
use crate::note::Note;
use crate::table::{Partition, Purpose, Scheme, Table};
use crate::view::View;
use device::DiskError;
use std::collections::HashSet;

const ENTRIES: usize = 0x1c6;
const ICD: usize = 0x156;
/// What ICD's entries hold; other letters are not trusted there.
const ICD_TYPES: [&str; 5] = ["GEM", "BGM", "LNX", "SWP", "RAW"];

struct Entry {
    letters: String,
    start: u64,
    size: u64,
    bootable: bool,
}

impl Entry {
    fn partition(self, number: u32, base: u64) -> Partition {
        let start = base.saturating_add(self.start);
        let mut partition = Partition::new(number, start, self.size, Purpose::Word(self.letters));
        if self.bootable {
            partition.flags.push("boot");
        }
        partition
    }
}

/// An entry in use.
fn entry(sector: &[u8], at: usize) -> Option<Entry> {
    let flags = *sector.get(at)?;
    let letters = sector.get(at + 1..at + 4)?;
    (flags & 1 != 0 && letters.iter().all(u8::is_ascii_alphanumeric)).then_some(())?;
    Some(Entry {
        letters: String::from_utf8_lossy(letters).into_owned(),
        start: u64::from(be32_at(sector, at + 4)?),
        size: u64::from(be32_at(sector, at + 8)?),
        bootable: flags & 0x80 != 0,
    })
}

fn is_plausible(root: &[u8], disk: u64) -> bool {
    let size = be32_at(root, 0x1c2).map_or(0, u64::from);
    let fits = |entry: &Entry| entry.start != 0 && entry.size != 0 && entry.start + entry.size <= size;
    let used = |slot: &usize| root.get(ENTRIES + slot * 12).is_some_and(|flags| flags & 1 != 0);
    let mut slots = (0..4).filter(used).peekable();
    size != 0
        && size <= disk
        && slots.peek().is_some()
        && slots.all(|slot| entry(root, ENTRIES + slot * 12).is_some_and(|entry| fits(&entry)))
}

pub(crate) fn read(view: &View<'_>, _: &Options, notes: &mut Vec<Note>) -> Result<Option<Table>, DiskError> {
    let Some(root) = view.sector(0)? else { return Ok(None) };
    // Such tables count in sectors of 512 bytes, whatever the disk has.
    if !is_plausible(&root, view.len() / 512) {
        return Ok(None);
    }
    let (mut partitions, mut number, mut extended) = (Vec::new(), 1, false);
    for slot in 0..4 {
        match entry(&root, ENTRIES + slot * 12) {
            Some(found) if found.letters == "XGM" => {
                extended = true;
                number = chain(view, found.start, number, &mut partitions, notes)?;
            }
            Some(found) => partitions.push(found.partition(number, 0)),
            None => {}
        }
        number += 1;
    }
    if !extended {
        icd(&root, number, &mut partitions);
    }
    Ok(Some(Table::new(Scheme::Atari, 512, partitions)))
}

/// Follows a chain from `base`; gives the number of its last partition.
fn chain(
    view: &View<'_>,
    base: u64,
    first: u32,
    partitions: &mut Vec<Partition>,
    notes: &mut Vec<Note>,
) -> Result<u32, DiskError> {
    let (mut here, mut number, mut seen) = (base, first, HashSet::new());
    loop {
        if !seen.insert(here) {
            notes.push(Note::Chain { at: here, what: "it leads in a circle" });
            return Ok(number);
        }
        let Some(link) = view.sector(here)? else {
            notes.push(Note::Chain { at: here, what: "that is past the end of the disk" });
            return Ok(number);
        };
        let Some(found) = entry(&link, ENTRIES) else { return Ok(number) };
        partitions.push(found.partition(number, here));
        match entry(&link, ENTRIES + 12).filter(|next| next.letters == "XGM") {
            Some(next) => here = base.saturating_add(next.start),
            None => return Ok(number),
        }
        number += 1;
    }
}

/// ICD's entries, where the first is one.
fn icd(root: &[u8], first: u32, partitions: &mut Vec<Partition>) {
    let known = |slot: usize| {
        entry(root, ICD + slot * 12).filter(|entry| ICD_TYPES.contains(&entry.letters.as_str()))
    };
    if known(0).is_none() {
        return;
    }
    let found = (first..).zip((0..8).map(known));
    partitions.extend(found.filter_map(|(number, entry)| Some(entry?.partition(number, 0))));
}
