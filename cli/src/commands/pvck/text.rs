//! Texts of metadata areas, as they lie there.

use super::Sound;
use super::headers::{Area, Fields, Locn};
use super::source::Source;
use crate::change::Refusal;
use crate::world::World;
use metadata::disk::SECTOR;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use units::crc;

/// A text that a slot points at.
#[derive(Debug, Default)]
pub(super) struct Current {
    pub(super) sound: bool,
    /// Where it lies on the disk.
    at: u64,
    bytes: Vec<u8>,
    vg: Option<String>,
    seqno: u64,
}

impl Current {
    /// What it is, in a line.
    pub(super) fn line(&self) -> String {
        let vg = self.vg.as_deref().unwrap_or("?");
        format!(
            "metadata text at {} crc 0x{:x} # vgname {vg} seqno {}",
            self.at,
            crc(&self.bytes),
            self.seqno
        )
    }

    /// Up to its NUL.
    pub(super) fn text(&self) -> &[u8] {
        until_nul(&self.bytes)
    }
}

/// Bytes up to the first NUL.
pub(super) fn until_nul(bytes: &[u8]) -> &[u8] {
    bytes.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// Reads the text that slot 0 points at, and checks it.
pub(super) fn current(
    world: &mut World,
    source: &Source,
    area: Area,
    locn: Locn,
    fields: Fields,
) -> Result<Current, Refusal> {
    let name = format!("mda_header_{}.raw_locn[0]", area.number());
    let at = area.offset.saturating_add(locn.offset);
    let end = locn.offset.saturating_add(locn.size);
    // What does not fit goes on behind the header.
    let rest = end.saturating_sub(area.size).min(locn.size);
    let first = source.read(at, locn.size - rest);
    let second = source.read(area.offset + SECTOR as u64, rest);
    let (Some(mut bytes), Some(second)) = (first, second) else {
        world.print(format_args!(
            "CHECK: failed to read metadata text at {name}.offset {} size {}",
            locn.offset, locn.size
        ));
        return Ok(Current::default());
    };
    bytes.extend(second);
    let mut current = Current { sound: true, at, ..Current::default() };
    if crc(&bytes) != locn.checksum {
        world.print(format_args!("CHECK: metadata text at {at} crc does not match {name}.checksum"));
        current.sound = false;
    }
    match conf::parse(until_nul(&bytes)) {
        Err(_) => {
            world.print(format_args!("CHECK: failed to parse metadata text at {at} size {}", locn.size));
            current.sound = false;
        }
        Ok(tree) => {
            let root = tree.root.nodes().first();
            let name = root.and_then(|node| node.key.to_str().map(str::to_owned));
            let seqno = root.and_then(|node| node.as_section()?.value("seqno")?.uint());
            if root.is_some_and(|node| node.as_section().is_some()) && seqno.is_none() {
                world.print(format_args!("CHECK: failed to parse seqno text at {at}"));
                current.sound = false;
            }
            (current.vg, current.seqno) = (name, seqno.unwrap_or(u64::from(root.is_some())));
        }
    }
    current.bytes = bytes;
    if fields == Fields::Shown {
        world.print(current.line());
    }
    Ok(current)
}

/// Gives a text to a new file, or else to standard output.
pub(super) fn give(world: &mut World, file: Option<&Path>, text: &[u8]) -> Result<(), Refusal> {
    match file {
        Some(file) => write_new(file, text),
        None => {
            world.print("---");
            world.raw(text);
            world.raw("\n");
            world.print("---");
            Ok(())
        }
    }
}

/// Writes a file that must not be there.
pub(super) fn write_new(file: &Path, bytes: &[u8]) -> Result<(), Refusal> {
    let failed = |error: std::io::Error| {
        Refusal::words(format!("Failed to create file {}", file.display())).line(error.to_string())
    };
    let mut opened = OpenOptions::new().write(true).create_new(true).open(file).map_err(failed)?;
    opened.write_all(bytes).and_then(|()| opened.sync_all()).map_err(failed)
}

/// Copies the whole area into a file.
pub(super) fn area(world: &mut World, source: &Source, area: Area, file: Option<&Path>) -> Sound {
    let Some(file) = file else {
        return Err(Refusal::words("A metadata area can only be dumped to a file.").hint("--file names it"));
    };
    let Some(bytes) = source.read(area.offset, area.size) else {
        world.print(unreadable(area));
        return Ok(false);
    };
    write_new(file, &bytes)?;
    Ok(true)
}

/// What is said of an area that cannot be read.
pub(super) fn unreadable(area: Area) -> String {
    format!("CHECK: failed to read metadata area at offset {} size {}", area.offset, area.size)
}
