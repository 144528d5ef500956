//! `systemid`: whose VGs this host may use.

use crate::exit::Exit;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::world::World;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    match Session::open(parsed, world) {
        Ok(session) => {
            let id = session.host.system_id.as_deref().unwrap_or_default();
            let object = || serde_json::json!({ "system_id": session.host.system_id });
            world.print_object(object, format_args!("system ID: {id}"));
            Exit::OK
        }
        Err(exit) => exit,
    }
}
