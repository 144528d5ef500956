//! `vgconvert`: there is one metadata format left, so there is nothing to convert to.

use crate::exit::Exit;
use crate::parsed::Parsed;
use crate::world::World;

pub(super) fn run(_: &Parsed, world: &mut World) -> Exit {
    world.error(
        "Nothing to convert: metadata of the lvm1 format are gone from LVM2, and rlvm never had them.",
    );
    world.hint("an LVM2 of before 2018 converts them");
    Exit::FAILED
}
