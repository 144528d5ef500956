//! Fields of PVs.

use super::{attr, field};
use crate::field::{Field, Kind};
use crate::subject::Row;
use crate::value::{Type, Value};
use metadata::model::{DeviceId, PvFlag};
use units::{Extents, Sectors};

fn pv(
    value: Type,
    name: &'static str,
    heading: &'static str,
    about: &'static str,
    get: fn(&Row<'_>) -> Value,
) -> Field {
    field(Kind::Pv, value, name, heading, about, get)
}

pub(crate) fn table() -> Vec<Field> {
    use Type::{Binary, List, Number, Size, Text};
    vec![
        pv(Size, "pe_start", "1st PE", "Where its first extent starts.", |r| {
            Value::Size(r.pv.map_or_else(|| r.device.map_or(Sectors::ZERO, |d| d.pe_start), |pv| pv.pe_start))
        })
        .wide(7),
        pv(Size, "pv_size", "PSize", "Size as its VG uses it.", size),
        pv(Size, "pv_free", "PFree", "Space not used.", free),
        pv(Size, "pv_used", "Used", "Space used.", |r| extents_size(r, allocated(r))),
        pv(Text, "pv_attr", "Attr", "Properties, a letter each.", |r| Value::text(attr::pv(r.pv, r.device))),
        pv(Binary, "pv_allocatable", "Allocatable", "Set if extents may be placed on it.", |r| {
            Value::Binary(has(r, PvFlag::Allocatable), "allocatable")
        }),
        pv(Binary, "pv_exported", "Exported", "Set if its VG is exported.", |r| {
            Value::Binary(has(r, PvFlag::Exported), "exported")
        })
        .wide(10),
        pv(Binary, "pv_missing", "Missing", "Set if its device cannot be found.", |r| {
            Value::Binary(has(r, PvFlag::Missing) || r.device.is_some_and(|d| d.missing), "missing")
        })
        .wide(10),
        pv(Number, "pv_pe_count", "PE", "Number of extents.", |r| {
            Value::count(r.pv.map_or(0, |pv| pv.pe_count.get()))
        })
        .wide(3),
        pv(Number, "pv_pe_alloc_count", "Alloc", "Number of used extents.", |r| {
            Value::count(allocated(r).get())
        }),
        pv(List, "pv_tags", "PV Tags", "Tags.", |r| {
            Value::set(r.pv.into_iter().flat_map(|pv| pv.tags.iter().cloned()))
        }),
        pv(Number, "pv_mda_count", "#PMda", "Number of metadata areas.", |r| {
            Value::count(r.device.map_or(0, |d| d.mdas.len()))
        }),
        pv(Number, "pv_mda_used_count", "#PMdaUse", "Number of metadata areas in use.", |r| {
            Value::count(r.device.map_or(0, |d| d.mdas.iter().filter(|mda| mda.used).count()))
        }),
        pv(Size, "pv_ba_start", "BA Start", "Where its bootloader area starts.", |r| {
            Value::Size(bootloader(r).0)
        }),
        pv(Size, "pv_ba_size", "BA Size", "Size of its bootloader area.", |r| Value::Size(bootloader(r).1)),
        pv(Binary, "pv_in_use", "PInUse", "Set if it belongs to a VG.", |r| {
            Value::Binary(r.pv.is_some() || r.device.is_some_and(|d| d.marked_used), "used")
        }),
        pv(Binary, "pv_duplicate", "Duplicate", "Set if another device with its id is in use.", |r| {
            Value::Binary(r.device.is_some_and(|d| d.duplicate), "duplicate")
        }),
        pv(Text, "pv_device_id", "DeviceID", "What the devices file knows it by.", |r| {
            device_id(r, |id| &id.name)
        }),
        pv(Text, "pv_device_id_type", "DeviceIDType", "What kind of id that is.", |r| {
            device_id(r, |id| &id.kind)
        }),
    ]
}

fn has(row: &Row<'_>, flag: PvFlag) -> bool {
    row.pv.is_some_and(|pv| pv.flags.has(flag))
}

/// A part of the id by which the VG's text knows the PV's device; one that the devices file contradicts is said to
/// be invalid (2.03.40: lib/device/device_id.c, pv_device_id_is_stale).
fn device_id(row: &Row<'_>, part: impl Fn(&DeviceId) -> &String) -> Value {
    let Some(known) = row.pv.and_then(|pv| pv.device_id.as_ref()) else { return Value::Empty };
    match row.device.and_then(|device| device.device_id.as_ref()) {
        Some(listed) if listed != known => Value::text("invalid"),
        _ => Value::text(part(known).clone()),
    }
}

fn allocated(row: &Row<'_>) -> Extents {
    match (row.vg, row.pv) {
        (Some(view), Some(pv)) => view.space().get(&pv.id).map_or(Extents::ZERO, |space| space.used_count()),
        _ => Extents::ZERO,
    }
}

fn extents_size(row: &Row<'_>, count: Extents) -> Value {
    row.vg
        .and_then(|view| view.vg.extent_size.to_sectors(count))
        .map_or(Value::Size(Sectors::ZERO), Value::Size)
}

/// A PV outside a VG counts with its whole device, unless its header says that it belongs to a VG that
/// cannot be read: then nothing of it is free.
fn size(row: &Row<'_>) -> Value {
    match row.pv {
        Some(pv) if row.vg.is_some() && !pv.pe_count.is_zero() => extents_size(row, pv.pe_count),
        _ => Value::Size(row.device.map_or(Sectors::ZERO, |d| {
            if d.id.is_some() && !d.duplicate { d.size() } else { Sectors::ZERO }
        })),
    }
}

fn free(row: &Row<'_>) -> Value {
    match row.pv {
        Some(pv) if row.vg.is_some() => extents_size(row, pv.pe_count.saturating_sub(allocated(row))),
        _ if row.device.is_some_and(|d| d.marked_used) => Value::Size(Sectors::ZERO),
        _ => size(row),
    }
}

fn bootloader(row: &Row<'_>) -> (Sectors, Sectors) {
    let in_vg = row.pv.and_then(|pv| pv.bootloader).map(|area| (area.start, area.size));
    in_vg.or_else(|| row.device.and_then(|d| d.bootloader)).unwrap_or((Sectors::ZERO, Sectors::ZERO))
}
