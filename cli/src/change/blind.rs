//! Changes that take knowing what runs, where device-mapper is there and cannot be asked: an LV that is mounted would
//! be taken for one that is not.

use super::{Before, Planned, Refusal};
use activate::Wish;
use metadata::live::Live;
use metadata::model::{AllocPolicy, Lv, Vg, VgFlag};

/// Refuses a plan that touches what may run, where that cannot be known. New LVs on free extents, PVs that join, tags
/// and the like are nobody's risk.
pub(super) fn check(before: &Before, planned: &Planned) -> Result<(), Refusal> {
    let Some(place) = before.place else { return Ok(()) };
    let (vg, live) = (&before.sight.scan.vgs[place].vg, before.sight.live(place));
    // Comparing takes a copy of each LV.
    if live.unasked.is_none() {
        return Ok(());
    }
    let merged = before.other().is_some_and(|(other, _)| !other.vg.lvs.is_empty());
    let wishes = planned.wishes.iter().any(|(_, wish)| *wish != Wish::Keep);
    match merged || wishes || touches(vg, &planned.proposal.next) {
        true => know(vg, live),
        false => Ok(()),
    }
}

/// Refuses where it cannot be known what runs of the VG.
pub(super) fn know(vg: &Vg, live: &Live) -> Result<(), Refusal> {
    let Some(reason) = &live.unasked else { return Ok(()) };
    let told = format!("Which logical volumes of {} are in use is not known: {reason}.", vg.name);
    Err(Refusal::words(told).line("Nothing was changed.").hint(
        "be root and see that /dev/mapper/control is device-mapper's; where nothing runs, --config global/activation=0 \
         changes metadata alone",
    ))
}

/// Whether LVs there are, or the devices they would have, become others.
fn touches(old: &Vg, next: &Vg) -> bool {
    if old.lvs.is_empty() {
        return false;
    }
    let moved = old.pvs.iter().any(|pv| next.pvs.get(pv.id).is_some_and(|new| new.pe_start != pv.pe_start));
    let exported = old.flags.has(VgFlag::Exported);
    let leaves = !exported && (next.flags.has(VgFlag::Exported) || next.system_id != old.system_id);
    let differs = |lv: &Lv| next.lvs.get(lv.id).is_none_or(|new| devices(new) != devices(lv));
    let renamed = (old.id, &old.name) != (next.id, &next.name);
    renamed || old.extent_size != next.extent_size || moved || leaves || old.lvs.iter().any(differs)
}

/// The LV without what its devices know nothing of.
fn devices(lv: &Lv) -> Lv {
    Lv { tags: Vec::new(), alloc: AllocPolicy::Inherit, profile: None, ..lv.clone() }
}
