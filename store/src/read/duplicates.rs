//! PV ids that more than one disk has.

use super::ReadOptions;
use super::texts::{self, Wanted};
use crate::state::{DuplicatePv, PvOnDisk};
use device::DiskSet;
use metadata::model::Pv;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::fmt;
use units::Id;

/// What speaks for a disk where several have one PV id, the weightiest first (2.03.40: lib/cache/lvmcache.c,
/// _choose_duplicates).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Merits {
    /// It has the id that the VG's text says its device has.
    pub same_id: bool,
    /// Running LVs are on it.
    pub in_use: bool,
    /// It is as large as the PV was.
    pub same_size: bool,
    /// It is called what the VG's text says.
    pub same_name: bool,
    /// It is a device-mapper device that a file system is mounted from.
    pub mounted: bool,
    /// It is a device-mapper device.
    pub mapped: bool,
    /// It is made of other devices: an md array and the like.
    pub made: bool,
}

/// Why one of several disks is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// [`Merits::same_id`]
    Id,
    /// [`Merits::in_use`]
    InUse,
    /// [`Merits::same_size`]
    Size,
    /// [`Merits::same_name`]
    Name,
    /// [`Merits::mounted`]
    Mounted,
    /// [`Merits::mapped`]
    Mapped,
    /// [`Merits::made`]
    Made,
    /// Nothing speaks for either.
    First,
}

impl Reason {
    /// What first tells the two apart.
    fn between(one: Merits, other: Merits) -> Self {
        let differs = [
            (one.same_id != other.same_id, Self::Id),
            (one.in_use != other.in_use, Self::InUse),
            (one.same_size != other.same_size, Self::Size),
            (one.same_name != other.same_name, Self::Name),
            (one.mounted != other.mounted, Self::Mounted),
            (one.mapped != other.mapped, Self::Mapped),
            (one.made != other.made, Self::Made),
        ];
        differs.into_iter().find(|(differs, _)| *differs).map_or(Self::First, |(_, reason)| reason)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Id => "device id",
            Self::InUse => "device is used by LV",
            Self::Size => "device size is correct",
            Self::Name => "device name matches previous",
            Self::Mounted => "device has fs mounted",
            Self::Mapped => "device is in dm subsystem",
            Self::Made => "device is in subsystem",
            Self::First => "device was seen first",
        })
    }
}

/// Keeps one PV of each id, and names the disks of the others.
pub(super) fn choose(
    disks: &DiskSet,
    found: Vec<PvOnDisk>,
    options: ReadOptions<'_>,
) -> (Vec<PvOnDisk>, Vec<DuplicatePv>) {
    let mut places: HashMap<Id, Vec<usize>> = HashMap::new();
    for (place, pv) in found.iter().enumerate() {
        places.entry(pv.id()).or_default().push(place);
    }
    places.retain(|_, places| places.len() > 1);
    if places.is_empty() {
        return (found, Vec::new());
    }
    let told = told(disks, &found);
    let mut duplicates = Vec::new();
    let mut dropped = vec![false; found.len()];
    for (id, places) in places {
        let merits = |place: usize| merits(disks, &found[place], told.get(&id), options);
        let (mut best, mut reason) = (places[0], Reason::First);
        for &next in &places[1..] {
            let (one, other) = (merits(best), merits(next));
            reason = Reason::between(one, other);
            if other > one {
                best = next;
            }
        }
        let others = places.into_iter().filter(|place| *place != best);
        let mut others: Vec<_> =
            others.inspect(|place| dropped[*place] = true).map(|place| found[place].disk).collect();
        others.sort();
        duplicates.push(DuplicatePv { id, chosen: found[best].disk, reason, others });
    }
    duplicates.sort_by_key(|duplicate| duplicate.chosen);
    let kept = found.into_iter().zip(dropped).filter(|(_, dropped)| !dropped).map(|(pv, _)| pv).collect();
    (kept, duplicates)
}

/// What the newest texts on all disks say of the PVs.
fn told(disks: &DiskSet, found: &[PvOnDisk]) -> HashMap<Id, Pv> {
    let mut texts = texts::read(disks, &mut found.to_vec(), Wanted::All).texts;
    texts.sort_by_key(|found| Reverse((found.text.provenance.time, found.text.vg.seqno)));
    let mut told = HashMap::new();
    for pv in texts.iter().flat_map(|found| found.text.vg.pvs.iter()) {
        told.entry(pv.id).or_insert_with(|| pv.clone());
    }
    told
}

fn merits(disks: &DiskSet, pv: &PvOnDisk, told: Option<&Pv>, options: ReadOptions<'_>) -> Merits {
    let entry = disks.get(pv.disk);
    let size = told.and_then(|told| told.dev_size?.bytes()).unwrap_or(pv.label.header.device_size);
    let merits = (options.merits)(pv.disk, told);
    Merits { same_size: entry.disk().len() == size, made: merits.made || entry.parent().is_some(), ..merits }
}
