//! `pvck` without options: whether there are a label and metadata areas, and whether they are sound.

use super::headers::{self, Area, Fields};
use super::label_sector;
use super::source::Source;
use crate::exit::Exit;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::world::World;
use std::path::Path;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let session = Session::open(parsed, world)?;
    let mut exit = Exit::OK;
    let words = parsed.words();
    if let [word] = &words[..]
        && !is_there(&session, Path::new(word))
    {
        world.error(format_args!("Cannot access device {word}."));
        return Ok(Exit::FAILED);
    }
    for word in words {
        let path = Path::new(&word);
        // LVM2's pvck passes such a device over, unless it is the only one and not there at all.
        let Some(entry) = session.found().disks.find(path) else {
            world.error(format_args!("Cannot use {word}: {}.", session.why_not(path)));
            continue;
        };
        if !look(world, &Source::disk(entry.disk()), &session.disk_name(entry.id()), label_sector(parsed)) {
            exit = Exit::FAILED;
        }
    }
    Ok(exit)
}

/// Whether there is such a device or image, usable or not.
fn is_there(session: &Session, path: &Path) -> bool {
    session.found().disks.find(path).is_some()
        || session.found().rejection(path).is_some()
        || device::identity(path).is_some()
}

fn look(world: &mut World, source: &Source, name: &str, sector: u64) -> bool {
    let (mut sound, label) = headers::label(world, source, sector, Fields::Hidden);
    if !label.label {
        world.error(format_args!("Could not find LVM label on {name}"));
        return false;
    }
    let mut found: Vec<&Area> = Vec::new();
    for area in label.areas.iter().take(2) {
        let header = headers::area(world, source, *area, Fields::Hidden);
        sound &= header.sound;
        if let Some(locn) = header.text {
            sound &=
                super::text::current(world, source, *area, locn, Fields::Hidden).is_ok_and(|text| text.sound);
        }
        found.extend(header.found.then_some(area));
    }
    world.print(format_args!("Found label on {name}, sector {sector}, type=LVM2 001"));
    for area in found {
        let (offset, size) = (area.offset, area.size);
        world.print(format_args!("Found text metadata area: offset={offset}, size={size}"));
    }
    sound
}
