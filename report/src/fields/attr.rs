//! Attribute columns: one letter per property.

use super::{layers, role, status};
use crate::parts::Part;
use crate::subject::{PvFacts, VgView};
use metadata::live::{Mode, SnapshotStatus, Status, ThinStatus};
use metadata::model::{Lv, LvFlag, Pv, PvFlag, Segment, SegmentType, Vg, VgFlag};

/// `wz--n--`: permissions, resizeable, exported, partial, policy, clustered or shared, persistent reservation
/// (the seventh since 2.03.37).
pub(crate) fn vg(view: &VgView<'_>) -> String {
    let vg = view.vg;
    let flag = |on: bool, letter: char| if on { letter } else { '-' };
    [
        if vg.is_writable() { 'w' } else { 'r' },
        flag(vg.flags.has(VgFlag::Resizeable), 'z'),
        flag(vg.is_exported(), 'x'),
        flag(view.missing_count() > 0, 'p'),
        vg.alloc.letter(),
        match (vg.flags.has(VgFlag::Clustered), vg.is_shared()) {
            (true, _) => 'c',
            (false, true) => 's',
            (false, false) => '-',
        },
        flag(vg.requires_reservation(), 'P'),
    ]
    .into_iter()
    .collect()
}

/// `a--`: duplicate, allocatable or used; exported; missing.
pub(crate) fn pv(pv: Option<&Pv>, device: Option<&PvFacts>) -> String {
    let duplicate = device.is_some_and(|facts| facts.duplicate);
    let used = device.is_some_and(|facts| facts.marked_used) || pv.is_some();
    let has = |flag| pv.is_some_and(|pv| pv.flags.has(flag));
    let first = match (duplicate, has(PvFlag::Allocatable), used) {
        (true, _, _) => 'd',
        (false, true, _) => 'a',
        (false, false, true) => 'u',
        (false, false, false) => '-',
    };
    let gone = has(PvFlag::Missing) || device.is_some_and(|facts| facts.missing);
    [first, if has(PvFlag::Exported) { 'x' } else { '-' }, if gone { 'm' } else { '-' }].into_iter().collect()
}

/// The ten letters of an LV (2.03.40: lv.c, lv_attr_dup_with_info_and_seg_status).
pub(crate) fn lv(view: &VgView<'_>, lv: &Lv) -> String {
    let mut letters = ['-'; 10];
    letters[0] = volume_type(view, lv);
    letters[1] = match (lv.flags.has(LvFlag::Pvmove), lv.is_writable(), lv.flags.has(LvFlag::Read)) {
        (true, _, _) | (false, false, false) => '-',
        (false, true, _) => 'w',
        (false, false, true) => 'r',
    };
    letters[2] = lv.alloc.letter();
    if is_locked(view, lv) {
        letters[2] = letters[2].to_ascii_uppercase();
    }
    if lv.flags.has(LvFlag::FixedMinor) {
        letters[3] = 'm';
    }
    state(view, lv, &mut letters);
    letters[6] = target(view, lv);
    letters[7] = if zeroes(view.vg, lv) { 'z' } else { '-' };
    letters[8] = health(view, lv);
    if lv.flags.has(LvFlag::ActivationSkip) {
        letters[9] = 'k';
    }
    letters.into_iter().collect()
}

/// Whether it or an LV below it is not to be changed.
fn is_locked(view: &VgView<'_>, lv: &Lv) -> bool {
    if !view.parts().any_locked() {
        return false;
    }
    let mut seen = vec![lv.id];
    let mut queue = vec![lv];
    while let Some(next) = queue.pop() {
        if next.flags.has(LvFlag::Locked) {
            return true;
        }
        for below in next.segments.iter().flat_map(Segment::lvs) {
            if !seen.contains(&below) {
                seen.push(below);
                queue.extend(view.vg.lvs.get(below));
            }
        }
    }
    false
}

fn state(view: &VgView<'_>, lv: &Lv, letters: &mut [char; 10]) {
    let status = status::of(view, lv);
    if !view.live.known || status == Some(&Status::Unknown) {
        (letters[4], letters[5]) = ('X', 'X');
        return;
    }
    let Some(live) = status::device(view, lv) else { return };
    let one_of = |running, suspended| if live.suspended { suspended } else { running };
    letters[4] = match (live.suspended, live.live_table, live.inactive_table) {
        (true, _, _) => 's',
        (false, true, _) => 'a',
        (false, false, true) => 'i',
        (false, false, false) => 'd',
    };
    match status {
        Some(Status::Snapshot(SnapshotStatus::Invalid)) if live.live_table => letters[4] = one_of('I', 'S'),
        Some(Status::Snapshot(SnapshotStatus::MergeFailed)) if live.live_table => {
            letters[4] = one_of('m', 'M');
        }
        Some(Status::ThinPool(pool)) if pool.needs_check && status::is(lv, SegmentType::ThinPool) => {
            letters[4] = one_of('c', 'C');
        }
        Some(Status::Cache(cache)) if cache.needs_check && status::is(lv, SegmentType::Cache) => {
            letters[4] = one_of('c', 'C');
        }
        _ => (),
    }
    letters[5] = if live.open_count > 0 { 'o' } else { '-' };
    if live.read_only && letters[1] != 'r' {
        letters[1] = 'R';
    }
}

fn zeroes(vg: &Vg, lv: &Lv) -> bool {
    let pool = match layers::segtype(lv) {
        Some(SegmentType::ThinPool) => Some(lv),
        Some(SegmentType::Thin) => layers::lv_of_key(lv, "thin_pool").and_then(|id| vg.lvs.get(id)),
        _ => None,
    };
    pool.is_some_and(|pool| layers::number_of_key(pool, "zero_new_blocks") == Some(1))
}

/// Whether a PV that it lies on is missing, or was at the last change. An origin does not run without its snapshots'
/// stores; of a store without its origin LVM2 does not say it.
pub fn is_partial(view: &VgView<'_>, lv: &Lv) -> bool {
    if view.missing_count() == 0 {
        return false;
    }
    let stores = view.parts().stores_of(lv).iter().filter_map(|id| view.vg.lvs.get(*id));
    let lacks = |lv: &Lv| view.vg.pvs_of(lv).into_iter().any(|pv| view.counts_as_missing(pv));
    std::iter::once(lv).chain(stores).any(lacks)
}

/// Whether the LV is a raid, or an image or metadata image of one.
pub(crate) fn is_of_raid(view: &VgView<'_>, lv: &Lv) -> bool {
    layers::is_raid(lv) || matches!(view.parts().part(lv), Some(Part::RaidImage | Part::RaidMeta))
}

fn volume_type(view: &VgView<'_>, lv: &Lv) -> char {
    let parts = view.parts();
    let (part, segtype) = (parts.part(lv), layers::segtype(lv));
    let merging = parts.is_merging_origin(lv);
    let synced = |yes, no| if lv.flags.has(LvFlag::NotSynced) { no } else { yes };
    if lv.flags.has(LvFlag::Pvmove) {
        return 'p';
    }
    if parts.is_origin(lv) || !parts.externals_of(lv).is_empty() {
        return if merging { 'O' } else { 'o' };
    }
    let metadata =
        matches!(part, Some(Part::ThinMeta | Part::CacheMeta | Part::RaidMeta | Part::IntegrityMeta));
    if metadata || role::is_spare(lv) {
        return 'e';
    }
    if part == Some(Part::CacheData) || lv.flags.has(LvFlag::CacheVol) {
        return 'C';
    }
    let image = |in_sync| if in_sync { 'i' } else { 'I' };
    match segtype {
        Some(SegmentType::Cache | SegmentType::CachePool | SegmentType::Writecache) => 'C',
        _ if part == Some(Part::IntegrityOrigin) => image(status::image_in_sync(view, lv)),
        Some(SegmentType::Integrity) => 'g',
        Some(raid) if layers::is_raid_type(raid) => synced('r', 'R'),
        Some(SegmentType::Mirror) => synced('m', 'M'),
        Some(SegmentType::Thin) if merging => 'O',
        Some(SegmentType::Thin) if layers::lv_of_key(lv, "merge").is_some() => 'S',
        Some(SegmentType::Thin) => 'V',
        Some(SegmentType::VdoPool) => 'd',
        _ if part == Some(Part::VdoData) => 'D',
        _ if lv.segments.iter().any(layers::is_virtual) => 'v',
        Some(SegmentType::ThinPool) => 't',
        _ => match (part, parts.store(lv)) {
            (Some(Part::ThinData), _) => 'T',
            (Some(Part::MirrorImage), _) => image(status::image_in_sync(view, lv)),
            // An image split off for a while is visible, and out of step.
            (Some(Part::RaidImage), _) => image(!lv.is_visible() && status::image_in_sync(view, lv)),
            (Some(Part::MirrorLog), _) => 'l',
            (_, Some(store)) => {
                if store.merging {
                    'S'
                } else {
                    's'
                }
            }
            (Some(Part::CacheOrigin | Part::WritecacheOrigin), None) => 'o',
            (_, None) => '-',
        },
    }
}

fn target(view: &VgView<'_>, lv: &Lv) -> char {
    let parts = view.parts();
    let part = parts.part(lv);
    match layers::segtype(lv) {
        Some(SegmentType::Thin | SegmentType::ThinPool) => 't',
        Some(SegmentType::Cache | SegmentType::CachePool | SegmentType::Writecache) => 'C',
        _ if lv.flags.has(LvFlag::CacheVol) => 'C',
        _ if matches!(part, Some(Part::CacheOrigin | Part::WritecacheOrigin)) => 'C',
        _ if is_of_raid(view, lv) => 'r',
        Some(SegmentType::Mirror) => 'm',
        _ if matches!(part, Some(Part::MirrorImage | Part::MirrorLog)) => 'm',
        _ if lv.flags.has(LvFlag::Pvmove) => 'm',
        _ if parts.is_origin(lv) || parts.store(lv).is_some() => 's',
        _ if lv.segments.iter().any(|segment| segment.segtype().is_none()) => 'u',
        _ if lv.segments.iter().any(layers::is_virtual) => 'v',
        _ => '-',
    }
}

/// The ninth letter.
fn health(view: &VgView<'_>, lv: &Lv) -> char {
    if is_partial(view, lv) {
        return 'p';
    }
    if is_of_raid(view, lv) {
        return raid_health(view, lv);
    }
    match status::of(view, lv) {
        Some(Status::Cache(cache)) if cache.mode == Mode::Failed => 'F',
        Some(Status::Cache(cache)) if cache.mode == Mode::ReadOnly => 'M',
        Some(Status::ThinPool(pool)) => match pool.mode {
            Mode::Failed => 'F',
            Mode::OutOfData => 'D',
            Mode::ReadOnly => 'M',
            Mode::ReadWrite => '-',
        },
        Some(Status::Thin(ThinStatus::Failed)) => 'F',
        Some(Status::Writecache(cache)) if cache.errors > 0 => 'E',
        Some(Status::Unknown) => 'X',
        _ => '-',
    }
}

fn raid_health(view: &VgView<'_>, lv: &Lv) -> char {
    if !view.live.known {
        return 'X';
    }
    if status::raid_need(view, lv).is_some() {
        return 'r';
    }
    if !layers::is_raid(lv) {
        return match (lv.flags.has(LvFlag::WriteMostly), lv.flags.has(LvFlag::RemoveAfterReshape)) {
            (true, _) => 'w',
            (false, true) => 'R',
            (false, false) => '-',
        };
    }
    let raid = status::raid(view, lv);
    if raid.is_some_and(|raid| raid.mismatches > 0) {
        return 'm';
    }
    if raid.is_some_and(|raid| raid.action.as_deref() == Some("reshape")) {
        return 's';
    }
    let leaves = |id| view.vg.lvs.get(id).is_some_and(|lv| lv.flags.has(LvFlag::RemoveAfterReshape));
    if lv.segments.first().is_some_and(|first| layers::raid_lvs(first).any(leaves)) { 'R' } else { '-' }
}
