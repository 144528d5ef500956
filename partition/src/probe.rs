//! The kinds of tables in the order they are tried, and what their partitions are checked for.

use crate::note::Note;
use crate::table::{Partition, Scheme, Table};
use crate::view::View;
use crate::{android, atari, bsd, dasd, dos, gpt, mac, ps3, sgi, solaris, sun, unixware};
use device::{Disk, DiskError};
use units::{Bytes, Sectors};

/// How tables are looked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Only this kind.
    pub only: Option<Scheme>,
    /// Bytes in a block of the table; none: the disk's own, and for tables that tell, any other.
    pub sector_size: Option<u32>,
    /// Of Android's slots only this one; none: the first that is whole.
    pub slot: Option<u32>,
    /// Take a GPT without a protective entry in the first sector.
    pub force_gpt: bool,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The disk's table.
    pub table: Option<Table>,
    /// What is odd about it, or why there is none.
    pub notes: Vec<Note>,
}

type Probe = fn(&View<'_>, &Options, &mut Vec<Note>) -> Result<Option<Table>, DiskError>;

/// In kpartx's order, then those that it does not know; the first that fits is the disk's. GPT goes before DOS,
/// whose table it carries to protect itself; the Atari's, which has no magic, is last.
const PROBES: &[(Scheme, Probe)] = &[
    (Scheme::Gpt, gpt::read),
    (Scheme::Dos, dos::read),
    (Scheme::Bsd, bsd::read),
    (Scheme::Solaris, solaris::read),
    (Scheme::Unixware, unixware::read),
    (Scheme::Dasd, dasd::read),
    (Scheme::Mac, mac::read),
    (Scheme::Sun, sun::read),
    (Scheme::Ps3, ps3::read),
    (Scheme::Sgi, sgi::read),
    (Scheme::Super, android::read),
    (Scheme::Atari, atari::read),
];

impl Scheme {
    /// All that are looked for, in that order.
    pub fn all() -> impl Iterator<Item = Self> {
        PROBES.iter().map(|(scheme, _)| *scheme)
    }
}

/// The disk's partition table, or none. A table without partitions is a table. What is damaged is no table;
/// partitions that do not lie on the disk are left out. Only a disk that cannot be read is an error.
pub fn find(disk: &dyn Disk, options: &Options) -> Result<Found, DiskError> {
    let mut found = Found::default();
    if disk.len() < Bytes::new(Sectors::BYTES) {
        return Ok(found);
    }
    let view = View::new(disk);
    for (scheme, probe) in PROBES {
        if options.only.is_some_and(|only| only != *scheme) {
            continue;
        }
        if let Some(mut table) = probe(&view, options, &mut found.notes)? {
            check(&mut table, Sectors::new(view.len() / Sectors::BYTES), &mut found.notes);
            found.table = Some(table);
            break;
        }
    }
    Ok(found)
}

/// The disk's partition table, found without special wishes.
pub fn detect(disk: &dyn Disk) -> Result<Option<Table>, DiskError> {
    Ok(find(disk, &Options::default())?.table)
}

/// Leaves out partitions of no size and those that do not lie on the disk, and tells of overlaps.
fn check(table: &mut Table, disk: Sectors, notes: &mut Vec<Note>) {
    table.partitions.retain(|partition| {
        let stretches = partition.stretches();
        let mut on_disk = stretches.iter().filter_map(|piece| Some((piece.start?, piece.size)));
        let fits = on_disk.all(|(start, size)| start.checked_add(size).is_some_and(|end| end <= disk));
        if !fits && !partition.size.is_zero() {
            notes.push(Note::PastEnd {
                number: partition.number,
                start: partition.start.get(),
                size: partition.size.get(),
                disk: disk.get(),
            });
        }
        fits && !partition.size.is_zero()
    });
    notes.extend(overlaps(table));
}

/// Each partition that shares sectors with one before it, though neither was made to lie in the other; with that which
/// reaches furthest of those before it.
fn overlaps(table: &Table) -> Vec<Note> {
    if matches!(table.scheme, Scheme::Super | Scheme::Sgi | Scheme::Mac) {
        // These have partitions that stand for the whole disk, or share stretches by design.
        return Vec::new();
    }
    let plain = table.partitions.iter().filter(|partition| partition.inside.is_none());
    let mut sorted: Vec<_> = plain.collect();
    sorted.sort_by_key(|partition| partition.start);
    let mut notes = Vec::new();
    let mut furthest: Option<&Partition> = None;
    for partition in sorted {
        if let Some(before) = furthest.filter(|before| before.end().is_none_or(|end| end > partition.start)) {
            let (a, b) = (before.number, partition.number);
            notes.push(Note::Overlap { first: a.min(b), second: a.max(b) });
        }
        let reach = |partition: &Partition| partition.end().map_or(u64::MAX, Sectors::get);
        if furthest.is_none_or(|before| reach(before) < reach(partition)) {
            furthest = Some(partition);
        }
    }
    notes
}
