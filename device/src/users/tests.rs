use super::*;
use crate::ram::FakeHost;
use units::Bytes;

fn fake() -> (tempfile::TempDir, FakeHost) {
    let folder = tempfile::tempdir().unwrap();
    let fake = FakeHost::new(folder.path());
    fake.add("sda", "8:0", Bytes::new(1 << 20));
    fake.add_partition("sda", 1, "8:1", Bytes::new(1 << 19));
    fake.add("sdb", "8:16", Bytes::new(1 << 20));
    fake.add("dm-0", "253:0", Bytes::new(1 << 20));
    (folder, fake)
}

fn device(number: &str) -> Identity {
    number.parse::<DevNumber>().unwrap().identity()
}

fn said(fake: &FakeHost, number: &str) -> Vec<String> {
    users(&fake.host(), device(number), Processes::Ignored).iter().map(User::to_string).collect()
}

#[test]
fn mounts_are_found_by_number_and_by_source() {
    let (folder, fake) = fake();
    let source = folder.path().join("dev/sdb");
    let table = format!(
        "22 27 0:21 / /proc rw - proc proc rw\n\
         36 35 8:1 / /mnt/a\\040b rw,noatime master:1 - ext4 /dev/root rw\n\
         37 35 0:40 /sub /srv rw - btrfs {} rw\n\
         broken line\n",
        source.display()
    );
    fake.file("proc/self/mountinfo", &table);
    assert_eq!(said(&fake, "8:1"), ["the ext4 mounted on /mnt/a b"]);
    // A mounted partition is a use of the whole disk.
    assert_eq!(said(&fake, "8:0"), ["the ext4 mounted on /mnt/a b"]);
    assert_eq!(said(&fake, "8:16"), ["the btrfs mounted on /srv"]);
    assert!(said(&fake, "253:0").is_empty());
}

#[test]
fn a_file_system_of_several_devices_uses_all_of_them() {
    let (folder, fake) = fake();
    fake.file(
        "proc/self/mountinfo",
        &format!("37 35 0:40 / /srv rw - btrfs {} rw\n", folder.path().join("dev/sdb").display()),
    );
    assert!(said(&fake, "253:0").is_empty());
    fake.file("sys/fs/btrfs/1-2/devices/sdb/dev", "8:16\n");
    fake.file("sys/fs/btrfs/1-2/devices/dm-0/dev", "253:0\n");
    fake.file("sys/fs/btrfs/features/skinny", "0\n");
    assert_eq!(said(&fake, "253:0"), ["the btrfs mounted on /srv"]);
    assert!(said(&fake, "8:0").is_empty());
}

#[test]
fn swap_and_devices_made_of_it_are_users() {
    let (folder, fake) = fake();
    let swap = folder.path().join("dev/sdb");
    fake.file("proc/swaps", &format!("Filename Type Size\n{} partition 1 0 -2\n", swap.display()));
    fake.set_dm("dm-0", "vg-lv", "LVM-x");
    fake.stack("dm-0", "sda");
    assert_eq!(said(&fake, "8:16"), ["swapping"]);
    let dm = folder.path().join("dev/dm-0");
    assert_eq!(said(&fake, "8:0"), [format!("{} (vg-lv)", dm.display())]);
}

#[test]
fn a_process_that_has_it_open_is_named() {
    let (folder, fake) = fake();
    fake.file("proc/4242/comm", "cat\n");
    std::fs::create_dir_all(folder.path().join("proc/4242/fd")).unwrap();
    std::os::unix::fs::symlink(folder.path().join("dev/sdb"), folder.path().join("proc/4242/fd/3")).unwrap();
    let found = users(&fake.host(), device("8:16"), Processes::Named);
    assert_eq!(found, [User::Process(Process { pid: 4242, command: "cat".to_owned() })]);
    assert_eq!(in_words(&found).unwrap(), "cat (process 4242)");
    assert_eq!(in_words(&[]), None);
}
