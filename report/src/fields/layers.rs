//! Access to segments whose type rlvm shows as its text has it: their keys, their areas, the LVs they name.

use super::raid;
use metadata::model::{
    Area, Lv, RawItem, RawValue, Segment, SegmentKind, SegmentType, Striped, Verbatim, Vg,
};
use units::{Extents, Id, Le};

/// The verbatim part of a segment, where it is one.
pub(crate) fn verbatim_of(segment: &Segment) -> Option<&Verbatim> {
    match &segment.kind {
        SegmentKind::Verbatim(verbatim) => Some(verbatim),
        SegmentKind::Striped(_) | SegmentKind::Error | SegmentKind::Zero => None,
    }
}

/// The verbatim first segment of an LV, where it has one.
pub(crate) fn verbatim(lv: &Lv) -> Option<&Verbatim> {
    verbatim_of(lv.segments.first()?)
}

/// The type of an LV's first segment.
pub fn segtype(lv: &Lv) -> Option<SegmentType> {
    lv.segments.first().and_then(Segment::segtype)
}

/// What stands under a key of a segment.
pub fn raw<'s>(segment: &'s Segment, key: &str) -> Option<&'s RawValue> {
    item(verbatim_of(segment)?, key).map(|item| &item.value)
}

/// The number under a key of a segment.
pub fn number(segment: &Segment, key: &str) -> Option<i64> {
    match raw(segment, key)? {
        RawValue::Int(number) => Some(*number),
        _ => None,
    }
}

/// The text under a key of a segment.
pub fn text<'s>(segment: &'s Segment, key: &str) -> Option<&'s str> {
    match raw(segment, key)? {
        RawValue::Text(text) => Some(text),
        _ => None,
    }
}

/// The LV under a key of a segment.
pub fn lv_under(segment: &Segment, key: &str) -> Option<Id> {
    match raw(segment, key)? {
        RawValue::Lv(id) => Some(*id),
        _ => None,
    }
}

/// The LV that a key of the first segment names.
pub(crate) fn lv_of_key(lv: &Lv, key: &str) -> Option<Id> {
    lv_under(lv.segments.first()?, key)
}

/// The number under a key of the first segment.
pub(crate) fn number_of_key(lv: &Lv, key: &str) -> Option<i64> {
    number(lv.segments.first()?, key)
}

fn item<'v>(verbatim: &'v Verbatim, key: &str) -> Option<&'v RawItem> {
    verbatim.items.iter().find(|item| item.key == key)
}

/// The store that a snapshot's segment names.
pub(crate) fn store_of(verbatim: &Verbatim) -> Option<Id> {
    let named = item(verbatim, "merging_store").or_else(|| item(verbatim, "cow_store"))?;
    if let RawValue::Lv(id) = named.value { Some(id) } else { None }
}

/// Whether it is one of the raid types.
pub(crate) fn is_raid(lv: &Lv) -> bool {
    segtype(lv).is_some_and(is_raid_type)
}

/// Whether it is one of the raid types.
pub fn is_raid_type(segtype: SegmentType) -> bool {
    segtype.name().starts_with("raid")
}

/// Whether the type is raid0, with or without metadata: nothing is redundant.
pub(crate) fn is_raid0(segtype: SegmentType) -> bool {
    matches!(segtype, SegmentType::Raid0 | SegmentType::Raid0Meta)
}

/// Whether an LV under a raid holds metadata: its name says so (2.03.40: raid.c, _raid_text_import_areas).
pub fn is_raid_metadata(vg: &Vg, id: Id) -> bool {
    vg.lvs.get(id).is_some_and(|lv| lv.name.contains("_rmeta_"))
}

/// Whether reads and writes go nowhere: error, zero and the like.
pub fn is_virtual(segment: &Segment) -> bool {
    matches!(
        segment.segtype(),
        Some(SegmentType::Error | SegmentType::Zero | SegmentType::Thin | SegmentType::Vdo)
    )
}

/// A segment's areas as LVM2 counts them: where its data lies, pools, logs and metadata left out.
pub fn areas(vg: &Vg, segment: &Segment) -> Vec<Area> {
    match &segment.kind {
        SegmentKind::Striped(Striped { areas, .. }) => areas.clone(),
        SegmentKind::Error | SegmentKind::Zero => Vec::new(),
        SegmentKind::Verbatim(verbatim) => verbatim_areas(vg, segment, verbatim),
    }
}

fn verbatim_areas(vg: &Vg, segment: &Segment, verbatim: &Verbatim) -> Vec<Area> {
    let one = |key| lv_under(segment, key).map(whole).into_iter().collect();
    match verbatim.segtype {
        Some(SegmentType::Mirror) => item(verbatim, "mirrors").map(placed).unwrap_or_default(),
        Some(SegmentType::Cache | SegmentType::Writecache | SegmentType::Integrity) => one("origin"),
        Some(SegmentType::ThinPool) => one("pool"),
        Some(SegmentType::CachePool | SegmentType::VdoPool) => one("data"),
        Some(SegmentType::Vdo) => one("vdo_pool"),
        Some(segtype) if is_raid_type(segtype) => {
            raid_lvs(segment).filter(|id| !is_raid_metadata(vg, *id)).map(whole).collect()
        }
        Some(_) => Vec::new(),
        None => verbatim.areas.iter().map(|(area, _)| *area).collect(),
    }
}

fn whole(lv: Id) -> Area {
    Area::Lv { lv, start: Le::new(0) }
}

/// Names followed by places.
fn placed(item: &RawItem) -> Vec<Area> {
    let values: Vec<&RawValue> = item.values().filter(|value| !is_container(value)).collect();
    let area = |pair: &[&RawValue]| match pair {
        [RawValue::Pv(pv), RawValue::Int(start)] => {
            let start = units::Pe::new(u64::try_from(*start).ok()?);
            Some(Area::Pv { pv: *pv, start })
        }
        [RawValue::Lv(lv), RawValue::Int(_)] => Some(whole(*lv)),
        _ => None,
    };
    values.chunks(2).filter_map(area).collect()
}

fn is_container(value: &RawValue) -> bool {
    matches!(value, RawValue::List(_) | RawValue::Lines(_) | RawValue::Section(_))
}

/// The LVs of a raid's segment, metadata and data images.
pub fn raid_lvs(segment: &Segment) -> impl Iterator<Item = Id> {
    let list = verbatim_of(segment).and_then(|v| item(v, "raids").or_else(|| item(v, "raid0_lvs")));
    list.into_iter().flat_map(RawItem::values).filter_map(|value| match value {
        RawValue::Lv(id) => Some(*id),
        _ => None,
    })
}

/// How many extents each of a segment's areas takes. Of raid10 LVM2 says the whole.
pub fn area_len(vg: &Vg, segment: &Segment) -> Extents {
    let each = |count: u64| Extents::new(segment.len.get().div_ceil(count.max(1)));
    match &segment.kind {
        SegmentKind::Striped(striped) => each(striped.areas.len() as u64),
        SegmentKind::Error | SegmentKind::Zero => segment.len,
        SegmentKind::Verbatim(verbatim) => {
            let parity = u64::from(raid::parity_devices(verbatim.segtype));
            match parity > 0 || verbatim.segtype.is_some_and(is_raid0) {
                true => each((areas(vg, segment).len() as u64).saturating_sub(parity)),
                false => segment.len,
            }
        }
    }
}
