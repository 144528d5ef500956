//! Attribute columns: one letter per property.

use super::layers;
use crate::subject::{PvFacts, VgView};
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
        flag(requires_reservation(vg), 'P'),
    ]
    .into_iter()
    .collect()
}

fn requires_reservation(vg: &Vg) -> bool {
    use metadata::model::RawValue::{List, Text};
    vg.extras.iter().any(|(_, item)| {
        item.key == "pr" && matches!(&item.value, List(words) if words.contains(&Text("require".to_owned())))
    })
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

/// The ten letters of an LV.
pub(crate) fn lv(view: &VgView<'_>, lv: &Lv) -> String {
    let mut letters = ['-'; 10];
    letters[0] = volume_type(view, lv);
    letters[1] = match (lv.flags.has(LvFlag::Pvmove), lv.is_writable(), lv.flags.has(LvFlag::Read)) {
        (true, _, _) | (false, false, false) => '-',
        (false, true, _) => 'w',
        (false, false, true) => 'r',
    };
    letters[2] = lv.alloc.letter();
    if lv.flags.has(LvFlag::Locked) {
        letters[2] = letters[2].to_ascii_uppercase();
    }
    if lv.flags.has(LvFlag::FixedMinor) {
        letters[3] = 'm';
    }
    state(view, lv, &mut letters);
    letters[6] = target(view, lv);
    letters[7] = if zeroes(view.vg, lv) { 'z' } else { '-' };
    if is_partial(view, lv) {
        letters[8] = 'p';
    } else if layers::is_raid(lv) && !view.live.known {
        letters[8] = 'X';
    }
    if lv.flags.has(LvFlag::ActivationSkip) {
        letters[9] = 'k';
    }
    letters.into_iter().collect()
}

fn state(view: &VgView<'_>, lv: &Lv, letters: &mut [char; 10]) {
    if !view.live.known {
        (letters[4], letters[5]) = ('X', 'X');
    } else if let Some(live) = view.live.of(lv.id) {
        letters[4] = match (live.suspended, live.live_table, live.inactive_table) {
            (true, _, _) => 's',
            (false, true, _) => 'a',
            (false, false, true) => 'i',
            (false, false, false) => 'd',
        };
        letters[5] = if live.open_count > 0 { 'o' } else { '-' };
        if live.read_only && letters[1] != 'r' {
            letters[1] = 'R';
        }
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

/// Whether a PV that it lies on is missing.
pub(crate) fn is_partial(view: &VgView<'_>, lv: &Lv) -> bool {
    view.missing_count() > 0 && view.vg.pvs_of(lv).into_iter().any(|pv| view.is_missing(pv))
}

fn volume_type(view: &VgView<'_>, lv: &Lv) -> char {
    let segtype = layers::segtype(lv);
    let not_synced = lv.flags.has(LvFlag::NotSynced);
    if lv.flags.has(LvFlag::Pvmove) {
        return 'p';
    }
    if layers::is_origin(view, lv) {
        return 'o';
    }
    if ["_tmeta", "_cmeta", "_rmeta", "_imeta", "_pmspare"].iter().any(|part| layers::is_sub_lv(lv, part)) {
        return 'e';
    }
    if layers::origin_of_cow(view, lv).is_some() {
        return 's';
    }
    match segtype {
        Some(SegmentType::Cache | SegmentType::CachePool | SegmentType::Writecache) => 'C',
        Some(SegmentType::Integrity) => 'g',
        Some(SegmentType::Mirror) => {
            if not_synced {
                'M'
            } else {
                'm'
            }
        }
        Some(SegmentType::Thin) => 'V',
        Some(SegmentType::ThinPool) => 't',
        Some(SegmentType::VdoPool) => 'd',
        Some(SegmentType::Error | SegmentType::Zero | SegmentType::Vdo) => 'v',
        Some(_) if layers::is_raid(lv) => {
            if not_synced {
                'R'
            } else {
                'r'
            }
        }
        _ => sub_lv_type(lv),
    }
}

fn sub_lv_type(lv: &Lv) -> char {
    const PARTS: [(&str, char); 11] = [
        ("_cdata", 'C'),
        ("_cvol", 'C'),
        ("_cpool", 'C'),
        ("_iorig", 'i'),
        ("_vdata", 'D'),
        ("_tdata", 'T'),
        ("_mimage", 'i'),
        ("_rimage", 'i'),
        ("_mlog", 'l'),
        ("_corig", 'o'),
        ("_wcorig", 'o'),
    ];
    PARTS.iter().find(|(part, _)| layers::is_sub_lv(lv, part)).map_or('-', |(_, letter)| *letter)
}

fn target(view: &VgView<'_>, lv: &Lv) -> char {
    if layers::is_origin(view, lv) || layers::origin_of_cow(view, lv).is_some() {
        return 's';
    }
    let sub = |parts: &[&str]| parts.iter().any(|part| layers::is_sub_lv(lv, part));
    match layers::segtype(lv) {
        Some(SegmentType::Thin | SegmentType::ThinPool) => 't',
        Some(SegmentType::Cache | SegmentType::CachePool | SegmentType::Writecache) => 'C',
        Some(SegmentType::Mirror) => 'm',
        Some(SegmentType::Error | SegmentType::Zero | SegmentType::Vdo) => 'v',
        Some(_) if layers::is_raid(lv) => 'r',
        None if lv.segments.iter().any(|segment| Segment::segtype(segment).is_none()) => 'u',
        _ if sub(&["_corig", "_wcorig", "_cvol", "_cpool"]) => 'C',
        _ if sub(&["_rimage", "_rmeta"]) => 'r',
        _ if sub(&["_mimage", "_mlog"]) => 'm',
        _ => '-',
    }
}
