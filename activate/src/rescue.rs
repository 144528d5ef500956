//! What a command that was killed, and its guardian with it, left behind; put right by the next command that has
//! the VG's lock.

use crate::apply::Machine;
use crate::ground::Ground;
use crate::links;
use crate::policy::Policy;
use crate::want::{self, Devices, LvNode};
use dm::{Access, Control, DevNo, DevRef, Device, DmError, DmName, DmUuid, Event, Removal, Slot, Suspend};
use metadata::live::{Live, LvLive};
use metadata::model::names::{dm_name, dm_uuid};
use metadata::model::{Lv, Vg};
use units::Id;

/// What was found, by device-mapper names, and done about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rescued {
    /// The change was in force: the new table is live now, the new name given.
    pub forward: Vec<DmName>,
    /// The change was not in force: the old table stays, I/O goes on.
    pub back: Vec<DmName>,
    /// Made for an LV and never started: gone.
    pub removed: Vec<DmName>,
    /// It has an LV's id, but neither its name nor its table: an LV of a copy of the VG, which is left alone.
    pub foreign: Vec<(Id, DmName)>,
    /// Suspended, but with no table waiting: that was somebody else, and is left alone.
    pub left_suspended: Vec<DmName>,
}

impl Rescued {
    /// Whether anything was done.
    pub fn is_empty(&self) -> bool {
        self.forward.is_empty() && self.back.is_empty() && self.removed.is_empty()
    }
}

/// Puts devices of `vg`, as it is committed, right. The caller holds the VG's lock exclusively, so that whatever
/// is in the middle of something has died there. Asks nothing of device-mapper where `live` shows nothing
/// unusual; where it does something, `live` is out of date.
pub fn rescue(
    machine: &Machine<'_>,
    vg: &Vg,
    live: &Live,
    policy: &Policy,
    find: &dyn Fn(Id) -> Option<DevRef>,
) -> Result<Rescued, DmError> {
    let mut rescued = Rescued::default();
    let mut unusual: Vec<(&Id, &LvLive)> =
        live.lvs.iter().filter(|(id, live)| is_unusual(vg, **id, live)).collect();
    unusual.sort_by_key(|(_, live)| (live.major, live.minor));
    for (&id, live) in unusual {
        let Ok(name) = DmName::new(live.name.clone()) else { continue };
        let device = Device::Number(DevNo::new(live.major, live.minor));
        if !live.live_table {
            if live.open_count == 0 {
                machine.control.remove(device, Removal::RETRY, Event::default())?;
                rescued.removed.push(name);
            }
            continue;
        }
        let wanted = vg.lvs.get(id).and_then(|lv| wanted(machine, vg, lv, policy, find));
        if live.inactive_table {
            let new = waiting(machine.control, device, wanted.as_ref())?;
            if !new {
                machine.control.clear(device)?;
            }
            if new || live.suspended {
                machine.control.resume(device, Suspend::default(), Event::default())?;
            }
            if new { &mut rescued.forward } else { &mut rescued.back }.push(name.clone());
        } else if live.suspended {
            rescued.left_suspended.push(name.clone());
        }
        if let Some(new) = wanted.filter(|new| new.name != name) {
            // Devices get their new names before their new tables, or after them.
            if machine.control.table(device, Slot::Live)? != new.table {
                rescued.foreign.push((id, name));
                continue;
            }
            let info = machine.control.rename(&name, &new.name, Event::default())?;
            links::follow_rename(&machine.settings, &name, &new.name, info.number);
            rescued.forward.push(new.name);
        }
    }
    // Whoever died after its devices went may have left nothing but their names.
    if !rescued.is_empty() || links::has_stale(&machine.settings, vg, live) {
        links::mend(machine.control, &machine.settings, vg)?;
    }
    Ok(rescued)
}

fn is_unusual(vg: &Vg, id: Id, live: &LvLive) -> bool {
    let renamed = || vg.lvs.get(id).is_some_and(|lv| live.name != dm_name(&vg.name, &lv.name, ""));
    live.suspended || live.inactive_table || !live.live_table || renamed()
}

/// The LV's own device as the committed metadata have it; none where that cannot be told.
fn wanted(
    machine: &Machine<'_>,
    vg: &Vg,
    lv: &Lv,
    policy: &Policy,
    find: &dyn Fn(Id) -> Option<DevRef>,
) -> Option<LvNode> {
    let access = if policy.is_read_only(vg, lv) { Access::ReadOnly } else { Access::ReadWrite };
    let nodes = want::nodes(vg, lv, access, &Devices { find, partial: true }).ok()?;
    let uuid = DmUuid::new(dm_uuid(vg.id, lv.id, "")).ok()?;
    let mut node = nodes.into_iter().find(|node| node.uuid == uuid)?;
    Ground::resolve_attached(&mut node.table, machine.disks, machine.loops);
    Some(node)
}

/// Whether what waits in the inactive slot is what the committed metadata say, and what is live is not.
fn waiting(control: &dyn Control, device: Device<'_>, wanted: Option<&LvNode>) -> Result<bool, DmError> {
    let Some(wanted) = wanted else { return Ok(false) };
    let (live, table) = control.table_and_info(device, Slot::Live)?;
    let is_live = table == wanted.table && live.access == wanted.access;
    Ok(!is_live && control.table(device, Slot::Inactive)? == wanted.table)
}
