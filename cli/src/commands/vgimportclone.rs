//! `vgimportclone`: copies of a VG's disks become a VG of their own.

use crate::change::{self, Begin, Planned, Refusal};
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{Session, Sight, vgs_beside};
use crate::world::World;
use device::DiskId;
use metadata::model::names::check_vg_name;
use std::collections::{HashMap, HashSet};
use std::path::Path;
use store::{PvOnDisk, VgOnDisk};
use units::Id;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    import(parsed, world).unwrap_or_else(|exit| exit)
}

fn import(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let mut session = Session::open(parsed, world)?;
    if parsed.flag(Opt::Importdevices) && !session.has_listing() {
        world.print("Devices file not enabled, ignoring importdevices.");
    }
    let disks = named(parsed, world, &session)?;
    let beside = vgs_beside(&session, &disks);
    // The originals have the same ids: from here on only the copies are there.
    session.narrow(|disk| disks.contains(&disk));
    let (old, id) = the_copy(parsed, world, &session)?;
    let base = parsed.str(Opt::Basevgname).map(|name| super::vg_word(world, name));
    let named_so = base.as_ref().is_none_or(|base| {
        old.strip_prefix(base.as_str()).is_some_and(|rest| rest.bytes().all(|digit| digit.is_ascii_digit()))
    });
    if parsed.flag(Opt::Ifneeded) && named_so && !beside.values().flatten().any(|other| *other == id) {
        world.print(format_args!("Volume group \"{old}\" on these devices is no copy of another."));
        return Ok(Exit::OK);
    }
    let taken: HashSet<String> = beside.into_keys().collect();
    let name = free_name(&old, base.as_deref(), &taken).map_err(|refusal| refusal.tell(world))?;
    let own = session.host.system_id.clone();
    let mut joined: Vec<(DiskId, Id)> = Vec::new();
    let begin = Begin::Renamed(&old, None, &name);
    let done = change::run(parsed, world, &session, begin, &mut |before, ctx| {
        let on_disk = before.vg().ok_or_else(|| Refusal::words("No volume group."))?;
        let import = parsed.flag(Opt::Import);
        let (proposal, ids) = vg::import_clone(&on_disk.vg, &name, own.as_deref(), import, ctx)
            .map_err(|error| Refusal::failed(&error))?;
        let renamed = |pv: &PvOnDisk| {
            let mut pv = pv.clone();
            pv.label.header.id = ids[&pv.id()];
            pv
        };
        let remade: HashMap<Id, PvOnDisk> = on_disk.pvs.iter().map(|(id, pv)| (*id, renamed(pv))).collect();
        joined = remade.values().map(|pv| (pv.disk, pv.id())).collect();
        // What runs is the original's.
        Ok(Planned { remade, leaves_devices: true, ..Planned::new(proposal) })
    })?;
    if done.is_some() && session.has_listing() {
        session.list_pvs(world, parsed, &joined, false);
    }
    Ok(change::exit_after(done.as_ref()))
}

/// The disks that the arguments name.
fn named(parsed: &Parsed, world: &mut World, session: &Session) -> Result<Vec<DiskId>, Exit> {
    let mut disks = Vec::new();
    for word in super::pv_words(parsed.positionals()) {
        let path = Path::new(&word);
        let Some(entry) = session.found().disks.find(path) else {
            world.error(format_args!("Failed to find device {word}: {}", session.why_not(path)));
            return Err(Exit::FAILED);
        };
        if disks.contains(&entry.id()) {
            world.error(format_args!("Device {word} is named twice."));
            return Err(Exit::FAILED);
        }
        disks.push(entry.id());
    }
    Ok(disks)
}

/// The name and id of the one VG on the disks, if it can become another.
fn the_copy(parsed: &Parsed, world: &mut World, session: &Session) -> Result<(String, Id), Exit> {
    let sight = Sight::read(parsed, world, session)?;
    match sight.scan.vgs.as_slice() {
        [] => world.error("No VG found on devices."),
        [only] => {
            return match check(session, &sight, only) {
                Ok(()) => Ok((only.vg.name.clone(), only.vg.id)),
                Err(refusal) => Err(refusal.tell(world)),
            };
        }
        _ => world.error("Devices must be from the same VG."),
    }
    Err(Exit::FAILED)
}

/// Refuses a copy that is incomplete, or disks that do not belong to it, or that are in use.
fn check(session: &Session, sight: &Sight, on_disk: &VgOnDisk) -> Result<(), Refusal> {
    let vg = &on_disk.vg;
    if let Some(pv) = on_disk.missing().next() {
        return Err(Refusal::words(format!(
            "PV with UUID {} is part of VG {}, but is not included in the devices to import.",
            pv.id, vg.name
        ))
        .line("All PVs in the VG must be imported together."));
    }
    let known: HashSet<DiskId> = on_disk.pvs.values().map(|pv| pv.disk).collect();
    if let Some(entry) = session.found().disks.iter().find(|entry| !known.contains(&entry.id())) {
        let strange = sight.pv_on(entry.id()).is_none();
        let what = if strange { "is no PV" } else { "was not found" };
        return Err(Refusal::words(format!("Device {} {what} in VG {}.", entry.name().display(), vg.name))
            .line("The devices to import must match the devices in the VG."));
    }
    match session.found().disks.iter().find(|entry| session.has_running_lvs(entry.id())) {
        Some(entry) => {
            let name = entry.name().display();
            Err(Refusal::words(format!("Device {name} has active LVs, deactivate first.")))
        }
        None => Ok(()),
    }
}

/// The name that was asked for, or the old one, with the first number after it that makes it one that no other VG
/// has; without a number only where another name than the old one was asked for.
fn free_name(old: &str, base: Option<&str>, taken: &HashSet<String>) -> Result<String, Refusal> {
    let other = base.filter(|base| *base != old);
    let base = base.unwrap_or(old);
    let numbered = (1_u64..).map(|number| format!("{base}{number}"));
    let mut names = other.map(str::to_owned).into_iter().chain(numbered);
    let name = names.find(|name| !taken.contains(name)).unwrap_or_default();
    match check_vg_name(&name) {
        Ok(()) => Ok(name),
        Err(error) => Err(Refusal::failed(&error).line(format!("New VG name \"{name}\" is invalid."))),
    }
}

#[cfg(test)]
mod tests {
    use super::free_name;
    use std::collections::HashSet;

    #[test]
    fn a_copy_gets_the_first_name_that_is_free() {
        let taken: HashSet<String> = ["vg", "vg1", "other"].map(str::to_owned).into();
        let name = |old, base| free_name(old, base, &taken).unwrap();
        assert_eq!(name("vg", None), "vg2");
        assert_eq!(name("vg", Some("vg")), "vg2");
        assert_eq!(name("vg", Some("new")), "new");
        assert_eq!(name("vg", Some("other")), "other1");
        assert_eq!(name("lone", None), "lone1");
    }
}
