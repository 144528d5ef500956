//! Settings of caches, write caches and integrity, as their segments have them.

use super::layers;
use crate::subject::VgView;
use crate::value::Value;
use metadata::model::{LvFlag, RawItem, RawValue, Segment, SegmentType};

const WRITECACHE: [&str; 11] = [
    "high_watermark",
    "low_watermark",
    "writeback_jobs",
    "autocommit_blocks",
    "autocommit_time",
    "fua",
    "nofua",
    "cleaner",
    "max_age",
    "metadata_only",
    "pause_writeback",
];
const INTEGRITY: [&str; 4] = ["journal_watermark", "commit_time", "bitmap_flush_interval", "allow_discards"];

/// The segment that holds a cache's settings: its own where it uses a cachevol, else that of its pool.
pub fn cache<'s>(view: &'s VgView<'_>, segment: &'s Segment) -> Option<&'s Segment> {
    match segment.segtype()? {
        SegmentType::CachePool => Some(segment),
        SegmentType::Cache => {
            let pool = view.vg.lvs.get(layers::lv_under(segment, "cache_pool")?)?;
            if pool.flags.has(LvFlag::CacheVol) { Some(segment) } else { pool.segments.first() }
        }
        _ => None,
    }
}

/// The column called CacheSettings.
pub(crate) fn of_cache(view: &VgView<'_>, segment: &Segment) -> Value {
    if segment.segtype() == Some(SegmentType::Writecache) {
        return writecache(segment);
    }
    let settings = cache(view, segment).and_then(|holder| layers::raw(holder, "policy_settings"));
    match settings {
        Some(RawValue::Section(items)) => Value::sequence(items.iter().filter_map(pair)),
        _ => Value::sequence([]),
    }
}

fn writecache(segment: &Segment) -> Value {
    let mut words: Vec<String> = numbers(segment, &WRITECACHE)
        .filter(|(key, number)| *key != "cleaner" || *number != 0)
        .map(|(key, number)| format!("{key}={number}"))
        .collect();
    let (key, value) = ("writecache_setting_key", "writecache_setting_val");
    if let (Some(key), Some(value)) = (layers::text(segment, key), layers::text(segment, value)) {
        words.push(format!("{key}={value}"));
    }
    Value::sequence(words)
}

/// The column called IntegSettings.
pub(crate) fn of_integrity(segment: &Segment) -> Value {
    match segment.segtype() {
        Some(SegmentType::Integrity) => {
            Value::sequence(numbers(segment, &INTEGRITY).map(|(key, number)| format!("{key}={number}")))
        }
        _ => Value::sequence([]),
    }
}

fn numbers<'s>(
    segment: &'s Segment,
    keys: &'static [&'static str],
) -> impl Iterator<Item = (&'static str, i64)> + 's {
    keys.iter().filter_map(|key| Some((*key, layers::number(segment, key)?)))
}

/// `name=value`; nothing for what is no single value.
pub fn pair(item: &RawItem) -> Option<String> {
    let key = &item.key;
    match &item.value {
        RawValue::Int(number) => Some(format!("{key}={number}")),
        RawValue::Float(text) => Some(format!("{key}={text}")),
        RawValue::Text(text) => Some(format!("{key}=\"{text}\"")),
        RawValue::Pv(_) | RawValue::Lv(_) | RawValue::List(_) | RawValue::Lines(_) | RawValue::Section(_) => {
            None
        }
    }
}

/// The cache's mode: `writethrough` and so on; nothing until one is chosen.
pub(crate) fn cache_mode(view: &VgView<'_>, segment: &Segment) -> Value {
    Value::maybe(cache(view, segment).and_then(|holder| layers::text(holder, "cache_mode")))
}

/// The cache's policy.
pub(crate) fn cache_policy(view: &VgView<'_>, segment: &Segment) -> Value {
    Value::maybe(cache(view, segment).and_then(|holder| layers::text(holder, "policy")))
}

/// The format of the cache's metadata, once chosen.
pub(crate) fn cache_metadata_format(view: &VgView<'_>, segment: &Segment) -> Value {
    match cache(view, segment).and_then(|holder| layers::number(holder, "metadata_format")) {
        Some(format @ (1 | 2)) => Value::Number(format),
        _ => Value::Empty,
    }
}
