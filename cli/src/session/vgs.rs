//! What a command sees: the VGs on the disks in scope, their PVs, and what runs; and which of them the
//! arguments mean.

use super::Session;
use super::names::{LvName, bare_name, default_vg, split_lv, within_dev};
use crate::change::Refusal;
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::world::World;
use activate::observe::Detail;
use device::{DevNumber, DiskId};
use metadata::live::Live;
use metadata::model::Vg;
use metadata::model::names::is_tag;
use report::subject::{MdaFacts, PvFacts, VgView};
use std::collections::{HashMap, HashSet};
use std::path::Path;
use store::{PvOnDisk, Scan, VgOnDisk};
use units::{Bytes, Id, Sectors};
use vg::{AccessError, Purpose};

/// The VGs and PVs in scope.
#[derive(Debug)]
pub(crate) struct Sight {
    /// What was found.
    pub(crate) scan: Scan,
    lives: Vec<Live>,
    facts: Vec<HashMap<Id, PvFacts>>,
    /// Of each VG, whether its text is wrong in itself.
    unsound: Vec<bool>,
}

/// A VG that the arguments mean, and which of its LVs.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    /// Its place in the scan.
    pub(crate) vg: usize,
    /// The LVs; none: all that are shown.
    pub(crate) lvs: Option<HashSet<Id>>,
}

/// PVs that the arguments mean.
#[derive(Clone, Debug, Default)]
pub(crate) struct PvChoice {
    /// In VGs, by their places in the scan.
    pub(crate) in_vgs: Vec<(usize, Vec<Id>)>,
    /// In no VG.
    pub(crate) outside: Vec<PvFacts>,
    /// Devices that are no PVs.
    pub(crate) no_pvs: Vec<PvFacts>,
}

impl Sight {
    /// Reads everything in scope, and tells what users should know of it.
    pub(crate) fn read(parsed: &Parsed, world: &mut World, session: &Session) -> Result<Self, Exit> {
        // A selection may ask for anything.
        let selects = parsed.str(Opt::Select).is_some();
        let detail = if selects { Detail::ALL } else { Detail::STATE };
        Self::read_to(parsed, world, session, Some(detail))
    }

    /// The same, with as much of what runs as is asked for: none saves an ioctl for each device.
    pub(crate) fn read_to(
        parsed: &Parsed,
        world: &mut World,
        session: &Session,
        detail: Option<Detail>,
    ) -> Result<Self, Exit> {
        let mut scan = super::look::scan(world, session)?;
        super::look::tell(world, session, &scan);
        session.mend_listing(world, parsed, &scan);
        session.rest_lvs();
        if let Some(gathering) = &world.gathering {
            gathering.overlay(&mut scan.vgs);
        }
        let unsound = scan.vgs.iter().map(|vg| super::look::is_unsound(world, session, vg)).collect();
        let lives = super::look::lives(world, session, &scan, detail);
        let facts = scan
            .vgs
            .iter()
            .map(|vg| vg.pvs.iter().map(|(&id, pv)| (id, facts_of(session, pv, &scan))).collect())
            .collect();
        Ok(Self { scan, lives, facts, unsound })
    }

    /// A VG's view for reports.
    pub(crate) fn view<'s>(&'s self, session: &Session, place: usize) -> VgView<'s> {
        let vg = &self.scan.vgs[place].vg;
        let mut pvs = self.facts[place].clone();
        for pv in &vg.pvs {
            pvs.entry(pv.id).or_insert_with(|| PvFacts {
                name: "[unknown]".to_owned(),
                id: Some(pv.id),
                missing: true,
                marked_used: true,
                ..PvFacts::default()
            });
        }
        VgView::new(vg, &self.lives[place], pvs).with_words(session.words())
    }

    /// What runs of a VG.
    pub(crate) fn live(&self, place: usize) -> &Live {
        &self.lives[place]
    }

    /// The one VG of that name, if it may be used for that; tells why not.
    pub(crate) fn the_vg(
        &self,
        world: &mut World,
        session: &Session,
        name: &str,
        purpose: Purpose,
    ) -> Result<usize, Exit> {
        let place = match self.own_of_name(session, name).as_slice() {
            [] => {
                world.error(format_args!("Volume group \"{name}\" not found"));
                world.error(format_args!("Cannot process volume group {name}"));
                return Err(Exit::FAILED);
            }
            [place] => *place,
            several => {
                self.tell_several(world, several);
                return Err(Exit::FAILED);
            }
        };
        self.checked(world, session, place, purpose)
    }

    /// The VG with that id, if it may be used for that; tells why not.
    pub(crate) fn the_vg_with_id(
        &self,
        world: &mut World,
        session: &Session,
        id: Id,
        purpose: Purpose,
    ) -> Result<usize, Exit> {
        let Some(place) = self.scan.vgs.iter().position(|vg| vg.vg.id == id) else {
            world.error(format_args!("Volume group \"{id}\" not found"));
            world.error(format_args!("Cannot process volume group {id}"));
            return Err(Exit::FAILED);
        };
        self.checked(world, session, place, purpose)
    }

    /// The VG that a backup is of, where something of it is left: it may be in any state, as long as it is this
    /// host's.
    pub(crate) fn vg_to_restore(
        &self,
        world: &mut World,
        session: &Session,
        name: &str,
        id: Id,
    ) -> Result<Option<usize>, Exit> {
        let same_id = self.scan.vgs.iter().position(|vg| vg.vg.id == id);
        let place = match (same_id, self.named(name).as_slice()) {
            (Some(place), _) => place,
            (None, []) => return Ok(None),
            (None, [place]) => *place,
            (None, several) => {
                self.tell_several(world, several);
                return Err(Exit::FAILED);
            }
        };
        session.check_owner(&self.scan.vgs[place].vg).map_err(|error| {
            world.error(error);
            Exit::FAILED
        })?;
        self.check_duplicates(world, session, place, Purpose::Rewrite)?;
        Ok(Some(place))
    }

    fn checked(
        &self,
        world: &mut World,
        session: &Session,
        place: usize,
        purpose: Purpose,
    ) -> Result<usize, Exit> {
        session.check(&self.scan.vgs[place], purpose).map_err(|error| {
            world.error(error);
            Exit::FAILED
        })?;
        if purpose != Purpose::Read && self.unsound[place] {
            world.error(format_args!(
                "Cannot change or activate VG {} with inconsistent metadata.",
                self.scan.vgs[place].vg.name
            ));
            return Err(Exit::FAILED);
        }
        self.check_duplicates(world, session, place, purpose)?;
        Ok(place)
    }

    /// Refuses a VG with a PV that two devices have: which of them holds the data is a guess.
    fn check_duplicates(
        &self,
        world: &mut World,
        session: &Session,
        place: usize,
        purpose: Purpose,
    ) -> Result<(), Exit> {
        let vg = &self.scan.vgs[place].vg;
        let doubled = self.scan.duplicates.iter().any(|duplicate| vg.pvs.contains(duplicate.id));
        let allowed = session.settings.bool("devices/allow_changes_with_duplicate_pvs");
        match purpose {
            _ if !doubled || allowed => return Ok(()),
            Purpose::Read => return Ok(()),
            Purpose::Activate => world.error(format_args!(
                "Cannot activate LVs in VG {} while PVs appear on duplicate devices.",
                vg.name
            )),
            Purpose::Change
            | Purpose::ChangeDespiteMissing
            | Purpose::ChangeExported
            | Purpose::ChangeExportedDespiteMissing
            | Purpose::Rewrite => {
                world.error(format_args!("Cannot update volume group {} with duplicate PV devices.", vg.name))
            }
        }
        Err(Exit::FAILED)
    }

    /// The places of the VGs of that name; where several are, those that are this host's to use.
    fn own_of_name(&self, session: &Session, name: &str) -> Vec<usize> {
        let places = self.named(name);
        if places.len() < 2 {
            return places;
        }
        let own = |place: &usize| session.check_owner(&self.scan.vgs[*place].vg).is_ok();
        let owned: Vec<usize> = places.iter().copied().filter(own).collect();
        if owned.is_empty() { places } else { owned }
    }

    /// Tells that a name means several VGs, and how to name one of them.
    fn tell_several(&self, world: &mut World, places: &[usize]) {
        let Some(first) = places.first().map(|place| &self.scan.vgs[*place].vg) else { return };
        world.error(format_args!("Multiple VGs found with the same name: skipping {}", first.name));
        let ids: Vec<String> = places.iter().map(|&place| self.scan.vgs[place].vg.id.to_string()).collect();
        world.error("Use VG uuid in place of the VG name.");
        world.hint(format_args!(
            "their ids are {}; `vgrename ID NEWNAME' gives one another name",
            ids.join(", ")
        ));
    }

    /// The places of the VGs of that name.
    pub(crate) fn named(&self, name: &str) -> Vec<usize> {
        (0..self.scan.vgs.len()).filter(|&place| self.scan.vgs[place].vg.name == name).collect()
    }

    /// The VGs that the arguments of a VG command mean: names, ids are not names, and tags.
    pub(crate) fn choose_vgs(
        &self,
        parsed: &Parsed,
        world: &mut World,
        session: &Session,
    ) -> (Vec<Choice>, Exit) {
        let mut exit = Exit::OK;
        let mut chosen: Vec<Choice> = Vec::new();
        let Ok(words) = names_and_tags(parsed, world).and_then(|words| vg_names(world, words)) else {
            return (chosen, Exit::INVALID);
        };
        for word in &words {
            if let Some(tag) = tag(word) {
                let tagged = |place: &usize| has(&self.scan.vgs[*place].vg.tags, tag);
                for place in (0..self.scan.vgs.len()).filter(tagged) {
                    self.add_seen(world, session, place, &mut chosen);
                }
            } else if word.is_empty() {
                exit = exit.worse(no_name(world));
            } else {
                exit = exit.worse(self.add_vg(world, session, word, None, &mut chosen));
            }
        }
        if words.is_empty() {
            self.add_all(world, session, &mut chosen);
        }
        if chosen.iter().any(|choice| self.unsound[choice.vg]) {
            exit = exit.worse(Exit::FAILED);
        }
        (chosen, exit)
    }

    /// The LVs that the arguments of an LV command mean: VGs, LVs and tags of either.
    pub(crate) fn choose_lvs(
        &self,
        parsed: &Parsed,
        world: &mut World,
        session: &Session,
    ) -> (Vec<Choice>, Exit) {
        let mut exit = Exit::OK;
        let mut chosen: Vec<Choice> = Vec::new();
        let Ok(words) = names_and_tags(parsed, world) else { return (chosen, Exit::INVALID) };
        for word in &words {
            if let Some(tag) = tag(word) {
                self.add_tagged(tag, &mut chosen);
                continue;
            }
            if word.is_empty() {
                exit = exit.worse(no_name(world));
                continue;
            }
            match self.resolve_lv(world, word) {
                Some(LvName { vg, lv }) => {
                    exit = exit.worse(self.add_vg(world, session, &vg, lv.as_deref(), &mut chosen));
                }
                None => {
                    world.error(format_args!("\"{word}\": Invalid path for Logical Volume."));
                    exit = exit.worse(Exit::FAILED);
                }
            }
        }
        if words.is_empty() {
            self.add_all(world, session, &mut chosen);
        }
        if chosen.iter().any(|choice| self.unsound[choice.vg]) {
            exit = exit.worse(Exit::FAILED);
        }
        (chosen, exit)
    }

    /// A name with the VG filled in: from the name, or for a bare LV name from the environment.
    fn resolve_lv(&self, world: &World, word: &str) -> Option<LvName> {
        if word.starts_with('/') && within_dev(word, &world.dev_dir).is_none() {
            return None;
        }
        let name = split_lv(word, &world.dev_dir)?;
        // With LVM_VG_NAME set a bare name is an LV's, also where a VG is called so (2.03.40: tools/toollib.c).
        if name.lv.is_none()
            && !word.starts_with('/')
            && let Some(vg) = default_vg(world)
        {
            return Some(LvName { vg, lv: Some(name.vg) });
        }
        Some(name)
    }

    fn add_vg(
        &self,
        world: &mut World,
        session: &Session,
        name: &str,
        lv: Option<&str>,
        chosen: &mut Vec<Choice>,
    ) -> Exit {
        let places = self.own_of_name(session, name);
        if places.is_empty() {
            let missing = Refusal::words(format!("Volume group \"{name}\" not found"));
            let missing = missing.line(format!("Cannot process volume group {name}"));
            return missing.already_so(session.ends_vgs && lv.is_none()).tell(world);
        }
        if places.len() > 1 {
            self.tell_several(world, &places);
            return Exit::FAILED;
        }
        let mut exit = Exit::OK;
        for place in places {
            let vg = &self.scan.vgs[place].vg;
            if let Err(error) = session.check_sight(vg) {
                world.error(error);
                exit = exit.worse(Exit::FAILED);
                continue;
            }
            match lv {
                None => add(chosen, place, None),
                Some(lv) => match vg.lv_named(lv) {
                    Some(lv) => add(chosen, place, Some(lv.id)),
                    None => {
                        world.error(format_args!("Failed to find logical volume \"{name}/{lv}\""));
                        exit = exit.worse(Exit::FAILED);
                    }
                },
            }
        }
        exit
    }

    /// All VGs this command may see, the last one found first, as LVM2 goes through them.
    fn add_all(&self, world: &mut World, session: &Session, chosen: &mut Vec<Choice>) {
        for place in (0..self.scan.vgs.len()).rev() {
            self.add_seen(world, session, place, chosen);
        }
    }

    /// A VG that nobody named, if this command may see it.
    fn add_seen(&self, world: &mut World, session: &Session, place: usize, chosen: &mut Vec<Choice>) {
        match session.check_sight(&self.scan.vgs[place].vg) {
            Ok(()) => add(chosen, place, None),
            Err(error) => skip(world, &error),
        }
    }

    fn add_tagged(&self, tag: &str, chosen: &mut Vec<Choice>) {
        for (place, vg) in self.scan.vgs.iter().enumerate() {
            if has(&vg.vg.tags, tag) {
                add(chosen, place, None);
                continue;
            }
            for lv in vg.vg.lvs.iter().filter(|lv| has(&lv.tags, tag)) {
                add(chosen, place, Some(lv.id));
            }
        }
    }

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
        chosen.outside = self.scan.orphans.iter().map(|pv| facts_of(session, pv, &self.scan)).collect();
        let known: HashSet<DiskId> = self.disks_of_pvs().collect();
        let others = session.found.disks.iter().filter(|entry| !known.contains(&entry.id()));
        chosen.no_pvs = others.map(|entry| device_facts(session, entry.id())).collect();
    }

    /// The PVs in no VG.
    pub(crate) fn orphans(&self, session: &Session) -> Vec<PvFacts> {
        self.scan.orphans.iter().map(|pv| facts_of(session, pv, &self.scan)).collect()
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
            return (pvs.map(|pv| facts_of(session, pv, &self.scan)).collect(), Exit::OK);
        }
        let mut exit = Exit::OK;
        let mut facts = Vec::new();
        for word in &words {
            let Some(disk) = self.disk_named(world, session, word) else {
                exit = exit.worse(Exit::FAILED);
                continue;
            };
            match self.pv_on(disk) {
                Some((_, pv)) => facts.push(facts_of(session, pv, &self.scan)),
                None => {
                    world.error(format_args!("Failed to find physical volume \"{word}\"."));
                    exit = exit.worse(Exit::FAILED);
                }
            }
        }
        (facts, exit)
    }

    fn disks_of_pvs(&self) -> impl Iterator<Item = DiskId> + '_ {
        let in_vgs = self.scan.vgs.iter().flat_map(|vg| vg.pvs.values());
        in_vgs.chain(&self.scan.orphans).map(|pv| pv.disk)
    }

    /// The disk that the word names, where it may be used.
    fn disk_named(&self, world: &mut World, session: &Session, word: &str) -> Option<DiskId> {
        let path = Path::new(word);
        let entry = session.found.disks.find(path);
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
                let kind = if vg.is_shared() { "shared" } else { "foreign" };
                world.error(format_args!("Cannot use PV {word} in {kind} VG {}.", vg.name));
                return Exit::FAILED;
            }
            Some((Some(place), pv)) => chosen.add(place, vec![pv.id()]),
            Some((None, pv)) => chosen.outside.push(facts_of(session, pv, &self.scan)),
            None => {
                world.error(format_args!("Failed to find physical volume \"{word}\"."));
                return Exit::FAILED;
            }
        }
        Exit::OK
    }

    /// The PV on a disk, and the place of its VG.
    pub(crate) fn pv_on(&self, disk: DiskId) -> Option<(Option<usize>, &PvOnDisk)> {
        for (place, vg) in self.scan.vgs.iter().enumerate() {
            if let Some(pv) = vg.pvs.values().find(|pv| pv.disk == disk) {
                return Some((Some(place), pv));
            }
        }
        self.scan.orphans.iter().find(|pv| pv.disk == disk).map(|pv| (None, pv))
    }
}

impl PvChoice {
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

impl Session {
    /// Whether this host may use the VG at all: nobody else owns it, and no lock daemon has to be asked.
    pub(crate) fn check_owner(&self, vg: &Vg) -> Result<(), AccessError> {
        match vg::check_access(vg, self.vg_host(), Purpose::Read, 0) {
            Err(
                error @ (AccessError::Foreign { .. }
                | AccessError::ForeignToNobody { .. }
                | AccessError::Shared { .. }),
            ) => Err(error),
            _ => Ok(()),
        }
    }

    /// Whether this command shows the VG: those of others with `--foreign` and `--shared`, exported ones if it is
    /// not about their LVs.
    pub(crate) fn check_sight(&self, vg: &Vg) -> Result<(), AccessError> {
        match self.check_owner(vg) {
            Err(AccessError::Foreign { .. } | AccessError::ForeignToNobody { .. }) if self.shows.foreign => {}
            Err(AccessError::Shared { .. }) if self.shows.shared => {}
            other => other?,
        }
        match vg.is_exported() && !self.shows.exported {
            true => Err(AccessError::Exported { vg: vg.name.clone() }),
            false => Ok(()),
        }
    }

    /// Whether the VG may be used for that.
    pub(crate) fn check(&self, on_disk: &VgOnDisk, purpose: Purpose) -> Result<(), AccessError> {
        let absent = on_disk.vg.pvs.iter().filter(|pv| !on_disk.pvs.contains_key(&pv.id)).count();
        vg::check_access(&on_disk.vg, self.vg_host(), purpose, absent)
    }

    fn vg_host(&self) -> vg::Host<'_> {
        vg::Host { system_id: self.host.system_id.as_deref(), extra_system_ids: &self.host.extra }
    }
}

/// A VG that nobody asked for by name is passed over. A host without an id of its own is told whose it is.
fn skip(world: &mut World, error: &AccessError) {
    match error {
        AccessError::ForeignToNobody { .. } => world.warn(error),
        other => world.verbose(other),
    }
}

/// The arguments. A tag that no object can have is refused: were it passed over, no argument at all could be left,
/// which means everything there is (LVM2 does pass it over where LVs are named).
fn names_and_tags(parsed: &Parsed, world: &mut World) -> Result<Vec<String>, Exit> {
    let words = parsed.words();
    let mut exit = Ok(());
    for word in words.iter().filter(|word| !tag(word).is_none_or(is_tag)) {
        world.error(format_args!("Skipping invalid tag: {word}"));
        exit = Err(Exit::INVALID);
    }
    exit.map(|()| words)
}

/// Words that are to name VGs, or are tags, as bare names.
fn vg_names(world: &mut World, words: Vec<String>) -> Result<Vec<String>, Exit> {
    let bare = |word: String| if tag(&word).is_some() { word } else { bare_name(&word, &world.dev_dir) };
    let names: Vec<String> = words.into_iter().map(bare).collect();
    let mut exit = Ok(());
    for name in names.iter().filter(|name| tag(name).is_none() && name.contains('/')) {
        world.error(format_args!("Invalid volume group name {name}."));
        exit = Err(Exit::INVALID);
    }
    exit.map(|()| names)
}

fn tag(word: &str) -> Option<&str> {
    word.strip_prefix('@')
}

fn no_name(world: &mut World) -> Exit {
    world.error("Volume group name \"\" has invalid characters.");
    world.error("Cannot process volume group ");
    Exit::FAILED
}

fn has(tags: &[String], tag: &str) -> bool {
    tags.iter().any(|own| own == tag)
}

/// Adds an LV, or all of the VG, which swallows single LVs.
fn add(chosen: &mut Vec<Choice>, vg: usize, lv: Option<Id>) {
    match (chosen.iter_mut().find(|choice| choice.vg == vg), lv) {
        (None, lv) => chosen.push(Choice { vg, lvs: lv.map(|lv| HashSet::from([lv])) }),
        (Some(choice), None) => choice.lvs = None,
        (Some(choice), Some(lv)) => {
            if let Some(lvs) = &mut choice.lvs {
                lvs.insert(lv);
            }
        }
    }
}

/// What a device without a PV shows.
fn device_facts(session: &Session, disk: DiskId) -> PvFacts {
    let entry = session.found.disks.get(disk);
    let number = DevNumber::of(entry.disk().identity());
    PvFacts {
        name: session.disk_name(disk),
        dev_size: entry.disk().len().sectors(),
        number: number.map(|number| (number.major, number.minor)),
        ..PvFacts::default()
    }
}

/// What a PV's device shows.
fn facts_of(session: &Session, pv: &PvOnDisk, scan: &Scan) -> PvFacts {
    let header = &pv.label.header;
    PvFacts {
        id: Some(pv.id()),
        claimed: header.device_size.sectors(),
        mdas: pv.mdas.iter().map(mda_facts).collect(),
        ext_version: header.extension.as_ref().map_or(0, |extension| extension.version),
        marked_used: pv.is_marked_used(),
        duplicate: scan.duplicates.iter().any(|duplicate| duplicate.others.contains(&pv.disk)),
        pe_start: header.data_areas.first().map_or(Sectors::ZERO, |area| area.offset.sectors()),
        bootloader: header
            .extension
            .as_ref()
            .and_then(|extension| extension.bootloader_areas.first())
            .map(|area| (area.offset.sectors(), area.size.sectors())),
        ..device_facts(session, pv.disk)
    }
}

/// Room is what is left of the half that one text may take (2.03.40: format-text.c, read_metadata_location).
fn mda_facts(mda: &pv::Mda) -> MdaFacts {
    let size = mda.area.size;
    let half = (size.get().saturating_sub(512) / 2).saturating_sub(512);
    let header = mda.sound();
    let used = header.and_then(|header| header.committed()).map_or(0, |text| text.size.get());
    let ignored = header.is_some_and(|header| header.is_ignored());
    MdaFacts { size: size.sectors(), free: Bytes::new(half.saturating_sub(used)).sectors(), used: !ignored }
}
