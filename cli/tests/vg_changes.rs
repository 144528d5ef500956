//! vgchange, vgexport, vgimport, vgck, vgsplit, vgmerge, vgcfgrestore and vgimportclone on image files.

mod kit;

use kit::Place;
use std::fs;

/// The last fields of a line of `vgs`.
fn vgs(place: &Place, columns: &str) -> Vec<String> {
    let lines = place.ok(&format!("vgs --noheadings --separator , -o {columns}"));
    lines.lines().map(|line| line.trim().to_owned()).collect()
}

fn lvs(place: &Place) -> Vec<String> {
    let lines = place.ok("lvs --noheadings --separator , -o vg_name,lv_name,seg_pe_ranges,lv_size");
    lines.lines().map(|line| line.trim().to_owned()).collect()
}

/// A VG on two images with an LV on each, and one with another LV.
fn two_vgs() -> Place {
    let place = Place::with(&["a", "b", "c"]);
    place.ok("vgcreate -s 1m vg %a %b");
    place.ok("lvcreate -an -Zn -Wn -l 2 -n one vg %a");
    place.ok("lvcreate -an -Zn -Wn -l 3 -n two vg %b");
    place.ok("vgcreate -s 1m other %c");
    place.ok("lvcreate -an -Zn -Wn -l 1 -n three other");
    place
}

#[test]
fn properties_of_a_vg_change_in_one_commit() {
    let place = Place::with(&["a", "b", "c"]);
    place.ok("vgcreate -s 1m --addtag old vg %a %b");
    place.ok("lvcreate -an -Zn -Wn -l 2 -n lv vg");
    let id = vgs(&place, "vg_uuid");
    let line = "vgchange -l 5 -p 4 -s 512k --alloc cling --addtag new --deltag old -u --setautoactivation n \
                --vgmetadatacopies 1 vg";
    assert_eq!(place.ok(line), "  Volume group \"vg\" successfully changed.\n");
    let columns = "vg_seqno,max_lv,max_pv,vg_extent_size,vg_allocation_policy,vg_tags,vg_autoactivation,\
                   vg_mda_copies,vg_mda_used_count";
    assert_eq!(vgs(&place, columns), ["3,5,4,512.00k,cling,new,,1,1"]);
    assert_ne!(vgs(&place, "vg_uuid"), id);
    assert_eq!(lvs(&place), ["vg,lv,a.img:0-3,2.00m"]);
    place.ok("vgchange -x n vg");
    place.refused("vgchange -l 7 vg", 5, "must be resizeable");
    place.refused("vgextend vg %c", 5, "is not resizeable");
}

#[test]
fn a_property_that_cannot_be_changes_nothing() {
    let place = two_vgs();
    for (line, exit, says) in [
        ("vgchange vg", 3, "No command with matching syntax recognised."),
        ("vgchange -p 1 vg", 5, "MaxPhysicalVolumes is less than the current number 2 of PVs for \"vg\""),
        ("vgchange -l 1 vg", 5, "MaxLogicalVolume is less than the current number 2 of LVs for vg"),
        ("vgchange -p 4294967296 vg", 3, "Invalid argument for --maxphysicalvolumes: 4294967296"),
        ("vgchange -x y vg", 5, "already resizeable"),
        ("vgchange --setautoactivation y vg", 5, "autoactivation is already yes"),
        ("vgchange --alloc normal vg", 5, "already normal"),
        ("vgchange --alloc inherit vg", 5, "cannot inherit from anything"),
        ("vgchange -s 2m vg", 5, "is not a perfect fit"),
        ("vgchange -s 3k vg", 5, "Physical Extent size must be"),
        ("vgchange -s 0 vg", 5, "Physical extent size may not be zero"),
        ("vgchange --addtag 'b d' vg", 3, "Invalid argument for --addtag: b d"),
        ("vgchange --addtag x none", 5, "Volume group \"none\" not found"),
        ("vgchange -an --poll y vg", 3, "Only -ay* allowed with --monitor or --poll."),
        ("vgchange -an --monitor y vg", 3, "Only -ay* allowed with --monitor or --poll."),
        ("vgchange --setpersist y vg", 5, "vgchange --setpersist is not supported yet by rlvm."),
        ("vgchange --pvmetadatacopies 1 vg", 3, "Need one or more command options."),
        ("vgchange -cn vg", 3, "invalid option -- 'c'"),
        ("vgchange --systemid other vg", 5, "Volume group vg system ID not changed."),
    ] {
        place.refused(line, exit, says);
    }
}

#[test]
fn what_needs_lvmlockd_says_so_and_ends_well() {
    let place = two_vgs();
    place.refused("vgchange --lockstart", 0, "Using lock start and lock stop requires lvmlockd.");
    place.refused("vgchange --locktype none vg", 0, "Using lock type requires lvmlockd.");
}

#[test]
fn changing_commands_take_selections_and_tags() {
    let place = two_vgs();
    place.ok("vgchange --addtag big -S lv_count=2");
    assert_eq!(vgs(&place, "vg_name,vg_tags"), ["other,", "vg,big"]);
    place.ok("vgchange --addtag more @big");
    place.ok("vgexport -S vg_tags=more");
    assert_eq!(vgs(&place, "vg_name,vg_exported"), ["other,", "vg,exported"]);
    place.refused("vgchange --addtag x -S nonsense=1", 5, "Unrecognised selection field: nonsense");
}

#[test]
fn an_exported_vg_is_left_alone_until_it_is_imported() {
    let place = two_vgs();
    assert_eq!(place.ok("vgexport vg"), "  Volume group \"vg\" successfully exported\n");
    for line in [
        "vgexport vg",
        "vgchange --addtag x vg",
        "vgextend vg %c",
        "vgreduce vg %a",
        "vgremove -y vg",
        "vgsplit vg new %a",
        "vgmerge other vg",
        "lvcreate -an -l 1 vg",
        "vgck vg",
        "vgmknodes vg",
    ] {
        place.refused(line, 5, "Volume group vg is exported");
    }
    place.refused("vgimport other", 5, "Volume group \"other\" is not exported");
    place.ok("vgrename vg renamed");
    place.ok("vgchange --addtag all");
    assert_eq!(vgs(&place, "vg_name,vg_tags"), ["other,all", "renamed,"]);
    let all = place.run("vgimport -a");
    assert_eq!(
        (all.exit, all.out.as_str()),
        (5, "  Volume group \"renamed\" successfully imported\n"),
        "the other one is not exported: {all:?}"
    );
    place.ok("vgck");
}

#[test]
fn pvs_take_their_lvs_with_them() {
    let place = two_vgs();
    assert_eq!(place.ok("vgsplit vg new %b"), "  New volume group \"new\" successfully split from \"vg\"\n");
    assert_eq!(
        lvs(&place),
        ["new,two,b.img:0-2,3.00m", "other,three,c.img:0-0,1.00m", "vg,one,a.img:0-1,2.00m"]
    );
    assert_eq!(vgs(&place, "vg_name,vg_seqno,vg_exported"), ["new,2,", "other,2,", "vg,4,"]);
    let so = "  Volume group \"new\" has what is to be split from \"vg\" already.\n";
    assert_eq!(place.ok("vgsplit --if-needed vg new %b"), so);
    let told = place.ok("vgsplit --reportformat json -n two new other");
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["result"]["changes"].as_array().map(Vec::len), Some(1), "{told}");
    assert_eq!(vgs(&place, "vg_name,pv_count,lv_count"), ["other,2,2", "vg,1,1"]);
    place.ok("vgck");
    let text = fs::read_to_string(place.path("etc/backup/other")).unwrap();
    assert!(
        text.contains("Created *after* executing 'vgsplit --reportformat json -n two new other'"),
        "{text}"
    );
}

#[test]
fn a_split_that_cannot_be_changes_nothing() {
    let place = two_vgs();
    place.ok("lvcreate -an -Zn -Wn -i 2 -l 2 -n striped vg");
    for (line, exit, says) in [
        ("vgsplit vg new %a", 5, "Can't split Logical Volume striped between two Volume Groups"),
        ("vgsplit -n one vg new", 5, "Can't split Logical Volume striped between two Volume Groups"),
        ("vgsplit -n none vg new", 5, "Logical volume none not in volume group vg"),
        ("vgsplit vg vg %a", 5, "Duplicate volume group name \"vg\""),
        ("vgsplit vg new %c", 5, "not in volume group vg"),
        (
            "vgsplit --alloc cling vg other %a",
            5,
            "Volume group \"other\" exists, but new VG option specified",
        ),
        ("vgsplit vg 'n w' %a %b", 5, "New volume group name \"n w\" is invalid."),
        ("vgsplit vg", 3, "No command with matching syntax recognised."),
        ("vgsplit --poolmetadataspare y vg new %a", 5, "not supported yet by rlvm"),
    ] {
        place.refused(line, exit, says);
    }
    let plan = place.run("vgsplit --plan vg new %a %b");
    assert!(
        plan.out.contains("VG    new (seqno 0 -> 2)") && plan.out.contains("PV    add a.img"),
        "{plan:?}"
    );
}

#[test]
fn a_vg_becomes_part_of_another() {
    let place = two_vgs();
    assert_eq!(place.ok("vgmerge other vg"), "  Volume group \"vg\" successfully merged into \"other\"\n");
    assert_eq!(vgs(&place, "vg_name,pv_count,lv_count,vg_seqno"), ["other,3,3,3"]);
    assert_eq!(lvs(&place).len(), 3);
    place.ok("vgck");
    let place = two_vgs();
    place.ok("lvrename vg one three");
    place.refused("vgmerge other vg", 5, "Duplicate logical volume name \"three\" in \"other\" and \"vg\"");
    place.refused("vgmerge vg vg", 5, "Duplicate volume group name \"vg\"");
    place.ok("vgchange -p 2 vg");
    place.refused("vgmerge vg other", 5, "Maximum number of physical volumes (2) exceeded");
    place.ok("vgchange -s 512k other");
    place.refused("vgmerge vg other", 5, "Extent sizes differ: 2048 (vg) and 1024 (other)");
}

#[test]
fn a_vg_is_restored_from_its_backup() {
    let place = two_vgs();
    place.ok("vgcfgbackup -f %kept vg");
    place.ok("lvremove -y vg/one");
    place.ok("vgrename vg gone");
    place.ok("vgchange --addtag more gone");
    assert_eq!(place.ok("vgcfgrestore -f %kept vg"), "  Restored volume group vg.\n");
    assert_eq!(vgs(&place, "vg_name,lv_count,vg_tags,vg_seqno"), ["other,1,,2", "vg,2,,4"]);
    place.ok("vgremove -y vg");
    let kept = std::fs::read_to_string(place.path("kept")).unwrap();
    let wrong = kept.replace("creation_time = ", "creation_time = 12029933779");
    std::fs::write(place.path("wrong"), wrong).unwrap();
    let restored = place.run("vgcfgrestore -f %wrong vg");
    assert!(
        restored.exit == 0 && restored.err.contains("Invalid creation_time found in metadata"),
        "{restored:?}"
    );
    place.ok("vgcfgrestore -f %kept vg");
    assert_eq!(vgs(&place, "vg_name,lv_count"), ["other,1", "vg,2"]);
    place.ok("vgck");
    let listed = place.ok("vgcfgrestore -l vg");
    assert!(listed.contains("\n  VG name:    \tvg\n") && listed.contains("\n  File:\t\t"), "{listed}");
    for (line, exit, says) in [
        ("vgcfgrestore -f %kept other", 5, "does not contain volume group 'other'."),
        ("vgcfgrestore -f %nothing vg", 5, "Restore failed."),
        ("vgcfgrestore 'v g'", 3, "Volume group name \"v g\" is invalid."),
        ("vgcfgrestore -f %kept", 3, "No command with matching syntax recognised."),
        ("vgcfgrestore -f %kept vg other", 3, "Command does not accept argument: other."),
    ] {
        place.refused(line, exit, says);
    }
    place.ok("vgremove -y vg");
    place.ok("vgextend other %a");
    place.refused("vgcfgrestore -f %kept vg", 5, "is in volume group other now");
    place.ok("vgreduce other %a");
    place.ok("pvremove %a");
    place.refused("vgcfgrestore -f %kept vg", 5, "with 1 PVs marked as missing.");
}

#[test]
fn a_damaged_vg_is_restored_too() {
    let place = Place::with(&["a"]);
    place.ok("vgcreate -s 1m vg %a");
    place.ok("lvcreate -an -Zn -Wn -l 2 -n lv vg");
    place.put("a", 4096, &[0x55; 65536]);
    assert!(vgs(&place, "vg_name").is_empty());
    place.ok("vgcfgrestore vg");
    assert_eq!(lvs(&place), ["vg,lv,a.img:0-1,2.00m"]);
}

#[test]
fn a_copy_becomes_a_vg_of_its_own() {
    let place = two_vgs();
    for (from, to) in [("a.img", "x.img"), ("b.img", "y.img")] {
        fs::copy(place.path(from), place.path(to)).unwrap();
    }
    place.refused("vgimportclone %x", 5, "is not included in the devices to import.");
    place.refused("vgimportclone %x %y %c", 5, "Devices must be from the same VG.");
    assert_eq!(place.ok("vgimportclone %x %y"), "");
    assert_eq!(vgs(&place, "vg_name,pv_count,lv_count"), ["other,1,1", "vg,2,2", "vg1,2,2"]);
    assert!(place.path("etc/backup/vg").exists() && place.path("etc/backup/vg1").exists());
    fs::copy(place.path("c.img"), place.path("z.img")).unwrap();
    place.ok("vgimportclone -n other %z");
    place.ok("vgck");
    // Where only that is wanted, copies that are a VG of their own stay as they are.
    for line in ["vgimportclone --if-needed %x %y", "vgimportclone --if-needed -n vg %x %y"] {
        let said = "  Volume group \"vg1\" on these devices is no copy of another.\n";
        assert_eq!(place.ok(line), said, "{line}");
    }
    assert_eq!(vgs(&place, "vg_name"), ["other", "other1", "vg", "vg1"]);
}

#[test]
fn a_pv_that_was_away_comes_back() {
    let place = Place::with(&["a", "b"]);
    place.ok("vgcreate -s 1m vg %a %b");
    place.ok("lvcreate -an -Zn -Wn -l 2 -n lv vg %b");
    let alone = place.run_among(&["a"], "vgchange --addtag x vg");
    assert_eq!(alone.exit, 0, "{alone:?}");
    let back = place.run("vgck vg");
    assert!(
        back.exit == 5 && back.err.contains("The volume group is missing 1 physical volumes."),
        "{back:?}"
    );
    assert!(back.err.contains("WARNING: VG vg was missing PV b.img"), "{back:?}");
    place.refused("vgextend --restoremissing vg %a", 5, "No PV has been restored.");
    place.ok("vgextend --restoremissing vg %b");
    place.ok("vgck vg");
}

#[test]
fn damaged_copies_stay_as_they_are_until_somebody_asks_for_them_to_be_written_anew() {
    let place = Place::with(&["a", "b"]);
    place.ok("vgcreate -s 1m vg %a %b");
    place.put("b", 4296, &[0x55]);
    let told = place.run("vgck vg");
    assert!(told.err.contains("bad metadata header"), "{told:?}");
    let damaged = fs::read(place.path("b.img")).unwrap();
    place.ok("vgchange --addtag x vg");
    assert!(fs::read(place.path("b.img")).unwrap() == damaged);
    place.ok("vgck --updatemetadata vg");
    let told = place.run("vgck vg");
    assert!(told.exit == 0 && !told.err.contains("bad metadata header"), "{told:?}");
    let before = place.bytes("a");
    let said = place.ok("vgck --updatemetadata --if-needed vg");
    assert_eq!(said, "  All metadata of volume group \"vg\" are as they should be.\n");
    assert!(place.bytes("a") == before);
    // What does not look like a metadata area at all may be something else.
    place.put("b", 4096, &[0x55; 512]);
    let damaged = fs::read(place.path("b.img")).unwrap();
    let told = place.run("vgck --updatemetadata vg");
    assert!(told.exit == 0 && told.err.contains("Not repairing"), "{told:?}");
    assert!(fs::read(place.path("b.img")).unwrap() == damaged);
    place.ok("vgck --updatemetadata --if-needed vg");
    assert!(place.bytes("a") != before);
}

#[test]
fn a_vg_that_requires_a_reservation_is_shown_and_stopped_and_copied_but_not_changed() {
    let place = Place::with(&["b"]);
    place.image("a", 32 << 20);
    place.ok("vgcreate vg %a");
    place.ok("lvcreate -an -Zn -l 1 -n lv vg");
    place.ok("vgcfgbackup -f %text vg");
    let text = std::fs::read_to_string(place.path("text")).unwrap();
    let text = text.replacen("extent_size = ", "pr = [\"require\"]\nextent_size = ", 1);
    std::fs::write(place.path("text"), text).unwrap();
    place.ok("vgcfgrestore -f %text vg");
    let says = "Cannot access VG vg without persistent reservation.";
    for line in
        ["vgchange --addtag t vg", "vgrename vg other", "vgremove -f -y vg", "vgextend vg %b", "vgexport vg"]
    {
        place.refused(line, 5, says);
    }
    for line in [
        "lvcreate -an -Zn -l 1 vg",
        "lvremove -y vg/lv",
        "lvchange --refresh vg/lv",
        "vgck --updatemetadata vg",
    ] {
        place.refused(line, 5, says);
    }
    assert_eq!(place.ok("vgs --noheadings --separator : -o vg_attr,lv_count").trim(), "wz--n-P:1");
    place.ok("vgchange -an vg");
    place.ok("lvchange -an vg/lv");
    place.ok("vgimportclone -n copy %a");
    assert_eq!(place.ok("vgs --noheadings --separator : -o vg_name,vg_attr").trim(), "copy:wz--n--");
}
