//! Plans against the kernel: order, data, a window without allocation, and the way back.

use crate::disks::{Loop, MIB, node as path, read, write};
use crate::{alloc, kernel, name, table, uuid};
use dm::tree::{Execution, Gone, Have, Hold, Key, MemoryLock, Node, Plan, Settings, Want, apply, rescue};
use dm::{Control, DevRef, Device, DmUuid, Kernel, NodeDir, Removal, Table, Udev, UdevFlags};
use std::fs::File;

pub(crate) fn gone(uuid: DmUuid) -> Gone {
    Gone { key: Key::Uuid(uuid), udev: UdevFlags::NONE, how: Removal::RETRY }
}

fn node(text: &str, lines: &str) -> Node {
    let mut own: Table = table(lines);
    for device in own.devices_mut() {
        if let Some(other) = device.to_string().strip_prefix('@') {
            *device = DevRef::Node(name(other));
        }
    }
    Node::new(name(text), Some(uuid(text)), own)
}

fn want(nodes: Vec<Node>) -> Want {
    Want { nodes, gone: Vec::new() }
}

fn settings() -> Settings {
    Settings::new(Udev::NotRunning, None)
}

fn plan(kernel: &Kernel, want: Want) -> Plan {
    let have = Have::observe(kernel, &want).unwrap();
    Plan::new(want, &have).unwrap()
}

fn run(kernel: &Kernel, want: Want) {
    apply(kernel, plan(kernel, want), settings(), &|| true).unwrap();
}

/// Devices that go when the test ends, suspended or not.
struct Cleanup<'a>(&'a Kernel, Vec<&'static str>);

impl Drop for Cleanup<'_> {
    fn drop(&mut self) {
        for text in &self.1 {
            let _ = self.0.resume((&name(text)).into(), Default::default(), Default::default());
        }
        let all = self.1.iter().map(|text| gone(uuid(text))).collect();
        let want = Want { nodes: Vec::new(), gone: all };
        let have = Have::observe(self.0, &want).unwrap();
        let _ = apply(self.0, Plan::new(want, &have).unwrap(), settings(), &|| true);
    }
}

#[test]
fn a_device_grows_while_it_is_open_and_keeps_its_data() {
    let Some(kernel) = kernel() else { return };
    let (a, b) = (Loop::new(4), Loop::new(4));
    let _cleanup = Cleanup(&kernel, vec!["rlvmtest-grow"]);
    run(&kernel, want(vec![node("rlvmtest-grow", &format!("0 4096 linear {} 2048", a.number))]));
    let number = kernel.info((&name("rlvmtest-grow")).into()).unwrap().unwrap().number;
    write(&path(number), 0, b"kept");
    let held = File::open(path(number)).unwrap();
    let lines = format!("0 4096 linear {} 2048\n4096 4096 linear {} 2048", a.number, b.number);
    let grown = || want(vec![node("rlvmtest-grow", &lines)]);
    run(&kernel, grown());
    assert_eq!(read(&path(number), 0, 4), b"kept");
    write(&path(number), 2 * MIB, b"new");
    assert_eq!(b.read(MIB, 3), b"new");
    assert!(plan(&kernel, grown()).is_empty(), "the kernel's table reads as the one loaded");
    drop(held);
}

#[test]
fn nothing_is_allocated_from_the_first_suspend_to_the_last_resume() {
    let Some(kernel) = kernel() else { return };
    let disk = Loop::new(4);
    let names = ["rlvmtest-w0", "rlvmtest-w1", "rlvmtest-w2"];
    let _cleanup = Cleanup(&kernel, names.to_vec());
    let nodes = |offset: usize| {
        names.iter().map(|text| node(text, &format!("0 2048 linear {} {offset}", disk.number))).collect()
    };
    run(&kernel, want(nodes(0)));
    let mut execution = Execution::new(&kernel, plan(&kernel, want(nodes(2048))), settings()).unwrap();
    execution.preload().unwrap();
    let lock = MemoryLock::acquire();
    let before = alloc::count();
    execution.suspend().unwrap();
    let suspended = alloc::count();
    execution.resume().unwrap();
    let after = alloc::count();
    drop(lock);
    assert_eq!((suspended - before, after - suspended), (0, 0));
    execution.finish(&|| true).unwrap();
}

#[test]
fn a_snapshot_is_taken_of_a_device_in_use_and_given_up_again() {
    let Some(kernel) = kernel() else { return };
    if kernel.target_version(&name("snapshot")).unwrap().is_none() {
        return println!("skipped: the kernel has no snapshot target");
    }
    let disk = Loop::new(8);
    let all = ["rlvmtest-lv", "rlvmtest-snap", "rlvmtest-lv-real", "rlvmtest-snap-cow"];
    let _cleanup = Cleanup(&kernel, all.to_vec());
    let plain = || node("rlvmtest-lv", &format!("0 4096 linear {} 0", disk.number));
    run(&kernel, want(vec![plain()]));
    let number = kernel.info((&name("rlvmtest-lv")).into()).unwrap().unwrap().number;
    write(&path(number), 0, b"then");
    let held = File::open(path(number)).unwrap();
    let layered = vec![
        node("rlvmtest-lv", "0 4096 snapshot-origin @rlvmtest-lv-real"),
        node("rlvmtest-lv-real", &format!("0 4096 linear {} 0", disk.number)),
        node("rlvmtest-snap-cow", &format!("0 2048 linear {} 8192", disk.number)),
        node("rlvmtest-snap", "0 4096 snapshot @rlvmtest-lv-real @rlvmtest-snap-cow P 8"),
    ];
    run(&kernel, want(layered.clone()));
    write(&path(number), 0, b"now!");
    let snap = kernel.info((&name("rlvmtest-snap")).into()).unwrap().unwrap().number;
    assert_eq!(read(&path(snap), 0, 4), b"then");
    assert!(plan(&kernel, want(layered)).is_empty());
    let said = kernel.status(Device::Number(snap), false).unwrap();
    let status: dm::status::Snapshot = said[0].status.parse().unwrap();
    assert!(matches!(status, dm::status::Snapshot::Running { .. }), "{said:?}");
    let gone = all[1..].iter().map(|text| gone(uuid(text))).collect();
    run(&kernel, Want { nodes: vec![plain()], gone });
    assert_eq!(read(&path(number), 0, 4), b"now!");
    assert_eq!(kernel.info((&name("rlvmtest-lv-real")).into()).unwrap(), None);
    drop(held);
}

#[test]
fn a_guardian_puts_right_what_a_dead_command_left_suspended() {
    let Some(kernel) = kernel() else { return };
    let disk = Loop::new(4);
    let _cleanup = Cleanup(&kernel, vec!["rlvmtest-dead"]);
    let at =
        |offset: u32| want(vec![node("rlvmtest-dead", &format!("0 2048 linear {} {offset}", disk.number))]);
    for (committed, expected) in [(false, 0), (true, 4096)] {
        run(&kernel, at(0));
        let mut execution = Execution::new(&kernel, plan(&kernel, at(4096)), settings()).unwrap();
        execution.preload().unwrap();
        let list: Vec<String> = execution.guarded().iter().map(ToString::to_string).collect();
        execution.suspend().unwrap();
        drop(execution);
        let read: Vec<_> = list.iter().map(|line| line.parse().unwrap()).collect();
        rescue(&kernel, &read, committed).unwrap();
        assert!(plan(&kernel, at(expected)).is_empty(), "committed: {committed}");
        let info = kernel.info((&name("rlvmtest-dead")).into()).unwrap().unwrap();
        assert!(!info.suspended && !info.inactive_table);
    }
}

#[test]
fn nodes_and_read_ahead_come_with_the_devices_where_udev_does_not_run() {
    let Some(kernel) = kernel() else { return };
    let (disk, dir) = (Loop::new(4), tempfile::tempdir_in("/dev").unwrap());
    let nodes = NodeDir::new(dir.path());
    let own = Settings::new(Udev::NotRunning, Some(nodes.clone()));
    let amount = units::Sectors::new(1024);
    let mut wanted = node("rlvmtest-own", &format!("0 2048 linear {} 0", disk.number));
    wanted.read_ahead = dm::tree::ReadAhead::Exactly(amount);
    wanted.hold = Hold::Always;
    apply(&kernel, plan(&kernel, want(vec![wanted.clone()])), own.clone(), &|| true).unwrap();
    let number = kernel.info((&wanted.name).into()).unwrap().unwrap().number;
    write(&nodes.path(&wanted.name), 0, b"node");
    assert_eq!(kernel.read_ahead(number).unwrap(), amount);
    wanted.name = name("rlvmtest-own2");
    apply(&kernel, plan(&kernel, want(vec![wanted.clone()])), own.clone(), &|| true).unwrap();
    assert_eq!(read(&nodes.path(&wanted.name), 0, 4), b"node");
    assert!(!nodes.path(&name("rlvmtest-own")).exists());
    let all = Want { nodes: Vec::new(), gone: vec![gone(uuid("rlvmtest-own"))] };
    apply(&kernel, plan(&kernel, all), own, &|| true).unwrap();
    assert!(!nodes.path(&wanted.name).exists());
}

#[test]
fn many_devices_are_made_and_removed_together() {
    let Some(kernel) = kernel() else { return };
    let disk = Loop::new(2);
    let names: Vec<String> = (0..50).map(|index| format!("rlvmtest-many{index}")).collect();
    let nodes = names.iter().map(|text| node(text, &format!("0 8 linear {} 0", disk.number))).collect();
    let start = std::time::Instant::now();
    run(&kernel, want(nodes));
    let made = start.elapsed();
    let all = names.iter().map(|text| gone(uuid(text))).collect();
    run(&kernel, Want { nodes: Vec::new(), gone: all });
    println!("50 devices: made in {made:?}, removed in {:?}", start.elapsed() - made);
    assert!(!kernel.list().unwrap().iter().any(|device| device.name.as_str().starts_with("rlvmtest-many")));
}
