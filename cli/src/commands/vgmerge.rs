//! `vgmerge`: one VG becomes part of another.

use crate::change::{self, Begin, Planned, Refusal};
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::world::World;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    merge(parsed, world).unwrap_or_else(|exit| exit)
}

fn merge(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    refuse_spare(parsed, world)?;
    let words = parsed.words();
    let session = Session::open(parsed, world)?;
    let (to, from) = (super::vg_word(world, &words[0]), super::vg_word(world, &words[1]));
    if to == from {
        world.error(format_args!("Duplicate volume group name \"{from}\""));
        return Err(Exit::FAILED);
    }
    let done = change::run(parsed, world, &session, Begin::Merged(&to, &from), &mut |before, ctx| {
        let none = || Refusal::words("No volume group.");
        let on_disk = before.vg().ok_or_else(none)?;
        let (other, live) = before.other().ok_or_else(none)?;
        let proposal =
            vg::merge(&on_disk.vg, &other.vg, live, ctx).map_err(|error| Refusal::failed(&error))?;
        let arriving = other.pvs.values().cloned().collect();
        Ok(Planned { arriving, ..Planned::new(proposal) })
    })?;
    if change::is_told(parsed, done.as_ref()) {
        world.print(format_args!("Volume group \"{from}\" successfully merged into \"{to}\""));
    }
    Ok(change::exit_after(done.as_ref()))
}

/// Refuses to make a spare for the pools of a VG that gets some.
pub(super) fn refuse_spare(parsed: &Parsed, world: &mut World) -> Result<(), Exit> {
    if parsed.bool(Opt::Poolmetadataspare) != Some(true) {
        return Ok(());
    }
    let name = parsed.name().text();
    world.error(format_args!("{name} --poolmetadataspare y is not supported yet by rlvm."));
    Err(Exit::FAILED)
}
