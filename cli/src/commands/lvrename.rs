//! `lvrename`: another name for an LV.

use crate::change::{self, Begin, Planned, Refusal};
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{LvName, Session, default_vg, split_lv};
use crate::world::World;
use lv::{RenameError, check_new_name};
use metadata::model::names::check_vg_name;
use vg::Purpose;

/// What is to be renamed.
struct Names {
    vg: String,
    old: String,
    new: String,
}

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    match rename(parsed, world) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn rename(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let session = Session::open(parsed, world)?;
    let Names { vg, old, new } = names(parsed, world)?;
    check_new_name(&vg, &old, &new).map_err(|error| refusal(&error).tell(world))?;
    let done =
        change::run(parsed, world, &session, Begin::Existing(&vg, Purpose::Change), &mut |before, _| {
            let Some(on_disk) = before.vg() else { return Err(Refusal::words("No volume group.")) };
            let Some(lv) = on_disk.vg.lv_named(&old) else {
                let missing = format!("Existing logical volume \"{old}\" not found in volume group \"{vg}\"");
                let renamed = on_disk.vg.lv_named(&new).is_some();
                return Err(Refusal::words(missing).already_so(renamed));
            };
            lv::rename(&on_disk.vg, lv.id, &new).map(Planned::new).map_err(|error| refusal(&error))
        })?;
    if !parsed.flag(Opt::Plan) {
        world.print(format_args!("Renamed \"{old}\" to \"{new}\" in volume group \"{vg}\""));
    }
    Ok(done.map_or(Exit::OK, |done| done.exit))
}

fn refusal(error: &RenameError) -> Refusal {
    let refusal = Refusal::failed(error);
    if error.is_usage() { refusal.invalid() } else { refusal }
}

/// `VG OLD NEW`, or `VG/OLD NEW`; either name may come with the VG, which has to be the same.
fn names(parsed: &Parsed, world: &mut World) -> Result<Names, Exit> {
    let words = parsed.words();
    let (vg, old, new) = match words.as_slice() {
        [vg, old, new] => {
            let vg = super::vg_word(world, vg);
            let (other, old) = part(world, old)?;
            if let Some(other) = other.filter(|other| *other != vg) {
                world.error(format_args!("Please use a single volume group name (\"{vg}\" or \"{other}\")"));
                return Err(Exit::INVALID);
            }
            (vg, old, new)
        }
        [old, new] => match part(world, old)? {
            (Some(vg), old) => (vg, old, new),
            (None, old) => match default_vg(world) {
                Some(vg) => (vg, old, new),
                None => {
                    world.error(format_args!("Path required for Logical Volume \"{old}\"."));
                    world.error("Please provide a valid volume group name");
                    return Err(Exit::INVALID);
                }
            },
        },
        _ => {
            world.error("Old and new logical volume names required");
            return Err(Exit::INVALID);
        }
    };
    if check_vg_name(&vg).is_err() {
        world.error("Please provide a valid volume group name");
        return Err(Exit::INVALID);
    }
    let (other, new) = part(world, new)?;
    if let Some(other) = other.filter(|other| *other != vg) {
        world.error(format_args!(
            "Logical volume names must have the same volume group (\"{vg}\" or \"{other}\")"
        ));
        return Err(Exit::INVALID);
    }
    Ok(Names { vg, old, new })
}

/// The VG, where it is there, and the LV of a name.
fn part(world: &mut World, word: &str) -> Result<(Option<String>, String), Exit> {
    if !word.contains('/') {
        return Ok((None, word.to_owned()));
    }
    match split_lv(word, &world.dev_dir) {
        Some(LvName { vg, lv: Some(lv) }) => Ok((Some(vg), lv)),
        Some(LvName { lv: None, .. }) | None => {
            world.error(format_args!("\"{word}\": Invalid path for Logical Volume."));
            world.error("Please provide a valid volume group name");
            Err(Exit::INVALID)
        }
    }
}
