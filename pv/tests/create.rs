//! Making and removing PVs, with and without power cuts.

use device::ram::{CrashPolicy, Faults, RamDisk, crash_states};
use device::{Disk, DiskError};
use metadata::disk::Label;
use pv::{LayoutOptions, Probe, PvLayout, Start, Topology, create, layout, probe_disk, remove};
use units::{Bytes, Id, IdSource, Sectors, SeededIds};

const LEN: u64 = 8 << 20;

fn disk(blocks: (u32, u32)) -> RamDisk {
    RamDisk::new("ram", 1, Bytes::new(LEN)).with_blocks(blocks.0, blocks.1)
}

fn laid(options: LayoutOptions) -> PvLayout {
    layout(Topology { size: Bytes::new(LEN).sectors(), ..Topology::default() }, &options).unwrap()
}

fn two_areas() -> PvLayout {
    laid(LayoutOptions { metadata_copies: 2, label_sector: 3, ..LayoutOptions::default() })
}

/// The PV's id, where label and all headers are sound.
fn whole(disk: &dyn Disk) -> Option<Id> {
    match probe_disk(disk).unwrap() {
        Probe::Label(found) => {
            assert!(found.mdas.iter().all(|mda| mda.sound().is_some()), "{found:?}");
            assert!(found.damage.is_empty(), "{found:?}");
            Some(found.label.header.id)
        }
        Probe::NoLabel => None,
        Probe::Damaged(damage) => panic!("{damage:?}"),
    }
}

#[test]
fn a_pv_is_found_as_it_was_made() {
    for blocks in [(512, 512), (4096, 4096)] {
        let disk = disk(blocks);
        disk.set_faults(Faults { whole_blocks_only: true, ..Faults::default() });
        let id = SeededIds::new(1).next_id();
        create(&disk, id, &two_areas(), Start::Zero).unwrap();
        assert_eq!(whole(&disk), Some(id));
        let Probe::Label(found) = probe_disk(&disk).unwrap() else { panic!() };
        assert_eq!(found.label, two_areas().label(id, false));
        assert_eq!(remove(&disk).unwrap(), 1);
        assert_eq!(whole(&disk), None);
        assert_eq!(remove(&disk).unwrap(), 0);
    }
}

#[test]
fn the_start_is_zeroed_or_kept_as_asked() {
    for (start, kept) in [(Start::Zero, 0), (Start::Keep, 0xaa)] {
        let disk = disk((512, 512));
        disk.write_at(&[0xaa; 4096], Bytes::ZERO).unwrap();
        create(&disk, SeededIds::new(1).next_id(), &laid(LayoutOptions::default()), start).unwrap();
        let content = disk.content().to_vec();
        assert_eq!([content[0], content[1024], content[2047]], [kept; 3]);
        assert_eq!((content[2048], content[4095]), (0xaa, 0xaa));
    }
}

#[test]
fn labels_in_all_sectors_are_removed_and_nothing_else() {
    let disk = disk((512, 512));
    let mut ids = SeededIds::new(1);
    for sector in [0, 2] {
        let options = LayoutOptions { label_sector: sector, ..LayoutOptions::default() };
        let label = laid(options).label(ids.next_id(), false);
        disk.write_at(&label.encode().unwrap(), Bytes::new(sector * Sectors::BYTES)).unwrap();
    }
    disk.write_at(&[7; 512], Bytes::new(512)).unwrap();
    assert_eq!(remove(&disk).unwrap(), 2);
    let content = disk.content().to_vec();
    assert!(content[512..1024].iter().all(|byte| *byte == 7));
    assert!(content[..512].iter().chain(&content[1024..2048]).all(|byte| *byte == 0));
    // A label that names another sector is nobody's.
    let label = laid(LayoutOptions::default()).label(ids.next_id(), false);
    disk.write_at(&label.encode().unwrap(), Bytes::ZERO).unwrap();
    assert_eq!(remove(&disk).unwrap(), 0);
    assert!(Label::is_marked(&disk.content().to_vec()));
}

#[test]
fn a_power_cut_leaves_the_old_pv_no_pv_or_the_new_one() {
    for (blocks, policies) in [
        ((512, 512), &[CrashPolicy::AFTER_EACH_SECTOR, CrashPolicy::REORDERED_SECTORS][..]),
        ((4096, 4096), &[CrashPolicy::REORDERED_BLOCKS][..]),
    ] {
        for start in [Start::Zero, Start::Keep] {
            let (mut ids, disk) = (SeededIds::new(1), disk(blocks));
            let (old, new) = (ids.next_id(), ids.next_id());
            create(&disk, old, &two_areas(), Start::Zero).unwrap();
            disk.settle();
            create(&disk, new, &laid(LayoutOptions::default()), start).unwrap();
            for policy in policies {
                let mut seen = Vec::new();
                for state in crash_states(&[&disk], *policy) {
                    let after = RamDisk::with_content("after", 1, state.images[0].clone());
                    let id = whole(&after);
                    assert!([Some(old), None, Some(new)].contains(&id), "{}", state.what);
                    seen.push(id);
                }
                assert!(seen.contains(&None) && seen.contains(&Some(old)) && seen.contains(&Some(new)));
            }
        }
    }
}

#[test]
fn a_disk_that_refuses_is_an_error() {
    let disk = disk((512, 512));
    disk.set_faults(Faults { read_only: true, ..Faults::default() });
    let error = create(&disk, SeededIds::new(1).next_id(), &two_areas(), Start::Zero).unwrap_err();
    assert!(matches!(error, pv::WriteError::Disk(DiskError::ReadOnly { .. })));
    let small = RamDisk::new("small", 2, Bytes::new(LEN / 2));
    let error = create(&small, SeededIds::new(1).next_id(), &two_areas(), Start::Zero).unwrap_err();
    assert!(matches!(error, pv::WriteError::Size { .. }));
}
