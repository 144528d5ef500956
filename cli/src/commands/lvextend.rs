//! `lvextend`: a larger LV.

use crate::exit::Exit;
use crate::parsed::Parsed;
use crate::resizing;
use crate::world::World;
use lv::Direction;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    match resizing::resize(parsed, world, Direction::Extend) {
        Ok(exit) | Err(exit) => exit,
    }
}
