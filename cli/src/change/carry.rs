//! Carrying a change out: archive, stage, commit, devices, backup.

use super::check::Change;
use super::{Before, discard, keep, machine, show};
use crate::exit::Exit;
use crate::making::{self, Joining};
use crate::parsed::Parsed;
use crate::session::Session;
use crate::world::World;
use activate::{Activation, ApplyError, Metadata};
use chrono::{FixedOffset, Local, LocalResult, Offset, TimeZone, Utc};
use device::DiskId;
use metadata::model::{Provenance, Vg};
use store::{Finished, Held, Trouble, VgOnDisk};
use units::Id;

/// What a change left behind.
#[derive(Debug)]
pub(crate) struct Done {
    /// What did not start although the VG is changed: the status to end with.
    pub(crate) exit: Exit,
}

/// Carries a checked change out, and gives the locks back.
pub(super) fn out(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    before: &Before,
    change: Change,
    held: Held,
) -> Result<Done, Exit> {
    // It is noted down only once it is done.
    let noted = world.journal.is_some().then(|| show::done(session, before, &change));
    let Change { planned, activation } = change;
    let mut next = planned.proposal.next;
    let old = before.vg().map(|on_disk| &on_disk.vg);
    let other = before.other().map(|(on_disk, _)| on_disk);
    // A copy of a VG that becomes one of its own is not that VG before the change.
    let is_copy = |old: &Vg| old.id != next.id && old.name != next.name;
    let archived = old.filter(|old| !is_copy(old));
    for on_disk in before.vg().into_iter().chain(other) {
        check_writable(world, session, on_disk, &next)?;
    }
    for vg in other.map(|on_disk| &on_disk.vg).into_iter().chain(archived) {
        keep::archive(parsed, world, session, vg)?;
    }
    let same_set = old.is_some_and(|old| {
        old.name == next.name
            && old.pvs.len() == next.pvs.len()
            && old.pvs.iter().all(|pv| next.pvs.contains(pv.id))
    });
    let hints = if same_set { None } else { keep::clear_hints(world, session) };
    making::write(parsed, world, session, &planned.joining).map_err(|refusal| refusal.tell(world))?;
    list_devices(parsed, world, session, before, &planned.joining, &mut next);
    let steps = next.seqno.saturating_sub(old.map_or(0, |vg| vg.seqno));
    let provenance = written_by(parsed, world, session, next.id, steps);
    let change = store::Change {
        disks: &session.found().disks,
        before: before.vg(),
        next,
        // Of two VGs that list a PV the later one has it.
        provenance: match other {
            Some(other) => Provenance { time: provenance.time.max(other.provenance.time + 1), ..provenance },
            None => provenance,
        },
        joining: planned.joining.into_iter().map(|joining| joining.on_disk).chain(planned.arriving).collect(),
        remade: planned.remade,
        mend: planned.mend,
    };
    let (mut finished, exit) = commit(world, session, &activation, change, &held)?;
    for trouble in &finished.troubles {
        world.warn(format_args!("WARNING: {trouble}"));
    }
    if let Some(noted) = noted {
        world.record(|| noted);
    }
    if let Some(before) = before.vg() {
        discard::freed(world, session, before, Some(&finished.vg.vg));
    }
    let was: Vec<&Vg> = archived.into_iter().chain(other.map(|on_disk| &on_disk.vg)).collect();
    session.follow_lvs(world, parsed, &was, &[&finished.vg.vg]);
    // The backup is of what the next command reads.
    finished.vg.vg.join_segments();
    check_older(world, old, &finished)?;
    keep::backup(parsed, world, session, &finished.vg.vg);
    let now = &finished.vg.vg;
    if let Some(old) = old.filter(|old| old.name != now.name && old.id == now.id) {
        keep::forget(world, session, &old.name);
    }
    drop((hints, held));
    Ok(Done { exit })
}

/// A VG that was written with an older seqno than it had counts only once no metadata area has the other text.
fn check_older(world: &mut World, old: Option<&Vg>, finished: &Finished) -> Result<(), Exit> {
    let now = &finished.vg.vg;
    let area = finished.troubles.iter().any(|trouble| matches!(trouble, Trouble::Area(_)));
    match old {
        Some(old) if area && old.id == now.id && old.seqno > now.seqno => {
            let (name, seqno) = (&now.name, old.seqno);
            world.error(format_args!(
                "Volume group {name} is still the one of seqno {seqno}: an area has it."
            ));
            Err(Exit::FAILED)
        }
        _ => Ok(()),
    }
}

/// What the text says of its writing, by this command, which has written it `steps` times more now.
pub(super) fn written_by(
    parsed: &Parsed,
    world: &World,
    session: &Session,
    vg: Id,
    steps: u32,
) -> Provenance {
    let description = match session.count_writes(vg, steps) {
        0 | 1 => format!("Write from {}.", parsed.command_line()),
        writes => format!("Write[{writes}] from {}.", parsed.command_line()),
    };
    Provenance { description, ..provenance(world, session) }
}

/// Enters devices that join a VG in the devices file, before the VG counts on them, and their ids in the VG.
fn list_devices(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    before: &Before,
    joining: &[Joining],
    next: &mut Vg,
) {
    let joined: Vec<(DiskId, Id)> =
        joining.iter().map(|joining| (joining.on_disk.disk, joining.new.id)).collect();
    if !joined.is_empty() {
        session.list_pvs(world, parsed, &joined, before.sight.scan.vgs.is_empty());
    }
    let disk_of = |pv| {
        let on_disk = before.vg().into_iter().chain(before.other().map(|(on_disk, _)| on_disk));
        let known = on_disk.into_iter().find_map(|vg| vg.disk_of(pv));
        known.or_else(|| joined.iter().find(|(_, id)| *id == pv).map(|(disk, _)| *disk))
    };
    session.set_device_ids(world, next, &disk_of);
}

/// Refuses, before anything is archived or written, what some metadata area would refuse: its disk is in use or
/// read-only.
pub(super) fn check_writable(
    world: &mut World,
    session: &Session,
    on_disk: &VgOnDisk,
    next: &Vg,
) -> Result<(), Exit> {
    store::check_writable(&session.found().disks, on_disk, next).map_err(|error| {
        world.error_chain(&error);
        error.failures().iter().for_each(|failure| world.error(format_args!("  {failure}")));
        world.error("The metadata are unchanged.");
        Exit::FAILED
    })
}

/// Metadata and devices together. What fails after the commit is told, and the VG is the new one all the same.
pub(super) fn commit(
    world: &mut World,
    session: &Session,
    activation: &Activation,
    change: store::Change<'_>,
    held: &Held,
) -> Result<(Finished, Exit), Exit> {
    let done = machine::with(world, session, held, |machine, go_on| {
        activate::carry_out(activation, Some(change), machine, go_on)
    });
    match done {
        Ok(done) => {
            done.warnings.iter().for_each(|warning| world.warn(format_args!("WARNING: {warning}")));
            done.finished.map(|finished| (finished, Exit::OK)).ok_or(Exit::FAILED)
        }
        Err(mut error) => {
            let finished = error.finished.take();
            tell(world, &error);
            match (finished, error.metadata) {
                (Some(finished), Metadata::New) => Ok((*finished, Exit::FAILED)),
                _ => Err(Exit::FAILED),
            }
        }
    }
}

/// Tells what went wrong, and what is true now.
pub(super) fn tell(world: &mut World, error: &ApplyError) {
    for problem in &error.problems {
        world.error_chain(problem);
        problem.areas().iter().for_each(|failure| world.error(format_args!("  {failure}")));
    }
    error.warnings.iter().for_each(|warning| world.warn(format_args!("WARNING: {warning}")));
    error.now().into_iter().for_each(|line| world.error(line));
}

/// How far this machine's clock is ahead of UTC.
pub(crate) fn local_zone(time: i64) -> FixedOffset {
    match Local.timestamp_opt(time, 0) {
        LocalResult::Single(local) | LocalResult::Ambiguous(local, _) => *local.offset(),
        LocalResult::None => Utc.fix(),
    }
}

/// What a text says of its writing, but for what it is written for.
pub(crate) fn provenance(world: &World, session: &Session) -> Provenance {
    Provenance {
        writer: format!("rlvm version {} ({})", env!("CARGO_PKG_VERSION"), crate::commands::version::LVM2),
        description: String::new(),
        host: world.host.name.clone(),
        uname: world.host.uname_line(),
        system_id: session.host.system_id.clone(),
        time: world.now(),
        time_text: metadata::text::ctime(world.now(), &local_zone),
    }
}
