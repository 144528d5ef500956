//! The PVs that arguments mean: devices and tags.

use super::Sight;
use super::choose::{has, names_and_tags, skip, tag};
use super::facts::{device_facts, duplicate_facts, facts_of};
use crate::exit::Exit;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::world::{About, World};
use device::DiskId;
use report::subject::PvFacts;
use std::collections::HashSet;
use std::path::Path;
use units::Id;
use vg::AccessError;

/// PVs that the arguments mean.
#[derive(Clone, Debug, Default)]
pub(crate) struct PvChoice {
    /// In VGs, by their places in the scan.
    pub(crate) in_vgs: Vec<(usize, Vec<Id>)>,
    /// In no VG.
    pub(crate) outside: Vec<PvFacts>,
    /// Devices that are not used, since others have the same PV ids: those named, or all.
    pub(crate) duplicates: Vec<PvFacts>,
    /// Devices that are no PVs.
    pub(crate) no_pvs: Vec<PvFacts>,
}

impl Sight {
    /// The PVs that the arguments of a PV command mean; devices that are no PVs too where `-a` asks for them.
    pub(crate) fn choose_pvs(
        &self,
        parsed: &Parsed,
        world: &mut World,
        session: &Session,
    ) -> (PvChoice, Exit) {
        let mut exit = Exit::OK;
        let mut chosen = PvChoice::default();
        let Ok(words) = names_and_tags(parsed, world) else { return (chosen, Exit::INVALID) };
        world.out.about = Some(About { kind: "pv", name: String::new(), id: String::new(), group: None });
        for word in &words {
            if let Some(tag) = tag(word) {
                for (place, vg) in self.scan.vgs.iter().enumerate() {
                    let tagged = vg.vg.pvs.iter().filter(|pv| has(&pv.tags, tag));
                    let tagged: Vec<Id> = tagged.map(|pv| pv.id).collect();
                    if !tagged.is_empty() {
                        chosen.add(place, tagged);
                    }
                }
                continue;
            }
            exit = exit.worse(self.add_pv(world, session, word, &mut chosen));
        }
        world.out.about = None;
        // VG by VG, the last one found first, and in the order of the devices, however they are named, as LVM2 goes
        // through them.
        chosen.in_vgs.sort_by_key(|(vg, _)| std::cmp::Reverse(*vg));
        for (vg, pvs) in &mut chosen.in_vgs {
            pvs.sort_by_key(|&pv| self.scan.vgs[*vg].vg.pvs.place(pv));
        }
        let place = |id| self.scan.orphans.iter().position(|orphan| Some(orphan.id()) == id);
        chosen.outside.sort_by_key(|facts| place(facts.id));
        if words.is_empty() {
            self.add_all_pvs(world, session, &mut chosen);
        }
        if chosen.in_vgs.iter().any(|(vg, _)| self.unsound[*vg]) {
            exit = exit.worse(Exit::FAILED);
        }
        (chosen, exit)
    }

    fn add_all_pvs(&self, world: &mut World, session: &Session, chosen: &mut PvChoice) {
        for (place, vg) in self.scan.vgs.iter().enumerate().rev() {
            match session.check_sight(&vg.vg) {
                Ok(()) => chosen.add(place, vg.vg.pvs.iter().map(|pv| pv.id).collect()),
                Err(error) => skip(world, &error),
            }
        }
        chosen.outside = self.scan.orphans.iter().map(|pv| facts_of(session, pv)).collect();
        let known: HashSet<DiskId> = self.disks_of_pvs().collect();
        let others = session.found().disks.iter().filter(|entry| !known.contains(&entry.id()));
        for entry in others {
            match self.duplicate_on(session, entry.id()) {
                Some(facts) => chosen.duplicates.push(facts),
                None => chosen.no_pvs.push(device_facts(session, entry.id())),
            }
        }
    }

    /// What a disk shows that is not used, since another one has the same PV id.
    fn duplicate_on(&self, session: &Session, disk: DiskId) -> Option<PvFacts> {
        let duplicate = self.scan.duplicates.iter().find(|duplicate| duplicate.others.contains(&disk))?;
        Some(duplicate_facts(session, duplicate, disk, &self.scan))
    }

    /// The devices with a label that the arguments mean, or all, whoever owns their VGs.
    pub(crate) fn choose_labels(
        &self,
        parsed: &Parsed,
        world: &mut World,
        session: &Session,
    ) -> (Vec<PvFacts>, Exit) {
        let words = parsed.words();
        if words.is_empty() {
            let pvs = self.scan.vgs.iter().flat_map(|vg| vg.pvs.values()).chain(&self.scan.orphans);
            return (pvs.map(|pv| facts_of(session, pv)).collect(), Exit::OK);
        }
        let mut exit = Exit::OK;
        let mut facts = Vec::new();
        for word in &words {
            let Some(disk) = self.disk_named(world, session, word) else {
                exit = exit.worse(Exit::FAILED);
                continue;
            };
            let own = self.pv_on(disk).map(|(_, pv)| facts_of(session, pv));
            match own.or_else(|| self.duplicate_on(session, disk)) {
                Some(own) => add_once(&mut facts, own),
                None => {
                    world.error(format_args!("Failed to find physical volume \"{word}\"."));
                    exit = exit.worse(Exit::FAILED);
                }
            }
        }
        (facts, exit)
    }

    /// The disk that the word names, where it may be used.
    fn disk_named(&self, world: &mut World, session: &Session, word: &str) -> Option<DiskId> {
        let path = Path::new(word);
        let entry = session.found().disks.find(path);
        if entry.is_none() {
            world.error(format_args!("Cannot use {word}: {}", session.why_not(path)));
        }
        entry.map(device::Entry::id)
    }

    fn add_pv(&self, world: &mut World, session: &Session, word: &str, chosen: &mut PvChoice) -> Exit {
        let Some(disk) = self.disk_named(world, session, word) else { return Exit::FAILED };
        match self.pv_on(disk) {
            Some((Some(place), _)) if session.check_sight(&self.scan.vgs[place].vg).is_err() => {
                let vg = &self.scan.vgs[place].vg;
                let kind = match session.check_sight(vg) {
                    Err(AccessError::Exported { .. }) => "exported",
                    Err(AccessError::Clustered { .. }) => "clustered",
                    _ if vg.is_shared() => "shared",
                    _ => "foreign",
                };
                world.error(format_args!("Cannot use PV {word} in {kind} VG {}.", vg.name));
                return Exit::FAILED;
            }
            Some((Some(place), pv)) => chosen.add(place, vec![pv.id()]),
            Some((None, pv)) => add_once(&mut chosen.outside, facts_of(session, pv)),
            None => match self.duplicate_on(session, disk) {
                Some(facts) => add_once(&mut chosen.duplicates, facts),
                None => {
                    world.error(format_args!("Failed to find physical volume \"{word}\"."));
                    return Exit::FAILED;
                }
            },
        }
        Exit::OK
    }
}

/// A device that is named again is meant once.
fn add_once(known: &mut Vec<PvFacts>, facts: PvFacts) {
    if known.iter().all(|known| known.name != facts.name) {
        known.push(facts);
    }
}

impl PvChoice {
    /// Refuses devices that were named though others are used in their place.
    pub(crate) fn refuse_duplicates(&self, parsed: &Parsed, world: &mut World) -> Exit {
        let named = if parsed.positionals().is_empty() { &[][..] } else { &self.duplicates };
        for facts in named {
            world.error(format_args!("Failed to find physical volume \"{}\".", facts.name));
        }
        if named.is_empty() { Exit::OK } else { Exit::FAILED }
    }

    fn add(&mut self, place: usize, pvs: Vec<Id>) {
        match self.in_vgs.iter_mut().find(|(known, _)| *known == place) {
            Some((_, known)) => {
                for pv in pvs {
                    if !known.contains(&pv) {
                        known.push(pv);
                    }
                }
            }
            None => self.in_vgs.push((place, pvs)),
        }
    }
}
