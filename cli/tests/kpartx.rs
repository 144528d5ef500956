//! `kpartx` on images, without root, loop devices or device-mapper.

mod kit;

use kit::Place;

/// An image `d` of 8 MiB with a DOS table: a partition, an extended one, two logical ones.
fn dos() -> Place {
    let place = Place::with(&["d"]);
    table(&place, 0, &[(0, 0x83, 2048, 4096), (2, 0x05, 8192, 8000)]);
    table(&place, 8192, &[(0, 0x83, 8, 100), (1, 0x05, 1000, 200)]);
    table(&place, 9192, &[(0, 0x8e, 8, 100)]);
    place.put("d", 440, &0xfeed_cafe_u32.to_le_bytes());
    place
}

fn table(place: &Place, sector: usize, entries: &[(usize, u8, u32, u32)]) {
    for (slot, kind, start, size) in entries {
        let at = sector * 512 + 446 + slot * 16;
        place.put("d", at + 4, &[*kind]);
        place.put("d", at + 8, &start.to_le_bytes());
        place.put("d", at + 12, &size.to_le_bytes());
    }
    place.put("d", sector * 512 + 510, &[0x55, 0xaa]);
}

#[test]
fn a_listing_shows_what_would_be_mapped() {
    let place = dos();
    let want = "loop0p1 : 0 4096 DEV/loop0 2048\n\
                loop0p3 : 0 2 DEV/loop0 8192\n\
                loop0p5 : 0 100 DEV/loop0 8200\n\
                loop0p6 : 0 100 DEV/loop0 9200\n";
    for line in ["kpartx -l %d", "kpartx %d", "kpartx -l -t dos %d ignored"] {
        assert_eq!(place.ok(line).replace("nowhere/dev", "DEV"), want, "{line}");
    }
    let other = want.replace("loop0p", "loop0-part");
    assert_eq!(place.ok("kpartx -p -part %d").replace("nowhere/dev", "DEV"), other);
}

#[test]
fn json_tells_what_a_line_cannot() {
    let place = dos();
    for line in ["kpartx -l --json %d", "kpartx --reportformat json %d"] {
        let text = place.ok(line);
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        let disk = &document["kpartx"][0];
        assert_eq!(disk["table"], "dos");
        assert_eq!(disk["disk_id"], "feedcafe");
        let logical = &disk["partitions"][3];
        assert_eq!(logical["number"], 6);
        assert_eq!((&logical["type"], &logical["type_name"]), (&"0x8e".into(), &"Linux LVM".into()));
        assert_eq!(logical["partuuid"], "feedcafe-06");
        assert_eq!((&logical["start"], &logical["inside"]), (&9200.into(), &3.into()));
        assert!(logical["map"].as_str().unwrap().ends_with("dev/mapper/loop0p6"));
    }
}

#[test]
fn a_plan_shows_the_loop_device_and_every_map() {
    let place = dos();
    let text = place.ok("kpartx -a --plan %d");
    assert!(text.starts_with("attach d.img to nowhere/dev/loop0\ncreate loop0p1\nload loop0p1: "), "{text}");
    assert!(text.contains("load loop0p6: 0 100 linear 7:0 9200\n"), "{text}");
    assert!(place.ok("kpartx -a -r --plan %d").contains("load read-only loop0p1"), "{text}");
    assert_eq!(place.ok("kpartx -d --plan %d"), "");
}

#[test]
fn without_a_table_one_line_says_so_and_all_is_well() {
    let place = Place::with(&["d"]);
    place.image("empty", 0);
    place.image("tiny", 100);
    for (name, says) in [("d", "no partition table found"), ("empty", "is empty"), ("tiny", "no partition")] {
        let ran = place.run(&format!("kpartx -l %{name}"));
        assert_eq!((ran.exit, ran.out.as_str()), (0, ""), "{ran:?}");
        assert_eq!(ran.err.lines().count(), 1, "{ran:?}");
        assert!(ran.err.contains(says), "{ran:?}");
    }
}

#[test]
fn what_cannot_be_read_or_understood_ends_with_1() {
    let place = dos();
    std::fs::create_dir(place.path("folder")).unwrap();
    place.refused("kpartx -l %folder", 1, "invalid device: folder");
    let ran = place.run("kpartx -l %missing");
    assert_eq!((ran.exit, ran.out.as_str()), (1, "failed to stat() missing\n"));
    // There is no device-mapper here.
    place.refused("kpartx -a %d", 1, "device mapper prerequisites not met");
    place.refused("kpartx -d %d", 1, "device mapper prerequisites not met");
    for line in ["kpartx", "kpartx -x %d", "kpartx -t fat %d", "kpartx --sector-size 7 %d"] {
        let ran = place.run(line);
        assert_eq!(ran.exit, 1, "{line}");
        assert!(ran.out.starts_with("Usage: kpartx "), "{ran:?}");
    }
}

#[test]
fn bad_tables_are_told_in_a_line() {
    let place = dos();
    table(&place, 9192, &[(1, 0x05, 0, 200)]);
    let ran = place.run("kpartx -l %d");
    assert!(ran.err.contains("the chain of logical partitions ends at sector 8192: it leads in a circle"));
    table(&place, 0, &[(1, 0x83, 16000, 1000)]);
    let ran = place.run("kpartx -l %d");
    assert!(ran.err.contains("partition 2 (sector 16000, 1000 sectors) is not on the disk of 16384 sectors"));
    assert!(!ran.out.contains("loop0p2"));
    table(&place, 0, &[(1, 0xee, 1, 1000)]);
    let ran = place.run("kpartx -l %d");
    assert_eq!((ran.exit, ran.out.as_str()), (0, ""));
    assert!(ran.err.contains("both copies of the GPT are damaged"), "{ran:?}");
}

#[test]
fn the_table_inside_a_partition_is_listed_and_mapped_on_the_whole_disk() {
    let place = dos();
    table(&place, 2048, &[(0, 0x83, 64, 100)]);
    assert_eq!(place.ok("kpartx -l %d.img:1"), "loop0p1p1 : 0 100 nowhere/dev/loop0 2112\n");
    assert_eq!(place.ok("kpartx -l -p - %d.img:1"), "loop0-1-1 : 0 100 nowhere/dev/loop0 2112\n");
    let plan = place.ok("kpartx -a --plan %d.img:1");
    let lines =
        ["attach d.img to nowhere/dev/loop0", "create loop0p1p1", "load loop0p1p1: 0 100 linear 7:0 2112"];
    assert_eq!(plan.lines().take(3).collect::<Vec<_>>(), lines, "{plan}");
    place.refused("kpartx -l %d.img:9", 1, "d.img has no partition 9, but 1, 3, 5, 6.");
    place.refused("kpartx -l %d.img:1:7", 1, "d.img:1 has no partition 7, but 1.");
    place.refused("kpartx -l %d.img:5:1", 1, "d.img:5 has no partition table.");
}

#[test]
fn a_sparse_image_is_listed_as_the_disk_it_stands_for_and_mapped_by_its_chunks() {
    let place = Place::with(&[]);
    place.image("s", 28 + 2 * 12 + 4096 + 8192);
    let chunk = |at: usize, kind: u16, blocks: u32, bytes: u32| {
        place.put("s", at, &kind.to_le_bytes());
        place.put("s", at + 4, &blocks.to_le_bytes());
        place.put("s", at + 8, &bytes.to_le_bytes());
    };
    let header = [0xed26_ff3a_u32, 1, 28 | 12 << 16, 4096, 16, 2];
    place.put("s", 0, &header.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<_>>());
    // The first block with the table; then two more, which begin at another byte of a sector.
    chunk(28, 0xcac1, 1, 12 + 4096);
    chunk(40 + 4096, 0xcac1, 2, 12 + 8192);
    let at = 40 + 446;
    place.put("s", at + 4, &[0x83]);
    place.put("s", at + 8, &8_u32.to_le_bytes());
    place.put("s", at + 12, &24_u32.to_le_bytes());
    place.put("s", 40 + 510, &[0x55, 0xaa]);
    assert_eq!(place.ok("kpartx -l %s"), "loop0p1 : 0 24 nowhere/dev/loop0 8\n");
    let plan = place.ok("kpartx -a --plan %s");
    let want = "attach s.img from byte 52 on to nowhere/dev/loop0\n\
                create loop0p1\n\
                load read-only loop0p1: 0 16 linear 7:0 8; 16 8 zero\n";
    assert!(plan.starts_with(want), "{plan}");
}

#[test]
fn by_its_own_name_and_by_help_it_is_there() {
    let place = dos();
    assert!(place.ok("help kpartx").contains("\nUsage: kpartx "));
    assert_eq!(place.ok("kpartx --help"), place.ok("help kpartx"));
}
