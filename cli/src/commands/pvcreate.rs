//! `pvcreate`: devices and image files become PVs.

use crate::change::Refusal;
use crate::exit::Exit;
use crate::labels::{self, Deed, Job};
use crate::making::{self, Making, Named, Occupant, PvOptions};
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{Session, Sight};
use crate::world::World;
use metadata::plan::{Consent, Ctx};

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    create(parsed, world).unwrap_or_else(|exit| exit)
}

fn create(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let session = Session::open(parsed, world)?;
    let options = making::read(parsed, &session.settings).map_err(|refusal| refusal.tell(world))?;
    let words = super::pv_words(parsed.positionals());
    labels::run(parsed, world, &session, &words, &mut |sight, named, ctx| {
        plan(parsed, &session, sight, named, &options, ctx)
    })
}

fn plan(
    parsed: &Parsed,
    session: &Session,
    sight: &Sight,
    named: Named,
    options: &PvOptions,
    ctx: &mut Ctx<'_>,
) -> Result<Job, Refusal> {
    check_id(session, sight, &named, options)?;
    let occupant = making::occupant(session, sight, named.disk)?;
    let is_pv = matches!(occupant, Occupant::Orphan | Occupant::Vg(_));
    if parsed.flag(Opt::Ifneeded) && is_pv && options.id.is_none() {
        let name = session.disk_name(named.disk);
        return Err(Refusal::words(format!("{name} is a physical volume already.")).already_so(true));
    }
    let mut consents = Vec::from_iter(occupied(parsed, session, &named, &occupant)?);
    consents.extend(pretended(session, &named, &occupant, options));
    let ready = making::ready(parsed, session, named)?;
    consents.extend(ready.consents());
    let making = Making::plan(parsed, session, ready, options, ctx)?;
    Ok(Job { consents, deed: Deed::Create(Box::new(making)) })
}

/// Refuses an id that another device's PV has.
fn check_id(session: &Session, sight: &Sight, named: &Named, options: &PvOptions) -> Result<(), Refusal> {
    let Some(id) = options.id else { return Ok(()) };
    let in_vgs = sight.scan.vgs.iter().flat_map(|vg| vg.pvs.values());
    let mut pvs = in_vgs.chain(&sight.scan.orphans);
    match pvs.find(|pv| pv.id() == id && pv.disk != named.disk) {
        Some(pv) => {
            let device = session.disk_name(pv.disk);
            Err(Refusal::words(format!("UUID {id} already in use on \"{device}\".")))
        }
        None => Ok(()),
    }
}

/// What a PV that is in a VG asks for.
fn occupied(
    parsed: &Parsed,
    session: &Session,
    named: &Named,
    occupant: &Occupant,
) -> Result<Option<Consent>, Refusal> {
    let name = session.disk_name(named.disk);
    let (vg, refusal) = match occupant {
        Occupant::Nobody | Occupant::Orphan => return Ok(None),
        Occupant::Vg(vg) => (
            Some(vg.clone()),
            Refusal::words(format!(
                "Can't initialize physical volume \"{name}\" of volume group \"{vg}\" without -ff"
            )),
        ),
        Occupant::Unknown => (
            None,
            Refusal::words(format!("PV {name} is used by a VG but its metadata is missing."))
                .line(format!("Can't initialize PV '{name}' without -ff.")),
        ),
    };
    if parsed.count(Opt::Force) < 2 {
        return Err(refusal.line(format!("{name}: physical volume not initialized.")));
    }
    Ok(Some(Consent::InitialisePv { device: name, vg }))
}

/// Whether a PV is to claim a size that is not its device's.
fn pretended(session: &Session, named: &Named, occupant: &Occupant, options: &PvOptions) -> Option<Consent> {
    let size = session.found().disks.disk(named.disk).len().sectors();
    let pretended = options.layout.pretended_size.filter(|pretended| *pretended != size)?;
    let asks = *occupant != Occupant::Nobody;
    asks.then(|| Consent::PretendSize { device: session.disk_name(named.disk), size, pretended })
}
