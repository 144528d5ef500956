//! Fields of LVs that metadata answers.

use super::{field, kin, layers, modules, raid, role, status};
use crate::field::{Field, Kind};
use crate::parts::Part;
use crate::subject::{Row, VgView};
use crate::value::{Type, Value};
use metadata::model::{Lv, LvFlag, ReadAhead, SegmentType};
use units::{Extents, Id, Sectors};

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
        text("lv_name", "LV", "Name; names of hidden LVs stand in brackets.", |r| with(r, shown)).wide(4),
        text("lv_full_name", "LV", "Name with its VG: vg/lv.", |r| {
            with(r, |view, lv| Value::text(format!("{}/{}", view.vg.name, lv.name)))
        })
        .wide(4),
        text("lv_path", "Path", "Path below /dev, empty for hidden LVs.", |r| with(r, path)),
        text("lv_dm_path", "DMPath", "Path below /dev/mapper.", |r| {
            with(r, |view, lv| Value::text(view.dm_path(&lv.name)))
        }),
        text("lv_parent", "Parent", "The LV this one is a part of.", |r| with(r, parent)),
        other(List, "lv_layout", "Layout", "How it is laid out.", |r| {
            with(r, |view, lv| words(role::of(view, lv).layout))
        })
        .wide(10),
        other(List, "lv_role", "Role", "What it is for.", |r| {
            with(r, |view, lv| words(role::of(view, lv).role))
        })
        .wide(10),
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
        other(Binary, "lv_image_synced", "ImgSynced", "Set if this image is in step.", |r| {
            with(r, |view, lv| Value::Binary(image_synced(view, lv), "image synced"))
        })
        .wide(10),
        other(Binary, "lv_merging", "Merging", "Set if it takes part in a merge.", |r| {
            with(r, |view, lv| Value::Binary(kin::is_merging(view, lv), "merging"))
        })
        .wide(10),
        // LVM2 keeps no such flag in the metadata.
        other(Binary, "lv_converting", "Converting", "Set while it is converted.", |r| {
            with(r, |_, _| Value::Binary(false, "converting"))
        }),
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
        other(Size, "lv_metadata_size", "MSize", "Size of the pool's metadata.", |r| with(r, metadata_size)),
        other(Number, "seg_count", "#Seg", "Number of segments.", |r| {
            with(r, |_, lv| Value::count(lv.segments.len()))
        }),
        text("origin", "Origin", "What it is a snapshot of.", |r| lv_ref(r, origin)),
        text("origin_uuid", "Origin UUID", "Id of what it is a snapshot of.", |r| lv_uuid(r, origin))
            .wide(38),
        other(Size, "origin_size", "OSize", "Size of what it is a snapshot of.", |r| {
            with(r, |view, lv| kin::origin_of_size(view, lv).map_or(Value::Nought, |lv| size(view, lv)))
        }),
        other(List, "lv_ancestors", "Ancestors", "What it descends from.", |r| {
            with(r, |view, lv| names(kin::ancestors(view, &lv.name, Some(lv), false)))
        }),
        other(List, "lv_full_ancestors", "FAncestors", "What it descends from, removed LVs included.", |r| {
            with(r, |view, lv| names(kin::ancestors(view, &lv.name, Some(lv), true)))
        }),
        other(List, "lv_descendants", "Descendants", "What descends from it.", |r| {
            with(r, |view, lv| names(kin::descendants(view, &lv.name, Some(lv), false)))
        }),
        other(
            List,
            "lv_full_descendants",
            "FDescendants",
            "What descends from it, removed LVs included.",
            |r| with(r, |view, lv| names(kin::descendants(view, &lv.name, Some(lv), true))),
        ),
        other(Number, "raid_mismatch_count", "Mismatches", "Mismatches found by the last check.", |r| {
            with(r, |view, lv| status::raid(view, lv).map_or(Value::Empty, |s| Value::count(s.mismatches)))
        }),
        text("raid_sync_action", "SyncAction", "What the array is doing.", |r| {
            with(r, |view, lv| Value::maybe(status::raid(view, lv).and_then(|s| s.action.clone())))
        }),
        other(
            Number,
            "raid_write_behind",
            "WBehind",
            "Outstanding writes allowed to writemostly images.",
            |r| with(r, |_, lv| raid::setting(lv, "writebehind")),
        ),
        other(Number, "raid_min_recovery_rate", "MinSync", "Least recovery rate, KiB/s per device.", |r| {
            with(r, |_, lv| raid::setting(lv, "min_recovery_rate"))
        }),
        other(
            Number,
            "raid_max_recovery_rate",
            "MaxSync",
            "Greatest recovery rate, KiB/s per device.",
            |r| with(r, |_, lv| raid::setting(lv, "max_recovery_rate")),
        ),
        text("raidintegritymode", "IntegMode", "How integrity is kept.", |r| with(r, raid::integrity_mode)),
        other(Number, "raidintegrityblocksize", "IntegBlkSize", "Block size of integrity.", |r| {
            with(r, raid::integrity_block_size)
        }),
        other(Number, "integritymismatches", "IntegMismatches", "Blocks whose checksum was wrong.", |r| {
            with(r, raid::integrity_mismatches)
        }),
        text("move_pv", "Move", "The PV that is being emptied.", |r| {
            with(r, |view, lv| pv_moved(lv).map_or(Value::Empty, |pv| Value::text(view.pv_name(pv))))
        }),
        text("move_pv_uuid", "Move UUID", "Id of the PV that is being emptied.", |r| {
            with(r, |_, lv| Value::maybe(pv_moved(lv).map(|pv| pv.to_string())))
        })
        .wide(38),
        // LVM2 keeps no LV for conversions in the metadata.
        text("convert_lv", "Convert", "The LV a conversion goes through.", |_| Value::Empty),
        text("convert_lv_uuid", "Convert UUID", "Id of the LV a conversion goes through.", |_| Value::Empty)
            .wide(38),
        text("mirror_log", "Log", "The mirror's log.", |r| lv_ref(r, |_, lv| mirror_log(lv))),
        text("mirror_log_uuid", "Log UUID", "Id of the mirror's log.", |r| {
            lv_uuid(r, |_, lv| mirror_log(lv))
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
        other(Time, "lv_time_removed", "RTime", "When it was removed.", |_| Value::Empty).wide(26),
        text("lv_host", "Host", "Where it was made.", |r| {
            with(r, |_, lv| Value::text(lv.creation_host.clone()))
        })
        .wide(10),
        other(List, "lv_modules", "Modules", "Kernel modules it needs.", |r| {
            with(r, |view, lv| Value::set(modules::of(view, lv).into_iter().map(str::to_owned)))
        }),
        other(Binary, "lv_historical", "Historical", "Set if it was removed.", |r| {
            with(r, |_, _| Value::Binary(false, "historical"))
        }),
        other(Number, "writecache_block_size", "WCacheBlkSize", "Block size of the write cache.", |r| {
            with(r, |_, lv| match layers::segtype(lv) {
                Some(SegmentType::Writecache) => {
                    Value::Number(layers::number_of_key(lv, "writecache_block_size").unwrap_or(-1))
                }
                _ => Value::Number(-1),
            })
        }),
    ]
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

fn active(row: &Row<'_>, word: &'static str) -> Value {
    with(row, |view, lv| {
        if view.live.known { Value::Binary(view.live.is_active(lv.id), word) } else { Value::BinaryUnknown }
    })
}

fn words(words: Vec<&'static str>) -> Value {
    Value::sequence(words.into_iter().map(str::to_owned))
}

fn names(names: Vec<String>) -> Value {
    Value::sequence(names)
}

/// A name; in brackets where users do not see the LV.
fn shown(view: &VgView<'_>, lv: &Lv) -> Value {
    match view.words.mark_hidden && !view.is_visible(lv) {
        true => Value::marked(format!("[{}]", lv.name), &lv.name),
        false => Value::text(lv.name.clone()),
    }
}

/// Where udev puts a link for users: not for pools, whose devices are nobody's to open.
fn path(view: &VgView<'_>, lv: &Lv) -> Value {
    match view.is_visible(lv) && !status::is(lv, SegmentType::ThinPool) {
        true => Value::text(view.path(&lv.name)),
        false => Value::Empty,
    }
}

/// Its size without what is set aside for a reshape.
fn size(view: &VgView<'_>, lv: &Lv) -> Value {
    let reserved = match lv.segments.first() {
        Some(first) if !first.reshape_len.is_zero() && view.parts().part(lv) != Some(Part::RaidImage) => {
            raid::reserved(view.vg, first)
        }
        _ => Extents::ZERO,
    };
    let count = lv.extents().saturating_sub(reserved);
    view.vg.extent_size.to_sectors(count).map_or(Value::Empty, Value::Size)
}

fn metadata_size(view: &VgView<'_>, lv: &Lv) -> Value {
    let meta = || metadata(view, lv).and_then(|id| view.vg.lvs.get(id));
    match layers::segtype(lv) {
        Some(SegmentType::ThinPool | SegmentType::CachePool) => {
            meta().map_or(Value::Empty, |meta| size(view, meta))
        }
        Some(SegmentType::Cache) => match layers::number_of_key(lv, "metadata_len") {
            Some(len) => Value::Size(Sectors::new(u64::try_from(len).unwrap_or(0))),
            None => Value::Empty,
        },
        _ => Value::Empty,
    }
}

fn image_synced(view: &VgView<'_>, lv: &Lv) -> bool {
    match view.parts().part(lv) {
        Some(Part::RaidImage) => !lv.is_visible() && status::image_in_sync(view, lv),
        Some(Part::MirrorImage) => status::image_in_sync(view, lv),
        _ => false,
    }
}

fn mirror_log(lv: &Lv) -> Option<Id> {
    lv.segments.iter().find_map(|segment| layers::lv_under(segment, "mirror_log"))
}

fn lv_ref(row: &Row<'_>, which: impl Fn(&VgView<'_>, &Lv) -> Option<Id>) -> Value {
    with(row, |view, lv| {
        which(view, lv).and_then(|id| view.vg.lvs.get(id)).map_or(Value::Empty, |lv| shown(view, lv))
    })
}

fn lv_uuid(row: &Row<'_>, which: impl Fn(&VgView<'_>, &Lv) -> Option<Id>) -> Value {
    with(row, |view, lv| Value::maybe(which(view, lv).map(|id| id.to_string())))
}

fn origin(view: &VgView<'_>, lv: &Lv) -> Option<Id> {
    kin::origin(view, lv).map(|origin| origin.id)
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
    let place = view.parts().place(lv).filter(|_| !view.is_visible(lv));
    let named = place.filter(|place| match place.part {
        Part::MirrorImage
        | Part::MirrorLog
        | Part::RaidImage
        | Part::RaidMeta
        | Part::ThinData
        | Part::ThinMeta
        | Part::CacheData
        | Part::CacheMeta => true,
        Part::CachePool
        | Part::CacheOrigin
        | Part::WritecacheVol
        | Part::WritecacheOrigin
        | Part::IntegrityOrigin
        | Part::IntegrityMeta
        | Part::VdoData => false,
    });
    named.and_then(|place| view.vg.lvs.get(place.of)).map_or(Value::Empty, |lv| shown(view, lv))
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
