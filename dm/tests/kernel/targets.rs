//! Verbs and targets, with data.

use crate::disks::{Loop, MIB, node, read, write};
use crate::{Made, kernel, name, table, uuid};
use dm::{Access, Control, DevNo, Device, Errno, Event, NodeDir, Removal, Slot, Suspend, Version};
use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use units::Sectors;

#[test]
fn the_driver_and_its_targets_have_versions() {
    let Some(kernel) = kernel() else { return };
    assert!(kernel.version().unwrap() >= Version { major: 4, minor: 0, patch: 0 });
    assert!(kernel.targets().unwrap().iter().any(|target| target.name == "linear"));
    assert!(kernel.target_version(&name("striped")).unwrap().is_some());
    assert_eq!(kernel.target_version(&name("nonesuch")).unwrap(), None);
}

#[test]
fn a_striped_table_comes_back_and_puts_data_where_it_says() {
    let Some(kernel) = kernel() else { return };
    let (a, b) = (Loop::new(4), Loop::new(4));
    let lines =
        format!("0 4096 striped 2 128 {} 2048 {} 4096\n4096 64 zero\n4160 8 error", a.number, b.number);
    kernel.target_version(&name("zero")).unwrap();
    let made = Made::new(&kernel, "rlvmtest-striped", &lines);
    assert_eq!(kernel.table(made.device(), Slot::Live).unwrap(), table(&lines));
    let info = kernel.info(made.device()).unwrap().unwrap();
    assert_eq!((info.target_count, info.live_table, info.suspended), (3, true, false));
    assert_eq!(info.uuid, Some(uuid("rlvmtest-striped")));
    let pattern: Vec<u8> = (0..MIB).map(|index| (index / 512 % 251) as u8).collect();
    write(&node(info.number), 0, &pattern);
    assert_eq!(a.read(MIB, 65536), pattern[..65536]);
    assert_eq!(b.read(2 * MIB, 65536), pattern[65536..131_072]);
    assert_eq!(kernel.deps(made.device(), Slot::Live).unwrap().len(), 2);
    let status = kernel.status(made.device(), true).unwrap();
    assert_eq!(status[0].status, format!("2 {} {} 1 AA", a.number, b.number));
}

#[test]
fn a_table_is_replaced_under_an_open_device() {
    let Some(kernel) = kernel() else { return };
    let disk = Loop::new(8);
    let made = Made::new(&kernel, "rlvmtest-reload", &format!("0 2048 linear {} 0", disk.number));
    let number = kernel.info(made.device()).unwrap().unwrap().number;
    let held = File::open(node(number)).unwrap();
    write(&node(number), 0, b"before");
    let grown = format!("0 2048 linear {0} 0\n2048 4096 linear {0} 8192", disk.number);
    assert!(kernel.load(made.device(), &table(&grown), Access::ReadWrite).unwrap().inactive_table);
    assert!(kernel.suspend(made.device(), Suspend::default()).unwrap().suspended);
    assert!(kernel.table(made.device(), Slot::Inactive).unwrap() == table(&grown));
    let info = kernel.resume(made.device(), Suspend::default(), Event::default()).unwrap();
    assert!(info.uevent && !info.suspended && !info.inactive_table);
    assert_eq!(read(&node(number), 0, 6), b"before");
    write(&node(number), 2048 * 512, b"beyond");
    assert_eq!(disk.read(8192 * 512, 6), b"beyond");
    drop(held);
}

#[test]
fn an_open_device_is_not_removed_until_it_is_closed() {
    let Some(kernel) = kernel() else { return };
    let disk = Loop::new(2);
    let made = Made::new(&kernel, "rlvmtest-busy", &format!("0 2048 linear {} 0", disk.number));
    let number = kernel.info(made.device()).unwrap().unwrap().number;
    let held = File::open(node(number)).unwrap();
    let refused = kernel.remove(made.device(), Removal::Now, Event::default()).unwrap_err();
    assert_eq!(refused.errno(), Some(Errno::EBUSY));
    assert!(kernel.info(made.device()).unwrap().unwrap().open_count >= 1);
    let later = kernel.remove(made.device(), Removal::Deferred, Event::default()).unwrap();
    assert!(later.deferred_remove && !later.uevent);
    drop(held);
    let gone = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        kernel.info(made.device()).unwrap().is_none()
    });
    assert!(gone, "the last close removes it");
}

#[test]
fn devices_are_renamed_numbered_and_given_uuids() {
    let Some(kernel) = kernel() else { return };
    let (old, new) = (name("rlvmtest-old"), name("rlvmtest-new"));
    let major = Made::new(&kernel, "rlvmtest-major", "0 8 error");
    let major = kernel.info(major.device()).unwrap().unwrap().number.major;
    let number = DevNo::new(major, 777);
    let made = kernel.create(&old, None, Some(number)).unwrap();
    assert_eq!((made.number, made.uuid), (number, None));
    let taken = kernel.create(&name("rlvmtest-other"), None, Some(number)).unwrap_err();
    assert_eq!(taken.errno(), Some(Errno::ENXIO));
    kernel.set_uuid(&old, &uuid("numbered"), Event::default()).unwrap();
    assert!(kernel.set_uuid(&old, &uuid("numbered-again"), Event::default()).is_err());
    // A device that never had a table is unknown to udev.
    assert!(!kernel.rename(&old, &new, Event::default()).unwrap().uevent);
    assert_eq!(kernel.info((&old).into()).unwrap(), None);
    let listed = kernel.list().unwrap();
    let found = listed.iter().find(|device| device.name == new).unwrap();
    assert_eq!((found.number, found.uuid.clone()), (number, Some(uuid("numbered"))));
    kernel.remove(number.into(), Removal::Now, Event::default()).unwrap();
}

#[test]
fn a_read_only_device_refuses_writes() {
    let Some(kernel) = kernel() else { return };
    let disk = Loop::new(2);
    let made = Made::new(&kernel, "rlvmtest-ro", &format!("0 2048 linear {} 0", disk.number));
    let lines = kernel.table(made.device(), Slot::Live).unwrap();
    kernel.load(made.device(), &lines, Access::ReadOnly).unwrap();
    let info = kernel.resume(made.device(), Suspend::default(), Event::default()).unwrap();
    assert_eq!(info.access, Access::ReadOnly);
    let opened = OpenOptions::new().write(true).open(node(info.number));
    assert!(opened.is_err() || opened.unwrap().write_all_at(b"x", 0).is_err());
}

#[test]
fn messages_are_taken_and_answered() {
    let Some(kernel) = kernel() else { return };
    let disk = Loop::new(2);
    let made = Made::new(&kernel, "rlvmtest-stats", &format!("0 2048 linear {} 0", disk.number));
    let region = kernel.message(made.device(), Sectors::ZERO, "@stats_create - 1 rlvm").unwrap();
    assert_eq!(region.as_deref(), Some("0"));
    let listed = kernel.message(made.device(), Sectors::ZERO, "@stats_list").unwrap().unwrap();
    assert!(listed.starts_with("0: 0+2048 ") && listed.contains("rlvm"), "{listed}");
    assert!(kernel.message(made.device(), Sectors::ZERO, "nonsense").is_err());
}

#[test]
fn a_thin_pool_takes_messages_and_gives_thin_devices() {
    let Some(kernel) = kernel() else { return };
    if kernel.target_version(&name("thin-pool")).unwrap().is_none() {
        return println!("skipped: the kernel has no thin-pool target");
    }
    let (meta, data) = (Loop::new(4), Loop::new(8));
    let lines = format!("0 16384 thin-pool {} {} 128 0 1 skip_block_zeroing", meta.number, data.number);
    let pool = Made::new(&kernel, "rlvmtest-pool", &lines);
    assert_eq!(kernel.message(pool.device(), Sectors::ZERO, "create_thin 7").unwrap(), None);
    let number = kernel.info(pool.device()).unwrap().unwrap().number;
    let thin = Made::new(&kernel, "rlvmtest-thin", &format!("0 65536 thin {number} 7"));
    let own = kernel.info(thin.device()).unwrap().unwrap().number;
    write(&node(own), 20 * MIB, b"thin");
    assert_eq!(read(&node(own), 20 * MIB, 4), b"thin");
    let said = kernel.status(pool.device(), false).unwrap();
    let pool_status: dm::status::ThinPool = said[0].status.parse().unwrap();
    let dm::status::ThinPool::Running(running) = pool_status else { panic!("{said:?}") };
    assert_eq!((running.used_data, running.total_data), (1, 128));
    let said = kernel.status(thin.device(), false).unwrap();
    let dm::status::Thin::Running { mapped, .. } = said[0].status.parse().unwrap() else { panic!() };
    assert_eq!(mapped, Sectors::new(128));
}

#[test]
fn read_ahead_is_set_in_sectors() {
    let Some(kernel) = kernel() else { return };
    let made = Made::new(&kernel, "rlvmtest-ra", "0 2048 error");
    let number = kernel.info(made.device()).unwrap().unwrap().number;
    kernel.set_read_ahead(number, Sectors::new(512)).unwrap();
    assert_eq!(kernel.read_ahead(number).unwrap(), Sectors::new(512));
}

#[test]
fn nodes_are_made_renamed_and_removed_without_udev() {
    let Some(kernel) = kernel() else { return };
    let disk = Loop::new(2);
    let made = Made::new(&kernel, "rlvmtest-node", &format!("0 2048 linear {} 0", disk.number));
    let number = kernel.info(made.device()).unwrap().unwrap().number;
    let dir = tempfile::tempdir_in("/dev").unwrap();
    let nodes = NodeDir::new(dir.path().join("mapper"));
    nodes.add(&name("a"), DevNo::new(number.major, number.minor + 1)).unwrap();
    nodes.add(&name("a"), number).unwrap();
    nodes.add(&name("a"), number).unwrap();
    write(&nodes.path(&name("a")), 0, b"node");
    nodes.rename(&name("a"), &name("b"), number).unwrap();
    assert_eq!(read(&nodes.path(&name("b")), 0, 4), b"node");
    assert!(!nodes.path(&name("a")).exists());
    nodes.remove(&name("b")).unwrap();
    assert!(!nodes.path(&name("b")).exists());
}

#[test]
fn long_lists_and_long_tables_arrive_whole() {
    let Some(kernel) = kernel() else { return };
    let disk = Loop::new(4);
    let lines: Vec<String> = (0..1000)
        .map(|index| format!("{} 8 linear {} {}", index * 8, disk.number, (999 - index) % 800 * 8))
        .collect();
    let made = Made::new(&kernel, "rlvmtest-long", &lines.join("\n"));
    assert_eq!(kernel.table(made.device(), Slot::Live).unwrap(), table(&lines.join("\n")));
    let many: Vec<Made<'_>> =
        (0..80).map(|index| Made::new(&kernel, &format!("rlvmtest-{index:0>90}"), "0 8 error")).collect();
    let listed = kernel.list().unwrap();
    for one in &many {
        let found = listed.iter().find(|device| device.name == one.name).unwrap();
        assert_eq!(found.uuid, Some(uuid(one.name.as_str())));
        assert!(kernel.info(Device::Number(found.number)).unwrap().is_some());
    }
}
