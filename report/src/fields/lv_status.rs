//! Fields that an LV's device-mapper status answers. Linear and striped LVs have none of it; what reports
//! show of other types comes with the statuses of their targets.

use super::{attr, field, never};
use crate::field::{Field, Kind};
use crate::subject::Row;
use crate::value::{Type, Value};

fn status(value: Type, name: &'static str, heading: &'static str, about: &'static str) -> Field {
    field(Kind::LvStatus, value, name, heading, about, never)
}

fn unknown(name: &'static str, heading: &'static str, about: &'static str) -> Field {
    field(Kind::LvStatus, Type::Binary, name, heading, about, |r| match r.lv {
        Some(_) => Value::BinaryUnknown,
        None => Value::Empty,
    })
}

pub(crate) fn table() -> Vec<Field> {
    use Type::{List, Number, Percent, Text};
    vec![
        status(Percent, "data_percent", "Data%", "How full it is.").wide(6),
        status(Percent, "snap_percent", "Snap%", "How full a snapshot is.").wide(6),
        status(Percent, "metadata_percent", "Meta%", "How full a pool's metadata is.").wide(6),
        status(Percent, "copy_percent", "Cpy%Sync", "How far it is synchronised."),
        status(Percent, "sync_percent", "Cpy%Sync", "How far it is synchronised."),
        status(Number, "cache_total_blocks", "CacheTotalBlocks", "Blocks of the cache."),
        status(Number, "cache_used_blocks", "CacheUsedBlocks", "Used blocks of the cache.").wide(16),
        status(Number, "cache_dirty_blocks", "CacheDirtyBlocks", "Blocks not yet written back."),
        status(Number, "cache_read_hits", "CacheReadHits", "Reads the cache answered.").wide(16),
        status(Number, "cache_read_misses", "CacheReadMisses", "Reads the cache did not answer.").wide(16),
        status(Number, "cache_write_hits", "CacheWriteHits", "Writes the cache took.").wide(16),
        status(Number, "cache_write_misses", "CacheWriteMisses", "Writes the cache did not take."),
        status(Number, "cache_promotions", "CachePromotions", "Blocks moved into the cache."),
        status(Number, "cache_demotions", "CacheDemotions", "Blocks moved out of the cache."),
        status(List, "kernel_cache_settings", "KCacheSettings", "Cache settings in force.").wide(18),
        status(Text, "kernel_cache_policy", "KCachePolicy", "Cache policy in force.").wide(18),
        status(Number, "kernel_metadata_format", "KMFmt", "Cache metadata format in force."),
        status(Text, "kernel_cache_mode", "KCacheMode", "Cache mode in force."),
        field(Kind::LvStatus, Text, "lv_health_status", "Health", "What is wrong with it.", health).wide(15),
        status(Text, "kernel_discards", "KDiscards", "What the thin pool does with discards."),
        unknown("lv_check_needed", "CheckNeeded", "Set if a pool or cache needs a check.").wide(15),
        unknown("lv_merge_failed", "MergeFailed", "Set if a merge failed.").wide(15),
        unknown("lv_snapshot_invalid", "SnapInvalid", "Set if a snapshot is no longer valid.").wide(15),
        status(Text, "vdo_operating_mode", "VDOOperatingMode", "What the VDO pool is doing."),
        status(Text, "vdo_compression_state", "VDOCompressionState", "Whether VDO compresses."),
        status(Text, "vdo_index_state", "VDOIndexState", "State of the VDO index."),
        status(Number, "vdo_used_size", "VDOUsedSize", "Space the VDO pool uses."),
        status(Number, "vdo_saving_percent", "VDOSaving%", "What VDO saves."),
        status(Number, "writecache_total_blocks", "WCacheTotalBlocks", "Blocks of the write cache."),
        status(Number, "writecache_free_blocks", "WCacheFreeBlocks", "Free blocks of the write cache."),
        status(Number, "writecache_writeback_blocks", "WCacheWritebackBlocks", "Blocks being written back."),
        status(Number, "writecache_error", "WCacheErrors", "Errors of the write cache."),
    ]
}

fn health(row: &Row<'_>) -> Value {
    match (row.vg, row.lv) {
        (Some(view), Some(lv)) if attr::is_partial(view, lv) => Value::text("partial"),
        (Some(_), Some(_)) => Value::text(""),
        _ => Value::Empty,
    }
}
