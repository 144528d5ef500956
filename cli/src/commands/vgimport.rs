//! `vgimport`: VGs that were handed over are taken.

use super::each;
use crate::change::{self, Begin, Planned, Refusal};
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::world::World;
use vg::Purpose;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    if parsed.flag(Opt::Force) {
        world.warn("WARNING: Volume groups with missing PVs will be imported with --force.");
    }
    each::change_vgs(parsed, world, &mut one)
}

fn one(parsed: &Parsed, world: &mut World, session: &Session, name: &str) -> Result<Exit, Exit> {
    let purpose = match parsed.flag(Opt::Force) {
        true => Purpose::ChangeExportedDespiteMissing,
        false => Purpose::ChangeExported,
    };
    let begin = Begin::Existing(name, purpose);
    let own = session.host.system_id.clone();
    let done = change::run(parsed, world, session, begin, &mut |before, _| {
        let on_disk = before.vg().ok_or_else(|| Refusal::words("No volume group."))?;
        let proposal = vg::import(&on_disk.vg, own.as_deref()).map_err(|error| Refusal::failed(&error))?;
        Ok(Planned::new(proposal))
    })?;
    if change::is_told(parsed, done.as_ref()) {
        world.print(format_args!("Volume group \"{name}\" successfully imported"));
    }
    Ok(change::exit_after(done.as_ref()))
}
