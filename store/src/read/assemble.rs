//! VGs out of texts and PVs.
//!
//! - A text is of the VG that its id and its name give. Two names with one id are two VGs: one of them is a copy, or
//!   went another way while disks were apart. Only where each of two texts counts on a PV that holds the other is one
//!   of them the other as it was before it was renamed, and the rename is made complete.
//! - Of the texts of one VG the one with the highest seqno is true; of two with one seqno the later one.
//! - A PV is in the VG that its own text is of, if that one's true text lists it. Else it is in the VG that lists it and
//!   was written later than its own text, if there is one: a disk that was away may bring an old text that claims PVs
//!   of others.
//! - A VG that is about to become part of another is part of it as soon as one of its PVs holds the other's text,
//!   if that lists all of its PVs and is later: the merge was cut off, and is made complete.
//! - A PV with a text of a VG that does not list it is outdated: it left the VG while it was away.

use super::texts::{Place, Texts};
use crate::state::{AreaOnDisk, Astray, Finding, Holds, PvOnDisk, Scan, VgOnDisk};
use device::DiskSet;
use metadata::disk::{Extension, MdaHeader};
use metadata::model::{Collection, Lv, Pv, PvFlag, Vg};
use std::collections::HashMap;
use units::Id;

/// Everything assembled so far. A VG is named by the place of its true text.
struct Assembly<'a> {
    pvs: &'a [PvOnDisk],
    texts: &'a Texts,
    /// The places of the PVs, by their ids.
    by_id: HashMap<Id, usize>,
    /// The newest text on each PV's own areas.
    own: Vec<Option<usize>>,
    /// Of each text, its VG.
    truth: Vec<usize>,
    /// The VG that each PV is in, by place in the list.
    owner: Vec<Option<usize>>,
}

/// Sorts PVs and texts into VGs and PVs without one.
pub(super) fn vgs(disks: &DiskSet, pvs: Vec<PvOnDisk>, mut texts: Texts, scan: &mut Scan) {
    // Whose a PV is depends on no LV: they are moved from the texts into the VGs, there being many of them.
    let lvs = texts.texts.iter_mut().map(|found| std::mem::take(&mut found.text.vg.lvs));
    let mut lvs: Vec<Collection<Lv>> = lvs.collect();
    let mut assembly = Assembly::new(&pvs, &texts);
    assembly.find_truth();
    assembly.find_owners();
    for text in assembly.in_order() {
        // Of a VG all of whose PVs are in other VGs by later texts, nothing is left.
        if assembly.truth[text] == text && assembly.owner.contains(&Some(text)) {
            let mut vg = assembly.vg(disks, text);
            vg.vg.lvs = std::mem::take(&mut lvs[text]);
            take_back(&mut vg);
            vg.vg.join_segments();
            scan.vgs.push(vg);
        }
    }
    let outdated: Vec<Id> = scan.vgs.iter().flat_map(|vg| &vg.outdated).map(PvOnDisk::id).collect();
    scan.astray = assembly.astray();
    let owner = assembly.owner;
    let free = pvs.into_iter().zip(owner).filter(|(_, owner)| owner.is_none());
    scan.orphans = free.map(|(pv, _)| pv).filter(|pv| !outdated.contains(&pv.id())).collect();
}

impl<'a> Assembly<'a> {
    fn new(pvs: &'a [PvOnDisk], texts: &'a Texts) -> Self {
        let by_id = pvs.iter().enumerate().map(|(place, pv)| (pv.id(), place)).collect();
        let truth = (0..texts.texts.len()).collect();
        let mut assembly = Self { pvs, texts, by_id, own: Vec::new(), truth, owner: Vec::new() };
        assembly.own = (0..pvs.len()).map(|pv| assembly.own_text(pv)).collect();
        assembly
    }

    /// The texts, in the order of the first areas that hold them or other texts of their VGs. Areas of a PV beyond the
    /// first are read later.
    fn in_order(&self) -> Vec<usize> {
        let mut first = vec![(usize::MAX, 0); self.texts.texts.len()];
        for (&place, &text) in &self.texts.of {
            let vg = &mut first[self.truth[text]];
            *vg = place.min(*vg);
        }
        let mut order: Vec<usize> = (0..first.len()).collect();
        order.sort_by_key(|&text| first[text]);
        order
    }

    fn vg_text(&self, text: usize) -> &Vg {
        &self.texts.texts[text].text.vg
    }

    /// When a text was written, in seconds since the epoch.
    fn time(&self, text: usize) -> i64 {
        self.texts.texts[text].text.provenance.time
    }

    /// Whether two texts are of one VG.
    fn is_same_vg(&self, one: usize, other: usize) -> bool {
        let (one, other) = (self.vg_text(one), self.vg_text(other));
        one.id == other.id && one.name == other.name
    }

    /// Of two texts with one VG id the greater is the newer.
    fn rank(&self, text: usize) -> (u32, bool, i64, usize) {
        let pointed_at = self.texts.texts[text].recovered.is_none();
        (self.vg_text(text).seqno, pointed_at, self.time(text), usize::MAX - text)
    }

    /// The texts on a PV's areas.
    fn texts_on(&self, pv: usize) -> impl Iterator<Item = usize> + '_ {
        let places = (0..self.pvs[pv].mdas.len()).map(move |mda| (pv, mda));
        places.filter_map(|place| self.texts.of.get(&place).copied())
    }

    fn own_text(&self, pv: usize) -> Option<usize> {
        self.texts_on(pv).reduce(|best, text| {
            let newer = match self.vg_text(text).id == self.vg_text(best).id {
                true => self.rank(text) > self.rank(best),
                false => self.time(text) >= self.time(best),
            };
            if newer { text } else { best }
        })
    }

    /// The PVs that a text lists and that are here.
    fn listed(&self, text: usize) -> impl Iterator<Item = usize> + '_ {
        self.vg_text(text).pvs.iter().filter_map(|pv| self.by_id.get(&pv.id).copied())
    }

    fn find_truth(&mut self) {
        let mut newest: HashMap<(Id, &str), usize> = HashMap::new();
        let texts = self.texts;
        for (text, found) in texts.texts.iter().enumerate() {
            let vg = &found.text.vg;
            let best = newest.entry((vg.id, &vg.name)).or_insert(text);
            if self.rank(text) > self.rank(*best) {
                *best = text;
            }
        }
        let mut by_id: HashMap<Id, Vec<usize>> = HashMap::new();
        for (&(id, _), &text) in &newest {
            by_id.entry(id).or_default().push(text);
        }
        self.truth = (0..texts.texts.len())
            .map(|text| {
                let vg = self.vg_text(text);
                let names = by_id[&vg.id].iter().copied();
                let later = names.filter(|other| self.is_before_rename(text, *other));
                later.max_by_key(|other| self.rank(*other)).unwrap_or(newest[&(vg.id, vg.name.as_str())])
            })
            .collect();
        // A VG that was renamed twice.
        while let Some(text) =
            (0..self.truth.len()).find(|&text| self.truth[self.truth[text]] != self.truth[text])
        {
            self.truth[text] = self.truth[self.truth[text]];
        }
    }

    /// Whether a text is an older one of that VG, which has another name now: the VG lists a PV that holds the text, and
    /// the text one that holds the VG's. Neither is so of a copy whose PVs have other ids, or of VGs that went
    /// different ways.
    fn is_before_rename(&self, text: usize, renamed: usize) -> bool {
        if self.rank(renamed) <= self.rank(text) || self.is_same_vg(text, renamed) {
            return false;
        }
        let is_renamed = |own: Option<usize>| own.is_some_and(|own| self.is_same_vg(own, renamed));
        self.listed(renamed).any(|pv| self.texts_on(pv).any(|other| other == text))
            && self.listed(text).any(|pv| is_renamed(self.own[pv]))
    }

    fn find_owners(&mut self) {
        let mut claims: HashMap<Id, Vec<usize>> = HashMap::new();
        for text in (0..self.truth.len()).filter(|text| self.truth[*text] == *text) {
            for pv in &self.vg_text(text).pvs {
                claims.entry(pv.id).or_default().push(text);
            }
        }
        let absorbed = self.absorbed();
        let owner = |pv: usize| {
            let claims = claims.get(&self.pvs[pv].id())?;
            let Some(own) = self.own[pv] else {
                return claims.iter().copied().max_by_key(|text| (self.time(*text), *text));
            };
            let vg = self.truth[own];
            let vg = absorbed.get(&vg).copied().unwrap_or(vg);
            if claims.contains(&vg) {
                return Some(vg);
            }
            // A text from before the PV's own knows nothing of where the PV went; a namesake by id never does.
            let others = claims.iter().copied().filter(|text| {
                self.time(*text) >= self.time(own) && self.vg_text(*text).id != self.vg_text(own).id
            });
            others.max_by_key(|text| (self.time(*text), *text))
        };
        self.owner = (0..self.pvs.len()).map(owner).collect();
    }

    /// VGs that became part of others in merges that were cut off.
    fn absorbed(&self) -> HashMap<usize, usize> {
        let mut absorbed = HashMap::new();
        for text in (0..self.truth.len()).filter(|text| self.truth[*text] == *text) {
            let pvs = &self.vg_text(text).pvs;
            let held = self.listed(text).filter_map(|pv| Some(self.truth[self.own[pv]?]));
            for whole in held.filter(|other| *other != text) {
                let lists_all = pvs.iter().all(|pv| self.vg_text(whole).pvs.contains(pv.id));
                if lists_all && self.time(whole) > self.time(text) {
                    absorbed.insert(text, whole);
                }
            }
        }
        absorbed
    }

    /// The VG that a PV is in, or that its own text says it is in.
    fn vg_on(&self, pv: usize) -> Option<usize> {
        self.owner[pv].or_else(|| Some(self.truth[self.own[pv]?]))
    }

    /// The VG of a true text, without its LVs.
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
        for member in &found.text.vg.pvs {
            let place = self.by_id.get(&member.id).copied();
            match place.map(|place| (place, self.vg_on(place))) {
                Some((place, Some(owner))) if owner == text => {
                    self.add_areas(&mut vg, text, place);
                    let pv = &self.pvs[place];
                    let pv_size = member.dev_size.unwrap_or_default();
                    vg.findings.extend(about_pv(disks, pv, pv_size));
                    vg.pvs.insert(member.id, pv.clone());
                }
                Some((place, Some(owner))) => {
                    let owner = self.vg_text(owner);
                    let (pv, disk) = (member.id, self.pvs[place].disk);
                    let (name, id) = (owner.name.clone(), owner.id);
                    vg.findings.push(Finding::ClaimedElsewhere { pv, disk, name, id });
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
        self.add_outdated(&mut vg, text);
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
                Holds::Conflict => vg.findings.push(Finding::Conflict { disk, seqno: vg.vg.seqno }),
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
        let is_version = |text: &usize| {
            self.is_same_vg(*text, truth) && self.vg_text(*text).seqno == self.vg_text(truth).seqno
        };
        if let Some((_, locn)) =
            text.filter(is_version).and_then(|text| self.texts.texts[text].recovered.as_ref())
        {
            return Holds::Recovered(*locn);
        }
        if let Some(fault) = self.texts.faults.get(&place) {
            return Holds::Damaged(fault.clone());
        }
        match (text, mda.sound()) {
            (Some(text), _) if text == truth => Holds::Current,
            (Some(text), _) if is_version(&text) => Holds::Conflict,
            (Some(text), _) => {
                let old = self.vg_text(text);
                Holds::Outdated { vg: old.id, seqno: old.seqno }
            }
            (None, Some(header)) if header.is_ignored() => Holds::Ignored,
            (None, _) => Holds::Empty,
        }
    }

    /// Damaged areas of PVs that are in no VG.
    fn astray(&self) -> Vec<Astray> {
        let mut astray = Vec::new();
        for (place, pv) in self.pvs.iter().enumerate().filter(|(place, _)| self.owner[*place].is_none()) {
            for (number, mda) in pv.mdas.iter().enumerate() {
                let Some(fault) = self.texts.faults.get(&(place, number)).cloned() else { continue };
                let locn = mda.sound().and_then(MdaHeader::committed);
                let text = locn.map(|locn| mda.area.offset + locn.offset);
                astray.push(Astray { disk: pv.disk, area: mda.area, text, fault });
            }
        }
        astray
    }

    /// PVs with a text of this VG, not newer than the true one, that are in no VG.
    fn add_outdated(&self, vg: &mut VgOnDisk, truth: usize) {
        for (place, pv) in self.pvs.iter().enumerate().filter(|(place, _)| self.owner[*place].is_none()) {
            let Some(own) = self.own[place].filter(|own| self.truth[*own] == truth) else { continue };
            let seqno = self.vg_text(own).seqno;
            if seqno <= vg.vg.seqno {
                vg.findings.push(Finding::OutdatedPv { disk: pv.disk, seqno });
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
