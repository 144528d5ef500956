//! Label, PV header and headers of metadata areas, field by field.
//!
//! Field names and `CHECK:` lines are LVM2's, which people and scripts read (2.03.40: tools/pvck.c).

use super::source::{Raw, Source};
use crate::world::World;
use metadata::disk::{DiskArea, MdaHeader, SECTOR};
use units::{Id, crc};

const LABEL: &[u8; 8] = b"LABELONE";
const TYPE: &[u8; 8] = b"LVM2 001";
const MAGIC: &[u8; 16] = b" LVM2 x[5A%r0N*>";
/// Where the page sizes of the machines that make PVs put the first metadata area.
const PAGES: [u64; 4] = [4096, 8192, 16384, 65536];
/// A metadata area that starts behind that is a second one.
const LAST_FIRST: u64 = 65536;

/// Whether fields are shown, or only what is wrong with them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fields {
    Shown,
    Hidden,
}

/// A place and a length on the disk, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) offset: u64,
    pub(super) size: u64,
}

impl Area {
    /// 1 or 2: the one at the start or the one at the end.
    pub(super) fn number(self) -> u32 {
        if self.offset <= LAST_FIRST { 1 } else { 2 }
    }
}

/// What the label tells.
#[derive(Debug, Default)]
pub(super) struct Areas {
    /// Whether there is a label at all.
    pub(super) label: bool,
    /// Metadata areas.
    pub(super) areas: Vec<Area>,
}

/// What the header of a metadata area tells.
#[derive(Debug, Default)]
pub(super) struct Header {
    /// Whether there is a header at all.
    pub(super) found: bool,
    pub(super) sound: bool,
    /// The checksum of the committed text.
    pub(super) checksum: Option<u32>,
    /// Where the committed text lies.
    pub(super) text: Option<Locn>,
}

/// Where a text lies, counted from the start of its metadata area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Locn {
    pub(super) offset: u64,
    pub(super) size: u64,
    pub(super) checksum: u32,
}

/// Prints a line where fields are shown.
macro_rules! show {
    ($fields:expr, $world:expr, $($arguments:tt)*) => {
        if $fields == Fields::Shown { $world.print(format_args!($($arguments)*)) }
    };
}

/// Looks at the label in that sector. Gives whether it is sound, and what it says of metadata areas.
pub(super) fn label(world: &mut World, source: &Source, sector: u64, fields: Fields) -> (bool, Areas) {
    let at = sector * SECTOR as u64;
    let Some(bytes) = source.read(at, SECTOR as u64) else {
        world.print(format_args!("CHECK: failed to read label_header at {at}"));
        return (false, Areas::default());
    };
    let raw = Raw(&bytes);
    show!(fields, world, "label_header at {at}");
    show!(fields, world, "label_header.id {}", raw.word(0, 8));
    show!(fields, world, "label_header.sector {}", raw.u64(8));
    show!(fields, world, "label_header.crc 0x{:x}", raw.u32(16));
    show!(fields, world, "label_header.offset {}", raw.u32(20));
    show!(fields, world, "label_header.type {}", raw.word(24, 8));
    let (mut sound, found) = check_label(world, &bytes, sector);
    let pv = at + 32;
    show!(fields, world, "pv_header at {pv}");
    show!(fields, world, "pv_header.pv_uuid {}", raw.word(32, 32));
    show!(fields, world, "pv_header.device_size {}", raw.u64(64));
    if bytes[32..].first_chunk().is_none_or(|id| Id::from_bytes(id).is_err()) {
        world.print("CHECK: pv_header.pv_uuid invalid format");
        sound = false;
    }
    let mut list = List { world, raw, at, place: 72, number: 0, fields };
    list.walk("pv_header", "location of data area");
    let areas = list.walk("pv_header", "location of metadata area");
    let place = list.place;
    if let Some(first) = areas.first().filter(|first| !PAGES.contains(&first.offset)) {
        let number = list.number - areas.len() - 1;
        let offset = first.offset;
        world.print(format_args!(
            "WARNING: pv_header.disk_locn[{number}].offset {offset} is unexpected # for first mda"
        ));
    }
    show!(fields, world, "pv_header_extension at {}", at + place as u64);
    show!(fields, world, "pv_header_extension.version {}", raw.u32(place));
    show!(fields, world, "pv_header_extension.flags {}", raw.u32(place + 4));
    List { world, raw, at, place: place + 8, number: 0, fields }
        .walk("pv_header_extension", "bootloader area");
    (sound, Areas { label: found, areas })
}

/// A list of areas in the label's sector.
struct List<'a> {
    world: &'a mut World,
    raw: Raw<'a>,
    /// Where the sector stands on the disk.
    at: u64,
    /// Where in the sector the next pair stands.
    place: usize,
    number: usize,
    fields: Fields,
}

impl List<'_> {
    /// Goes through a list up to the pair that ends it, or the sector's end.
    fn walk(&mut self, name: &str, what: &str) -> Vec<Area> {
        let mut areas = Vec::new();
        while self.place + 16 <= SECTOR {
            let area = Area { offset: self.raw.u64(self.place), size: self.raw.u64(self.place + 8) };
            let end = area.offset == 0;
            let (number, at) = (self.number, self.at + self.place as u64);
            let what = if end { "location list end" } else { what };
            show!(self.fields, self.world, "{name}.disk_locn[{number}] at {at} # {what}");
            show!(self.fields, self.world, "{name}.disk_locn[{number}].offset {}", area.offset);
            show!(self.fields, self.world, "{name}.disk_locn[{number}].size {}", area.size);
            self.place += 16;
            self.number += 1;
            if end {
                break;
            }
            areas.push(area);
        }
        areas
    }
}

fn check_label(world: &mut World, bytes: &[u8], sector: u64) -> (bool, bool) {
    let raw = Raw(bytes);
    let computed = crc(&bytes[20..]);
    let (marked, typed) = (&bytes[..8] == LABEL, &bytes[24..32] == TYPE);
    let faults = [
        (marked, "id expected LABELONE".to_owned()),
        (raw.u64(8) == sector, format!("sector expected {sector}")),
        (raw.u32(16) == computed, format!("crc expected 0x{computed:x}")),
        (raw.u32(20) == 32, "offset expected 32".to_owned()),
        (typed, "type expected LVM2 001".to_owned()),
    ];
    for (_, fault) in faults.iter().filter(|(sound, _)| !sound) {
        world.print(format_args!("CHECK: label_header.{fault}"));
    }
    (faults.iter().all(|(sound, _)| *sound), marked && typed)
}

/// Looks at the header of a metadata area.
pub(super) fn area(world: &mut World, source: &Source, area: Area, fields: Fields) -> Header {
    let (offset, number) = (area.offset, area.number());
    let Some(bytes) = source.read(offset, SECTOR as u64) else {
        world.print(format_args!("CHECK: failed to read mda_header at {offset}"));
        return Header::default();
    };
    let raw = Raw(&bytes);
    show!(fields, world, "mda_header_{number} at {offset} # metadata area");
    show!(fields, world, "mda_header_{number}.checksum 0x{:x}", raw.u32(0));
    show!(fields, world, "mda_header_{number}.magic 0x{}", raw.hex(4, 16));
    show!(fields, world, "mda_header_{number}.version {}", raw.u32(20));
    show!(fields, world, "mda_header_{number}.start {}", raw.u64(24));
    show!(fields, world, "mda_header_{number}.size {}", raw.u64(32));
    let (sound, found) = check_area(world, &bytes, area);
    let mut header = Header { found, sound, checksum: None, text: None };
    let Ok((parsed, _)) = MdaHeader::inspect(&bytes, DiskArea::new(area.offset, area.size)) else {
        return header;
    };
    for (place, slot) in parsed.slots.iter().enumerate() {
        let name = format!("mda_header_{number}.raw_locn[{place}]");
        let (start, size) = (slot.offset.get(), slot.size.get());
        let which = if place == 0 { "commit" } else { "precommit" };
        let wrapped = if start.saturating_add(size) > area.size { " wrapped" } else { "" };
        let ignored = if slot.is_ignored() { " # RAW_LOCN_IGNORED" } else { "" };
        show!(fields, world, "{name} at {} # {which}{wrapped}", offset + 40 + 24 * place as u64);
        show!(fields, world, "{name}.offset {start}");
        show!(fields, world, "{name}.size {size}");
        show!(fields, world, "{name}.checksum 0x{:x}", slot.checksum);
        show!(fields, world, "{name}.flags 0x{:x}{ignored}", slot.flags);
        if place == 1 && start != 0 {
            world.print(format_args!("CHECK: {name} for precommit not empty"));
        }
        if slot.is_ignored() {
            continue;
        }
        let most = area.size.saturating_sub(SECTOR as u64);
        if size > most {
            world.print(format_args!("CHECK: {name}.size larger than metadata area size"));
        }
        if place == 0 {
            header.checksum = Some(slot.checksum);
            let locn = Locn { offset: start, size: size.min(most), checksum: slot.checksum };
            header.text = (start != 0).then_some(locn);
        }
    }
    header
}

fn check_area(world: &mut World, bytes: &[u8], area: Area) -> (bool, bool) {
    let raw = Raw(bytes);
    let computed = crc(&bytes[4..]);
    let marked = &bytes[4..20] == MAGIC;
    let (offset, size) = (area.offset, area.size);
    let faults = [
        (raw.u32(0) == computed, format!("checksum expected 0x{computed:x}")),
        (marked, format!("magic expected 0x{}", Raw(MAGIC).hex(0, 16))),
        (raw.u32(20) == 1, "version expected 1".to_owned()),
        (raw.u64(24) == offset, format!("start does not match pv_header.disk_locn.offset {offset}")),
        (raw.u64(32) == size, format!("size does not match pv_header.disk_locn.size {size}")),
    ];
    for (_, fault) in faults.iter().filter(|(sound, _)| !sound) {
        world.print(format_args!("CHECK: mda_header_{}.{fault}", area.number()));
    }
    (faults.iter().all(|(sound, _)| *sound), marked)
}
