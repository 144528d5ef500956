//! Removing a VG: its devices stop, then its PVs say that they are in none.
//!
//! ```text
//! lock -> read -> plan -> (consents, lock released -> lock -> read -> plan) -> archive
//!      -> stop devices -> empty PVs -> forget the backup
//! ```
//! What fails before PVs are emptied leaves the VG as it was, its LVs inactive.

use super::{
    Before, Begin, Refusal, blind, carry, consent, dev_ref, discard, keep, machine, policy, rescue, show,
};
use crate::exit::Exit;
use crate::holders::Holders;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::world::World;
use activate::{Activation, Wish};
use lv::RemoveError;
use metadata::live::Live;
use metadata::model::{Collection, Lv, PvFlag, SegmentKind, Vg};
use metadata::plan::Consent;
use pv::known::RunFiles;
use store::{Held, VgOnDisk};
use units::Id;
use vg::Purpose;

/// A VG that may be removed.
struct Planned {
    consents: Vec<Consent>,
    /// What stops.
    activation: Activation,
}

/// Removes a VG with its LVs, and says so.
pub(crate) fn removal(parsed: &Parsed, world: &mut World, session: &Session, name: &str) -> Result<(), Exit> {
    let mut agreed: Vec<Consent> = Vec::new();
    loop {
        // It takes no PV to remove a VG.
        let begin = Begin::Regrouped(name, Purpose::ChangeDespiteMissing);
        let held = super::lock(world, session, begin)?;
        let before = super::read(parsed, world, session, begin)?;
        let before = rescue::rescue(parsed, world, session, begin, before, &held)?;
        let Some(on_disk) = before.vg() else { return Err(Exit::FAILED) };
        let planned =
            plan(parsed, world, session, &before, on_disk).map_err(|refusal| refusal.tell(world))?;
        if parsed.flag(Opt::Plan) {
            show::removal(parsed, world, session, on_disk, &planned.consents);
            return Ok(());
        }
        let given = |consent: &&Consent| agreed.contains(consent) || consent::is_given(parsed, consent);
        let open: Vec<Consent> = planned.consents.iter().filter(|c| !given(c)).cloned().collect();
        if open.is_empty() {
            return carry_out(parsed, world, session, on_disk, &planned.activation, held);
        }
        drop(held);
        for consent in &open {
            consent::ask(world, session, parsed, consent)?;
        }
        agreed.extend(open);
    }
}

fn plan(
    parsed: &Parsed,
    world: &World,
    session: &Session,
    before: &Before,
    on_disk: &VgOnDisk,
) -> Result<Planned, Refusal> {
    let vg = &on_disk.vg;
    let mut live = before.live();
    let force = parsed.any(&[Opt::Force, Opt::Yes]);
    if !vg.lvs.is_empty() {
        blind::know(vg, &live)?;
    }
    let removal = vg::remove(&with_missing(on_disk), force).map_err(|error| {
        Refusal::failed(&error).line("Consider vgreduce --removemissing if metadata is inconsistent.")
    })?;
    let holders = Holders::new(world, session);
    let mut consents = removal.consents;
    for lv in vg.lvs.iter().filter(|lv| lv.is_visible()) {
        let name = format!("{}/{}", vg.name, lv.name);
        holders.check(&name, lv.id, &mut live)?;
        check(vg, &live, lv)?;
        if live.is_active(lv.id) {
            consents.push(Consent::RemoveLv { lv: name, active: true, discard: false });
        }
    }
    let running = vg.lvs.iter().filter(|lv| live.is_active(lv.id));
    let wishes: Vec<(Id, Wish)> = running.map(|lv| (lv.id, Wish::Deactivate)).collect();
    let policy = policy::policy(parsed, session)?;
    let find = |pv| on_disk.pvs.get(&pv).map(|pv| dev_ref(session, pv.disk));
    let activation = activate::plan(Some(vg), vg, &live, &wishes, &policy, &find)
        .map_err(|error| Refusal::failed(&error))?;
    Ok(Planned { consents, activation })
}

/// The VG with PVs that are not here marked as missing.
fn with_missing(on_disk: &VgOnDisk) -> Vg {
    let mut vg = on_disk.vg.clone();
    for pv in vg.pvs.iter_mut().filter(|pv| !on_disk.pvs.contains_key(&pv.id)) {
        pv.flags.insert(PvFlag::Missing);
    }
    vg
}

/// Whether an LV may go with its VG. One of a type that is not understood may, as long as nothing of that kind
/// runs: how to stop it is not known.
fn check(vg: &Vg, live: &Live, lv: &Lv) -> Result<(), Refusal> {
    let unknown =
        |lv: &Lv| lv.segments.iter().any(|segment| matches!(segment.kind, SegmentKind::Verbatim(_)));
    match lv::check_remove(vg, live, lv.id) {
        Ok(()) => Ok(()),
        Err(RemoveError::Unsupported(_) | RemoveError::InUseBy { .. })
            if !vg.lvs.iter().any(|lv| live.is_active(lv.id) && (unknown(lv) || !lv.is_visible())) =>
        {
            Ok(())
        }
        Err(error) => Err(Refusal::failed(&error)),
    }
}

fn carry_out(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    on_disk: &VgOnDisk,
    activation: &Activation,
    held: Held,
) -> Result<(), Exit> {
    let vg = &on_disk.vg;
    if !parsed.flag(Opt::Test) {
        world.watch_signals();
        carry::check_writable(world, session, on_disk, vg)?;
        // LVM2 archives no VG without LVs here: there is nothing to get back.
        if !vg.lvs.is_empty() {
            keep::archive(parsed, world, session, vg)?;
        }
        let _hints = keep::clear_hints(world, session);
        stop(world, session, activation, &held)?;
        store::remove(&session.found().disks, on_disk).map_err(|error| {
            world.error_chain(&error);
            world.error(format_args!("Volume group \"{}\" not properly removed", vg.name));
            Exit::FAILED
        })?;
        discard::freed(world, session, on_disk, None);
        keep::forget(world, session, &vg.name);
        if !vg.lvs.is_empty() {
            // LVM2 takes the LVs out first, and leaves the backup of the VG as it then was.
            keep::backup(parsed, world, session, &without_lvs(vg));
        }
        forget_run_files(world, session, vg);
        session.follow_lvs(world, parsed, &[vg], &[]);
    }
    world.record(|| show::end_of_vg(session, on_disk));
    for lv in vg.lvs.iter().filter(|lv| lv.is_visible()) {
        world.about_lv(&vg.name, &lv.name);
        world.passed();
    }
    for lv in vg.lvs.iter().filter(|lv| lv.is_visible()) {
        world.about_lv(&vg.name, "");
        world.print(format_args!("Logical volume \"{}\" successfully removed.", lv.name));
    }
    world.about_vg(&vg.name);
    world.print(format_args!("Volume group \"{}\" successfully removed", vg.name));
    Ok(())
}

fn without_lvs(vg: &Vg) -> Vg {
    Vg { seqno: vg.seqno + 1, lvs: Collection::default(), ..vg.clone() }
}

/// Stops what runs of the VG.
fn stop(world: &mut World, session: &Session, activation: &Activation, held: &Held) -> Result<(), Exit> {
    if activation.is_empty() {
        return Ok(());
    }
    let done = machine::with(world, session, held, |machine, go_on| {
        activate::carry_out(activation, None, machine, go_on)
    });
    match done {
        Ok(done) => {
            done.warnings.iter().for_each(|warning| world.warn(format_args!("WARNING: {warning}")));
            Ok(())
        }
        Err(error) => {
            carry::tell(world, &error);
            Err(Exit::FAILED)
        }
    }
}

/// Nothing shall wait for the VG to come up any more.
fn forget_run_files(world: &mut World, session: &Session, vg: &Vg) {
    if session.images_only {
        return;
    }
    let files = RunFiles::new(world.run_dir.clone());
    if let Err(error) = files.forget_vg(&vg.name, vg.pvs.iter().map(|pv| pv.id)) {
        let folder = world.run_dir.display().to_string();
        world.warn(format_args!("WARNING: {folder}: {error}"));
    }
}
