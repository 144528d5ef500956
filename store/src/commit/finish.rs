//! PV headers after a commit: who is in the VG, and who is not any more.

use super::outcome::Outcome;
use super::{Committed, LabelError, Trouble};
use crate::state::{Finding, PvOnDisk, VgOnDisk};
use device::{Disk, DiskId};
use metadata::disk::{Extension, MdaHeader};
use std::collections::HashMap;
use std::sync::Arc;
use units::{Bytes, Sectors};

/// A change with everything that belongs to it done.
#[derive(Debug)]
pub struct Finished {
    /// The VG as it is on the disks now, for the next change.
    pub vg: VgOnDisk,
    /// The PVs that left it.
    pub left: Vec<PvOnDisk>,
    /// What did not work. The VG is changed all the same.
    pub troubles: Vec<Trouble>,
}

impl Committed {
    /// Marks PVs of the VG as used where they are not, and makes PVs without a VG of those that left it, and, where
    /// that is to be mended, of those that had left it while they were away.
    pub fn finish(self) -> Finished {
        let Self { plan, disks, mut troubles } = self;
        let Outcome { next, provenance, mut pvs, mut areas, leaving, remaking, .. } = plan;
        let Outcome { cleared, mut outdated, mut findings, .. } = plan;
        let failed = remaking.write_areas(&disks, &mut pvs, &mut areas);
        let whole = |pv: &PvOnDisk| failed.iter().all(|(disk, _)| *disk != pv.disk);
        let wants = |pv: &&PvOnDisk| (needs_mark(pv) || remaking.has_label(pv.disk)) && whole(pv);
        let mut marked: Vec<PvOnDisk> = pvs.values().filter(wants).cloned().collect();
        troubles.extend(failed.into_iter().map(|(disk, error)| trouble(&disks, disk, error)));
        for pv in &mut marked {
            pv.label.header.set_used(true);
            // Where a header is written it says what the VG does, as LVM2 has it.
            let size = next.pvs.get(pv.id()).and_then(|pv| pv.dev_size).and_then(Sectors::bytes);
            pv.label.header.device_size = size.unwrap_or(pv.label.header.device_size);
        }
        let results = device::each(&marked, |_| true, |pv| write_label(&*disks[&pv.disk], pv));
        for (pv, result) in marked.into_iter().zip(results) {
            match result {
                Ok(()) => drop(pvs.insert(pv.id(), pv)),
                Err(error) => troubles.push(trouble(&disks, pv.disk, error)),
            }
        }
        let going: Vec<PvOnDisk> = leaving.into_iter().chain(cleared).collect();
        let results = device::each(&going, |_| true, |pv| orphan(&*disks[&pv.disk], pv));
        let mut left = Vec::new();
        for (pv, result) in going.into_iter().zip(results) {
            match result {
                Ok(orphan) => left.push(orphan),
                Err(error) => {
                    troubles.push(trouble(&disks, pv.disk, error));
                    outdated.push(pv);
                }
            }
        }
        let missing = next.pvs.iter().filter(|pv| !pvs.contains_key(&pv.id));
        findings.extend(missing.map(|pv| Finding::MissingPv { pv: pv.id, device: pv.device.clone() }));
        Finished { vg: VgOnDisk { vg: next, provenance, pvs, areas, outdated, findings }, left, troubles }
    }
}

fn trouble(disks: &HashMap<DiskId, Arc<dyn Disk>>, disk: DiskId, error: LabelError) -> Trouble {
    Trouble::Label { disk, path: disks[&disk].path().to_owned(), error }
}

/// Whether the header does not say, in the current version, that the PV is in a VG.
fn needs_mark(pv: &PvOnDisk) -> bool {
    let current = |extension: &Extension| extension.version >= Extension::VERSION;
    !(pv.is_marked_used() && pv.label.header.extension.as_ref().is_some_and(current))
}

/// Writes the label, durably.
pub(super) fn write_label(disk: &dyn Disk, pv: &PvOnDisk) -> Result<(), LabelError> {
    let at = Bytes::new(pv.label.sector * Sectors::BYTES);
    pv::write_in_blocks(disk, at, &pv.label.encode()?)?;
    Ok(disk.flush()?)
}

/// Makes a PV without a VG: first its label says so, then its areas are emptied. Its size is the device's, as
/// LVM2 has it.
pub(super) fn orphan(disk: &dyn Disk, pv: &PvOnDisk) -> Result<PvOnDisk, LabelError> {
    let mut pv = pv.clone();
    mark_unused(disk, &mut pv)?;
    empty_areas(disk, &mut pv)?;
    Ok(pv)
}

/// Says in the label that the PV is in no VG.
pub(super) fn mark_unused(disk: &dyn Disk, pv: &mut PvOnDisk) -> Result<(), LabelError> {
    pv.label.header.set_used(false);
    pv.label.header.device_size = disk.len().sectors().bytes().unwrap_or(disk.len());
    write_label(disk, pv)
}

/// Empties the metadata areas: both slots point nowhere, the texts stay.
pub(super) fn empty_areas(disk: &dyn Disk, pv: &mut PvOnDisk) -> Result<(), LabelError> {
    for mda in &mut pv.mdas {
        let ignored = mda.sound().is_some_and(MdaHeader::is_ignored);
        let mut header = MdaHeader::new(mda.area);
        header.slots[0].set_ignored(ignored);
        pv::write_in_blocks(disk, mda.area.offset, &header.encode())?;
        mda.header = Some(Ok(header));
    }
    Ok(disk.flush()?)
}
