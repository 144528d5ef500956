use super::fake::FakeHost;
use super::{DevNumber, HostDevice};
use std::path::{Path, PathBuf};
use units::Bytes;

const MIB: Bytes = Bytes::new(1 << 20);

fn device(fake: &FakeHost, number: &str) -> HostDevice {
    HostDevice::of(&fake.host().sys, number.parse().unwrap()).unwrap()
}

#[test]
fn a_device_is_described_by_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let fake = FakeHost::new(folder.path());
    fake.add("sda", "8:0", MIB);
    fake.add_partition("sda", 1, "8:1", Bytes::new(65536));
    fake.add("cciss!c0d0", "8:16", MIB);
    fake.file("sys/block/sda/queue/optimal_io_size", "524288\n");
    fake.file("sys/block/sda/queue/rotational", "1\n");
    fake.file("sys/block/sda/alignment_offset", "-1\n");
    fake.file("sys/block/sda/sda1/start", "2048\n");
    let (disk, part) = (device(&fake, "8:0"), device(&fake, "8:1"));
    assert_eq!((disk.size(), disk.read_only(), disk.partition()), (Some(MIB), false, None));
    assert_eq!(disk.partitions(), std::slice::from_ref(&part));
    assert_eq!(part.whole_disk().as_ref(), Some(&disk));
    assert_eq!((part.partition(), part.partition_start()), (Some(1), Some(MIB)));
    let topology = part.topology();
    assert_eq!((topology.optimal_io, topology.rotational), (Bytes::new(524_288), true));
    assert_eq!(disk.topology().alignment_offset, Bytes::ZERO);
    assert_eq!(device(&fake, "8:16").node_name(), PathBuf::from("cciss/c0d0"));
    assert_eq!(HostDevice::all(&fake.host().sys).len(), 3);
}

#[test]
fn stacks_are_seen_from_both_ends() {
    let folder = tempfile::tempdir().unwrap();
    let fake = FakeHost::new(folder.path());
    fake.add("sda", "8:0", MIB);
    fake.add("md0", "9:0", MIB);
    fake.stack("md0", "sda");
    fake.file("sys/block/md0/md/level", "raid5\n");
    fake.file("sys/block/md0/md/raid_disks", "3\n");
    fake.file("sys/block/md0/md/chunk_size", "65536\n");
    fake.add_partition("md0", 1, "259:0", MIB);
    assert_eq!(device(&fake, "8:0").holders(), [device(&fake, "9:0")]);
    assert_eq!(device(&fake, "9:0").slaves(), [device(&fake, "8:0")]);
    let md = device(&fake, "259:0").md().unwrap();
    assert_eq!(md.stripe_width(), Some(Bytes::new(131_072)));
    assert_eq!(device(&fake, "8:0").md(), None);
}

#[test]
fn loop_and_dm_devices_say_what_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let fake = FakeHost::new(folder.path());
    fake.add("loop0", "7:0", MIB);
    fake.add("dm-0", "253:0", MIB);
    fake.set_dm("dm-0", "vg-lv", "LVM-abc");
    assert_eq!(device(&fake, "7:0").loop_backing(), None);
    fake.file("sys/block/loop0/loop/backing_file", "/tmp/a b.img (deleted)\n");
    let backing = device(&fake, "7:0").loop_backing().unwrap();
    assert_eq!((backing.path.as_path(), backing.deleted), (Path::new("/tmp/a b.img"), true));
    let dm = device(&fake, "253:0").dm().unwrap();
    assert_eq!((dm.name.as_str(), dm.uuid.as_str()), ("vg-lv", "LVM-abc"));
    assert!(!device(&fake, "253:0").is_suspended());
}

#[test]
fn all_names_of_a_device_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let fake = FakeHost::new(folder.path());
    fake.add("sda", "8:0", MIB);
    fake.link("disk/by-id/wwn-1", "sda");
    fake.link("input/by-id/mouse", "sda");
    fake.link(".hidden", "sda");
    let names = super::names(&fake.host(), &[]);
    let number: DevNumber = "8:0".parse().unwrap();
    let dev = fake.host().dev;
    assert_eq!(names[&number], [dev.join("disk/by-id/wwn-1"), dev.join("sda")]);
    let some = super::names(&fake.host(), &[dev.join("disk"), dev.join("disk/by-id")]);
    assert_eq!(some[&number], [dev.join("disk/by-id/wwn-1")]);
    assert_eq!(fake.host().device(&dev.join("disk/by-id/wwn-1")), Some(device(&fake, "8:0")));
}
