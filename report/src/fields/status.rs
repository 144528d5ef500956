//! What the kernel says of an LV, told as reports need it (2.03.40: activate.c, lv_info_with_seg_status).

use super::layers;
use crate::parts::Part;
use crate::subject::VgView;
use metadata::live::{
    ImageHealth, LvLive, MirrorStatus, Mode, RaidStatus, SnapshotStatus, Status, ThinStatus,
};
use metadata::model::{Lv, Segment, SegmentType};
use units::{Extents, Percent};

/// Which share of an LV is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// How full it is.
    Data,
    /// How full its metadata are.
    Metadata,
    /// How far it is in sync, or still to be written back.
    Sync,
}

/// The device whose state is the LV's. In a report that asks targets too a pool's is that of the device below the
/// one that holds its name, a merging snapshot's its origin's.
pub fn device<'v>(view: &'v VgView<'_>, lv: &Lv) -> Option<&'v LvLive> {
    let live = view.live;
    match layers::segtype(lv) {
        Some(SegmentType::CachePool) if live.targets_asked && is_used_cache_pool(view, lv) => None,
        Some(SegmentType::ThinPool | SegmentType::VdoPool) if live.targets_asked => {
            let own = live.of(lv.id);
            let checked = !matches!(of(view, lv), Some(Status::ThinPool(pool)) if pool.needs_check);
            if own.is_none() && checked { None } else { live.layered.get(&lv.id).or(own) }
        }
        _ => live.of(merging_origin(view, lv).unwrap_or(lv).id),
    }
}

/// What the LV's target says.
pub fn of<'v>(view: &'v VgView<'_>, lv: &Lv) -> Option<&'v Status> {
    let live = view.live;
    if is_used_cache_pool(view, lv) {
        return view.parts().place(lv).and_then(|place| live.status.get(&place.of));
    }
    if layers::segtype(lv) == Some(SegmentType::Vdo) {
        return layers::lv_of_key(lv, "vdo_pool").and_then(|pool| live.status.get(&pool));
    }
    if let Some(origin) = merging_origin(view, lv) {
        return live.merges.get(&origin.id).or_else(|| live.status.get(&origin.id));
    }
    match live.merges.get(&lv.id) {
        Some(merge @ Status::Snapshot(_)) => Some(merge),
        _ => live.status.get(&lv.id),
    }
}

/// The origin that a snapshot is being merged into, once the merge runs.
fn merging_origin<'v>(view: &'v VgView<'_>, lv: &Lv) -> Option<&'v Lv> {
    let snapshot = view.parts().store(lv).filter(|snapshot| snapshot.merging)?;
    let runs = matches!(view.live.merges.get(&snapshot.origin), Some(Status::Snapshot(_)));
    view.vg.lvs.get(snapshot.origin).filter(|_| runs)
}

pub(crate) fn is_used_cache_pool(view: &VgView<'_>, lv: &Lv) -> bool {
    layers::segtype(lv) == Some(SegmentType::CachePool) && view.parts().part(lv) == Some(Part::CachePool)
}

/// The raid status of an LV that is a raid.
pub fn raid<'v>(view: &'v VgView<'_>, lv: &Lv) -> Option<&'v RaidStatus> {
    match view.live.status.get(&lv.id)? {
        Status::Raid(raid) if layers::is_raid(lv) => Some(raid),
        _ => None,
    }
}

/// A share of the LV, where its target says something about it.
pub fn share(view: &VgView<'_>, lv: &Lv, share: Share) -> Option<Percent> {
    match (of(view, lv)?, share) {
        (Status::Integrity(status), Share::Sync) => {
            let done = status.recalculated.filter(|&sector| sector != 0)?;
            Some(Percent::of(done, status.sectors))
        }
        (Status::Cache(cache), _) if cache.mode == Mode::Failed => None,
        (Status::Cache(cache), Share::Sync) => {
            Some(if cache.used == 0 { Percent::ZERO } else { Percent::of(cache.dirty, cache.used) })
        }
        (Status::Cache(cache), Share::Metadata) => {
            Some(Percent::of(cache.metadata_used, cache.metadata_total))
        }
        (Status::Cache(cache), Share::Data) => Some(Percent::of(cache.used, cache.total)),
        (Status::Writecache(cache), Share::Data) => {
            Some(Percent::of(cache.total.saturating_sub(cache.free), cache.total))
        }
        (Status::Raid(raid), Share::Sync) => Some(Percent::of(raid.in_sync, raid.total)),
        (Status::Snapshot(snapshot), _) => snapshot_share(*snapshot),
        (Status::ThinPool(pool), Share::Metadata) => pool.metadata,
        (Status::ThinPool(pool), _) => pool.data,
        (Status::Thin(ThinStatus::Mapped(mapped)), Share::Data) => thin_share(view, lv, mapped.get()),
        (Status::VdoPool(pool), _) => Some(Percent::of(pool.used, pool.total)),
        (Status::Integrity(_) | Status::Writecache(_) | Status::Raid(_) | Status::Thin(_), _)
        | (Status::Mirror(_) | Status::Unknown, _) => None,
    }
}

/// Whether the old-style snapshot whose store that is can still be read: it is asked about, and was not written full.
pub fn works(view: &VgView<'_>, store: &Lv) -> bool {
    let is_invalid = matches!(of(view, store), Some(Status::Snapshot(SnapshotStatus::Invalid)));
    share(view, store, Share::Data).is_some() && !is_invalid
}

fn snapshot_share(snapshot: SnapshotStatus) -> Option<Percent> {
    match snapshot {
        SnapshotStatus::MergeFailed => None,
        SnapshotStatus::Invalid => Some(Percent::FULL),
        SnapshotStatus::Running { used, metadata, .. } if metadata == Some(used) => Some(Percent::ZERO),
        SnapshotStatus::Running { used, total, .. } => Some(Percent::of(used.get(), total.get())),
    }
}

/// A pool gives whole chunks, so the LV's size counts in whole chunks too.
fn thin_share(view: &VgView<'_>, lv: &Lv, mapped: u64) -> Option<Percent> {
    let pool = view.vg.lvs.get(layers::lv_of_key(lv, "thin_pool")?)?;
    let chunk = u64::try_from(layers::number_of_key(pool, "chunk_size")?).ok().filter(|&chunk| chunk > 0)?;
    let size = view.vg.extent_size.to_sectors(lv.extents())?.get().div_ceil(chunk).checked_mul(chunk)?;
    Some(Percent::of(mapped, size))
}

/// How far a mirror's legs are equal: LVM2 counts whole extents.
fn mirror_share(lv: &Lv, mirror: MirrorStatus) -> Percent {
    let extents = lv.segments.iter().map(|segment| segment.len).sum::<Extents>().get();
    let done = match mirror.total {
        0 => extents,
        total => (u128::from(extents) * u128::from(mirror.in_sync) / u128::from(total)) as u64,
    };
    Percent::of(done, extents)
}

/// The column called Cpy%Sync.
pub(crate) fn sync_share(view: &VgView<'_>, lv: &Lv) -> Option<Percent> {
    let segtype = layers::segtype(lv)?;
    match segtype {
        SegmentType::Integrity | SegmentType::Cache => share(view, lv, Share::Sync),
        SegmentType::CachePool if is_used_cache_pool(view, lv) => share(view, lv, Share::Sync),
        SegmentType::Mirror => match view.live.status.get(&lv.id)? {
            Status::Mirror(mirror) => Some(mirror_share(lv, *mirror)),
            _ => None,
        },
        _ if layers::is_raid_type(segtype) && !layers::is_raid0(segtype) => {
            raid(view, lv).map(|raid| Percent::of(raid.in_sync, raid.total))
        }
        _ => None,
    }
}

/// Whether an image of a mirror or raid is known to be equal to the others. A raid's image counts only while
/// it has a device.
pub(crate) fn image_in_sync(view: &VgView<'_>, image: &Lv) -> bool {
    let Some(place) = view.parts().place(image) else { return false };
    match place.part {
        Part::MirrorImage => {
            let status = view.live.status.get(&place.of);
            matches!(status, Some(Status::Mirror(mirror)) if mirror.in_sync == mirror.total)
        }
        Part::RaidImage => image_health(view, image) == Some(ImageHealth::InSync),
        Part::IntegrityOrigin => {
            let above = view.vg.lvs.get(place.of);
            view.live.is_active(image.id) && above.is_some_and(|above| image_in_sync(view, above))
        }
        _ => false,
    }
}

/// What a raid says of one of its images or metadata images, while that has a device.
fn image_health(view: &VgView<'_>, image: &Lv) -> Option<ImageHealth> {
    let place = view.parts().place(image).filter(|_| view.live.is_active(image.id))?;
    let raid = raid(view, view.vg.lvs.get(place.of)?)?;
    raid.images.get(place.index).copied()
}

/// What an LV of a raid needs to be whole again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// A device came back.
    Refresh,
    /// A device is gone for good.
    Repair,
    /// Nobody can tell which.
    Either,
}

impl Need {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Refresh => "refresh needed",
            Self::Repair => "repair needed",
            Self::Either => "refresh or repair needed",
        }
    }
}

/// What a raid, an image or a metadata image needs, as far as the kernel says (2.03.40: lv.c, lv_raid_healthy).
pub(crate) fn raid_need(view: &VgView<'_>, lv: &Lv) -> Option<Need> {
    if !view.live.is_active(lv.id) {
        return None;
    }
    let top = match view.parts().place(lv).filter(|_| !layers::is_raid(lv)) {
        Some(place) => view.vg.lvs.get(place.of)?,
        None => lv,
    };
    let status = raid(view, top)?;
    let images: Vec<&Lv> = layers::raid_lvs(top.segments.first()?)
        .filter(|&id| !layers::is_raid_metadata(view.vg, id))
        .filter_map(|id| view.vg.lvs.get(id))
        .collect();
    let dead = |place: usize| status.images.get(place) == Some(&ImageHealth::Dead);
    if images.len() != status.images.len() {
        let any = (0..status.images.len()).any(dead);
        return any.then_some(Need::Either);
    }
    let need = |lv: &Lv| match lv.segments.iter().any(layers::is_virtual) {
        true => Need::Repair,
        false => Need::Refresh,
    };
    if top.id == lv.id {
        return (0..images.len()).find(|&place| dead(place)).map(|place| need(images[place]));
    }
    let place = view.parts().place(lv)?;
    dead(place.index).then(|| need(lv))
}

/// Whether the LV's first segment is of that type.
pub(crate) fn is(lv: &Lv, segtype: SegmentType) -> bool {
    lv.segments.first().and_then(Segment::segtype) == Some(segtype)
}
