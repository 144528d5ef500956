//! New segments for an LV.

use crate::alloc::{AllocError, Want, allocate};
use crate::segtype::{Kind, parallel};
use metadata::model::{Segment, SegmentKind};
use units::{Le, Sectors};

/// All segments of the LV once it has what it wants, joined where nothing keeps them apart. A stripe size that was
/// asked for does, also where there are no stripes: LVM2 compares sizes before it drops that of linear segments.
pub(crate) fn grow(want: &Want<'_>, kind: Kind, stripe_size: Sectors) -> Result<Vec<Segment>, AllocError> {
    let mut segments = Vec::new();
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
    Segment::join_all(&mut segments);
    let apart = want.stripes <= 1 && !stripe_size.is_zero();
    let mut all = want.lv.segments.clone();
    all.append(&mut segments);
    if !apart {
        Segment::join_all(&mut all);
    }
    Ok(all)
}
