//! `vgchange` of what a VG is: limits, policies, tags, ids, its owner.

use crate::change::{self, Before, Begin, Planned, Refusal};
use crate::commands::{each, vgcreate};
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::profiles::metadata_profile;
use crate::session::{Session, system_id_from};
use crate::world::World;
use metadata::model::AllocPolicy;
use metadata::plan::Ctx;
use vg::{Property, Purpose};

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    match wanted(parsed) {
        Ok(wanted) if wanted.is_empty() => {
            world.error("Need one or more command options.");
            Exit::INVALID
        }
        Ok(wanted) => each::change_vgs(parsed, world, &mut |parsed, world, session, name| {
            one(parsed, world, session, name, &wanted)
        }),
        Err(refusal) => refusal.tell(world),
    }
}

/// What is asked for, in the order LVM2 takes it in (2.03.40: tools/vgchange.c).
fn wanted(parsed: &Parsed) -> Result<Vec<Property>, Refusal> {
    let number = |opt| parsed.number(opt).map(|number| u32::try_from(number).unwrap_or(u32::MAX));
    let tags = |opt| parsed.all(opt).into_iter().map(str::to_owned);
    let mut wanted = Vec::new();
    wanted.extend(number(Opt::Logicalvolume).map(Property::MaxLv));
    wanted.extend(number(Opt::Maxphysicalvolumes).map(Property::MaxPv));
    wanted.extend(parsed.bool(Opt::Resizeable).map(Property::Resizeable));
    wanted.extend(parsed.bool(Opt::Setautoactivation).map(Property::Autoactivation));
    wanted.extend(tags(Opt::Deltag).map(Property::DelTag));
    wanted.extend(tags(Opt::Addtag).map(Property::AddTag));
    if let Some(size) = parsed.sectors(Opt::Physicalextentsize) {
        let size = vg::check_extent_size(size).map_err(|error| Refusal::failed(&error))?;
        wanted.push(Property::ExtentSize(size));
    }
    wanted.extend(parsed.flag(Opt::Uuid).then_some(Property::NewId));
    wanted.extend(parsed.str(Opt::Alloc).and_then(AllocPolicy::named).map(Property::Alloc));
    let copies = parsed.copies(Opt::Vgmetadatacopies).map(vgcreate::copies);
    wanted.extend(copies.map(Property::MetadataCopies));
    let profile = metadata_profile(parsed);
    wanted.extend(profile.map(|profile| Property::Profile(Some(profile.to_owned()))));
    wanted.extend(parsed.flag(Opt::Detachprofile).then_some(Property::Profile(None)));
    wanted.extend(parsed.str(Opt::Systemid).map(|id| Property::SystemId(system_id_from(id))));
    Ok(wanted)
}

fn one(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    name: &str,
    wanted: &[Property],
) -> Result<Exit, Exit> {
    let safe = wanted.iter().all(Property::needs_no_pv) || parsed.flag(Opt::Majoritypvs);
    let purpose = if safe { Purpose::ChangeDespiteMissing } else { Purpose::Change };
    let begin = Begin::Existing(name, purpose);
    let done = change::run(parsed, world, session, begin, &mut |before, ctx| {
        plan(parsed, session, before, wanted, ctx)
    })?;
    if change::is_told(parsed, done.as_ref()) {
        world.print(format_args!("Volume group \"{name}\" successfully changed."));
    }
    Ok(change::exit_after(done.as_ref()))
}

fn plan(
    parsed: &Parsed,
    session: &Session,
    before: &Before,
    wanted: &[Property],
    ctx: &mut Ctx<'_>,
) -> Result<Planned, Refusal> {
    let on_disk = before.vg().ok_or_else(|| Refusal::words("No volume group."))?;
    if parsed.flag(Opt::Majoritypvs) {
        let (all, found) = (on_disk.vg.pvs.len(), on_disk.pvs.len());
        if found <= all - found {
            return Err(Refusal::words(format!(
                "Cannot change system ID without the majority of PVs (found {found} of {all})."
            )));
        }
    }
    let own = session.host.system_id.as_deref();
    let proposal =
        vg::change(&on_disk.vg, &before.live(), wanted, own, ctx).map_err(|error| Refusal::failed(&error))?;
    if proposal.next.extent_size != on_disk.vg.extent_size {
        crate::making::check_blocks(
            session,
            Some(on_disk),
            &[],
            &on_disk.vg.name,
            proposal.next.extent_size,
        )?;
    }
    Ok(Planned::new(proposal))
}
