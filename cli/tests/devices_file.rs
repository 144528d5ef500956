//! The devices file, on a host whose devices exist in memory only.

use cli::run;
use cli::world::World;
use device::ram::FakeHost;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;
use units::Bytes;

/// Three loop devices, each with a file behind it, and settings that put a devices file in force.
struct Machine {
    folder: TempDir,
    host: FakeHost,
}

impl Machine {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let host = FakeHost::new(folder.path());
        for n in 0..3 {
            host.add(&format!("loop{n}"), &format!("7:{n}"), Bytes::new(32 << 20));
            host.file(&format!("sys/block/loop{n}/loop/backing_file"), &format!("/img/{n} x\n"));
        }
        fs::create_dir_all(folder.path().join("etc/devices")).unwrap();
        let locks = folder.path().join("locks");
        let conf = format!(
            "devices {{\n use_devicesfile = 1\n hints = \"none\"\n}}\nglobal/locking_dir = \"{}\"\n",
            locks.display()
        );
        fs::write(folder.path().join("etc/lvm.conf"), conf).unwrap();
        Self { folder, host }
    }

    fn device(&self, n: u32) -> String {
        self.folder.path().join(format!("dev/loop{n}")).display().to_string()
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("etc/devices/system.devices")
    }

    /// The lines about devices, without the part of ids that is made up.
    fn entries(&self) -> Vec<String> {
        let text = fs::read_to_string(self.file()).unwrap();
        let root = self.folder.path().display().to_string();
        let lines = text.lines().filter(|line| line.starts_with("IDTYPE"));
        lines
            .map(|line| {
                let (known, pv) = line.split_once(" PVID=").unwrap();
                let known = known.replace(&root, "");
                format!("{known} {}", if pv == "." { "empty" } else { "PV" })
            })
            .collect()
    }

    fn run(&self, line: &str) -> (u8, String, String) {
        let (mut world, streams) = World::seeded(self.seed(), self.host.host(), &[]);
        world.env.set("LVM_SYSTEM_DIR", self.folder.path().join("etc").to_str().unwrap());
        world.run_dir = self.folder.path().join("run");
        let words: Vec<OsString> = ["rlvm"]
            .into_iter()
            .chain(line.split_whitespace())
            .map(|word| word.trim_matches('\'').into())
            .collect();
        let exit = run(&words, &mut world);
        let text =
            |stream: &std::sync::Mutex<Vec<u8>>| String::from_utf8(stream.lock().unwrap().clone()).unwrap();
        (exit.code(), text(&streams.out), text(&streams.err))
    }

    /// Another one for each state of the file, so that no id is made twice.
    fn seed(&self) -> u64 {
        fs::read(self.file()).map_or(1, |text| u64::from(units::crc(&text)))
    }

    fn pvs(&self, options: &str) -> Vec<String> {
        let (exit, out, err) = self.run(&format!("pvs --noheadings -o pv_name {options}"));
        assert_eq!(exit, 0, "{err}");
        let root = self.folder.path().display().to_string();
        out.lines().map(|line| line.trim().replace(&root, "")).collect()
    }
}

#[test]
fn the_first_pv_makes_the_file_and_others_join_it() {
    let machine = Machine::new();
    let (exit, out, err) = machine.run(&format!("pvcreate {}", machine.device(0)));
    assert_eq!(exit, 0, "{err}");
    assert!(out.contains("Creating devices file"), "{out}");
    assert_eq!(machine.entries(), ["IDTYPE=loop_file IDNAME=/img/0_x DEVNAME=/dev/loop0 PV"]);
    let (exit, _, err) = machine.run(&format!("vgcreate vg {} {}", machine.device(0), machine.device(1)));
    assert_eq!(exit, 0, "{err}");
    assert_eq!(machine.entries().len(), 2);
    assert_eq!(machine.pvs(""), ["/dev/loop0", "/dev/loop1"]);
    let (exit, _, err) = machine.run(&format!("pvs {}", machine.device(2)));
    assert_eq!(exit, 5);
    assert!(err.contains("device is not in devices file"), "{err}");
}

#[test]
fn a_pv_that_is_removed_leaves_its_device_in_the_file() {
    let machine = Machine::new();
    assert_eq!(machine.run(&format!("pvcreate {}", machine.device(0))).0, 0);
    let (exit, _, err) = machine.run(&format!("pvremove {}", machine.device(0)));
    assert_eq!(exit, 0, "{err}");
    assert_eq!(machine.entries(), ["IDTYPE=loop_file IDNAME=/img/0_x DEVNAME=/dev/loop0 empty"]);
}

#[test]
fn what_the_file_does_not_name_is_out_of_scope_unless_options_say_so() {
    let machine = Machine::new();
    for n in 0..3 {
        assert_eq!(machine.run(&format!("pvcreate {}", machine.device(n))).0, 0);
    }
    let text = fs::read_to_string(machine.file()).unwrap();
    let kept: String =
        text.lines().filter(|line| !line.contains("/img/1")).map(|l| format!("{l}\n")).collect();
    fs::write(machine.file(), &kept).unwrap();
    assert_eq!(machine.pvs(""), ["/dev/loop0", "/dev/loop2"]);
    assert_eq!(machine.pvs("--devicesfile ''"), ["/dev/loop0", "/dev/loop1", "/dev/loop2"]);
    assert_eq!(machine.pvs(&format!("--devices {}", machine.device(1))), ["/dev/loop1"]);
    assert_eq!(machine.run("pvs --devicesfile other.devices").0, 5);
    // Reading changes no entry; the checksum is mended.
    let entries = |text: &str| {
        text.lines().filter(|line| line.starts_with("IDTYPE")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(entries(&fs::read_to_string(machine.file()).unwrap()), entries(&kept));
}

#[test]
fn an_entry_by_name_follows_its_pv_and_lets_no_other_in() {
    let machine = Machine::new();
    for n in 0..2 {
        assert_eq!(machine.run(&format!("pvcreate {}", machine.device(n))).0, 0);
    }
    let text = fs::read_to_string(machine.file()).unwrap();
    let first = text.lines().find(|line| line.contains("/img/0")).unwrap();
    let pv = first.split_once("PVID=").unwrap().1;
    let name = machine.device(1);
    fs::write(
        machine.file(),
        format!("HOSTNAME=host\nVERSION=1.1.1\nIDTYPE=devname IDNAME={name} DEVNAME={name} PVID={pv}\n"),
    )
    .unwrap();
    assert_eq!(machine.pvs("--config devices/search_for_devnames=none"), Vec::<String>::new());
    assert_eq!(machine.pvs(""), ["/dev/loop0"]);
}

#[test]
fn an_entry_that_nobody_can_answer_is_refused_by_name() {
    let machine = Machine::new();
    fs::write(machine.file(), "VERSION=1.1.1\nIDTYPE=tomorrows IDNAME=abc DEVNAME=. PVID=.\n").unwrap();
    let (exit, out, err) = machine.run("pvs");
    assert_eq!((exit, out.as_str()), (5, ""));
    assert!(err.contains("tomorrows") && err.contains("abc"), "{err}");
}

#[test]
fn lvmdevices_shows_adds_and_removes_entries() {
    let machine = Machine::new();
    let (exit, _, err) = machine.run("lvmdevices");
    assert_eq!((exit, err.as_str()), (5, "  Devices file does not exist.\n"));
    let (first, second) = (machine.device(0), machine.device(1));
    assert_eq!(machine.run(&format!("pvcreate {first}")).0, 0);
    let (exit, out, err) = machine.run(&format!("lvmdevices --adddev {second}"));
    assert_eq!((exit, out.as_str()), (0, ""), "{err}");
    assert_eq!(
        machine.entries(),
        [
            "IDTYPE=loop_file IDNAME=/img/0_x DEVNAME=/dev/loop0 PV",
            "IDTYPE=loop_file IDNAME=/img/1_x DEVNAME=/dev/loop1 empty"
        ]
    );
    let (_, out, _) = machine.run("lvmdevices");
    assert!(
        out.contains(&format!(
            "Device {second} IDTYPE=loop_file IDNAME=/img/1_x DEVNAME={second} PVID=none\n"
        )),
        "{out}"
    );
    let (exit, _, err) = machine.run("lvmdevices --delpvid xxx");
    assert_eq!((exit, err.as_str()), (5, "  Invalid PVID.\n"));
    let (exit, out, _) = machine.run(&format!("lvmdevices --listids {second}"));
    assert_eq!((exit, out.contains("loop_file        /img/1_x\n")), (0, true), "{out}");
    assert_eq!(machine.run(&format!("lvmdevices --adddev {second} --deviceidtype devname")).0, 0);
    assert_eq!(machine.entries()[1], "IDTYPE=devname IDNAME=/dev/loop1 DEVNAME=/dev/loop1 empty");
    assert_eq!(machine.run("lvmdevices --delid /img/0_x --deviceidtype loop_file").0, 0);
    assert_eq!(machine.run(&format!("lvmdevices --deldev {second} -y")).0, 0);
    assert!(machine.entries().is_empty());
    let (exit, _, err) = machine.run(&format!("lvmdevices --deldev {second}"));
    assert_eq!((exit, err.contains("No devices file entry for")), (5, true), "{err}");
}

#[test]
fn lvmdevices_check_tells_what_update_writes() {
    let machine = Machine::new();
    let first = machine.device(0);
    assert_eq!(machine.run(&format!("pvcreate {first}")).0, 0);
    assert_eq!(machine.run("lvmdevices --check").0, 0);
    let text = fs::read_to_string(machine.file()).unwrap();
    let wrong = text.replace(&format!("DEVNAME={first}"), "DEVNAME=/dev/other");
    fs::write(machine.file(), wrong + "IDTYPE=loop_file IDNAME=/img/9 DEVNAME=/dev/loop9 PVID=.\n").unwrap();
    let (exit, out, err) = machine.run("lvmdevices --check");
    assert_eq!((exit, err.as_str()), (5, "  Updates needed for devices file.\n"));
    assert!(
        out.contains(&format!("DEVNAME={first} (old /dev/other) PVID=")) && out.contains(": update\n"),
        "{out}"
    );
    assert!(out.contains("IDNAME=/img/9 DEVNAME=/dev/loop9 PVID=none: device not found\n"), "{out}");
    let (exit, out, err) = machine.run("lvmdevices --update --delnotfound");
    assert_eq!((exit, out.contains("Updated devices file to version 1.1.")), (0, true), "{out}{err}");
    assert_eq!(machine.entries(), ["IDTYPE=loop_file IDNAME=/img/0_x DEVNAME=/dev/loop0 PV"]);
    let (exit, out, _) = machine.run("lvmdevices --update");
    assert_eq!((exit, out.as_str()), (0, "  No update for devices file is needed.\n"));
}

#[test]
fn a_file_that_was_edited_is_mended_by_the_next_command() {
    let machine = Machine::new();
    let first = machine.device(0);
    assert_eq!(machine.run(&format!("pvcreate {first}")).0, 0);
    let text = fs::read_to_string(machine.file()).unwrap();
    fs::write(machine.file(), text.replace(&format!("DEVNAME={first}"), "DEVNAME=/dev/other")).unwrap();
    assert_eq!(machine.pvs("").len(), 1);
    assert_eq!(machine.entries(), ["IDTYPE=loop_file IDNAME=/img/0_x DEVNAME=/dev/loop0 PV"]);
    // A newer version's file is obeyed but not rewritten.
    let newer = fs::read_to_string(machine.file()).unwrap().replace("VERSION=1.1.", "VERSION=2.0.");
    fs::write(machine.file(), &newer).unwrap();
    assert_eq!(machine.pvs("").len(), 1);
    let (exit, _, err) = machine.run(&format!("lvmdevices --adddev {}", machine.device(1)));
    assert_eq!((exit, err.contains("Failed to write devices file.")), (5, true), "{err}");
    assert_eq!(fs::read_to_string(machine.file()).unwrap(), newer);
}

#[test]
fn vgimportdevices_lists_the_devices_of_vgs() {
    let machine = Machine::new();
    let devices = format!("{} {}", machine.device(0), machine.device(1));
    let (exit, _, err) = machine.run(&format!("vgcreate vg {devices}"));
    assert_eq!(exit, 0, "{err}");
    fs::remove_file(machine.file()).unwrap();
    let (exit, out, err) = machine.run("vgimportdevices vg");
    assert_eq!((exit, out.as_str()), (0, "  Added 2 devices to devices file.\n"), "{err}");
    assert_eq!(machine.entries().len(), 2);
    assert_eq!(machine.run("vgimportdevices nothing").0, 5);
}

#[test]
fn pvscan_notes_what_comes_up() {
    let machine = Machine::new();
    let (first, second) = (machine.device(0), machine.device(1));
    assert_eq!(machine.run(&format!("vgcreate vg {first} {second}")).0, 0);
    let options = "--cache --listvg --checkcomplete --vgonline --autoactivation event --udevoutput";
    let (exit, out, err) = machine.run(&format!("pvscan {options} {first}"));
    assert_eq!((exit, out.as_str()), (0, "LVM_VG_NAME_INCOMPLETE='vg'\n"), "{err}");
    let (exit, out, _) = machine.run(&format!("pvscan {options} 7:1"));
    assert_eq!((exit, out.as_str()), (0, "LVM_VG_NAME_COMPLETE='vg'\n"));
    let (exit, out, _) = machine.run(&format!("pvscan {options} {second}"));
    assert_eq!((exit, out.as_str()), (0, ""));
    let (_, out, _) = machine.run(&format!("pvscan --cache --listvg --checkcomplete --vgonline {second}"));
    assert!(out.ends_with("  VG vg finished\n"), "{out}");
    let online = machine.folder.path().join("run/pvs_online");
    assert_eq!(fs::read_dir(&online).unwrap().count(), 2);
    assert_eq!(machine.run("pvscan --cache 7:9").0, 0);
    assert_eq!(machine.run("pvscan --cache").0, 0);
    assert_eq!(fs::read_dir(&online).unwrap().count(), 2);
    assert_eq!(machine.run("pvscan --cache --major 7").0, 3);
}

#[test]
fn entries_of_lvs_follow_their_vgs_id_and_go_with_them() {
    let machine = Machine::new();
    assert_eq!(machine.run(&format!("vgcreate vg {}", machine.device(0))).0, 0);
    let (exit, _, err) = machine.run("lvcreate -an -Wn -Zn -l 1 -n one vg");
    assert_eq!(exit, 0, "{err}");
    let uuid = || {
        let (_, out, _) = machine.run("lvs --noheadings -o vg_uuid,lv_uuid vg/one");
        format!("LVM-{}", out.replace(['-', ' ', '\n'], ""))
    };
    let old = uuid();
    let mut text = fs::read_to_string(machine.file()).unwrap();
    text.push_str(&format!("IDTYPE=lvmlv_uuid IDNAME={old} DEVNAME=/dev/vg/one PVID=.\n"));
    fs::write(machine.file(), text).unwrap();
    let (exit, _, err) = machine.run("vgchange --uuid vg");
    assert_eq!(exit, 0, "{err}");
    let text = fs::read_to_string(machine.file()).unwrap();
    assert_ne!(uuid(), old);
    assert!(text.contains(&uuid()) && !text.contains(&old), "{text}");
    assert_eq!(machine.run("lvremove -y vg/one").0, 0);
    assert_eq!(machine.entries().len(), 1);
}

#[test]
fn ids_of_a_vgs_text_are_shown_unless_the_file_knows_better() {
    let machine = Machine::new();
    assert_eq!(machine.run(&format!("pvcreate {}", machine.device(0))).0, 0);
    assert_eq!(machine.run(&format!("vgcreate vg {}", machine.device(0))).0, 0);
    let (_, out, _) = machine.run("pvs --noheadings -o pv_device_id_type,pv_device_id");
    assert_eq!(out.trim(), "loop_file    /img/0_x");
    let text = fs::read_to_string(machine.file()).unwrap();
    let device = machine.device(0);
    let text = text.replace("IDTYPE=loop_file IDNAME=/img/0_x", &format!("IDTYPE=devname IDNAME={device}"));
    fs::write(machine.file(), text).unwrap();
    let (_, out, _) = machine.run("pvs --noheadings -o pv_device_id");
    assert_eq!(out.trim(), "invalid");
}

#[test]
fn a_name_without_a_pv_gives_way_to_the_entry_of_the_pv_that_is_there() {
    let machine = Machine::new();
    assert_eq!(machine.run(&format!("pvcreate {}", machine.device(0))).0, 0);
    let text = fs::read_to_string(machine.file()).unwrap();
    let (device, pv) = (machine.device(0), text.split("PVID=").nth(1).unwrap().trim().to_owned());
    let head: String =
        text.lines().filter(|line| !line.starts_with("IDTYPE")).map(|l| format!("{l}\n")).collect();
    let entry = |name: &str, pv: &str| format!("IDTYPE=devname IDNAME={name} DEVNAME={name} PVID={pv}\n");
    fs::write(machine.file(), head + &entry(&device, ".") + &entry("/dev/nothing", &pv)).unwrap();
    machine.host.file("sys/block/loop0/loop/backing_file", "/img/0 (deleted)\n");
    assert_eq!(machine.pvs(""), ["/dev/loop0"]);
    assert_eq!(machine.entries(), ["IDTYPE=devname IDNAME=/dev/loop0 DEVNAME=/dev/loop0 PV"]);
}

#[test]
fn on_another_machine_pvs_are_looked_for_whatever_their_devices_ids_are() {
    let machine = Machine::new();
    let product = |uuid: &str| machine.host.file("sys/devices/virtual/dmi/id/product_uuid", uuid);
    let behind = |file: &str| machine.host.file("sys/block/loop0/loop/backing_file", file);
    let about_machine = || -> Vec<String> {
        let text = fs::read_to_string(machine.file()).unwrap();
        let known = |line: &&str| !line.starts_with(['#', 'I', 'V']);
        text.lines().filter(known).map(str::to_owned).collect()
    };
    product("one\n");
    assert_eq!(machine.run(&format!("vgcreate vg {} {}", machine.device(0), machine.device(1))).0, 0);
    assert_eq!(about_machine(), ["PRODUCT_UUID=one"]);
    // The same machine: what has another id is another device.
    behind("/img/other\n");
    assert!(machine.run("pvs").1.contains("[unknown]"));
    product("two\n");
    assert!(machine.run("pvs --config devices/device_ids_refresh=0").1.contains("[unknown]"));
    let (exit, out, err) = machine.run("pvs");
    assert_eq!(exit, 0, "{err}");
    assert!(out.contains(" has new device ID loop_file /img/other from "), "{out}");
    assert!(!out.contains("[unknown]"), "{out}");
    assert_eq!(about_machine(), ["PRODUCT_UUID=two"]);
    assert_eq!(machine.entries()[0], "IDTYPE=loop_file IDNAME=/img/other DEVNAME=/dev/loop0 PV");
    assert!(!machine.run("pvs").1.contains("new device ID"));
    // What is not found at once is waited for.
    let mut text = fs::read_to_string(machine.file()).unwrap();
    text += &format!("IDTYPE=loop_file IDNAME=/gone DEVNAME=/dev/loop9 PVID={}\n", "a".repeat(32));
    fs::write(machine.file(), text).unwrap();
    product("three\n");
    assert_eq!(machine.run("pvs").0, 0);
    assert_eq!(about_machine(), ["PRODUCT_UUID=three", "REFRESH_UNTIL=20010909014650"]);
    behind("/img/third\n");
    assert!(!machine.run("pvs").1.contains("[unknown]"));
    assert_eq!(about_machine(), ["PRODUCT_UUID=three", "REFRESH_UNTIL=20010909014650"]);
    let past = fs::read_to_string(machine.file()).unwrap().replace("=2001", "=2000");
    fs::write(machine.file(), past).unwrap();
    behind("/img/fourth\n");
    assert!(machine.run("pvs").1.contains("[unknown]"));
    assert_eq!(about_machine(), ["PRODUCT_UUID=three"]);
    let (exit, _, err) = machine.run("pvs --config devices/device_ids_refresh=7");
    assert_eq!((exit, err.contains("Invalid device_ids_refresh value 7")), (4, true), "{err}");
}

#[test]
fn the_devices_of_the_root_file_systems_vg_are_imported() {
    let machine = Machine::new();
    for n in 0..2 {
        assert_eq!(machine.run(&format!("vgcreate vg{n} {}", machine.device(n))).0, 0);
    }
    fs::remove_file(machine.file()).unwrap();
    let refused = machine.run("vgimportdevices --rootvg");
    assert_eq!((refused.0, refused.2.contains("Failed to find root VG.")), (5, true), "{refused:?}");
    let (_, id, _) = machine.run("vgs --devicesfile '' --noheadings -o vg_uuid vg1");
    machine.host.add("dm-0", "252:0", Bytes::new(1 << 20));
    let id = id.trim().replace('-', "");
    machine.host.file("sys/block/dm-0/dm/uuid", &format!("LVM-{id}{}\n", "a".repeat(32)));
    machine.host.file(
        "proc/self/mountinfo",
        "21 1 252:0 / / rw - ext4 /dev/mapper/vg1-root rw\n22 21 0:5 / /proc rw - proc proc rw\n",
    );
    let asked = machine.folder.path().join("etc/devices/auto-import-rootvg");
    let skipped = machine.run("vgimportdevices --rootvg --auto");
    assert_eq!((skipped.0, skipped.1.as_str()), (0, "  Root VG auto import is not enabled.\n"));
    fs::write(&asked, "").unwrap();
    let (exit, out, err) = machine.run("vgimportdevices --rootvg --auto");
    assert_eq!((exit, out.as_str()), (0, "  Added 1 devices to devices file for root VG vg1.\n"), "{err}");
    assert_eq!(machine.entries(), ["IDTYPE=loop_file IDNAME=/img/1_x DEVNAME=/dev/loop1 PV"]);
    assert!(
        fs::read_to_string(machine.file()).unwrap().contains("by LVM command vgimportdevices (auto) pid")
    );
    assert!(!asked.exists());
    assert_eq!(machine.run("vgimportdevices --rootvg").0, 0);
}
