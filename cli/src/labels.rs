//! Changing devices one by one, whatever VG they may be in: pvcreate and pvremove, and PVs without a VG.
//!
//! ```text
//! lock -> read -> plan each device -> (consents, lock released -> lock -> read -> plan) -> write
//! ```
//! A device that is refused does not keep the others from what was asked.

use crate::change::{Refusal, Sizes, consent, keep, show};
use crate::exit::Exit;
use crate::making::{self, DevicePlan, Making, Named};
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{Session, Sight};
use crate::world::World;
use device::Claim;
use metadata::plan::{Consent, Ctx};
use store::{LockRequest, PvOnDisk};

/// What is to happen to one device.
#[derive(Debug)]
pub(crate) struct Job {
    /// What is asked before.
    pub(crate) consents: Vec<Consent>,
    /// What it is.
    pub(crate) deed: Deed,
}

/// What happens to a device.
#[derive(Debug)]
pub(crate) enum Deed {
    /// It becomes a PV.
    Create(Box<Making>),
    /// Its labels are wiped. It is claimed until then.
    Remove {
        /// Which.
        named: Named,
        /// The claim.
        _claim: Box<dyn Claim>,
    },
    /// Its headers become others.
    Remake(Box<Remake>),
}

/// A PV without a VG that gets other headers.
#[derive(Debug)]
pub(crate) struct Remake {
    /// Which.
    pub(crate) named: Named,
    /// The PV as it is.
    pub(crate) now: PvOnDisk,
    /// The PV as it shall be.
    pub(crate) next: PvOnDisk,
}

/// Plans what happens to one device.
pub(crate) type Planner<'a> = &'a mut dyn FnMut(&Sight, Named, &mut Ctx<'_>) -> Result<Job, Refusal>;

/// Changes the devices that words name.
pub(crate) fn run(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    words: &[String],
    planner: Planner<'_>,
) -> Result<Exit, Exit> {
    let mut answers: Vec<(Consent, bool)> = Vec::new();
    let mut told: Vec<Vec<String>> = Vec::new();
    loop {
        let held = session.lock(world, &LockRequest::change_global())?;
        let sight = Sight::read(parsed, world, session)?;
        let (mut jobs, mut exit) = (Vec::new(), Exit::OK);
        for answer in making::named(session, words).map_err(|refusal| refusal.tell(world))? {
            let host = world.host.name.clone();
            let mut ctx = Ctx { now: world.clock.now(), ids: &mut *world.ids, host: &host };
            match answer.and_then(|named| planner(&sight, named, &mut ctx)) {
                Ok(job) => jobs.push(job),
                Err(refusal) => {
                    exit = exit.worse(refusal.exit_in(world));
                    if !told.contains(&refusal.lines) {
                        told.push(refusal.lines.clone());
                        refusal.tell(world);
                    }
                }
            }
        }
        if parsed.flag(Opt::Plan) {
            show_plan(parsed, world, session, &jobs);
            return Ok(exit);
        }
        let open = |job: &Job| open(parsed, &answers, job).next().is_some();
        if jobs.iter().any(open) {
            let asked: Vec<Vec<Consent>> =
                jobs.iter().map(|job| self::open(parsed, &answers, job).cloned().collect()).collect();
            // Nobody shall wait for a lock, or for a device, while a person thinks.
            drop((jobs, held));
            for consents in asked {
                ask(parsed, world, session, consents, &mut answers);
            }
            continue;
        }
        let refused =
            |job: &Job| job.consents.iter().any(|consent| answers.contains(&(consent.clone(), false)));
        if jobs.iter().any(refused) {
            exit = exit.worse(Exit::FAILED);
            jobs.retain(|job| !refused(job));
        }
        for consent in jobs.iter().flat_map(|job| &job.consents) {
            if !answers.iter().any(|(asked, _)| asked == consent) {
                consent::warn(world, session, consent);
            }
        }
        world.watch_signals();
        let _hints = if parsed.flag(Opt::Test) { None } else { keep::clear_hints(world, session) };
        return Ok(exit.worse(carry_out(parsed, world, session, jobs, sight.scan.vgs.is_empty())));
    }
}

/// What nobody has said anything about yet.
fn open<'a>(
    parsed: &'a Parsed,
    answers: &'a [(Consent, bool)],
    job: &'a Job,
) -> impl Iterator<Item = &'a Consent> {
    let answered = |consent: &Consent| answers.iter().any(|(known, _)| known == consent);
    job.consents.iter().filter(move |consent| !answered(consent) && !consent::is_given(parsed, consent))
}

/// Asks what is to be asked of one device; after a no, nothing more.
fn ask(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    consents: Vec<Consent>,
    answers: &mut Vec<(Consent, bool)>,
) {
    let mut yes = true;
    for consent in consents {
        yes = yes && consent::ask(world, session, parsed, &consent).is_ok();
        answers.push((consent, yes));
    }
}

impl Job {
    /// What it does.
    fn plan(&self) -> DevicePlan {
        match &self.deed {
            Deed::Create(making) => DevicePlan::created(making),
            Deed::Remove { named, .. } => DevicePlan::removed(&named.word, "remove"),
            Deed::Remake(remake) => DevicePlan::remade(&remake.named.word, &remake.next),
        }
    }
}

fn show_plan(parsed: &Parsed, world: &mut World, session: &Session, jobs: &[Job]) {
    let devices: Vec<DevicePlan> = jobs.iter().map(Job::plan).collect();
    let asks = jobs.iter().flat_map(|job| &job.consents);
    show::devices(parsed, world, Sizes::new(session), &devices, asks);
}

/// Does it, all wiping first. Goes on past a device that fails. `first`: no VG is on the host.
fn carry_out(parsed: &Parsed, world: &mut World, session: &Session, jobs: Vec<Job>, first: bool) -> Exit {
    let mut exit = Exit::OK;
    let mut left = Vec::new();
    for job in jobs {
        let wiped = match &job.deed {
            Deed::Create(making) => making.ready.wipe(parsed, world, session),
            Deed::Remove { .. } | Deed::Remake(_) => Ok(()),
        };
        match wiped {
            Ok(()) => left.push(job),
            Err(refusal) => exit = exit.worse(refusal.tell(world)),
        }
    }
    let (mut made, mut removed) = (Vec::new(), Vec::new());
    for job in left {
        let done = match &job.deed {
            Deed::Create(making) => making.write(parsed, world, session),
            Deed::Remove { named, .. } => remove(parsed, world, session, named),
            Deed::Remake(remake) => self::remake(parsed, session, remake),
        };
        if done.is_ok() {
            world.record(|| job.plan());
        }
        match (done, &job.deed) {
            (Err(refusal), _) => exit = exit.worse(refusal.tell(world)),
            (Ok(()), Deed::Create(making)) => made.push((making.ready.named.disk, making.id)),
            (Ok(()), Deed::Remove { named, .. }) => removed.push(named.disk),
            (Ok(()), Deed::Remake(_)) => (),
        }
    }
    if !parsed.flag(Opt::Test) {
        session.list_pvs(world, parsed, &made, first);
        session.unlist_pvs(world, parsed, &removed);
    }
    exit
}

fn remove(parsed: &Parsed, world: &mut World, session: &Session, named: &Named) -> Result<(), Refusal> {
    if !parsed.flag(Opt::Test) {
        let disk = session.found().disks.disk(named.disk);
        pv::remove(&**disk).map_err(|error| {
            Refusal::failed(&error).line(format!("Failed to wipe existing label(s) on {}.", named.word))
        })?;
    }
    world.print(format_args!("Labels on physical volume \"{}\" successfully wiped.", named.word));
    Ok(())
}

fn remake(parsed: &Parsed, session: &Session, remake: &Remake) -> Result<(), Refusal> {
    if parsed.flag(Opt::Test) {
        return Ok(());
    }
    let disk = session.found().disks.disk(remake.named.disk);
    store::remake(&**disk, &remake.now, &remake.next).map_err(|error| {
        Refusal::failed(&error).line(format!("Failed to store physical volume \"{}\"", remake.named.word))
    })
}
