//! `vgimportdevices`: the devices of VGs' PVs become a part of the devices file.

use crate::change::{self, Begin, Planned, Refusal, keep};
use crate::exit::Exit;
use crate::parsed::Parsed;
use crate::session::{Session, Sight};
use crate::world::World;
use device::DeviceTypes;
use metadata::plan::Proposal;
use pv::known::DevicesFile;
use store::LockRequest;
use vg::Purpose;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    import(parsed, world).unwrap_or_else(|exit| exit)
}

fn import(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let session = Session::open(parsed, world)?;
    let held = session.lock(world, &LockRequest::change_global())?;
    let editor = session.editor(world, true)?;
    let _hints = keep::clear_hints(world, &session);
    let sight = Sight::read(parsed, world, &session)?;
    let (chosen, exit) = sight.choose_vgs(parsed, world, &session);
    if !exit.is_ok() {
        return Err(exit);
    }
    let mut file: DevicesFile = editor.file.clone().unwrap_or_default();
    let types = DeviceTypes::read(&world.devices.proc, &[]);
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
    world.print(format_args!("Added {added} devices to devices file."));
    Ok(exit)
}
