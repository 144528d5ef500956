//! `vgremove`: VGs go, with their LVs; the PVs stay.

use crate::change;
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::reports;
use crate::session::{Session, Sight};
use crate::world::World;
use report::field::Kind;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    remove(parsed, world).unwrap_or_else(|exit| exit)
}

fn remove(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let selection = match parsed.str(Opt::Select) {
        Some(text) => reports::selection(world, text, Kind::Vg)?,
        None => None,
    };
    let session = Session::open(parsed, world)?;
    let sight = Sight::read(parsed, world, &session)?;
    let (chosen, mut exit) = sight.choose_vgs(parsed, world, &session);
    let mut names: Vec<String> = Vec::new();
    for choice in &chosen {
        let view = sight.view(&session, choice.vg);
        if selection.as_ref().is_none_or(|selection| reports::selects_vg(selection, &view)) {
            names.push(view.vg.name.clone());
        }
    }
    for name in names {
        let done = change::removal(parsed, world, &session, &name);
        exit = exit.worse(done.err().unwrap_or(Exit::OK));
        if world.is_interrupted() {
            return Ok(exit.worse(Exit::FAILED));
        }
    }
    Ok(exit)
}
