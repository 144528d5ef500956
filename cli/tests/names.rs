//! How VGs and LVs may be named: as LVM2 reads paths; and a name that means nothing never means everything.

mod kit;

use kit::Place;

fn place() -> Place {
    let place = Place::with(&["a", "b"]);
    place.ok("vgcreate -s 1m vg %a");
    place.ok("vgcreate -s 1m my-vg %b");
    place.ok("lvcreate -an -Zn -l 2 -n lv vg");
    place.ok("lvcreate -an -Zn -l 2 -n lv my-vg");
    place
}

#[test]
fn a_name_that_means_nothing_does_not_mean_everything() {
    let place = place();
    for (line, exit, says) in [
        ("vgremove -y @", 3, "Skipping invalid tag: @"),
        ("vgremove -y vg '@no tag'", 3, "Skipping invalid tag: @no tag"),
        ("vgremove -y my-vg vg/", 3, "Invalid volume group name vg/."),
        ("vgremove -y /vg", 3, "Invalid volume group name /vg."),
        ("vgremove -y vg my-vg/lv", 3, "Invalid volume group name my-vg/lv."),
        ("lvremove -y @", 3, "Skipping invalid tag @."),
        ("lvremove -y vg/", 5, "Failed to find logical volume \"vg/\""),
        ("lvremove -y /dev/vg/", 5, "Failed to find logical volume \"vg/\""),
        ("lvremove -y vg/lv/", 5, "\"vg/lv/\": Invalid path for Logical Volume."),
        ("lvrename vg/ other", 5, "Existing logical volume \"\" not found in volume group \"vg\""),
        ("lvrename vg/lv/x other", 3, "\"vg/lv/x\": Invalid path for Logical Volume."),
        ("lvextend -l+1 vg/", 5, "Failed to find logical volume \"vg/\""),
    ] {
        place.refused(line, exit, says);
    }
}

#[test]
fn names_may_be_paths_of_nodes() {
    let place = place();
    for name in ["/dev/mapper/my--vg", "/dev/my-vg", "//dev//my-vg", "my-vg"] {
        assert_eq!(place.ok(&format!("vgs --noheadings -o vg_name {name}")).trim(), "my-vg", "{name}");
        assert_eq!(
            place.ok(&format!("lvs --noheadings -o lv_full_name {name}")).trim(),
            "my-vg/lv",
            "{name}"
        );
    }
    for name in ["/dev/mapper/my--vg-lv", "/dev/my-vg/lv", "my-vg//lv"] {
        assert_eq!(
            place.ok(&format!("lvs --noheadings -o lv_full_name {name}")).trim(),
            "my-vg/lv",
            "{name}"
        );
    }
    place.ok("lvcreate -an -Zn -l 1 -n more /dev/mapper/my--vg");
    place.ok("vgrename /dev/mapper/my--vg other");
    assert_eq!(
        place.ok("lvs --noheadings -o lv_name other").split_whitespace().collect::<Vec<_>>(),
        ["lv", "more"]
    );
}

#[test]
fn a_name_that_no_vg_can_have_is_told() {
    let place = Place::with(&["a"]);
    place.ok("vgcreate vg %a");
    let long = "a".repeat(128);
    for name in ["|", "..", "-x", "\u{fc}", &long] {
        for line in ["vgs -- ", "vgchange -an -- ", "vgck -- ", "lvremove -- "] {
            let ran = place.run(&format!("{line}{name}"));
            let told = format!(
                "  Volume group name \"{name}\" has invalid characters.\n  Cannot process volume group {name}\n"
            );
            assert_eq!((ran.exit, ran.err), (5, told), "{line}{name}");
        }
    }
    let ran = place.run("vgs nosuch");
    assert_eq!(ran.err, "  Volume group \"nosuch\" not found\n  Cannot process volume group nosuch\n");
}
