//! LVM2's hints, on a host whose devices exist in memory only: who makes them, who heeds them, who ends them.

use cli::run;
use cli::world::World;
use device::Disk;
use device::ram::{FakeHost, Faults, RamDisk};
use std::cell::Cell;
use std::ffi::OsString;
use std::fs;
use tempfile::TempDir;
use units::Bytes;

/// Three disks and a run folder.
struct Machine {
    folder: TempDir,
    host: FakeHost,
    disks: Vec<RamDisk>,
    runs: Cell<u64>,
}

impl Machine {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let host = FakeHost::new(folder.path());
        let disks = (0..3).map(|n| host.add(&format!("loop{n}"), &format!("7:{n}"), Bytes::new(8 << 20)));
        let disks = disks.collect();
        for name in ["etc", "run"] {
            fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        let locks = folder.path().join("locks");
        let conf = format!("global/locking_dir = \"{}\"\n", locks.display());
        fs::write(folder.path().join("etc/lvm.conf"), conf).unwrap();
        Self { folder, host, disks, runs: Cell::new(0) }
    }

    fn run(&self, line: &str) -> (u8, String, String) {
        self.runs.set(self.runs.get() + 1);
        let (mut world, streams) = World::seeded(self.runs.get(), self.host.host(), &[]);
        world.env.set("LVM_SYSTEM_DIR", self.folder.path().join("etc").to_str().unwrap());
        world.run_dir = self.folder.path().join("run");
        let dev = self.folder.path().join("dev").display().to_string();
        let line = line.replace('%', &format!("{dev}/loop"));
        let words: Vec<OsString> = ["rlvm"].into_iter().chain(line.split(' ')).map(OsString::from).collect();
        let exit = run(&words, &mut world).code();
        let text = |stream: &std::sync::Mutex<Vec<u8>>| String::from_utf8(stream.lock().unwrap().clone());
        (exit, text(&streams.out).unwrap(), text(&streams.err).unwrap())
    }

    fn ok(&self, line: &str) -> String {
        let (exit, out, err) = self.run(line);
        assert_eq!(exit, 0, "{line}: {err}");
        out
    }

    /// The number of PVs that a report tells of.
    fn pvs(&self, options: &str) -> usize {
        self.ok(&format!("pvs --noheadings -o pv_name,pv_attr{options}")).lines().count()
    }

    fn hints(&self) -> String {
        fs::read_to_string(self.folder.path().join("run/hints")).unwrap_or_default()
    }

    /// The disks that are PVs by the hints, with their VGs.
    fn hinted(&self) -> Vec<String> {
        let hints = self.hints();
        let lines = hints.lines().filter_map(|line| line.strip_prefix("scan:"));
        let words = |line: &str| {
            let words: Vec<&str> = line.split(' ').collect();
            let name = words[0].rsplit('/').next().unwrap_or_default().to_owned();
            format!("{name} {}", words[3])
        };
        lines.map(words).collect()
    }

    fn is_outdated(&self) -> bool {
        self.folder.path().join("run/newhints").exists()
    }

    /// Copies a disk behind everybody's back.
    fn copy(&self, from: usize, to: usize) {
        let mut bytes = vec![0; 8 << 20];
        self.disks[from].read_at(&mut bytes, Bytes::ZERO).unwrap();
        self.disks[to].write_at(&bytes, Bytes::ZERO).unwrap();
    }
}

#[test]
fn hints_are_made_by_whoever_looks_and_ended_by_whoever_changes_what_there_is() {
    let machine = Machine::new();
    machine.ok("pvcreate %0");
    assert!(machine.hints().starts_with("# Created empty by pvcreate pid "), "{}", machine.hints());
    assert!(machine.is_outdated());
    assert_eq!(machine.pvs(" --nohints"), 1);
    assert_eq!(machine.hinted(), [""; 0]);
    assert_eq!(machine.pvs(""), 1);
    assert_eq!(machine.hinted(), ["loop0 vg:-"]);
    let hints = machine.hints();
    assert!(hints.starts_with("# Created by pvs pid ") && !machine.is_outdated(), "{hints}");
    for line in ["hints_version: 2.1", "global_filter:a|.*|", "filter:a|.*|", "scan_lvs:0", "devices_file:."]
    {
        assert!(hints.lines().any(|known| known == line), "{hints}");
    }
    assert!(hints.lines().any(|line| line.starts_with("devs_hash: ") && line.ends_with(" 3")), "{hints}");
    machine.ok("vgcreate -s 1m vg %0 %1");
    assert!(machine.is_outdated());
    machine.ok("vgs");
    assert_eq!(machine.hinted(), ["loop0 vg:vg", "loop1 vg:vg"]);
    // What changes no PV and no name leaves them.
    let hints = machine.hints();
    machine.ok("lvcreate -an -Zn -Wn -l 1 -n one vg");
    machine.ok("lvremove -y vg/one");
    assert_eq!(machine.hints(), hints);
    machine.ok("vgrename vg other");
    assert!(machine.is_outdated() && machine.hints().contains("empty by vgrename"));
    machine.ok("vgs --config devices/hints=none");
    assert_eq!(machine.hinted(), [""; 0]);
}

#[test]
fn only_hinted_devices_are_looked_at_until_something_speaks_against_it() {
    let machine = Machine::new();
    machine.ok("vgcreate -s 1m vg %0");
    machine.ok("pvcreate %1");
    assert_eq!(machine.pvs(""), 2);
    machine.copy(1, 2);
    // The copy is not in the hints; with -a, by its name, or without hints it is seen.
    assert_eq!((machine.pvs(""), machine.pvs(" -a")), (2, 3));
    assert_eq!(machine.ok("pvs --noheadings -o pv_duplicate %2").trim(), "duplicate");
    machine.ok("pvscan --cache");
    assert!(machine.hints().contains("empty by pvscan") || machine.hints().contains("# info: duplicate_pvs"));
    assert_eq!(machine.pvs(""), 2);
    assert!(machine.hints().contains("# info: duplicate_pvs"), "{}", machine.hints());
    machine.disks[2].write_at(&vec![0; 1 << 20], Bytes::ZERO).unwrap();
    machine.ok("vgs");
    assert_eq!(machine.hinted(), ["loop0 vg:vg", "loop1 vg:-"]);
    // A device more, and there are new hints.
    let disk = machine.host.add("loop3", "7:3", Bytes::new(8 << 20));
    disk.write_at(&[0; 512], Bytes::ZERO).unwrap();
    assert!(machine.hints().contains(" 3\n"));
    machine.ok("vgs");
    assert!(machine.hints().contains(" 4\n"), "{}", machine.hints());
    // Under other filters too.
    machine.ok("vgs --config devices/filter=[\"r|loop1|\"]");
    assert_eq!(machine.hinted(), ["loop0 vg:vg"]);
}

#[test]
fn hints_that_are_wrong_are_found_out() {
    let machine = Machine::new();
    machine.ok("vgcreate -s 1m vg %0");
    machine.ok("pvcreate %1");
    machine.ok("pvs");
    let old = machine.hints();
    machine.ok("vgrename vg other");
    machine.ok("pvs");
    let hints = machine.folder.path().join("run/hints");
    fs::write(&hints, &old).unwrap();
    // The VG's PVs are not those that are hinted at: all devices are looked at.
    assert_eq!(machine.ok("vgs --noheadings -o vg_name").trim(), "other");
    assert!(machine.is_outdated());
    assert_eq!(machine.pvs(""), 2);
    assert_eq!(machine.hinted(), ["loop0 vg:other", "loop1 vg:-"]);
    // A PV that is gone from the hinted devices may be elsewhere.
    machine.copy(1, 2);
    machine.disks[1].write_at(&vec![0; 1 << 20], Bytes::ZERO).unwrap();
    assert_eq!(machine.ok("pvs --noheadings -o pv_name -O-pv_name").lines().count(), 2);
    assert!(machine.is_outdated());
}

#[test]
fn of_a_vg_that_is_named_only_its_own_pvs_are_looked_at() {
    let machine = Machine::new();
    machine.ok("vgcreate -s 1m vg %0");
    machine.ok("vgcreate -s 1m other %1");
    machine.ok("pvs");
    machine.ok("lvcreate -an -Zn -Wn -l 1 -n one vg");
    // Whoever looks at the other one has something to say.
    machine.disks[1].set_faults(Faults::default().with_bad_reads(0..8 << 20));
    for line in ["lvs vg", "vgs vg", "lvs vg/one", "lvchange --addtag t vg/one"] {
        let (exit, _, err) = machine.run(line);
        assert_eq!((exit, err.as_str()), (0, ""), "{line}");
    }
    for line in ["lvs", "lvs --nohints vg"] {
        let (_, _, err) = machine.run(line);
        assert!(err.contains("loop1"), "{line}: {err}");
    }
}
