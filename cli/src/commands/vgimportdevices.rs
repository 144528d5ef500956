//! `vgimportdevices`: the devices of VGs' PVs become a part of the devices file.

use crate::change::{self, Begin, Planned, Refusal, keep};
use crate::exit::Exit;
use crate::forms::FormId;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{Session, Sight};
use crate::world::World;
use activate::observe::owner;
use metadata::plan::Proposal;
use pv::known::DevicesFile;
use std::fs;
use std::path::PathBuf;
use store::LockRequest;
use units::Id;
use vg::Purpose;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    import(parsed, world).unwrap_or_else(|exit| exit)
}

fn import(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let session = Session::open(parsed, world)?;
    let root = match parsed.form() {
        FormId::VgimportdevicesRoot => match root_vg(parsed, world, &session)? {
            None => return Ok(Exit::OK),
            root => root,
        },
        _ => None,
    };
    let held = session.lock(world, &LockRequest::change_global())?;
    let editor = session.editor(world, true)?;
    let _hints = keep::clear_hints(world, &session);
    let sight = Sight::read(parsed, world, &session)?;
    let (mut chosen, exit) = sight.choose_vgs(parsed, world, &session);
    if let Some(root) = root {
        chosen.retain(|choice| sight.scan.vgs[choice.vg].vg.id == root);
    }
    let of_root = root.and_then(|_| chosen.first()).map(|choice| sight.scan.vgs[choice.vg].vg.name.clone());
    if !exit.is_ok() {
        return Err(exit);
    }
    let mut file: DevicesFile = editor.file.clone().unwrap_or_default();
    let types = session.device_types();
    let devices: Vec<_> = editor.devices(world).into_iter().map(|(device, _)| device).collect();
    let (mut added, mut named) = (0, Vec::new());
    for choice in &chosen {
        let on_disk = &sight.scan.vgs[choice.vg];
        if let Some(missing) = on_disk.missing().next() {
            let (vg, pv) = (&on_disk.vg.name, missing.id.compact());
            world.print(format_args!("Not importing devices for VG {vg} with missing PV {pv}."));
            continue;
        }
        for pv in &on_disk.vg.pvs {
            let disk = on_disk.disk_of(pv.id);
            let Some((disk, host)) = disk.and_then(|disk| Some((disk, session.found().host(disk)?))) else {
                continue;
            };
            let now = file.matched(&devices, &types);
            file.add(host, session.found().disks.get(disk).names(), pv.id, &types, &now);
            added += 1;
        }
        if session.check(on_disk, Purpose::Change).is_ok() {
            named.push(on_disk.vg.name.clone());
        }
    }
    if added == 0 {
        world.error("No devices to add.");
        return Err(Exit::FAILED);
    }
    editor.write(world, parsed, file)?;
    drop((editor, held));
    // The texts say by which ids their devices are known. That is no more than a help: a failure is only told.
    for vg in named {
        let begin = Begin::Existing(&vg, Purpose::Change);
        let changed = change::run(parsed, world, &session, begin, &mut |before, _| {
            let on_disk = before.vg().ok_or_else(|| Refusal::words("No volume group."))?;
            let mut next = on_disk.vg.clone();
            next.seqno += 1;
            session.name_by_ids(&types, &mut next, &|pv| on_disk.disk_of(pv));
            Ok(Planned::new(Proposal::plain(next)))
        });
        if changed.is_err() {
            world.print("Failed to write device ids in VG metadata.");
        }
    }
    match of_root {
        Some(vg) => world.print(format_args!("Added {added} devices to devices file for root VG {vg}.")),
        None => world.print(format_args!("Added {added} devices to devices file.")),
    }
    if parsed.flag(Opt::Auto) {
        // It was asked for once. What is gone already need not be removed.
        let _ = fs::remove_file(asked_for(world));
        let _ = fs::remove_file(world.run_dir.join("lvm-devices-import"));
    }
    Ok(exit)
}

/// The file by whose being there an installer asks for a devices file with the root VG in it.
fn asked_for(world: &World) -> PathBuf {
    world.system_dir().join("devices/auto-import-rootvg")
}

/// The VG that the root file system is on. None: with `--auto` nothing is to be done, for the host has a devices file,
/// or nobody asked for one.
fn root_vg(parsed: &Parsed, world: &mut World, session: &Session) -> Result<Option<Id>, Exit> {
    let file = world.system_dir().join("devices").join(session.settings.str("devices/devicesfile"));
    if parsed.flag(Opt::Auto) && (file.exists() || !asked_for(world).exists()) {
        world.print("Root VG auto import is not enabled.");
        return Ok(None);
    }
    let uuid = device::root_device(&world.devices).and_then(|device| device.dm_uuid());
    match uuid.and_then(|uuid| owner(&uuid)) {
        Some(owner) => Ok(Some(owner.vg)),
        None => {
            world.error("Failed to find root VG.");
            world.hint("the root file system is not on an LV");
            Err(Exit::FAILED)
        }
    }
}
