//! A command that dies at any verb, its guardian with it: the next command finds the VG whole and puts its devices
//! right.

use crate::lab::lv_id;
use crate::{Site, everything, four};
use activate::{Wish, rescue};
use dm::{Access, Control, Device, DmName, Suspend};

#[test]
fn whatever_a_dead_command_left_the_next_one_finds_devices_that_run_as_the_metadata_say() {
    let verbs = {
        let site = Site::new();
        let mut lab = four(&site);
        site.sim.clear_log();
        let next = everything(&lab);
        lab.change(&next, &[(lv_id(5), Wish::Activate)]).unwrap();
        site.sim.changes().len() as u64
    };
    let mut seen = [0; 2];
    for nth in 0..verbs {
        let site = Site::new();
        let mut lab = four(&site);
        let (before, next) = (lab.vg().clone(), everything(&lab));
        site.sim.die_after(nth);
        let _ = lab.change(&next, &[(lv_id(5), Wish::Activate)]);
        site.sim.revive();
        // What the dying command went on to write after the verb that killed it: none, as it was not alive. Its
        // error handling took back what was staged, or had committed before.
        assert!(*lab.vg() == before || *lab.vg() == next, "verb {nth}");
        seen[usize::from(*lab.vg() == next)] += 1;
        let (live, find) = (lab.live(), lab.find());
        let rescued = rescue(&lab.machine(), lab.vg(), &live, &lab.policy, &find).unwrap();
        assert!(rescued.left_suspended.is_empty(), "verb {nth}: {rescued:?}");
        let devices = site.devices();
        assert!(!devices.iter().any(|line| line.contains("SUSPENDED") || line.contains("INACTIVE")));
        let again = rescue(&lab.machine(), lab.vg(), &lab.live(), &lab.policy, &find).unwrap();
        assert!(again.is_empty(), "verb {nth}: {again:?}");
        // Every LV that runs does so by its metadata.
        let live = lab.live();
        site.sim.clear_log();
        let running: Vec<_> = lab.vg().lvs.iter().filter(|lv| live.is_active(lv.id)).collect();
        let wishes: Vec<_> = running.iter().map(|lv| (lv.id, Wish::Activate)).collect();
        lab.wish(&wishes).unwrap();
        assert!(site.sim.changes().is_empty(), "verb {nth}: {:?}", site.sim.changes());
    }
    assert!(seen[0] > 2 && seen[1] > 2, "{seen:?}");
}

#[test]
fn a_device_that_somebody_else_suspended_is_left_alone_and_named() {
    let site = Site::new();
    let lab = four(&site);
    let name = DmName::new("vg-a").unwrap();
    site.sim.suspend(Device::Name(&name), Suspend::default()).unwrap();
    let find = lab.find();
    let rescued = rescue(&lab.machine(), lab.vg(), &lab.live(), &lab.policy, &find).unwrap();
    assert_eq!(rescued.left_suspended, std::slice::from_ref(&name));
    assert_eq!(site.sim.suspended(), [name]);
    // Who asks for it to run gets it running.
    lab.wish(&[(lv_id(1), Wish::Activate)]).unwrap();
    assert!(site.sim.suspended().is_empty());
}

#[test]
fn a_table_that_is_not_the_committed_one_is_dropped() {
    let site = Site::new();
    let lab = four(&site);
    let name = DmName::new("vg-a").unwrap();
    let device = Device::Name(&name);
    site.sim.load(device, &"0 8 linear 7:0 0".parse().unwrap(), Access::ReadWrite).unwrap();
    let before = site.devices();
    assert!(before[0].contains("INACTIVE"));
    let find = lab.find();
    let rescued = rescue(&lab.machine(), lab.vg(), &lab.live(), &lab.policy, &find).unwrap();
    assert_eq!(rescued.back, [name]);
    assert_eq!(site.devices()[0], "vg-a: 0 1024 linear 7:0 2048");
}
