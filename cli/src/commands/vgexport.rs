//! `vgexport`: VGs are handed over.

use super::each;
use crate::change::{self, Begin, Planned, Refusal};
use crate::exit::Exit;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::world::World;
use vg::Purpose;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    each::change_vgs(parsed, world, &mut one)
}

fn one(parsed: &Parsed, world: &mut World, session: &Session, name: &str) -> Result<Exit, Exit> {
    let begin = Begin::Existing(name, Purpose::Change);
    let done = change::run(parsed, world, session, begin, &mut |before, _| {
        let on_disk = before.vg().ok_or_else(|| Refusal::words("No volume group."))?;
        let proposal = vg::export(&on_disk.vg, &before.live()).map_err(|error| Refusal::failed(&error))?;
        Ok(Planned::new(proposal))
    })?;
    if change::is_told(parsed, done.as_ref()) {
        world.print(format_args!("Volume group \"{name}\" successfully exported"));
    }
    Ok(change::exit_after(done.as_ref()))
}
