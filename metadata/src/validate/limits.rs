//! Counts: the VG's own limits, and the 32 bits that texts and LVM2 have for extents.

use super::{Count, Named, Violation};
use crate::model::Vg;
use units::Extents;

const MOST_EXTENTS: u64 = u32::MAX as u64;

pub(super) fn check(vg: &Vg, found: &mut Vec<Violation>) {
    let who = || Named::Vg(vg.name.clone());
    let mut limit = |count, has: u64, most: u32| {
        if most > 0 && has > u64::from(most) {
            found.push(Violation::TooMany { who: who(), count, has, most: u64::from(most) });
        }
    };
    limit(Count::Pvs, vg.pvs.len() as u64, vg.max_pv);
    if vg.max_lv > 0 {
        let visibility = vg.visibility();
        let shown = vg.lvs.iter().filter(|lv| visibility.is_visible(vg, lv)).count();
        limit(Count::Lvs, shown as u64, vg.max_lv);
    }
    let mut extents = |who: Named, has: Option<Extents>| {
        let has = has.map_or(u64::MAX, Extents::get);
        if has > MOST_EXTENTS {
            found.push(Violation::TooMany { who, count: Count::Extents, has, most: MOST_EXTENTS });
        }
    };
    extents(who(), sum(vg.pvs.iter().map(|pv| pv.pe_count)));
    for pv in vg.pvs.iter().filter(|pv| pv.pe_count.get() > MOST_EXTENTS) {
        extents(Named::Pv(pv.device.clone()), Some(pv.pe_count));
    }
    for lv in &vg.lvs {
        let total = sum(lv.segments.iter().map(|segment| segment.len));
        if total.is_none_or(|total| total.get() > MOST_EXTENTS) {
            extents(Named::Lv(lv.name.clone()), total);
        }
    }
}

/// The sum, unless it overflows.
fn sum(mut counts: impl Iterator<Item = Extents>) -> Option<Extents> {
    counts.try_fold(Extents::ZERO, Extents::checked_add)
}
