//! `lvchange -a`: activates or deactivates LVs.

use crate::change;
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{Session, Sight};
use crate::world::World;
use activate::Wish;
use std::collections::HashSet;
use units::Id;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    match activate(parsed, world) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn activate(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let session = Session::open(parsed, world)?;
    let sight = Sight::read(parsed, world, &session)?;
    let (chosen, mut exit) = sight.choose_lvs(parsed, world, &session);
    let turn_on = parsed.activation(Opt::Activate).is_some_and(|activation| activation.activates());
    let wish = if turn_on { Wish::Activate } else { Wish::Deactivate };
    let targets: Vec<(String, Option<HashSet<Id>>)> =
        chosen.into_iter().map(|choice| (sight.scan.vgs[choice.vg].vg.name.clone(), choice.lvs)).collect();
    for (name, lvs) in targets {
        let done = change::activation(parsed, world, &session, &name, &mut |world, vg, live| {
            let wanted = |id: &Id| lvs.as_ref().is_none_or(|lvs| lvs.contains(id));
            let picked: Vec<_> = vg
                .lvs
                .iter()
                .filter(|lv| lv.is_visible() || lvs.is_some())
                .filter(|lv| wanted(&lv.id))
                .collect();
            if !turn_on {
                for lv in &picked {
                    change::refuse_open(world, vg, live, lv)?;
                }
            }
            Ok(picked.into_iter().map(|lv| (lv.id, wish)).collect())
        });
        exit = exit.worse(match done {
            Ok(done) => done.map_or(Exit::OK, |done| done.exit),
            Err(exit) => exit,
        });
    }
    Ok(exit)
}
