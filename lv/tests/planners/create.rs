use crate::kit::{amount, create, created, new_lv, placed, pvs, vg};
use lv::{AllocSettings, Create};
use metadata::model::{AllocPolicy, LvFlag, SegmentType};
use metadata::plan::Notice;
use units::{Extents, Sectors};

#[test]
fn a_new_lv_lies_on_the_first_pv_that_holds_it_or_on_the_largest_areas() {
    let vg = created(&vg(&[10, 30, 20]), &new_lv("5"));
    assert_eq!(placed(&vg, "lvol0"), "0+5 pv0:0");
    let vg = created(&vg, &new_lv("12"));
    assert_eq!(placed(&vg, "lvol1"), "0+12 pv1:0");
    let vg = created(&vg, &new_lv("40"));
    assert_eq!(placed(&vg, "lvol2"), "0+20 pv2:0, 20+18 pv1:12, 38+2 pv0:5");
    assert_eq!(vg.seqno, 4);
}

#[test]
fn stripes_lie_on_different_pvs() {
    let striped = Create { stripes: Some(2), ..new_lv("10") };
    let vg = created(&vg(&[10, 30, 20]), &striped);
    assert_eq!(placed(&vg, "lvol0"), "0+10 pv0:0 pv1:0");
    let proposal = create(&vg, &Create { stripes: Some(3), ..new_lv("10") }).unwrap();
    assert_eq!(placed(&proposal.next, "lvol1"), "0+12 pv0:5 pv1:5 pv2:0");
    let rounded = Notice::StripesRoundedUp { asked: Extents::new(10), to: Extents::new(12), stripes: 3 };
    assert_eq!(proposal.notices, [Notice::DefaultStripeSize(Sectors::new(128)), rounded]);
}

#[test]
fn ranges_and_their_order_decide_where_extents_come_from() {
    let empty = vg(&[20, 20]);
    let request = Create { pvs: pvs(&empty, &["pv1:15-19:2-4", "pv0:7"]), ..new_lv("9") };
    let vg = created(&empty, &request);
    assert_eq!(placed(&vg, "lvol0"), "0+5 pv1:15, 5+3 pv1:2, 8+1 pv0:7");
}

#[test]
fn anywhere_lets_stripes_share_a_pv() {
    let request = Create { stripes: Some(2), alloc: AllocPolicy::Anywhere, ..new_lv("6") };
    let vg = created(&vg(&[10]), &request);
    assert_eq!(placed(&vg, "lvol0"), "0+6 pv0:0 pv0:3");
}

#[test]
fn contiguous_wants_one_run() {
    let one = created(&vg(&[10, 12]), &Create { alloc: AllocPolicy::Contiguous, ..new_lv("11") });
    assert_eq!(placed(&one, "lvol0"), "0+11 pv1:0");
    let refused = create(&one, &Create { alloc: AllocPolicy::Contiguous, ..new_lv("11") }).unwrap_err();
    let text =
        "Insufficient suitable contiguous allocatable extents for logical volume lvol1: 11 more required";
    assert_eq!(refused.to_string(), text);
}

#[test]
fn stripes_stay_apart_by_tags() {
    let mut vg = vg(&[30, 20, 10]);
    for (pv, tag) in vg.pvs.iter_mut().zip(["left", "left", "right"]) {
        pv.tags.push(tag.to_owned());
    }
    let alloc_settings = AllocSettings { cling_tags: vec!["@*".to_owned()], maximise_cling: true };
    let vg = created(&vg, &Create { stripes: Some(2), alloc_settings, ..new_lv("8") });
    assert_eq!(placed(&vg, "lvol0"), "0+8 pv0:0 pv2:0");
}

#[test]
fn shares_take_what_fits() {
    let all = created(&vg(&[10, 11]), &new_lv("100%FREE"));
    assert_eq!(placed(&all, "lvol0"), "0+11 pv1:0, 11+10 pv0:0");
    let odd = Create { stripes: Some(2), ..new_lv("100%FREE") };
    let proposal = create(&vg(&[10, 11]), &odd).unwrap();
    assert_eq!(placed(&proposal.next, "lvol0"), "0+20 pv0:0 pv1:0");
    let down = Notice::StripesRoundedDown { asked: Extents::new(21), to: Extents::new(20), stripes: 2 };
    assert!(proposal.notices.contains(&down));
    let half = created(&vg(&[10, 11]), &new_lv("50%VG"));
    assert_eq!(placed(&half, "lvol0"), "0+10 pv0:0");
}

#[test]
fn what_does_not_fit_is_refused_with_numbers() {
    let small = vg(&[3]);
    let refused = create(&small, &new_lv("5")).unwrap_err();
    let text = "Volume group \"vg\" has insufficient free space (3 extents): 5 required.";
    assert_eq!(refused.to_string(), text);
    let two = vg(&[3, 8]);
    let narrow = Create { pvs: pvs(&two, &["pv0"]), ..new_lv("5") };
    let text = "Insufficient free space: 5 extents needed, but only 3 available";
    assert_eq!(create(&two, &narrow).unwrap_err().to_string(), text);
    let wide = Create { stripes: Some(3), ..new_lv("3") };
    let text = "Number of stripes (3) must not exceed number of physical volumes (2)";
    assert_eq!(create(&two, &wide).unwrap_err().to_string(), text);
}

#[test]
fn invalid_requests_are_told_from_refused_ones() {
    let vg = created(&vg(&[50]), &Create { name: Some("data".to_owned()), ..new_lv("1") });
    let with = |change: fn(&mut Create)| {
        let mut request = new_lv("4");
        change(&mut request);
        create(&vg, &request).unwrap_err().error
    };
    let usage: [fn(&mut Create); 7] = [
        |request| request.name = Some("a_tdata".to_owned()),
        |request| request.tags = vec!["a tag".to_owned()],
        |request| request.stripes = Some(0),
        |request| request.stripes = Some(129),
        |request| (request.stripes, request.stripe_size) = (Some(2), Some(Sectors::new(24))),
        |request| request.amount = amount("-4"),
        |request| request.segtype = SegmentType::Raid1,
    ];
    assert!(usage.into_iter().all(|change| with(change).is_usage()));
    let taken = with(|request| request.name = Some("data".to_owned()));
    assert_eq!(taken.to_string(), "Logical Volume \"data\" already exists in volume group \"vg\"");
    assert!(!taken.is_usage());
}

#[test]
fn a_request_becomes_an_lv() {
    let request = Create {
        tags: vec!["a".to_owned(), "b".to_owned(), "a".to_owned()],
        read_only: true,
        device: Some((253, 7)),
        activation_skip: true,
        segtype: SegmentType::Zero,
        ..new_lv("300k")
    };
    let proposal = create(&vg(&[10]), &request).unwrap();
    let lv = proposal.next.lvs.iter().last().unwrap();
    assert_eq!(
        (lv.tags.join(" "), lv.creation_time, lv.creation_host.as_str()),
        ("a b".to_owned(), 1_700_000_000, "node")
    );
    assert!(!lv.is_writable() && lv.flags.has(LvFlag::FixedMinor) && lv.flags.has(LvFlag::ActivationSkip));
    assert_eq!((lv.major, lv.minor, lv.extents()), (Some(253), Some(7), Extents::new(5)));
    let rounded = Notice::RoundedUp { asked: Sectors::new(600), to: Sectors::new(640) };
    assert_eq!(proposal.notices, [rounded]);
}
