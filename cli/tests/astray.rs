//! VGs of which no text, or only an older one, can be read; and changes that a disk of the VG would refuse.

mod kit;

use kit::Place;

/// Where the text lies that slot 0 points at.
fn text_at(place: &Place, name: &str) -> usize {
    let bytes = place.bytes(name);
    4096 + usize::try_from(u64::from_le_bytes(bytes[4136..4144].try_into().unwrap())).unwrap()
}

fn damage_text(place: &Place, name: &str) {
    let at = text_at(place, name) + 30;
    place.put(name, at, &[0x55]);
}

#[test]
fn a_vg_without_a_readable_text_is_told_of() {
    let place = Place::with(&["a", "b"]);
    place.ok("vgcreate vg %a %b");
    damage_text(&place, "a");
    damage_text(&place, "b");
    for (line, exit) in [("vgs", 0), ("vgck", 0), ("lvs", 0), ("pvs", 0), ("vgs vg", 5), ("vgck vg", 5)] {
        let before = (place.bytes("a"), place.bytes("b"));
        let ran = place.run(line);
        assert_eq!(ran.exit, exit, "{line}: {ran:?}");
        for name in ["a", "b"] {
            let told = |words: &str, disk: &str| {
                let lines = ran.err.lines().filter(|line| line.contains(words) && line.contains(disk));
                lines.count()
            };
            let disk = format!("{name}.img");
            assert_eq!(told("WARNING: Checksum error on ", &disk), 1, "{line}: {ran:?}");
            assert_eq!(told("at offset 4608", &disk), 1, "{line}: {ran:?}");
            assert_eq!(told("with vgck --updatemetadata", &disk), 1, "{line}: {ran:?}");
            let in_use = told("is marked in use but no VG was found using it.", &disk);
            assert_eq!(in_use, usize::from(line == "pvs"), "{line}: {ran:?}");
        }
        assert!((place.bytes("a"), place.bytes("b")) == before, "{line}");
    }
    place.refused("lvcreate -an -Zn -Wn -l 1 vg", 5, "Volume group \"vg\" not found");
}

#[test]
fn a_check_fails_where_only_an_older_text_is_left() {
    let place = Place::with(&["a", "b"]);
    place.ok("vgcreate vg %a %b");
    place.ok("vgchange --addtag x vg");
    damage_text(&place, "a");
    // Another copy of the newest text is whole.
    place.ok("vgck vg");
    damage_text(&place, "b");
    place.refused("vgck vg", 5, "the newest metadata on ");
    place.refused("vgck", 5, "the newest metadata on ");
    place.ok("vgck --updatemetadata vg");
    place.ok("vgck vg");
}

#[test]
fn a_disk_that_is_in_use_is_told_before_anything_is_written() {
    let place = Place::with(&["a", "b"]);
    // The first area is on the image that could be written.
    place.ok("vgcreate vg %b %a");
    place.ok("lvcreate -an -Zn -Wn -l 1 -n lv vg");
    let device = place.host().sys.join("block/loop0");
    std::fs::create_dir_all(device.join("loop")).unwrap();
    std::fs::write(device.join("dev"), "7:0\n").unwrap();
    let numbers = place.host().sys.join("dev/block");
    std::fs::create_dir_all(&numbers).unwrap();
    std::os::unix::fs::symlink(&device, numbers.join("7:0")).unwrap();
    std::fs::write(device.join("loop/backing_file"), place.path("a.img").display().to_string()).unwrap();
    for line in ["vgchange --addtag x vg", "lvremove -y vg/lv", "vgremove -y vg"] {
        place.refused(line, 5, "a.img: in use by ");
        place.refused(line, 5, "The metadata are unchanged.");
    }
    std::fs::remove_dir_all(&numbers).unwrap();
    place.ok("vgchange --addtag x vg");
}
