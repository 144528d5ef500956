//! The VGs and LVs that arguments mean: names, paths and tags.

use super::Sight;
use super::one::no_vg;
use crate::exit::Exit;
use crate::parsed::Parsed;
use crate::session::{LvName, Session, bare_name, default_vg, split_lv, within_dev};
use crate::world::{About, World};
use metadata::model::names::is_tag;
use std::cmp::Reverse;
use std::collections::HashSet;
use units::Id;
use vg::AccessError;

/// A VG that the arguments mean, and which of its LVs.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    /// Its place in the scan.
    pub(crate) vg: usize,
    /// The LVs; none: all that are shown.
    pub(crate) lvs: Option<HashSet<Id>>,
}

impl Sight {
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
        let beside_tags = has_tags(&words);
        for word in &words {
            if let Some(tag) = tag(word) {
                let tagged = |place: &usize| has(&self.scan.vgs[*place].vg.tags, tag);
                for place in (0..self.scan.vgs.len()).filter(tagged) {
                    self.add_seen(world, session, place, &mut chosen);
                }
            } else if word.is_empty() {
                exit = exit.worse(no_name(world));
            } else {
                exit = exit.worse(self.add_vg(world, session, (word, None), beside_tags, &mut chosen));
            }
        }
        world.out.about = None;
        in_order(&mut chosen, beside_tags);
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
        let beside_tags = has_tags(&words);
        let named = words.iter().filter(|word| tag(word).is_none() && !word.is_empty());
        let names = named.filter_map(|word| self.resolve_lv(world, word));
        let whole: HashSet<String> = names.filter(|name| name.lv.is_none()).map(|name| name.vg).collect();
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
                // With the whole VG named, its LVs need not be there (2.03.40: toollib.c, _process_lv_vgnameid_list).
                Some(LvName { vg, lv: Some(_) }) if whole.contains(&vg) => {}
                Some(LvName { vg, lv }) => {
                    let named = (vg.as_str(), lv.as_deref());
                    exit = exit.worse(self.add_vg(world, session, named, beside_tags, &mut chosen));
                }
                None => {
                    world.error(format_args!("\"{word}\": Invalid path for Logical Volume."));
                    exit = exit.worse(Exit::FAILED);
                }
            }
        }
        world.out.about = None;
        in_order(&mut chosen, beside_tags);
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

    /// A VG that was named, or one of its LVs. Beside tags a VG need not be there: all VGs are gone through then,
    /// and those named are what is looked for (2.03.40: tools/toollib.c).
    fn add_vg(
        &self,
        world: &mut World,
        session: &Session,
        (name, lv): (&str, Option<&str>),
        beside_tags: bool,
        chosen: &mut Vec<Choice>,
    ) -> Exit {
        let places = self.own_of_name(session, name);
        world.out.about = Some(About::vg(name, String::new()));
        if places.is_empty() {
            return match beside_tags {
                true => Exit::OK,
                false => no_vg(name).already_so(session.ends_vgs && lv.is_none()).tell(world),
            };
        }
        if places.len() > 1 {
            self.tell_several(world, &places);
            return Exit::FAILED;
        }
        let mut exit = Exit::OK;
        for place in places {
            let vg = &self.scan.vgs[place].vg;
            world.out.about = Some(About::vg(name, vg.id.to_string()));
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
                        let group = Some((name.to_owned(), vg.id.to_string()));
                        world.out.about =
                            Some(About { kind: "lv", name: lv.to_owned(), id: String::new(), group });
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
}

/// A VG that nobody asked for by name is passed over. A host without an id of its own is told whose it is, and
/// anybody of a VG of a cluster of old, which no host can use any more.
pub(super) fn skip(world: &mut World, error: &AccessError) {
    match error {
        AccessError::Clustered { vg } => {
            world.warn(format_args!("WARNING: Skipping clustered VG {vg}."));
        }
        AccessError::ForeignToNobody { .. } => world.warn(error),
        other => world.verbose(other),
    }
}

/// The arguments. A tag that no object can have is refused: were it passed over, no argument at all could be left,
/// which means everything there is (LVM2 does pass it over where LVs are named).
pub(super) fn names_and_tags(parsed: &Parsed, world: &mut World) -> Result<Vec<String>, Exit> {
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

pub(super) fn tag(word: &str) -> Option<&str> {
    word.strip_prefix('@')
}

/// Where a tag is among the arguments all VGs have to be looked at, and a name that none of them has is passed
/// over (2.03.40: toollib.c, process_each_lv and process_each_vg).
fn has_tags(words: &[String]) -> bool {
    words.iter().any(|word| tag(word).is_some())
}

/// With tags, VGs are gone through as they are where nothing is named.
fn in_order(chosen: &mut [Choice], with_tags: bool) {
    if with_tags {
        chosen.sort_by_key(|choice| Reverse(choice.vg));
    }
}

fn no_name(world: &mut World) -> Exit {
    world.error("Volume group name \"\" has invalid characters.");
    world.error("Cannot process volume group ");
    Exit::FAILED
}

pub(super) fn has(tags: &[String], tag: &str) -> bool {
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
