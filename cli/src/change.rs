//! Changing one VG, from the lock to the backup: every changing command goes through here.
//!
//! ```text
//! lock -> read -> plan -> (consents, lock released -> lock -> read -> plan) -> check -> archive
//!      -> stage -> suspend -> commit -> resume -> finish -> backup
//! ```
//! Planning is pure and may happen twice; `--plan` and `--test` stop before anything is written.

mod activation;
mod blind;
mod carry;
mod check;
pub(crate) mod consent;
pub(crate) mod diff;
mod discard;
mod fresh;
pub(crate) mod gather;
pub(crate) mod keep;
mod machine;
mod notices;
mod policy;
mod properties;
mod refusal;
mod removal;
mod rescue;
pub(crate) mod show;
mod split;

pub(crate) use activation::{activation, names, new_lv_wish, refuse_open};
pub(crate) use carry::{Done, local_zone};
pub(crate) use machine::{GUARDIAN, guardian};
pub(crate) use notices::{Sizes, tell};
pub(crate) use policy::{dev_ref, policy as activation_policy};
pub(crate) use refusal::Refusal;
pub(crate) use removal::removal;
pub(crate) use rescue::rescue;
pub(crate) use split::{SplitPlan, split};

use crate::exit::Exit;
use crate::making::{self, Joining};
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{Session, Sight};
use crate::world::{About, World};
use activate::Wish;
use fresh::Cleaning;
use metadata::live::Live;
use metadata::model::{PvFlag, Vg};
use metadata::plan::{Consent, Ctx, Proposal};
use std::collections::HashMap;
use store::{Held, LockRequest, Mend, PvOnDisk, VgOnDisk};
use units::{ExtentSize, Id};
use vg::Purpose;

/// A VG as it was read under its lock.
#[derive(Debug)]
pub(crate) struct Before {
    /// Its place in the sight; none: the VG is new.
    pub(crate) place: Option<usize>,
    /// The place of the VG that becomes part of it.
    other: Option<usize>,
    /// Everything in scope.
    pub(crate) sight: Sight,
}

impl Before {
    /// The VG. Commands that make VGs do not ask.
    pub(crate) fn vg(&self) -> Option<&VgOnDisk> {
        self.place.map(|place| &self.sight.scan.vgs[place])
    }

    /// The VG that becomes part of it, with what runs of that.
    pub(crate) fn other(&self) -> Option<(&VgOnDisk, &Live)> {
        self.other.map(|place| (&self.sight.scan.vgs[place], self.sight.live(place)))
    }

    /// What runs of it.
    pub(crate) fn live(&self) -> Live {
        self.place.map_or_else(Live::default, |place| self.sight.live(place).clone())
    }
}

/// What a command wants done.
#[derive(Debug)]
pub(crate) struct Planned {
    /// The next VG, with what is to be said and asked.
    pub(crate) proposal: Proposal,
    /// What is to run afterwards that does not now, or the other way round.
    pub(crate) wishes: Vec<(Id, Wish)>,
    /// PVs without a VG that join.
    pub(crate) joining: Vec<Joining>,
    /// What becomes of new LVs' first bytes.
    pub(crate) fresh: Vec<Fresh>,
    /// PVs of the VG that get other headers, by their ids now.
    pub(crate) remade: HashMap<Id, PvOnDisk>,
    /// PVs that are there and come into the VG as they are: from another VG, or out of a backup.
    pub(crate) arriving: Vec<PvOnDisk>,
    /// Whether devices that run stay as they are, whatever the VG says then.
    pub(crate) leaves_devices: bool,
    /// What is mended on the way.
    pub(crate) mend: Mend,
}

/// A new LV, whose old content must not be taken for data.
#[derive(Clone, Debug)]
pub(crate) struct Fresh {
    /// Which LV.
    pub(crate) lv: Id,
    /// Whether its first 4 KiB are zeroed (`-Z`).
    pub(crate) zero: bool,
    /// Whether signatures are looked for and wiped (`-W`).
    pub(crate) wipe: bool,
}

impl Planned {
    /// The PVs that are here, as they will be: those of the VG, and those that join.
    pub(crate) fn pvs<'a>(&'a self, before: &'a Before) -> impl Iterator<Item = &'a PvOnDisk> {
        let known = before.vg().into_iter().flat_map(|vg| &vg.pvs);
        let known = known.map(|(id, pv)| self.remade.get(id).unwrap_or(pv));
        known.chain(self.joining.iter().map(|joining| &joining.on_disk)).chain(&self.arriving)
    }

    /// Metadata alone change.
    pub(crate) fn new(proposal: Proposal) -> Self {
        Self {
            proposal,
            wishes: Vec::new(),
            joining: Vec::new(),
            fresh: Vec::new(),
            remade: HashMap::new(),
            arriving: Vec::new(),
            leaves_devices: false,
            mend: Mend::Nothing,
        }
    }
}

/// How a change begins.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Begin<'a> {
    /// With a VG that must be there, for a purpose.
    Existing(&'a str, Purpose),
    /// The same where PVs join or leave it.
    Regrouped(&'a str, Purpose),
    /// With a VG that must not be there.
    New(&'a str),
    /// With a VG that gets another name: its name, its id where that was given, and the new name.
    Renamed(&'a str, Option<Id>, &'a str),
    /// With a VG, and one that becomes part of it.
    Merged(&'a str, &'a str),
    /// With the VG that this backup is of, which need not be there, and which is written anew.
    Restored(&'a Vg),
}

impl Begin<'_> {
    /// What is said from now on is about that VG, where it is not about something in it.
    fn is_told(self, world: &mut World) {
        let (Begin::Existing(name, _)
        | Begin::Regrouped(name, _)
        | Begin::Renamed(name, ..)
        | Begin::Merged(name, _)) = self
        else {
            return;
        };
        if world.out.about.as_ref().and_then(About::vg_name) != Some(name) {
            world.about_vg(name);
        }
    }
}

/// The planner of a command.
pub(crate) type Planner<'a> = &'a mut dyn FnMut(&Before, &mut Ctx<'_>) -> Result<Planned, Refusal>;

/// Changes one VG. Gives none where `--plan` or `--test` stopped it before anything was written.
pub(crate) fn run(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    begin: Begin<'_>,
    planner: Planner<'_>,
) -> Result<Option<Done>, Exit> {
    if world.gathering.is_some() {
        return gather::step(parsed, world, session, begin, planner);
    }
    let mut agreed: Vec<Consent> = Vec::new();
    loop {
        let held = lock(world, session, begin)?;
        let before = read(parsed, world, session, begin)?;
        let before = rescue(parsed, world, session, begin, before, &held)?;
        let (planned, cleanings) = propose(parsed, world, session, &before, planner, agreed.is_empty())?;
        let change = check::check(parsed, world, session, &before, planned)?;
        if parsed.flag(Opt::Plan) {
            show::plan(parsed, world, session, &before, &change);
            return Ok(None);
        }
        let open: Vec<Consent> = change
            .planned
            .proposal
            .consents
            .iter()
            .filter(|consent| !agreed.contains(consent) && !consent::is_given(parsed, consent))
            .cloned()
            .collect();
        if !open.is_empty() {
            // Nobody shall wait for a lock while a person thinks.
            drop(held);
            for consent in &open {
                consent::ask(world, session, parsed, consent)?;
            }
            agreed.extend(open);
            continue;
        }
        if parsed.flag(Opt::Test) {
            world.record(|| show::done(session, &before, &change));
            let joining = &change.planned.joining;
            making::write(parsed, world, session, joining).map_err(|refusal| refusal.tell(world))?;
            return Ok(None);
        }
        for consent in change.planned.proposal.consents.iter().filter(|consent| !agreed.contains(consent)) {
            consent::warn(world, session, consent);
        }
        world.watch_signals();
        fresh::clean(world, &cleanings).map_err(|refusal| refusal.tell(world))?;
        let done = carry::out(parsed, world, session, &before, change, held).map(Some);
        world.leave(before);
        return done;
    }
}

/// Plans, tells what was decided on the way (the first time), and looks at what new LVs would lie on.
fn propose(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    before: &Before,
    planner: Planner<'_>,
    first: bool,
) -> Result<(Planned, Vec<Cleaning>), Exit> {
    let host = world.host.name.clone();
    let mut ctx = Ctx { now: world.clock.now(), ids: &mut *world.ids, host: &host };
    let mut planned = match planner(before, &mut ctx) {
        Ok(planned) => planned,
        Err(refusal) => {
            let extent_size = before.vg().map_or(ExtentSize::DEFAULT, |vg| vg.vg.extent_size);
            notices::tell(world, session, parsed, extent_size, &refusal.notices);
            return Err(refusal.tell(world));
        }
    };
    blind::check(before, &planned).map_err(|refusal| refusal.tell(world))?;
    if let Some(on_disk) = before.vg() {
        name_devices(session, on_disk, &mut planned.proposal.next);
        mark_missing(on_disk, &mut planned.proposal.next);
    }
    name_arriving(session, &mut planned);
    let cleanings = fresh::look(session, before, &planned).map_err(|refusal| refusal.tell(world))?;
    planned.proposal.consents.extend(fresh::consents(&cleanings));
    if first {
        let extent_size = planned.proposal.next.extent_size;
        notices::tell(world, session, parsed, extent_size, &planned.proposal.notices);
        making::warn_sizes(world, session, &planned.joining);
    }
    Ok((planned, cleanings))
}

/// Calls the devices of PVs what they are called now, and marks PVs that are not here as missing: every text that
/// is written does.
pub(crate) fn name_devices(session: &Session, on_disk: &VgOnDisk, next: &mut Vg) {
    for pv in next.pvs.iter_mut() {
        match on_disk.disk_of(pv.id) {
            Some(disk) => pv.device = session.disk_name(disk),
            None if on_disk.vg.pvs.contains(pv.id) => pv.flags.insert(PvFlag::Missing),
            None => (),
        }
    }
}

/// The same for PVs that come into the VG as they are.
fn name_arriving(session: &Session, planned: &mut Planned) {
    for arriving in &planned.arriving {
        if let Some(pv) = planned.proposal.next.pvs.get_mut(arriving.id()) {
            pv.device = session.disk_name(arriving.disk);
        }
    }
}

/// Marks PVs that are not here: once they are back, what they hold is older than the VG.
fn mark_missing(on_disk: &VgOnDisk, next: &mut Vg) {
    let absent: Vec<Id> = on_disk.missing().map(|pv| pv.id).collect();
    for id in absent {
        if let Some(pv) = next.pvs.get_mut(id) {
            pv.flags.insert(PvFlag::Missing);
        }
    }
}

/// The status to end with after a change that was made, shown or tested.
pub(crate) fn exit_after(done: Option<&Done>) -> Exit {
    done.map_or(Exit::OK, |done| done.exit)
}

/// Whether what was done is told: with `--test` too, but not after a plan was shown.
pub(crate) fn is_told(parsed: &Parsed, done: Option<&Done>) -> bool {
    done.is_some() || (parsed.flag(Opt::Test) && !parsed.flag(Opt::Plan))
}

pub(crate) fn lock(world: &mut World, session: &Session, begin: Begin<'_>) -> Result<Held, Exit> {
    use device::LockMode::Exclusive;
    let request = match begin {
        Begin::Existing(name, _) => LockRequest::change_vg(name),
        Begin::New(name) | Begin::Regrouped(name, _) => LockRequest::change_global().and_vg(name, Exclusive),
        Begin::Restored(vg) => LockRequest::change_global().and_vg(&vg.name, Exclusive),
        Begin::Renamed(one, _, other) | Begin::Merged(one, other) => {
            LockRequest::change_global().and_vg(one, Exclusive).and_vg(other, Exclusive)
        }
    };
    session.lock(world, &request)
}

pub(crate) fn read(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    begin: Begin<'_>,
) -> Result<Before, Exit> {
    begin.is_told(world);
    let sight = Sight::read(parsed, world, session)?;
    let mut other = None;
    let place = match begin {
        Begin::New(name) => {
            if !sight.named(name).is_empty() {
                world.error(format_args!("A volume group called {name} already exists."));
                return Err(Exit::FAILED);
            }
            None
        }
        Begin::Existing(name, purpose) | Begin::Regrouped(name, purpose) => {
            Some(sight.the_vg(world, session, name, purpose)?)
        }
        Begin::Renamed(name, None, _) => Some(sight.the_vg(world, session, name, Purpose::ChangeExported)?),
        Begin::Renamed(_, Some(id), _) => {
            Some(sight.the_vg_with_id(world, session, id, Purpose::ChangeExported)?)
        }
        Begin::Merged(to, from) => {
            let place = sight.the_vg(world, session, to, Purpose::Change)?;
            other = Some(sight.the_vg(world, session, from, Purpose::Change)?);
            Some(place)
        }
        Begin::Restored(vg) => sight.vg_to_restore(world, session, vg)?,
    };
    if let Some(on_disk) = place.map(|place| &sight.scan.vgs[place]) {
        let vg = &on_disk.vg;
        let pvs = on_disk.pvs.values().map(|pv| (session.disk_name(pv.disk), pv.id()));
        world.learn_ids((&vg.name, vg.id), vg.lvs.iter().map(|lv| (lv.name.as_str(), lv.id)), pvs);
    }
    Ok(Before { place, other, sight })
}
