//! `vgremove`: VGs go, with their LVs; the PVs stay.

use super::each;
use crate::change;
use crate::exit::Exit;
use crate::parsed::Parsed;
use crate::world::World;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    each::change_vgs(parsed, world, &mut |parsed, world, session, name| {
        change::removal(parsed, world, session, name).map(|()| Exit::OK)
    })
}
