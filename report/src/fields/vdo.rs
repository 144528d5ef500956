//! Fields of VDO pools, shown for the LVs in them too.

use super::{field, layers};
use crate::field::{Field, Kind};
use crate::subject::Row;
use crate::value::{Type, Value};
use metadata::model::{Segment, SegmentType};
use units::Sectors;

type Getter = fn(&Row<'_>) -> Value;

fn vdo(value: Type, name: &'static str, heading: &'static str, about: &'static str, get: Getter) -> Field {
    field(Kind::Segment, value, name, heading, about, get)
}

pub(crate) fn table() -> Vec<Field> {
    use Type::{Binary, Number, Size, Text};
    vec![
        vdo(Binary, "vdo_compression", "VDOCompression", "Set if VDO compresses.", |r| {
            yes(r, "use_compression")
        }),
        vdo(Binary, "vdo_deduplication", "VDODeduplication", "Set if VDO deduplicates.", |r| {
            yes(r, "use_deduplication")
        }),
        vdo(Number, "vdo_minimum_io_size", "VDOMinimumIOSize", "Smallest request VDO takes.", |r| {
            // The text has bytes.
            size(r, "minimum_io_size", |bytes| bytes / Sectors::BYTES)
        }),
        vdo(Size, "vdo_block_map_cache_size", "VDOBlockMapCacheSize", "Memory for VDO's block map.", |r| {
            size(r, "block_map_cache_size_mb", mebibytes)
        }),
        vdo(
            Number,
            "vdo_block_map_era_length",
            "VDOBlockMapEraLength",
            "How fast VDO writes its block map.",
            |r| number(r, "block_map_era_length"),
        ),
        vdo(Binary, "vdo_use_sparse_index", "VDOSparseIndex", "Set if VDO's index is sparse.", |r| {
            yes(r, "use_sparse_index")
        }),
        vdo(Size, "vdo_index_memory_size", "VDOIndexMemorySize", "Memory for VDO's index.", |r| {
            size(r, "index_memory_size_mb", mebibytes)
        }),
        vdo(Size, "vdo_slab_size", "VDOSlabSize", "Unit by which VDO grows.", |r| {
            size(r, "slab_size_mb", mebibytes)
        }),
        vdo(Number, "vdo_ack_threads", "VDOAckThreads", "Threads that acknowledge requests.", |r| {
            number(r, "ack_threads")
        }),
        vdo(Number, "vdo_bio_threads", "VDOBioThreads", "Threads that submit requests.", |r| {
            number(r, "bio_threads")
        }),
        vdo(Number, "vdo_bio_rotation", "VDOBioRotation", "Requests to a thread in a row.", |r| {
            number(r, "bio_rotation")
        }),
        vdo(Number, "vdo_cpu_threads", "VDOCPUThreads", "Threads that hash and compress.", |r| {
            number(r, "cpu_threads")
        }),
        vdo(Number, "vdo_hash_zone_threads", "VDOHashZoneThreads", "Threads by hash.", |r| {
            number(r, "hash_zone_threads")
        }),
        vdo(Number, "vdo_logical_threads", "VDOLogicalThreads", "Threads by logical address.", |r| {
            number(r, "logical_threads")
        }),
        vdo(Number, "vdo_physical_threads", "VDOPhysicalThreads", "Threads by physical address.", |r| {
            number(r, "physical_threads")
        }),
        vdo(Number, "vdo_max_discard", "VDOMaxDiscard", "Largest discard.", |r| number(r, "max_discard")),
        vdo(Size, "vdo_header_size", "VDOHeaderSize", "Room before the VDO data.", |r| {
            size(r, "header_size", |sectors| sectors)
        }),
        vdo(
            Binary,
            "vdo_use_metadata_hints",
            "VDOMetadataHints",
            "Set if VDO waits for its metadata.",
            |r| yes(r, "use_metadata_hints"),
        ),
        vdo(Text, "vdo_write_policy", "VDOWritePolicy", "When VDO acknowledges writes.", |r| {
            let Some(pool) = pool(r) else { return Value::Empty };
            Value::text(layers::text(pool, "write_policy").unwrap_or("auto"))
        }),
    ]
}

/// The segment of the pool that a row is of, or that its LV lies in.
fn pool<'r>(row: &Row<'r>) -> Option<&'r Segment> {
    let (view, segment) = (row.vg?, row.segment?);
    match segment.segtype()? {
        SegmentType::VdoPool => Some(segment),
        SegmentType::Vdo => view.vg.lvs.get(layers::lv_under(segment, "vdo_pool")?)?.segments.first(),
        _ => None,
    }
}

fn mebibytes(count: u64) -> u64 {
    count.saturating_mul(2048)
}

fn number(row: &Row<'_>, key: &str) -> Value {
    pool(row).and_then(|pool| layers::number(pool, key)).map_or(Value::Empty, Value::Number)
}

fn size(row: &Row<'_>, key: &str, sectors: fn(u64) -> u64) -> Value {
    let said = pool(row).and_then(|pool| layers::number(pool, key));
    said.and_then(|n| u64::try_from(n).ok()).map_or(Value::Empty, |n| Value::Size(Sectors::new(sectors(n))))
}

fn yes(row: &Row<'_>, key: &str) -> Value {
    match pool(row) {
        Some(pool) => Value::Binary(layers::number(pool, key) == Some(1), "enabled"),
        None => Value::Empty,
    }
}
