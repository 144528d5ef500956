//! Fields of segments of LVs.

use super::{field, never};
use crate::field::{Field, Kind};
use crate::subject::{Row, VgView};
use crate::value::{Type, Value};
use metadata::model::{Area, RawValue, Segment, SegmentKind, SegmentType};
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
    vec![
        seg(Text, "segtype", "Type", "Type.", |r| {
            // A free run of a PV has no segment but is a row of `pvs --segments` all the same.
            r.segment.map_or(Value::text("free"), |segment| Value::text(segment.type_name()))
        }),
        seg(Number, "stripes", "#Str", "Number of areas.", |r| with(r, |_, s| Value::count(area_count(s)))),
        seg(Number, "data_stripes", "#DStr", "Number of areas that hold data.", |r| {
            with(r, |_, s| Value::count(area_count(s)))
        }),
        seg(Size, "reshape_len", "RSize", "Room set aside for a reshape.", never),
        seg(Number, "reshape_len_le", "RSize", "Extents set aside for a reshape.", never),
        seg(Number, "data_copies", "#Cpy", "Number of copies of the data.", |r| {
            with(r, |_, s| Value::count(copies(s)))
        }),
        seg(Number, "data_offset", "DOff", "Offset of the data while reshaping.", never),
        seg(Number, "new_data_offset", "NOff", "Offset of the data after reshaping.", never),
        seg(Number, "parity_chunks", "#Par", "Number of parity chunks.", never),
        seg(Size, "stripe_size", "Stripe", "Chunk size of stripes.", |r| {
            with(r, |_, s| match &s.kind {
                SegmentKind::Striped(striped) => Value::Size(striped.stripe_size),
                SegmentKind::Error | SegmentKind::Zero => Value::Size(Sectors::ZERO),
                SegmentKind::Verbatim(_) => number_size(s, "stripe_size"),
            })
        }),
        seg(Size, "region_size", "Region", "Unit of synchronisation.", |r| {
            with(r, |_, s| number_size(s, "region_size"))
        }),
        seg(Size, "chunk_size", "Chunk", "Unit of snapshots, pools and caches.", |r| {
            with(r, |_, s| number_size(s, "chunk_size"))
        }),
        seg(Number, "thin_count", "#Thins", "Thin LVs in the pool.", |r| with(r, thin_count)),
        seg(Text, "discards", "Discards", "What the thin pool does with discards.", |r| {
            with(r, |_, s| raw_text(s, "discards"))
        }),
        seg(Number, "cache_metadata_format", "CMFmt", "Cache metadata format.", never),
        seg(Text, "cache_mode", "CacheMode", "Cache mode.", |r| with(r, |_, s| raw_text(s, "cache_mode"))),
        seg(Binary, "zero", "Zero", "Set if new chunks are zeroed.", |r| {
            with(r, |_, s| match s.segtype() {
                Some(SegmentType::ThinPool) => {
                    Value::Binary(raw(s, "zero_new_blocks") == Some(&RawValue::Int(1)), "zero")
                }
                _ => Value::BinaryUnknown,
            })
        }),
        seg(Number, "transaction_id", "TransId", "Transaction of the pool.", |r| {
            with(r, |_, s| raw_number(s, "transaction_id"))
        }),
        seg(Number, "thin_id", "ThId", "Number of the thin LV in its pool.", |r| {
            with(r, |_, s| raw_number(s, "device_id"))
        }),
        seg(Size, "seg_start", "Start", "Where in the LV it starts.", |r| {
            with(r, |v, s| size(v, s.start.offset()))
        }),
        seg(Number, "seg_start_pe", "Start", "Extent of the LV where it starts.", |r| {
            with(r, |_, s| Value::count(s.start.get()))
        }),
        seg(Size, "seg_size", "SSize", "Size.", |r| with(r, |v, s| size(v, s.len))),
        seg(Size, "seg_size_pe", "SSize", "Number of extents.", |r| {
            with(r, |_, s| Value::count(s.len.get()))
        }),
        seg(List, "seg_tags", "Seg Tags", "Tags.", |r| with(r, |_, s| Value::set(s.tags.iter().cloned()))),
        seg(List, "seg_pe_ranges", "PE Ranges", "Extents of PVs it lies on.", |r| {
            with(r, |v, s| Value::words(areas(v, s, range)))
        }),
        seg(List, "seg_le_ranges", "LE Ranges", "Extents of PVs or LVs it lies on.", |r| {
            with(r, |v, s| Value::sequence(areas(v, s, range)))
        }),
        seg(List, "seg_metadata_le_ranges", "Metadata LE Ranges", "Extents its metadata lies on.", never),
        seg(List, "devices", "Devices", "PVs or LVs it lies on, with the first extent.", |r| {
            with(r, |v, s| Value::sequence(areas(v, s, |name, start, _| Some(format!("{name}({start})")))))
        }),
        seg(List, "metadata_devices", "Metadata Devs", "LVs its metadata lies on.", never),
        seg(Text, "seg_monitor", "Monitor", "Whether dmeventd watches it.", never),
        seg(Text, "cache_policy", "CachePolicy", "Cache policy.", |r| with(r, |_, s| raw_text(s, "policy"))),
        seg(List, "cache_settings", "CacheSettings", "Cache settings.", never),
        seg(List, "integrity_settings", "IntegSettings", "Integrity settings.", never),
        seg(Binary, "vdo_compression", "VDOCompression", "Set if VDO compresses.", never),
        seg(Binary, "vdo_deduplication", "VDODeduplication", "Set if VDO deduplicates.", never),
        seg(Number, "vdo_minimum_io_size", "VDOMinimumIOSize", "Smallest request VDO takes.", never),
        seg(Size, "vdo_block_map_cache_size", "VDOBlockMapCacheSize", "Memory for VDO's block map.", never),
        seg(
            Number,
            "vdo_block_map_era_length",
            "VDOBlockMapEraLength",
            "How fast VDO writes its block map.",
            never,
        ),
        seg(Binary, "vdo_use_sparse_index", "VDOSparseIndex", "Set if VDO's index is sparse.", never),
        seg(Size, "vdo_index_memory_size", "VDOIndexMemorySize", "Memory for VDO's index.", never),
        seg(Size, "vdo_slab_size", "VDOSlabSize", "Unit by which VDO grows.", never),
        seg(Number, "vdo_ack_threads", "VDOAckThreads", "Threads that acknowledge requests.", never),
        seg(Number, "vdo_bio_threads", "VDOBioThreads", "Threads that submit requests.", never),
        seg(Number, "vdo_bio_rotation", "VDOBioRotation", "Requests to a thread in a row.", never),
        seg(Number, "vdo_cpu_threads", "VDOCPUThreads", "Threads that hash and compress.", never),
        seg(Number, "vdo_hash_zone_threads", "VDOHashZoneThreads", "Threads by hash.", never),
        seg(Number, "vdo_logical_threads", "VDOLogicalThreads", "Threads by logical address.", never),
        seg(Number, "vdo_physical_threads", "VDOPhysicalThreads", "Threads by physical address.", never),
        seg(Number, "vdo_max_discard", "VDOMaxDiscard", "Largest discard.", never),
        seg(Size, "vdo_header_size", "VDOHeaderSize", "Room before the VDO data.", never),
        seg(
            Binary,
            "vdo_use_metadata_hints",
            "VDOMetadataHints",
            "Set if VDO waits for its metadata.",
            never,
        ),
        seg(Text, "vdo_write_policy", "VDOWritePolicy", "When VDO acknowledges writes.", never),
    ]
}

fn with(row: &Row<'_>, get: impl Fn(&VgView<'_>, &Segment) -> Value) -> Value {
    match (row.vg, row.segment) {
        (Some(view), Some(segment)) => get(view, segment),
        _ => Value::Empty,
    }
}

fn size(view: &VgView<'_>, count: Extents) -> Value {
    view.vg.extent_size.to_sectors(count).map_or(Value::Empty, Value::Size)
}

fn area_count(segment: &Segment) -> usize {
    match &segment.kind {
        SegmentKind::Striped(striped) => striped.areas.len(),
        SegmentKind::Error | SegmentKind::Zero => 0,
        SegmentKind::Verbatim(v) => match v.segtype {
            Some(SegmentType::Thin | SegmentType::Snapshot) => 0,
            _ => match raw(segment, "stripe_count").or_else(|| raw(segment, "device_count")) {
                Some(&RawValue::Int(n)) => usize::try_from(n).unwrap_or(0),
                _ => v.lvs.len().min(1),
            },
        },
    }
}

fn copies(segment: &Segment) -> u32 {
    match &segment.kind {
        SegmentKind::Striped(_) | SegmentKind::Error | SegmentKind::Zero => 1,
        SegmentKind::Verbatim(_) => {
            match raw(segment, "mirror_count").or_else(|| raw(segment, "device_count")) {
                Some(&RawValue::Int(n)) if segment.segtype() == Some(SegmentType::Raid1) => {
                    u32::try_from(n).unwrap_or(1)
                }
                _ => 1,
            }
        }
    }
}

/// The areas in order, by name, first extent and length; areas in hidden LVs stand in brackets.
fn areas(
    view: &VgView<'_>,
    segment: &Segment,
    show: impl Fn(&str, u64, Extents) -> Option<String>,
) -> impl Iterator<Item = String> {
    segment.areas().into_iter().filter_map(move |(area, len)| match area {
        Area::Pv { pv, start } => show(view.pv_name(pv), start.get(), len),
        Area::Lv { lv, start } => {
            let lv = view.vg.lvs.get(lv)?;
            let name = if lv.is_visible() { lv.name.clone() } else { format!("[{}]", lv.name) };
            show(&name, start.get(), len)
        }
    })
}

fn range(name: &str, start: u64, len: Extents) -> Option<String> {
    let last = start.checked_add(len.get().checked_sub(1)?)?;
    Some(format!("{name}:{start}-{last}"))
}

fn thin_count(view: &VgView<'_>, segment: &Segment) -> Value {
    let SegmentKind::Verbatim(verbatim) = &segment.kind else { return Value::Empty };
    if verbatim.segtype != Some(SegmentType::ThinPool) {
        return Value::Empty;
    }
    let pool =
        view.vg.lvs.iter().find(|lv| lv.segments.first().is_some_and(|own| std::ptr::eq(own, segment)));
    pool.map_or(Value::Empty, |pool| Value::count(view.users().get(&pool.id).map_or(0, Vec::len)))
}

fn raw<'s>(segment: &'s Segment, key: &str) -> Option<&'s RawValue> {
    match &segment.kind {
        SegmentKind::Verbatim(v) => v.items.iter().find(|item| item.key == key).map(|item| &item.value),
        SegmentKind::Striped(_) | SegmentKind::Error | SegmentKind::Zero => None,
    }
}

fn raw_text(segment: &Segment, key: &str) -> Value {
    match raw(segment, key) {
        Some(RawValue::Text(text)) => Value::text(text.clone()),
        _ => Value::Empty,
    }
}

fn raw_number(segment: &Segment, key: &str) -> Value {
    match raw(segment, key) {
        Some(&RawValue::Int(number)) => Value::Number(number),
        _ => Value::Empty,
    }
}

fn number_size(segment: &Segment, key: &str) -> Value {
    match raw(segment, key) {
        Some(&RawValue::Int(number)) => Value::Size(Sectors::new(u64::try_from(number).unwrap_or(0))),
        _ => Value::Size(Sectors::ZERO),
    }
}
