//! `vgextend`: more PVs for a VG; devices that are no PVs become PVs first.

use crate::change::{self, Begin, Planned, Refusal};
use crate::exit::Exit;
use crate::making::{self, Joining};
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::world::World;
use metadata::disk::MdaHeader;
use metadata::plan::{Consent, Notice, Proposal};
use std::path::Path;
use store::VgOnDisk;
use vg::Purpose;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    extend(parsed, world).unwrap_or_else(|exit| exit)
}

fn extend(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let session = Session::open(parsed, world)?;
    let name = super::vg_word(world, &parsed.words()[0]);
    let devices = super::pv_words(&parsed.positionals()[1..]);
    if parsed.flag(Opt::Restoremissing) {
        return restore(parsed, world, &session, &name, &devices);
    }
    let options = making::read(parsed, &session.settings).map_err(|refusal| refusal.tell(world))?;
    // PVs that are missing do not suffer from more PVs, and more PVs are how a VG is repaired.
    let begin = Begin::Regrouped(&name, Purpose::ChangeDespiteMissing);
    let done = change::run(parsed, world, &session, begin, &mut |before, ctx| {
        let on_disk = before.vg().ok_or_else(|| Refusal::words("No volume group."))?;
        let devices = still_to_join(parsed, &session, on_disk, &devices)?;
        let joining = making::joining(parsed, &session, &before.sight, &devices, &name, &options, ctx)?;
        let mut planned = plan(parsed, &session, on_disk, joining)?;
        let asked = making::consents(&session, &before.sight, &planned.joining);
        planned.proposal.consents.extend(asked);
        Ok(planned)
    })?;
    if change::is_told(parsed, done.as_ref()) {
        world.print(format_args!("Volume group \"{name}\" successfully extended"));
    }
    Ok(change::exit_after(done.as_ref()))
}

/// The devices that are not in the VG yet, where only that is wanted.
fn still_to_join(
    parsed: &Parsed,
    session: &Session,
    on_disk: &VgOnDisk,
    devices: &[String],
) -> Result<Vec<String>, Refusal> {
    if !parsed.flag(Opt::Ifneeded) {
        return Ok(devices.to_vec());
    }
    let left: Vec<String> =
        devices.iter().filter(|word| !making::is_in(session, on_disk, word)).cloned().collect();
    let vg = &on_disk.vg.name;
    let so = || Refusal::words(format!("These physical volumes are already in volume group \"{vg}\"."));
    if left.is_empty() { Err(so().already_so(true)) } else { Ok(left) }
}

/// PVs that were away while the VG was changed count as its own again.
fn restore(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    name: &str,
    devices: &[String],
) -> Result<Exit, Exit> {
    let begin = Begin::Regrouped(name, Purpose::ChangeDespiteMissing);
    let done = change::run(parsed, world, session, begin, &mut |before, _| {
        let on_disk = before.vg().ok_or_else(|| Refusal::words("No volume group."))?;
        let (mut ids, mut strange) = (Vec::new(), Vec::new());
        for word in devices {
            let disk = session.found().disks.find(Path::new(word)).map(device::Entry::id);
            match on_disk.pvs.values().find(|pv| Some(pv.disk) == disk) {
                Some(pv) => ids.push(pv.id()),
                None => strange.push(Notice::PvNotThere { pv: word.clone(), vg: name.to_owned() }),
            }
        }
        let here = |pv| on_disk.pvs.contains_key(&pv);
        let back = |pv| on_disk.is_back(pv);
        let (notices, restored) = vg::restore_missing(&on_disk.vg, &ids, here, back);
        strange.extend(notices);
        match restored {
            Ok(proposal) => Ok(Planned::new(Proposal { notices: strange, ..proposal })),
            Err(error) => Err(Refusal::failed(&error).after(strange)),
        }
    })?;
    if change::is_told(parsed, done.as_ref()) {
        world.print(format_args!("Volume group \"{name}\" successfully extended"));
    }
    Ok(change::exit_after(done.as_ref()))
}

fn plan(
    parsed: &Parsed,
    session: &Session,
    on_disk: &VgOnDisk,
    joining: Vec<Joining>,
) -> Result<Planned, Refusal> {
    let vg = &on_disk.vg;
    making::check_blocks(session, Some(on_disk), &joining, &vg.name, vg.extent_size)?;
    let pvs: Vec<_> = joining.iter().map(|joining| joining.new.clone()).collect();
    let mut proposal = vg::extend(vg, &pvs).map_err(|error| Refusal::failed(&error))?;
    if parsed.flag(Opt::Metadataignore) && vg.metadata_copies != 0 {
        let used = used_areas(on_disk, &joining);
        if used != vg.metadata_copies {
            let (vg, from) = (vg.name.clone(), vg.metadata_copies);
            proposal.consents.push(Consent::ChangeCopies { vg, from, to: used });
            proposal.next.metadata_copies = used;
        }
    }
    Ok(Planned { joining, ..Planned::new(proposal) })
}

/// How many metadata areas will be in use, those of the PVs that join included.
fn used_areas(on_disk: &VgOnDisk, joining: &[Joining]) -> u32 {
    let new = joining.iter().flat_map(|joining| &joining.on_disk.mdas);
    let new = new.filter(|mda| mda.sound().is_none_or(|header| !MdaHeader::is_ignored(header)));
    u32::try_from(on_disk.areas_in_use().count() + new.count()).unwrap_or(u32::MAX)
}
