//! `vgchange -a`: activates or deactivates the LVs of VGs.

use crate::change::{self, Refusal};
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{Session, Sight};
use crate::world::World;
use activate::Wish;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    match activate(parsed, world) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn activate(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let session = Session::open(parsed, world)?;
    let sight = Sight::read(parsed, world, &session)?;
    let (chosen, mut exit) = sight.choose_vgs(parsed, world, &session);
    let turn_on = parsed.activation(Opt::Activate).is_some_and(|activation| activation.activates());
    let names: Vec<String> = chosen.iter().map(|choice| sight.scan.vgs[choice.vg].vg.name.clone()).collect();
    for name in names {
        exit = exit.worse(one(parsed, world, &session, &name, turn_on).unwrap_or_else(|exit| exit));
    }
    Ok(exit)
}

fn one(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    name: &str,
    turn_on: bool,
) -> Result<Exit, Exit> {
    let activated = change::activation(parsed, world, session, name, &mut |_, vg, live| {
        let wish = if turn_on { Wish::Activate } else { Wish::Deactivate };
        let visible = vg.lvs.iter().filter(|lv| lv.is_visible());
        if !turn_on {
            let open =
                visible.clone().filter(|lv| live.of(lv.id).is_some_and(|live| live.open_count > 0)).count();
            if open > 0 {
                return Err(Refusal::words(format!(
                    "Can't deactivate volume group \"{name}\" with {open} open logical volume(s)"
                )));
            }
        }
        Ok(visible.map(|lv| (lv.id, wish)).collect())
    })?;
    if let Some(activated) = activated {
        let count = activated.running;
        world.print(format_args!("{count} logical volume(s) in volume group \"{name}\" now active"));
        return Ok(activated.exit);
    }
    Ok(Exit::OK)
}
