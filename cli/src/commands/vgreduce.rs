//! `vgreduce`: fewer PVs for a VG; or a VG without those of its PVs that are missing.

use crate::change::{self, Begin, Planned, Refusal};
use crate::exit::Exit;
use crate::forms::FormId;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{Session, Sight};
use crate::world::World;
use lv::Remove;
use metadata::live::Live;
use metadata::model::{Lv, Pv, PvFlag, Segment, SegmentType, Vg};
use metadata::plan::Proposal;
use std::path::Path;
use store::VgOnDisk;
use units::Id;
use vg::{AccessError, Purpose, ReduceError, Which};

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    let done = match parsed.form() {
        FormId::VgreduceMissing => remove_missing(parsed, world),
        _ => reduce(parsed, world),
    };
    done.unwrap_or_else(|exit| exit)
}

/// LVM2 takes PVs out one by one, each with a commit of its own, and so does this: a PV that cannot go is told,
/// and does not keep the others. A plan shows all of them at once.
fn reduce(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let session = Session::open(parsed, world)?;
    let name = super::vg_word(world, &parsed.words()[0]);
    let (chosen, mut exit) = chosen(parsed, world, &session, &name)?;
    let at_once = if parsed.any(&[Opt::Plan, Opt::Test]) { chosen.len().max(1) } else { 1 };
    for devices in chosen.chunks(at_once) {
        world.about_pv(&name, &devices[0].1);
        let ids: Vec<Id> = devices.iter().map(|(id, _)| *id).collect();
        exit = exit.worse(take_out(parsed, world, &session, &name, &ids).unwrap_or_else(|exit| exit));
    }
    Ok(exit)
}

/// The PVs that are to go, in the VG's order, with their devices.
fn chosen(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    name: &str,
) -> Result<(Vec<(Id, String)>, Exit), Exit> {
    let sight = Sight::read(parsed, world, session)?;
    // LVM2 passes over exported VGs where no PV is named (2.03.40: tools/toollib.c, _ignore_vg).
    if parsed.flag(Opt::All)
        && let [place] = sight.named(name)[..]
        && matches!(
            session.check(&sight.scan.vgs[place], Purpose::Change),
            Err(AccessError::Exported { .. }
                | AccessError::Foreign { .. }
                | AccessError::ForeignToNobody { .. })
        )
    {
        world.verbose(format_args!("Skipping volume group {name}: it is exported, or another host's."));
        return Ok((Vec::new(), Exit::OK));
    }
    let place = sight.the_vg(world, session, name, Purpose::Change)?;
    let (on_disk, mut exit) = (&sight.scan.vgs[place], Exit::OK);
    let vg = &on_disk.vg;
    let device = |id: Id| on_disk.disk_of(id).map(|disk| session.disk_name(disk)).unwrap_or_default();
    if parsed.flag(Opt::All) {
        return Ok((vg.pvs.iter().map(|pv| (pv.id, device(pv.id))).collect(), exit));
    }
    let mut ids = Vec::new();
    for word in super::pv_words(&parsed.positionals()[1..]) {
        match named(session, &sight, on_disk, &word) {
            Ok(named) => ids.extend(named),
            Err(refusal) => exit = exit.worse(refusal.tell(world)),
        }
    }
    ids.sort_by_key(|id| vg.pvs.place(*id));
    ids.dedup();
    Ok((ids.into_iter().map(|id| (id, device(id))).collect(), exit))
}

/// The PVs of a VG that a word names: one by its device, or all that have a tag.
fn named(session: &Session, sight: &Sight, on_disk: &VgOnDisk, word: &str) -> Result<Vec<Id>, Refusal> {
    let vg = &on_disk.vg;
    if let Some(tag) = word.strip_prefix('@') {
        let all = vg.tags.iter().any(|own| own == tag);
        let tagged = |pv: &&Pv| all || pv.tags.iter().any(|own| own == tag);
        return Ok(vg.pvs.iter().filter(tagged).map(|pv| pv.id).collect());
    }
    let path = Path::new(word);
    let Some(entry) = session.found().disks.find(path) else {
        return Err(Refusal::words(format!("Cannot use {word}: {}", session.why_not(path))));
    };
    match on_disk.pvs.values().find(|pv| pv.disk == entry.id()) {
        Some(pv) => Ok(vec![pv.id()]),
        None => {
            let free = sight.pv_on(entry.id()).is_none_or(|(vg, _)| vg.is_none());
            Err(Refusal::words(format!("Failed to find physical volume \"{word}\".")).already_so(free))
        }
    }
}

/// Takes these PVs out, those that can go.
fn take_out(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    name: &str,
    ids: &[Id],
) -> Result<Exit, Exit> {
    let (mut gone, mut stuck): (Vec<String>, Vec<Refusal>) = (Vec::new(), Vec::new());
    let begin = Begin::Regrouped(name, Purpose::Change);
    let done = change::run(parsed, world, session, begin, &mut |before, _| {
        let on_disk = before.vg().ok_or_else(|| Refusal::words("No volume group."))?;
        let mut proposal = Proposal::plain(on_disk.vg.clone());
        change::name_devices(session, on_disk, &mut proposal.next);
        (gone, stuck) = (Vec::new(), Vec::new());
        for &id in ids {
            let reduced = vg::reduce(&proposal.next, &Which::Pvs(vec![id])).map_err(|e| Refusal::failed(&e));
            match reduced.and_then(|next| keeps_text(session, on_disk, id, next)) {
                Ok(next) => {
                    proposal = next;
                    gone.extend(on_disk.disk_of(id).map(|disk| session.disk_name(disk)));
                }
                Err(refusal) => stuck.push(refusal),
            }
        }
        if gone.is_empty() {
            let none = || Refusal::words("No physical volume was named.");
            return Err(stuck.pop().unwrap_or_else(none));
        }
        Ok(Planned::new(proposal))
    });
    let mut exit = Exit::OK;
    for refusal in stuck {
        exit = exit.worse(refusal.tell(world));
    }
    let done = done?;
    if change::is_told(parsed, done.as_ref()) {
        for device in &gone {
            world.about_pv(name, device);
            world.print(format_args!("Removed \"{device}\" from volume group \"{name}\""));
        }
    }
    Ok(exit.worse(change::exit_after(done.as_ref())))
}

/// Refuses to take the PV out that has the last metadata area.
fn keeps_text(session: &Session, on_disk: &VgOnDisk, id: Id, next: Proposal) -> Result<Proposal, Refusal> {
    if on_disk.areas.iter().any(|area| next.next.pvs.contains(area.pv)) {
        return Ok(next);
    }
    let device = on_disk.disk_of(id).map(|disk| session.disk_name(disk)).unwrap_or_default();
    let vg = &on_disk.vg.name;
    Err(Refusal::words(format!("Cannot remove final metadata area on \"{device}\" from \"{vg}\"")))
}

fn remove_missing(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let session = Session::open(parsed, world)?;
    let name = super::vg_word(world, &parsed.words()[0]);
    let (mut removed, mut consistent): (Vec<String>, bool) = (Vec::new(), false);
    let begin = Begin::Regrouped(&name, Purpose::ChangeDespiteMissing);
    let done = change::run(parsed, world, &session, begin, &mut |before, _| {
        let on_disk = before.vg().ok_or_else(|| Refusal::words("No volume group."))?;
        let vg = &on_disk.vg;
        let is_missing = |pv: &Pv| !on_disk.pvs.contains_key(&pv.id) || pv.flags.has(PvFlag::Missing);
        if !vg.pvs.iter().any(is_missing) {
            consistent = true;
            return Err(Refusal { lines: Vec::new(), exit: Exit::OK, ..Refusal::words("") });
        }
        let lost = if parsed.flag(Opt::Force) { partial(vg, is_missing) } else { Vec::new() };
        if parsed.flag(Opt::Mirrorsonly) && !lost.is_empty() {
            return Err(not_mirrors(&lost));
        }
        removed = lost.iter().map(|lv| lv.name.clone()).collect();
        let lost = lost.iter().map(|lv| lv.id).collect();
        make_consistent(vg, &before.live(), lost, is_missing).map(Planned::new)
    });
    if consistent {
        world.print(format_args!("Volume group \"{name}\" is already consistent."));
        return Ok(Exit::OK);
    }
    let done = done?;
    if change::is_told(parsed, done.as_ref()) {
        for lv in &removed {
            world.warn(format_args!("WARNING: Partial LV {name}/{lv} was removed."));
            world.print(format_args!("Logical volume \"{lv}\" successfully removed."));
        }
        world.print(format_args!("Wrote out consistent volume group {name}."));
    }
    Ok(change::exit_after(done.as_ref()))
}

/// With `--mirrorsonly` LVs lose images and nothing else: what has none to lose stays, and so does the missing PV.
fn not_mirrors(lost: &[&Lv]) -> Refusal {
    let lines = lost.iter().map(|lv| match lv.segments.first().and_then(Segment::segtype) {
        Some(SegmentType::Mirror) => {
            format!("LV {}: taking images out of mirrors is not supported yet by rlvm.", lv.name)
        }
        _ => format!("Non-mirror-image LV {} found: can't remove.", lv.name),
    });
    let refusal = Refusal { lines: lines.collect(), ..Refusal::words("") };
    refusal.hint("without --mirrorsonly --force removes such LVs")
}

/// The visible LVs that have extents on a missing PV.
fn partial(vg: &Vg, is_missing: impl Fn(&Pv) -> bool) -> Vec<&Lv> {
    let lost = |lv: &&Lv| vg.pvs_of(lv).into_iter().any(|pv| vg.pvs.get(pv).is_none_or(&is_missing));
    vg.lvs.iter().filter(|lv| lv.is_visible()).filter(lost).collect()
}

/// The VG without its missing PVs, and without these LVs, which lie on them. LVM2 commits once for each LV.
fn make_consistent(
    vg: &Vg,
    live: &Live,
    lost: Vec<Id>,
    is_missing: impl Fn(&Pv) -> bool,
) -> Result<Proposal, Refusal> {
    let mut proposal = Proposal::plain(vg.clone());
    for id in lost {
        let request = Remove { lvs: vec![id], discard: false };
        let next = lv::remove(&proposal.next, live, &request).map_err(|error| Refusal::failed(&error))?;
        // Forced: nobody is asked about data that is not there any more.
        proposal = Proposal::plain(next.next);
    }
    match vg::remove_missing(&proposal.next, is_missing) {
        Ok(Some(next)) => Ok(next),
        Ok(None) => Ok(proposal),
        Err(error @ ReduceError::Partial { .. }) => {
            Err(Refusal::failed(&error).hint("--force removes them too, with what data is left in them"))
        }
        Err(error) => Err(Refusal::failed(&error)),
    }
}
