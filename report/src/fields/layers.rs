//! What kind of LV it is: layout, role, and the first letter of its attributes.

use crate::subject::VgView;
use metadata::model::{Lv, RawItem, RawValue, Segment, SegmentKind, SegmentType, Verbatim};
use units::Id;

/// The verbatim first segment of an LV, where it has one.
pub(crate) fn verbatim(lv: &Lv) -> Option<&Verbatim> {
    match &lv.segments.first()?.kind {
        SegmentKind::Verbatim(verbatim) => Some(verbatim),
        SegmentKind::Striped(_) | SegmentKind::Error | SegmentKind::Zero => None,
    }
}

/// The type of an LV's first segment.
pub(crate) fn segtype(lv: &Lv) -> Option<SegmentType> {
    lv.segments.first().and_then(Segment::segtype)
}

/// The LV that a key of the first segment names.
pub(crate) fn lv_of_key(lv: &Lv, key: &str) -> Option<Id> {
    let item = item(verbatim(lv)?, key)?;
    match item.value {
        RawValue::Lv(id) => Some(id),
        _ => None,
    }
}

/// The number under a key of the first segment.
pub(crate) fn number_of_key(lv: &Lv, key: &str) -> Option<i64> {
    match item(verbatim(lv)?, key)?.value {
        RawValue::Int(number) => Some(number),
        _ => None,
    }
}

fn item<'v>(verbatim: &'v Verbatim, key: &str) -> Option<&'v RawItem> {
    verbatim.items.iter().find(|item| item.key == key)
}

/// Whether it is a hidden snapshot LV, and of what: its COW store and its origin.
pub(crate) fn snapshot_of(lv: &Lv) -> Option<(Id, Id)> {
    if segtype(lv) != Some(SegmentType::Snapshot) {
        return None;
    }
    let cow = lv_of_key(lv, "cow_store").or_else(|| lv_of_key(lv, "merging_store"))?;
    Some((cow, lv_of_key(lv, "origin")?))
}

/// The origin of a snapshot's COW store, where `lv` is one.
pub(crate) fn origin_of_cow(view: &VgView<'_>, lv: &Lv) -> Option<Id> {
    view.snapshots().origins.get(&lv.id).copied()
}

/// Whether old-style snapshots of it exist.
pub(crate) fn is_origin(view: &VgView<'_>, lv: &Lv) -> bool {
    view.snapshots().counts.contains_key(&lv.id)
}

/// Whether the name is that of a sub-LV of this kind (`_tdata`, `_rimage_0`).
pub(crate) fn is_sub_lv(lv: &Lv, part: &str) -> bool {
    !lv.is_visible()
        && lv.name.rfind(part).is_some_and(|at| {
            let rest = &lv.name[at + part.len()..];
            rest.is_empty() || rest.strip_prefix('_').is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()))
        })
}

/// Whether it is one of the raid types.
pub(crate) fn is_raid(lv: &Lv) -> bool {
    segtype(lv).is_some_and(|segtype| segtype.name().starts_with("raid"))
}
