//! Archives before a change, backups after it.

use super::carry::{local_zone, provenance};
use crate::exit::Exit;
use crate::objects;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::world::World;
use device::Wait;
use metadata::model::{Provenance, Vg};
use pv::known::HintsHeld;
use std::path::{Path, PathBuf};
use std::time::Duration;
use store::Backup;

/// Where archives and backups go by settings and options.
pub(crate) fn places(parsed: &Parsed, world: &World, session: &Session) -> Backup {
    let settings = &session.settings;
    let number = |path| u32::try_from(settings.int(path)).unwrap_or(0);
    // One option for both (2.03.40: lvmcmdline.c).
    let wanted = |path| parsed.bool(Opt::Autobackup).unwrap_or_else(|| settings.bool(path));
    Backup {
        backup: wanted("backup/backup").then(|| backup_folder(world, session)),
        archive: wanted("backup/archive").then(|| archive_folder(world, session)),
        retain_min: number("backup/retain_min"),
        retain_days: number("backup/retain_days"),
    }
}

/// The folder of backups.
pub(crate) fn backup_folder(world: &World, session: &Session) -> PathBuf {
    folder(world, session, "backup/backup_dir", "backup")
}

/// The folder of archives.
pub(crate) fn archive_folder(world: &World, session: &Session) -> PathBuf {
    folder(world, session, "backup/archive_dir", "archive")
}

fn folder(world: &World, session: &Session, path: &str, name: &str) -> PathBuf {
    match own_folder(world, session) {
        // A setting that somebody made holds for images too.
        Some(own) if session.settings.find(path).is_none() => own.join(name),
        _ => PathBuf::from(session.settings.str(path)),
    }
}

/// A user's own folder: with nothing but images in scope, and no system directory named, /etc/lvm is nobody's
/// business.
fn own_folder(world: &World, session: &Session) -> Option<PathBuf> {
    if !session.images_only || world.env.os("LVM_SYSTEM_DIR").is_some_and(|dir| !dir.is_empty()) {
        return None;
    }
    let state = world.env.os("XDG_STATE_HOME").filter(|dir| !dir.is_empty()).map(PathBuf::from);
    let home = world
        .env
        .os("HOME")
        .filter(|dir| !dir.is_empty())
        .map(|home| PathBuf::from(home).join(".local/state"));
    Some(state.or(home)?.join("rlvm"))
}

fn described(parsed: &Parsed, world: &World, session: &Session, describe: fn(&str) -> String) -> Provenance {
    Provenance { description: describe(parsed.command_line()), ..provenance(world, session) }
}

/// Archives the VG as it is. Where that fails nothing is changed.
pub(crate) fn archive(parsed: &Parsed, world: &mut World, session: &Session, vg: &Vg) -> Result<(), Exit> {
    let places = places(parsed, world, session);
    let provenance = described(parsed, world, session, store::description_before);
    let random = units::crc(world.ids.next_id().as_bytes());
    let archived = store::archive(&places, vg, &provenance, &local_zone, random).map_err(|error| {
        world.error_chain(&error);
        world.error(format_args!("Volume group {} is not changed, since it cannot be archived.", vg.name));
        world.hint("--config 'backup { archive = 0 }' does without");
        Exit::FAILED
    })?;
    if let Some((mib, number)) = archived.crowded {
        world.verbose(format_args!("{number} archives of {} take {mib} MiB.", vg.name));
    }
    Ok(())
}

/// Writes the backup of the VG as it is now. The change is made, so a failure is only told.
pub(crate) fn backup(parsed: &Parsed, world: &mut World, session: &Session, vg: &Vg) {
    let places = places(parsed, world, session);
    if places.backup.is_none() {
        world.warn("WARNING: This metadata update is NOT backed up.");
        return;
    }
    let provenance = described(parsed, world, session, store::description_after);
    if let Err(error) = store::backup(&places, vg, &provenance, &local_zone) {
        world.error_chain(&error);
        world.warn(format_args!("WARNING: Backup of volume group {} metadata failed.", vg.name));
    }
}

/// Writes the backup of the VG, whatever the settings say of backups.
pub(crate) fn backup_now(parsed: &Parsed, world: &mut World, session: &Session, vg: &Vg) -> Result<(), Exit> {
    let folder = backup_folder(world, session);
    let path = folder.join(&vg.name);
    let places = Backup { backup: Some(folder), ..Backup::default() };
    let provenance = described(parsed, world, session, store::description_after);
    store::backup(&places, vg, &provenance, &local_zone).map_err(|error| {
        world.error_chain(&error);
        world.error(format_args!("Backup of volume group {} metadata failed.", vg.name));
        Exit::FAILED
    })?;
    world.record(|| objects::backup(vg, &path));
    Ok(())
}

/// Writes the VG to a file of that name.
pub(crate) fn backup_to(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    vg: &Vg,
    path: &Path,
) -> Result<(), Exit> {
    let provenance = described(parsed, world, session, str::to_owned);
    store::backup_to(path, vg, &provenance, &local_zone).map_err(|error| {
        world.error_chain(&error);
        Exit::FAILED
    })?;
    world.record(|| objects::backup(vg, path));
    Ok(())
}

/// Removes the backup under a name that is a VG's no more, also where none are written now.
pub(crate) fn forget(world: &mut World, session: &Session, name: &str) {
    let places = Backup { backup: Some(backup_folder(world, session)), ..Backup::default() };
    if let Err(error) = store::remove_backup(&places, name) {
        world.warn(format_args!("WARNING: {error}"));
    }
}

/// Clears LVM2's hints where the set of PVs or VGs changes, and keeps it from making new ones until the change
/// is over. Image files are not in them.
pub(crate) fn clear_hints(world: &mut World, session: &Session) -> Option<HintsHeld> {
    if session.images_only || session.settings.str("devices/hints") == "none" {
        return None;
    }
    match pv::known::clear_hints(
        &world.run_dir,
        &session.hints_note(world),
        Wait::at_most(Duration::from_secs(10)),
    ) {
        Ok(held) => Some(held),
        Err(error) => {
            world
                .warn(format_args!("WARNING: LVM2's hints were not cleared ({error}); pvscan --cache does."));
            None
        }
    }
}
