//! `lvmdevices`: the devices file, shown, checked against what is on the host, and edited.

mod check;
mod edit;
mod entries;

use crate::exit::Exit;
use crate::forms::FormId;
use crate::objects;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::world::World;
use entries::Entries;
use pv::known::{IdKind, id_of};

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    let done = match parsed.form() {
        FormId::LvmdevicesList => list(parsed, world),
        FormId::LvmdevicesCheck | FormId::LvmdevicesUpdate => check::run(parsed, world),
        _ if parsed.flag(Opt::Listids) => list_ids(parsed, world),
        _ => edit::run(parsed, world),
    };
    done.unwrap_or_else(|exit| exit)
}

/// Tells that there is no file to show or edit.
fn no_file(world: &mut World) -> Exit {
    world.error("Devices file does not exist.");
    Exit::FAILED
}

fn list(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let session = Session::open(parsed, world)?;
    let editor = session.editor(world, false)?;
    let Some(file) = &editor.file else { return Err(no_file(world)) };
    let entries = Entries::new(world, &editor, file);
    for (place, entry) in file.entries.iter().enumerate() {
        let device = entries.device(place).map(|device| entries.name(device));
        let object = || serde_json::json!({ "found_as": device, "entry": objects::entry(entry) });
        let shown = device.as_deref().unwrap_or("none");
        world.print_object(object, format_args!("Device {shown} {}", entries::line(entry)));
    }
    Ok(Exit::OK)
}

/// Every id that the kernel tells of a device; no devices file is needed.
fn list_ids(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let word = parsed.str(Opt::Listids).unwrap_or_default().to_owned();
    let kind = kind(parsed, world, "Unknown deviceidtype.")?;
    let Some((device, names)) = entries::find(world, &word) else {
        world.error(format_args!("No device found for {word}."));
        return Err(Exit::FAILED);
    };
    let mut found = false;
    for known in IdKind::all().filter(|known| kind.is_none_or(|kind| kind == *known)) {
        let Some(id) = id_of(known, &device, &names) else { continue };
        found = true;
        let object = || serde_json::json!({ "idtype": known.name(), "idname": id });
        match kind {
            Some(_) => world.print_object(object, &id),
            None => world.print_object(object, format_args!("{:16} {id}", known.name())),
        }
    }
    if let Some(kind) = kind.filter(|_| !found) {
        world.error(format_args!("deviceidtype {} not found for {word}", kind.name()));
        return Err(Exit::FAILED);
    }
    Ok(Exit::OK)
}

/// The kind of id that `--deviceidtype` names.
fn kind(parsed: &Parsed, world: &mut World, unknown: &str) -> Result<Option<IdKind>, Exit> {
    let Some(name) = parsed.str(Opt::Deviceidtype) else { return Ok(None) };
    IdKind::named(name).map(Some).ok_or_else(|| {
        world.error(unknown);
        Exit::FAILED
    })
}
