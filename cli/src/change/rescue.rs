//! What a killed command left behind, put right before the next change of the VG.

use super::{Before, Begin, dev_ref, machine, policy};
use crate::exit::Exit;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::world::World;
use activate::Rescued;
use dm::DmName;
use store::Held;

/// Looks for devices of the VG that are in the middle of something, and finishes it: whoever began it is dead,
/// for this command has the VG's lock. Reads the VG again where anything was done.
pub(crate) fn rescue(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    begin: Begin<'_>,
    before: Before,
    held: &Held,
) -> Result<Before, Exit> {
    let Some(on_disk) = before.vg() else { return Ok(before) };
    let policy = policy::policy(parsed, session).map_err(|refusal| refusal.tell(world))?;
    let find = |pv| on_disk.pvs.get(&pv).map(|pv| dev_ref(session, pv.disk));
    let live = before.live();
    let rescued = machine::with(world, session, held, |machine, _| {
        activate::rescue(machine, &on_disk.vg, &live, &policy, &find)
    });
    let rescued = rescued.map_err(|error| {
        world.error_chain(&error);
        Exit::FAILED
    })?;
    if rescued == Rescued::default() {
        return Ok(before);
    }
    tell(world, &rescued);
    let vg = on_disk.vg.name.clone();
    let mut before = if rescued.is_empty() { before } else { super::read(parsed, world, session, begin)? };
    for (lv, device) in &rescued.foreign {
        world.warn(format_args!(
            "WARNING: {device} has the id of an LV of {vg}, but not its name or its table: another VG's, left alone."
        ));
        if let Some(place) = before.place {
            before.sight.disown(place, *lv, device);
        }
    }
    Ok(before)
}

fn tell(world: &mut World, rescued: &Rescued) {
    let rows: [(&[DmName], &str); 4] = [
        (&rescued.forward, "finished what a killed command had begun with"),
        (&rescued.back, "took back what a killed command had begun with"),
        (&rescued.removed, "removed the device a killed command had made and not started:"),
        (&rescued.left_suspended, "left alone, though suspended (by whom is not known):"),
    ];
    for (names, what) in rows {
        for name in names {
            world.warn(format_args!("WARNING: {what} {name}."));
        }
    }
    if !rescued.left_suspended.is_empty() {
        world.hint("`lvchange -ay' of the LV lets I/O through again");
    }
}
