use crate::kit::{create, inactive, new_lv, new_size, resize, vg};
use lv::{AllocSettings, Create, Remove, Resize};
use metadata::model::{AllocPolicy, Area, Vg};
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use std::collections::HashSet;
use units::{Extents, Le};

#[derive(Clone, Debug)]
enum Change {
    Create { extents: u64, stripes: u32, alloc: AllocPolicy },
    Resize { which: usize, extents: u64 },
    Remove { which: usize },
}

fn policy() -> impl Strategy<Value = AllocPolicy> {
    prop_oneof![
        Just(AllocPolicy::Contiguous),
        Just(AllocPolicy::Cling),
        Just(AllocPolicy::Normal),
        Just(AllocPolicy::Anywhere),
    ]
}

fn change() -> impl Strategy<Value = Change> {
    let create = (1..30u64, 1..5u32, policy()).prop_map(|(extents, stripes, alloc)| Change::Create {
        extents,
        stripes,
        alloc,
    });
    let resize = (any::<usize>(), 1..60u64).prop_map(|(which, extents)| Change::Resize { which, extents });
    let remove = any::<usize>().prop_map(|which| Change::Remove { which });
    prop_oneof![4 => create, 5 => resize, 1 => remove]
}

fn apply(vg: &Vg, change: &Change, maximise_cling: bool) -> Option<Vg> {
    let name = |which: usize| vg.lvs.iter().nth(which % vg.lvs.len().max(1)).map(|lv| lv.name.clone());
    let alloc_settings = AllocSettings { cling_tags: Vec::new(), maximise_cling };
    match *change {
        Change::Create { extents, stripes, alloc } => {
            let size = extents.to_string();
            let request = Create { stripes: Some(stripes), alloc, alloc_settings, ..new_lv(&size) };
            create(vg, &request).ok().map(|proposal| proposal.next)
        }
        Change::Resize { which, extents } => {
            let request = Resize { alloc_settings, ..new_size(vg, &name(which)?, &extents.to_string()) };
            resize(vg, &request).ok().map(|proposal| proposal.next)
        }
        Change::Remove { which } => {
            let lvs = vec![vg.lv_named(&name(which)?)?.id];
            lv::remove(vg, &inactive(), &Remove { lvs, discard: false }).ok().map(|proposal| proposal.next)
        }
    }
}

fn check(vg: &Vg) {
    let mut taken = HashSet::new();
    for lv in &vg.lvs {
        let mut end = Le::new(0);
        for segment in &lv.segments {
            assert_eq!(segment.start, end, "segments follow each other");
            assert!(!segment.len.is_zero(), "no segment is empty");
            end = segment.end();
            let areas = segment.areas();
            let sum: Extents = areas.clone().map(|(_, len)| len).sum();
            assert_eq!(sum, segment.len, "stripes are equally long");
            let mut on = HashSet::new();
            for (area, len) in areas {
                let Area::Pv { pv, start } = area else { panic!("an area in an LV") };
                let apart = on.insert(pv) || lv.alloc == AllocPolicy::Anywhere;
                assert!(apart, "stripes are on different PVs");
                let last = start.get() + len.get();
                assert!(last <= vg.pvs.get(pv).unwrap().pe_count.get(), "extents are on the PV");
                for pe in start.get()..last {
                    assert!(taken.insert((pv, pe)), "an extent is used once");
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn whatever_happens_extents_are_used_once_and_stripes_lie_apart(
        sizes in proptest::collection::vec(1..40u64, 1..6),
        changes in proptest::collection::vec(change(), 1..25),
        maximise_cling in any::<bool>(),
    ) {
        let mut vg = vg(&sizes);
        for change in &changes {
            if let Some(next) = apply(&vg, change, maximise_cling) {
                assert_eq!(next.seqno, vg.seqno + 1);
                check(&next);
                vg = next;
            }
        }
    }

    #[test]
    fn pv_arguments_never_panic(text in "pv0[:@0-9+\\\\-]{0,12}") {
        let vg = vg(&[20]);
        let find = |name: &str| vg.pvs.iter().find(|pv| pv.device == name).map(|pv| pv.id);
        if let Ok(arg) = lv::PvArg::parse(&vg, &text, find) {
            let _ = create(&vg, &Create { pvs: vec![arg], ..new_lv("1") });
        }
    }
}
