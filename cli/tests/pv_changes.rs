//! pvchange and pvresize on image files.

mod kit;

use kit::Place;

fn fields(place: &Place, columns: &str) -> Vec<String> {
    let shown = place.ok(&format!("pvs --noheadings --nosuffix --units m --separator '|' -o {columns}"));
    shown.lines().map(|line| line.trim().to_owned()).collect()
}

#[test]
fn tags_and_allocatability_are_changed_one_commit_a_pv() {
    let place = Place::with(&["a", "b"]);
    place.ok("vgcreate -s 1m vg %a %b");
    let said = place.ok("pvchange --addtag x --addtag y %a %b");
    assert_eq!(
        said,
        "  Physical volume \"a.img\" changed\n  Physical volume \"b.img\" changed\n  2 physical volumes changed / 0 physical volumes not changed\n"
    );
    assert_eq!(place.ok("vgs --noheadings -o vg_seqno").trim(), "3");
    place.ok("pvchange -x n --deltag y -S pv_name=~a.img");
    assert_eq!(fields(&place, "pv_attr,pv_tags"), ["u--|x", "a--|x,y"]);
    let said = place.ok("pvchange -x n @x");
    assert!(said.contains("Physical volume a.img not changed"), "{said}");
    assert_eq!(fields(&place, "pv_attr"), ["u--", "u--"]);
}

#[test]
fn a_pv_without_a_vg_has_no_tags_and_no_allocatability() {
    let place = Place::with(&["a"]);
    place.ok("pvcreate %a");
    place.refused(
        "pvchange --addtag x %a",
        5,
        "Can't change tag on Physical Volume a.img not in volume group",
    );
    place.refused("pvchange -x y %a", 5, "Allocatability not supported by orphan lvm2 format PV a.img");
    place.refused("pvchange -a -x y %a", 3, "Command does not accept argument: a.img.");
}

#[test]
fn a_new_id_is_the_same_in_the_header_and_in_the_text() {
    let place = Place::with(&["a", "b"]);
    place.ok("vgcreate -s 1m vg %a");
    place.ok("lvcreate -an -l 2 -n lv vg");
    let before = fields(&place, "pv_uuid,vg_name");
    place.ok("pvchange -u %a");
    let after = fields(&place, "pv_uuid,vg_name");
    assert_ne!(before, after);
    assert!(after[0].ends_with("|vg"), "{after:?}");
    assert_eq!(place.ok("lvs --noheadings -o devices").trim(), "a.img(0)");
    place.ok("pvcreate %b");
    let before = fields(&place, "pv_uuid");
    place.ok("pvchange -u %b");
    assert_ne!(fields(&place, "pv_uuid")[1], before[1]);
}

#[test]
fn metadata_areas_go_out_of_use_and_come_back() {
    let place = Place::with(&["a", "b"]);
    place.ok("vgcreate -s 1m vg %a %b");
    place.ok("pvchange --metadataignore y %a");
    assert_eq!(fields(&place, "pv_mda_count,pv_mda_used_count"), ["1|0", "1|1"]);
    place.ok("lvcreate -an -l 2 -n lv vg");
    place.ok("pvchange --metadataignore n %a");
    assert_eq!(fields(&place, "pv_mda_count,pv_mda_used_count"), ["1|1", "1|1"]);
    place.image("b", 8 << 20);
    assert_eq!(place.ok("lvs --noheadings -o lv_name").trim(), "lv");
}

#[test]
fn a_pv_grows_and_shrinks_with_its_image_down_to_what_is_used() {
    let place = Place::with(&["a"]);
    place.ok("vgcreate -s 1m vg %a");
    place.ok("lvcreate -an -l 3 -n lv vg");
    std::fs::OpenOptions::new().write(true).open(place.path("a.img")).unwrap().set_len(16 << 20).unwrap();
    place.ok("pvresize %a");
    assert_eq!(fields(&place, "pv_pe_count,pv_size"), ["15|15.00"]);
    place.refused(
        "pvresize -y --setphysicalvolumesize 3m %a",
        5,
        "cannot resize to 2 extents as 3 are allocated.",
    );
    place.refused("pvresize --setphysicalvolumesize 5m %a", 5, "Physical Volume a.img not resized.");
    place.ok("pvresize -y --setphysicalvolumesize 5m %a");
    assert_eq!(fields(&place, "pv_pe_count,pv_free"), ["4|1.00"]);
}

#[test]
fn an_area_at_the_end_moves_and_holds_the_text() {
    let place = Place::with(&["a"]);
    place.ok("pvcreate --metadatacopies 2 %a");
    place.ok("vgcreate -s 1m vg %a");
    place.ok("pvresize -y --setphysicalvolumesize 6m %a");
    assert_eq!(fields(&place, "pv_mda_count,pv_mda_used_count,pv_pe_count"), ["2|2|4"]);
    // The area at the start is lost: the one at the end tells the VG.
    place.put("a", 4096, &[0; 64 << 10]);
    assert_eq!(
        place.ok("vgs --noheadings -o vg_name,vg_seqno").split_whitespace().collect::<Vec<_>>(),
        ["vg", "2"]
    );
}

#[test]
fn a_plan_shows_pvs_and_writes_nothing() {
    let place = Place::with(&["a", "b"]);
    place.ok("vgcreate -s 1m vg %a %b");
    let before = place.state();
    let shown = place.ok("pvchange --plan -x n --addtag t %a %b");
    assert!(shown.contains("PV    change a.img: allocatable -> not allocatable"), "{shown}");
    assert!(shown.contains("PV    change b.img: tags none -> t"), "{shown}");
    let shown = place.ok("pvresize --plan -y --setphysicalvolumesize 5m %a");
    assert!(shown.contains("PV    change a.img: 7 -> 4 extents"), "{shown}");
    let shown = place.ok("pvchange --plan -u %a");
    assert!(shown.contains("PV    change a.img: another id"), "{shown}");
    assert!(place.state() == before);
}

#[test]
fn a_vg_that_may_not_be_changed_fails_the_command_and_keeps_no_other_pv() {
    let place = Place::with(&["a", "b", "c"]);
    place.ok("vgcreate -s 1m vg %a %b");
    place.ok("pvcreate %c");
    std::fs::remove_file(place.path("b.img")).unwrap();
    for line in ["pvchange --addtag t %a", "pvchange --deltag t %a", "pvresize %a"] {
        place.refused(line, 5, "Cannot change VG vg while PVs are missing.");
        place.refused(line, 5, "Failed to find physical volume \"a.img\".");
    }
    let ran = place.run("pvchange -u %c");
    let counted =
        "  Physical volume \"c.img\" changed\n  1 physical volume changed / 0 physical volumes not changed\n";
    assert_eq!((ran.exit, ran.out.as_str()), (5, counted), "{ran:?}");
    let ran = place.run("pvresize --setphysicalvolumesize 6m -y %a %c");
    assert!(ran.exit == 5 && ran.out.contains("1 physical volume(s) resized or updated / 0 "), "{ran:?}");
    // A VG that LVM2 does not come to is no hindrance.
    place.ok("pvremove %c");
    place.ok("vgcreate -s 1m last %c");
    place.ok("pvchange --addtag t %c");
}

#[test]
fn pvs_of_an_exported_vg_are_passed_over_where_none_is_named() {
    let place = Place::with(&["a", "b"]);
    place.ok("vgcreate -s 1m vg %a %b");
    place.ok("vgexport vg");
    let before = place.state();
    assert_eq!(place.ok("vgreduce -a vg"), "");
    place.refused("vgreduce vg %a", 5, "is exported");
    place.refused("pvresize %a", 5, "Cannot use PV a.img in exported VG vg.");
    assert!(place.state() == before);
}
