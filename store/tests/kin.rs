//! VGs that have one id: copies, and VGs that went different ways while their disks were apart.

mod lab;

use device::ram::RamDisk;
use lab::{Lab, create_vg, provenance, tagged, vg_of};
use metadata::model::Vg;
use std::collections::HashMap;
use store::{Change, Finding, Holds, Mend, PvOnDisk, Scan, VgOnDisk};

/// Commits `next` over `before`.
fn commit(lab: &Lab, before: Option<&VgOnDisk>, next: Vg, joining: Vec<PvOnDisk>, mend: Mend) -> VgOnDisk {
    let provenance = provenance(1000 + i64::from(next.seqno));
    let change =
        Change { disks: &lab.disks, before, next, provenance, joining, remade: HashMap::new(), mend };
    change.stage().unwrap().commit().unwrap().finish().vg
}

/// A VG on the first of two PVs, and the text of one with the same id on the other.
fn two(name: &str, later: u32) -> (Lab, Scan) {
    let lab = Lab::new(2, (512, 512)).with_pvs();
    for (place, (name, seqno)) in [("vg", 3), (name, 3 + later)].into_iter().enumerate() {
        let orphans = lab.scan().orphans;
        let pv = orphans.into_iter().find(|pv| pv.disk.index() == place).unwrap();
        let mut vg = vg_of(std::slice::from_ref(&pv));
        (vg.name, vg.seqno) = (name.to_owned(), seqno);
        // Each is written while the other disk is away.
        let alone = Lab::of(vec![lab.rams[place].clone()]);
        let pv = alone.scan().orphans.remove(0);
        commit(&alone, None, vg, vec![pv], Mend::Nothing);
    }
    let scan = lab.scan();
    (lab, scan)
}

#[test]
fn two_names_with_one_id_are_two_vgs_and_a_change_of_one_leaves_the_other_alone() {
    for later in [0, 1, 7] {
        let (lab, scan) = two("copy", later);
        assert_eq!(scan.vgs.len(), 2);
        assert!(scan.orphans.is_empty());
        assert!(scan.vgs.iter().all(|vg| vg.findings.is_empty() && vg.outdated.is_empty()));
        for (place, vg) in scan.vgs.iter().enumerate() {
            let other = lab.rams[1 - place].content();
            commit(&lab, Some(vg), tagged(&vg.vg, 200), Vec::new(), Mend::Sure);
            assert_eq!(lab.rams[1 - place].content(), other);
        }
        let scan = lab.scan();
        assert_eq!(scan.vgs.len(), 2);
        assert!(scan.vgs.iter().all(|vg| vg.findings.is_empty()));
        store::remove(&lab.disks, &scan.vgs[1]).unwrap();
        let scan = lab.scan();
        assert_eq!((scan.vgs.len(), scan.orphans.len()), (1, 1));
    }
}

#[test]
fn one_name_with_one_id_and_other_pvs_is_outdated_and_left_alone_until_it_is_to_be_mended() {
    let (lab, scan) = two("vg", 4);
    assert_eq!((scan.vgs.len(), scan.orphans.len()), (1, 0));
    assert!(matches!(scan.vgs[0].findings[..], [Finding::OutdatedPv { seqno: 3, .. }]));
    let old = lab.rams[0].content();
    commit(&lab, Some(&scan.vgs[0]), tagged(&scan.vgs[0].vg, 200), Vec::new(), Mend::Areas);
    assert_eq!(lab.rams[0].content(), old);
}

#[test]
fn the_only_copy_of_a_namesake_by_id_is_read_from_its_ring_where_it_is_torn() {
    let (lab, scan) = two("copy", 7);
    let vg = scan.named("vg").next().unwrap();
    let vg = commit(&lab, Some(vg), tagged(&vg.vg, 200), Vec::new(), Mend::Nothing);
    let area = &vg.areas[0];
    let at = area.area.offset + area.header.as_ref().unwrap().slots[0].offset + units::Bytes::new(40);
    device::Disk::write_at(&lab.rams[0], b"\x7f\x7f", at).unwrap();
    let scan = lab.scan();
    let found = scan.named("vg").next().unwrap();
    assert!(found.findings.iter().any(|f| matches!(f, Finding::FellBack { seqno: 3, .. })));
    assert!(scan.named("copy").next().unwrap().findings.is_empty());
}

/// A VG on two PVs, of which each went on without the other: the second under another name.
fn apart() -> Lab {
    let lab = Lab::new(2, (512, 512)).with_pvs();
    let vg = create_vg(&lab);
    let ids: Vec<_> = vg.vg.pvs.iter().map(|pv| pv.id).collect();
    let first = Lab::of(vec![lab.rams[0].clone(), RamDisk::new("none", 9, units::Bytes::new(lab::LEN))]);
    let vg = first.scan().vgs.remove(0);
    let mut next = tagged(&vg.vg, 100);
    for _ in 0..5 {
        next.seqno += 1;
    }
    commit(&first, Some(&vg), next, Vec::new(), Mend::Nothing);
    let second = Lab::of(vec![lab.rams[1].clone()]);
    let vg = second.scan().vgs.remove(0);
    let mut next = tagged(&vg.vg, 100);
    next.pvs.remove(ids[0]);
    let vg = commit(&second, Some(&vg), next, Vec::new(), Mend::Nothing);
    let mut next = tagged(&vg.vg, 100);
    next.name = "other".to_owned();
    commit(&second, Some(&vg), next, Vec::new(), Mend::Nothing);
    lab
}

#[test]
fn a_pv_that_went_on_under_another_name_is_not_taken_back_by_the_vg_that_misses_it() {
    let lab = apart();
    let scan = lab.scan();
    let (vg, other) = (scan.named("vg").next().unwrap(), scan.named("other").next().unwrap());
    assert!(vg.vg.seqno > other.vg.seqno);
    assert!(other.findings.is_empty() && !other.is_partial());
    assert_eq!(vg.missing().count(), 1);
    let claim = |f: &Finding| matches!(f, Finding::ClaimedElsewhere { name, .. } if name == "other");
    assert!(vg.findings.iter().any(claim), "{:?}", vg.findings);
    let kept = lab.rams[1].content();
    commit(&lab, Some(vg), tagged(&vg.vg, 100), Vec::new(), Mend::Sure);
    assert_eq!(lab.rams[1].content(), kept);
}

#[test]
fn an_old_text_takes_no_pv_that_left_its_present_vg_while_it_was_away() {
    // The PV was in `old`, then in `vg`; both have texts without knowing where it is now.
    let lab = Lab::new(3, (512, 512)).with_pvs();
    let pvs = lab.scan().orphans;
    let mut old = vg_of(&pvs[..2]);
    (old.id, old.name) = (units::Id::from_random([9; 32]), "old".to_owned());
    let before = commit(&lab, None, old, pvs[..2].to_vec(), Mend::Nothing);
    let away = lab.rams[0].content();
    store::remove(&lab.disks, &before).unwrap();
    let pvs: Vec<_> = lab.scan().orphans.into_iter().skip(1).collect();
    let mut vg = vg_of(&pvs);
    vg.seqno = 10;
    let vg = commit(&lab, None, vg, pvs, Mend::Nothing);
    let alone = Lab::of(vec![RamDisk::new("none", 9, units::Bytes::new(lab::LEN)), lab.rams[2].clone()]);
    let found = alone.scan().vgs.remove(0);
    let mut next = tagged(&found.vg, 100);
    next.pvs.remove(vg.vg.pvs.iter().next().unwrap().id);
    commit(&alone, Some(&found), next, Vec::new(), Mend::Nothing);
    let lab = Lab::of(vec![RamDisk::with_content("ram0", 0, away), lab.rams[1].clone(), lab.rams[2].clone()]);
    let scan = lab.scan();
    let (old, vg) = (scan.named("old").next().unwrap(), scan.named("vg").next().unwrap());
    assert_eq!(vg.outdated.len(), 1);
    assert!(old.is_partial());
    assert!(old.findings.iter().any(|f| matches!(f, Finding::ClaimedElsewhere { name, .. } if name == "vg")));
}

#[test]
fn two_texts_of_one_seqno_are_told_and_the_older_one_stays_until_it_is_to_be_mended() {
    let lab = Lab::new(2, (512, 512)).with_pvs();
    let vg = create_vg(&lab);
    let old = lab.rams[0].content();
    commit(&lab, Some(&vg), tagged(&vg.vg, 100), Vec::new(), Mend::Nothing);
    let other = Lab::of(vec![
        RamDisk::with_content("ram0", 0, old),
        RamDisk::new("none", 9, units::Bytes::new(lab::LEN)),
    ]);
    let found = other.scan().vgs.remove(0);
    let mut next = tagged(&found.vg, 300);
    next.seqno = 2;
    commit(&other, Some(&found), next, Vec::new(), Mend::Nothing);
    let lab = Lab::of(vec![other.rams[0].clone(), lab.rams[1].clone()]);
    let found = lab.scan().vgs.remove(0);
    assert!(found.areas.iter().any(|area| matches!(area.holds, Holds::Conflict)));
    let first = lab.rams.iter().map(RamDisk::content).collect::<Vec<_>>();
    let after = commit(&lab, Some(&found), tagged(&found.vg, 100), Vec::new(), Mend::Nothing);
    let now = lab.rams.iter().map(RamDisk::content).collect::<Vec<_>>();
    assert_eq!(first.iter().zip(&now).filter(|(before, after)| before == after).count(), 1);
    assert!(after.findings.iter().any(|f| matches!(f, Finding::OutdatedArea { seqno: 2, .. })));
    let found = lab.scan().vgs.remove(0);
    assert!(found.findings.iter().any(|f| matches!(f, Finding::OutdatedArea { seqno: 2, .. })));
}
