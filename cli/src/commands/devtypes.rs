//! `devtypes`: a report on the kinds of block devices that are used as disks.

use crate::exit::Exit;
use crate::parsed::Parsed;
use crate::reports::{self, Base};
use crate::world::World;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    reports::run(parsed, world, Base::Devtypes)
}
