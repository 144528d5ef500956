//! `vgmknodes`: the names of LVs below /dev, as they should be.

use crate::change;
use crate::exit::Exit;
use crate::parsed::Parsed;
use crate::session::{Session, Sight};
use crate::world::World;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    make(parsed, world).unwrap_or_else(|exit| exit)
}

fn make(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let session = Session::open(parsed, world)?;
    let sight = Sight::read(parsed, world, &session)?;
    let (chosen, mut exit) = sight.choose_lvs(parsed, world, &session);
    for choice in chosen {
        let name = sight.scan.vgs[choice.vg].vg.name.clone();
        exit = exit.worse(change::names(parsed, world, &session, &name).err().unwrap_or(Exit::OK));
    }
    Ok(exit)
}
