//! vgcreate, vgextend, vgreduce, vgrename, vgremove and vgcfgbackup on image files: what they say, their statuses,
//! what stands in backups, and that a refused one changes nothing.

mod kit;

use kit::Place;
use std::fs;

/// The last fields of a line of `vgs`.
fn vgs(place: &Place, columns: &str) -> Vec<String> {
    let lines = place.ok(&format!("vgs --noheadings --separator , -o {columns}"));
    lines.lines().map(|line| line.trim().to_owned()).collect()
}

#[test]
fn a_vg_is_made_as_it_was_asked_for() {
    let place = Place::with(&["a", "b"]);
    let line = "vgcreate -s 512k -l 3 -p 2 --alloc cling --addtag red --addtag @blue \
                --setautoactivation n --metadatasize 64k vg %a %b";
    assert_eq!(
        place.ok(line),
        "  Physical volume \"a.img\" successfully created.\n  \
         Physical volume \"b.img\" successfully created.\n  \
         Volume group \"vg\" successfully created\n"
    );
    let columns =
        "vg_name,vg_extent_size,max_lv,max_pv,vg_allocation_policy,vg_tags,vg_autoactivation,vg_seqno";
    assert_eq!(vgs(&place, columns), ["vg,512.00k,3,2,cling,blue,red,,1"]);
    let backup = fs::read_to_string(place.path("etc/backup/vg")).unwrap();
    assert!(backup.contains("\nvg {\n\tid = \""), "{backup}");
    for line in [
        "\tstatus = [\"RESIZEABLE\", \"READ\", \"WRITE\"]",
        "\textent_size = 1024\t\t# 512 Kilobytes",
        "\tmax_lv = 3",
        "\tmax_pv = 2",
        "\tallocation_policy = \"cling\"",
        "\ttags = [\"red\", \"blue\"]",
    ] {
        assert!(backup.lines().any(|other| other == line), "{line}: {backup}");
    }
    assert!(!place.path("etc/archive").exists(), "there was nothing to archive");
}

#[test]
fn what_no_vg_can_be_is_refused() {
    let place = Place::with(&["a", "b", "c"]);
    place.ok("pvcreate %a %b");
    place.ok("vgcreate -s 1m there %c");
    let long = "v".repeat(128);
    for (line, exit, says) in [
        ("vgcreate", 3, "No command with matching syntax recognised."),
        ("vgcreate vg", 3, "No command with matching syntax recognised."),
        ("vgcreate -s 0 vg %a", 3, "Physical extent size may not be zero"),
        (
            "vgcreate -s 3k vg %a",
            5,
            "Physical Extent size must be a multiple of 128.00 KiB when not a power of 2.",
        ),
        ("vgcreate -s -1m vg %a", 3, "Invalid argument for --physicalextentsize: -1m"),
        ("vgcreate . %a", 3, "New volume group name \".\" is invalid."),
        ("vgcreate 'v g' %a", 3, "New volume group name \"v g\" is invalid."),
        ("vgcreate v/g %a", 3, "New volume group name \"v/g\" is invalid."),
        ("vgcreate -- -vg %a", 3, "New volume group name \"-vg\" is invalid."),
        (&format!("vgcreate {long} %a"), 3, "is invalid."),
        ("vgcreate --alloc inherit vg %a", 3, "Volume Group allocation policy cannot inherit from anything"),
        ("vgcreate --alloc sideways vg %a", 3, "Invalid argument for --alloc: sideways"),
        ("vgcreate --addtag 'b d' vg %a", 3, "Invalid argument for --addtag: b d"),
        (
            "vgcreate -p 1 vg %a %b",
            5,
            "No space for 'b.img' - volume group 'vg' holds max 1 physical volume(s).",
        ),
        ("vgcreate there %a", 5, "A volume group called there already exists."),
        ("vgcreate vg %c", 5, "Physical volume 'c.img' is already in volume group 'there'"),
        ("vgcreate vg %a %a", 5, "Duplicate device name found on input: a.img."),
        ("vgcreate vg %a %nothing", 5, "Command requires all devices to be found."),
        ("vgcreate --shared vg %a", 5, "vgcreate --shared is not supported yet by rlvm."),
        ("vgcreate --bogus vg %a", 3, "unrecognized option '--bogus'"),
    ] {
        place.refused(line, exit, says);
    }
}

#[test]
fn a_vg_grows_and_shrinks_by_pvs() {
    let place = Place::with(&["a", "b", "c"]);
    place.ok("vgcreate -s 1m vg %a");
    assert_eq!(
        place.ok("vgextend vg %b %c"),
        "  Physical volume \"b.img\" successfully created.\n  \
         Physical volume \"c.img\" successfully created.\n  \
         Volume group \"vg\" successfully extended\n"
    );
    place.refused("vgextend vg %a", 5, "Physical volume 'a.img' is already in volume group 'vg'");
    place.refused("vgextend none %a", 5, "Volume group \"none\" not found");
    place.refused("vgextend vg %nothing", 5, "No device found for nothing.");
    place.ok("lvcreate -an -Zn -Wn -l 2 -n lv vg %b");
    let ran = place.run("vgreduce vg %a %b %nothing");
    assert_eq!(
        (ran.exit, ran.out.as_str()),
        (5, "  Removed \"a.img\" from volume group \"vg\"\n"),
        "{ran:?}"
    );
    assert!(ran.err.contains("Physical volume \"b.img\" still in use\n"), "{ran:?}");
    assert!(ran.err.contains("Cannot use nothing: device not found\n"), "{ran:?}");
    place.refused("vgreduce vg %b", 5, "Physical volume \"b.img\" still in use");
    place.refused("vgreduce vg %a", 5, "Failed to find physical volume \"a.img\".");
    place.refused("vgreduce vg", 3, "No command with matching syntax recognised.");
    let ran = place.run("vgreduce --all vg");
    assert_eq!(
        (ran.exit, ran.out.as_str()),
        (5, "  Removed \"c.img\" from volume group \"vg\"\n"),
        "{ran:?}"
    );
    assert_eq!(vgs(&place, "vg_name,pv_count,vg_seqno"), ["vg,1,5"]);
    place.ok("lvremove -y vg/lv");
    place.refused(
        "vgreduce -a vg",
        5,
        "Can't remove final physical volume \"b.img\" from volume group \"vg\"",
    );
}

#[test]
fn the_last_metadata_area_stays() {
    let place = Place::with(&["a", "b"]);
    place.ok("pvcreate --metadatacopies 0 %b");
    place.ok("vgcreate -s 1m vg %a %b");
    place.refused("vgreduce vg %a", 5, "Cannot remove final metadata area on \"a.img\" from \"vg\"");
}

#[test]
fn several_commits_of_one_command_are_numbered() {
    let place = Place::with(&["a", "b", "c"]);
    place.ok("vgcreate -s 1m vg %a %b %c");
    place.ok("vgreduce vg %b %c");
    let text = String::from_utf8_lossy(&place.bytes("a")).into_owned();
    assert!(text.contains("description = \"Write[2] from vgreduce vg "), "as LVM2 numbers them");
    assert_eq!(fs::read_dir(place.path("etc/archive")).unwrap().count(), 2);
}

#[test]
fn missing_pvs_are_taken_out_and_what_lay_on_them() {
    let place = Place::with(&["a", "b", "c"]);
    place.ok("vgcreate -s 1m vg %a %b %c");
    place.ok("lvcreate -an -Zn -Wn -l 2 -n safe vg %a");
    place.ok("lvcreate -an -Zn -Wn -l 2 -n lost vg %b");
    assert_eq!(place.ok("vgreduce --removemissing vg"), "  Volume group \"vg\" is already consistent.\n");
    place.image("c", 8 << 20);
    for line in ["vgreduce vg %b", "vgrename vg other"] {
        place.refused(line, 5, "Cannot change VG vg while PVs are missing.");
    }
    place.refused("vgremove vg", 5, "Consider vgreduce --removemissing if metadata is inconsistent.");
    assert_eq!(place.ok("vgreduce --removemissing vg"), "  Wrote out consistent volume group vg.\n");
    place.image("b", 8 << 20);
    place.refused("vgreduce --removemissing vg", 5, "There are still partial LVs in VG vg.");
    let line = "vgreduce --removemissing --mirrorsonly --force vg";
    place.refused(line, 5, "Non-mirror-image LV lost found: can't remove.");
    assert_eq!(
        place.ok("vgreduce --removemissing --force vg"),
        "  Logical volume \"lost\" successfully removed.\n  Wrote out consistent volume group vg.\n"
    );
    assert_eq!(vgs(&place, "vg_name,pv_count,lv_count"), ["vg,1,1"]);
}

#[test]
fn a_vg_is_renamed() {
    let place = Place::with(&["a", "b"]);
    place.ok("vgcreate -s 1m one %a");
    place.ok("vgcreate -s 1m two %b");
    for (line, exit, says) in [
        ("vgrename one one", 5, "Old and new volume group names must differ"),
        ("vgrename one two", 5, "New VG name \"two\" already exists"),
        ("vgrename one 'a b'", 5, "New volume group name \"a b\" is invalid."),
        (
            &format!("vgrename one {}", "v".repeat(122)),
            5,
            "New volume group path exceeds maximum length of 121!",
        ),
        ("vgrename none three", 5, "Volume group \"none\" not found"),
        ("vgrename 0123456789abcdefghijklmnopqrstuv x", 5, "not found"),
        ("vgrename one", 3, "No command with matching syntax recognised."),
    ] {
        place.refused(line, exit, says);
    }
    assert_eq!(
        place.ok("vgrename /dev/one /dev/three"),
        "  Volume group \"one\" successfully renamed to \"three\"\n"
    );
    assert!(place.path("etc/backup/three").exists() && !place.path("etc/backup/one").exists());
    assert_eq!(vgs(&place, "vg_name"), ["three", "two"]);
}

#[test]
fn of_two_vgs_with_one_name_one_is_renamed_by_its_id() {
    let place = Place::with(&["a", "b"]);
    for image in ["a", "b"] {
        let ran = place.run_among(&[image], &format!("vgcreate -s 1m same %{image}"));
        assert_eq!(ran.exit, 0, "{ran:?}");
    }
    place.refused("vgrename same other", 5, "Multiple VGs found with the same name");
    place.refused("vgremove -f same", 5, "Multiple VGs found with the same name");
    // Where none is named, all are meant.
    let changed = "  Volume group \"same\" successfully changed.\n";
    assert_eq!(place.ok("vgchange --addtag t"), [changed, changed].concat());
    assert_eq!(vgs(&place, "vg_name,vg_tags"), ["same,t", "same,t"]);
    let id = place.run_among(&["b"], "vgs --noheadings -o vg_uuid").out.trim().to_owned();
    assert_eq!(
        place.ok(&format!("vgrename {id} other")),
        format!(
            "  Processing VG same because of matching UUID {id}\n  \
             Volume group \"{id}\" successfully renamed to \"other\"\n"
        )
    );
    let same = "New VG name must differ from the old VG name.";
    place.refused(&format!("vgrename {id} other"), 5, same);
    assert_eq!(place.run_among(&["b"], "vgs --noheadings -o vg_name").out.trim(), "other");
    let compact = id.replace('-', "");
    place.refused(&format!("vgrename same {compact}"), 5, "matches the UUID of existing VG other");
}

#[test]
fn a_vg_is_removed_with_its_lvs_once_that_is_agreed_to() {
    let place = Place::with(&["a", "b"]);
    place.ok("vgcreate -s 1m one %a");
    place.ok("vgcreate -s 1m --addtag t two %b");
    place.ok("lvcreate -an -Zn -Wn -l 1 -n x one");
    place.ok("lvcreate -an -Zn -Wn -l 1 -n y one");
    let question = "Do you really want to remove volume group \"one\" containing 2 logical volumes? [y/n]: ";
    place.refused("vgremove one", 5, question);
    place.refused("vgremove none", 5, "Volume group \"none\" not found");
    place.refused("vgremove", 3, "No command with matching syntax recognised.");
    place.refused("vgremove one/x", 3, "one/x");
    let ran = place.answer("vgremove one", &["n"]);
    assert!(ran.err.ends_with("Volume group \"one\" not removed\n"), "{ran:?}");
    // Beside tags a VG that is not there is no mistake.
    assert_eq!(place.ok("lvs --noheadings -o lv_name none @none"), "");
    place.refused("lvs one/none @t", 5, "Failed to find logical volume \"one/none\"");
    // And all VGs are gone through in their own order.
    let ran = place.answer("vgremove one none @t", &["y"]);
    assert_eq!(ran.exit, 0);
    assert_eq!(
        ran.out,
        "  Volume group \"two\" successfully removed\n  \
         Logical volume \"x\" successfully removed.\n  \
         Logical volume \"y\" successfully removed.\n  \
         Volume group \"one\" successfully removed\n"
    );
    assert_eq!(vgs(&place, "vg_name"), [""; 0]);
    assert_eq!(place.ok("pvs --noheadings -o pv_name").lines().count(), 2);
    // Where there were LVs, what is left is the backup of the VG without them, as LVM2 leaves it.
    let left = fs::read_to_string(place.path("etc/backup/one")).unwrap();
    assert!(!left.contains("logical_volumes"), "{left}");
    assert!(!place.path("etc/backup/two").exists());
}

#[test]
fn vgs_to_remove_may_be_selected() {
    let place = Place::with(&["a", "b", "c"]);
    for name in ["a", "b", "c"] {
        place.ok(&format!("vgcreate -s 1m {name} %{name}"));
    }
    place.ok("lvcreate -an -Zn -Wn -l 1 -n x b");
    place.refused("vgremove -S vg_nope=1", 5, "vg_nope");
    assert_eq!(place.ok("vgremove -S vg_name=none"), "");
    assert_eq!(place.ok("vgremove --select 'vg_name=a || vg_name=c'").lines().count(), 2);
    assert_eq!(
        place.ok("vgremove -y -S lv_name=x"),
        "  Logical volume \"x\" successfully removed.\n  Volume group \"b\" successfully removed\n"
    );
}

#[test]
fn vgs_are_backed_up_where_it_is_asked_for() {
    let place = Place::with(&["a", "b"]);
    place.ok("vgcreate -s 1m one %a");
    place.ok("vgcreate -s 1m two %b");
    let said = place.ok("vgcfgbackup");
    for vg in ["one", "two"] {
        assert!(said.contains(&format!("  Volume group \"{vg}\" successfully backed up.\n")), "{said}");
    }
    assert_eq!(place.ok("vgcfgbackup -f %of-%s two one").lines().count(), 2);
    let text = fs::read_to_string(place.path("of-two")).unwrap();
    assert!(text.contains("description = \"vgcfgbackup -f "), "{text}");
    let ran = place.run("vgcfgbackup -f %same one two none");
    assert_eq!((ran.exit, ran.out.lines().count()), (5, 1), "{ran:?}");
    assert!(ran.err.contains("VGs must be backed up into different files."), "{ran:?}");
    place.refused("vgcfgbackup -f %no/where one", 5, "no: open failed");
}

#[test]
fn a_backup_that_cannot_be_written_does_not_undo_a_change_and_an_archive_does() {
    let place = Place::with(&["a", "b"]);
    fs::create_dir_all(place.path("etc")).unwrap();
    fs::write(place.path("etc/backup"), "in the way").unwrap();
    let ran = place.run("vgcreate -s 1m vg %a");
    assert_eq!((ran.exit, ran.out.lines().count()), (0, 2), "{ran:?}");
    assert!(ran.err.contains("WARNING: Backup of volume group vg metadata failed."), "{ran:?}");
    fs::write(place.path("etc/archive"), "in the way").unwrap();
    let before = (place.bytes("a"), place.bytes("b"));
    let ran = place.run("vgextend vg %b");
    assert_eq!(ran.exit, 5, "{ran:?}");
    assert!(ran.err.contains("is not changed, since it cannot be archived."), "{ran:?}");
    assert!((place.bytes("a"), place.bytes("b")) == before);
}

#[test]
fn plans_and_tests_write_nothing() {
    let place = Place::with(&["a", "b"]);
    place.ok("vgcreate -s 1m vg %a");
    place.ok("lvcreate -an -Zn -Wn -l 2 -n lv vg");
    let before = place.state();
    let plan = place.ok("vgremove --plan vg");
    assert_eq!(
        plan,
        "  VG    remove vg\n  PV    remove a.img\n  LV    remove vg/lv, 2.00 MiB\n\
         \x20       - 0 4096 linear a.img 2048\n\
         \x20       2.00 MiB at risk: data there would no longer be reachable\n\
         \x20 PE    free a.img:0-1 (2 extents, lv)\n\
         \x20 asks  whether to remove vg with 1 logical volumes\n\
         \x20 Nothing was written (--plan).\n"
    );
    for line in ["vgextend --plan vg %b", "vgrename --plan vg other", "vgcreate --plan new %b"] {
        let json: serde_json::Value =
            serde_json::from_str(&place.ok(&format!("{line} --reportformat json"))).unwrap();
        assert!(json["plan"]["changes"][0]["vg"].is_string(), "{json}");
    }
    for (line, said) in [
        ("vgextend -t vg %b", "Volume group \"vg\" successfully extended\n"),
        ("vgrename -t vg other", "Volume group \"vg\" successfully renamed to \"other\"\n"),
        ("vgremove -t -y vg", "Volume group \"vg\" successfully removed\n"),
        ("vgcreate -t new %b", "Volume group \"new\" successfully created\n"),
    ] {
        assert!(place.ok(line).ends_with(said), "{line}");
    }
    assert!(place.state() == before);
}
