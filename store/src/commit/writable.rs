//! Whether disks take writes, asked before the first byte is written.

use super::error::{AreaError, AreaFailure, StageError};
use crate::state::{PvOnDisk, VgOnDisk};
use device::{Disk, DiskError, DiskId, DiskSet};
use metadata::model::Vg;

/// Opens for writing the disks of the sound metadata areas that `vg`'s PVs have in `next`, so that a refusal comes
/// before anything is done.
pub fn check_writable(disks: &DiskSet, vg: &VgOnDisk, next: &Vg) -> Result<(), StageError> {
    let mut asked: Vec<DiskId> = Vec::new();
    for area in vg.areas_in_use().filter(|area| !area.is_bad() && next.pvs.contains(area.pv)) {
        if !asked.contains(&area.disk) {
            asked.push(area.disk);
        }
    }
    let failures = unwritable(disks, &asked);
    match failures.is_empty() {
        true => Ok(()),
        false => Err(StageError::Areas {
            vg: vg.vg.name.clone(),
            areas: vg.areas.len(),
            failures,
            left_staged: Vec::new(),
        }),
    }
}

/// The PVs' disks that cannot be opened for writing.
pub(super) fn unwritable_pvs(disks: &DiskSet, pvs: &[PvOnDisk]) -> Vec<AreaFailure> {
    unwritable(disks, &pvs.iter().map(|pv| pv.disk).collect::<Vec<_>>())
}

fn unwritable(disks: &DiskSet, asked: &[DiskId]) -> Vec<AreaFailure> {
    let open = |id: &DiskId| {
        let disk = disks.disk(*id);
        open(&**disk).err().map(|error| AreaFailure::new(*id, &**disk, error))
    };
    asked.iter().filter_map(open).collect()
}

/// Opens a disk for writing.
pub(super) fn open(disk: &dyn Disk) -> Result<(), AreaError> {
    match disk.open_writable() {
        Err(DiskError::ReadOnly { .. }) => Err(AreaError::ReadOnly),
        other => Ok(other?),
    }
}
