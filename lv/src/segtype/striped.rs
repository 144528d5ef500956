//! Linear and striped segments.

use crate::alloc::Parallel;
use metadata::model::{Area, Segment, SegmentKind, Striped};
use units::{Extents, Le, Sectors};

/// The segment that parallel runs of extents make.
pub(crate) fn parallel(start: Le, found: &Parallel, stripe_size: Sectors) -> Segment {
    let areas: Vec<Area> = found.places.iter().map(|&(pv, start)| Area::Pv { pv, start }).collect();
    let len = Extents::new(found.len.get() * areas.len() as u64);
    let stripe_size = if areas.len() > 1 { stripe_size } else { Sectors::ZERO };
    Segment::new(start, len, SegmentKind::Striped(Striped { stripe_size, areas }))
}

/// One out of two, where each stripe of the second follows the same stripe of the first.
pub(super) fn joined(first: &Striped, first_len: Extents, second: &Striped) -> Option<SegmentKind> {
    if first.areas.len() != second.areas.len() || first.stripe_size != second.stripe_size {
        return None;
    }
    let each = Extents::new(first_len.get() / first.areas.len().max(1) as u64);
    let follow = first.areas.iter().zip(&second.areas).all(|pair| match pair {
        (Area::Pv { pv: a, start: from }, Area::Pv { pv: b, start: to }) => {
            a == b && from.checked_add(each) == Some(*to)
        }
        (Area::Pv { .. } | Area::Lv { .. }, _) => false,
    });
    follow.then(|| SegmentKind::Striped(first.clone()))
}

/// Takes extents from the end; no if they do not come evenly from all stripes.
pub(crate) fn shorten(segment: &mut Segment, by: Extents) -> bool {
    let stripes = match &segment.kind {
        SegmentKind::Striped(striped) => Extents::new(striped.areas.len() as u64),
        SegmentKind::Error | SegmentKind::Zero | SegmentKind::Verbatim(_) => Extents::new(1),
    };
    let even = by.is_multiple_of(stripes);
    if even {
        segment.len = segment.len.saturating_sub(by);
    }
    even
}
