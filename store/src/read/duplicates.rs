//! PV ids that more than one disk has.

use super::ReadOptions;
use crate::state::{DuplicatePv, PvOnDisk};
use device::DiskSet;
use std::collections::HashMap;
use units::Id;

/// Keeps one PV of each id, and names the disks of the others. First choice is a disk that running LVs are on,
/// then one of the size that the PV header gives, then a disk on top of another (a multipath device, an md
/// array), then the one that comes first.
pub(super) fn choose(
    disks: &DiskSet,
    found: Vec<PvOnDisk>,
    options: ReadOptions<'_>,
) -> (Vec<PvOnDisk>, Vec<DuplicatePv>) {
    let mut places: HashMap<Id, Vec<usize>> = HashMap::new();
    for (place, pv) in found.iter().enumerate() {
        places.entry(pv.id()).or_default().push(place);
    }
    let mut duplicates = Vec::new();
    let mut dropped = vec![false; found.len()];
    for (id, places) in places.into_iter().filter(|(_, places)| places.len() > 1) {
        let mut ranked = places;
        ranked.sort_by_key(|place| {
            let pv = &found[*place];
            let entry = disks.get(pv.disk);
            let same_size = entry.disk().len() == pv.label.header.device_size;
            (!(options.in_use)(pv.disk), !same_size, entry.parent().is_none(), *place)
        });
        ranked[1..].iter().for_each(|place| dropped[*place] = true);
        let mut others: Vec<_> = ranked[1..].iter().map(|place| found[*place].disk).collect();
        others.sort();
        duplicates.push(DuplicatePv { id, chosen: found[ranked[0]].disk, others });
    }
    duplicates.sort_by_key(|duplicate| duplicate.chosen);
    let kept = found.into_iter().zip(dropped).filter(|(_, dropped)| !dropped).map(|(pv, _)| pv).collect();
    (kept, duplicates)
}
