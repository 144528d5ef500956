//! `vgmknodes`: the names of LVs below /dev, as they should be.

use crate::change;
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{Session, Sight};
use crate::world::World;
use activate::Wish;
use metadata::model::Lv;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    make(parsed, world).unwrap_or_else(|exit| exit)
}

fn make(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let session = Session::open(parsed, world)?;
    let sight = Sight::read(parsed, world, &session)?;
    let (chosen, mut exit) = sight.choose_lvs(parsed, world, &session);
    for choice in chosen {
        let name = sight.scan.vgs[choice.vg].vg.name.clone();
        if parsed.flag(Opt::Refresh) {
            let wanted = |lv: &Lv| choice.lvs.as_ref().is_none_or(|lvs| lvs.contains(&lv.id));
            let done = change::activation(parsed, world, &session, &name, &mut |_, vg, live| {
                let running = vg.lvs.iter().filter(|lv| lv.is_visible() && live.is_active(lv.id));
                Ok(running.filter(|lv| wanted(lv)).map(|lv| (lv.id, Wish::Refresh)).collect())
            });
            match done {
                Ok(done) => exit = exit.worse(done.map_or(Exit::OK, |done| done.exit)),
                Err(failed) => {
                    exit = exit.worse(failed);
                    continue;
                }
            }
        }
        exit = exit.worse(change::names(parsed, world, &session, &name).err().unwrap_or(Exit::OK));
    }
    Ok(exit)
}
