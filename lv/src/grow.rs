//! New segments for an LV.

use crate::alloc::{AllocError, Want, allocate};
use crate::segtype::{Kind, join_all, parallel};
use metadata::model::{Segment, SegmentKind};
use units::{Le, Sectors};

/// All segments of the LV once it has what it wants, joined where nothing keeps them apart.
pub(crate) fn grow(want: &Want<'_>, kind: Kind, stripe_size: Sectors) -> Result<Vec<Segment>, AllocError> {
    let mut segments = want.lv.segments.clone();
    let mut end = Le::new(want.lv.extents().get());
    match kind {
        Kind::Error => segments.push(Segment::new(end, want.extents, SegmentKind::Error)),
        Kind::Zero => segments.push(Segment::new(end, want.extents, SegmentKind::Zero)),
        Kind::Striped => {
            for found in allocate(want)? {
                let segment = parallel(end, &found, stripe_size);
                end = segment.end();
                segments.push(segment);
            }
        }
    }
    join_all(&mut segments);
    Ok(segments)
}
