//! VGs planned in memory. Refusals have the words LVM2 2.03.40 uses.
#![forbid(unsafe_code)]

use metadata::model::{
    AllocPolicy, Area, Flags, LockType, Lv, LvFlag, PeRange, PvFlag, RawItem, RawSpacing, RawValue,
    ReadAhead, Segment, SegmentKind, Vg, VgFlag,
};
use metadata::plan::{Consent, Ctx, Notice};
use metadata::validate::validate;
use units::{ExtentSize, Extents, Id, IdSource, Le, Pe, Sectors, SeededIds};
use vg::{AccessError, Create, Host, NewPv, Purpose, Which, check_access};

fn new_pv(number: u64, sectors: u64) -> NewPv {
    NewPv {
        id: SeededIds::new(100 + number).next_id(),
        device: format!("/dev/sd{number}"),
        device_id: None,
        dev_size: Sectors::new(sectors),
        pe_start: Sectors::new(2048),
        reserved_end: Sectors::ZERO,
        bootloader: None,
    }
}

fn request(pvs: Vec<NewPv>) -> Create {
    Create {
        name: "vg".to_owned(),
        extent_size: ExtentSize::DEFAULT,
        max_lv: 0,
        max_pv: 0,
        alloc: AllocPolicy::Normal,
        tags: vec!["a".to_owned(), "a".to_owned()],
        system_id: None,
        metadata_copies: 0,
        no_autoactivate: false,
        profile: None,
        pvs,
    }
}

fn create(request: &Create) -> Result<Vg, vg::CreateError> {
    let mut ids = SeededIds::new(1);
    let mut ctx = Ctx { ids: &mut ids, now: 0, host: "node" };
    vg::create(request, &mut ctx).map(|proposal| proposal.next)
}

/// Two PVs of three and five extents.
fn two() -> Vg {
    create(&request(vec![new_pv(0, 2048 + 3 * 8192), new_pv(1, 2048 + 5 * 8192 + 8191)])).unwrap()
}

fn ids(vg: &Vg) -> Vec<Id> {
    vg.pvs.iter().map(|pv| pv.id).collect()
}

fn with_lv(mut vg: Vg, pv: Id, range: PeRange) -> Vg {
    let kind = SegmentKind::linear(Area::Pv { pv, start: range.start });
    let lv = Lv {
        id: SeededIds::new(500).next_id(),
        name: "data".to_owned(),
        flags: Flags::of(&[LvFlag::Read, LvFlag::Write, LvFlag::Visible]),
        tags: Vec::new(),
        creation_time: 0,
        creation_host: String::new(),
        lock_args: None,
        alloc: AllocPolicy::Inherit,
        profile: None,
        read_ahead: ReadAhead::Auto,
        major: None,
        minor: None,
        segments: vec![Segment::new(Le::new(0), range.len, kind)],
        extras: Vec::new(),
    };
    assert!(vg.lvs.push(lv).is_ok());
    vg
}

#[test]
fn pvs_hold_the_whole_extents_between_start_and_reserved_end() {
    let vg = two();
    let counts: Vec<u64> = vg.pvs.iter().map(|pv| pv.pe_count.get()).collect();
    assert_eq!((counts, vg.seqno, vg.tags.as_slice()), (vec![3, 5], 1, &["a".to_owned()][..]));
    assert!(validate(&vg).is_empty());
    let reserved = NewPv { reserved_end: Sectors::new(1), ..new_pv(0, 2048 + 3 * 8192) };
    assert_eq!(reserved.pe_count(ExtentSize::DEFAULT), Extents::new(2));
    assert_eq!(new_pv(0, 100).pe_count(ExtentSize::DEFAULT), Extents::ZERO);
}

#[test]
fn requests_that_make_no_sense_are_refused() {
    let with = |change: fn(&mut Create)| {
        let mut request = request(vec![new_pv(0, 20_000)]);
        change(&mut request);
        create(&request).unwrap_err()
    };
    let inherit = with(|request| request.alloc = AllocPolicy::Inherit);
    assert_eq!(inherit.to_string(), "Volume Group allocation policy cannot inherit from anything");
    assert!(inherit.is_usage() && with(|request| request.name = "a/b".to_owned()).is_usage());
    assert!(with(|request| request.tags = vec!["x y".to_owned()]).is_usage());
    let odd = with(|request| request.extent_size = ExtentSize::new(Sectors::new(6)).unwrap());
    let text = "Physical Extent size must be a multiple of 128.00 KiB when not a power of 2.";
    assert_eq!((odd.to_string().as_str(), odd.is_usage()), (text, false));
    let twice = with(|request| request.pvs.push(new_pv(0, 20_000)));
    assert!(twice.to_string().ends_with("already in the VG."), "{twice}");
    let huge = with(|request| request.pvs.push(new_pv(1, u64::MAX >> 9)));
    assert!(huge.to_string().contains("exceeds limit (4294967295)"), "{huge}");
}

#[test]
fn a_vg_takes_no_more_pvs_than_it_may() {
    let mut vg = two();
    assert_eq!(vg::extend(&vg, &[new_pv(2, 20_000)]).unwrap().next.pvs.len(), 3);
    vg.max_pv = 2;
    let text = "No space for '/dev/sd2' - volume group 'vg' holds max 2 physical volume(s).";
    assert_eq!(vg::extend(&vg, &[new_pv(2, 20_000)]).unwrap_err().to_string(), text);
    vg.flags.remove(VgFlag::Resizeable);
    let text = "Volume group vg is not resizeable.";
    assert_eq!(vg::extend(&vg, &[]).unwrap_err().to_string(), text);
}

#[test]
fn only_empty_pvs_leave_and_one_stays() {
    let vg = two();
    let ids = ids(&vg);
    let one = vg::reduce(&vg, &Which::Pvs(vec![ids[0]])).unwrap().next;
    assert_eq!((one.pvs.len(), one.seqno), (1, 2));
    let text = "Can't remove final physical volume \"/dev/sd1\" from volume group \"vg\"";
    assert_eq!(vg::reduce(&one, &Which::Pvs(vec![ids[1]])).unwrap_err().to_string(), text);
    let used = with_lv(vg, ids[1], PeRange { start: Pe::new(1), len: Extents::new(2) });
    let text = "Physical volume \"/dev/sd1\" still in use";
    assert_eq!(vg::reduce(&used, &Which::Pvs(vec![ids[1]])).unwrap_err().to_string(), text);
    let rest = vg::reduce(&used, &Which::AllEmpty).unwrap().next;
    assert_eq!(rest.pvs.iter().map(|pv| pv.id).collect::<Vec<_>>(), [ids[1]]);
    let empty = vg::reduce(&two(), &Which::AllEmpty).unwrap().next;
    assert_eq!(empty.pvs.len(), 1);
}

#[test]
fn missing_pvs_leave_unless_something_lies_on_them() {
    let vg = two();
    let ids = ids(&vg);
    assert_eq!(vg::remove_missing(&vg, |_| false), Ok(None));
    let proposal = vg::remove_missing(&vg, |pv| pv.id == ids[0]).unwrap().unwrap();
    assert_eq!((proposal.next.pvs.len(), proposal.next.seqno), (1, 2));
    assert_eq!(proposal.notices, [Notice::MissingPvRemoved(ids[0])]);
    let used = with_lv(vg.clone(), ids[0], PeRange { start: Pe::new(0), len: Extents::new(1) });
    let text = "There are still partial LVs in VG vg.";
    assert_eq!(vg::remove_missing(&used, |pv| pv.id == ids[0]).unwrap_err().to_string(), text);
    assert_eq!(vg::remove_missing(&vg, |_| true), Err(vg::ReduceError::NothingLeft));
}

#[test]
fn removing_a_vg_with_lvs_has_to_be_agreed_to() {
    let vg = two();
    assert!(vg::remove(&vg, false).unwrap().consents.is_empty());
    let used = with_lv(vg, ids(&two())[0], PeRange { start: Pe::new(0), len: Extents::new(1) });
    let removal = vg::remove(&used, false).unwrap();
    assert_eq!(removal.consents, [Consent::RemoveVg { vg: "vg".to_owned(), lvs: 1 }]);
    let mut broken = two();
    broken.pvs.iter_mut().next().unwrap().flags.insert(PvFlag::Missing);
    assert!(vg::remove(&broken, false).is_err() && vg::remove(&broken, true).is_ok());
}

#[test]
fn names_are_checked_before_a_vg_takes_them() {
    let vg = two();
    assert_eq!(vg::rename(&vg, "other").unwrap().next.name, "other");
    assert_eq!(vg::rename(&vg, "vg").unwrap_err().to_string(), "Old and new volume group names must differ");
    let long = vg::rename(&vg, &"a".repeat(122)).unwrap_err();
    assert_eq!(long.to_string(), "New volume group path exceeds maximum length of 121!");
    assert!(vg::rename(&vg, "a b").is_err());
}

#[test]
fn what_is_not_this_hosts_to_change_is_refused() {
    let extra = ["other".to_owned()];
    let own = Host { system_id: Some("own"), extra_system_ids: &extra };
    let error = |change: fn(&mut Vg), host: Host<'_>, purpose, absent| {
        let mut vg = two();
        change(&mut vg);
        check_access(&vg, host, purpose, absent)
    };
    let owned: fn(&mut Vg) = |vg| vg.system_id = Some("other".to_owned());
    assert_eq!(error(owned, own, Purpose::Change, 0), Ok(()));
    let text = "Cannot access VG vg with system ID other with unknown local system ID.";
    assert_eq!(error(owned, Host::default(), Purpose::Read, 0).unwrap_err().to_string(), text);
    let text = "Cannot access VG vg with system ID other with local system ID own.";
    let alone = Host { extra_system_ids: &[], ..own };
    assert_eq!(error(owned, alone, Purpose::Read, 0).unwrap_err().to_string(), text);
    let exported: fn(&mut Vg) = |vg| vg.flags.insert(VgFlag::Exported);
    let text = "Volume group vg is exported";
    assert_eq!(error(exported, own, Purpose::Activate, 0).unwrap_err().to_string(), text);
    let shared: fn(&mut Vg) = |vg| vg.lock_type = Some(LockType { name: "sanlock".to_owned(), args: None });
    let text = "Cannot access VG vg with lock type sanlock that requires lvmlockd.";
    assert_eq!(error(shared, own, Purpose::Read, 0).unwrap_err().to_string(), text);
    let clustered: fn(&mut Vg) = |vg| vg.flags.insert(VgFlag::Clustered);
    assert!(matches!(error(clustered, own, Purpose::Read, 0), Err(AccessError::Clustered { .. })));
    let reserved: fn(&mut Vg) = |vg| {
        let value = RawValue::List(vec![RawValue::Text("require".to_owned())]);
        let (key, spacing) = ("pr".to_owned(), RawSpacing::default());
        vg.extras.push((None, RawItem { key, value, blank_before: false, spacing }));
    };
    assert_eq!(error(reserved, own, Purpose::Read, 0), Ok(()));
    let text = "Cannot access VG vg without persistent reservation.";
    for purpose in [Purpose::Activate, Purpose::Change, Purpose::ChangeExported, Purpose::Rewrite] {
        assert_eq!(error(reserved, own, purpose, 0).unwrap_err().to_string(), text);
    }
}

#[test]
fn changes_need_a_vg_that_is_whole_and_understood() {
    let access = |change: fn(&mut Vg), purpose, absent| {
        let mut vg = two();
        change(&mut vg);
        check_access(&vg, Host::default(), purpose, absent)
    };
    let none: fn(&mut Vg) = |_| {};
    let text = "Cannot change VG vg while PVs are missing.";
    assert_eq!(access(none, Purpose::Change, 1).unwrap_err().to_string(), text);
    assert_eq!(access(none, Purpose::ChangeDespiteMissing, 1), Ok(()));
    assert_eq!(access(none, Purpose::Activate, 1), Ok(()));
    let read_only: fn(&mut Vg) = |vg| vg.flags.remove(VgFlag::Write);
    assert_eq!(
        access(read_only, Purpose::Change, 0).unwrap_err().to_string(),
        "Volume group vg is read-only."
    );
    let strange: fn(&mut Vg) = |vg| vg.flags.unknown_status.push("NEW".to_owned());
    assert!(matches!(access(strange, Purpose::Change, 0), Err(AccessError::UnknownFlag { .. })));
    assert_eq!(access(strange, Purpose::Read, 0), Ok(()));
}
