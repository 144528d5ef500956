use crate::kit::{created, id, inactive, new_lv, new_size, resize, vg};
use lv::Remove;
use metadata::live::LvLive;
use metadata::model::{LvFlag, SegmentKind, SegmentType, Verbatim, Vg};
use metadata::plan::Consent;

/// An LV whose type is not edited, built on another.
fn with_raid() -> Vg {
    let mut vg = created(&created(&vg(&[40]), &new_lv("5")), &new_lv("5"));
    let below = id(&vg, "lvol1");
    let top = id(&vg, "lvol0");
    let lv = vg.lvs.get_mut(top).unwrap();
    lv.segments[0].kind = SegmentKind::Verbatim(Verbatim {
        segtype: Some(SegmentType::Raid1),
        type_name: "raid1".to_owned(),
        items: Vec::new(),
        areas: Vec::new(),
        lvs: vec![below],
    });
    vg.lvs.get_mut(below).unwrap().flags.remove(LvFlag::Visible);
    vg
}

#[test]
fn types_of_a_later_day_are_refused_by_name() {
    let vg = with_raid();
    let text = "segment type raid1 of vg/lvol0 is not supported yet";
    assert_eq!(resize(&vg, &new_size(&vg, "lvol0", "+1")).unwrap_err().to_string(), text);
    assert_eq!(lv::rename(&vg, id(&vg, "lvol0"), "other").unwrap_err().to_string(), text);
    let remove = Remove { lvs: vec![id(&vg, "lvol0")], discard: false };
    assert_eq!(lv::remove(&vg, &inactive(), &remove).unwrap_err().to_string(), text);
}

#[test]
fn sub_lvs_are_left_alone() {
    let vg = with_raid();
    let sub = id(&vg, "lvol1");
    let text = "Can't remove logical volume vg/lvol1 used as RAID device.";
    assert_eq!(lv::check_remove(&vg, &inactive(), sub).unwrap_err().to_string(), text);
    assert_eq!(lv::rename(&vg, sub, "x").unwrap_err().to_string(), "Cannot rename internal LV \"lvol1\".");
    let text = "Can't resize internal logical volume vg/lvol1.";
    assert_eq!(resize(&vg, &new_size(&vg, "lvol1", "+1")).unwrap_err().to_string(), text);
}

#[test]
fn removing_frees_extents_and_asks_for_what_runs() {
    let vg = created(&created(&vg(&[40]), &new_lv("5")), &new_lv("6"));
    let (one, two) = (id(&vg, "lvol0"), id(&vg, "lvol1"));
    let mut live = inactive();
    live.lvs.insert(one, LvLive::default());
    let both = Remove { lvs: vec![one, two], discard: false };
    let proposal = lv::remove(&vg, &live, &both).unwrap();
    assert_eq!(proposal.next.lvs.len(), 0);
    assert_eq!((proposal.next.free_extents().get(), proposal.next.seqno), (40, vg.seqno + 1));
    let lv = "vg/lvol0".to_owned();
    assert_eq!(proposal.consents, [Consent::RemoveLv { lv, active: true, discard: false }]);
    live.lvs.insert(two, LvLive { open_count: 2, ..LvLive::default() });
    assert_eq!(lv::remove(&vg, &live, &both).unwrap_err().to_string(), "Logical volume vg/lvol1 in use.");
}

#[test]
fn names_stay_unique() {
    let vg = created(&created(&vg(&[40]), &new_lv("5")), &new_lv("6"));
    let lv = id(&vg, "lvol0");
    let error = |to: &str| lv::rename(&vg, lv, to).unwrap_err();
    let text = "Logical Volume \"lvol1\" already exists in volume group \"vg\"";
    assert_eq!(error("lvol1").to_string(), text);
    assert!(error("lvol0").is_usage() && error("a/b").is_usage() && error("pvmove1").is_usage());
    let renamed = lv::rename(&vg, lv, "data").unwrap().next;
    assert_eq!((id(&renamed, "data"), renamed.seqno), (lv, vg.seqno + 1));
}
