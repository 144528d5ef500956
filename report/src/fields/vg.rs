//! Fields of VGs.

use super::{attr, field};
use crate::field::{Field, Kind};
use crate::subject::{MdaFacts, Row, VgView};
use crate::value::{Type, Value};
use metadata::model::{RawValue, VgFlag};
use units::Sectors;

/// `vgchange --metadatacopies unmanaged` (2.03.40: VGMETADATACOPIES_UNMANAGED).
const UNMANAGED: u32 = 0;

fn vg(
    value: Type,
    name: &'static str,
    heading: &'static str,
    about: &'static str,
    get: fn(&Row<'_>) -> Value,
) -> Field {
    field(Kind::Vg, value, name, heading, about, get)
}

pub(crate) fn table() -> Vec<Field> {
    use Type::{Binary, List, Number, Size, Text};
    vec![
        vg(Text, "vg_fmt", "Fmt", "Format of its metadata.", |r| {
            with(r, |v| Value::text(v.vg.format.clone()))
        }),
        vg(Text, "vg_uuid", "VG UUID", "Unique id.", |r| with(r, |v| Value::text(v.vg.id.to_string())))
            .wide(38),
        vg(Text, "vg_name", "VG", "Name.", |r| with(r, |v| Value::text(v.vg.name.clone()))),
        vg(Text, "vg_attr", "Attr", "Properties, a letter each.", |r| with(r, |v| Value::text(attr::vg(v))))
            .wide(5),
        vg(Text, "vg_permissions", "VPerms", "Whether it may be changed.", |r| {
            with(r, |v| Value::text(if v.vg.is_writable() { "writeable" } else { "read-only" }))
        })
        .wide(10),
        vg(Binary, "vg_extendable", "Extendable", "Set if PVs may be added.", |r| {
            flag(r, VgFlag::Resizeable, "extendable")
        }),
        vg(Binary, "vg_exported", "Exported", "Set if it is exported.", |r| {
            flag(r, VgFlag::Exported, "exported")
        })
        .wide(10),
        vg(Binary, "vg_autoactivation", "AutoAct", "Set if it is activated at boot.", |r| {
            with(r, |v| Value::Binary(!v.vg.flags.has(VgFlag::NoAutoactivate), "enabled"))
        }),
        vg(Binary, "vg_partial", "Partial", "Set if a PV is missing.", |r| {
            with(r, |v| Value::Binary(v.missing_count() > 0, "partial"))
        })
        .wide(10),
        vg(Text, "vg_allocation_policy", "AllocPol", "How extents are chosen.", |r| {
            with(r, |v| Value::text(v.vg.alloc.name()))
        })
        .wide(10),
        vg(Binary, "vg_clustered", "Clustered", "Set if a cluster of old owns it.", |r| {
            flag(r, VgFlag::Clustered, "clustered")
        })
        .wide(10),
        vg(Binary, "vg_shared", "Shared", "Set if a lock daemon arbitrates.", |r| {
            with(r, |v| Value::Binary(v.vg.is_shared(), "shared"))
        })
        .wide(7),
        vg(Size, "vg_size", "VSize", "Size.", |r| with(r, |v| extents(v, v.vg.extents()))),
        vg(Size, "vg_free", "VFree", "Space not used.", |r| with(r, |v| extents(v, v.free()))),
        vg(Text, "vg_sysid", "SYS ID", "The host that owns it.", system_id),
        vg(Text, "vg_systemid", "System ID", "The host that owns it.", system_id),
        vg(Text, "vg_lock_type", "LockType", "Who arbitrates.", |r| {
            with(r, |v| Value::maybe(v.vg.lock_type.as_ref().map(|lock| lock.name.clone())))
        }),
        vg(Text, "vg_lock_args", "VLockArgs", "The lock daemon's data.", |r| {
            with(r, |v| Value::maybe(v.vg.lock_type.as_ref().and_then(|lock| lock.args.clone())))
        }),
        vg(Text, "vg_persist", "PRSet", "Settings of persistent reservation.", |r| with(r, reservation)),
        vg(Text, "vg_pr", "PR", "State of persistent reservation.", |r| with(r, |_| Value::Empty)),
        vg(Size, "vg_extent_size", "Ext", "Size of an extent.", |r| {
            with(r, |v| Value::Size(v.vg.extent_size.sectors()))
        }),
        vg(Number, "vg_extent_count", "#Ext", "Number of extents.", |r| {
            with(r, |v| Value::count(v.vg.extents().get()))
        }),
        vg(Number, "vg_free_count", "Free", "Number of free extents.", |r| {
            with(r, |v| Value::count(v.free().get()))
        }),
        vg(Number, "max_lv", "MaxLV", "Most LVs it may have; 0: no limit.", |r| {
            with(r, |v| Value::count(v.vg.max_lv))
        }),
        vg(Number, "max_pv", "MaxPV", "Most PVs it may have; 0: no limit.", |r| {
            with(r, |v| Value::count(v.vg.max_pv))
        }),
        vg(Number, "pv_count", "#PV", "Number of PVs.", |r| with(r, |v| Value::count(v.vg.pvs.len()))),
        vg(Number, "vg_missing_pv_count", "#PV Missing", "Number of missing PVs.", |r| {
            with(r, |v| Value::count(v.missing_count()))
        }),
        vg(Number, "lv_count", "#LV", "Number of visible LVs.", |r| {
            with(r, |v| Value::count(v.vg.lvs.iter().filter(|lv| v.is_visible(lv)).count()))
        }),
        vg(Number, "snap_count", "#SN", "Number of snapshots.", |r| with(r, snapshots)),
        vg(Number, "vg_seqno", "Seq", "Number of its last change.", |r| {
            with(r, |v| Value::count(v.vg.seqno))
        }),
        vg(List, "vg_tags", "VG Tags", "Tags.", |r| with(r, |v| Value::set(v.vg.tags.iter().cloned()))),
        vg(Text, "vg_profile", "VProfile", "Its metadata profile.", |r| {
            with(r, |v| Value::maybe(v.vg.profile.clone()))
        }),
        vg(Number, "vg_mda_count", "#VMda", "Number of metadata areas.", |r| {
            with(r, |v| Value::count(mdas(v).count()))
        }),
        vg(Number, "vg_mda_used_count", "#VMdaUse", "Number of metadata areas in use.", |r| {
            with(r, |v| Value::count(mdas(v).filter(|mda| mda.used).count()))
        }),
        vg(Size, "vg_mda_free", "VMdaFree", "Room for metadata.", |r| with(r, |v| least(v, |mda| mda.free)))
            .wide(9),
        vg(Size, "vg_mda_size", "VMdaSize", "Size of the smallest metadata area.", |r| {
            with(r, |v| least(v, |mda| mda.size))
        })
        .wide(9),
        vg(Number, "vg_mda_copies", "#VMdaCps", "How many metadata areas are to be in use.", |r| {
            with(r, |v| match v.vg.metadata_copies {
                UNMANAGED => Value::Word("unmanaged"),
                copies => Value::count(copies),
            })
        }),
    ]
}

fn with(row: &Row<'_>, get: impl Fn(&VgView<'_>) -> Value) -> Value {
    row.vg.map_or(Value::Empty, get)
}

fn flag(row: &Row<'_>, flag: VgFlag, word: &'static str) -> Value {
    with(row, |v| Value::Binary(v.vg.flags.has(flag), word))
}

fn extents(view: &VgView<'_>, count: units::Extents) -> Value {
    view.vg.extent_size.to_sectors(count).map_or(Value::Empty, Value::Size)
}

fn system_id(row: &Row<'_>) -> Value {
    with(row, |v| Value::maybe(v.vg.system_id.clone()))
}

fn reservation(view: &VgView<'_>) -> Value {
    let words = view.vg.extras.iter().find(|(_, item)| item.key == "pr").map(|(_, item)| &item.value);
    let Some(RawValue::List(words)) = words else { return Value::Empty };
    let words = words.iter().filter_map(|word| match word {
        RawValue::Text(word) => Some(word.as_str()),
        _ => None,
    });
    Value::text(words.collect::<Vec<_>>().join(","))
}

fn snapshots(view: &VgView<'_>) -> Value {
    Value::count(view.vg.lvs.iter().filter(|lv| VgView::is_snapshot(lv)).count())
}

fn mdas<'v>(view: &'v VgView<'_>) -> impl Iterator<Item = &'v MdaFacts> {
    view.vg.pvs.iter().filter_map(|pv| view.pvs.get(&pv.id)).flat_map(|facts| &facts.mdas)
}

fn least(view: &VgView<'_>, of: impl Fn(&MdaFacts) -> Sectors) -> Value {
    Value::Size(mdas(view).filter(|mda| mda.used).map(of).min().unwrap_or(Sectors::ZERO))
}
