//! Which LVs are to be changed or removed: by name, by VG, by tag, by selection.

use crate::change::Before;
use crate::exit::Exit;
use crate::lv_name;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::reports;
use crate::session::{LvName, Session, Sight};
use crate::world::World;
use metadata::model::names::is_tag;
use metadata::model::{Lv, Vg};
use report::field::Kind;
use report::select::Selection;
use std::collections::HashSet;
use units::Id;

/// What the command line asks for.
pub(crate) struct Wanted {
    /// VGs in the order they were named; with their LVs, or whole.
    named: Vec<(String, Option<Vec<String>>)>,
    tags: Vec<String>,
    selection: Option<Selection>,
}

/// What there is of it in one VG.
#[derive(Default)]
pub(crate) struct Found {
    /// In the VG's order.
    pub(crate) lvs: Vec<Id>,
    /// Names without an LV.
    pub(crate) missing: Vec<String>,
}

impl Wanted {
    pub(crate) fn new(parsed: &Parsed, world: &mut World) -> Result<Self, Exit> {
        let mut wanted = Self { named: Vec::new(), tags: Vec::new(), selection: selection(parsed, world)? };
        let mut exit = Exit::OK;
        let words = parsed.words();
        for word in &words {
            if let Some(tag) = word.strip_prefix('@') {
                if is_tag(tag) {
                    wanted.tags.push(tag.to_owned());
                } else {
                    // Passed over it would leave nothing named, which means everything.
                    world.error(format_args!("Skipping invalid tag {word}."));
                    exit = exit.worse(Exit::INVALID);
                }
                continue;
            }
            match lv_name::split(world, word) {
                Ok(name) => wanted.add(name),
                Err(failed) => exit = exit.worse(failed),
            }
        }
        if words.is_empty() && wanted.selection.is_none() {
            world.error("Please enter one or more logical volume paths or use --select for selection.");
            return Err(Exit::INVALID);
        }
        if exit.is_ok() { Ok(wanted) } else { Err(exit) }
    }

    fn add(&mut self, name: LvName) {
        let place = self.named.iter().position(|(vg, _)| *vg == name.vg).unwrap_or_else(|| {
            self.named.push((name.vg, Some(Vec::new())));
            self.named.len() - 1
        });
        match (&mut self.named[place].1, name.lv) {
            (whole, None) => *whole = None,
            (None, Some(_)) => {}
            (Some(lvs), Some(lv)) if lvs.contains(&lv) => {}
            (Some(lvs), Some(lv)) => lvs.push(lv),
        }
    }

    /// The VGs to look at: those named, and where there are tags, or a selection alone, all that have such LVs.
    pub(crate) fn vgs(
        &self,
        parsed: &Parsed,
        world: &mut World,
        session: &Session,
    ) -> Result<Vec<String>, Exit> {
        if self.tags.is_empty() && !self.named.is_empty() {
            return Ok(self.named.iter().map(|(vg, _)| vg.clone()).collect());
        }
        let sight = Sight::read(parsed, world, session)?;
        Ok(self.vgs_in(session, &sight))
    }

    fn vgs_in(&self, session: &Session, sight: &Sight) -> Vec<String> {
        let named: Vec<String> = self.named.iter().map(|(vg, _)| vg.clone()).collect();
        if self.tags.is_empty() && !named.is_empty() {
            return named;
        }
        // LVM2 goes from the VG found last to the first. Beside a tag a name that no VG has is no failure.
        let mut vgs: Vec<String> = Vec::new();
        for place in (0..sight.scan.vgs.len()).rev() {
            let name = &sight.scan.vgs[place].vg.name;
            // VGs that are not this host's are no part of `all`.
            let taken = || {
                let own = session.check_sight(&sight.scan.vgs[place].vg).is_ok();
                own && !self.find_in(session, sight, place).lvs.is_empty()
            };
            if !vgs.contains(name) && (named.contains(name) || taken()) {
                vgs.push(name.clone());
            }
        }
        vgs
    }

    /// The LVs of each VG asked for, by what was read; for those that are not there none.
    pub(crate) fn in_sight(
        &self,
        parsed: &Parsed,
        world: &mut World,
        session: &Session,
    ) -> Result<Vec<(String, Found)>, Exit> {
        let sight = Sight::read(parsed, world, session)?;
        let found = |vg: String| {
            let found = sight.named(&vg).first().map(|&place| self.find_in(session, &sight, place));
            (vg, found.unwrap_or_default())
        };
        Ok(self.vgs_in(session, &sight).into_iter().map(found).collect())
    }

    /// The LVs of the VG that was read.
    pub(crate) fn find(&self, session: &Session, before: &Before) -> Found {
        match before.place {
            Some(place) => self.find_in(session, &before.sight, place),
            None => Found::default(),
        }
    }

    fn find_in(&self, session: &Session, sight: &Sight, place: usize) -> Found {
        let vg = &sight.scan.vgs[place].vg;
        let named = self.named.iter().find(|(name, _)| *name == vg.name).map(|(_, lvs)| lvs);
        let names: HashSet<&str> = named.into_iter().flatten().flatten().map(String::as_str).collect();
        let all = self.takes_all(vg, named);
        let view = self.selection.as_ref().map(|selection| (selection, sight.view(session, place)));
        let selected =
            |lv: &Lv| view.as_ref().is_none_or(|(selection, view)| reports::selects_lv(selection, view, lv));
        let wanted = |lv: &&Lv| {
            let by_name = names.contains(lv.name.as_str());
            let taken = by_name || all || lv.tags.iter().any(|tag| self.tags.contains(tag));
            // A hidden LV has to be named.
            taken && (by_name || lv.is_visible()) && selected(lv)
        };
        let lvs = vg.lvs.iter().filter(wanted).map(|lv| lv.id).collect();
        let missing = named.into_iter().flatten().flatten().filter(|lv| vg.lv_named(lv).is_none());
        Found { lvs, missing: missing.cloned().collect() }
    }

    /// Whether all of a VG is meant: it was named without an LV, or has a tag, or nothing was named at all.
    fn takes_all(&self, vg: &Vg, named: Option<&Option<Vec<String>>>) -> bool {
        match named {
            Some(lvs) if lvs.is_none() => true,
            _ if vg.tags.iter().any(|tag| self.tags.contains(tag)) => true,
            Some(_) => false,
            None => self.named.is_empty() && self.tags.is_empty(),
        }
    }
}

/// `-S`; of several the last.
fn selection(parsed: &Parsed, world: &mut World) -> Result<Option<Selection>, Exit> {
    match parsed.str(Opt::Select) {
        Some(text) => reports::selection_of(world, text, Kind::Lv),
        None => Ok(None),
    }
}
