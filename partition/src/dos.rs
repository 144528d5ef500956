//! DOS partition tables.
//!
//! ```text
//! sector 0   440 signature of the disk u32
//!            446 four entries of 16 bytes: boot flag, CHS, type (byte 4), CHS, start u32, size u32
//!            510 55 aa
//! ```
//! Starts and sizes count logical blocks. An extended entry heads a chain of further such sectors: in
//! each, a plain entry is a logical partition relative to that sector, an extended one the next link relative
//! to the extended partition. Some types of partitions hold labels of their own: see `slices`.

use crate::Options;
use crate::bytes::{u16_at, u32_at};
use crate::note::Note;
use crate::slices::{self, Parent};
use crate::table::{Partition, Purpose, Scheme, Table};
use crate::view::View;
use device::DiskError;
use std::collections::HashSet;

const ENTRIES: usize = 446;
const MAGIC: u16 = 0xaa55;
const EXTENDED: [u8; 3] = [0x05, 0x0f, 0x85];
const PROTECTIVE: u8 = 0xee;
const BOOT: u8 = 0x80;
/// Longer chains are nobody's.
const MOST_LOGICAL: usize = 1024;

/// One of the four entries of a boot sector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) boot: bool,
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
        if sector[at] & !BOOT != 0 {
            return Some(BootSector { entries, flags_valid: false });
        }
        entries.push(Entry {
            boot: sector[at] == BOOT,
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

/// Reads a DOS table with its logical partitions and the slices in its partitions, or none where sector 0
/// holds no such table, or one that protects a GPT.
pub(crate) fn read(
    view: &View<'_>,
    options: &Options,
    notes: &mut Vec<Note>,
) -> Result<Option<Table>, DiskError> {
    let Some(sector) = view.sector(0)? else { return Ok(None) };
    let Some(boot) = boot_sector(&sector).filter(|boot| boot.flags_valid && !is_protective(boot)) else {
        return Ok(None);
    };
    let block = options.sector_size.unwrap_or(view.block());
    let mut chains = Logical { view, block, partitions: Vec::new(), seen: HashSet::new(), notes };
    let mut partitions = Vec::new();
    for (slot, entry) in (1..).zip(&boot.entries).filter(|(_, entry)| entry.size != 0) {
        let found = partition(slot, 0, *entry, block);
        if entry.is_extended() {
            chains.follow(slot, u64::from(entry.start))?;
        }
        partitions.push(found);
    }
    let logical = chains.partitions;
    let mut next = 5 + u32::try_from(logical.len()).unwrap_or(0);
    let primaries = partitions.clone();
    partitions.extend(logical);
    for parent in primaries {
        let Purpose::Dos(kind) = parent.purpose else { continue };
        let (number, start, size) = (parent.number, parent.start.get(), parent.size.get());
        let found = slices::inside(view, &Parent { number, kind, start, size }, next, notes)?;
        next += u32::try_from(found.len()).unwrap_or(0);
        partitions.extend(found);
    }
    let mut table = Table::new(Scheme::Dos, block, partitions);
    // Zero is none: many disks have it.
    table.disk_id = u32_at(&sector, 440).filter(|&id| id != 0).map(|id| format!("{id:08x}"));
    Ok(Some(table))
}

/// The partition of an entry that counts from block `base`.
fn partition(number: u32, base: u64, entry: Entry, block: u32) -> Partition {
    let per_block = u64::from(block / 512);
    let start = (base + u64::from(entry.start)).saturating_mul(per_block);
    let mut partition =
        Partition::new(number, start, u64::from(entry.size) * per_block, Purpose::Dos(entry.kind));
    partition.is_extended = entry.is_extended();
    if entry.boot {
        partition.flags.push("boot");
    }
    partition
}

/// The chains of logical partitions.
struct Logical<'a, 'v> {
    view: &'a View<'v>,
    block: u32,
    partitions: Vec<Partition>,
    seen: HashSet<u64>,
    notes: &'a mut Vec<Note>,
}

impl Logical<'_, '_> {
    /// Follows the chain from the extended partition `slot` at block `base`. A link that leads off the disk, to
    /// one that was there before, or to something that is no such sector, ends it.
    fn follow(&mut self, slot: u32, base: u64) -> Result<(), DiskError> {
        let (mut here, per_block) = (base, u64::from(self.block / 512));
        loop {
            let at = here.saturating_mul(per_block);
            if !self.seen.insert(here) {
                self.notes.push(Note::Chain { at, what: "it leads in a circle" });
                return Ok(());
            }
            if self.partitions.len() >= MOST_LOGICAL {
                self.notes.push(Note::Chain { at, what: "there are too many" });
                return Ok(());
            }
            let Some(sector) = self.view.sector(at)? else {
                self.notes.push(Note::Chain { at, what: "that is past the end of the disk" });
                return Ok(());
            };
            let Some(link) = boot_sector(&sector).filter(|link| link.flags_valid) else {
                self.notes.push(Note::Chain { at, what: "there is no table" });
                return Ok(());
            };
            let entries = link.entries.iter().take(2).filter(|entry| entry.size != 0);
            for entry in entries.clone().filter(|entry| !entry.is_extended()) {
                let number = 5 + u32::try_from(self.partitions.len()).unwrap_or(0);
                let found = partition(number, here, *entry, self.block);
                self.partitions.push(Partition { inside: Some(slot), ..found });
            }
            match entries.clone().find(|entry| entry.is_extended()) {
                Some(next) => here = base + u64::from(next.start),
                None => return Ok(()),
            }
        }
    }
}
