use crate::kit::{created, inactive, new_lv, new_size, placed, pvs, resize, roundings, vg, with_ctx};
use lv::{Create, Resize};
use metadata::live::{Live, LvLive};
use metadata::model::{AllocPolicy, SegmentType};
use metadata::plan::{Consent, Notice};
use units::{Extents, Sectors};

#[test]
fn an_extension_goes_on_behind_the_last_segment() {
    let vg = created(&vg(&[20, 40]), &new_lv("5"));
    let grown = resize(&vg, &new_size(&vg, "lvol0", "+5")).unwrap().next;
    assert_eq!(placed(&grown, "lvol0"), "0+10 pv0:0");
    let grown = resize(&grown, &new_size(&grown, "lvol0", "30")).unwrap().next;
    assert_eq!(placed(&grown, "lvol0"), "0+20 pv0:0, 20+10 pv1:0");
}

#[test]
fn an_extension_takes_over_the_stripes() {
    let vg = created(&vg(&[20, 20, 40]), &Create { stripes: Some(2), ..new_lv("10") });
    let proposal = resize(&vg, &new_size(&vg, "lvol0", "+5")).unwrap();
    assert_eq!(placed(&proposal.next, "lvol0"), "0+16 pv0:0 pv1:0");
    let up = Notice::SegmentRoundedUp { asked: Extents::new(15), to: Extents::new(16) };
    assert_eq!(roundings(&proposal.notices), [Notice::LastStripeSize(Sectors::new(128)), up]);
}

#[test]
fn another_number_of_stripes_makes_a_segment_of_its_own() {
    let vg = created(&vg(&[20, 20, 40]), &new_lv("4"));
    let request =
        Resize { stripes: Some(2), stripe_size: Some(Sectors::new(64)), ..new_size(&vg, "lvol0", "+6") };
    let grown = resize(&vg, &request).unwrap().next;
    assert_eq!(placed(&grown, "lvol0"), "0+4 pv0:0, 4+6 pv0:4 pv1:0");
    let refused = resize(&grown, &new_size(&grown, "lvol0", "+2")).unwrap_err();
    assert_eq!(refused.to_string(), "Please specify number of stripes (-i) and stripesize (-I)");
}

#[test]
fn a_reduction_goes_through_several_segments() {
    let vg = created(&vg(&[10, 10, 10]), &new_lv("30"));
    assert_eq!(placed(&vg, "lvol0"), "0+10 pv0:0, 10+10 pv1:0, 20+10 pv2:0");
    let less = resize(&vg, &new_size(&vg, "lvol0", "-25")).unwrap().next;
    assert_eq!(placed(&less, "lvol0"), "0+5 pv0:0");
    let refused = resize(&vg, &new_size(&vg, "lvol0", "-30")).unwrap_err();
    assert_eq!(refused.to_string(), "Unable to reduce vg/lvol0 below 1 extent.");
}

#[test]
fn sizes_round_towards_what_is_asked() {
    let vg = created(&vg(&[40]), &new_lv("10"));
    let grown = resize(&vg, &new_size(&vg, "lvol0", "+65k")).unwrap();
    let to = |sectors| Notice::RoundedToBoundary { asked: Sectors::new(130), to: Sectors::new(sectors) };
    assert_eq!(roundings(&grown.notices), [to(256)]);
    let shrunk = resize(&vg, &new_size(&vg, "lvol0", "-65k")).unwrap();
    assert_eq!(roundings(&shrunk.notices), [to(128)]);
    assert_eq!(placed(&shrunk.next, "lvol0"), "0+9 pv0:0");
}

#[test]
fn directions_are_kept() {
    let vg = created(&vg(&[40]), &new_lv("10"));
    let refused = |request: &Resize, extend: bool| {
        let plan = if extend { lv::extend } else { lv::reduce };
        with_ctx(|ctx| plan(&vg, &inactive(), request, ctx)).unwrap_err()
    };
    let text = "New size given (5 extents) not larger than existing size (10 extents)";
    assert_eq!(refused(&new_size(&vg, "lvol0", "5"), true).to_string(), text);
    let text = "New size given (12 extents) not less than existing size (10 extents)";
    assert_eq!(refused(&new_size(&vg, "lvol0", "12"), false).to_string(), text);
    let same = refused(&new_size(&vg, "lvol0", "10"), true);
    assert_eq!(same.to_string(), "No size change.");
    let (asked, existing) = (Extents::new(10), Extents::new(10));
    assert_eq!(same.notices, [Notice::MatchesExisting { asked, existing, by_rounding: false }]);
}

#[test]
fn shrinking_what_runs_has_to_be_agreed_to() {
    let vg = created(&vg(&[40]), &new_lv("10"));
    let id = vg.lv_named("lvol0").unwrap().id;
    let mut live = Live { known: true, ..Live::default() };
    live.lvs.insert(id, LvLive { open_count: 1, ..LvLive::default() });
    let request = new_size(&vg, "lvol0", "4");
    let proposal = with_ctx(|ctx| lv::reduce(&vg, &live, &request, ctx)).unwrap();
    let (from, to) = (Sectors::new(1280), Sectors::new(512));
    let lv = "vg/lvol0".to_owned();
    assert_eq!(proposal.consents, [Consent::Shrink { lv, from, to, active: true, open: true }]);
    assert!(with_ctx(|ctx| lv::reduce(&vg, &inactive(), &request, ctx)).unwrap().consents.is_empty());
}

#[test]
fn pvs_alone_ask_for_all_that_is_free_on_them() {
    let vg = created(&vg(&[20, 15]), &new_lv("5"));
    let all = Resize { amount: None, pvs: pvs(&vg, &["pv1"]), ..new_size(&vg, "lvol0", "1") };
    let grown = with_ctx(|ctx| lv::extend(&vg, &inactive(), &all, ctx)).unwrap().next;
    assert_eq!(placed(&grown, "lvol0"), "0+5 pv0:0, 5+15 pv1:0");
}

#[test]
fn contiguous_extensions_fail_where_something_follows() {
    let one = created(&vg(&[20, 20]), &Create { alloc: AllocPolicy::Contiguous, ..new_lv("5") });
    let two = created(&one, &new_lv("1"));
    let refused = resize(&two, &new_size(&two, "lvol0", "+1")).unwrap_err();
    let text =
        "Insufficient suitable contiguous allocatable extents for logical volume lvol0: 1 more required";
    assert_eq!(refused.to_string(), text);
    assert!(resize(&one, &new_size(&one, "lvol0", "+1")).is_ok());
}

#[test]
fn unmapped_and_mapped_segments_mix() {
    let vg = created(&vg(&[20]), &new_lv("5"));
    let hole = Resize { segtype: Some(SegmentType::Error), ..new_size(&vg, "lvol0", "+3") };
    let proposal = resize(&vg, &hole).unwrap();
    assert_eq!(placed(&proposal.next, "lvol0"), "0+5 pv0:0, 5+3 Error");
    let (lv, last, new) = ("vg/lvol0".to_owned(), "striped".to_owned(), "error".to_owned());
    assert_eq!(roundings(&proposal.notices), [Notice::MixedTypes { lv, last, new }]);
}
