//! Partitions of images: copied out and in, and PVs in them.

mod kit;

use kit::Place;

/// An image `d` of 24 MiB with two partitions of 8 MiB, the first from 1 MiB on.
fn place() -> Place {
    let place = Place::new();
    place.image("d", 24 << 20);
    for (slot, start) in [(0, 2048u32), (1, 20480)] {
        let at = 446 + slot * 16;
        place.put("d", at + 4, &[0x83]);
        place.put("d", at + 8, &start.to_le_bytes());
        place.put("d", at + 12, &16384u32.to_le_bytes());
    }
    place.put("d", 510, &[0x55, 0xaa]);
    place
}

const SECOND: usize = 20480 * 512;

#[test]
fn a_partition_is_copied_out_and_in() {
    let place = place();
    place.put("d", SECOND + 5000, b"hello");
    let said = place.ok("export %d.img:2 %out");
    assert!(said.contains("Exported d.img:2 (8.00 MiB) to out."), "{said}");
    let out = std::fs::read(place.path("out")).unwrap();
    assert_eq!((out.len(), &out[5000..5005]), (8 << 20, &b"hello"[..]));
    std::fs::write(place.path("in"), [7; 1000]).unwrap();
    place.ok("import %in %d.img:2");
    let disk = place.bytes("d");
    assert_eq!((&disk[SECOND..SECOND + 1000], disk[SECOND + 1000]), (&[7; 1000][..], 0));
    assert_eq!(disk[SECOND - 1], 0);
}

#[test]
fn what_does_not_fit_or_is_not_there_is_refused() {
    let place = place();
    std::fs::write(place.path("big"), vec![1; (8 << 20) + 1]).unwrap();
    place.refused("import %big %d.img:2", 5, "d.img:2 has room for 8388608");
    place.refused("export %d.img:3 %out", 5, "d.img has no partition 3, but 1, 2.");
    place.image("e", 1 << 20);
    place.refused("export %e.img:1 %out", 5, "e.img has no partition table.");
    place.refused("export %d.img:1 %d", 5, "may hold a PV");
}

#[test]
fn pvs_in_partitions_are_found_by_their_disk_and_only_there() {
    let place = place();
    place.ok("pvcreate %d.img:2");
    place.ok("vgcreate inner %d.img:2");
    place.ok("lvcreate -an -Zn -l1 -n lv inner");
    assert_eq!(place.ok("lvs --noheadings -o lv_name,devices").trim(), "lv   d.img:2(0)");
    assert_eq!(place.ok("pvs --noheadings -o pv_name,vg_name").trim(), "d.img:2 inner");
    // On disk all of it is inside the second partition.
    let disk = place.bytes("d");
    assert!(disk[2048 * 512..SECOND].iter().all(|&byte| byte == 0));
    assert_eq!(&disk[SECOND + 512..SECOND + 520], b"LABELONE");
    std::fs::write(place.path("in"), [7; 1000]).unwrap();
    place.ok("import -y %in inner/lv");
    place.ok("export inner/lv %out");
    assert_eq!(std::fs::read(place.path("out")).unwrap()[..1000], [7; 1000]);
    // A VG of that name elsewhere is another one.
    place.image("other", 8 << 20);
    let ran = place.run_among(&["other"], "vgcreate inner %other");
    assert_eq!(ran.exit, 0, "{ran:?}");
    let ran = place.run_among(&["d"], "vgs --noheadings -o vg_name,pv_count");
    assert_eq!(ran.out.trim(), "inner   1");
}

#[test]
fn a_table_inside_a_partition_is_followed() {
    let place = place();
    place.put("d", SECOND + 446 + 4, &[0x8e]);
    place.put("d", SECOND + 446 + 8, &2048u32.to_le_bytes());
    place.put("d", SECOND + 446 + 12, &8192u32.to_le_bytes());
    place.put("d", SECOND + 510, &[0x55, 0xaa]);
    place.put("d", SECOND + (1 << 20) + 5000, b"inner");
    place.ok("export %d.img:2:1 %out");
    assert_eq!(&std::fs::read(place.path("out")).unwrap()[5000..5005], b"inner");
    place.refused("export %d.img:2:7 %no", 5, "d.img:2 has no partition 7, but 1.");
    place.ok("pvcreate %d.img:2:1");
    assert_eq!(place.ok("pvs --noheadings -o pv_name").trim(), "d.img:2:1");
}
