//! `lvcreate`: a new linear or striped LV, or one that gives errors or zeros.

mod clean;
mod request;
mod target;

use crate::change::{self, Begin, Fresh, Planned, Refusal};
use crate::exit::Exit;
use crate::lvs;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::world::World;
use activate::{Policy, Skip, Wish};
use clean::Cleaning;
use lv::CreateError;
use metadata::model::Vg;
use metadata::plan::Notice;
use request::{check, first_notice, request};
use target::Target;
use units::{ExtentSize, Id};
use vg::Purpose;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    match create(parsed, world) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn create(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let session = Session::open(parsed, world)?;
    let Target { vg, name, pvs } = target::target(parsed, world)?;
    let stripes = lvs::stripe_settings(&session.settings);
    check(parsed, name.as_deref(), stripes).map_err(|refusal| refusal.tell(world))?;
    let first = first_notice(parsed, stripes);
    change::tell(world, &session, parsed, ExtentSize::DEFAULT, first.as_slice());
    let wish = change::new_lv_wish(parsed, world, &session).map_err(|refusal| refusal.tell(world))?;
    let read_ahead = lvs::read_ahead(parsed, world, lvs::usual_read_ahead(&session.settings));
    let device = lvs::device_number(parsed, world);
    let wanted = Cleaning::of_command(parsed, &session);
    let mut cleaning: Option<Cleaning> = None;
    let mut created: Option<(Id, String)> = None;
    let done =
        change::run(parsed, world, &session, Begin::Existing(&vg, Purpose::Change), &mut |before, ctx| {
            let Some(on_disk) = before.vg() else { return Err(Refusal::words("No volume group.")) };
            let device = device.clone().map_err(Refusal::words)?;
            let mut clean = wanted.clone().map_err(Refusal::words)?;
            let request = lv::Create {
                name: name.clone(),
                read_ahead,
                device,
                ..request(parsed, &session, on_disk, &pvs)?
            };
            let untold = |notice: &Notice| Some(notice) != first.as_ref();
            let proposal = match lv::create(&on_disk.vg, &request, ctx) {
                Ok(mut proposal) => {
                    proposal.notices.retain(untold);
                    proposal
                }
                Err(mut refused) => {
                    refused.notices.retain(untold);
                    let so = matches!(refused.error, CreateError::Taken { .. });
                    let so = so && parsed.flag(Opt::Ifneeded) && lv::is_as_asked(&on_disk.vg, &request, ctx);
                    return Err(lvs::refusal(&refused).already_so(so));
                }
            };
            created = newest(&on_disk.vg, &proposal.next);
            if let (Some((id, _)), true) = (&created, wish == Wish::Activate && clean.is_wanted()) {
                let policy = change::activation_policy(parsed, &session)?;
                check_listed(&policy, &proposal.next, *id)?;
                // LVM2 cleans what runs, and what runs read-only it leaves alone.
                if proposal.next.lvs.get(*id).is_some_and(|lv| policy.is_read_only(&proposal.next, lv)) {
                    clean = clean.none();
                }
            }
            cleaning = Some(clean.clone());
            let mut planned = Planned::new(proposal);
            if let Some((id, _)) = &created {
                planned.wishes.push((*id, wish));
                planned.fresh.push(Fresh { lv: *id, zero: clean.zero, wipe: clean.wipe });
            }
            Ok(planned)
        })?;
    let (Some((id, name)), false) = (created, parsed.flag(Opt::Plan)) else { return Ok(Exit::OK) };
    if done.is_some_and(|done| !done.exit.is_ok()) {
        return Ok(take_back(parsed, world, &session, &vg, id, &name));
    }
    if let Some(cleaning) = cleaning {
        cleaning.tell(world, &format!("{vg}/{name}"));
    }
    world.print(format_args!("Logical volume \"{name}\" created."));
    Ok(Exit::OK)
}

/// Refuses an LV that `activation/volume_list` keeps from running, though it was to start clean: LVM2 cleans what
/// runs, and takes such an LV back.
fn check_listed(policy: &Policy, next: &Vg, id: Id) -> Result<(), Refusal> {
    match next.lvs.get(id) {
        Some(lv) if policy.skips(next, lv) == Some(Skip::VolumeList) => {
            let name = format!("{}/{}", next.name, lv.name);
            let line = format!("Volume \"{name}\" is not active locally (volume_list activation filter?).");
            Err(Refusal::words(line)
                .line("Aborting. Failed to wipe start of new LV.")
                .hint("-Zn -Wn creates it as it is"))
        }
        Some(_) | None => Ok(()),
    }
}

/// A new LV that cannot run is removed again, as with LVM2.
fn take_back(parsed: &Parsed, world: &mut World, session: &Session, vg: &str, id: Id, name: &str) -> Exit {
    let begin = Begin::Existing(vg, Purpose::Change);
    let removed = change::run(parsed, world, session, begin, &mut |before, _| {
        let Some(on_disk) = before.vg() else { return Err(Refusal::words("No volume group.")) };
        let remove = lv::Remove { lvs: vec![id], discard: false };
        let mut proposal =
            lv::remove(&on_disk.vg, &before.live(), &remove).map_err(|e| Refusal::failed(&e))?;
        // Nobody has to be asked about an LV that never was.
        proposal.consents.clear();
        Ok(Planned::new(proposal))
    });
    match removed {
        Ok(_) => world.error(format_args!("Logical volume \"{name}\" was not created.")),
        Err(_) => world.error(format_args!("Logical volume \"{name}\" is there, but not active.")),
    }
    Exit::FAILED
}

/// The LV that is in `next` and was not before.
fn newest(before: &Vg, next: &Vg) -> Option<(Id, String)> {
    let mut new = next.lvs.iter().filter(|lv| !before.lvs.contains(lv.id));
    new.next().map(|lv| (lv.id, lv.name.clone()))
}
