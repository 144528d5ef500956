//! VGs that have one id, and PVs that nobody may overwrite in passing, on image files.

mod kit;

use kit::Place;
use std::fs;

fn rows(place: &Place, line: &str) -> Vec<String> {
    let lines = place.ok(&format!("{line} --noheadings --separator ,"));
    lines.lines().map(|line| line.trim().to_owned()).collect()
}

/// A VG, and on another image the same VG under another name, with a PV id of its own.
fn copied() -> Place {
    let place = Place::with(&["a", "b", "c"]);
    place.ok("vgcreate -s 1m one %a");
    place.ok("lvcreate -an -Zn -Wn -l 2 -n lv one");
    fs::copy(place.path("a.img"), place.path("b.img")).unwrap();
    for line in ["vgrename one two", "pvchange -u %b"] {
        let ran = place.run_among(&["b"], line);
        assert_eq!(ran.exit, 0, "{line}: {ran:?}");
    }
    place
}

#[test]
fn two_vgs_with_one_id_are_shown_and_each_changes_alone() {
    let place = copied();
    let both = ["one,1,1", "two,1,1"];
    assert_eq!(rows(&place, "vgs -o vg_name,pv_count,lv_count"), both);
    assert_eq!(rows(&place, "pvs -o pv_name,vg_name"), ["a.img,one", "b.img,two"]);
    assert_eq!(rows(&place, "lvs -o vg_name,lv_name"), ["one,lv", "two,lv"]);
    let told = place.run("vgs").err;
    assert!(told.contains("WARNING: Fix duplicate VGID") && !told.contains("outdated"), "{told}");
    for (vg, image, other) in [("one", "a", "b"), ("two", "b", "a")] {
        for line in [
            "lvcreate -an -Zn -Wn -l 1 -n new",
            "lvremove -y",
            "vgchange --addtag x",
            "vgck --updatemetadata",
        ] {
            let (kept, was) = (place.bytes(other), place.bytes(image));
            let object = if line.starts_with("lvremove") { format!("{vg}/new") } else { vg.to_owned() };
            place.ok(&format!("{line} {object}"));
            assert!(place.bytes(other) == kept, "{line} {vg}");
            assert!(place.bytes(image) != was, "{line} {vg}");
        }
    }
    place.refused("vgextend one %b", 5, "already in volume group 'two'");
    place.refused("pvcreate -y %b", 5, "Can't initialize physical volume \"b.img\" of volume group \"two\"");
    place.refused("vgrename one two", 5, "already exists");
    let kept = place.bytes("a");
    place.ok("vgchange -u two");
    assert!(place.bytes("a") == kept);
    assert!(!place.run("vgs").err.contains("duplicate"));
    place.ok("vgremove -y two");
    assert!(place.bytes("a") == kept);
    assert_eq!(rows(&place, "vgs -o vg_name,lv_count"), ["one,1"]);
}

#[test]
fn a_vg_is_restored_beside_its_namesakes() {
    let place = copied();
    place.ok("vgcfgbackup -f %old one");
    let kept = place.bytes("b");
    place.ok("lvremove -y one/lv");
    place.ok("vgcfgrestore -f %old one");
    assert_eq!(rows(&place, "lvs -o vg_name,lv_name"), ["one,lv", "two,lv"]);
    assert!(place.bytes("b") == kept);
    // Another VG of the name, with other PVs, is not what is restored.
    place.ok("vgremove -y one");
    place.ok("vgcreate one %c");
    let other = place.bytes("c");
    place.ok("vgcfgrestore -f %old one");
    assert!(place.bytes("b") == kept && place.bytes("c") == other);
    assert_eq!(rows(&place, "pvs -o pv_name,vg_name"), ["a.img,one", "b.img,two", "c.img,one"]);
}

#[test]
fn a_disk_that_left_its_vg_while_it_was_away_is_nobodys_to_take() {
    let place = Place::with(&["a", "b"]);
    place.ok("vgcreate -s 1m vg %a %b");
    fs::copy(place.path("b.img"), place.path("kept")).unwrap();
    place.ok("vgreduce vg %b");
    fs::copy(place.path("kept"), place.path("b.img")).unwrap();
    let kept = place.bytes("b");
    place.ok("lvcreate -an -Zn -Wn -l 1 -n lv vg");
    place.refused("pvcreate -y %b", 5, "of volume group \"vg\"");
    place.refused("pvremove -y %b", 5, "is used by VG vg");
    place.refused("vgextend -y vg %b", 5, "already in volume group 'vg'");
    place.refused("vgcreate other %b", 5, "already in volume group 'vg'");
    place.refused("pvs %b", 5, "Failed to find physical volume");
    assert_eq!(rows(&place, "pvs -a -o pv_name"), ["a.img"]);
    assert!(place.bytes("b") == kept);
    place.ok("vgck --updatemetadata vg");
    assert_eq!(rows(&place, "pvs -o pv_name,vg_name"), ["a.img,vg", "b.img,"]);
}

#[test]
fn a_pv_that_came_back_and_is_given_up_keeps_what_it_has() {
    let place = Place::with(&["a", "b"]);
    place.ok("vgcreate -s 1m vg %a %b");
    place.ok("lvcreate -an -Zn -Wn -l 1 -n one vg %a");
    place.ok("lvcreate -an -Zn -Wn -l 1 -n two vg %b");
    let alone = place.run_among(&["a"], "lvremove -y vg/one");
    assert_eq!(alone.exit, 0, "{alone:?}");
    let kept = place.bytes("b");
    assert_eq!(rows(&place, "lvs -o lv_name,lv_health_status"), ["two,partial"]);
    place.ok("vgreduce --removemissing --force vg");
    assert!(place.bytes("b") == kept);
    assert_eq!(rows(&place, "pvs -o pv_name,vg_name"), ["a.img,vg"]);
    place.refused("vgextend vg %b", 5, "already in volume group 'vg'");
    place.ok("vgck --updatemetadata vg");
    place.ok("vgextend vg %b");
}

#[test]
fn a_vg_that_lists_pvs_of_another_is_not_used() {
    let place = Place::with(&["a", "b"]);
    place.ok("vgcreate -s 1m old %a %b");
    place.ok("lvcreate -an -Zn -Wn -l 1 -n lv old %a");
    fs::copy(place.path("a.img"), place.path("kept")).unwrap();
    place.ok("vgremove -y old");
    place.ok("vgcreate -s 1m new %b");
    fs::copy(place.path("kept"), place.path("a.img")).unwrap();
    let told = place.run("vgs");
    assert!(told.exit == 0 && told.err.contains("belongs to VG new, ignoring claim from VG old"), "{told:?}");
    for line in [
        "lvcreate -an -l 1 old",
        "vgextend --restoremissing old %a",
        "vgrename old other",
        "vgremove -ff -y old",
        "vgreduce --removemissing --force old",
        "vgck --updatemetadata old",
        "vgchange -ay old",
    ] {
        place.refused(line, 5, "Cannot use VG old referencing incorrect PVs.");
    }
    let kept = place.bytes("b");
    let alone = place.run_among(&["a"], "vgreduce --removemissing old");
    assert_eq!(alone.exit, 0, "{alone:?}");
    place.ok("vgremove -y old");
    assert!(place.bytes("b") == kept);
    assert_eq!(rows(&place, "pvs -o pv_name,vg_name"), ["a.img,", "b.img,new"]);
}
