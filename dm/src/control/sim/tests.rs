//! The one in memory refuses what the kernel refuses.

use super::Sim;
use crate::{Access, Control, DevNo, DmName, DmUuid, Errno, Event, Removal, Slot, Suspend, Table, Verb};
use units::Sectors;

fn name(text: &str) -> DmName {
    DmName::new(text).unwrap()
}

fn table(text: &str) -> Table {
    text.parse().unwrap()
}

fn make(sim: &Sim, text: &str, lines: &str) -> DevNo {
    let own = name(text);
    let made = sim.create(&own, Some(&DmUuid::new(format!("U-{text}")).unwrap()), None).unwrap();
    sim.load((&own).into(), &table(lines), Access::ReadWrite).unwrap();
    let resumed = sim.resume((&own).into(), Suspend::default(), Event::default()).unwrap();
    assert!(resumed.live_table && !resumed.inactive_table && !resumed.suspended);
    made.number
}

#[test]
fn a_device_is_created_loaded_resumed_and_read_back() {
    let sim = Sim::new();
    let number = make(&sim, "a", "0 8 linear 7:0 0\n8 16 striped 2 8 7:0 8 7:1 8");
    let listed = sim.list().unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].uuid, Some(DmUuid::new("U-a").unwrap()));
    assert_eq!(
        sim.table(number.into(), Slot::Live).unwrap(),
        table("0 8 linear 7:0 0\n8 16 striped 2 8 7:0 8 7:1 8")
    );
    assert_eq!(sim.deps(number.into(), Slot::Live).unwrap(), [DevNo::new(7, 0), DevNo::new(7, 1)]);
    assert_eq!(sim.status(number.into(), false).unwrap()[1].status, "2 7:0 7:1 1 AA");
    assert!(sim.table(number.into(), Slot::Inactive).unwrap().is_empty());
    assert_eq!(sim.changes().len(), 3);
}

#[test]
fn names_uuids_and_numbers_are_taken_once() {
    let sim = Sim::new();
    make(&sim, "a", "0 8 error");
    assert!(sim.create(&name("a"), None, None).unwrap_err().is_busy());
    assert!(sim.create(&name("b"), Some(&DmUuid::new("U-a").unwrap()), None).unwrap_err().is_busy());
    let taken = sim.create(&name("b"), None, Some(DevNo::new(253, 0))).unwrap_err();
    assert_eq!(taken.errno(), Some(Errno::ENXIO));
    assert_eq!(sim.create(&name("b"), None, Some(DevNo::new(253, 9))).unwrap().number.minor, 9);
    assert!(sim.rename(&name("b"), &name("a"), Event::default()).unwrap_err().is_busy());
}

#[test]
fn what_is_open_or_used_by_another_table_stays() {
    let sim = Sim::new();
    let below = make(&sim, "below", "0 8 linear 7:0 0");
    let above = make(&sim, "above", &format!("0 8 linear {below} 0"));
    assert_eq!(sim.info(below.into()).unwrap().unwrap().open_count, 1);
    let busy = sim.remove(below.into(), Removal::Now, Event::default()).unwrap_err();
    assert!(busy.is_busy(), "{busy}");
    sim.open("above", 1);
    assert!(sim.remove(above.into(), Removal::Now, Event::default()).unwrap_err().is_busy());
    let later = sim.remove(above.into(), Removal::Deferred, Event::default()).unwrap();
    assert!(later.deferred_remove && !later.uevent);
    sim.close("above", 1);
    assert_eq!(sim.info(above.into()).unwrap(), None);
    assert!(sim.remove(below.into(), Removal::Now, Event::default()).unwrap().uevent);
}

#[test]
fn an_inactive_table_waits_for_resume_and_can_be_dropped() {
    let sim = Sim::new();
    let number = make(&sim, "a", "0 8 linear 7:0 0");
    sim.load(number.into(), &table("0 16 linear 7:0 0"), Access::ReadOnly).unwrap();
    sim.suspend(number.into(), Suspend::default()).unwrap();
    assert_eq!(sim.table(number.into(), Slot::Live).unwrap().len(), Sectors::new(8));
    assert!(!sim.clear(number.into()).unwrap().inactive_table);
    sim.load(number.into(), &table("0 16 linear 7:0 0"), Access::ReadOnly).unwrap();
    let info = sim.resume(number.into(), Suspend::default(), Event::default()).unwrap();
    assert_eq!((info.access, info.uevent), (Access::ReadOnly, true));
    assert_eq!(sim.table(number.into(), Slot::Live).unwrap().len(), Sectors::new(16));
}

#[test]
fn tables_the_kernel_refuses_are_refused() {
    let sim = Sim::new();
    sim.add_disk(DevNo::new(7, 0), Sectors::new(100));
    let number = make(&sim, "a", "0 100 linear 7:0 0");
    for wrong in [
        "0 8 linear 7:0 0\n9 8 linear 7:0 0",
        "0 16 striped 2 5 7:0 0 7:1 0",
        "0 8 nonesuch 1 2",
        "0 8 linear 253:7 0",
    ] {
        let result = sim.load(number.into(), &table(wrong), Access::ReadWrite);
        assert!(result.is_err(), "{wrong}");
    }
    sim.load(number.into(), &table("0 101 linear 7:0 0"), Access::ReadWrite).unwrap();
    assert!(sim.resume(number.into(), Suspend::default(), Event::default()).is_err());
    let left = sim.info(number.into()).unwrap().unwrap();
    assert!(left.suspended && left.live_table && !left.inactive_table);
    sim.resume(number.into(), Suspend::default(), Event::default()).unwrap();
    let unresolved = sim.load(number.into(), &table("0 8 linear disk:3 0"), Access::ReadWrite);
    assert!(unresolved.unwrap_err().to_string().contains("disk:3"));
}

#[test]
fn failures_come_when_they_were_asked_for() {
    let sim = Sim::new();
    sim.fail_nth(2, Errno::ENOMEM);
    let own = name("a");
    sim.create(&own, None, None).unwrap();
    let failed = sim.load((&own).into(), &table("0 8 error"), Access::ReadWrite).unwrap_err();
    assert_eq!(failed.errno(), Some(Errno::ENOMEM));
    sim.fail_on(Verb::Resume, "a", Errno::EIO);
    sim.load((&own).into(), &table("0 8 error"), Access::ReadWrite).unwrap();
    assert!(sim.resume((&own).into(), Suspend::default(), Event::default()).is_err());
    sim.revive();
    sim.die_after(0);
    assert!(sim.resume((&own).into(), Suspend::default(), Event::default()).is_err());
    sim.revive();
    sim.resume((&own).into(), Suspend::default(), Event::default()).unwrap();
    assert_eq!(sim.changes()[1], "load a 0 8 error -> ENOMEM");
}

#[test]
fn long_answers_are_asked_for_again_with_more_room() {
    let sim = Sim::new();
    for index in 0..600 {
        sim.create(&name(&format!("device-{index:04}")), None, None).unwrap();
    }
    assert_eq!(sim.list().unwrap().len(), 600);
    assert_eq!(sim.log().iter().filter(|entry| entry.verb == Verb::List).count(), 2);
}

#[test]
fn messages_reach_a_live_target_and_may_be_answered() {
    let sim = Sim::new();
    let number = make(&sim, "a", "0 8 linear 7:0 0");
    sim.set_reply("@stats_list", "0: 0+8");
    assert_eq!(sim.message(number.into(), Sectors::ZERO, "@stats_list").unwrap().unwrap(), "0: 0+8");
    assert!(sim.message(number.into(), Sectors::ZERO, "check").is_err());
    let pool = make(&sim, "pool", "0 8 thin-pool 7:0 7:1 128 0 0");
    assert_eq!(sim.message(pool.into(), Sectors::ZERO, "create_thin 0").unwrap(), None);
    assert!(sim.message(pool.into(), Sectors::new(8), "create_thin 1").is_err());
}

#[test]
fn targets_are_listed_and_found_by_name() {
    let sim = Sim::new();
    assert!(sim.targets().unwrap().iter().any(|target| target.name == "striped"));
    assert!(sim.target_version(&name("thin")).unwrap().is_some());
    assert_eq!(sim.target_version(&name("vdo")).unwrap(), None);
}
