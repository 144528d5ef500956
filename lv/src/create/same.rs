//! Whether an LV is there already as it is asked for.

use super::{Create, create};
use metadata::model::{Lv, Segment, SegmentKind, SegmentType, Vg};
use metadata::plan::Ctx;
use units::Sectors;

/// Whether the LV of that name is as the request would make it: as large as the LV that would come in its place,
/// of its type, with as many stripes of its size, and with the tags asked for. Shares are taken of what would be
/// free without it.
pub fn is_as_asked(vg: &Vg, request: &Create, ctx: &mut Ctx<'_>) -> bool {
    let Some(there) = request.name.as_deref().and_then(|name| vg.lv_named(name)) else { return false };
    let id = there.id;
    let mut without = vg.clone();
    without.lvs.retain(|lv| lv.id != id);
    let Ok(proposal) = create(&without, request, ctx) else { return false };
    let mut new = proposal.next.lvs.iter().filter(|lv| !without.lvs.contains(lv.id));
    new.next().is_some_and(|new| are_alike(there, new))
}

fn are_alike(there: &Lv, new: &Lv) -> bool {
    let shape = shape(new);
    there.extents() == new.extents()
        && there.is_writable() == new.is_writable()
        && new.tags.iter().all(|tag| there.tags.contains(tag))
        && self::shape(there).iter().all(|own| shape.contains(own))
}

/// Type, stripes and their size, of each segment.
fn shape(lv: &Lv) -> Vec<(Option<SegmentType>, usize, Sectors)> {
    let of = |segment: &Segment| {
        let (stripes, size) = match &segment.kind {
            SegmentKind::Striped(striped) => (striped.areas.len(), striped.stripe_size),
            SegmentKind::Error | SegmentKind::Zero | SegmentKind::Verbatim(_) => (0, Sectors::ZERO),
        };
        (segment.segtype(), stripes, size)
    };
    lv.segments.iter().map(of).collect()
}
