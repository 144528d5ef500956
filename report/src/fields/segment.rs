//! Fields of segments of LVs.

use super::{field, layers, raid, settings, vdo};
use crate::field::{Field, Kind};
use crate::parts::Part;
use crate::subject::{Row, VgView};
use crate::value::{Type, Value};
use metadata::model::{Area, Lv, LvFlag, Segment, SegmentKind, SegmentType};
use units::{Extents, Sectors};

fn seg(
    value: Type,
    name: &'static str,
    heading: &'static str,
    about: &'static str,
    get: fn(&Row<'_>) -> Value,
) -> Field {
    field(Kind::Segment, value, name, heading, about, get)
}

pub(crate) fn table() -> Vec<Field> {
    use Type::{Binary, List, Number, Size, Text};
    let mut table = vec![
        seg(Text, "segtype", "Type", "Type.", |r| {
            // A free run of a PV has no segment but is a row of `pvs --segments` all the same.
            r.segment.map_or(Value::text("free"), |segment| Value::text(segment.type_name()))
        }),
        seg(Number, "stripes", "#Str", "Number of areas.", |r| {
            with(r, |v, _, s| Value::count(layers::areas(v.vg, s).len()))
        }),
        seg(Number, "data_stripes", "#DStr", "Number of areas that hold data.", |r| {
            with(r, |v, _, s| Value::count(raid::data_stripes(v.vg, s)))
        }),
        seg(Size, "reshape_len", "RSize", "Room set aside for a reshape.", |r| {
            with(r, |v, lv, s| reshape_len(v, lv, s).map_or(Value::Empty, |len| size(v, len)))
        }),
        seg(Number, "reshape_len_le", "RSize", "Extents set aside for a reshape.", |r| {
            with(r, |v, lv, s| reshape_len(v, lv, s).map_or(Value::Empty, |len| Value::count(len.get())))
        }),
        seg(Number, "data_copies", "#Cpy", "Number of copies of the data.", |r| {
            with(r, |v, _, s| Value::count(raid::data_copies(v.vg, s)))
        }),
        seg(Number, "data_offset", "DOff", "Offset of the data while reshaping.", |r| {
            with(r, raid::data_offset)
        }),
        seg(Number, "new_data_offset", "NOff", "Offset of the data after reshaping.", |r| {
            with(r, raid::data_offset)
        }),
        seg(Number, "parity_chunks", "#Par", "Number of parity chunks.", |r| {
            with(r, |v, _, s| raid::parity_chunks(v.vg, s))
        }),
        seg(Size, "stripe_size", "Stripe", "Chunk size of stripes.", |r| {
            with(r, |_, _, s| match &s.kind {
                SegmentKind::Striped(striped) => Value::Size(striped.stripe_size),
                SegmentKind::Error | SegmentKind::Zero => Value::Size(Sectors::ZERO),
                SegmentKind::Verbatim(_) => number_size(s, "stripe_size"),
            })
        }),
        seg(Size, "region_size", "Region", "Unit of synchronisation.", |r| {
            with(r, |_, _, s| number_size(s, "region_size"))
        }),
        seg(Size, "chunk_size", "Chunk", "Unit of snapshots, pools and caches.", |r| with(r, chunk_size)),
        seg(Number, "thin_count", "#Thins", "Thin LVs in the pool.", |r| {
            with(r, |v, lv, s| match s.segtype() {
                Some(SegmentType::ThinPool) => Value::count(v.parts().pool_users(lv)),
                _ => Value::Empty,
            })
        }),
        seg(Text, "discards", "Discards", "What the thin pool does with discards.", |r| {
            with(r, |v, _, s| {
                let said = thin_pool(v, s).map(|pool| layers::text(pool, "discards").unwrap_or("ignore"));
                Value::maybe(said)
            })
        }),
        seg(Number, "cache_metadata_format", "CMFmt", "Cache metadata format.", |r| {
            with(r, |v, _, s| settings::cache_metadata_format(v, s))
        }),
        seg(Text, "cache_mode", "CacheMode", "Cache mode.", |r| {
            with(r, |v, _, s| settings::cache_mode(v, s))
        }),
        seg(Binary, "zero", "Zero", "Set if new chunks are zeroed.", |r| {
            with(r, |v, _, s| match thin_pool(v, s) {
                Some(pool) => Value::Binary(layers::number(pool, "zero_new_blocks") == Some(1), "zero"),
                None => Value::BinaryUnknown,
            })
        }),
        seg(Number, "transaction_id", "TransId", "Transaction of the pool.", |r| {
            with(r, |_, _, s| match s.segtype() {
                Some(SegmentType::Thin | SegmentType::ThinPool) => raw_number(s, "transaction_id"),
                _ => Value::Empty,
            })
        }),
        seg(Number, "thin_id", "ThId", "Number of the thin LV in its pool.", |r| {
            with(r, |_, _, s| match s.segtype() {
                Some(SegmentType::Thin) => raw_number(s, "device_id"),
                _ => Value::Empty,
            })
        }),
        seg(Size, "seg_start", "Start", "Where in the LV it starts.", |r| {
            with(r, |v, _, s| size(v, s.start.offset()))
        }),
        seg(Number, "seg_start_pe", "Start", "Extent of the LV where it starts.", |r| {
            with(r, |_, _, s| Value::count(s.start.get()))
        }),
        seg(Size, "seg_size", "SSize", "Size.", |r| with(r, |v, _, s| size(v, s.len))),
        seg(Size, "seg_size_pe", "SSize", "Number of extents.", |r| {
            with(r, |_, _, s| Value::count(s.len.get()))
        }),
        seg(List, "seg_tags", "Seg Tags", "Tags.", |r| with(r, |_, _, s| Value::set(s.tags.iter().cloned()))),
        seg(List, "seg_pe_ranges", "PE Ranges", "Extents of PVs it lies on.", |r| {
            with(r, |v, _, s| Value::words(areas(v, s, Of::Data, Shape::Range, false)))
        }),
        seg(List, "seg_le_ranges", "LE Ranges", "Extents of PVs or LVs it lies on.", |r| {
            with(r, |v, _, s| Value::sequence(areas(v, s, Of::Data, Shape::Range, v.words.mark_hidden)))
        }),
        seg(List, "seg_metadata_le_ranges", "Metadata LE Ranges", "Extents its metadata lies on.", |r| {
            with(r, |v, lv, s| Value::sequence(metadata_areas(v, lv, s, Shape::Range, v.words.mark_hidden)))
        }),
        seg(List, "devices", "Devices", "PVs or LVs it lies on, with the first extent.", |r| {
            with(r, |v, _, s| Value::commas(areas(v, s, Of::Data, Shape::Start, false)))
        }),
        seg(List, "metadata_devices", "Metadata Devs", "LVs its metadata lies on.", |r| {
            with(r, |v, lv, s| Value::commas(metadata_areas(v, lv, s, Shape::Start, false)))
        }),
        seg(Text, "seg_monitor", "Monitor", "Whether dmeventd watches it.", |r| with(r, monitor)),
        seg(Text, "cache_policy", "CachePolicy", "Cache policy.", |r| {
            with(r, |v, _, s| settings::cache_policy(v, s))
        }),
        seg(List, "cache_settings", "CacheSettings", "Cache settings.", |r| {
            with(r, |v, _, s| settings::of_cache(v, s))
        }),
        seg(List, "integrity_settings", "IntegSettings", "Integrity settings.", |r| {
            with(r, |_, _, s| settings::of_integrity(s))
        }),
    ];
    table.extend(vdo::table());
    table
}

fn with(row: &Row<'_>, get: impl Fn(&VgView<'_>, &Lv, &Segment) -> Value) -> Value {
    match (row.vg, row.lv, row.segment) {
        (Some(view), Some(lv), Some(segment)) => get(view, lv, segment),
        _ => Value::Empty,
    }
}

fn size(view: &VgView<'_>, count: Extents) -> Value {
    view.vg.extent_size.to_sectors(count).map_or(Value::Empty, Value::Size)
}

/// Extents set aside on all images, of raids that can be reshaped.
fn reshape_len(view: &VgView<'_>, lv: &Lv, segment: &Segment) -> Option<Extents> {
    raid::reshapable(view, lv, segment)?;
    let areas = layers::areas(view.vg, segment).len() as u64;
    Some(Extents::new(segment.reshape_len.get().saturating_mul(areas)))
}

/// A thin pool's own segment, or that of the pool a thin LV lies in.
fn thin_pool<'s>(view: &'s VgView<'_>, segment: &'s Segment) -> Option<&'s Segment> {
    match segment.segtype()? {
        SegmentType::ThinPool => Some(segment),
        SegmentType::Thin => view.vg.lvs.get(layers::lv_under(segment, "thin_pool")?)?.segments.first(),
        _ => None,
    }
}

/// Of a snapshot's store: the snapshot's chunks. Of a cache with a pool: the pool's.
fn chunk_size(view: &VgView<'_>, lv: &Lv, segment: &Segment) -> Value {
    let holder = match (view.parts().store(lv), segment.segtype()) {
        (Some(snapshot), _) => view.vg.lvs.get(snapshot.snapshot).and_then(|lv| lv.segments.first()),
        (None, Some(SegmentType::ThinPool | SegmentType::CachePool)) => Some(segment),
        (None, Some(SegmentType::Cache)) => settings::cache(view, segment),
        (None, _) => None,
    };
    holder.map_or(Value::Size(Sectors::ZERO), |holder| number_size(holder, "chunk_size"))
}

/// Which of an LV's areas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Data,
    Metadata,
}

/// How an area is shown: `name(3)` or `name:3-7`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Start,
    Range,
}

/// The areas in order, by name and place. With `mark` the names of hidden LVs stand in brackets.
fn areas(view: &VgView<'_>, segment: &Segment, of: Of, shape: Shape, mark: bool) -> Vec<String> {
    let areas = match of {
        Of::Data => layers::areas(view.vg, segment),
        Of::Metadata => layers::raid_lvs(segment)
            .filter(|&id| layers::is_raid_metadata(view.vg, id))
            .map(|lv| Area::Lv { lv, start: units::Le::new(0) })
            .collect(),
    };
    let show = |area: &Area| {
        let (name, start, len) = match *area {
            Area::Pv { pv, start } => {
                (view.pv_name(pv).to_owned(), start.get(), layers::area_len(view.vg, segment).get())
            }
            Area::Lv { lv, .. } => {
                let lv = view.vg.lvs.get(lv)?;
                let hidden = mark && !view.is_visible(lv);
                let name = if hidden { format!("[{}]", lv.name) } else { lv.name.clone() };
                (name, 0, lv.extents().get())
            }
        };
        Some(match shape {
            Shape::Start => format!("{name}({start})"),
            Shape::Range => format!("{name}:{start}-{}", start.saturating_add(len).saturating_sub(1)),
        })
    };
    areas.iter().filter_map(show).collect()
}

/// The areas of a raid's metadata; images have none, though a raid may be an image.
fn metadata_areas(view: &VgView<'_>, lv: &Lv, segment: &Segment, shape: Shape, mark: bool) -> Vec<String> {
    match view.parts().part(lv) {
        Some(Part::RaidImage | Part::RaidMeta) => Vec::new(),
        _ => areas(view, segment, Of::Metadata, shape, mark),
    }
}

/// Whether dmeventd could watch a segment.
pub fn can_be_monitored(view: &VgView<'_>, lv: &Lv, segment: &Segment) -> bool {
    view.parts().store(lv).is_some_and(|snapshot| !snapshot.merging)
        || match segment.segtype() {
            Some(SegmentType::Mirror | SegmentType::ThinPool | SegmentType::VdoPool) => true,
            Some(segtype) => layers::is_raid_type(segtype),
            None => false,
        }
}

/// Whether dmeventd watches a segment, as far as can be told without asking it: nobody here starts it.
pub fn monitor(view: &VgView<'_>, lv: &Lv, segment: &Segment) -> Value {
    if !can_be_monitored(view, lv, segment) {
        return Value::Empty;
    }
    if !view.words.monitoring {
        return Value::text("not enabled");
    }
    // Of raid0, which nothing can repair, LVM2 says so even when it is inactive.
    let raid0 = segment.segtype().is_some_and(layers::is_raid0);
    let layer = raid0 || view.live.is_active(lv.id) || view.live.layered.contains_key(&lv.id);
    match lv.flags.has(LvFlag::Pvmove) || layer {
        true => Value::text("not monitored"),
        false => Value::Empty,
    }
}

fn raw_number(segment: &Segment, key: &str) -> Value {
    layers::number(segment, key).map_or(Value::Empty, Value::Number)
}

fn number_size(segment: &Segment, key: &str) -> Value {
    let number = layers::number(segment, key).and_then(|number| u64::try_from(number).ok());
    Value::Size(Sectors::new(number.unwrap_or(0)))
}
