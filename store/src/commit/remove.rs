//! Removing a VG.
//!
//! ```text
//! 1. every PV says it is in no VG   2. areas with older texts are emptied   3. the others are emptied
//! ```
//! Until the last area with the newest text is emptied, the VG is there, whole: a PV that does not say that it
//! is used is no obstacle to that. In another order a crash could leave PVs that nobody may use for a VG that
//! does not exist, or bring an older state of the VG back.

use super::LabelError;
use super::error::{AreaError, AreaFailure};
use super::finish::{empty_areas, mark_unused};
use super::writable::unwritable_pvs;
use crate::state::{Holds, PvOnDisk, VgOnDisk};
use device::DiskSet;
use std::sync::Mutex;
use thiserror::Error;

/// Why a VG was not removed, or not completely.
#[derive(Debug, Error)]
pub enum RemoveError {
    /// Some PV could not be written. As long as one area holds its text the VG is there, whole; otherwise it
    /// is gone.
    #[error("Volume group {vg} was not removed from {} of its disks", failures.len())]
    Incomplete {
        /// Which VG.
        vg: String,
        /// What went wrong.
        failures: Vec<AreaFailure>,
    },
}

/// Removes the VG and returns its PVs, which are in no VG now. PVs that are missing keep what they hold.
pub fn remove(disks: &DiskSet, vg: &VgOnDisk) -> Result<Vec<PvOnDisk>, RemoveError> {
    let order = |pv: &&PvOnDisk| vg.vg.pvs.place(pv.id());
    let mut pvs: Vec<&PvOnDisk> = vg.pvs.values().collect();
    pvs.sort_by_key(order);
    let pvs: Vec<PvOnDisk> = vg.outdated.iter().chain(pvs).cloned().collect();
    let failures = unwritable_pvs(disks, &pvs);
    if !failures.is_empty() {
        return Err(RemoveError::Incomplete { vg: vg.vg.name.clone(), failures });
    }
    let pvs = step(disks, vg, pvs, |disk, pv| mark_unused(disk, pv))?;
    let current = |pv: &PvOnDisk| {
        let mut areas = vg.areas.iter().filter(|area| area.disk == pv.disk);
        areas.any(|area| matches!(area.holds, Holds::Current | Holds::Recovered(_)))
    };
    let (newest, older) = pvs.into_iter().partition(current);
    let mut done = step(disks, vg, older, |disk, pv| empty_areas(disk, pv))?;
    done.extend(step(disks, vg, newest, |disk, pv| empty_areas(disk, pv))?);
    done.sort_by_key(|pv| vg.vg.pvs.place(pv.id()));
    Ok(done)
}

/// Does the same on all PVs in parallel.
fn step(
    disks: &DiskSet,
    vg: &VgOnDisk,
    pvs: Vec<PvOnDisk>,
    work: impl Fn(&dyn device::Disk, &mut PvOnDisk) -> Result<(), LabelError> + Sync,
) -> Result<Vec<PvOnDisk>, RemoveError> {
    let pvs: Vec<Mutex<PvOnDisk>> = pvs.into_iter().map(Mutex::new).collect();
    let failures: Vec<AreaFailure> = device::each(
        &pvs,
        |_| true,
        |pv| {
            let mut pv = pv.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let (id, disk) = (pv.disk, disks.disk(pv.disk));
            let failure = |error| AreaFailure { disk: id, path: disk.path().to_owned(), error };
            if disk.read_only() {
                return Some(failure(AreaError::ReadOnly));
            }
            match work(&**disk, &mut pv) {
                Ok(()) => None,
                Err(LabelError::Disk(error)) => Some(failure(error.into())),
                Err(LabelError::Damage(damage)) => Some(failure(AreaError::Label(damage))),
                Err(LabelError::Ring(error)) => Some(failure(error.into())),
            }
        },
    )
    .into_iter()
    .flatten()
    .collect();
    if !failures.is_empty() {
        return Err(RemoveError::Incomplete { vg: vg.vg.name.clone(), failures });
    }
    Ok(pvs.into_iter().map(|pv| pv.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)).collect())
}
