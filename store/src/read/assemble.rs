//! VGs out of texts and PVs.
//!
//! - Of the texts of one VG id the one with the highest seqno is true; of two with one seqno the later one.
//! - A PV is in the VG whose true text lists it. Where two do, it is in the one that its own text is of, or else
//!   in the one written later: a disk that was away may bring an old text that claims PVs of others.
//! - A VG that is about to become part of another is part of it as soon as one of its PVs holds the other's text,
//!   if that lists all of its PVs and is later: the merge was cut off, and is made complete.
//! - A PV with a text of a VG that does not list it is outdated: it left the VG while it was away.

use super::texts::{Place, Texts};
use crate::state::{AreaOnDisk, Finding, Holds, PvOnDisk, Scan, VgOnDisk};
use device::DiskSet;
use metadata::disk::Extension;
use metadata::model::{Pv, PvFlag, Vg};
use std::collections::HashMap;
use units::Id;

/// Everything assembled so far.
struct Assembly<'a> {
    pvs: &'a [PvOnDisk],
    texts: &'a Texts,
    /// By VG id, the true text.
    truth: HashMap<Id, usize>,
    /// The VG that each PV is in, by place in the list.
    owner: Vec<Option<Id>>,
}

/// Sorts PVs and texts into VGs and PVs without one.
pub(super) fn vgs(disks: &DiskSet, pvs: Vec<PvOnDisk>, texts: Texts, scan: &mut Scan) {
    let mut assembly = Assembly { pvs: &pvs, texts: &texts, truth: HashMap::new(), owner: Vec::new() };
    assembly.find_truth();
    assembly.find_owners();
    for (text, found) in texts.texts.iter().enumerate() {
        let id = found.text.vg.id;
        // Of a VG all of whose PVs are in other VGs by later texts, nothing is left.
        if assembly.truth.get(&id) == Some(&text) && assembly.owner.contains(&Some(id)) {
            let mut vg = assembly.vg(disks, text);
            vg.vg.join_segments();
            scan.vgs.push(vg);
        }
    }
    let outdated: Vec<Id> = scan.vgs.iter().flat_map(|vg| &vg.outdated).map(PvOnDisk::id).collect();
    let owner = assembly.owner;
    let free = pvs.into_iter().zip(owner).filter(|(_, owner)| owner.is_none());
    scan.orphans = free.map(|(pv, _)| pv).filter(|pv| !outdated.contains(&pv.id())).collect();
}

impl Assembly<'_> {
    fn vg_text(&self, text: usize) -> &Vg {
        &self.texts.texts[text].text.vg
    }

    /// When a text was written, in seconds since the epoch.
    fn time(&self, text: usize) -> i64 {
        self.texts.texts[text].text.provenance.time
    }

    fn find_truth(&mut self) {
        for text in 0..self.texts.texts.len() {
            let vg = self.vg_text(text);
            let rank = |text: usize| {
                let pointed_at = self.texts.texts[text].recovered.is_none();
                (self.vg_text(text).seqno, pointed_at, self.time(text))
            };
            if self.truth.get(&vg.id).is_none_or(|best| rank(text) > rank(*best)) {
                self.truth.insert(vg.id, text);
            }
        }
    }

    /// The newest text on a PV's own areas.
    fn own_text(&self, pv: usize) -> Option<usize> {
        let places = (0..self.pvs[pv].mdas.len()).map(|mda| (pv, mda));
        places.filter_map(|place| self.texts.of.get(&place).copied()).max_by_key(|text| self.time(*text))
    }

    fn find_owners(&mut self) {
        let mut claims: HashMap<Id, Vec<usize>> = HashMap::new();
        for text in self.truth.values() {
            for pv in &self.vg_text(*text).pvs {
                claims.entry(pv.id).or_default().push(*text);
            }
        }
        let absorbed = self.absorbed();
        let owner = |pv: usize| {
            let claims = claims.get(&self.pvs[pv].id())?;
            let own = self.own_text(pv).map(|text| self.vg_text(text).id);
            let own = own.map(|own| absorbed.get(&own).copied().unwrap_or(own));
            let best = claims.iter().max_by_key(|text| {
                let is_own = own == Some(self.vg_text(**text).id);
                (is_own, self.time(**text), self.vg_text(**text).id)
            })?;
            Some(self.vg_text(*best).id)
        };
        self.owner = (0..self.pvs.len()).map(owner).collect();
    }

    /// VGs that became part of others in merges that were cut off, by their ids.
    fn absorbed(&self) -> HashMap<Id, Id> {
        let by_id: HashMap<Id, usize> = self.pvs.iter().enumerate().map(|(at, pv)| (pv.id(), at)).collect();
        let mut absorbed = HashMap::new();
        for (&id, &text) in &self.truth {
            let pvs = &self.vg_text(text).pvs;
            let held = pvs.iter().filter_map(|pv| self.own_text(*by_id.get(&pv.id)?));
            for other in held.map(|held| self.vg_text(held).id).filter(|other| *other != id) {
                let Some(&whole) = self.truth.get(&other) else { continue };
                let lists_all = pvs.iter().all(|pv| self.vg_text(whole).pvs.contains(pv.id));
                if lists_all && self.time(whole) > self.time(text) {
                    absorbed.insert(id, other);
                }
            }
        }
        absorbed
    }

    /// The VG of a true text.
    fn vg(&self, disks: &DiskSet, text: usize) -> VgOnDisk {
        let found = &self.texts.texts[text];
        let mut vg = VgOnDisk {
            vg: found.text.vg.clone(),
            provenance: found.text.provenance.clone(),
            pvs: HashMap::new(),
            areas: Vec::new(),
            outdated: Vec::new(),
            findings: Vec::new(),
        };
        let places: HashMap<Id, usize> =
            self.pvs.iter().enumerate().map(|(place, pv)| (pv.id(), place)).collect();
        for member in &found.text.vg.pvs {
            let place = places.get(&member.id).copied();
            match place.map(|place| (place, self.owner[place])) {
                Some((place, Some(owner))) if owner == vg.vg.id => {
                    self.add_areas(&mut vg, text, place);
                    let pv = &self.pvs[place];
                    let pv_size = member.dev_size.unwrap_or_default();
                    vg.findings.extend(about_pv(disks, pv, pv_size));
                    vg.pvs.insert(member.id, pv.clone());
                }
                Some((_, Some(owner))) => {
                    vg.findings.push(Finding::ClaimedElsewhere { pv: member.id, vg: owner });
                }
                Some((_, None)) | None => {
                    let device = member.device.clone();
                    vg.findings.push(Finding::MissingPv { pv: member.id, device });
                }
            }
        }
        let fell_back =
            found.recovered.and_then(|(place, _)| Some((place.0, self.texts.faults.get(&place)?)));
        if let Some((pv, fault)) = fell_back {
            let (disk, seqno) = (self.pvs[pv].disk, vg.vg.seqno);
            vg.findings.push(Finding::FellBack { disk, seqno, fault: fault.clone() });
        }
        if found.text.repaired_time {
            vg.findings.push(Finding::RepairedTime);
        }
        self.add_outdated(&mut vg);
        take_back(&mut vg);
        vg
    }

    /// The areas of one of the VG's PVs.
    fn add_areas(&self, vg: &mut VgOnDisk, truth: usize, pv: usize) {
        let member = &self.pvs[pv];
        for (number, mda) in member.mdas.iter().enumerate() {
            let holds = self.holds((pv, number), truth);
            let (disk, area) = (member.disk, mda.area);
            match &holds {
                Holds::Damaged(fault) => {
                    vg.findings.push(Finding::DamagedArea { disk, area, fault: fault.clone() });
                }
                Holds::Outdated { vg: other, seqno } if *other == vg.vg.id && *seqno == vg.vg.seqno => {
                    vg.findings.push(Finding::Conflict { disk, seqno: *seqno });
                }
                Holds::Outdated { seqno, .. } => {
                    vg.findings.push(Finding::OutdatedArea { disk, seqno: *seqno });
                }
                Holds::Current | Holds::Recovered(_) | Holds::Empty | Holds::Ignored => {}
            }
            let header = mda.sound().cloned();
            vg.areas.push(AreaOnDisk { disk, pv: member.id(), area, header, holds });
        }
    }

    fn holds(&self, place: Place, truth: usize) -> Holds {
        let mda = &self.pvs[place.0].mdas[place.1];
        let text = self.texts.of.get(&place).copied();
        let version = |text: usize| (self.vg_text(text).id, self.vg_text(text).seqno);
        if let Some(text) = text.filter(|text| version(*text) == version(truth))
            && let Some((_, locn)) = self.texts.texts[text].recovered
        {
            return Holds::Recovered(locn);
        }
        if let Some(fault) = self.texts.faults.get(&place) {
            return Holds::Damaged(fault.clone());
        }
        match (text, mda.sound()) {
            (Some(text), _) if text == truth => Holds::Current,
            (Some(text), _) => {
                let old = self.vg_text(text);
                Holds::Outdated { vg: old.id, seqno: old.seqno }
            }
            (None, Some(header)) if header.is_ignored() => Holds::Ignored,
            (None, _) => Holds::Empty,
        }
    }

    /// PVs with a text of this VG, older than the true one, that are in no VG.
    fn add_outdated(&self, vg: &mut VgOnDisk) {
        for (place, pv) in self.pvs.iter().enumerate().filter(|(place, _)| self.owner[*place].is_none()) {
            let Some(text) = self.own_text(place).map(|text| self.vg_text(text)) else { continue };
            if text.id == vg.vg.id && text.seqno < vg.vg.seqno {
                vg.findings.push(Finding::OutdatedPv { disk: pv.disk, seqno: text.seqno });
                vg.outdated.push(pv.clone());
            }
        }
    }
}

/// PVs that were missing and are here again: those that nothing lies on are missing no more.
fn take_back(vg: &mut VgOnDisk) {
    let is_back = |pv: &&Pv| pv.flags.has(PvFlag::Missing) && vg.pvs.contains_key(&pv.id);
    let back: Vec<Id> = vg.vg.pvs.iter().filter(is_back).map(|pv| pv.id).collect();
    if back.is_empty() {
        return;
    }
    let space = vg.vg.space();
    for pv in back {
        let used = space.get(&pv).is_some_and(|held| !held.used.is_empty());
        vg.findings.push(Finding::Reappeared { pv, disk: vg.pvs[&pv].disk, used });
        if let Some(pv) = vg.vg.pvs.get_mut(pv).filter(|_| !used) {
            pv.flags.set(PvFlag::Missing, false);
        }
    }
}

/// What users should know of a PV that is in its VG.
fn about_pv(disks: &DiskSet, pv: &PvOnDisk, pv_size: units::Sectors) -> Vec<Finding> {
    let mut findings = Vec::new();
    let (disk, size) = (pv.disk, disks.disk(pv.disk).len().sectors());
    if size < pv_size {
        findings.push(Finding::Shrunk { disk, size, pv_size });
    }
    let version = pv.label.header.extension.as_ref().map_or(0, |extension| extension.version);
    let old_header = version < Extension::VERSION;
    if old_header || !pv.is_marked_used() {
        findings.push(Finding::NotMarkedUsed { disk, old_header });
    }
    findings
}
