//! What columns show of what a row does not have: the VG of a PV outside of VGs, and the LV and segment of
//! free extents. LVM2 makes up empty ones for these rows (2.03.40: tools/reporter.c, lib/report/report.c).

use super::kin;
use crate::field::{Field, Kind};
use crate::history::{self, PREFIX};
use crate::subject::Row;
use crate::value::{Type, Value};
use metadata::model::HistoricalLv;
use units::{Extents, Sectors};

/// The value, where the row has no such object but shows one. None: the field can tell.
pub(crate) fn value(field: &Field, row: &Row<'_>) -> Option<Value> {
    if let Some(gone) = row.historical
        && let Some(value) = historical(field, row, gone)
    {
        return Some(value);
    }
    match field.kind {
        Kind::Vg if row.vg.is_none() => Some(vg(field, row)),
        Kind::Lv | Kind::LvInfo | Kind::LvStatus | Kind::LvInfoStatus
            if row.lv.is_none() && row.pv_segment.is_some() =>
        {
            Some(lv(field, row))
        }
        Kind::Segment if row.segment.is_none() && row.historical.is_some() => Some(match field.name {
            "segtype" => Value::text("historical"),
            _ => segment(field, row, Extents::ZERO),
        }),
        Kind::Segment if row.segment.is_none() => row.pv_segment.map(|run| segment(field, row, run.len)),
        _ => None,
    }
}

/// An LV that was removed: its name, its id, its times and its kin are all that is left.
fn historical(field: &Field, row: &Row<'_>, gone: &HistoricalLv) -> Option<Value> {
    let time = |key| match history::number(gone, key) {
        Some(0) | None => Value::Empty,
        Some(seconds) => Value::Time(seconds),
    };
    let name = format!("{PREFIX}{}", gone.name);
    let view = row.vg?;
    Some(match (field.kind, field.name) {
        (Kind::Vg | Kind::Segment, _) => return None,
        (_, "lv_name") => Value::marked(name, &gone.name),
        (_, "lv_uuid") => Value::maybe(history::text(gone, "id")),
        (_, "lv_full_name") => Value::text(format!("{}/{}", view.vg.name, gone.name)),
        (_, "lv_path") => Value::text(view.path(&gone.name)),
        (_, "lv_dm_path") => Value::text(view.dm_path(&gone.name)),
        (_, "seg_count") => Value::Number(1),
        (_, "lv_time") => time("creation_time"),
        (_, "lv_time_removed") => time("removal_time"),
        (_, "lv_historical") => Value::Binary(true, "historical"),
        (_, "lv_layout") => Value::sequence(["none".to_owned()]),
        (_, "lv_role") => Value::sequence(["public".to_owned(), "history".to_owned()]),
        (_, "lv_attr") => Value::text("----h-----"),
        (_, "lv_ancestors") => Value::sequence(kin::ancestors(view, &name, None, false)),
        (_, "lv_full_ancestors") => Value::sequence(kin::ancestors(view, &name, None, true)),
        (_, "lv_descendants") => Value::sequence(kin::descendants(view, &name, None, false)),
        (_, "lv_full_descendants") => Value::sequence(kin::descendants(view, &name, None, true)),
        _ => lv(field, row),
    })
}

fn vg(field: &Field, row: &Row<'_>) -> Value {
    let duplicate = row.device.filter(|device| device.duplicate);
    // The VG's text is not the duplicate's: no more than the names are shown, and none beside segments.
    let of_duplicate = duplicate.filter(|_| row.pv_segment.is_none()).and_then(|device| device.vg.as_ref());
    match (field.name, field.value_type) {
        // It says that it is in a VG, and none that is there has it.
        ("vg_name", _) if is_lost(row) => Value::text("[unknown]"),
        ("vg_name", _) => Value::maybe(of_duplicate.map(|vg| vg.0.clone())),
        ("vg_uuid", _) => Value::maybe(of_duplicate.map(|vg| vg.1.to_string())),
        ("vg_fmt", _) if duplicate.is_some() => Value::Empty,
        ("vg_extent_size", _) if duplicate.is_some() && row.pv_segment.is_none() => {
            Value::Size(Sectors::new(1))
        }
        ("vg_fmt", _) if row.device.is_some() => Value::text("lvm2"),
        ("vg_attr", _) => Value::text("r------"),
        ("vg_permissions", _) => Value::text("read-only"),
        ("vg_allocation_policy", _) => Value::text("unknown"),
        ("vg_autoactivation", _) => Value::Binary(true, "enabled"),
        ("vg_mda_copies", _) => Value::Word("unmanaged"),
        (_, Type::Size) => Value::Size(Sectors::ZERO),
        (_, Type::Number) => Value::Number(0),
        (_, Type::Binary) => Value::Binary(false, ""),
        (_, Type::List) => Value::set([]),
        (_, Type::Text | Type::Percent | Type::Time) => Value::Empty,
    }
}

/// Whether the PV belongs to a VG that is not found. Beside segments LVM2 does not say so.
fn is_lost(row: &Row<'_>) -> bool {
    row.pv_segment.is_none() && row.device.is_some_and(|device| !device.duplicate && device.marked_used)
}

fn lv(field: &Field, row: &Row<'_>) -> Value {
    let vg = row.vg.map(|view| view.vg.name.as_str());
    let known = row.vg.is_some_and(|view| view.live.known);
    match field.name {
        "lv_full_name" => Value::text(format!("{}/", vg.unwrap_or_default())),
        "lv_path" => Value::maybe(row.vg.map(|view| view.path(""))),
        "lv_dm_path" => Value::maybe(row.vg.map(|view| view.dm_path(""))),
        "lv_layout" => Value::sequence(["unknown".to_owned()]),
        "lv_role" => Value::sequence(["public".to_owned()]),
        "lv_allocation_policy" | "lv_permissions" => Value::text("unknown"),
        "lv_autoactivation" => Value::Binary(true, "enabled"),
        "lv_active" | "lv_active_locally" | "lv_active_remotely" | "lv_active_exclusively" if known => {
            Value::Binary(false, "")
        }
        "lv_active"
        | "lv_active_locally"
        | "lv_active_remotely"
        | "lv_active_exclusively"
        | "lv_suspended"
        | "lv_live_table"
        | "lv_inactive_table"
        | "lv_device_open"
        | "lv_check_needed"
        | "lv_merge_failed"
        | "lv_snapshot_invalid" => Value::BinaryUnknown,
        "lv_major"
        | "lv_minor"
        | "lv_kernel_major"
        | "lv_kernel_minor"
        | "lv_kernel_read_ahead"
        | "raidintegrityblocksize"
        | "writecache_block_size" => Value::Number(-1),
        "lv_size" | "lv_read_ahead" => Value::Size(Sectors::ZERO),
        "origin_size" => Value::Nought,
        "seg_count" => Value::Number(0),
        _ if field.value_type == Type::Binary => Value::Binary(false, ""),
        _ => Value::Empty,
    }
}

fn segment(field: &Field, row: &Row<'_>, len: Extents) -> Value {
    match field.name {
        "segtype" => Value::text("free"),
        "stripes" | "data_stripes" | "seg_start_pe" => Value::Number(0),
        // The free segment's "virtual" type is asked for parity that it does not have.
        "parity_chunks" => Value::Number(i64::from(u32::MAX)),
        "stripe_size" | "region_size" | "chunk_size" | "seg_start" => Value::Size(Sectors::ZERO),
        "zero" => Value::BinaryUnknown,
        "seg_size" => {
            Value::Size(row.vg.and_then(|view| view.vg.extent_size.to_sectors(len)).unwrap_or(Sectors::ZERO))
        }
        "seg_size_pe" => Value::count(len.get()),
        _ => Value::Empty,
    }
}
