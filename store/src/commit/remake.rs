//! PVs that get other headers: another id, another size, a metadata area that moves.
//!
//! ```text
//! in a VG      commit (areas that stay) -> areas at new places, with the text -> label
//! in no VG     areas -> label
//! ```
//! The label is one sector, so it says the old or the new. Between commit and label a PV that gets another id is
//! missing from its VG; its text is there, and the old label too, so that `pvcreate --uuid` brings it back. An area
//! that moves holds the new text before the label points at it; the VG has others meanwhile.

use super::finish::write_label;
use super::{Change, LabelError};
use crate::state::{AreaOnDisk, Holds, PvOnDisk};
use device::{Disk, DiskId};
use metadata::disk::{DiskArea, MdaHeader};
use pv::MDA_WIPE;
use std::collections::HashMap;
use std::sync::Arc;
use units::{Bytes, Id};

/// What a change does to PV headers beside marking them.
#[derive(Debug, Default)]
pub(super) struct Remaking {
    disks: Vec<DiskId>,
    labels: Vec<DiskId>,
    moved: Vec<(DiskId, DiskArea)>,
    /// What areas at new places hold.
    text: Vec<u8>,
}

impl Remaking {
    pub(super) fn of(change: &Change<'_>, text: &[u8]) -> Self {
        let mut remaking = Self::default();
        let before = change.before.map(|before| &before.pvs);
        for (id, pv) in &change.remade {
            let old = before.and_then(|pvs| pvs.get(id));
            let stays = |area: DiskArea| old.is_some_and(|old| old.mdas.iter().any(|mda| mda.area == area));
            let areas = pv.mdas.iter().map(|mda| mda.area);
            remaking.disks.push(pv.disk);
            if old.is_none_or(|old| old.label != pv.label) {
                remaking.labels.push(pv.disk);
            }
            remaking.moved.extend(areas.filter(|area| !stays(*area)).map(|area| (pv.disk, area)));
        }
        if !remaking.moved.is_empty() {
            remaking.text = text.to_vec();
        }
        remaking
    }

    /// Whether the PV on that disk gets another header.
    pub(super) fn has(&self, disk: DiskId) -> bool {
        self.disks.contains(&disk)
    }

    /// Whether the label on that disk becomes another.
    pub(super) fn has_label(&self, disk: DiskId) -> bool {
        self.labels.contains(&disk)
    }

    /// Whether that area is new: nothing is staged there.
    pub(super) fn has_area(&self, disk: DiskId, area: DiskArea) -> bool {
        self.moved.contains(&(disk, area))
    }

    /// Writes the areas at new places, each with the text unless it is out of use. A PV whose area cannot be
    /// written keeps its label.
    pub(super) fn write_areas(
        &self,
        disks: &HashMap<DiskId, Arc<dyn Disk>>,
        pvs: &mut HashMap<Id, PvOnDisk>,
        areas: &mut Vec<AreaOnDisk>,
    ) -> Vec<(DiskId, LabelError)> {
        let mut failed = Vec::new();
        for (id, area) in &self.moved {
            let Some(pv) = pvs.values_mut().find(|pv| pv.disk == *id) else { continue };
            let owner = pv.id();
            let Some(mda) = pv.mdas.iter_mut().find(|mda| mda.area == *area) else { continue };
            let ignored = mda.sound().is_some_and(MdaHeader::is_ignored);
            match write_area(&*disks[id], *area, (!ignored).then_some(&self.text)) {
                Ok(header) => {
                    let holds = if ignored { Holds::Ignored } else { Holds::Current };
                    mda.header = Some(Ok(header.clone()));
                    areas.push(AreaOnDisk { disk: *id, pv: owner, area: *area, header: Some(header), holds });
                }
                Err(error) => failed.push((*id, error)),
            }
        }
        failed
    }
}

/// Writes a metadata area with that text; none: the area is out of use.
fn write_area(disk: &dyn Disk, area: DiskArea, text: Option<&Vec<u8>>) -> Result<MdaHeader, LabelError> {
    let mut header = MdaHeader::new(area);
    header.slots[0].set_ignored(text.is_none());
    if let Some(text) = text {
        let unit = Bytes::new(u64::from(disk.physical_block().max(disk.logical_block())));
        let place = header.ring().place(None, Bytes::new(text.len() as u64), unit)?;
        for (at, bytes) in place.writes(text) {
            pv::write_in_blocks(disk, at, &bytes)?;
        }
        disk.flush()?;
        header.slots[0].point(place.locn(text));
    }
    pv::write_in_blocks(disk, area.offset, &header.encode())?;
    disk.flush()?;
    Ok(header)
}

/// Gives a PV without a VG the headers of `next`: areas at new places are emptied first, the label says so last.
pub fn remake(disk: &dyn Disk, now: &PvOnDisk, next: &PvOnDisk) -> Result<(), LabelError> {
    for mda in &next.mdas {
        let header = mda.sound().cloned().unwrap_or_else(|| MdaHeader::new(mda.area));
        let known = now.mdas.iter().find(|known| known.area == mda.area);
        let mut bytes = header.encode().to_vec();
        match known.and_then(|known| known.sound()) {
            Some(same) if *same == header => continue,
            Some(_) => (),
            None => {
                let len = mda.area.size.get().min(MDA_WIPE);
                bytes.resize(usize::try_from(len).unwrap_or(0).max(bytes.len()), 0);
            }
        }
        pv::write_in_blocks(disk, mda.area.offset, &bytes)?;
    }
    disk.flush()?;
    if now.label == next.label { Ok(()) } else { write_label(disk, next) }
}
