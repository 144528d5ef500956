//! What is read from disks that are damaged, old, doubled or strange.

mod lab;

use device::ram::{Image, RamDisk};
use device::{Claim, Disk, DiskError, DiskId, DiskSet, Identity};
use lab::{LEN, Lab, change_tags, create_vg, provenance, vg_of};
use metadata::model::Pv;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::{Change, Finding, Holds, Mend, Merits, ReadError, ReadOptions, Reason, VgOnDisk, read_vg, scan};
use units::{Bytes, Id};

fn next(lab: &Lab, vg: &VgOnDisk) -> VgOnDisk {
    change_tags(lab, vg, 500).stage().unwrap().commit().unwrap().finish().vg
}

fn mended(lab: &Lab, vg: &VgOnDisk) -> VgOnDisk {
    let change = Change { mend: Mend::Sure, ..change_tags(lab, vg, 500) };
    change.stage().unwrap().commit().unwrap().finish().vg
}

/// Spoils one byte of the text that an area's slot 0 points at.
fn tear_text(lab: &Lab, vg: &VgOnDisk, area: usize) {
    let area = &vg.areas[area];
    let at = area.area.offset + area.header.as_ref().unwrap().slots[0].offset + Bytes::new(40);
    lab.rams[area.disk.index()].write_at(b"\x7f\x7f", at).unwrap();
}

fn tear_header(lab: &Lab, vg: &VgOnDisk, area: usize) {
    let area = &vg.areas[area];
    lab.rams[area.disk.index()].write_at(b"x", area.area.offset + Bytes::new(40)).unwrap();
}

#[test]
fn a_torn_text_is_read_from_another_copy_and_written_anew_once_that_is_asked_for() {
    let lab = Lab::new(2, (512, 512)).with_pvs();
    let vg = next(&lab, &create_vg(&lab));
    tear_text(&lab, &vg, 0);
    let found = lab.scan().vgs.remove(0);
    assert_eq!(found.vg, vg.vg);
    assert!(matches!(found.findings[..], [Finding::DamagedArea { .. }]), "{:?}", found.findings);
    assert!(matches!(found.areas[0].holds, Holds::Damaged(_)));
    let disk = lab.rams[0].content();
    let after = next(&lab, &found);
    assert_eq!(lab.rams[0].content(), disk);
    let found = lab.scan().vgs.remove(0);
    assert_eq!(found.vg, after.vg);
    assert!(matches!(found.findings[..], [Finding::DamagedArea { .. }]), "{:?}", found.findings);
    assert!(matches!(after.findings[..], [Finding::DamagedArea { .. }]), "{:?}", after.findings);
    let after = mended(&lab, &found);
    let found = lab.scan().vgs.remove(0);
    assert_eq!(found.vg, after.vg);
    assert!(found.findings.is_empty());
}

#[test]
fn where_every_copy_is_torn_the_text_before_it_in_the_ring_is_used() {
    for disks in [1, 2] {
        let lab = Lab::new(disks, (512, 512)).with_pvs();
        let mut vg = create_vg(&lab);
        for round in 0..20 {
            let old = next(&lab, &vg);
            let new = next(&lab, &old);
            (0..new.areas.len()).for_each(|area| tear_text(&lab, &new, area));
            let found = lab.scan().vgs.remove(0);
            assert_eq!(found.vg, old.vg, "round {round}");
            let seqno = old.vg.seqno;
            let fell = |f: &Finding| matches!(f, Finding::FellBack { seqno: used, .. } if *used == seqno);
            assert!(found.findings.iter().any(fell), "{:?}", found.findings);
            assert_eq!(read_vg(&lab.disks, "vg", ReadOptions::default()).unwrap().vg, old.vg);
            vg = mended(&lab, &found);
            assert!(lab.scan().vgs[0].findings.is_empty());
        }
    }
}

#[test]
fn a_torn_header_hides_no_vg() {
    let lab = Lab::new(1, (512, 512)).with_pvs();
    let vg = next(&lab, &next(&lab, &create_vg(&lab)));
    tear_header(&lab, &vg, 0);
    let found = lab.scan().vgs.remove(0);
    assert_eq!(found.vg, vg.vg);
    assert!(found.findings.iter().any(|f| matches!(f, Finding::FellBack { seqno: 3, .. })));
    mended(&lab, &found);
    assert!(lab.scan().vgs[0].findings.is_empty());
}

#[test]
fn a_change_that_was_reverted_does_not_come_back_through_a_torn_header() {
    let lab = Lab::new(2, (512, 512)).with_pvs();
    let vg = create_vg(&lab);
    change_tags(&lab, &vg, 500).stage().unwrap().revert().unwrap();
    tear_header(&lab, &vg, 0);
    assert_eq!(lab.scan().vgs[0].vg.seqno, 1);
}

#[test]
fn what_a_removed_vg_left_in_the_ring_is_the_past() {
    let lab = Lab::new(1, (512, 512)).with_pvs();
    let vg = create_vg(&lab);
    store::remove(&lab.disks, &vg).unwrap();
    tear_header(&lab, &vg, 0);
    let scan = lab.scan();
    assert!(scan.vgs.is_empty());
    assert_eq!(scan.orphans.len(), 1);
}

#[test]
fn a_disk_that_was_away_while_it_left_the_vg_is_outdated_and_wiped_once_that_is_asked_for() {
    let lab = Lab::new(3, (512, 512)).with_pvs();
    let vg = create_vg(&lab);
    let away = lab.rams[2].content();
    let (mut reduced, id) = (vg.vg.clone(), vg.vg.pvs.iter().nth(2).unwrap().id);
    reduced.pvs.remove(id);
    reduced.seqno += 1;
    let change = Change {
        disks: &lab.disks,
        before: Some(&vg),
        next: reduced,
        provenance: provenance(5000),
        joining: Vec::new(),
        remade: HashMap::new(),
        mend: Mend::Nothing,
    };
    let reduced = change.stage().unwrap().commit().unwrap().finish().vg;
    let back = RamDisk::with_content("ram2", 2, away);
    let lab = Lab::of(vec![lab.rams[0].clone(), lab.rams[1].clone(), back]);
    let found = lab.scan();
    assert_eq!(found.vgs[0].vg, reduced.vg);
    assert_eq!(found.vgs[0].outdated.len(), 1);
    assert!(found.orphans.is_empty());
    assert!(found.vgs[0].findings.iter().any(|f| matches!(f, Finding::OutdatedPv { seqno: 1, .. })));
    let disk = lab.rams[2].content();
    let after = next(&lab, &found.vgs[0]);
    assert_eq!(lab.rams[2].content(), disk);
    assert_eq!((after.outdated.len(), after.findings.len()), (1, 1));
    let found = lab.scan();
    assert_eq!(found.vgs[0].outdated.len(), 1);
    mended(&lab, &found.vgs[0]);
    let found = lab.scan();
    assert!(found.vgs[0].findings.is_empty() && found.vgs[0].outdated.is_empty());
    assert!(found.orphans.len() == 1 && !found.orphans[0].is_marked_used());
}

#[test]
fn an_old_text_on_a_returning_disk_does_not_take_disks_from_their_new_vg() {
    let lab = Lab::new(2, (512, 512)).with_pvs();
    let old = create_vg(&lab);
    let away = lab.rams[0].content();
    store::remove(&lab.disks, &old).unwrap();
    let second = lab.scan().orphans.remove(1);
    let mut new = vg_of(std::slice::from_ref(&second));
    (new.id, new.name) = (Id::from_random([9; 32]), "newer".to_owned());
    let change = Change {
        disks: &lab.disks,
        before: None,
        next: new,
        provenance: provenance(9000),
        joining: vec![second],
        remade: HashMap::new(),
        mend: Mend::Nothing,
    };
    change.stage().unwrap().commit().unwrap().finish();
    let lab = Lab::of(vec![RamDisk::with_content("ram0", 0, away), lab.rams[1].clone()]);
    let scan = lab.scan();
    let newer = scan.named("newer").next().unwrap();
    assert!(newer.findings.is_empty() && !newer.is_partial());
    let old = scan.named("vg").next().unwrap();
    assert_eq!(old.missing().count(), 1);
    assert!(old.findings.iter().any(|f| matches!(f, Finding::ClaimedElsewhere { .. })));
    // Read alone, the old VG gives the same answer.
    assert_eq!(read_vg(&lab.disks, "vg", ReadOptions::default()).unwrap().missing().count(), 1);
}

#[test]
fn a_pv_on_two_disks_is_used_once() {
    let lab = Lab::new(2, (512, 512)).with_pvs();
    create_vg(&lab);
    let copy = RamDisk::with_content("copy", 7, lab.rams[0].content());
    let lab = Lab::of(vec![copy, lab.rams[0].clone(), lab.rams[1].clone()]);
    let scan = lab.scan();
    assert_eq!(scan.vgs.len(), 1);
    assert_eq!(scan.duplicates.len(), 1);
    assert_eq!(scan.duplicates[0].others.len(), 1);
    assert!(scan.vgs[0].has_duplicates(&scan) && !scan.vgs[0].is_partial());
    let others = scan.duplicates[0].others.clone();
    assert_eq!(scan.duplicates[0].reason, Reason::First);
    // What is said of one of them counts by weight.
    let chosen = |said: &(dyn Fn(DiskId, Option<&Pv>) -> Merits + Sync)| {
        let options = ReadOptions { merits: said, ..ReadOptions::default() };
        let duplicate = store::scan(&lab.disks, options).duplicates.remove(0);
        (duplicate.chosen, duplicate.reason)
    };
    let (first, other) = (scan.duplicates[0].chosen, others[0]);
    let in_use = |disk, _: Option<&Pv>| Merits { in_use: disk == other, ..Merits::default() };
    assert_eq!(chosen(&in_use), (other, Reason::InUse));
    let named = |disk, pv: Option<&Pv>| {
        let (first, other) = (disk == first, disk == other);
        Merits { same_name: other && pv.unwrap().device == "/dev/x", mapped: first, ..Merits::default() }
    };
    assert_eq!(chosen(&named), (other, Reason::Name));
    let weighed =
        |disk, _: Option<&Pv>| Merits { same_id: disk == first, in_use: disk == other, ..Merits::default() };
    assert_eq!(chosen(&weighed), (first, Reason::Id));
}

#[test]
fn a_rename_cut_off_after_one_area_is_read_under_the_new_name_alone() {
    let lab = Lab::new(2, (512, 512)).with_pvs();
    let vg = create_vg(&lab);
    let old = lab.rams[1].content();
    let mut renamed = vg.vg.clone();
    (renamed.name, renamed.seqno) = ("renamed".to_owned(), 2);
    let change = Change {
        disks: &lab.disks,
        before: Some(&vg),
        next: renamed,
        provenance: provenance(2000),
        joining: Vec::new(),
        remade: HashMap::new(),
        mend: Mend::Nothing,
    };
    change.stage().unwrap().commit().unwrap().finish();
    let lab = Lab::of(vec![lab.rams[0].clone(), RamDisk::with_content("ram1", 1, old)]);
    let options = ReadOptions::default();
    assert_eq!(read_vg(&lab.disks, "vg", options).unwrap_err(), ReadError::NotFound("vg".to_owned()));
    let found = read_vg(&lab.disks, "renamed", options).unwrap();
    assert!(!found.is_partial());
    assert!(found.findings.iter().any(|f| matches!(f, Finding::OutdatedArea { seqno: 1, .. })));
}

#[test]
fn two_vgs_of_one_name_are_ambiguous() {
    let lab = Lab::new(2, (512, 512)).with_pvs();
    for (number, pv) in lab.scan().orphans.into_iter().enumerate() {
        let mut vg = vg_of(std::slice::from_ref(&pv));
        vg.id = Id::from_random([number as u8; 32]);
        let joining = vec![pv];
        let change = Change {
            disks: &lab.disks,
            before: None,
            next: vg,
            provenance: provenance(1),
            joining,
            remade: HashMap::new(),
            mend: Mend::Nothing,
        };
        change.stage().unwrap().commit().unwrap().finish();
    }
    assert_eq!(lab.scan().named("vg").count(), 2);
    let error = read_vg(&lab.disks, "vg", ReadOptions::default()).unwrap_err();
    assert!(matches!(error, ReadError::Ambiguous { ids, .. } if ids.len() == 2));
}

#[test]
fn parts_of_other_things_are_no_pvs() {
    let lab = Lab::new(1, (512, 512)).with_pvs();
    lab.rams[0].write_at(&[0x83], Bytes::new(446 + 4)).unwrap();
    lab.rams[0].write_at(&[8, 0, 0, 0, 100, 0, 0, 0], Bytes::new(446 + 8)).unwrap();
    lab.rams[0].write_at(&[0x55, 0xaa], Bytes::new(510)).unwrap();
    assert_eq!(lab.scan().orphans.len(), 1);
    let partitionable = |_: DiskId| true;
    let options = ReadOptions { partitionable: &partitionable, ..ReadOptions::default() };
    assert_eq!(scan(&lab.disks, options).skipped[0].1, pv::Exclusion::Partitioned);
    // A PV on an array of one disk less than the disk: its superblock stands at the end.
    let longer = RamDisk::new("longer", 5, Bytes::new(LEN + 128 * 1024));
    longer.write_at(&lab.rams[0].content().to_vec(), Bytes::ZERO).unwrap();
    longer.write_at(&[0xfc, 0x4e, 0x2b, 0xa9], Bytes::new(LEN + 128 * 1024 - 8192)).unwrap();
    let lab = Lab::of(vec![longer]);
    assert_eq!(lab.scan().skipped[0].1, pv::Exclusion::MdComponent);
    let options = ReadOptions { md_components: false, ..ReadOptions::default() };
    assert_eq!(scan(&lab.disks, options).orphans.len(), 1);
}

#[test]
fn a_disk_smaller_than_its_pv_is_told() {
    let lab = Lab::new(1, (512, 512)).with_pvs();
    create_vg(&lab);
    let content = lab.rams[0].content().to_vec();
    let cut = RamDisk::with_content("cut", 0, Image::from_bytes(&content[..content.len() - 4096]));
    let scan = Lab::of(vec![cut]).scan();
    assert!(matches!(scan.vgs[0].findings[..], [Finding::Shrunk { .. }]));
}

#[test]
fn bytes_of_any_value_are_read_or_reported() {
    let lab = Lab::new(2, (512, 512)).with_pvs();
    next(&lab, &create_vg(&lab));
    let whole = lab.rams[0].content();
    let mut seed = 1u64;
    for place in (512..1024).chain(4096..4096 + 1536).step_by(5) {
        for value in [0x00, 0x01, 0x7f, 0xff] {
            let disk = RamDisk::with_content("ram0", 0, whole.clone());
            disk.write_at(&[value], Bytes::new(place)).unwrap();
            // With a checksum that fits, so that what stands there is looked at.
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            if seed >> 63 == 0 {
                mend_checksums(&disk);
            }
            let both = Lab::of(vec![disk.clone(), lab.rams[1].clone()]);
            assert!(!both.scan().vgs.is_empty(), "byte {place} is {value}");
            let alone = Lab::of(vec![disk]);
            alone.scan();
            let _ = read_vg(&alone.disks, "vg", ReadOptions::default());
        }
    }
}

/// Gives label and metadata area header the checksums of what stands in them.
fn mend_checksums(disk: &RamDisk) {
    let mut bytes = [0; 512];
    disk.read_at(&mut bytes, Bytes::new(512)).unwrap();
    disk.write_at(&units::crc(&bytes[20..]).to_le_bytes(), Bytes::new(528)).unwrap();
    disk.read_at(&mut bytes, Bytes::new(4096)).unwrap();
    disk.write_at(&units::crc(&bytes[4..]).to_le_bytes(), Bytes::new(4096)).unwrap();
}

/// Counts reads.
#[derive(Debug)]
struct Counted(RamDisk, Arc<AtomicUsize>);

impl Disk for Counted {
    fn identity(&self) -> Identity {
        self.0.identity()
    }
    fn path(&self) -> &Path {
        self.0.path()
    }
    fn len(&self) -> Bytes {
        self.0.len()
    }
    fn logical_block(&self) -> u32 {
        self.0.logical_block()
    }
    fn physical_block(&self) -> u32 {
        self.0.physical_block()
    }
    fn read_only(&self) -> bool {
        self.0.read_only()
    }
    fn read_at(&self, buf: &mut [u8], offset: Bytes) -> Result<(), DiskError> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.read_at(buf, offset)
    }
    fn write_at(&self, _: &[u8], _: Bytes) -> Result<(), DiskError> {
        unreachable!("reading writes nothing")
    }
    fn flush(&self) -> Result<(), DiskError> {
        unreachable!("reading flushes nothing")
    }
    fn discard(&self, _: Bytes, _: Bytes) -> Result<(), DiskError> {
        unreachable!("reading discards nothing")
    }
    fn zero(&self, _: Bytes, _: Bytes) -> Result<(), DiskError> {
        unreachable!("reading zeroes nothing")
    }
    fn open_exclusive(&self) -> Result<Box<dyn Claim>, DiskError> {
        unreachable!("reading claims nothing")
    }
}

#[test]
fn a_text_is_read_once_however_many_copies_there_are() {
    let lab = Lab::new(10, (512, 512)).with_pvs();
    create_vg(&lab);
    let count = Arc::new(AtomicUsize::new(0));
    let counted = |ram: &RamDisk| Arc::new(Counted(ram.clone(), Arc::clone(&count))) as Arc<dyn Disk>;
    let disks: DiskSet = lab.rams.iter().map(counted).collect();
    let partitionable = |_: DiskId| true;
    let options = ReadOptions { partitionable: &partitionable, ..ReadOptions::default() };
    let scan = scan(&disks, options);
    assert_eq!(scan.vgs[0].areas.len(), 15);
    // Ten starts, five headers of second areas, one text.
    assert_eq!(count.load(Ordering::Relaxed), 16);
}
