//! What passes validation, and what is named when it does not.

use metadata::model::names::NameError;
use metadata::model::{
    AllocPolicy, Area, BootloaderArea, HistoricalLv, LockType, Lv, RawItem, RawValue, Segment, SegmentKind,
    SegmentType, Striped, Verbatim, Vg,
};
use metadata::text;
use metadata::validate::{Count, Named, Violation, validate};
use units::{Extents, Id, IdSource, Le, Pe, Sectors, SeededIds};

const EVERYDAY: &[u8] = include_bytes!("../../tests/images/text/everyday.disk");

/// A VG with three PVs of 62 and 63 extents, whose LV `linear` begins on the first.
fn vg() -> Vg {
    text::parse(EVERYDAY).unwrap().vg
}

fn id(seed: u64) -> Id {
    SeededIds::new(seed).next_id()
}

/// What a change to the VG, or to the LV of that name, brings up.
fn after(change: impl FnOnce(&mut Vg)) -> Vec<Violation> {
    let mut vg = vg();
    change(&mut vg);
    validate(&vg)
}

fn lv<'v>(vg: &'v mut Vg, name: &str) -> &'v mut Lv {
    vg.lvs.iter_mut().find(|lv| lv.name == name).unwrap()
}

fn named(name: &str) -> Named {
    Named::Lv(name.to_owned())
}

fn segment(lv: &str, number: usize) -> Named {
    Named::Segment(lv.to_owned(), number)
}

fn linear(area: Area, len: u64) -> Segment {
    Segment::new(Le::new(0), Extents::new(len), SegmentKind::linear(area))
}

#[test]
fn everything_that_lvm2_wrote_passes() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/images/text");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ext| ext == "disk" || ext == "file") {
            let text = text::parse(&std::fs::read(&path).unwrap()).unwrap();
            assert_eq!(validate(&text.vg), [], "{}", path.display());
            count += 1;
        }
    }
    assert!(count > 40);
}

#[test]
fn names_are_checked_and_unique() {
    let bad = after(|vg| lv(vg, "fixed").name = "a/b".to_owned());
    assert_eq!(bad, [Violation::Name { who: named("a/b"), why: NameError::Character('/') }]);
    let twice = after(|vg| lv(vg, "fixed").name = "linear".to_owned());
    assert_eq!(twice, [Violation::NameTwice { who: named("linear") }]);
    let long = "x".repeat(123);
    assert_eq!(
        after(|vg| lv(vg, "fixed").name = long.clone()),
        [Violation::DeviceName { who: named(&long), length: 125 }]
    );
    let gone = after(|vg| vg.historical.push(HistoricalLv { name: "linear".to_owned(), items: Vec::new() }));
    assert_eq!(gone, [Violation::NameTwice { who: Named::Historical("linear".to_owned()) }]);
    let tag = after(|vg| vg.tags.push("a b".to_owned()));
    assert_eq!(tag, [Violation::Tag { who: Named::Vg("vg".to_owned()), tag: "a b".to_owned() }]);
}

#[test]
fn ids_are_unique() {
    let found = after(|vg| {
        let linear = lv(vg, "linear").id;
        lv(vg, "fixed").id = linear;
    });
    assert!(found.iter().any(|v| matches!(v, Violation::IdTwice { who, .. } if *who == named("fixed"))));
}

#[test]
fn policies_and_locks_have_to_fit() {
    let who = || Named::Vg("vg".to_owned());
    assert_eq!(
        after(|vg| vg.alloc = AllocPolicy::Inherit),
        [Violation::Policy { who: who(), policy: "inherit" }]
    );
    let shared = |args: Option<&str>| LockType { name: "dlm".to_owned(), args: args.map(str::to_owned) };
    assert!(matches!(
        after(|vg| vg.lock_type = Some(shared(None)))[..],
        [Violation::Lock { what: "a shared VG without lock_args", .. }]
    ));
    assert_eq!(after(|vg| vg.lock_type = Some(shared(Some("1.0.0:c")))), []);
    let locked = after(|vg| lv(vg, "linear").lock_args = Some("dlm".to_owned()));
    assert!(matches!(locked[..], [Violation::Lock { .. }]));
    let minor = after(|vg| lv(vg, "fixed").minor = None);
    assert_eq!(minor, [Violation::FixedMinor { who: named("fixed") }]);
}

#[test]
fn limits_are_kept() {
    let shown = vg().lvs.len() as u64;
    let who = || Named::Vg("vg".to_owned());
    assert_eq!(
        after(|vg| vg.max_lv = 3),
        [Violation::TooMany { who: who(), count: Count::Lvs, has: shown, most: 3 }]
    );
    assert_eq!(after(|vg| vg.max_lv = shown as u32), []);
    assert_eq!(
        after(|vg| vg.max_pv = 2),
        [Violation::TooMany { who: who(), count: Count::Pvs, has: 3, most: 2 }]
    );
    let many = after(|vg| vg.pvs.iter_mut().for_each(|pv| pv.pe_count = Extents::new(u64::MAX)));
    assert!(many.contains(&Violation::TooMany {
        who: who(),
        count: Count::Extents,
        has: u64::MAX,
        most: u64::from(u32::MAX)
    }));
    assert!(many.iter().any(|v| matches!(v, Violation::PvEnd { .. })));
}

#[test]
fn a_bootloader_area_ends_before_the_extents() {
    let found = after(|vg| {
        let area = BootloaderArea { start: Sectors::new(2048), size: Sectors::new(u64::MAX) };
        vg.pvs.iter_mut().next().unwrap().bootloader = Some(area);
    });
    assert!(matches!(found[..], [Violation::BootloaderArea { .. }]));
}

#[test]
fn segments_follow_each_other() {
    let gap = after(|vg| lv(vg, "fixed").segments[0].start = Le::new(1));
    assert_eq!(gap, [Violation::Gap { who: segment("fixed", 1), expected: Le::new(0), found: Le::new(1) }]);
    assert_eq!(after(|vg| lv(vg, "fixed").segments.clear()), [Violation::Empty { who: named("fixed") }]);
    let empty = after(|vg| lv(vg, "nothing").segments[0].len = Extents::ZERO);
    assert_eq!(empty, [Violation::Empty { who: segment("nothing", 1) }]);
}

#[test]
fn stripes_divide_their_segment() {
    let change = |areas: usize, stripe_size: u64, len: u64| {
        after(move |vg| {
            let pv = vg.pvs.iter().last().unwrap().id;
            let areas = (0..areas as u64).map(|n| Area::Pv { pv, start: Pe::new(50 + 3 * n) }).collect();
            let kind = SegmentKind::Striped(Striped { stripe_size: Sectors::new(stripe_size), areas });
            lv(vg, "fixed").segments = vec![Segment::new(Le::new(0), Extents::new(len), kind)];
        })
    };
    assert_eq!(change(2, 128, 4), []);
    let who = || segment("fixed", 1);
    assert_eq!(change(0, 0, 4), [Violation::NoAreas { who: who() }]);
    assert_eq!(change(2, 128, 5), [Violation::Uneven { who: who(), len: Extents::new(5), areas: 2 }]);
    assert_eq!(change(2, 0, 4), [Violation::StripeSize { who: who(), size: Sectors::ZERO }]);
    assert_eq!(change(2, 96, 4), [Violation::StripeSize { who: who(), size: Sectors::new(96) }]);
}

#[test]
fn areas_lie_within_their_pv_and_apart() {
    let place = |start: u64, len: u64| {
        after(move |vg| {
            let pv = vg.pvs.iter().next().unwrap().id;
            lv(vg, "fixed").segments = vec![linear(Area::Pv { pv, start: Pe::new(start) }, len)];
        })
    };
    let beyond = place(61, 2);
    assert!(beyond.iter().any(|v| matches!(v, Violation::BeyondPv { end, .. } if end.get() == 63)));
    assert!(place(u64::MAX, 2).iter().any(|v| matches!(v, Violation::BeyondPv { .. })));
    let overlap = place(0, 1);
    assert!(matches!(
        &overlap[..],
        [Violation::Overlap { start, end, .. }] if (start.get(), end.get()) == (0, 1)
    ));
    let unknown = after(|vg| {
        lv(vg, "fixed").segments = vec![linear(Area::Pv { pv: id(7), start: Pe::new(0) }, 1)];
    });
    assert_eq!(unknown, [Violation::UnknownPv { who: segment("fixed", 1), id: id(7) }]);
}

#[test]
fn one_wide_claim_overlaps_every_claim_within_it() {
    let found = after(|vg| {
        let pv = vg.pvs.iter().next().unwrap();
        let (pv, len) = (pv.id, pv.pe_count.get());
        lv(vg, "fixed").segments = vec![linear(Area::Pv { pv, start: Pe::new(0) }, len)];
    });
    assert!(found.len() > 2);
    assert!(found.iter().all(|v| matches!(v, Violation::Overlap { .. })));
}

#[test]
fn lvs_that_others_lie_in_exist_and_are_long_enough() {
    let below = |name: &'static str, start: u64, len: u64| {
        after(move |vg| {
            let lv_id = lv(vg, name).id;
            let area = Area::Lv { lv: lv_id, start: Le::new(start) };
            lv(vg, "fixed").segments = vec![linear(area, len)];
        })
    };
    assert_eq!(below("nothing", 0, 2), []);
    assert!(matches!(below("nothing", 1, 2)[..], [Violation::BeyondLv { .. }]));
    assert!(matches!(below("nothing", u64::MAX, 2)[..], [Violation::BeyondLv { .. }]));
    assert!(below("fixed", 0, 1).contains(&Violation::Cycle { who: named("fixed") }));
    let unknown = after(|vg| {
        lv(vg, "fixed").segments = vec![linear(Area::Lv { lv: id(7), start: Le::new(0) }, 1)];
    });
    assert_eq!(unknown, [Violation::UnknownLv { who: segment("fixed", 1), id: id(7) }]);
}

#[test]
fn a_ring_of_lvs_is_found_once() {
    let found = after(|vg| {
        let names = ["fixed", "readonly", "ahead"];
        let ids = names.map(|name| lv(vg, name).id);
        for (n, name) in names.into_iter().enumerate() {
            let area = Area::Lv { lv: ids[(n + 1) % 3], start: Le::new(0) };
            lv(vg, name).segments = vec![linear(area, 1)];
        }
    });
    assert_eq!(found.iter().filter(|v| matches!(v, Violation::Cycle { .. })).count(), 1);
    assert_eq!(found.len(), 1);
}

#[test]
fn a_deep_stack_of_lvs_is_no_ring() {
    let mut vg = vg();
    let mut ids = SeededIds::new(1);
    let mut below = lv(&mut vg, "nothing").clone();
    for n in 0..20_000 {
        let mut next = below.clone();
        next.id = ids.next_id();
        next.name = format!("deep{n}");
        next.segments = vec![linear(Area::Lv { lv: below.id, start: Le::new(0) }, 2)];
        vg.lvs.push(next.clone()).unwrap();
        below = next;
    }
    vg.max_lv = 0;
    assert_eq!(validate(&vg), []);
}

#[test]
fn references_in_what_is_kept_uninterpreted_are_checked_too() {
    let found = after(|vg| {
        let items = vec![
            RawItem::new("thin_pool", RawValue::Lv(id(8))),
            RawItem::new("list", RawValue::Lines(vec![vec![RawValue::Pv(id(9)), RawValue::Int(0)]])),
        ];
        let kind = Verbatim {
            segtype: Some(SegmentType::Thin),
            type_name: "thin".to_owned(),
            items,
            areas: Vec::new(),
            lvs: vec![id(8)],
        };
        lv(vg, "fixed").segments[0].kind = SegmentKind::Verbatim(kind);
    });
    let who = || segment("fixed", 1);
    assert_eq!(
        found,
        [Violation::UnknownLv { who: who(), id: id(8) }, Violation::UnknownPv { who: who(), id: id(9) }]
    );
}
