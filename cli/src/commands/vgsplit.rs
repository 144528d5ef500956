//! `vgsplit`: PVs of a VG, with the LVs on them, become another VG or go to one.

use crate::change::{self, Refusal, SplitPlan};
use crate::commands::{vgcreate, vgmerge};
use crate::exit::Exit;
use crate::forms::FormId;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{Session, Sight};
use crate::world::World;
use metadata::model::AllocPolicy;
use std::path::Path;
use store::VgOnDisk;
use units::Id;
use vg::{CreateError, NewVg, SplitError, Target};

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    split(parsed, world).unwrap_or_else(|exit| exit)
}

fn split(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    vgmerge::refuse_spare(parsed, world)?;
    let words = parsed.words();
    let session = Session::open(parsed, world)?;
    let (from, to) = (super::vg_word(world, &words[0]), super::vg_word(world, &words[1]));
    if to == from {
        world.error(format_args!("Duplicate volume group name \"{from}\""));
        return Err(Exit::FAILED);
    }
    let lv = parsed.str(Opt::Name).filter(|_| parsed.form() == FormId::VgsplitByLv);
    let lv = lv.map(|lv| lv.rsplit('/').next().unwrap_or(lv).to_owned());
    let devices = super::pv_words(&parsed.positionals()[2..]);
    if parsed.flag(Opt::Ifneeded) && is_split(parsed, world, &session, &to, lv.as_deref(), &devices)? {
        world.print(format_args!("Volume group \"{to}\" has what is to be split from \"{from}\" already."));
        return Ok(Exit::OK);
    }
    let new = new_vg(parsed, &session, &to);
    let mut existing = false;
    let dev_dir = world.dev_dir.clone();
    let names = (from.as_str(), to.as_str());
    let done = change::split(parsed, world, &session, names, &mut |plan: SplitPlan<'_>, ctx| {
        existing = plan.to.is_some();
        let moved = match &lv {
            Some(lv) => vg::pvs_of_lv(&plan.from.vg, lv).map_err(|error| refusal(&error))?,
            None => named(&session, plan.from, &devices)?,
        };
        let target = match plan.to {
            Some(_) if asks_for_new(parsed) => {
                return Err(Refusal::words(format!(
                    "Volume group \"{to}\" exists, but new VG option specified"
                )));
            }
            Some(on_disk) => Target::Existing(&on_disk.vg),
            None => {
                vgcreate::check_path(&dev_dir, &session, &to)?;
                Target::New(&new)
            }
        };
        vg::split(&plan.from.vg, target, &moved, plan.live, ctx).map_err(|error| refusal(&error))
    })?;
    if change::is_told(parsed, done.as_ref()) {
        let kind = if existing { "Existing" } else { "New" };
        world.print(format_args!("{kind} volume group \"{to}\" successfully split from \"{from}\""));
    }
    Ok(change::exit_after(done.as_ref()))
}

/// Whether the LV, or all PVs, are in the other VG.
fn is_split(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    to: &str,
    lv: Option<&str>,
    devices: &[String],
) -> Result<bool, Exit> {
    let sight = Sight::read(parsed, world, session)?;
    let [place] = sight.named(to)[..] else { return Ok(false) };
    let on_disk = &sight.scan.vgs[place];
    Ok(match lv {
        Some(lv) => on_disk.vg.lv_named(lv).is_some(),
        None => named(session, on_disk, devices).is_ok(),
    })
}

fn refusal(error: &SplitError) -> Refusal {
    let refusal = Refusal::failed(error);
    match error {
        // A name that cannot be is a failure here (2.03.40: tools/vgsplit.c).
        SplitError::New(CreateError::Name { .. }) => refusal,
        SplitError::New(new) if new.is_usage() => refusal.invalid(),
        SplitError::Torn { .. } => {
            refusal.hint("pvmove can bring it together; lvs -o+devices tells where it is")
        }
        _ => refusal,
    }
}

/// Options that only a new VG can have.
fn asks_for_new(parsed: &Parsed) -> bool {
    parsed.any(&[Opt::Alloc, Opt::Maxphysicalvolumes, Opt::Maxlogicalvolumes, Opt::Vgmetadatacopies])
}

fn new_vg(parsed: &Parsed, session: &Session, name: &str) -> NewVg {
    let number = |opt| parsed.number(opt).map(|number| u32::try_from(number).unwrap_or(u32::MAX));
    NewVg {
        name: name.to_owned(),
        max_lv: number(Opt::Maxlogicalvolumes),
        max_pv: number(Opt::Maxphysicalvolumes),
        alloc: parsed.str(Opt::Alloc).and_then(AllocPolicy::named),
        metadata_copies: parsed.copies(Opt::Vgmetadatacopies).map(vgcreate::copies),
        system_id: session.host.system_id.clone(),
    }
}

/// The PVs that words name. One that was named before is gone from the VG by then, as LVM2 sees it.
fn named(session: &Session, on_disk: &VgOnDisk, words: &[String]) -> Result<Vec<Id>, Refusal> {
    let mut named = Vec::new();
    for word in words {
        let disk = session.found().disks.find(Path::new(word)).map(device::Entry::id);
        let pv = on_disk.pvs.values().find(|pv| Some(pv.disk) == disk).map(store::PvOnDisk::id);
        match pv.filter(|pv| !named.contains(pv)) {
            Some(pv) => named.push(pv),
            None => {
                let vg = &on_disk.vg.name;
                return Err(Refusal::words(format!("Physical volume {word} not in volume group {vg}")));
            }
        }
    }
    Ok(named)
}
