//! LVs that run on other devices than their VG is read from: copies of PVs, of which the wrong ones are in scope (2.03.40:
//! lib/metadata/metadata.c, _check_devs_used_correspond_with_vg).

use super::Session;
use super::look::vgs_asked_for;
use crate::parsed::Parsed;
use crate::world::World;
use activate::observe::owner;
use device::{DevNumber, HostDevice};
use metadata::live::Live;
use metadata::model::{Area, Lv, Segment};
use std::collections::HashMap;
use store::{Scan, VgOnDisk};
use units::Id;

/// Which devices the LVs of a VG use, by the LVs' ids. Devices of the VG itself are left out.
type Used = HashMap<Id, Vec<HostDevice>>;

/// Tells of them. It takes two of three things that seldom come together: a PV that no device is made of, LVs that are
/// to be on it, and that those run.
pub(super) fn tell(parsed: &Parsed, world: &mut World, session: &Session, scan: &Scan, lives: &[Live]) {
    if !session.settings.bool("global/activation") || world.dm.usable().is_err() {
        return;
    }
    let asked = vgs_asked_for(parsed, world);
    for (vg, live) in scan.vgs.iter().zip(lives) {
        let named = |names: &Vec<String>| names.contains(&vg.vg.name);
        if live.known && live.lvs.is_empty() || !asked.as_ref().is_none_or(named) {
            continue;
        }
        let idle = idle_pvs(session, vg);
        if idle.is_empty() {
            continue;
        }
        let is_idle = |lv: &&Lv| pvs_of(lv).any(|pv| idle.contains_key(&pv));
        let suspects: Vec<&Lv> = vg.vg.lvs.iter().filter(is_idle).collect();
        let used = used(world, vg.vg.id, &suspects);
        for (lv, used) in suspects.into_iter().filter_map(|lv| Some((lv, used.get(&lv.id)?))) {
            tell_lv(world, session, vg, lv, used, &idle);
        }
    }
}

/// The PVs of the VG that nothing is made of now, with their devices' names; none where some are images.
fn idle_pvs(session: &Session, vg: &VgOnDisk) -> HashMap<Id, String> {
    let mut idle = HashMap::new();
    for (id, pv) in &vg.pvs {
        match session.found().host(pv.disk) {
            Some(device) if device.is_held() => {}
            Some(_) => {
                idle.insert(*id, session.disk_name(pv.disk));
            }
            None => return HashMap::new(),
        }
    }
    idle
}

fn pvs_of(lv: &Lv) -> impl Iterator<Item = Id> + '_ {
    lv.segments.iter().flat_map(Segment::areas).filter_map(|(area, _)| match area {
        Area::Pv { pv, .. } => Some(pv),
        _ => None,
    })
}

fn used(world: &World, vg: Id, suspects: &[&Lv]) -> Used {
    let mut used = Used::new();
    let sys = &world.devices.sys;
    for listed in world.dm.list().unwrap_or_default() {
        let Some(owner) = listed.uuid.as_ref().and_then(|uuid| owner(uuid.as_str())) else { continue };
        if owner.vg != vg || !suspects.iter().any(|lv| lv.id == owner.lv) {
            continue;
        }
        let number = DevNumber { major: listed.number.major, minor: listed.number.minor };
        let below = HostDevice::of(sys, number).map(|device| device.slaves()).unwrap_or_default();
        let own = |device: &HostDevice| {
            device.dm().and_then(|dm| self::owner(&dm.uuid)).is_some_and(|below| below.vg == vg)
        };
        let devices = used.entry(owner.lv).or_default();
        for device in below.into_iter().filter(|device| !own(device)) {
            if !devices.contains(&device) {
                devices.push(device);
            }
        }
    }
    used
}

/// Warns where the LV uses devices that are not the VG's, and does not use some that are.
fn tell_lv(
    world: &mut World,
    session: &Session,
    vg: &VgOnDisk,
    lv: &Lv,
    used: &[HostDevice],
    idle: &HashMap<Id, String>,
) {
    let own = |device: &&HostDevice| vg.pvs.values().any(|pv| session.found().host(pv.disk) == Some(*device));
    let others: Vec<String> =
        used.iter().filter(|device| !own(device)).map(|device| name(world, session, device)).collect();
    if others.is_empty() {
        return;
    }
    let lv_name = format!("{}/{}", vg.vg.name, lv.name);
    if pvs_of(lv).any(|pv| !vg.pvs.contains_key(&pv)) {
        session.warn_once(
            world,
            format_args!(
                "WARNING: Couldn't find all devices for LV {lv_name} while checking used and assumed devices."
            ),
        );
    }
    let mut assumed: Vec<&str> = Vec::new();
    for device in pvs_of(lv).filter_map(|pv| idle.get(&pv)) {
        if !assumed.contains(&device.as_str()) {
            assumed.push(device);
        }
    }
    if !assumed.is_empty() {
        session.warn_once(
            world,
            format_args!(
                "WARNING: Device mismatch detected for {lv_name} which is accessing {} instead of {}.",
                others.join(", "),
                assumed.join(", ")
            ),
        );
    }
}

/// What a device is called, also one that is not in scope.
fn name(world: &World, session: &Session, device: &HostDevice) -> String {
    let found = session.found();
    let known = found.disks.iter().find(|entry| found.host(entry.id()) == Some(device));
    match (known, device.dm()) {
        (Some(entry), _) => session.disk_name(entry.id()),
        (None, Some(dm)) => world.dev_dir.join("mapper").join(dm.name).display().to_string(),
        (None, None) => world.dev_dir.join(device.node_name()).display().to_string(),
    }
}
