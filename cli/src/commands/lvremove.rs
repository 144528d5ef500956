//! `lvremove`: the end of LVs.

use crate::change::{self, Before, Begin, Planned, Refusal};
use crate::exit::Exit;
use crate::holders::Holders;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::wanted::Wanted;
use crate::world::World;
use lv::{Remove, RemoveError};
use metadata::live::Live;
use metadata::model::Vg;
use metadata::plan::{Consent, Proposal};
use std::collections::HashSet;
use units::Id;
use vg::Purpose;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    match remove(parsed, world) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn remove(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let session = Session::open(parsed, world)?;
    let wanted = Wanted::new(parsed, world)?;
    let holders = Holders::new(world, &session);
    let mut exit = Exit::OK;
    for vg in wanted.vgs(parsed, world, &session)? {
        let mut removal = Removal {
            parsed,
            session: &session,
            holders: &holders,
            wanted: &wanted,
            vg,
            handled: HashSet::new(),
            missing: None,
        };
        exit = exit.worse(removal.run(world));
        if world.is_interrupted() {
            return Ok(exit.worse(Exit::FAILED));
        }
    }
    Ok(exit)
}

/// The removal of LVs of one VG: all in one change, unless there is something to ask. Each LV that is asked
/// about begins a change of its own, so that a no spares this one only (as LVM2 does, which commits before it
/// asks).
struct Removal<'a> {
    parsed: &'a Parsed,
    session: &'a Session,
    holders: &'a Holders,
    wanted: &'a Wanted,
    vg: String,
    /// Those that are gone, and those that are to stay.
    handled: HashSet<Id>,
    /// Names without an LV.
    missing: Option<Vec<String>>,
}

/// LVs that are removed in one change.
#[derive(Default)]
struct Batch {
    lvs: Vec<Id>,
    /// Names of those among them that users see.
    visible: Vec<String>,
    /// The one that is asked about.
    asked: Option<Id>,
    /// Whether there are more.
    more: bool,
}

impl Removal<'_> {
    fn run(&mut self, world: &mut World) -> Exit {
        let mut exit = Exit::OK;
        loop {
            let mut batch = Batch::default();
            let (parsed, session, name) = (self.parsed, self.session, self.vg.clone());
            let begin = Begin::Existing(&name, Purpose::ChangeDespiteMissing);
            let done = change::run(parsed, world, session, begin, &mut |before, _| {
                let (next, planned) = self.plan(before)?;
                batch = next;
                Ok(planned)
            });
            match done {
                Ok(done) => {
                    if !parsed.flag(Opt::Plan) {
                        for lv in &batch.visible {
                            world.about_lv(&name, lv);
                            world.passed();
                        }
                        // They have no names any more.
                        world.about_lv(&name, "");
                        for lv in &batch.visible {
                            world.print(format_args!("Logical volume \"{lv}\" successfully removed."));
                        }
                    }
                    exit = exit.worse(done.map_or(Exit::OK, |done| done.exit));
                    self.handled.extend(&batch.lvs);
                }
                Err(failed) => {
                    exit = exit.worse(failed);
                    match batch.asked.filter(|_| !world.is_interrupted()) {
                        Some(spared) => self.handled.insert(spared),
                        None => break,
                    };
                }
            }
            if !batch.more {
                break;
            }
        }
        for lv in self.missing.iter().flatten() {
            world.about_lv(&self.vg, lv);
            let missing = Refusal::words(format!("Failed to find logical volume \"{}/{lv}\"", self.vg));
            exit = exit.worse(missing.already_so(true).tell(world));
        }
        exit
    }

    fn plan(&mut self, before: &Before) -> Result<(Batch, Planned), Refusal> {
        let Some(on_disk) = before.vg() else { return Err(Refusal::words("No volume group.")) };
        let vg = &on_disk.vg;
        let found = self.wanted.find(self.session, before);
        self.missing.get_or_insert(found.missing);
        let todo: Vec<Id> = found.lvs.into_iter().filter(|id| !self.handled.contains(id)).collect();
        if todo.is_empty() {
            return Err(Refusal::nothing_to_do());
        }
        let mut live = before.live();
        let all = self.propose(vg, &mut live, &todo)?;
        let asks = asked_about(vg, &all);
        let given = self.parsed.any(&[Opt::Yes, Opt::Force, Opt::Plan]);
        let (count, asked) = if given { (todo.len(), None) } else { cut(&todo, &asks) };
        let lvs = todo[..count].to_vec();
        let proposal = if count == todo.len() { all } else { self.propose(vg, &mut live, &lvs)? };
        let visible = lvs.iter().filter_map(|id| vg.lvs.get(*id)).filter(|lv| lv.is_visible());
        let visible = visible.map(|lv| lv.name.clone()).collect();
        let more = count < todo.len() || asked.is_some();
        Ok((Batch { lvs, visible, asked, more }, Planned::new(proposal)))
    }

    /// All of them go, or none: every LV that stands in the way is named.
    fn propose(&self, vg: &Vg, live: &mut Live, lvs: &[Id]) -> Result<Proposal, Refusal> {
        let discard = self.session.settings.bool("devices/issue_discards");
        let mut in_the_way: Vec<Refusal> = Vec::new();
        for lv in lvs.iter().filter_map(|id| vg.lvs.get(*id)) {
            in_the_way.extend(self.holders.check(&format!("{}/{}", vg.name, lv.name), lv.id, live).err());
        }
        let request = Remove { lvs: lvs.to_vec(), discard };
        match lv::remove(vg, live, &request) {
            Ok(proposal) if in_the_way.is_empty() => return Ok(proposal),
            Ok(_) | Err(RemoveError::Open { .. }) => {}
            Err(error) => in_the_way.push(Refusal::failed(&error)),
        }
        let lines = in_the_way.into_iter().flat_map(|refusal| refusal.lines).collect();
        Err(Refusal { lines, exit: Exit::FAILED, ..Refusal::nothing_to_do() })
    }
}

/// The LVs that a proposal wants to be asked about.
fn asked_about(vg: &Vg, proposal: &Proposal) -> HashSet<Id> {
    let mut names: HashSet<&str> = HashSet::new();
    for consent in &proposal.consents {
        if let Consent::RemoveLv { lv, .. } = consent {
            names.insert(lv);
        }
    }
    let asked = |name: &str| names.contains(format!("{}/{name}", vg.name).as_str());
    vg.lvs.iter().filter(|lv| asked(&lv.name)).map(|lv| lv.id).collect()
}

/// How many of the first LVs go together, and which of them is asked about: those before the first that is, or
/// that one with those behind it up to the next.
fn cut(todo: &[Id], asks: &HashSet<Id>) -> (usize, Option<Id>) {
    let begins = todo.first().copied().filter(|first| asks.contains(first));
    let from = usize::from(begins.is_some());
    let next = todo[from..].iter().position(|id| asks.contains(id));
    (next.map_or(todo.len(), |next| from + next), begins)
}
