//! `vgchange -a`: activates or deactivates the LVs of VGs.

use crate::change::{self, Refusal};
use crate::commands::each;
use crate::exit::Exit;
use crate::holders::Holders;
use crate::options::{Activation, Opt};
use crate::parsed::Parsed;
use crate::session::{Session, Sight};
use crate::world::World;
use activate::Wish;
use metadata::live::Live;
use metadata::model::{Lv, Vg, VgFlag};
use pv::known::{OnlinePv, RunFiles};
use std::collections::HashSet;
use units::Id;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    let Some(by) = parsed.str(Opt::Autoactivation) else {
        return each::change_vgs(parsed, world, &mut one);
    };
    if by != "event" {
        world.print("Skip vgchange for unknown autoactivation value.");
        return Exit::OK;
    }
    on_event(parsed, world).unwrap_or_else(|exit| exit)
}

/// Called as PVs come up: only VGs that are complete are activated, and where none is named only those all of
/// whose PVs have been announced.
fn on_event(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let (session, vgs, mut exit) = each::named_vgs(parsed, world)?;
    if !session.settings.bool("global/event_activation") {
        world.print("Skip vgchange for event and event_activation=0.");
        return Ok(Exit::OK);
    }
    let sight = Sight::read(parsed, world, &session)?;
    let announced: Vec<OnlinePv> = RunFiles::new(world.run_dir.clone()).pvs();
    let ids: HashSet<Id> = announced.iter().map(|pv| pv.id).collect();
    let named = !parsed.positionals().is_empty();
    for (name, id) in vgs {
        session.mean(id);
        let Some(place) = sight.scan.vgs.iter().position(|vg| vg.vg.id == id && vg.vg.name == name) else {
            continue;
        };
        let on_disk = &sight.scan.vgs[place];
        let up = on_disk.vg.pvs.iter().filter(|pv| ids.contains(&pv.id)).count();
        if !named && up < on_disk.vg.pvs.len() {
            continue;
        }
        if up == 0 {
            world.print(format_args!("PVs online not found for VG {name}, using all devices."));
        }
        if on_disk.is_partial() {
            world.print(format_args!("VG {name} is incomplete."));
            continue;
        }
        exit = exit.worse(one(parsed, world, &session, &name).unwrap_or_else(|exit| exit));
    }
    Ok(exit)
}

/// `--refresh`: LVs that run get the tables that their VG's text asks for.
pub(super) fn refresh(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    name: &str,
) -> Result<Exit, Exit> {
    let done = change::activation(parsed, world, session, name, &mut |_, vg, live| {
        let running = vg.lvs.iter().filter(|lv| lv.is_visible() && live.is_active(lv.id));
        if parsed.bool(Opt::Poll) == Some(true) {
            super::check_polling(vg, live)?;
        }
        Ok(running.map(|lv| (lv.id, Wish::Refresh)).collect())
    })?;
    Ok(done.map_or(Exit::OK, |done| done.exit))
}

fn one(parsed: &Parsed, world: &mut World, session: &Session, name: &str) -> Result<Exit, Exit> {
    let asked = parsed.activation(Opt::Activate);
    let turn_on = asked.is_some_and(|activation| activation.activates());
    let mut not_automatic = false;
    let holders = Holders::new(world, session);
    let activated = change::activation(parsed, world, session, name, &mut |_, vg, live| {
        not_automatic = asked == Some(Activation::Auto) && vg.flags.has(VgFlag::NoAutoactivate);
        if not_automatic {
            return Ok(Vec::new());
        }
        let wish = if turn_on { Wish::Activate } else { Wish::Deactivate };
        let visible = vg.lvs.iter().filter(|lv| lv.is_visible());
        if !turn_on {
            refuse_open(&holders, vg, live)?;
        }
        Ok(visible.map(|lv| (lv.id, wish)).collect())
    })?;
    let Some(activated) = activated else { return Ok(Exit::OK) };
    if !not_automatic {
        let count = activated.running;
        world.print(format_args!("{count} logical volume(s) in volume group \"{name}\" now active"));
    }
    Ok(activated.exit)
}

/// Refuses a VG of which somebody has an LV open, and not only to look at it.
fn refuse_open(holders: &Holders, vg: &Vg, live: &Live) -> Result<(), Refusal> {
    let is_open = |lv: &&Lv| lv.is_visible() && live.of(lv.id).is_some_and(|live| live.open_count > 0);
    let open: Vec<&Lv> = vg.lvs.iter().filter(is_open).collect();
    if open.is_empty() {
        return Ok(());
    }
    let mut live = live.clone();
    for lv in &open {
        let (name, count) = (&vg.name, open.len());
        let line = || format!("Can't deactivate volume group \"{name}\" with {count} open logical volume(s)");
        let checked = holders.check(&format!("{name}/{}", lv.name), lv.id, &mut live);
        checked.map_err(|refusal| refusal.line(line()))?;
    }
    Ok(())
}
