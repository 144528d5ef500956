//! Fields that an LV's device-mapper status answers.

use super::status::{self, Share};
use super::{attr, field, layers};
use crate::field::{Field, Kind};
use crate::subject::{Row, VgView};
use crate::value::{Type, Value};
use metadata::live::{CacheStatus, Mode, SnapshotStatus, Status, VdoPoolStatus, WritecacheStatus};
use metadata::model::{Lv, LvFlag, SegmentType};
use units::Percent;

type Getter = fn(&Row<'_>) -> Value;

fn said(value: Type, name: &'static str, heading: &'static str, about: &'static str, get: Getter) -> Field {
    field(Kind::LvStatus, value, name, heading, about, get)
}

pub(crate) fn table() -> Vec<Field> {
    let mut table = shares();
    table.extend(cache_counts());
    table.extend(kernel_settings());
    table.extend(health_fields());
    table.extend(vdo_fields());
    table.extend(writecache_fields());
    table
}

fn shares() -> Vec<Field> {
    use Type::Percent;
    vec![
        said(Percent, "data_percent", "Data%", "How full it is.", |r| share(r, Share::Data)).wide(6),
        said(Percent, "snap_percent", "Snap%", "How full a snapshot is.", |r| share(r, Share::Data)).wide(6),
        said(Percent, "metadata_percent", "Meta%", "How full a pool's metadata is.", |r| {
            with(r, |view, lv| match status::of(view, lv) {
                Some(Status::Cache(_) | Status::ThinPool(_)) => {
                    percent(status::share(view, lv, Share::Metadata))
                }
                _ => Value::Empty,
            })
        })
        .wide(6),
        said(Percent, "copy_percent", "Cpy%Sync", "How far it is synchronised.", sync),
        said(Percent, "sync_percent", "Cpy%Sync", "How far it is synchronised.", sync),
    ]
}

fn cache_counts() -> Vec<Field> {
    use Type::Number;
    vec![
        said(Number, "cache_total_blocks", "CacheTotalBlocks", "Blocks of the cache.", |r| {
            cache(r, |c| count(c.total))
        }),
        said(Number, "cache_used_blocks", "CacheUsedBlocks", "Used blocks of the cache.", |r| {
            cache(r, |c| count(c.used))
        })
        .wide(16),
        said(Number, "cache_dirty_blocks", "CacheDirtyBlocks", "Blocks not yet written back.", |r| {
            cache(r, |c| count(c.dirty))
        }),
        said(Number, "cache_read_hits", "CacheReadHits", "Reads the cache answered.", |r| {
            cache(r, |c| count(c.read_hits))
        })
        .wide(16),
        said(Number, "cache_read_misses", "CacheReadMisses", "Reads the cache did not answer.", |r| {
            cache(r, |c| count(c.read_misses))
        })
        .wide(16),
        said(Number, "cache_write_hits", "CacheWriteHits", "Writes the cache took.", |r| {
            cache(r, |c| count(c.write_hits))
        })
        .wide(16),
        said(Number, "cache_write_misses", "CacheWriteMisses", "Writes the cache did not take.", |r| {
            cache(r, |c| count(c.write_misses))
        }),
        said(Number, "cache_promotions", "CachePromotions", "Blocks moved into the cache.", |r| {
            cache(r, |c| count(c.promotions))
        }),
        said(Number, "cache_demotions", "CacheDemotions", "Blocks moved out of the cache.", |r| {
            cache(r, |c| count(c.demotions))
        }),
    ]
}

fn kernel_settings() -> Vec<Field> {
    use Type::{List, Number, Text};
    vec![
        said(List, "kernel_cache_settings", "KCacheSettings", "Cache settings in force.", |r| {
            cache_or(r, Value::sequence([]), |c| {
                Value::sequence(c.settings.iter().map(|(key, value)| format!("{key}={value}")))
            })
        })
        .wide(18),
        said(Text, "kernel_cache_policy", "KCachePolicy", "Cache policy in force.", |r| {
            cache(r, |c| Value::text(c.policy.clone()))
        })
        .wide(18),
        said(Number, "kernel_metadata_format", "KMFmt", "Cache metadata format in force.", |r| {
            cache(r, |c| Value::Number(if has(c, "metadata2") { 2 } else { 1 }))
        }),
        said(Text, "kernel_cache_mode", "KCacheMode", "Cache mode in force.", |r| {
            cache(r, |c| {
                let modes = ["passthrough", "writeback", "writethrough"];
                Value::maybe(modes.into_iter().find(|mode| has(c, mode)))
            })
        }),
    ]
}

fn health_fields() -> Vec<Field> {
    use Type::{Binary, Text};
    vec![
        said(Text, "lv_health_status", "Health", "What is wrong with it.", |r| {
            with(r, |view, lv| Value::text(health(view, lv)))
        })
        .wide(15),
        said(Text, "kernel_discards", "KDiscards", "What the thin pool does with discards.", |r| {
            with(r, |view, lv| match status::of(view, lv) {
                Some(Status::ThinPool(pool)) if pool.mode != Mode::Failed => {
                    Value::text(pool.discards.name())
                }
                Some(Status::Cache(c)) if has(c, "no_discard_passdown") => Value::text("nopassdown"),
                _ => Value::Empty,
            })
        }),
        said(Binary, "lv_check_needed", "CheckNeeded", "Set if a pool or cache needs a check.", |r| {
            with(r, |view, lv| {
                const WORD: &str = "check needed";
                match status::of(view, lv) {
                    Some(Status::ThinPool(pool)) if status::is(lv, SegmentType::ThinPool) => {
                        Value::Binary(pool.needs_check, WORD)
                    }
                    Some(Status::Cache(cache)) if status::is(lv, SegmentType::Cache) => {
                        Value::Binary(cache.needs_check, WORD)
                    }
                    _ => Value::BinaryUnknown,
                }
            })
        })
        .wide(15),
        said(Binary, "lv_merge_failed", "MergeFailed", "Set if a merge failed.", |r| {
            snapshot(r, SnapshotStatus::MergeFailed, "merge failed")
        })
        .wide(15),
        said(Binary, "lv_snapshot_invalid", "SnapInvalid", "Set if a snapshot is no longer valid.", |r| {
            snapshot(r, SnapshotStatus::Invalid, "snapshot invalid")
        })
        .wide(15),
    ]
}

fn vdo_fields() -> Vec<Field> {
    use Type::{Number, Text};
    vec![
        said(Text, "vdo_operating_mode", "VDOOperatingMode", "What the VDO pool is doing.", |r| {
            vdo(r, |pool| Value::text(pool.mode.clone()))
        }),
        said(Text, "vdo_compression_state", "VDOCompressionState", "Whether VDO compresses.", |r| {
            vdo(r, |pool| Value::text(pool.compression.clone()))
        }),
        said(Text, "vdo_index_state", "VDOIndexState", "State of the VDO index.", |r| {
            vdo(r, |pool| Value::text(pool.index.clone()))
        }),
        said(Number, "vdo_used_size", "VDOUsedSize", "Space the VDO pool uses.", |r| {
            vdo(r, |pool| Value::Size(units::Sectors::new(pool.used.saturating_mul(8))))
        }),
        // Only the target's statistics, asked for by message, tell how many blocks are shared.
        said(Number, "vdo_saving_percent", "VDOSaving%", "What VDO saves.", |_| Value::Empty),
    ]
}

fn writecache_fields() -> Vec<Field> {
    use Type::Number;
    vec![
        said(Number, "writecache_total_blocks", "WCacheTotalBlocks", "Blocks of the write cache.", |r| {
            writecache(r, |c| c.total)
        }),
        said(Number, "writecache_free_blocks", "WCacheFreeBlocks", "Free blocks of the write cache.", |r| {
            writecache(r, |c| c.free)
        }),
        said(
            Number,
            "writecache_writeback_blocks",
            "WCacheWritebackBlocks",
            "Blocks being written back.",
            |r| writecache(r, |c| c.writeback),
        ),
        said(Number, "writecache_error", "WCacheErrors", "Errors of the write cache.", |r| {
            writecache(r, |c| c.errors)
        }),
    ]
}

fn with(row: &Row<'_>, get: impl Fn(&VgView<'_>, &Lv) -> Value) -> Value {
    match (row.vg, row.lv) {
        (Some(view), Some(lv)) => get(view, lv),
        _ => Value::Empty,
    }
}

fn count(number: u64) -> Value {
    Value::count(number)
}

fn percent(share: Option<Percent>) -> Value {
    share.map_or(Value::Empty, Value::Percent)
}

fn share(row: &Row<'_>, share: Share) -> Value {
    with(row, |view, lv| percent(status::share(view, lv, share)))
}

fn sync(row: &Row<'_>) -> Value {
    with(row, |view, lv| percent(status::sync_share(view, lv)))
}

fn cache(row: &Row<'_>, get: impl Fn(&CacheStatus) -> Value) -> Value {
    cache_or(row, Value::Empty, get)
}

fn cache_or(row: &Row<'_>, other: Value, get: impl Fn(&CacheStatus) -> Value) -> Value {
    with(row, |view, lv| match status::of(view, lv) {
        Some(Status::Cache(cache)) => get(cache),
        _ => other.clone(),
    })
}

fn has(cache: &CacheStatus, feature: &str) -> bool {
    cache.features.iter().any(|has| has == feature)
}

fn vdo(row: &Row<'_>, get: impl Fn(&VdoPoolStatus) -> Value) -> Value {
    with(row, |view, lv| match status::of(view, lv) {
        Some(Status::VdoPool(pool)) => get(pool),
        _ => Value::Empty,
    })
}

fn writecache(row: &Row<'_>, get: impl Fn(&WritecacheStatus) -> u64) -> Value {
    with(row, |view, lv| match status::of(view, lv) {
        Some(Status::Writecache(cache)) => count(get(cache)),
        _ => Value::Empty,
    })
}

fn snapshot(row: &Row<'_>, state: SnapshotStatus, word: &'static str) -> Value {
    with(row, |view, lv| match status::of(view, lv) {
        Some(Status::Snapshot(snapshot)) => Value::Binary(*snapshot == state, word),
        _ => Value::BinaryUnknown,
    })
}

/// What is wrong with an LV, in words; nothing is wrong: no word.
fn health(view: &VgView<'_>, lv: &Lv) -> &'static str {
    if attr::is_partial(view, lv) {
        return "partial";
    }
    if attr::is_of_raid(view, lv) {
        if !view.live.known {
            return "unknown";
        }
        return match (status::raid_need(view, lv), status::raid(view, lv)) {
            (Some(need), _) => need.text(),
            (None, Some(raid)) if raid.mismatches > 0 => "mismatches exist",
            (None, _) if lv.flags.has(LvFlag::WriteMostly) && !layers::is_raid(lv) => "writemostly",
            (None, _) => "",
        };
    }
    match (layers::segtype(lv), status::of(view, lv)) {
        (Some(SegmentType::Cache), Some(Status::Cache(cache))) => mode(cache.mode),
        (Some(SegmentType::ThinPool), Some(Status::ThinPool(pool))) => mode(pool.mode),
        (Some(SegmentType::Writecache), Some(Status::Writecache(cache))) if cache.errors > 0 => "error",
        _ => "",
    }
}

fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::ReadWrite => "",
        Mode::ReadOnly => "metadata_read_only",
        Mode::OutOfData => "out_of_data",
        Mode::Failed => "failed",
    }
}
