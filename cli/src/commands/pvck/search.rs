//! Looking for texts in a metadata area without believing its header.

use super::headers::{Area, Fields};
use super::text::{unreadable, write_new};
use super::{Dump, Sound};
use crate::change::Refusal;
use crate::options::Opt;
use crate::world::World;
use metadata::disk::SECTOR;
use metadata::model::names::MAX_NAME;
use units::crc;

const MIB: u64 = 1 << 20;
/// Where the first metadata area of most PVs starts.
const FIRST: u64 = 4096;
/// Shorter texts are no VG's.
const LEAST: usize = 256;

/// Searches the area that settings, headers or habit say.
pub(super) fn run(dump: &Dump<'_>, world: &mut World) -> Sound {
    let (_, found) = dump.label(world, Fields::Hidden);
    let areas = if found.label { found.areas } else { Vec::new() };
    let (number, area) = place(dump, world, &areas)?;
    let known = usize::try_from(number).ok().and_then(|number| areas.get(number.checked_sub(1)?));
    if let Some(known) = known.filter(|known| **known != area) {
        world.print(format_args!(
            "Ignoring mda{number}_offset {} mda{number}_size {} from pv_header.",
            known.offset, known.size
        ));
    }
    let (offset, size) = (area.offset, area.size);
    world.print(format_args!("Searching for metadata at offset {offset} size {size}"));
    let Some(bytes) = dump.source.read(offset, size) else {
        world.print(unreadable(area));
        return Err(Refusal::words("The metadata area cannot be read."));
    };
    all(dump, world, area, &bytes)?;
    Ok(true)
}

/// Which area is searched, and whether it is the first or the second.
fn place(dump: &Dump<'_>, world: &mut World, areas: &[Area]) -> Result<(u64, Area), Refusal> {
    let settings = dump.settings;
    let len = dump.source.len();
    let from_headers = |number: u64| areas.get(usize::try_from(number).ok()?.checked_sub(1)?).copied();
    let own = (settings.mda_offset, settings.mda_size);
    let second = (settings.mda2_offset, settings.mda2_size);
    let (names, number, (offset, size)) = match (own, second) {
        ((None, None), (None, None)) => return default_place(dump, world, areas),
        ((None, None), second) => ("mda2_offset, mda2_size", settings.mda_num.or(Some(2)), second),
        (own, _) => ("mda_offset, mda_size", settings.mda_num, own),
    };
    if let (Some(offset), Some(size)) = (offset, size) {
        return Ok((number.unwrap_or(0), Area { offset, size }));
    }
    let Some(number) = number.filter(|number| settings.mda_num.is_some() && [1, 2].contains(number)) else {
        return Err(Refusal::words(format!("Specify at least two values from: mda_num, {names}.")));
    };
    if number == 1 && names.starts_with("mda2") {
        return Err(Refusal::words("Invalid mda_num=1 and mda2 settings."));
    }
    // A second area ends where the last whole MiB does.
    let end = len - len % MIB;
    let known = from_headers(number);
    let area = match (number, offset, size) {
        (1, Some(offset), _) => Area { offset, size: known.map_or(MIB - FIRST, |area| area.size) },
        (1, None, Some(size)) => Area { offset: FIRST, size },
        (_, Some(offset), _) => {
            Area { offset, size: known.map_or(end.saturating_sub(offset), |area| area.size) }
        }
        (_, None, size) => {
            let size = size.unwrap_or(MIB);
            Area { offset: known.map_or(end.saturating_sub(size), |area| area.offset), size }
        }
    };
    Ok((number, area))
}

/// Where nothing is set: what the headers say, or what is usual.
fn default_place(dump: &Dump<'_>, world: &mut World, areas: &[Area]) -> Result<(u64, Area), Refusal> {
    let number = dump.area_number().unwrap_or(1);
    let (known, ordinal, whose) = match number {
        1 => (areas.first(), "first", "common defaults"),
        2 => (areas.get(1), "second", "defaults"),
        _ => return Err(Refusal::words("No mda location.")),
    };
    if let Some(known) = known {
        return Ok((number, *known));
    }
    let len = dump.source.len();
    let offset = match number {
        1 => FIRST,
        _ if len < 2 * MIB => {
            return Err(Refusal::words("The device is too small for a second metadata area."));
        }
        _ => len - len % MIB - MIB,
    };
    let size = if number == 1 { MIB - FIRST } else { len - offset };
    world.print(format_args!("Using {whose} for {ordinal} mda: offset {offset} size {size}."));
    world.print("Override defaults with --settings \"mda_offset=<bytes> mda_size=<bytes>\"");
    Ok((number, Area { offset, size }))
}

/// What a text begins with.
struct Start<'a> {
    vg: &'a str,
    id: String,
    seqno: u32,
}

/// Tells of every text in the bytes of an area, and writes them all to the file where one is named.
pub(super) fn all(dump: &Dump<'_>, world: &mut World, area: Area, bytes: &[u8]) -> Result<(), Refusal> {
    let settings = dump.settings;
    let (mut place, mut first) = (SECTOR, None);
    let mut ids: Vec<String> = Vec::new();
    let mut texts: Vec<Vec<u8>> = Vec::new();
    while place + SECTOR <= bytes.len() {
        let at = area.offset + place as u64;
        let here = place;
        place += SECTOR;
        if settings.metadata_offset.is_some_and(|wanted| wanted != at) {
            continue;
        }
        let Some(start) = start(&bytes[here..]) else { continue };
        if settings.seqno.is_some_and(|wanted| wanted != start.seqno) {
            continue;
        }
        let Some(text) = copy(bytes, here, first) else {
            world.warn(format_args!("Failed to extract full metadata text at {at}, skipping."));
            continue;
        };
        if text.len() <= LEAST {
            world.print(format_args!("skip invalid metadata with len {} at {here}", text.len() - 1));
            world.warn(format_args!("Failed to extract full metadata text at {at}, skipping."));
            continue;
        }
        tell(dump, world, at, &start, &text);
        first.get_or_insert(here);
        ids.push(start.id);
        place = here + text.len().next_multiple_of(SECTOR);
        texts.push(text);
        if settings.metadata_offset.is_some() || settings.seqno.is_some() {
            break;
        }
    }
    if ids.iter().any(|id| *id != ids[0]) {
        world.warn("WARNING: Metadata from multiple VGs was found.");
    }
    let Some(file) = dump.file else { return Ok(()) };
    let texts: Vec<&[u8]> = texts.iter().map(|text| &text[..text.len() - 1]).collect();
    write_new(file, &texts.join(&b"\n--\n"[..]))
}

fn tell(dump: &Dump<'_>, world: &mut World, at: u64, start: &Start<'_>, text: &[u8]) {
    let Start { vg, id, seqno } = start;
    let (len, sum) = (text.len(), crc(text));
    world.print(format_args!("metadata at {at} length {len} crc {sum:08x} vg {vg} seqno {seqno} id {id}"));
    if conf::parse(&text[..len - 1]).is_err() {
        world.warn(format_args!("WARNING: Parse error for metadata at {at}."));
    }
    if !text.ends_with(b"\n\n\0") {
        world.warn(format_args!("WARNING: Unexpected terminating bytes for metadata at {at}."));
    }
    if !dump.parsed.flag(Opt::Verbose) {
        return;
    }
    let text = String::from_utf8_lossy(text);
    let mut lines = text.lines();
    if let Some(line) = lines.find(|line| line.starts_with("description = ")) {
        world.print(line);
        if let Some(line) = lines.find(|line| line.starts_with("creation_time = ")) {
            world.print(format_args!("{line}\n"));
        }
    }
}

/// Whether a text begins here: a VG's name, its id and its seqno, a line each.
fn start(bytes: &[u8]) -> Option<Start<'_>> {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let vg = vg_of_line(lines.next()?)?;
    let line = |line: &[u8]| String::from_utf8_lossy(&line[..line.len().min(128)]).into_owned();
    let id = line(lines.next()?).strip_prefix("id = ")?.trim_matches('"').to_owned();
    let seqno: String =
        line(lines.next()?).strip_prefix("seqno = ")?.chars().take_while(char::is_ascii_digit).collect();
    Some(Start { vg, id, seqno: seqno.parse().ok()? })
}

/// The name in a line that starts a VG's section.
pub(super) fn vg_of_line(line: &[u8]) -> Option<&str> {
    let end = line.iter().position(|byte| !(byte.is_ascii_alphanumeric() || b"._-+".contains(byte)))?;
    let rest = line[end..].strip_prefix(b" {")?;
    let name = std::str::from_utf8(&line[..end]).ok()?;
    (!name.is_empty() && name.len() <= MAX_NAME && rest.len() < 2).then_some(name)
}

/// The text from `start` on up to its NUL, that included; behind the end it goes on at the start of the ring, as
/// far as the first text found.
fn copy(bytes: &[u8], start: usize, first: Option<usize>) -> Option<Vec<u8>> {
    let nul = |part: &[u8]| part.iter().position(|byte| *byte == 0);
    if let Some(len) = nul(&bytes[start..]) {
        return Some(bytes[start..=start + len].to_vec());
    }
    let wrapped = bytes.get(SECTOR..first.unwrap_or(start))?;
    let len = nul(wrapped)?;
    Some([&bytes[start..], &wrapped[..=len]].concat())
}
