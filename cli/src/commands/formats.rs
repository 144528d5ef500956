//! `formats`: the metadata formats that are known.

use crate::exit::Exit;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::world::World;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    if let Err(exit) = Session::settle(parsed, world) {
        return exit;
    }
    world.print_object(|| serde_json::json!({ "format": "lvm2" }), "lvm2");
    Exit::OK
}
