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
use store::{Finished, Held};
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
    if let Some(vg) = old {
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
    let description = match session.count_writes(next.id, steps) {
        0 | 1 => format!("Write from {}.", parsed.command_line()),
        writes => format!("Write[{writes}] from {}.", parsed.command_line()),
    };
    let change = store::Change {
        disks: &session.found.disks,
        before: before.vg(),
        next,
        provenance: Provenance { description, ..provenance(world, session) },
        joining: planned.joining.into_iter().map(|joining| joining.on_disk).collect(),
        remade: planned.remade,
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
    // The backup is of what the next command reads.
    finished.vg.vg.join_segments();
    keep::backup(parsed, world, session, &finished.vg.vg);
    if let Some(old) = old.filter(|old| old.name != finished.vg.vg.name) {
        keep::forget(world, session, &old.name);
    }
    drop((hints, held));
    Ok(Done { exit })
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
        let known = before.vg().and_then(|vg| vg.pvs.get(&pv)).map(|pv| pv.disk);
        known.or_else(|| joined.iter().find(|(_, id)| *id == pv).map(|(disk, _)| *disk))
    };
    session.set_device_ids(world, next, &disk_of);
}

/// Metadata and devices together. What fails after the commit is told, and the VG is the new one all the same.
fn commit(
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
