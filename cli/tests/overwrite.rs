//! Files that commands are told to write, and images that hold something: what was not meant is not written over.

mod kit;

use kit::Place;
use std::fs;

#[test]
fn no_text_is_written_over_an_image() {
    let place = Place::with(&["a", "b"]);
    place.ok("vgcreate vg %a");
    place.ok("lvcreate -an -Zn -Wn -l 1 -n lv vg");
    let (used, unused) = (place.bytes("a"), place.bytes("b"));
    place.refused("vgcfgbackup -f %a vg", 5, "a.img may hold a PV, and is not written over");
    place.refused("vgcfgbackup -f %b vg", 5, "may hold a PV");
    place.refused("lvmconfig --file %a", 5, "a.img holds a PV, and is not written over");
    // Outside the scope as well, and through a link.
    std::os::unix::fs::symlink(place.path("a.img"), place.path("link")).unwrap();
    fs::copy(place.path("a.img"), place.path("other")).unwrap();
    let folder = place.path("").display().to_string();
    for target in ["link", "other"] {
        for line in ["vgcfgbackup -f", "export -f vg/lv"] {
            let words = format!("{line} {folder}/{target}");
            let words = if line.starts_with("vgcfg") { format!("{words} vg") } else { words };
            let ran = place.run(&words);
            assert_eq!(ran.exit, 5, "{words}: {ran:?}");
        }
    }
    assert!(place.bytes("a") == used && place.bytes("b") == unused);
    assert!(fs::read(place.path("other")).unwrap() == used);
    assert!(place.path("link").is_symlink());
    place.ok(&format!("vgcfgbackup -f {folder}/text vg"));
    place.ok(&format!("vgcfgbackup -f {folder}/text vg"));
}

#[test]
fn a_file_that_begins_with_anything_is_no_pv_unasked() {
    let place = Place::with(&["a"]);
    let mut bytes = place.bytes("a");
    bytes[..12].copy_from_slice(b"RIFF\x00\x01\x02\x03WAVE");
    fs::write(place.path("a.img"), &bytes).unwrap();
    place.refused("pvcreate -y %a", 5, "the file looks like data of an unknown kind");
    assert!(place.bytes("a") == bytes);
    place.ok("pvcreate -ff -y %a");
    place.ok("pvremove %a");
    // What a PV leaves behind is no data.
    place.ok("pvcreate %a");
    place.refused("pvcreate ''", 5, "No device found for .");
    place.refused("vgcreate vg %a ''", 5, "No device found for .");
}
