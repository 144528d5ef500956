//! Lines of `lvdisplay` that only some types of LVs have: pools, snapshots, caches, integrity.

use crate::display::{Frame, wide_row};
use metadata::live::{CacheStatus, Status};
use metadata::model::{Area, Lv, LvFlag, Segment, SegmentType, Snapshot};
use report::inspect::{self, Share};
use report::parts::Part;
use report::value::{Format, Value};
use units::{Id, Percent};

/// What the LV belongs to, or what belongs to it.
pub(super) fn relations(frame: Frame<'_>, lv: &Lv) -> Vec<String> {
    let mut lines = snapshots(frame, lv);
    let Some(first) = lv.segments.first() else { return lines };
    let name = |key: &str| inspect::lv_under(first, key).map(|id| lv_name(frame, id));
    let mut row = |title: &str, name: Option<&str>| lines.extend(name.map(|name| wide_row(title, name)));
    match inspect::segtype(lv) {
        Some(SegmentType::Thin) => {
            row("LV Pool name", name("thin_pool"));
            row("LV Thin origin name", name("origin"));
            row("LV External origin name", name("external_origin"));
            row("LV merging to", name("merge"));
            let merging = |other: &&Lv| {
                other.segments.first().and_then(|first| inspect::lv_under(first, "merge")) == Some(lv.id)
            };
            row("LV merged with", frame.view.vg.lvs.iter().find(merging).map(|other| other.name.as_str()));
        }
        Some(SegmentType::ThinPool) => {
            row("LV Pool metadata", name("metadata"));
            row("LV Pool data", name("pool"));
        }
        _ if frame.view.parts().part(lv) == Some(Part::CacheOrigin) => {
            let place = frame.view.parts().place(lv);
            row("LV origin of Cache LV", place.map(|place| lv_name(frame, place.of)));
        }
        Some(SegmentType::Cache) if cache_status(frame, lv).is_some() => {
            row("LV Cache pool name", name("cache_pool"));
            row("LV Cache origin name", name("origin"));
        }
        Some(SegmentType::CachePool) => {
            row("LV Pool metadata", name("metadata"));
            row("LV Pool data", name("data"));
        }
        Some(SegmentType::Integrity) => lines.extend(integrity(frame, lv, first)),
        Some(SegmentType::VdoPool) => lines.extend(vdo_pool(frame, lv, first)),
        Some(SegmentType::Vdo) => row("LV VDO Pool name", name("vdo_pool")),
        Some(raid) if inspect::is_raid_type(raid) && inspect::integrity(frame.view, lv).is_some() => {
            lines.push(wide_row("LV Integrity", "on"));
        }
        _ => (),
    }
    lines
}

fn lv_name(frame: Frame<'_>, id: Id) -> &str {
    frame.view.vg.lvs.get(id).map_or("", |lv| &lv.name)
}

/// Whether a snapshot works, by its store, while the LV that is shown is active.
fn works(frame: Frame<'_>, shown: &Lv, store: &Lv) -> bool {
    frame.view.live.is_active(shown.id) && inspect::snapshot_works(frame.view, store)
}

/// The old-style snapshot that the LV is the store of, unless it is an origin itself.
pub(super) fn store(frame: Frame<'_>, lv: &Lv) -> Option<Snapshot> {
    frame.view.parts().store(lv).filter(|_| !frame.view.parts().is_origin(lv))
}

fn snapshots(frame: Frame<'_>, lv: &Lv) -> Vec<String> {
    let parts = frame.view.parts();
    if parts.is_origin(lv) {
        let mut lines = vec![wide_row("LV snapshot status", "source of")];
        for store in parts.stores_of(lv).iter().filter_map(|id| frame.view.vg.lvs.get(*id)) {
            let state = if works(frame, lv, store) { "active" } else { "INACTIVE" };
            lines.push(wide_row("", format!("{} [{state}]", store.name)));
        }
        return lines;
    }
    let Some(snapshot) = store(frame, lv) else { return Vec::new() };
    let state = if works(frame, lv, lv) { "active" } else { "INACTIVE" };
    let origin = lv_name(frame, snapshot.origin);
    vec![wide_row("LV snapshot status", format!("{state} destination for {origin}"))]
}

fn integrity(frame: Frame<'_>, lv: &Lv, first: &Segment) -> Vec<String> {
    let show = |value: &Value| Format::default().show(value);
    let name = |key: &str| inspect::lv_under(first, key).map_or("", |id| lv_name(frame, id));
    let mut lines = vec![
        wide_row("LV Integrity origin", name("origin")),
        wide_row("LV Integrity metadata", name("meta_dev")),
        wide_row("LV Integrity mode", show(&inspect::integrity_mode(frame.view, lv))),
        wide_row("LV Integrity blocksize", show(&inspect::integrity_block_size(frame.view, lv))),
    ];
    match inspect::integrity_mismatches(frame.view, lv) {
        Value::Number(count) if frame.view.live.is_active(lv.id) => {
            lines.push(wide_row("LV Integrity mismatch", count));
        }
        _ => (),
    }
    lines
}

fn vdo_pool(frame: Frame<'_>, lv: &Lv, first: &Segment) -> Vec<String> {
    let data = inspect::lv_under(first, "data").map_or("", |id| lv_name(frame, id));
    let mut lines = vec![wide_row("LV VDO Pool data", data)];
    if let Some(Status::VdoPool(pool)) = inspect::status(frame.view, lv) {
        let used = units::Sectors::new(pool.used.saturating_mul(8));
        lines.push(wide_row("LV VDO Pool usage", percent(Percent::of(pool.used, pool.total))));
        lines.push(wide_row("LV VDO Operating mode", &pool.mode));
        lines.push(wide_row("LV VDO Index state", &pool.index));
        lines.push(wide_row("LV VDO Compression st", &pool.compression));
        lines.push(wide_row("LV VDO Used size", frame.sizes.show(used)));
    }
    lines
}

fn percent(percent: Percent) -> String {
    format!("{percent}%")
}

fn cache_status<'v>(frame: Frame<'v>, lv: &Lv) -> Option<&'v CacheStatus> {
    match inspect::status(frame.view, lv)? {
        Status::Cache(cache) if frame.view.live.is_active(lv.id) => Some(cache),
        _ => None,
    }
}

/// How full it is, by what its target says.
pub(super) fn use_of(frame: Frame<'_>, lv: &Lv) -> Vec<String> {
    let share = |share| inspect::share(frame.view, lv, share);
    match inspect::segtype(lv) {
        Some(SegmentType::Cache) => {
            let Some(cache) = cache_status(frame, lv) else { return Vec::new() };
            let shown = |which| share(which).map_or_else(String::new, percent);
            vec![
                wide_row("Cache used blocks", shown(Share::Data)),
                wide_row("Cache metadata blocks", shown(Share::Metadata)),
                wide_row("Cache dirty blocks", shown(Share::Sync)),
                wide_row("Cache read hits/misses", format!("{} / {}", cache.read_hits, cache.read_misses)),
                wide_row("Cache wrt hits/misses", format!("{} / {}", cache.write_hits, cache.write_misses)),
                wide_row("Cache demotions", cache.demotions),
                wide_row("Cache promotions", cache.promotions),
            ]
        }
        Some(SegmentType::ThinPool) => {
            let mut lines = Vec::new();
            lines.extend(share(Share::Data).map(|full| wide_row("Allocated pool data", percent(full))));
            lines.extend(share(Share::Metadata).map(|full| wide_row("Allocated metadata", percent(full))));
            lines
        }
        Some(SegmentType::Thin) if frame.view.live.is_active(lv.id) => {
            share(Share::Data).map(|full| wide_row("Mapped size", percent(full))).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// A snapshot's store.
pub(super) fn store_lines(frame: Frame<'_>, lv: &Lv, snapshot: Snapshot) -> Vec<String> {
    let mut lines =
        vec![wide_row("COW-table size", frame.show(lv.extents())), wide_row("COW-table LE", lv.extents())];
    // The origin is asked about a merge, and says nothing before that has begun.
    let merges = matches!(frame.view.live.merges.get(&snapshot.origin), Some(Status::Snapshot(_)));
    let full = match snapshot.merging && !merges {
        true => Some(Percent::FULL),
        false => inspect::share(frame.view, lv, Share::Data),
    };
    let full = full.filter(|_| works(frame, lv, lv));
    lines.extend(full.map(|full| wide_row("Allocated to snapshot", percent(full))));
    let segment = frame.view.vg.lvs.get(snapshot.snapshot).and_then(|lv| lv.segments.first());
    let chunk = segment.and_then(|segment| inspect::number(segment, "chunk_size")).unwrap_or(0);
    let chunk = units::Sectors::new(u64::try_from(chunk).unwrap_or(0));
    lines.push(wide_row("Snapshot chunk size", frame.sizes.show(chunk)));
    lines
}

/// How many images a mirror or a raid1 has.
pub(super) fn mirrored(frame: Frame<'_>, lv: &Lv) -> Option<usize> {
    use SegmentType::{Mirror, Raid1, Raid10, Raid10Near};
    let first = lv.segments.first()?;
    matches!(first.segtype()?, Mirror | Raid1 | Raid10 | Raid10Near)
        .then(|| inspect::areas(frame.view.vg, first).len())
}

/// Whether enough of a raid's images are there; LVs that are no raids have all they need.
pub(super) fn is_available(frame: Frame<'_>, lv: &Lv) -> bool {
    use SegmentType::{Raid1, Raid10, Raid10Near};
    let Some((first, segtype)) = lv.segments.first().and_then(|first| Some((first, first.segtype()?))) else {
        return true;
    };
    if !inspect::is_raid_type(segtype) {
        return true;
    }
    let gone: Vec<bool> = inspect::areas(frame.view.vg, first)
        .into_iter()
        .map(|area| match area {
            Area::Lv { lv, .. } => frame.view.vg.lvs.get(lv).is_none_or(|lv| {
                inspect::is_partial(frame.view, lv)
                    || (segtype != Raid1 && lv.segments.iter().any(inspect::is_virtual))
            }),
            Area::Pv { pv, .. } => frame.view.is_missing(pv),
        })
        .collect();
    let missing = gone.iter().filter(|gone| **gone).count();
    match segtype {
        Raid1 => missing < gone.len().max(1),
        // Of each group of copies one has to be there.
        Raid10 | Raid10Near => gone.chunks(2).all(|group| !group.iter().all(|gone| *gone)),
        other if other.name().starts_with("raid6") => missing <= 2,
        other if other.name().starts_with("raid4") || other.name().starts_with("raid5") => missing <= 1,
        _ => missing == 0,
    }
}

/// A thin pool has no node that users may open.
pub(super) fn has_path(frame: Frame<'_>, lv: &Lv) -> bool {
    frame.view.is_visible(lv)
        && inspect::segtype(lv) != Some(SegmentType::ThinPool)
        && !lv.flags.has(LvFlag::CacheVol)
}
