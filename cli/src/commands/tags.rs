//! `tags`: the tags of this host.

use crate::exit::Exit;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::world::World;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    match Session::open(parsed, world) {
        Ok(session) => {
            for tag in &session.host.tags {
                world.print_object(|| serde_json::json!({ "tag": tag }), tag);
            }
            Exit::OK
        }
        Err(exit) => exit,
    }
}
