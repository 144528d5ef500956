//! What can be said of a VG, a PV or an LV beside its extents, before and after a change.

use metadata::model::{Flag, FlagKind, Flags, Lv, Pv, ReadAhead, Vg};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use units::{Bytes, Sectors};

/// Properties by name.
pub(super) type Properties = BTreeMap<&'static str, Value>;

/// A property that changes.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct PropertyDiff {
    before: Value,
    after: Value,
}

impl Display for PropertyDiff {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} -> {}", in_words(&self.before), in_words(&self.after))
    }
}

/// A value as plans show it.
fn in_words(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::Array(values) if values.is_empty() => "none".to_owned(),
        Value::Array(values) => values.iter().map(in_words).collect::<Vec<_>>().join(","),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

/// Those that differ.
pub(super) fn differing(before: Properties, after: Properties) -> BTreeMap<&'static str, PropertyDiff> {
    let mut before = before;
    let pairs = after.into_iter().map(|(name, after)| (name, before.remove(name).unwrap_or_default(), after));
    let differing = pairs.filter(|(_, before, after)| before != after);
    differing.map(|(name, before, after)| (name, PropertyDiff { before, after })).collect()
}

pub(super) fn of_vg(vg: &Vg) -> Properties {
    let lock = vg.lock_type.as_ref();
    BTreeMap::from([
        ("allocation_policy", json!(vg.alloc.name())),
        ("extent_size", json!(vg.extent_size.sectors().bytes().map_or(0, Bytes::get))),
        ("flags", flags(&vg.flags)),
        ("lock_type", json!(lock.map(|lock| &lock.name))),
        ("max_lv", json!(vg.max_lv)),
        ("max_pv", json!(vg.max_pv)),
        ("metadata_copies", json!(vg.metadata_copies)),
        ("name", json!(vg.name)),
        ("profile", json!(vg.profile)),
        ("system_id", json!(vg.system_id)),
        ("tags", json!(vg.tags)),
        ("uuid", json!(vg.id.to_string())),
    ])
}

pub(super) fn of_pv(pv: &Pv) -> Properties {
    BTreeMap::from([
        ("device_size", json!(pv.dev_size.and_then(Sectors::bytes).map(Bytes::get))),
        ("extents", json!(pv.pe_count.get())),
        ("flags", flags(&pv.flags)),
        ("pe_start", json!(pv.pe_start.bytes().map_or(0, Bytes::get))),
        ("tags", json!(pv.tags)),
    ])
}

pub(super) fn of_lv(vg: &Vg, lv: &Lv) -> Properties {
    let read_ahead = match lv.read_ahead {
        ReadAhead::Auto => json!("auto"),
        ReadAhead::None => json!("none"),
        ReadAhead::Sectors(sectors) => json!(u64::from(sectors) * Sectors::BYTES),
    };
    BTreeMap::from([
        ("allocation_policy", json!(lv.alloc.name())),
        ("flags", flags(&lv.flags)),
        ("major", json!(lv.major)),
        ("minor", json!(lv.minor)),
        ("name", json!(lv.name)),
        ("profile", json!(lv.profile)),
        ("read_ahead", read_ahead),
        ("tags", json!(lv.tags)),
        ("vg", json!(vg.name)),
    ])
}

fn flags<F: Flag>(flags: &Flags<F>) -> Value {
    let kinds = [FlagKind::Status, FlagKind::Compatible, FlagKind::Segtype];
    json!(kinds.into_iter().flat_map(|kind| flags.iter(kind)).map(|(_, name)| name).collect::<Vec<_>>())
}
