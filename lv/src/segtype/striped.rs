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
