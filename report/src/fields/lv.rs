//! Fields of LVs that metadata answers.

use super::{field, layers, never};
use crate::field::{Field, Kind};
use crate::subject::{Row, VgView};
use crate::value::{Type, Value};
use metadata::model::{Lv, LvFlag, ReadAhead, SegmentKind, SegmentType, names};
use units::{Id, Sectors};

type Getter = fn(&Row<'_>) -> Value;

fn text(name: &'static str, heading: &'static str, about: &'static str, get: Getter) -> Field {
    field(Kind::Lv, Type::Text, name, heading, about, get)
}

fn other(value: Type, name: &'static str, heading: &'static str, about: &'static str, get: Getter) -> Field {
    field(Kind::Lv, value, name, heading, about, get)
}

pub(crate) fn table() -> Vec<Field> {
    use Type::{Binary, List, Number, Size, Time};
    vec![
        text("lv_uuid", "LV UUID", "Unique id.", |r| with(r, |_, lv| Value::text(lv.id.to_string())))
            .wide(38),
        text("lv_name", "LV", "Name; names of hidden LVs stand in brackets.", |r| {
            with(r, |_, lv| shown_name(lv))
        })
        .wide(4),
        text("lv_full_name", "LV", "Name with its VG: vg/lv.", |r| {
            with(r, |view, lv| Value::text(format!("{}/{}", view.vg.name, lv.name)))
        })
        .wide(4),
        text("lv_path", "Path", "Path below /dev, empty for hidden LVs.", |r| with(r, path)),
        text("lv_dm_path", "DMPath", "Path below /dev/mapper.", |r| {
            with(r, |view, lv| {
                Value::text(format!("/dev/mapper/{}", names::dm_name(&view.vg.name, &lv.name, "")))
            })
        }),
        text("lv_parent", "Parent", "The LV this one is a part of.", |r| with(r, parent)),
        other(List, "lv_layout", "Layout", "How it is laid out.", |r| with(r, |_, lv| layout(lv))).wide(10),
        other(List, "lv_role", "Role", "What it is for.", |r| with(r, role)).wide(10),
        other(
            Binary,
            "lv_initial_image_sync",
            "InitImgSync",
            "Set if images were synchronised at first.",
            |r| {
                with(r, |_, lv| {
                    let mirrored = layers::is_raid(lv) || layers::segtype(lv) == Some(SegmentType::Mirror);
                    Value::Binary(mirrored && !lv.flags.has(LvFlag::NotSynced), "initial image sync")
                })
            },
        )
        .wide(10),
        other(
            Binary,
            "lv_image_synced",
            "ImgSynced",
            "Set if this image is in step.",
            no_word("image synced"),
        )
        .wide(10),
        other(Binary, "lv_merging", "Merging", "Set if it takes part in a merge.", no_word("merging"))
            .wide(10),
        other(Binary, "lv_converting", "Converting", "Set while it is converted.", no_word("converting")),
        text("lv_allocation_policy", "AllocPol", "How extents are chosen.", |r| {
            with(r, |_, lv| Value::text(lv.alloc.name()))
        })
        .wide(10),
        other(Binary, "lv_allocation_locked", "AllocLock", "Set while its extents must stay.", |r| {
            flag(r, LvFlag::Locked, "allocation locked")
        })
        .wide(10),
        other(Binary, "lv_fixed_minor", "FixMin", "Set if its device number is persistent.", |r| {
            flag(r, LvFlag::FixedMinor, "fixed minor")
        })
        .wide(10),
        other(Binary, "lv_skip_activation", "SkipAct", "Set if activation passes it over.", |r| {
            flag(r, LvFlag::ActivationSkip, "skip activation")
        })
        .wide(15),
        other(Binary, "lv_autoactivation", "AutoAct", "Set if it is activated at boot.", |r| {
            with(r, |_, lv| Value::Binary(!lv.flags.has(LvFlag::NoAutoactivate), "enabled"))
        }),
        text("lv_when_full", "WhenFull", "What a full thin pool does.", |r| {
            with(r, |_, lv| match (layers::segtype(lv), lv.flags.has(LvFlag::ErrorWhenFull)) {
                (Some(SegmentType::ThinPool), true) => Value::text("error"),
                (Some(SegmentType::ThinPool), false) => Value::text("queue"),
                _ => Value::Empty,
            })
        })
        .wide(15),
        other(Binary, "lv_active", "Active", "Set if it is active.", |r| active(r, "active")),
        other(Binary, "lv_active_locally", "ActLocal", "Set if it is active here.", |r| {
            active(r, "active locally")
        })
        .wide(10),
        other(Binary, "lv_active_remotely", "ActRemote", "Set if it is active elsewhere.", |r| {
            with(r, |view, _| {
                if view.live.known { Value::Binary(false, "active remotely") } else { Value::BinaryUnknown }
            })
        })
        .wide(10),
        other(Binary, "lv_active_exclusively", "ActExcl", "Set if it is active here alone.", |r| {
            active(r, "active exclusively")
        })
        .wide(10),
        other(Number, "lv_major", "Maj", "Persistent major number, or -1.", |r| {
            with(r, |_, lv| Value::Number(lv.major.map_or(-1, i64::from)))
        }),
        other(Number, "lv_minor", "Min", "Persistent minor number, or -1.", |r| {
            with(r, |_, lv| Value::Number(lv.minor.map_or(-1, i64::from)))
        }),
        other(Size, "lv_read_ahead", "Rahead", "Read-ahead as set.", |r| {
            with(r, |_, lv| match lv.read_ahead {
                ReadAhead::Auto => Value::Word("auto"),
                ReadAhead::None => Value::Size(Sectors::ZERO),
                ReadAhead::Sectors(n) => Value::Size(Sectors::new(u64::from(n))),
            })
        }),
        other(Size, "lv_size", "LSize", "Size.", |r| with(r, size)),
        other(Size, "lv_metadata_size", "MSize", "Size of the pool's metadata.", |r| {
            with(r, |view, lv| {
                let meta = layers::lv_of_key(lv, "metadata").and_then(|id| view.vg.lvs.get(id));
                meta.map_or(Value::Empty, |meta| size(view, meta))
            })
        }),
        other(Number, "seg_count", "#Seg", "Number of segments.", |r| {
            with(r, |_, lv| Value::count(lv.segments.len()))
        }),
        text("origin", "Origin", "What it is a snapshot of.", |r| lv_ref(r, origin)),
        text("origin_uuid", "Origin UUID", "Id of what it is a snapshot of.", |r| lv_uuid(r, origin))
            .wide(38),
        other(Size, "origin_size", "OSize", "Size of what it is a snapshot of.", |r| {
            with(r, |view, lv| {
                origin(view, lv).and_then(|id| view.vg.lvs.get(id)).map_or(Value::Empty, |lv| size(view, lv))
            })
        }),
        other(List, "lv_ancestors", "Ancestors", "What it descends from.", |r| with(r, ancestors)),
        other(List, "lv_full_ancestors", "FAncestors", "What it descends from, removed LVs included.", |r| {
            with(r, ancestors)
        }),
        other(List, "lv_descendants", "Descendants", "What descends from it.", |r| with(r, descendants)),
        other(
            List,
            "lv_full_descendants",
            "FDescendants",
            "What descends from it, removed LVs included.",
            |r| with(r, descendants),
        ),
        other(Number, "raid_mismatch_count", "Mismatches", "Mismatches found by the last check.", never),
        text("raid_sync_action", "SyncAction", "What the array is doing.", never),
        other(
            Number,
            "raid_write_behind",
            "WBehind",
            "Outstanding writes allowed to writemostly images.",
            never,
        ),
        other(Number, "raid_min_recovery_rate", "MinSync", "Least recovery rate, KiB/s per device.", never),
        other(
            Number,
            "raid_max_recovery_rate",
            "MaxSync",
            "Greatest recovery rate, KiB/s per device.",
            never,
        ),
        text("raidintegritymode", "IntegMode", "How integrity is kept.", never),
        other(Number, "raidintegrityblocksize", "IntegBlkSize", "Block size of integrity.", unset),
        other(Number, "integritymismatches", "IntegMismatches", "Blocks whose checksum was wrong.", never),
        text("move_pv", "Move", "The PV that is being emptied.", |r| {
            with(r, |view, lv| pv_moved(lv).map_or(Value::Empty, |pv| Value::text(view.pv_name(pv))))
        }),
        text("move_pv_uuid", "Move UUID", "Id of the PV that is being emptied.", |r| {
            with(r, |_, lv| Value::maybe(pv_moved(lv).map(|pv| pv.to_string())))
        })
        .wide(38),
        text("convert_lv", "Convert", "The LV a conversion goes through.", never),
        text("convert_lv_uuid", "Convert UUID", "Id of the LV a conversion goes through.", never).wide(38),
        text("mirror_log", "Log", "The mirror's log.", |r| {
            lv_ref(r, |_, lv| layers::lv_of_key(lv, "mirror_log"))
        }),
        text("mirror_log_uuid", "Log UUID", "Id of the mirror's log.", |r| {
            lv_uuid(r, |_, lv| layers::lv_of_key(lv, "mirror_log"))
        })
        .wide(38),
        text("data_lv", "Data", "Where a pool keeps data.", |r| lv_ref(r, data)),
        text("data_lv_uuid", "Data UUID", "Id of where a pool keeps data.", |r| lv_uuid(r, data)).wide(38),
        text("metadata_lv", "Meta", "Where a pool keeps metadata.", |r| lv_ref(r, metadata)),
        text("metadata_lv_uuid", "Meta UUID", "Id of where a pool keeps metadata.", |r| lv_uuid(r, metadata))
            .wide(38),
        text("pool_lv", "Pool", "The pool it takes space from.", |r| lv_ref(r, pool)),
        text("pool_lv_uuid", "Pool UUID", "Id of the pool it takes space from.", |r| lv_uuid(r, pool))
            .wide(38),
        other(List, "lv_tags", "LV Tags", "Tags.", |r| with(r, |_, lv| Value::set(lv.tags.iter().cloned()))),
        text("lv_profile", "LProfile", "Its metadata profile.", |r| {
            with(r, |_, lv| Value::maybe(lv.profile.clone()))
        }),
        text("lv_lockargs", "LLockArgs", "The lock daemon's data.", |r| {
            with(r, |_, lv| Value::maybe(lv.lock_args.clone()))
        }),
        other(Time, "lv_time", "CTime", "When it was made.", |r| {
            with(r, |_, lv| if lv.creation_time == 0 { Value::Empty } else { Value::Time(lv.creation_time) })
        })
        .wide(26),
        other(Time, "lv_time_removed", "RTime", "When it was removed.", never).wide(26),
        text("lv_host", "Host", "Where it was made.", |r| {
            with(r, |_, lv| Value::text(lv.creation_host.clone()))
        })
        .wide(10),
        other(List, "lv_modules", "Modules", "Kernel modules it needs.", |r| with(r, |_, lv| modules(lv))),
        other(Binary, "lv_historical", "Historical", "Set if it was removed.", no_word("historical")),
        other(Number, "writecache_block_size", "WCacheBlkSize", "Block size of the write cache.", unset),
    ]
}

/// Of LVs that have no such thing.
fn unset(row: &Row<'_>) -> Value {
    with(row, |_, _| Value::Number(-1))
}

fn with(row: &Row<'_>, get: impl Fn(&VgView<'_>, &Lv) -> Value) -> Value {
    match (row.vg, row.lv) {
        (Some(view), Some(lv)) => get(view, lv),
        _ => Value::Empty,
    }
}

fn flag(row: &Row<'_>, flag: LvFlag, word: &'static str) -> Value {
    with(row, |_, lv| Value::Binary(lv.flags.has(flag), word))
}

fn no_word(word: &'static str) -> Getter {
    match word {
        "image synced" => |r| with(r, |_, _| Value::Binary(false, "image synced")),
        "merging" => |r| with(r, |_, _| Value::Binary(false, "merging")),
        "converting" => |r| with(r, |_, _| Value::Binary(false, "converting")),
        _ => |r| with(r, |_, _| Value::Binary(false, "historical")),
    }
}

fn active(row: &Row<'_>, word: &'static str) -> Value {
    with(row, |view, lv| {
        if view.live.known { Value::Binary(view.live.is_active(lv.id), word) } else { Value::BinaryUnknown }
    })
}

fn shown_name(lv: &Lv) -> Value {
    Value::text(if lv.is_visible() { lv.name.clone() } else { format!("[{}]", lv.name) })
}

fn path(view: &VgView<'_>, lv: &Lv) -> Value {
    if lv.is_visible() { Value::text(format!("/dev/{}/{}", view.vg.name, lv.name)) } else { Value::Empty }
}

fn size(view: &VgView<'_>, lv: &Lv) -> Value {
    view.vg.extent_size.to_sectors(lv.extents()).map_or(Value::Empty, Value::Size)
}

fn lv_ref(row: &Row<'_>, which: impl Fn(&VgView<'_>, &Lv) -> Option<Id>) -> Value {
    with(row, |view, lv| which(view, lv).and_then(|id| view.vg.lvs.get(id)).map_or(Value::Empty, shown_name))
}

fn lv_uuid(row: &Row<'_>, which: impl Fn(&VgView<'_>, &Lv) -> Option<Id>) -> Value {
    with(row, |view, lv| Value::maybe(which(view, lv).map(|id| id.to_string())))
}

fn origin(view: &VgView<'_>, lv: &Lv) -> Option<Id> {
    if let Some(origin) = layers::origin_of_cow(view, lv) {
        return Some(origin);
    }
    match layers::segtype(lv)? {
        SegmentType::Thin => {
            layers::lv_of_key(lv, "origin").or_else(|| layers::lv_of_key(lv, "external_origin"))
        }
        SegmentType::Cache | SegmentType::Writecache => layers::lv_of_key(lv, "origin"),
        _ => None,
    }
}

fn pool(_: &VgView<'_>, lv: &Lv) -> Option<Id> {
    match layers::segtype(lv)? {
        SegmentType::Thin => layers::lv_of_key(lv, "thin_pool"),
        SegmentType::Cache => layers::lv_of_key(lv, "cache_pool"),
        SegmentType::Writecache => layers::lv_of_key(lv, "writecache"),
        SegmentType::Vdo => layers::lv_of_key(lv, "vdo_pool"),
        _ => None,
    }
}

fn data(_: &VgView<'_>, lv: &Lv) -> Option<Id> {
    match layers::segtype(lv)? {
        SegmentType::ThinPool => layers::lv_of_key(lv, "pool"),
        SegmentType::CachePool => layers::lv_of_key(lv, "data"),
        SegmentType::VdoPool => layers::lv_of_key(lv, "data"),
        _ => None,
    }
}

fn metadata(_: &VgView<'_>, lv: &Lv) -> Option<Id> {
    match layers::segtype(lv)? {
        SegmentType::ThinPool | SegmentType::CachePool => layers::lv_of_key(lv, "metadata"),
        _ => None,
    }
}

fn parent(view: &VgView<'_>, lv: &Lv) -> Value {
    if lv.is_visible() {
        return Value::Empty;
    }
    let user = view.users().get(&lv.id).and_then(|users| users.first()).and_then(|id| view.vg.lvs.get(*id));
    user.map_or(Value::Empty, shown_name)
}

fn ancestors(view: &VgView<'_>, lv: &Lv) -> Value {
    let mut chain = Vec::new();
    let mut next = origin(view, lv);
    while let Some(lv) = next.and_then(|id| view.vg.lvs.get(id)) {
        if chain.contains(&lv.name) {
            break;
        }
        chain.push(lv.name.clone());
        next = origin(view, lv);
    }
    Value::sequence(chain)
}

fn descendants(view: &VgView<'_>, lv: &Lv) -> Value {
    let mut found = Vec::new();
    let mut queue = vec![lv.id];
    while let Some(parent) = queue.pop() {
        for child in &view.vg.lvs {
            if origin(view, child) == Some(parent) && !found.contains(&child.name) {
                found.push(child.name.clone());
                queue.push(child.id);
            }
        }
    }
    Value::sequence(found)
}

fn pv_moved(lv: &Lv) -> Option<Id> {
    if !lv.flags.has(LvFlag::Pvmove) {
        return None;
    }
    layers::verbatim(lv)?.areas.iter().find_map(|(area, _)| match area {
        metadata::model::Area::Pv { pv, .. } => Some(*pv),
        metadata::model::Area::Lv { .. } => None,
    })
}

fn layout(lv: &Lv) -> Value {
    let names: Vec<&str> = match lv.segments.first().map(|segment| &segment.kind) {
        Some(SegmentKind::Striped(striped)) if striped.areas.len() > 1 => vec!["striped"],
        Some(SegmentKind::Striped(_)) | None => vec!["linear"],
        Some(SegmentKind::Error) => vec!["error"],
        Some(SegmentKind::Zero) => vec!["zero"],
        Some(SegmentKind::Verbatim(v)) => match v.segtype {
            Some(SegmentType::Thin) => vec!["thin", "sparse"],
            Some(SegmentType::ThinPool) => vec!["thin", "pool"],
            Some(SegmentType::CachePool) => vec!["cache", "pool"],
            Some(SegmentType::VdoPool) => vec!["vdo", "pool"],
            Some(SegmentType::Vdo) => vec!["vdo", "sparse"],
            Some(known) if known.name().starts_with("raid") => {
                let family = known.name().split('_').next().unwrap_or("raid");
                if family == known.name() { vec!["raid", family] } else { vec!["raid", family, known.name()] }
            }
            Some(known) => vec![known.name()],
            None => vec!["unknown"],
        },
    };
    Value::sequence(names.into_iter().map(str::to_owned))
}

fn role(view: &VgView<'_>, lv: &Lv) -> Value {
    let mut words = vec![if lv.is_visible() { "public" } else { "private" }];
    const PARTS: [(&str, &[&str]); 14] = [
        ("_tdata", &["thin", "pool", "data"]),
        ("_tmeta", &["thin", "pool", "metadata"]),
        ("_cdata", &["cache", "pool", "data"]),
        ("_cmeta", &["cache", "pool", "metadata"]),
        ("_corig", &["cache", "origin", "cacheorigin"]),
        ("_rimage", &["raid", "image"]),
        ("_rmeta", &["raid", "metadata"]),
        ("_mimage", &["mirror", "image"]),
        ("_mlog", &["mirror", "log"]),
        ("_pmspare", &["pool", "spare"]),
        ("_vdata", &["vdo", "pool", "data"]),
        ("_imeta", &["integrity", "metadata"]),
        ("_iorig", &["integrity", "origin"]),
        ("_wcorig", &["writecache", "origin"]),
    ];
    if let Some((_, more)) = PARTS.iter().find(|(part, _)| layers::is_sub_lv(lv, part)) {
        words.extend(*more);
    }
    if layers::is_origin(view, lv) {
        words.extend(["origin", "thickorigin"]);
    }
    if layers::origin_of_cow(view, lv).is_some() {
        words.extend(["snapshot", "thicksnapshot"]);
    }
    if layers::segtype(lv) == Some(SegmentType::Thin) && layers::lv_of_key(lv, "origin").is_some() {
        words.extend(["snapshot", "thinsnapshot"]);
    }
    Value::sequence(words.into_iter().map(str::to_owned))
}

fn modules(lv: &Lv) -> Value {
    let mut names = Vec::new();
    for segment in &lv.segments {
        let module = match segment.segtype() {
            Some(SegmentType::Thin | SegmentType::ThinPool) => "dm-thin-pool",
            Some(SegmentType::Cache | SegmentType::CachePool) => "dm-cache",
            Some(SegmentType::Writecache) => "dm-writecache",
            Some(SegmentType::Mirror) => "dm-mirror",
            Some(SegmentType::Snapshot) => "dm-snapshot",
            Some(SegmentType::Integrity) => "dm-integrity",
            Some(SegmentType::Vdo | SegmentType::VdoPool) => "dm-vdo",
            Some(SegmentType::Zero) => "dm-zero",
            Some(known) if known.name().starts_with("raid") => "dm-raid",
            _ => continue,
        };
        if !names.iter().any(|name| name == module) {
            names.push(module.to_owned());
        }
    }
    Value::set(names)
}
