//! Maps over a device-mapper in memory.

use dm::tree::{Have, Plan, Settings, Want, apply};
use dm::{Access, Control, DevNo, DmName, Sim, Table, Udev, UdevFlags};
use map::{Existing, Ground, Map, Source, Stands, Wishes, wanted};
use partition::{Options, find};
use units::Bytes;

fn source(minor: u32) -> Source {
    Source::of_device(DevNo::new(7, minor), format!("loop{minor}"))
}

/// A DOS table of two partitions.
fn table() -> partition::Table {
    use device::Disk;
    let disk = device::ram::RamDisk::new("ram", 1, Bytes::new(1 << 20));
    for (slot, start) in [(0, 64u32), (1, 512)] {
        let at = 446 + slot * 16;
        disk.write_at(&[0x83], Bytes::new(at + 4)).unwrap();
        disk.write_at(&start.to_le_bytes(), Bytes::new(at + 8)).unwrap();
        disk.write_at(&128u32.to_le_bytes(), Bytes::new(at + 12)).unwrap();
    }
    disk.write_at(&[0x55, 0xaa], Bytes::new(510)).unwrap();
    find(&disk, &Options::default()).unwrap().table.unwrap()
}

fn all(table: &partition::Table, source: &Source, wishes: &Wishes<'_>) -> Vec<Map> {
    let maps = wanted(table, source, Ground::Device(source.number), wishes);
    maps.into_iter().collect::<Result<_, _>>().unwrap()
}

fn make(sim: &Sim, source: &Source, delimiter: &str) {
    let wishes = Wishes { delimiter, access: Access::ReadWrite, udev: UdevFlags::NONE };
    let maps = all(&table(), source, &wishes);
    let want = Want { nodes: maps.into_iter().map(|map| map.node).collect(), gone: Vec::new() };
    let plan = Plan::new(want.clone(), &Have::observe(sim, &want).unwrap()).unwrap();
    apply(sim, plan, Settings::new(Udev::NotRunning, None), &|| true).unwrap();
}

fn names(existing: &[Existing]) -> Vec<String> {
    existing.iter().map(Existing::name).collect()
}

#[test]
fn maps_of_one_disk_are_never_taken_for_those_of_another() {
    let sim = Sim::new();
    (1..12).for_each(|minor| make(&sim, &source(minor), "p"));
    let found = Existing::on(&sim, &source(1)).unwrap();
    assert_eq!(names(&found), ["loop1p1", "loop1p2"]);
    assert!(found.iter().all(|map| matches!(map.stands, Stands::Map(1 | 2))));
}

#[test]
fn maps_are_found_and_renamed_whatever_delimiter_made_them() {
    let sim = Sim::new();
    make(&sim, &source(3), "-part");
    assert_eq!(names(&Existing::on(&sim, &source(3)).unwrap()), ["loop3-part1", "loop3-part2"]);
    make(&sim, &source(3), "p");
    assert_eq!(names(&Existing::on(&sim, &source(3)).unwrap()), ["loop3p1", "loop3p2"]);
}

#[test]
fn a_partition_in_several_stretches_is_one_map() {
    use partition::Piece;
    let piece = |size, start: Option<u64>| Piece {
        size: units::Sectors::new(size),
        start: start.map(units::Sectors::new),
    };
    let mut table = table();
    table.partitions[1].pieces = vec![piece(8, Some(216)), piece(16, None), piece(8, Some(208))];
    table.partitions[1].read_only = true;
    let wishes = Wishes { delimiter: "p", access: Access::ReadWrite, udev: UdevFlags::NONE };
    let maps = all(&table, &source(3), &wishes);
    assert_eq!(maps[1].node.table.to_string(), "0 8 linear 7:3 216\n8 16 zero\n24 8 linear 7:3 208");
    assert_eq!((maps[0].node.access, maps[1].node.access), (Access::ReadWrite, Access::ReadOnly));
    // It is found as a map again.
    let sim = Sim::new();
    let want = Want { nodes: maps.into_iter().map(|map| map.node).collect(), gone: Vec::new() };
    let plan = Plan::new(want.clone(), &Have::observe(&sim, &want).unwrap()).unwrap();
    apply(&sim, plan, Settings::new(Udev::NotRunning, None), &|| true).unwrap();
    let found = Existing::on(&sim, &source(3)).unwrap();
    assert!(found.iter().all(|map| matches!(map.stands, Stands::Map(_))), "{found:?}");
}

#[test]
fn what_others_made_on_the_disk_is_no_map() {
    let sim = Sim::new();
    for (name, text) in [
        ("lv", "0 100 linear 7:3 0"),
        ("span", "0 100 linear 7:3 0\n100 100 linear 7:4 0"),
        ("other", "0 100 linear 7:30 0"),
    ] {
        let name = DmName::new(name).unwrap();
        sim.create(&name, None, None).unwrap();
        let table: Table = text.parse().unwrap();
        sim.load((&name).into(), &table, Access::ReadWrite).unwrap();
        sim.resume((&name).into(), Default::default(), Default::default()).unwrap();
    }
    let found = Existing::on(&sim, &source(3)).unwrap();
    let stands: Vec<_> = found.iter().map(|map| (map.listed.name.as_str(), map.stands)).collect();
    assert_eq!(stands, [("lv", Stands::NotOurs), ("span", Stands::NotLinear)]);
    assert!(found[0].is_old_map() && !found[1].is_old_map());
}
