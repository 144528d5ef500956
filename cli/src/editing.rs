//! Changing PVs one by one, those of VGs and those without: pvchange and pvresize.
//!
//! LVM2 commits once for each PV, and goes on after one that cannot be changed; so does this. A plan shows all PVs
//! of a VG at once.

use crate::change::{self, Begin, Planned, Refusal};
use crate::exit::Exit;
use crate::labels::{self, Deed, Job};
use crate::making::Named;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::reports;
use crate::session::{Session, Sight};
use crate::world::World;
use metadata::live::Live;
use metadata::model::Vg;
use metadata::plan::{Consent, Ctx, Notice, Proposal};
use report::field::Kind;
use report::subject::Row;
use std::cell::Cell;
use std::collections::HashMap;
use store::{PvOnDisk, VgOnDisk};
use units::Id;
use vg::Purpose;

/// A PV of a VG that is to be changed.
pub(crate) struct Member<'a> {
    /// The VG as it is now, or as it will be with the PVs before.
    pub(crate) vg: &'a Vg,
    /// The VG as it was read.
    pub(crate) on_disk: &'a VgOnDisk,
    /// The PV.
    pub(crate) pv: &'a PvOnDisk,
    /// What runs of the VG.
    pub(crate) live: &'a Live,
    /// Its device.
    pub(crate) device: &'a str,
}

/// What becomes of a PV.
#[derive(Debug, Default)]
pub(crate) struct Edited {
    /// The next VG; none: the PV is as it is to be.
    pub(crate) proposal: Option<Proposal>,
    /// What is to be said, also where nothing changes.
    pub(crate) notices: Vec<Notice>,
    /// The PV with other headers.
    pub(crate) remade: Option<PvOnDisk>,
}

/// What a command does to PVs.
pub(crate) trait Edit {
    /// To a PV of a VG.
    fn member(&mut self, member: Member<'_>, ctx: &mut Ctx<'_>) -> Result<Edited, Refusal>;
    /// To a PV without a VG: what it shall be like, and what is asked before.
    fn orphan(
        &mut self,
        pv: &PvOnDisk,
        device: &str,
        ctx: &mut Ctx<'_>,
    ) -> Result<(PvOnDisk, Vec<Consent>), Refusal>;
    /// The PV was changed.
    fn done(&mut self, world: &mut World, device: &str, from: Id, to: Id);
    /// It was not.
    fn not_done(&mut self, world: &mut World, device: &str, refused: bool);
    /// Whether PVs get other ids, so that nobody else may look for PVs meanwhile.
    fn regroups(&self) -> bool;
}

/// How many PVs were changed, of how many.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Count {
    /// Changed.
    pub(crate) done: usize,
    /// Looked at.
    pub(crate) total: usize,
}

/// PVs that the arguments and the selection mean: of VGs by name, and devices of those without.
#[derive(Default)]
struct Wanted {
    members: Vec<(String, Id, Vec<Id>)>,
    orphans: Vec<String>,
    /// Devices that were named and are in VGs that may not be changed.
    out_of_reach: Vec<String>,
}

/// Changes the PVs that the arguments mean. Where a plan was shown nothing is counted as done.
pub(crate) fn run(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    edit: &mut dyn Edit,
) -> Result<(Count, Exit), Exit> {
    let (wanted, mut exit) = wanted(parsed, world, session)?;
    let mut count = Count::default();
    let at_once = parsed.any(&[Opt::Plan, Opt::Test]);
    for (vg, id, pvs) in &wanted.members {
        session.mean(*id);
        for chunk in pvs.chunks(if at_once { pvs.len().max(1) } else { 1 }) {
            count.total += chunk.len();
            match members(parsed, world, session, vg, chunk, edit) {
                Ok((done, status)) => {
                    count.done += done;
                    exit = exit.worse(status);
                }
                Err(status) => exit = exit.worse(status),
            }
        }
    }
    world.about_nothing();
    for device in &wanted.orphans {
        count.total += 1;
        match orphan(parsed, world, session, device, edit) {
            Ok(done) => count.done += usize::from(done),
            Err(status) => exit = exit.worse(status),
        }
    }
    for device in &wanted.out_of_reach {
        world.error(format_args!("Failed to find physical volume \"{device}\"."));
    }
    Ok((count, exit))
}

/// Finds the PVs. LVM2 looks at one VG after the other, until it has met all PVs that were named, and those without a
/// VG come last: a VG on the way that may not be changed fails the command, whatever was asked of others (2.03.40:
/// tools/toollib.c, process_each_pv).
fn wanted(parsed: &Parsed, world: &mut World, session: &Session) -> Result<(Wanted, Exit), Exit> {
    let selection = match parsed.str(Opt::Select) {
        Some(text) => reports::selection(world, text, Kind::Pv)?,
        None => None,
    };
    let sight = Sight::read(parsed, world, session)?;
    let (chosen, exit) = sight.choose_pvs(parsed, world, session);
    let mut exit = exit.worse(chosen.refuse_duplicates(parsed, world));
    let words = parsed.words();
    let by_name = !words.is_empty() && words.iter().all(|word| !word.starts_with('@'));
    let mut left: HashMap<usize, Vec<Id>> = chosen.in_vgs.into_iter().collect();
    let mut wanted = Wanted::default();
    // VGs in LVM2's order, the last one found first.
    for (place, on_disk) in sight.scan.vgs.iter().enumerate().rev() {
        if by_name && left.is_empty() && chosen.outside.is_empty() {
            break;
        }
        let mut pvs = left.remove(&place).unwrap_or_default();
        if sight.is_in_the_way(world, session, place) {
            exit = exit.worse(Exit::FAILED);
            let disks = pvs.iter().filter(|_| by_name).filter_map(|pv| on_disk.disk_of(*pv));
            wanted.out_of_reach.extend(disks.map(|disk| session.disk_name(disk)));
            continue;
        }
        let view = sight.view(session, place);
        pvs.sort_by_key(|id| view.vg.pvs.place(*id));
        pvs.retain(|id| selection.as_ref().is_none_or(|wanted| reports::selects_pv(wanted, &view, *id)));
        if !pvs.is_empty() {
            wanted.members.push((view.vg.name.clone(), view.vg.id, pvs));
        }
    }
    for facts in &chosen.outside {
        let row = Row { device: Some(facts), ..Row::default() };
        if selection.as_ref().is_none_or(|wanted| wanted.matches(&row)) {
            wanted.orphans.push(facts.name.clone());
        }
    }
    Ok((wanted, exit))
}

/// Changes PVs of one VG in one commit. Gives how many were changed.
fn members(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    name: &str,
    pvs: &[Id],
    edit: &mut dyn Edit,
) -> Result<(usize, Exit), Exit> {
    let begin = match edit.regroups() {
        true => Begin::Regrouped(name, Purpose::Change),
        false => Begin::Existing(name, Purpose::Change),
    };
    let mut refused: Vec<(String, Refusal)> = Vec::new();
    let mut edited: Vec<(String, Id, Id)> = Vec::new();
    let mut same: Vec<String> = Vec::new();
    let done = change::run(parsed, world, session, begin, &mut |before, ctx| {
        let on_disk = before.vg().ok_or_else(|| Refusal::words("No volume group."))?;
        let live = before.live();
        (refused, edited, same) = (Vec::new(), Vec::new(), Vec::new());
        let mut proposal = Proposal::plain(on_disk.vg.clone());
        change::name_devices(session, on_disk, &mut proposal.next);
        let mut planned = Planned::new(proposal);
        for id in pvs {
            let Some(pv) = on_disk.pvs.get(id) else {
                return Err(Refusal::words(format!(
                    "Physical volume {id} is not in volume group {name} any more."
                )));
            };
            let device = session.disk_name(pv.disk);
            let vg = &planned.proposal.next;
            match edit.member(Member { vg, on_disk, pv, live: &live, device: &device }, ctx) {
                Err(refusal) => refused.push((device, refusal)),
                Ok(Edited { proposal: None, notices, .. }) => {
                    planned.proposal.notices.extend(notices);
                    same.push(device);
                }
                Ok(Edited { proposal: Some(next), notices, remade }) => {
                    planned.proposal.next = next.next;
                    planned.proposal.notices.extend(notices);
                    planned.proposal.consents.extend(next.consents);
                    let to = remade.as_ref().map_or(*id, PvOnDisk::id);
                    planned.remade.extend(remade.map(|remade| (*id, remade)));
                    edited.push((device, *id, to));
                }
            }
        }
        if edited.is_empty() {
            return Err(Refusal::nothing_to_do().after(planned.proposal.notices));
        }
        Ok(planned)
    });
    let mut exit = Exit::OK;
    for (device, refusal) in refused {
        world.about_pv(name, &device);
        exit = exit.worse(refusal.tell(world));
        edit.not_done(world, &device, true);
    }
    for device in same {
        world.about_pv(name, &device);
        edit.not_done(world, &device, false);
    }
    let done = done.map_err(|status| exit.worse(status));
    if edited.is_empty() {
        return Ok((0, done.map_or_else(|status| status, |_| exit)));
    }
    let done = done?;
    if !change::is_told(parsed, done.as_ref()) {
        return Ok((0, exit));
    }
    for (device, from, to) in &edited {
        world.about_pv(name, device);
        edit.done(world, device, *from, *to);
    }
    Ok((edited.len(), exit.worse(change::exit_after(done.as_ref()))))
}

/// Changes a PV without a VG.
fn orphan(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    device: &str,
    edit: &mut dyn Edit,
) -> Result<bool, Exit> {
    let ids = Cell::new(None);
    let words = [device.to_owned()];
    let exit = labels::run(parsed, world, session, &words, &mut |sight, named: Named, ctx| {
        let Some(now) = sight.scan.orphan_on(named.disk) else {
            return Err(Refusal::words(format!("Failed to find physical volume \"{device}\".")));
        };
        let (next, consents) = edit.orphan(now, device, ctx)?;
        ids.set(Some((now.id(), next.id())));
        let remake = labels::Remake { named, now: now.clone(), next };
        Ok(Job { consents, deed: Deed::Remake(Box::new(remake)) })
    })?;
    match (exit.is_ok(), ids.get()) {
        (true, _) if parsed.flag(Opt::Plan) => Ok(false),
        (true, Some((from, to))) => {
            edit.done(world, device, from, to);
            Ok(true)
        }
        _ => {
            edit.not_done(world, device, true);
            Err(exit.worse(Exit::FAILED))
        }
    }
}
