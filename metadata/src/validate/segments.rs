//! Segments: one after the other without gap, and each in itself.

use super::{Named, Violation};
use crate::model::{Lv, Segment, SegmentKind, Striped, Vg};
use units::Le;

pub(super) fn check(vg: &Vg, found: &mut Vec<Violation>) {
    for lv in &vg.lvs {
        consecutive(lv, found);
        for (n, segment) in lv.segments.iter().enumerate() {
            let who = || Named::Segment(lv.name.clone(), n + 1);
            if segment.len.is_zero() {
                found.push(Violation::Empty { who: who() });
            }
            match &segment.kind {
                SegmentKind::Striped(kind) => striped(&who, segment, kind, found),
                SegmentKind::Error | SegmentKind::Zero | SegmentKind::Verbatim(_) => {}
            }
        }
    }
}

fn consecutive(lv: &Lv, found: &mut Vec<Violation>) {
    // A pvmove that has just begun or ended has none.
    if lv.segments.is_empty() && !lv.name.starts_with("pvmove") {
        found.push(Violation::Empty { who: Named::Lv(lv.name.clone()) });
    }
    let mut expected = Le::new(0);
    for (n, segment) in lv.segments.iter().enumerate() {
        if segment.start != expected {
            let who = Named::Segment(lv.name.clone(), n + 1);
            found.push(Violation::Gap { who, expected, found: segment.start });
        }
        // What does not fit in 64 bits is named among the limits.
        expected = segment.start.checked_add(segment.len).unwrap_or(segment.start);
    }
}

fn striped(who: &dyn Fn() -> Named, segment: &Segment, striped: &Striped, found: &mut Vec<Violation>) {
    let areas = striped.areas.len();
    if areas == 0 {
        found.push(Violation::NoAreas { who: who() });
    } else if !segment.len.get().is_multiple_of(areas as u64) {
        found.push(Violation::Uneven { who: who(), len: segment.len, areas });
    }
    if areas > 1 && !striped.stripe_size.get().is_power_of_two() {
        found.push(Violation::StripeSize { who: who(), size: striped.stripe_size });
    }
}
