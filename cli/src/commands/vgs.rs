//! `vgs`: a report on VGs.

use crate::exit::Exit;
use crate::parsed::Parsed;
use crate::reports::{self, Base};
use crate::world::World;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    reports::run(parsed, world, Base::Vgs)
}
