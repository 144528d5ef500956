//! What a VG will be once a change is in force.

use super::area::AreaPlan;
use super::crew::Member;
use super::remake::Remaking;
use super::{Change, Mend, StageError, Trouble};
use crate::state::{AreaOnDisk, Finding, Holds, PvOnDisk, VgOnDisk};
use device::{Disk, DiskId};
use metadata::disk::MdaHeader;
use metadata::model::{Provenance, PvFlag, Vg};
use pv::Mda;
use std::collections::HashMap;
use std::sync::Arc;
use units::Id;

/// The VG with its PVs and areas, and the PVs that go.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) next: Vg,
    pub(super) provenance: Provenance,
    pub(super) pvs: HashMap<Id, PvOnDisk>,
    /// In the order of the VG's PVs.
    pub(super) areas: Vec<AreaOnDisk>,
    /// Of each area, whether it shall be out of use; none: it stays as it is.
    pub(super) ignored: Vec<Option<bool>>,
    /// PVs whose labels change, and areas at new places.
    pub(super) remaking: Remaking,
    /// PVs that leave.
    pub(super) leaving: Vec<PvOnDisk>,
    /// PVs that left while they were away, and are cleared now.
    pub(super) cleared: Vec<PvOnDisk>,
    /// Those that stay as they are.
    pub(super) outdated: Vec<PvOnDisk>,
    /// What is to be said of the VG afterwards.
    pub(super) findings: Vec<Finding>,
    /// Disks of all of them.
    pub(super) disks: HashMap<DiskId, Arc<dyn Disk>>,
}

impl Outcome {
    /// What comes of a change that writes `text`. Its areas are still as they were read.
    pub(super) fn of(change: Change<'_>, text: &[u8]) -> Result<Self, StageError> {
        let remaking = Remaking::of(&change, text);
        let mut pvs: HashMap<Id, PvOnDisk> = change.joining.into_iter().map(|pv| (pv.id(), pv)).collect();
        let (mut leaving, mut known) = (Vec::new(), HashMap::new());
        let (mut cleared, mut outdated, mut findings) = (Vec::new(), Vec::new(), Vec::new());
        if let Some(before) = change.before {
            match change.mend {
                Mend::Sure => cleared.clone_from(&before.outdated),
                Mend::Nothing | Mend::Areas => {
                    outdated.clone_from(&before.outdated);
                    let about_them = |finding: &&Finding| matches!(finding, Finding::OutdatedPv { .. });
                    findings.extend(before.findings.iter().filter(about_them).cloned());
                }
            }
            for (id, pv) in &before.pvs {
                let pv = change.remade.get(id).unwrap_or(pv);
                if change.next.pvs.contains(pv.id()) {
                    pvs.insert(pv.id(), pv.clone());
                } else if is_given_up(before, *id, &change.next) {
                    findings.push(Finding::OutdatedPv { disk: pv.disk, seqno: before.vg.seqno });
                    outdated.push(pv.clone());
                } else {
                    leaving.push(pv.clone());
                }
            }
            known.extend(before.areas.iter().map(|area| ((area.disk, area.area.offset), area)));
        }
        let (mut areas, mut ignored) = (Vec::new(), Vec::new());
        for pv in &change.next.pvs {
            let Some(here) = pvs.get(&pv.id) else {
                if change.before.is_some_and(|before| before.vg.pvs.contains(pv.id)) {
                    continue;
                }
                return Err(StageError::UnknownPv { vg: change.next.name, pv: pv.id });
            };
            for mda in here.mdas.iter().filter(|mda| !remaking.has_area(here.disk, mda.area)) {
                let mut area = match known.get(&(here.disk, mda.area.offset)) {
                    Some(area) => AreaOnDisk { pv: pv.id, ..(*area).clone() },
                    None => AreaOnDisk::of_orphan(here, mda),
                };
                let mended = match change.mend {
                    Mend::Nothing => false,
                    Mend::Sure => area.is_mendable(),
                    Mend::Areas => true,
                };
                if area.is_bad() && !mended {
                    if let (Holds::Conflict, Some(before)) = (&area.holds, change.before) {
                        area.holds = Holds::Outdated { vg: before.vg.id, seqno: before.vg.seqno };
                    }
                    findings.extend(about_left(&area));
                    ignored.push(None);
                    areas.push(area);
                    continue;
                }
                let wanted = mda.sound().is_some_and(MdaHeader::is_ignored);
                ignored.push(Some(if remaking.has(here.disk) { wanted } else { area.is_ignored() }));
                areas.push(area);
            }
        }
        let all = pvs.values().chain(&leaving).chain(&cleared);
        let disks = all.map(|pv| (pv.disk, Arc::clone(change.disks.disk(pv.disk)))).collect();
        let (next, provenance) = (change.next, change.provenance);
        Ok(Self {
            next,
            provenance,
            pvs,
            areas,
            ignored,
            remaking,
            leaving,
            cleared,
            outdated,
            findings,
            disks,
        })
    }

    /// An area has the new text.
    pub(super) fn note_committed(&mut self, member: &Member, written: &AreaPlan) {
        let header = written.committed_header();
        let holds = if header.is_ignored() { Holds::Ignored } else { Holds::Current };
        self.note(member.id, Some(header.clone()), written, holds);
    }

    /// An area failed: what it holds is read from the disk, so that the next change can go on from there.
    pub(super) fn reread(&mut self, member: &Member, written: &AreaPlan) {
        if matches!(written.is_committed(&*member.disk), Ok(true)) {
            return self.note_committed(member, written);
        }
        let mut mda = Mda { area: written.committed_header().area, header: None };
        mda.read(&*member.disk);
        let holds = match &mda.header {
            Some(Err(fault)) => Holds::Damaged(fault.clone()),
            _ => Holds::Outdated { vg: self.next.id, seqno: self.next.seqno.saturating_sub(1) },
        };
        self.note(member.id, mda.sound().cloned(), written, holds);
    }

    fn note(&mut self, disk: DiskId, header: Option<MdaHeader>, written: &AreaPlan, holds: Holds) {
        let offset = written.committed_header().area.offset;
        let is_it = |area: &&mut AreaOnDisk| area.disk == disk && area.area.offset == offset;
        let Some(area) = self.areas.iter_mut().find(is_it) else { return };
        area.holds = holds;
        area.header.clone_from(&header);
        let mdas = self.pvs.get_mut(&area.pv).map(|pv| pv.mdas.iter_mut());
        for mda in mdas.into_iter().flatten().filter(|mda| mda.area.offset == offset) {
            mda.header = header.clone().map(Ok);
        }
    }
}

/// Whether a PV that leaves was away when the VG was last written, is here again, and goes because it counts as
/// missing. Like one that is away still, it keeps what it has.
fn is_given_up(before: &VgOnDisk, pv: Id, next: &Vg) -> bool {
    let is_flagged = before.vg.pvs.get(pv).is_some_and(|pv| pv.flags.has(PvFlag::Missing));
    is_flagged && next.id == before.vg.id && next.seqno > before.vg.seqno
}

/// What is to be said of an area that is left as it is.
fn about_left(area: &AreaOnDisk) -> Option<Finding> {
    let disk = area.disk;
    match &area.holds {
        Holds::Damaged(fault) => Some(Finding::DamagedArea { disk, area: area.area, fault: fault.clone() }),
        Holds::Outdated { seqno, .. } => Some(Finding::OutdatedArea { disk, seqno: *seqno }),
        Holds::Current | Holds::Recovered(_) | Holds::Conflict | Holds::Empty | Holds::Ignored => None,
    }
}

impl Trouble {
    pub(super) fn area_disk(&self) -> Option<DiskId> {
        match self {
            Self::Area(failure) => Some(failure.disk),
            Self::Label { .. } => None,
        }
    }
}

impl AreaOnDisk {
    /// An area of a PV that is in no VG.
    fn of_orphan(pv: &PvOnDisk, mda: &Mda) -> Self {
        let header = mda.sound().cloned();
        let holds = match (&mda.header, &header) {
            (Some(Err(fault)), _) => Holds::Damaged(fault.clone()),
            (_, Some(header)) if header.is_ignored() => Holds::Ignored,
            _ => Holds::Empty,
        };
        Self { disk: pv.disk, pv: pv.id(), area: mda.area, header, holds }
    }
}
