//! `fullreport`: reports on VGs, their PVs, LVs and segments at once.

use crate::exit::Exit;
use crate::parsed::Parsed;
use crate::reports;
use crate::world::World;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    reports::run_full(parsed, world)
}
