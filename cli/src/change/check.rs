//! The last look at a plan: whether the VG it leads to is sound.

use super::{Before, Planned, Refusal, dev_ref, policy};
use crate::exit::Exit;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::world::World;
use activate::Activation;
use device::DiskId;
use std::collections::HashMap;
use units::Id;

/// A plan that may be carried out.
#[derive(Debug)]
pub(crate) struct Change {
    /// What the planner gave.
    pub(crate) planned: Planned,
    /// What becomes of the VG's devices.
    pub(crate) activation: Activation,
}

/// Plans the devices, and refuses a plan whose VG breaks an invariant: that would be a defect of rlvm, and shall
/// cost no data.
pub(super) fn check(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    before: &Before,
    planned: Planned,
) -> Result<Change, Exit> {
    sound(world, before, &planned)?;
    let activation = devices(parsed, session, before, &planned).map_err(|refusal| refusal.tell(world))?;
    Ok(Change { planned, activation })
}

/// Refuses a plan whose VG is not sound.
pub(super) fn sound(world: &mut World, before: &Before, planned: &Planned) -> Result<(), Exit> {
    let violations = metadata::validate::validate(&planned.proposal.next);
    if violations.is_empty() {
        return check_areas(before, planned).map_err(|refusal| refusal.tell(world));
    }
    for violation in &violations {
        world.error(format_args!("Internal error: {}: {violation}", planned.proposal.next.name));
    }
    world.error("Nothing was changed.");
    Err(Exit::FAILED)
}

/// Refuses to leave a VG without a metadata area.
fn check_areas(before: &Before, planned: &Planned) -> Result<(), Refusal> {
    let next = &planned.proposal.next;
    if next.pvs.is_empty() || planned.pvs(before).any(|pv| next.pvs.contains(pv.id()) && !pv.mdas.is_empty())
    {
        return Ok(());
    }
    let reason = format!("Volume group {} would have no metadata area left.", next.name);
    Err(Refusal::words(reason).hint("pvcreate --metadatacopies 1 makes a PV with a metadata area"))
}

/// What becomes of the devices of the VG's LVs.
fn devices(
    parsed: &Parsed,
    session: &Session,
    before: &Before,
    planned: &Planned,
) -> Result<Activation, Refusal> {
    if planned.leaves_devices {
        return Ok(Activation::default());
    }
    let policy = policy::policy(parsed, session)?;
    let disks: HashMap<Id, DiskId> = planned.pvs(before).map(|pv| (pv.id(), pv.disk)).collect();
    let find = |pv| disks.get(&pv).map(|disk| dev_ref(session, *disk));
    let old = before.vg().map(|vg| &vg.vg);
    let next = &planned.proposal.next;
    activate::plan(old, next, &before.live(), &planned.wishes, &policy, &find)
        .map_err(|error| Refusal::failed(&error))
}
