//! References: to LVs and PVs that exist, never round in a circle, never beyond an LV's end.

use super::{Named, Violation};
use crate::model::{Area, Lv, RawItem, RawValue, Segment, SegmentKind, Vg};
use foldhash::{HashMap, HashMapExt};
use units::{Extents, Id};

pub(super) fn check(vg: &Vg, found: &mut Vec<Violation>) {
    for lv in &vg.lvs {
        for (n, segment) in lv.segments.iter().enumerate() {
            let who = || Named::Segment(lv.name.clone(), n + 1);
            match &segment.kind {
                SegmentKind::Striped(_) => {
                    for (area, len) in segment.areas() {
                        known_area(vg, &who, area, len, found);
                    }
                }
                SegmentKind::Verbatim(verbatim) => known_items(vg, &who, &verbatim.items, found),
                SegmentKind::Error | SegmentKind::Zero => {}
            }
        }
    }
    for lv in &vg.historical {
        known_items(vg, &|| Named::Historical(lv.name.clone()), &lv.items, found);
    }
    cycles(vg, found);
}

fn known_area(vg: &Vg, who: &dyn Fn() -> Named, area: Area, len: Extents, found: &mut Vec<Violation>) {
    match area {
        Area::Pv { pv, .. } if !vg.pvs.contains(pv) => {
            found.push(Violation::UnknownPv { who: who(), id: pv })
        }
        Area::Pv { .. } => {}
        Area::Lv { lv, start } => {
            let Some(below) = vg.lvs.get(lv) else {
                found.push(Violation::UnknownLv { who: who(), id: lv });
                return;
            };
            let end = start.checked_add(len);
            let extents = extents(below);
            if end.is_none_or(|end| end.offset() > extents) {
                let end = end.unwrap_or(start);
                found.push(Violation::BeyondLv {
                    who: who(),
                    below: below.name.clone(),
                    start,
                    end,
                    extents,
                });
            }
        }
    }
}

/// The LV's extents. What overflows is named among the limits.
fn extents(lv: &Lv) -> Extents {
    lv.segments.iter().fold(Extents::ZERO, |sum, segment| sum.checked_add(segment.len).unwrap_or(sum))
}

fn known_items(vg: &Vg, who: &dyn Fn() -> Named, items: &[RawItem], found: &mut Vec<Violation>) {
    for value in items.iter().flat_map(RawItem::values) {
        match *value {
            RawValue::Pv(id) if !vg.pvs.contains(id) => found.push(Violation::UnknownPv { who: who(), id }),
            RawValue::Lv(id) if !vg.lvs.contains(id) => found.push(Violation::UnknownLv { who: who(), id }),
            RawValue::Pv(_)
            | RawValue::Lv(_)
            | RawValue::Int(_)
            | RawValue::Float(_)
            | RawValue::Text(_)
            | RawValue::List(_)
            | RawValue::Lines(_)
            | RawValue::Section(_) => {}
        }
    }
}

/// What an LV is built on. What a segment of an unknown type names may be anything.
fn below(lv: &Lv) -> Vec<Id> {
    let known = |segment: &&Segment| segment.segtype().is_some();
    lv.segments.iter().filter(known).flat_map(Segment::lvs).collect()
}

/// A walk down from every LV with a stack of its own; an LV met again on the way down is built on itself.
fn cycles(vg: &Vg, found: &mut Vec<Violation>) {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        OnTheWay,
        Done,
    }
    let mut states: HashMap<Id, State> = HashMap::new();
    for top in &vg.lvs {
        // Most LVs lie on PVs and end the way down.
        if states.contains_key(&top.id) || !top.segments.iter().any(|segment| segment.is_on_lvs()) {
            continue;
        }
        states.insert(top.id, State::OnTheWay);
        let mut path = vec![(top, below(top).into_iter())];
        while let Some((lv, rest)) = path.last_mut() {
            let Some(next) = rest.next() else {
                states.insert(lv.id, State::Done);
                path.pop();
                continue;
            };
            match (states.get(&next), vg.lvs.get(next)) {
                (Some(State::OnTheWay), Some(lv)) => {
                    found.push(Violation::Cycle { who: Named::Lv(lv.name.clone()) });
                }
                (None, Some(lv)) => {
                    states.insert(next, State::OnTheWay);
                    path.push((lv, below(lv).into_iter()));
                }
                (Some(_), _) | (None, None) => {}
            }
        }
    }
}
