//! `vgrename`: another name for a VG, which is named by its name or by its id.

use crate::change::{self, Begin, Planned, Refusal};
use crate::commands::vgcreate;
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{Session, Sight};
use crate::world::World;
use units::Id;
use vg::{Purpose, RenameError};

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    rename(parsed, world).unwrap_or_else(|exit| exit)
}

fn rename(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let words = parsed.words();
    let session = Session::open(parsed, world)?;
    let (typed, new) = (super::vg_word(world, &words[0]), super::vg_word(world, &words[1]));
    vg::check_new_name(&typed, &new).map_err(|error: RenameError| Refusal::failed(&error).tell(world))?;
    if parsed.flag(Opt::Ifneeded) && is_renamed(parsed, world, &session, &typed, &new)? {
        world.print(format_args!("Volume group \"{typed}\" is called \"{new}\" already."));
        return Ok(Exit::OK);
    }
    if let Err(refusal) = vgcreate::check_path(&world.dev_dir, &session, &new) {
        let _ = refusal.tell(world);
        return Err(Exit::FAILED);
    }
    let (old, id) = named(parsed, world, &session, (&typed, &new))?;
    let begin = Begin::Renamed(&old, id, &new);
    let done = change::run(parsed, world, &session, begin, &mut |before, _| {
        let on_disk = before.vg().ok_or_else(|| Refusal::words("No volume group."))?;
        if on_disk.vg.name != old {
            return Err(Refusal::words(format!("Volume group {typed} was renamed by somebody else.")));
        }
        check_free(&before.sight, &new)?;
        let proposal = vg::rename(&on_disk.vg, &new).map_err(|error| Refusal::failed(&error))?;
        Ok(Planned::new(proposal))
    })?;
    if change::is_told(parsed, done.as_ref()) {
        world.print(format_args!("Volume group \"{typed}\" successfully renamed to \"{new}\""));
    }
    Ok(change::exit_after(done.as_ref()))
}

/// Whether there is no VG of the old name, or with that id under another, and one of the new.
fn is_renamed(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    typed: &str,
    new: &str,
) -> Result<bool, Exit> {
    let sight = Sight::read(parsed, world, session)?;
    let [place] = sight.named(new)[..] else { return Ok(false) };
    let is_it = typed.parse::<Id>().is_ok_and(|id| sight.scan.vgs[place].vg.id == id);
    let gone = typed.parse::<Id>().is_err() && sight.named(typed).is_empty();
    Ok(is_it || gone)
}

/// The name of the VG meant, with its id where that was given: then another VG may have the same name.
fn named(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    (typed, new): (&str, &str),
) -> Result<(String, Option<Id>), Exit> {
    let Ok(id) = typed.parse::<Id>() else { return Ok((typed.to_owned(), None)) };
    let sight = Sight::read(parsed, world, session)?;
    if !sight.named(typed).is_empty() {
        return Ok((typed.to_owned(), None));
    }
    if let (Some(found), false) = (sight.scan.vg(id), parsed.flag(Opt::Plan)) {
        world.print(format_args!("Processing VG {} because of matching UUID {typed}", found.vg.name));
    }
    let place = sight.the_vg_with_id(world, session, id, Purpose::ChangeExported)?;
    let old = sight.scan.vgs[place].vg.name.clone();
    if old == new {
        world.error("New VG name must differ from the old VG name.");
        return Err(Exit::FAILED);
    }
    Ok((old, Some(id)))
}

/// Refuses a name that another VG has, or that is another VG's id.
fn check_free(sight: &Sight, new: &str) -> Result<(), Refusal> {
    if !sight.named(new).is_empty() {
        return Err(Refusal::words(format!("New VG name \"{new}\" already exists")));
    }
    let owner = new.parse::<Id>().ok().and_then(|id| sight.scan.vg(id));
    match owner {
        Some(vg) => Err(Refusal::words(format!(
            "New VG name \"{new}\" matches the UUID of existing VG {}",
            vg.vg.name
        ))),
        None => Ok(()),
    }
}
