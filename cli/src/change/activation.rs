//! Activating and deactivating without a change of the metadata.

use super::{Begin, Refusal, blind, carry, dev_ref, gather, machine, policy, rescue, show};
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{Session, Sight};
use crate::world::World;
use activate::{Activation, InUse, Skip, Wish};
use dm::{Absence, DevNo};
use metadata::live::Live;
use metadata::model::{Lv, Vg};
use pv::known::RunFiles;
use std::collections::HashSet;
use store::LockRequest;
use units::Id;
use vg::Purpose;

/// What became of it.
#[derive(Debug)]
pub(crate) struct Activated {
    /// How many visible LVs of the VG run now.
    pub(crate) running: usize,
    /// The status to end with.
    pub(crate) exit: Exit,
}

/// What a command wishes of the LVs of a VG.
pub(crate) type Wisher<'a> = &'a mut dyn FnMut(&World, &Vg, &Live) -> Result<Vec<(Id, Wish)>, Refusal>;

/// Fulfils wishes for the LVs of one VG. Gives none where `--plan` or `--test` stopped it.
pub(crate) fn activation(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    name: &str,
    wisher: Wisher<'_>,
) -> Result<Option<Activated>, Exit> {
    let begin = Begin::Existing(name, Purpose::Activate);
    gather::check(world, begin)?;
    let held = super::lock(world, session, begin)?;
    let before = super::read(parsed, world, session, begin)?;
    let before = rescue::rescue(parsed, world, session, begin, before, &held)?;
    let Some(on_disk) = before.vg() else { return Err(Exit::FAILED) };
    let vg = &on_disk.vg;
    let live = before.live();
    if !vg.lvs.is_empty() {
        blind::know(vg, &live).map_err(|refusal| refusal.tell(world))?;
    }
    let wishes = wisher(world, vg, &live).map_err(|refusal| refusal.tell(world))?;
    let off = !session.settings.bool("global/activation");
    if off && !wishes.is_empty() {
        world.warn("WARNING: Activation disabled. No device-mapper interaction will be attempted.");
        return Ok(Some(Activated { running: 0, exit: Exit::OK }));
    }
    let policy = policy::policy(parsed, session).map_err(|refusal| refusal.tell(world))?;
    let find = |pv| on_disk.pvs.get(&pv).map(|pv| dev_ref(session, pv.disk));
    let plan = activate::plan(Some(vg), vg, &live, &wishes, &policy, &find).map_err(|error| {
        world.error_chain(&error);
        Exit::FAILED
    })?;
    let mut exit = tell_refused(world, vg, &plan);
    if parsed.flag(Opt::Plan) {
        show::activation(parsed, world, vg, &plan);
        return Ok(None);
    }
    if parsed.flag(Opt::Test) {
        world.record(|| show::wished(vg, &plan));
        return Ok(None);
    }
    if let Some(gathering) = &mut world.gathering {
        let passed_over = |id: &Id| plan.passed_over.iter().any(|(other, _)| other == id);
        gathering.wish(wishes.into_iter().filter(|(id, _)| !passed_over(id)));
        return if exit.is_ok() { Ok(None) } else { Err(exit) };
    }
    if !plan.is_empty() {
        usable(world).map_err(|refusal| refusal.tell(world))?;
    }
    let done = machine::with(world, session, &held, |machine, go_on| {
        activate::carry_out(&plan, None, machine, go_on)
    });
    match done {
        Ok(done) => {
            done.warnings.iter().for_each(|warning| world.warn(format_args!("WARNING: {warning}")));
            if !plan.nodes.is_empty() {
                world.record(|| show::wished(vg, &plan));
            }
        }
        Err(error) => {
            carry::tell(world, &error);
            exit = exit.worse(Exit::FAILED);
        }
    }
    if wishes.iter().any(|(_, wish)| *wish == Wish::Deactivate) {
        forget_activation(world, session, name);
    }
    drop(held);
    let now = match world.dm.usable() {
        Ok(()) => activate::observe::running(&*world.dm, vg).unwrap_or_default(),
        Err(_) => HashSet::new(),
    };
    let runs = |lv: &&Lv| now.contains(&lv.id) && !live.taken.contains_key(&lv.id);
    let running = vg.lvs.iter().filter(|lv| lv.is_visible()).filter(runs).count();
    Ok(Some(Activated { running, exit }))
}

/// Makes the names of a VG's LVs below /dev what they should be.
pub(crate) fn names(parsed: &Parsed, world: &mut World, session: &Session, name: &str) -> Result<(), Exit> {
    let held = session.lock(world, &LockRequest::read_vg(name))?;
    let sight = Sight::read(parsed, world, session)?;
    let place = sight.the_vg(world, session, name, Purpose::Read)?;
    if parsed.any(&[Opt::Plan, Opt::Test]) || world.dm.usable().is_err() {
        return Ok(());
    }
    let vg = &sight.scan.vgs[place].vg;
    let made = machine::with(world, session, &held, |machine, _| activate::names(machine, vg));
    made.map_err(|error| {
        world.error_chain(&error);
        Exit::FAILED
    })
}

/// The VG's run file says that it was activated as its PVs came up: not any more.
fn forget_activation(world: &mut World, session: &Session, vg: &str) {
    if !session.images_only
        && let Err(error) = RunFiles::new(world.run_dir.clone()).forget_activation(vg)
    {
        let folder = world.run_dir.display().to_string();
        world.verbose(format_args!("{folder}: {error}"));
    }
}

/// Tells which LVs cannot be started, and why others are passed over.
fn tell_refused(world: &mut World, vg: &Vg, plan: &Activation) -> Exit {
    let mut exit = Exit::OK;
    for (_, error) in &plan.refused {
        world.error_chain(error);
        exit = Exit::FAILED;
    }
    for (id, skip) in &plan.passed_over {
        let name = vg.lvs.get(*id).map_or("", |lv| lv.name.as_str());
        let why = match skip {
            Skip::Flag => "its activation skip flag is set",
            Skip::VolumeList => "activation/volume_list does not name it",
            Skip::Auto => "it is not for automatic activation",
        };
        world.verbose(format_args!("Not activating {}/{name}: {why}.", vg.name));
        if *skip == Skip::VolumeList {
            exit = exit.worse(Exit::OK);
        }
    }
    exit
}

/// Whether device-mapper can be used; why not.
pub(crate) fn usable(world: &World) -> Result<(), Refusal> {
    world.dm.usable().map_err(|absence: Absence| {
        Refusal::words(format!("Logical volumes cannot be activated: {absence}."))
            .hint("images can be read and written without it: rlvm export, rlvm import")
    })
}

/// What becomes of a new LV: it runs, unless the command line, the settings or the machine say otherwise.
pub(crate) fn new_lv_wish(parsed: &Parsed, world: &World, session: &Session) -> Result<Wish, Refusal> {
    let asked = parsed.activation(Opt::Activate);
    if asked.is_some_and(|activation| !activation.activates()) || !session.settings.bool("global/activation")
    {
        return Ok(Wish::Keep);
    }
    match (world.dm.usable(), asked) {
        (Ok(()), _) => Ok(Wish::Activate),
        (Err(_), None) if session.images_only => Ok(Wish::Keep),
        (Err(absence), _) => Err(Refusal::words(format!("Logical volumes cannot be activated: {absence}."))
            .hint("-an creates it without activating it")),
    }
}

/// Refuses an LV that somebody has open, naming who.
pub(crate) fn refuse_open(world: &World, vg: &Vg, live: &Live, lv: &Lv) -> Result<(), Refusal> {
    let Some(running) = live.of(lv.id).filter(|running| running.open_count > 0) else { return Ok(()) };
    let number = DevNo::new(running.major, running.minor);
    let name = format!("{}/{}", vg.name, lv.name);
    let in_use = InUse::look(&world.devices, lv.id, name, number, running.open_count);
    Err(Refusal::failed(&in_use))
}
