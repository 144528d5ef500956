use super::*;
use crate::loops::{AttachOptions, attach};
use crate::ram::FakeHost;
use crate::skipped::skipped;

const MIB: u64 = 1 << 20;

struct Fixture {
    _folder: tempfile::TempDir,
    fake: FakeHost,
}

impl Fixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let fake = FakeHost::new(folder.path());
        Self { _folder: folder, fake }
    }

    fn add(&self, name: &str, number: &str) -> crate::ram::RamDisk {
        self.fake.add(name, number, Bytes::new(10 * MIB))
    }

    fn scan(&self, change: impl FnOnce(&mut Scan)) -> Found {
        let mut options = Scan { host: self.fake.host(), ..Scan::default() };
        change(&mut options);
        scan(&options)
    }

    fn dev(&self, name: &str) -> PathBuf {
        self.fake.host().dev.join(name)
    }
}

fn names(found: &Found) -> Vec<String> {
    found.disks.iter().map(|e| e.name().file_name().unwrap().to_str().unwrap().to_owned()).collect()
}

fn reason<'a>(fixture: &Fixture, found: &'a Found, name: &str) -> &'a Rejected {
    &found.rejection(&fixture.dev(name)).unwrap().reason
}

#[test]
fn disks_are_found_in_the_order_of_their_numbers_under_their_best_name() {
    let fixture = Fixture::new();
    fixture.add("sdb", "8:16");
    fixture.add("sda", "8:0");
    fixture.add("dm-0", "253:0");
    fixture.fake.set_dm("dm-0", "vg-lv", "x");
    fixture.fake.link("disk/by-id/wwn-1", "sda");
    let found = fixture.scan(|_| ());
    assert_eq!(names(&found), ["sda", "sdb", "vg-lv"]);
    let sda = found.disks.by_name(&fixture.dev("disk/by-id/wwn-1")).unwrap();
    assert_eq!(sda.names().len(), 2);
    assert_eq!(found.host(sda.id()).unwrap().kernel_name(), "sda");
    let found = fixture.scan(|s| s.preferred_names = vec![Pattern::new("by-id").unwrap()]);
    assert_eq!(names(&found)[0], "wwn-1");
}

#[test]
fn components_and_partitioned_disks_are_left_out_unless_asked_for() {
    let fixture = Fixture::new();
    for (name, number) in
        [("sda", "8:0"), ("sdb", "8:16"), ("sdc", "8:32"), ("dm-0", "253:0"), ("md0", "9:0")]
    {
        fixture.add(name, number);
    }
    fixture.fake.set_dm("dm-0", "mpatha", "mpath-3600");
    fixture.fake.stack("dm-0", "sda");
    fixture.fake.add_partition("sda", 1, "8:1", Bytes::new(5 * MIB));
    fixture.fake.stack("md0", "sdb");
    fixture.fake.file("sys/block/md0/md/level", "raid1\n");
    fixture.fake.add_partition("sdc", 1, "8:33", Bytes::new(5 * MIB));
    let found = fixture.scan(|_| ());
    assert_eq!(names(&found), ["mpatha", "md0", "sdc1"]);
    assert!(
        matches!(reason(&fixture, &found, "sda"), Rejected::MultipathComponent { of: Some(of) } if of == "mpatha")
    );
    assert!(matches!(reason(&fixture, &found, "sda1"), Rejected::MultipathComponent { .. }));
    assert!(matches!(reason(&fixture, &found, "sdb"), Rejected::MdComponent { .. }));
    assert!(matches!(reason(&fixture, &found, "sdc"), Rejected::Partitioned { partitions: 1 }));
    let found = fixture.scan(|s| {
        s.md_components = Components::Taken;
        s.multipath_components = Components::Taken;
    });
    assert_eq!(names(&found), ["mpatha", "md0", "sda1", "sdb", "sdc1"]);
}

#[test]
fn what_is_no_disk_is_left_out() {
    let fixture = Fixture::new();
    fixture.add("sr0", "11:0");
    fixture.add("weird", "300:0");
    fixture.fake.add("loop0", "7:0", Bytes::ZERO);
    fixture.fake.file("dev/ghost", "8:240");
    fixture.add("dm-0", "253:0");
    fixture.fake.set_dm("dm-0", "temporary", "CRYPT-TEMP-x");
    fixture.add("dm-1", "253:1");
    fixture.fake.set_dm("dm-1", "asleep", "");
    fixture.fake.file("sys/block/dm-1/dm/suspended", "1\n");
    let found = fixture.scan(|_| ());
    assert!(found.disks.is_empty());
    assert!(matches!(reason(&fixture, &found, "sr0"),
        Rejected::UnsupportedType { major: 11, driver: Some(d) } if d == "sr"));
    assert!(matches!(reason(&fixture, &found, "weird"), Rejected::UnsupportedType { driver: None, .. }));
    assert!(matches!(reason(&fixture, &found, "loop0"), Rejected::TooSmall { size: Bytes::ZERO, .. }));
    assert!(matches!(reason(&fixture, &found, "ghost"), Rejected::NoSysfs));
    assert!(matches!(reason(&fixture, &found, "mapper/temporary"), Rejected::PrivateDm { .. }));
    assert!(matches!(reason(&fixture, &found, "mapper/asleep"), Rejected::Suspended));
    let found = fixture.scan(|s| {
        s.types = vec![("sr".to_owned(), 1)];
        s.skip_dm = |_| false;
        s.suspended = Components::Taken;
    });
    assert_eq!(names(&found), ["temporary", "asleep", "sr0"]);
}

#[test]
fn filters_reject_and_choose_the_name_to_show() {
    let fixture = Fixture::new();
    fixture.add("sda", "8:0");
    fixture.add("sdb", "8:16");
    fixture.fake.link("disk/by-id/wwn-1", "sda");
    let filter = |elements: &[&str]| vec![Filter::parse(elements).unwrap()];
    let found = fixture.scan(|s| s.filters = filter(&["a|by-id|", "r|.*|"]));
    assert_eq!(names(&found), ["wwn-1"]);
    assert!(matches!(reason(&fixture, &found, "sdb"), Rejected::Filter));
    let found = fixture.scan(|s| s.filters = [filter(&["r|sda|"]), filter(&["r|sdb|"])].concat());
    assert!(found.disks.is_empty());
}

#[test]
fn a_scope_of_its_own_knows_nothing_else() {
    let fixture = Fixture::new();
    fixture.add("sda", "8:0");
    fixture.add("sdb", "8:16");
    fixture.fake.link("disk/by-id/wwn-1", "sdb");
    let image = fixture.fake.host().dev.parent().unwrap().join("a.img");
    std::fs::write(&image, vec![0; 3 * MIB as usize]).unwrap();
    let missing = fixture.dev("nosuch");
    let found = fixture.scan(|s| {
        s.scope = Scope::Only(vec![fixture.dev("disk/by-id/wwn-1"), image.clone(), missing.clone()]);
        s.filters = vec![Filter::parse(&["r|.*|"]).unwrap()];
    });
    assert_eq!(names(&found), ["sdb", "a.img"]);
    assert_eq!(found.rejected.len(), 1);
    assert!(matches!(&found.rejection(&missing).unwrap().reason, Rejected::Unusable(_)));
    assert!(found.rejection(&fixture.dev("sda")).is_none());
}

#[test]
fn two_names_of_one_image_are_one_disk() {
    let fixture = Fixture::new();
    fixture.add("sda", "8:0");
    let root = fixture.fake.host().dev.parent().unwrap().to_owned();
    let (image, link) = (root.join("a.img"), root.join("b.img"));
    std::fs::write(&image, vec![0; 3 * MIB as usize]).unwrap();
    std::fs::hard_link(&image, &link).unwrap();
    let found = fixture.scan(|s| s.scope = Scope::Host { images: vec![image.clone(), link.clone()] });
    assert_eq!(names(&found), ["sda", "a.img"]);
    assert_eq!(found.disks.find(&link).unwrap().name(), image);
}

#[test]
fn a_device_that_cannot_be_opened_is_named_with_the_reason() {
    let fixture = Fixture::new();
    fixture.add("sda", "8:0");
    fixture.fake.file("sys/block/sdx/dev", "8:64\n");
    fixture.fake.file("sys/block/sdx/size", "999999\n");
    fixture.fake.file("dev/sdx", "8:64");
    std::os::unix::fs::symlink("../../block/sdx", fixture.fake.host().sys.join("dev/block/8:64")).unwrap();
    let found = fixture.scan(|_| ());
    assert_eq!(names(&found), ["sda"]);
    assert!(matches!(reason(&fixture, &found, "sdx"), Rejected::Unusable(_)));
}

#[test]
fn a_loop_device_whose_image_is_in_scope_is_that_image() {
    let image = tempfile::NamedTempFile::new().unwrap();
    image.as_file().set_len(4 * MIB).unwrap();
    let attached = match attach(&Host::default(), image.path(), AttachOptions::default()) {
        Ok(attached) => attached,
        Err(e) => return skipped("a loop device whose image is in scope is that image", &e.to_string()),
    };
    let node = &attached.device.node;
    let alone = scan(&Scan::default());
    assert_eq!(alone.disks.by_name(node).unwrap().disk().path(), node);
    let options = Scan { scope: Scope::Host { images: vec![image.path().to_owned()] }, ..Scan::default() };
    let both = scan(&options);
    let entry = both.disks.by_name(node).unwrap();
    assert_eq!(entry.name(), image.path());
    assert_eq!(entry.disk().identity(), crate::open::identity(image.path()).unwrap());
    entry.disk().write_at(b"through the loop", Bytes::ZERO).unwrap();
    drop((alone, both, attached));
    assert_eq!(&std::fs::read(image.path()).unwrap()[..16], b"through the loop");
}
