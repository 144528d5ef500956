//! What columns tell of raids: copies, parity, reshapes, integrity of images.

use super::{layers, status};
use crate::parts::Part;
use crate::subject::VgView;
use crate::value::Value;
use metadata::live::Status;
use metadata::model::{Area, Lv, LvFlag, Segment, SegmentType, Vg};
use units::Extents;

/// How many areas of a segment hold parity.
pub(crate) fn parity_devices(segtype: Option<SegmentType>) -> u32 {
    match segtype.map(SegmentType::name) {
        Some(name) if name.starts_with("raid6") => 2,
        Some(name) if name.starts_with("raid4") || name.starts_with("raid5") => 1,
        _ => 0,
    }
}

/// How many times a segment's data can be had.
pub(crate) fn data_copies(vg: &Vg, segment: &Segment) -> u32 {
    let said = layers::number(segment, "data_copies").and_then(|n| u32::try_from(n).ok());
    if let Some(copies) = said.filter(|&copies| copies > 1) {
        return copies;
    }
    match segment.segtype() {
        Some(SegmentType::Raid1) => layers::areas(vg, segment).len() as u32,
        Some(SegmentType::Raid10 | SegmentType::Raid10Near) => 2,
        segtype => parity_devices(segtype) + 1,
    }
}

/// How many areas hold data, those to be given up by a reshape left out.
pub(crate) fn data_stripes(vg: &Vg, segment: &Segment) -> u32 {
    let areas = layers::areas(vg, segment);
    let leaves = |area: &&Area| match **area {
        Area::Lv { lv, .. } => vg.lvs.get(lv).is_some_and(|lv| lv.flags.has(LvFlag::RemoveAfterReshape)),
        Area::Pv { .. } => false,
    };
    let leaving = areas.iter().skip(1).rev().take_while(leaves).count();
    let used = (areas.len() - leaving) as u32;
    let data = used.saturating_sub(parity_devices(segment.segtype()));
    match segment.segtype() {
        Some(SegmentType::Raid10 | SegmentType::Raid10Near) => data / data_copies(vg, segment).max(1),
        _ => data,
    }
}

/// How many areas may be lost.
pub(crate) fn parity_chunks(vg: &Vg, segment: &Segment) -> Value {
    let chunks = match parity_devices(segment.segtype()) {
        0 => data_copies(vg, segment).saturating_sub(1),
        parity => parity,
    };
    if chunks == 0 {
        return Value::Empty;
    }
    let areas = layers::areas(vg, segment);
    let resilient = |area: &&Area| match **area {
        Area::Lv { lv, .. } => vg
            .lvs
            .get(lv)
            .and_then(|lv| lv.segments.first())
            .is_some_and(|first| parity_devices(first.segtype()) > 0 || data_copies(vg, first) > 1),
        Area::Pv { .. } => false,
    };
    let all = !areas.is_empty() && areas.iter().filter(resilient).count() == areas.len();
    Value::Number(i64::from(chunks) + i64::from(all))
}

/// Extents set aside for a reshape that do not count as the LV's.
pub(crate) fn reserved(vg: &Vg, segment: &Segment) -> Extents {
    let areas = layers::areas(vg, segment).len() as u64;
    let factor = if areas > 2 { areas - u64::from(parity_devices(segment.segtype())) } else { 1 };
    Extents::new(segment.reshape_len.get().saturating_mul(factor))
}

/// The raid that a segment is of, or is an image of, where the kernel can reshape its type.
pub(crate) fn reshapable<'v>(view: &'v VgView<'_>, lv: &'v Lv, segment: &Segment) -> Option<&'v Lv> {
    let can = |segment: &Segment| {
        let name = segment.segtype().map_or("", SegmentType::name);
        ["raid4", "raid5", "raid6", "raid10"].iter().any(|family| name.starts_with(family))
    };
    if can(segment) {
        return Some(lv);
    }
    if view.parts().part(lv) != Some(Part::RaidImage) || segment.start.get() != 0 {
        return None;
    }
    // LVM2 takes the LV called like what stands before the first underscore in the image's name, be it the image's
    // raid or another (2.03.40: report.c, _lv_for_raid_image_seg).
    let (name, _) = lv.name.split_once('_')?;
    view.lv_named(name).filter(|named| named.segments.first().is_some_and(can))
}

/// Where data starts on the images, while the raid is active.
pub(crate) fn data_offset(view: &VgView<'_>, lv: &Lv, segment: &Segment) -> Value {
    let raid = reshapable(view, lv, segment).and_then(|raid| status::raid(view, raid));
    raid.map_or(Value::Empty, |raid| Value::count(raid.data_offset))
}

/// A number of a raid's first segment that is not set when it is zero.
pub(crate) fn setting(lv: &Lv, key: &str) -> Value {
    match layers::number_of_key(lv, key) {
        Some(number) if number != 0 && layers::is_raid(lv) => Value::Number(number),
        _ => Value::Empty,
    }
}

/// The segment whose integrity settings count for an LV: its own, or that of a raid's first image that has one.
pub fn integrity<'v>(view: &'v VgView<'_>, lv: &'v Lv) -> Option<&'v Segment> {
    let first = lv.segments.first()?;
    if first.segtype() == Some(SegmentType::Integrity) {
        return Some(first);
    }
    if !layers::is_raid(lv) {
        return None;
    }
    let images = layers::raid_lvs(first).filter_map(|id| view.vg.lvs.get(id)?.segments.first());
    images.into_iter().find(|first| first.segtype() == Some(SegmentType::Integrity))
}

/// `journal` or `bitmap`.
pub fn integrity_mode(view: &VgView<'_>, lv: &Lv) -> Value {
    let mode = integrity(view, lv).and_then(|segment| layers::text(segment, "mode"));
    Value::maybe(mode.and_then(|mode| match mode.chars().next()? {
        'B' => Some("bitmap"),
        'J' => Some("journal"),
        _ => None,
    }))
}

/// The block size of integrity, or -1.
pub fn integrity_block_size(view: &VgView<'_>, lv: &Lv) -> Value {
    let size = integrity(view, lv).and_then(|segment| layers::number(segment, "block_size"));
    Value::Number(size.unwrap_or(-1))
}

/// Blocks with a wrong checksum: of an image, or of all images of a raid.
pub fn integrity_mismatches(view: &VgView<'_>, lv: &Lv) -> Value {
    let Some(first) = lv.segments.first() else { return Value::Empty };
    let said = |id: units::Id| match view.live.status.get(&id) {
        Some(Status::Integrity(status)) => Some(status.mismatches),
        _ => None,
    };
    if first.segtype() == Some(SegmentType::Integrity) {
        return said(lv.id).map_or(Value::Empty, Value::count);
    }
    if !layers::is_raid(lv) || integrity(view, lv).is_none() || !view.live.is_active(lv.id) {
        return Value::Empty;
    }
    Value::count(layers::raid_lvs(first).filter_map(said).sum::<u64>())
}
