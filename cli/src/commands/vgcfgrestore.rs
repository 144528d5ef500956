//! `vgcfgrestore`: a VG as a backup or an archive has it; or a list of what there is to restore.

use crate::change::{self, Before, Begin, Planned, Refusal, keep, local_zone};
use crate::exit::Exit;
use crate::forms::FormId;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{INVALID_TIME, Session};
use crate::world::World;
use metadata::model::names::check_vg_name;
use metadata::model::{PvFlag, Segment, SegmentType, Vg};
use metadata::plan::{Consent, Proposal};
use std::path::{Path, PathBuf};
use store::{Mend, PvOnDisk};

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    restore(parsed, world).unwrap_or_else(|exit| exit)
}

fn restore(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let name = parsed.words().first().map(|word| super::vg_word(world, word)).unwrap_or_default();
    let file = parsed.os(Opt::File).map(PathBuf::from);
    if !parsed.positionals().is_empty() && check_vg_name(&name).is_err() {
        world.error(format_args!("Volume group name \"{name}\" is invalid."));
        return Err(Exit::INVALID);
    }
    let session = Session::open(parsed, world)?;
    if matches!(parsed.form(), FormId::VgcfgrestoreListByFile | FormId::VgcfgrestoreListByVg) {
        return list(world, &session, &name, file.as_deref());
    }
    let path = match file {
        Some(path) => path,
        None => keep::backup_folder(world, &session).join(&name),
    };
    let active = tell_active(world, &session, &name);
    let vg = read(parsed, world, &path, &name);
    let done = vg.and_then(|vg| put(parsed, world, &session, &vg, active));
    let done = done.inspect_err(|_| world.error("Restore failed."))?;
    if change::is_told(parsed, done.as_ref()) {
        world.print(format_args!("Restored volume group {name}."));
    }
    Ok(change::exit_after(done.as_ref()))
}

/// The VG that a file holds.
fn read(parsed: &Parsed, world: &mut World, path: &Path, name: &str) -> Result<Vg, Exit> {
    let vg = store::read_backup(path).map_err(|error| {
        world.error_chain(&error);
        world.error(format_args!("Failed to read VG {name} from {}", path.display()));
        Exit::FAILED
    })?;
    if vg.repaired_time {
        world.warn(format_args!("WARNING: {INVALID_TIME}"));
    }
    let vg = vg.vg;
    let refuse = |world: &mut World, line: String| {
        world.error(line);
        Err(Exit::FAILED)
    };
    if vg.name != name {
        return refuse(world, format!("'{}' does not contain volume group '{name}'.", path.display()));
    }
    let thin =
        |segment: &Segment| matches!(segment.segtype(), Some(SegmentType::Thin | SegmentType::ThinPool));
    if vg.lvs.iter().flat_map(|lv| &lv.segments).any(thin) {
        if !parsed.flag(Opt::Force) {
            let line =
                format!("Consider using option --force to restore Volume Group {name} with thin volumes.");
            return refuse(world, line);
        }
        world.warn(format_args!("WARNING: Forced restore of Volume Group {name} with thin volumes."));
    }
    let violations = metadata::validate::validate(&vg);
    match violations.first() {
        Some(first) => refuse(world, format!("{}: {first}.", path.display())),
        None => Ok(vg),
    }
}

/// Tells of the VG's LVs that run, before the file is read. Gives how many there are.
fn tell_active(world: &mut World, session: &Session, vg: &str) -> usize {
    let active = active(world, session, vg);
    for name in &active {
        world.print(format_args!("Volume group {vg} has active volume: {name}."));
    }
    if !active.is_empty() {
        let count = active.len();
        world.warn(format_args!("WARNING: Found {count} active volume(s) in volume group \"{vg}\"."));
        world.print("Restoring VG with active LVs, may cause mismatch with its metadata.");
    }
    active.len()
}

/// Writes the VG to its PVs.
fn put(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    vg: &Vg,
    active: usize,
) -> Result<Option<change::Done>, Exit> {
    change::run(parsed, world, session, Begin::Restored(vg), &mut |before, _| {
        let mut planned = plan(session, before, vg)?;
        if active > 0 {
            let vg = vg.name.clone();
            planned.proposal.consents.push(Consent::RestoreActive { vg, active });
        }
        Ok(planned)
    })
}

/// The LVs of that VG that have devices, whatever the VG says of them now.
fn active(world: &mut World, session: &Session, vg: &str) -> Vec<String> {
    if !session.settings.bool("global/activation") || world.dm.usable().is_err() {
        return Vec::new();
    }
    let listed = match world.dm.list() {
        Ok(listed) => listed,
        Err(error) => {
            world.warn(format_args!(
                "WARNING: Failed to check for active volumes in volume group \"{vg}\": {error}"
            ));
            return Vec::new();
        }
    };
    let names = listed.iter().filter_map(|device| {
        let name = dm::unmangle(device.name.as_str(), dm::Mangling::Auto).ok()?;
        let parts = dm::split(&name);
        (parts.len() > 1 && parts[0] == vg).then(|| parts[1].clone())
    });
    names.collect()
}

/// The VG as it was, on the PVs as they are. Its seqno counts on from the file's, as in LVM2; where a disk is away
/// that may hold a later text, from that, or the disk would undo the restoring when it comes back.
fn plan(session: &Session, before: &Before, vg: &Vg) -> Result<Planned, Refusal> {
    let on_disk = before.vg();
    let away = on_disk.filter(|on_disk| on_disk.is_partial()).map_or(0, |on_disk| on_disk.vg.seqno);
    let mut next = Vg { seqno: vg.seqno.max(away) + 1, ..vg.clone() };
    let (mut arriving, mut missing): (Vec<PvOnDisk>, usize) = (Vec::new(), 0);
    for pv in next.pvs.iter_mut() {
        let known = on_disk.and_then(|on_disk| on_disk.pvs.get(&pv.id));
        let orphan = || before.sight.scan.orphans.iter().find(|orphan| orphan.id() == pv.id);
        let elsewhere = || before.sight.scan.vgs.iter().find(|other| other.pvs.contains_key(&pv.id));
        if pv.flags.has(PvFlag::Missing) {
            missing += 1;
        } else if let Some(here) = known {
            pv.device = session.disk_name(here.disk);
        } else if let Some(orphan) = orphan() {
            arriving.push(orphan.clone());
        } else if let Some(other) = elsewhere() {
            return Err(Refusal::words(format!(
                "Cannot restore Volume Group {}: PV {} is in volume group {} now.",
                vg.name, pv.id, other.vg.name
            )));
        } else {
            missing += 1;
        }
    }
    if missing > 0 {
        return Err(Refusal::words(format!(
            "Cannot restore Volume Group {} with {missing} PVs marked as missing.",
            vg.name
        ))
        .hint("pvcreate --uuid ID --restorefile FILE DEVICE makes a PV anew that the VG had"));
    }
    // Another VG may have the name meanwhile: what it has beside these PVs is not the backup's.
    let other = on_disk.filter(|on_disk| on_disk.vg.id != vg.id);
    if let Some(pv) = other.and_then(|other| other.vg.pvs.iter().find(|pv| !next.pvs.contains(pv.id))) {
        return Err(Refusal::words(format!(
            "Cannot restore Volume Group {}: another one of that name has PV {}, which the backup does not know.",
            vg.name, pv.id
        )));
    }
    let leaves_devices = true;
    let mend = Mend::Areas;
    Ok(Planned { arriving, leaves_devices, mend, ..Planned::new(Proposal::plain(next)) })
}

/// Shows what there is to restore.
fn list(world: &mut World, session: &Session, name: &str, file: Option<&Path>) -> Result<Exit, Exit> {
    if let Some(file) = file {
        if !file.exists() {
            world.error(format_args!("Archive file {} not found.", file.display()));
            return Err(Exit::FAILED);
        }
        show(world, file);
        return Ok(Exit::OK);
    }
    let folder = keep::archive_folder(world, session);
    let mut exit = Exit::OK;
    let archives = store::archives(&folder, name).map_err(|error| {
        world.error_chain(&error);
        Exit::FAILED
    })?;
    if !folder.exists() {
        world.error(format_args!("Couldn't scan the archive directory ({}).", folder.display()));
        exit = Exit::FAILED;
    } else if archives.is_empty() {
        world.print(format_args!("No archives found in {}.", folder.display()));
    }
    for archive in archives {
        show(world, &archive.path);
    }
    let backup = keep::backup_folder(world, session).join(name);
    if backup.exists() {
        show(world, &backup);
    }
    Ok(exit)
}

fn show(world: &mut World, path: &Path) {
    world.print(" ");
    world.print(format_args!("File:\t\t{}", path.display()));
    let text = match store::read_backup(path) {
        Ok(text) => text,
        Err(error) => {
            world.error_chain(&error);
            world.error("Unable to read archive file.");
            return;
        }
    };
    let description = match text.provenance.description.as_str() {
        "" => "<No description>",
        some => some,
    };
    world.print(format_args!("VG name:    \t{}", text.vg.name));
    world.print(format_args!("Description:\t{description}"));
    let time = metadata::text::ctime(text.provenance.time, &local_zone);
    world.print(format_args!("Backup Time:\t{time}\n"));
}
