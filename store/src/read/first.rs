//! The first round trip: which disks are PVs.

use super::ReadOptions;
use crate::state::{PvOnDisk, Scan};
use device::{Disk, DiskId, DiskSet, read_all_parallel};
use pv::{Exclusion, FIRST_BYTES, Probe, exclusion, probe};
use units::Bytes;

/// The PVs among the disks, in their order; what is no PV is noted in `scan`.
pub(super) fn pvs(disks: &DiskSet, options: ReadOptions<'_>, scan: &mut Scan) -> Vec<PvOnDisk> {
    let all: Vec<&dyn Disk> = disks.iter().map(|entry| &**entry.disk()).collect();
    let first = read_all_parallel(&all, Bytes::ZERO, Bytes::new(FIRST_BYTES as u64));
    let mut found = Vec::new();
    for (entry, first) in disks.iter().zip(first) {
        let id = entry.id();
        match first.map(|first| (probe(&first), first)) {
            Err(error) => scan.unreadable.push((id, error)),
            Ok((Probe::NoLabel, _)) => {}
            Ok((Probe::Damaged(damage), _)) => scan.damaged.push((id, damage)),
            Ok((Probe::Label(label), first)) => match excluded(&**entry.disk(), id, &first, options) {
                Some(reason) => scan.skipped.push((id, reason)),
                None => found.push(PvOnDisk::new(id, *label)),
            },
        }
    }
    found
}

/// Whether something else owns the disk although there is a label. What cannot be read is no reason.
fn excluded(disk: &dyn Disk, id: DiskId, first: &[u8], options: ReadOptions<'_>) -> Option<Exclusion> {
    let partitionable = (options.partitionable)(id);
    exclusion(disk, first, partitionable, options.md_components).unwrap_or_default()
}
