//! PVs of one VG become another, or go to another: three commits.
//!
//! ```text
//! 1. the VG that grows, exported   2. the VG that shrinks   3. the VG that grows, not exported
//! ```
//! Between any two of them each PV is in one VG: a PV is where its own text says. After 1 alone the VG that shrinks
//! lists PVs of the other, which `vgreduce --removemissing` among its own devices puts right; after 2 an import does.

use super::{Before, Begin, Done, Refusal, blind, carry, keep, rescue, show};
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{Session, Sight};
use crate::world::World;
use activate::Activation;
use device::LockMode::Exclusive;
use metadata::live::Live;
use metadata::model::{Provenance, Vg};
use metadata::plan::Ctx;
use std::collections::HashMap;
use store::{Finished, Held, LockRequest, Mend, PvOnDisk, VgOnDisk};
use units::Id;
use vg::{Purpose, Split};

/// What a split is made of.
pub(crate) struct SplitPlan<'a> {
    /// The VG that shrinks.
    pub(crate) from: &'a VgOnDisk,
    /// What runs of it.
    pub(crate) live: &'a Live,
    /// The VG that grows, where it exists.
    pub(crate) to: Option<&'a VgOnDisk>,
}

/// Plans it.
pub(crate) type SplitPlanner<'a> = &'a mut dyn FnMut(SplitPlan<'_>, &mut Ctx<'_>) -> Result<Split, Refusal>;

/// The two VGs as they were read.
struct Both<'a> {
    from: &'a VgOnDisk,
    to: Option<&'a VgOnDisk>,
}

/// Splits a VG. Gives none where `--plan` or `--test` stopped it.
pub(crate) fn split(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    (from, to): (&str, &str),
    planner: SplitPlanner<'_>,
) -> Result<Option<Done>, Exit> {
    let request = LockRequest::change_global().and_vg(from, Exclusive).and_vg(to, Exclusive);
    let held = session.lock(world, &request)?;
    let sight = Sight::read(parsed, world, session)?;
    if !sight.named(to).is_empty() {
        sight.the_vg(world, session, to, Purpose::Change)?;
    }
    let place = Some(sight.the_vg(world, session, from, Purpose::Change)?);
    let begin = Begin::Existing(from, Purpose::Change);
    let before = rescue::rescue(parsed, world, session, begin, Before { place, other: None, sight }, &held)?;
    let Some(old) = before.vg() else { return Err(Exit::FAILED) };
    let target = before.sight.named(to).first().map(|place| &before.sight.scan.vgs[*place]);
    let live = before.live();
    if !old.vg.lvs.is_empty() {
        blind::know(&old.vg, &live).map_err(|refusal| refusal.tell(world))?;
    }
    let host = world.host.name.clone();
    let mut ctx = Ctx { now: world.clock.now(), ids: &mut *world.ids, host: &host };
    let plan = SplitPlan { from: old, live: &live, to: target };
    let mut split = planner(plan, &mut ctx).map_err(|refusal| refusal.tell(world))?;
    let both = Both { from: old, to: target };
    check(&both, &split).map_err(|refusal| refusal.tell(world))?;
    let names: HashMap<Id, String> = both.pvs().map(|pv| (pv.id(), session.disk_name(pv.disk))).collect();
    for pv in split.to.pvs.iter_mut().chain(split.from.iter_mut().flat_map(|vg| vg.pvs.iter_mut())) {
        if let Some(name) = names.get(&pv.id) {
            pv.device.clone_from(name);
        }
    }
    if parsed.flag(Opt::Plan) {
        let device = |pv: Id| names.get(&pv).cloned().unwrap_or_else(|| "[unknown]".to_owned());
        let done = vg::split_done(&split.to);
        let mut vgs = vec![(target.map(|to| &to.vg), &done)];
        vgs.extend(split.from.as_ref().map(|left| (Some(&old.vg), left)));
        show::regrouped(parsed, world, session, &vgs, &device);
        return Ok(None);
    }
    if parsed.flag(Opt::Test) {
        return Ok(None);
    }
    world.watch_signals();
    let noted = world.journal.is_some().then(|| {
        let device = |pv: Id| names.get(&pv).cloned().unwrap_or_else(|| "[unknown]".to_owned());
        let grown = show::noted(target.map(|to| &to.vg), &vg::split_done(&split.to), &device);
        let shrunk = split.from.as_ref().map(|left| show::noted(Some(&old.vg), left, &device));
        [Some(grown), shrunk]
    });
    let done = carry_out(parsed, world, session, &both, split, &held)?;
    for change in noted.into_iter().flatten().flatten() {
        world.record(|| change);
    }
    Ok(Some(done))
}

impl Both<'_> {
    fn pvs(&self) -> impl Iterator<Item = &PvOnDisk> {
        self.from.pvs.values().chain(self.to.into_iter().flat_map(|to| to.pvs.values()))
    }
}

/// Refuses what is unsound, and a VG without a metadata area.
fn check(both: &Both<'_>, split: &Split) -> Result<(), Refusal> {
    let violations = split.from.iter().chain([&split.to]).flat_map(metadata::validate::validate);
    let mut lines: Vec<String> = violations.map(|violation| format!("Internal error: {violation}")).collect();
    if let Some(first) = lines.pop() {
        let refusal = Refusal::words(first).line("Nothing was changed.");
        return Err(lines.into_iter().fold(refusal, Refusal::line));
    }
    let has_area = |vg: &Vg| both.pvs().any(|pv| vg.pvs.contains(pv.id()) && !pv.mdas.is_empty());
    match split.from.iter().chain([&split.to]).find(|vg| !has_area(vg)) {
        Some(vg) => Err(Refusal::words(format!(
            "Cannot split: Nowhere to store metadata for Volume Group {}.",
            vg.name
        ))
        .hint("pvchange and pvcreate tell which PVs have metadata areas: pvs -o+pv_mda_count")),
        None => Ok(()),
    }
}

fn carry_out(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    both: &Both<'_>,
    split: Split,
    held: &Held,
) -> Result<Done, Exit> {
    for on_disk in both.to.into_iter().chain([both.from]) {
        carry::check_writable(world, session, on_disk, &on_disk.vg)?;
    }
    for on_disk in both.to.into_iter().chain([both.from]) {
        keep::archive(parsed, world, session, &on_disk.vg)?;
    }
    let hints = keep::clear_hints(world, session);
    let (from, to) = (both.from.vg.name.clone(), split.to.name.clone());
    let stays = |id: Id| split.from.as_ref().is_some_and(|left| left.pvs.contains(id));
    let moved = both.from.pvs.values().filter(|pv| !stays(pv.id())).cloned().collect();
    let grown = write(
        parsed,
        world,
        session,
        Write { before: both.to, next: split.to.clone(), joining: moved, after: &both.from.provenance, held },
    )?;
    if let Some(left) = split.from.clone() {
        let mut before = both.from.clone();
        before.pvs.retain(|id, _| left.pvs.contains(*id));
        before.areas.retain(|area| left.pvs.contains(area.pv));
        let after = &grown.vg.provenance;
        let write = write(
            parsed,
            world,
            session,
            Write { before: Some(&before), next: left, joining: Vec::new(), after, held },
        );
        let shrunk = write.inspect_err(|_| {
            world.error(format_args!(
                "Volume group {to} is there, exported; {from} still lists the PVs it has now."
            ));
            world.hint(format_args!(
                "vgreduce --removemissing --force --devices with the devices that stay in {from}, then vgimport {to}"
            ));
        })?;
        keep::backup(parsed, world, session, &shrunk.vg.vg);
    }
    let next = vg::split_done(&grown.vg.vg);
    let after = &grown.vg.provenance;
    let write = write(
        parsed,
        world,
        session,
        Write { before: Some(&grown.vg), next, joining: Vec::new(), after, held },
    );
    let done = write.inspect_err(|_| {
        world.error(format_args!("Volume group {to} is there, exported."));
        world.hint(format_args!("vgimport {to}"));
    })?;
    keep::backup(parsed, world, session, &done.vg.vg);
    let was: Vec<&Vg> = [Some(both.from), both.to].into_iter().flatten().map(|on_disk| &on_disk.vg).collect();
    let now: Vec<&Vg> = split.from.iter().chain([&done.vg.vg]).collect();
    session.follow_lvs(world, parsed, &was, &now);
    drop(hints);
    Ok(Done { exit: Exit::OK })
}

/// One of the commits.
struct Write<'a> {
    before: Option<&'a VgOnDisk>,
    next: Vg,
    joining: Vec<PvOnDisk>,
    /// The text that this one comes after, whatever the clock says.
    after: &'a Provenance,
    held: &'a Held,
}

fn write(parsed: &Parsed, world: &mut World, session: &Session, write: Write<'_>) -> Result<Finished, Exit> {
    let Write { before, next, joining, after, held } = write;
    let provenance = carry::written_by(parsed, world, session, next.id, 1);
    let change = store::Change {
        disks: &session.found().disks,
        before,
        next,
        provenance: Provenance { time: provenance.time.max(after.time + 1), ..provenance },
        joining,
        remade: HashMap::new(),
        mend: Mend::Nothing,
    };
    let (finished, _) = carry::commit(world, session, &Activation::default(), change, held)?;
    for trouble in &finished.troubles {
        world.warn(format_args!("WARNING: {trouble}"));
    }
    Ok(finished)
}
