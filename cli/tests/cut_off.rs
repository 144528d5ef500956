//! Commands of several commits, cut off after any sector: each LV is whole in one VG, which one more command makes all there
//! is.

use cli::run;
use cli::world::World;
use device::ram::{CrashPolicy, FakeHost, RamDisk, crash_states};
use device::{Disk, DiskSet};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::sync::Arc;
use store::{ReadOptions, Scan, scan};
use tempfile::TempDir;
use units::Bytes;

/// A host with loop devices of 8 MiB.
struct Machine {
    folder: TempDir,
    host: FakeHost,
    disks: Vec<RamDisk>,
}

impl Machine {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let host = FakeHost::new(folder.path());
        let disk = |n| host.add(&format!("loop{n}"), &format!("7:{n}"), Bytes::new(8 << 20));
        let disks = (0..3).map(disk).collect();
        for name in ["etc", "run"] {
            fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        let locks = folder.path().join("locks");
        let conf = format!(
            "global/locking_dir = \"{}\"\ndevices/hints = \"none\"\nbackup {{ archive = 0\n backup = 0\n }}\n",
            locks.display()
        );
        fs::write(folder.path().join("etc/lvm.conf"), conf).unwrap();
        Self { folder, host, disks }
    }

    /// Runs a command that has to succeed; `%0` is the first disk.
    fn ok(&self, seed: u64, line: &str) -> String {
        let (mut world, streams) = World::seeded(seed, self.host.host(), &[]);
        world.env.set("LVM_SYSTEM_DIR", self.folder.path().join("etc").to_str().unwrap());
        world.run_dir = self.folder.path().join("run");
        let line = line.replace('%', &format!("{}/dev/loop", self.folder.path().display()));
        let words: Vec<OsString> = ["rlvm"].into_iter().chain(line.split(' ')).map(OsString::from).collect();
        let exit = run(&words, &mut world);
        let text =
            |stream: &std::sync::Mutex<Vec<u8>>| String::from_utf8(stream.lock().unwrap().clone()).unwrap();
        assert!(exit.is_ok(), "{line}: {} {}", text(&streams.out), text(&streams.err));
        text(&streams.out)
    }

    /// The same host with that on its disks.
    fn after(&self, contents: &[device::ram::Image]) -> Self {
        let other = Self::new();
        for (disk, content) in other.disks.iter().zip(contents) {
            let from = RamDisk::with_content("from", 0, content.clone());
            let mut bytes = vec![0; 2 << 20];
            from.read_at(&mut bytes, Bytes::ZERO).unwrap();
            disk.write_at(&bytes, Bytes::ZERO).unwrap();
        }
        other
    }

    fn scan(&self) -> Scan {
        let disks: DiskSet = self.disks.iter().map(|disk| Arc::new(disk.clone()) as Arc<dyn Disk>).collect();
        scan(&disks, ReadOptions::default())
    }

    /// Two VGs: `one` on the first disk, `two` on the others, an LV on each disk.
    fn with_two_vgs() -> Self {
        let machine = Self::new();
        machine.ok(1, "vgcreate -s 1m one %0");
        machine.ok(2, "vgcreate -s 1m two %1 %2");
        for (seed, line) in [(3, "a one %0"), (4, "b two %1"), (5, "c two %2")] {
            machine.ok(seed, &format!("lvcreate -an -Zn -Wn -l 2 -n {line}"));
        }
        machine.disks.iter().for_each(RamDisk::settle);
        machine
    }
}

/// The LVs that are whole, each as often as it is.
fn whole_lvs(scan: &Scan) -> Vec<String> {
    let mut names = Vec::new();
    for on_disk in &scan.vgs {
        let here = |pv| on_disk.pvs.contains_key(&pv);
        let lvs = on_disk.vg.lvs.iter().filter(|lv| on_disk.vg.pvs_of(lv).into_iter().all(here));
        names.extend(lvs.map(|lv| lv.name.clone()));
    }
    names.sort();
    names
}

/// VGs with their number of PVs that are here.
fn vgs(scan: &Scan) -> Vec<(String, usize)> {
    let mut vgs: Vec<_> = scan.vgs.iter().map(|vg| (vg.vg.name.clone(), vg.pvs.len())).collect();
    vgs.sort();
    vgs
}

/// Cuts a command off after each sector that it writes. `mend` says what makes one VG or two of what was found then.
fn cut_off(line: &str, mend: impl Fn(&Machine, &[(String, usize)])) -> BTreeSet<Vec<(String, usize)>> {
    let machine = Machine::with_two_vgs();
    machine.ok(6, line);
    let rams: Vec<&RamDisk> = machine.disks.iter().collect();
    let mut seen = BTreeSet::new();
    for state in crash_states(&rams, CrashPolicy::AFTER_EACH_SECTOR) {
        let after = machine.after(&state.images);
        let found = after.scan();
        assert_eq!(whole_lvs(&found), ["a", "b", "c"], "{}: {found:?}", state.what);
        assert!(found.orphans.is_empty(), "{}", state.what);
        let vgs = vgs(&found);
        if seen.insert(vgs.clone()) {
            mend(&after, &vgs);
        }
    }
    seen
}

fn state(vgs: &[(&str, usize)]) -> Vec<(String, usize)> {
    vgs.iter().map(|(name, pvs)| ((*name).to_owned(), *pvs)).collect()
}

#[test]
fn a_merge_that_is_cut_off_leaves_two_vgs_or_one() {
    let old = state(&[("one", 1), ("two", 2)]);
    let new = state(&[("one", 3)]);
    let seen = cut_off("vgmerge one two", |after, found| {
        // What was begun is finished by the next change, or was never begun.
        after.ok(7, "vgchange --addtag x one");
        let now = after.scan();
        assert_eq!(whole_lvs(&now), ["a", "b", "c"]);
        if found.len() == 1 || found[0].1 > 1 {
            assert_eq!(vgs(&now), new);
        } else {
            assert_eq!(vgs(&now), old);
            after.ok(8, "vgmerge one two");
            assert_eq!(vgs(&after.scan()), new);
        }
    });
    assert!(seen.contains(&old) && seen.contains(&new), "{seen:?}");
}

#[test]
fn a_split_that_is_cut_off_leaves_each_lv_in_one_vg() {
    let old = state(&[("one", 1), ("two", 2)]);
    let new = state(&[("new", 1), ("one", 1), ("two", 1)]);
    let seen = cut_off("vgsplit two new %2", |after, _| {
        after.ok(7, "vgs");
    });
    assert!(seen.contains(&old) && seen.contains(&new), "{seen:?}");
}
