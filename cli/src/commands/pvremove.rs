//! `pvremove`: PVs become plain devices again.

use crate::change::Refusal;
use crate::exit::Exit;
use crate::labels::{self, Deed, Job};
use crate::making::{self, Named, Occupant};
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{Session, Sight};
use crate::world::World;
use metadata::plan::Consent;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    remove(parsed, world).unwrap_or_else(|exit| exit)
}

fn remove(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let session = Session::open(parsed, world)?;
    let words = super::pv_words(parsed.positionals());
    labels::run(parsed, world, &session, &words, &mut |sight, named, _| plan(parsed, &session, sight, named))
}

fn plan(parsed: &Parsed, session: &Session, sight: &Sight, named: Named) -> Result<Job, Refusal> {
    let force = parsed.count(Opt::Force);
    let name = session.disk_name(named.disk);
    let consents = match occupant(session, sight, &named, force)? {
        Occupant::Nobody if force == 0 => {
            return Err(Refusal::words(format!("No PV found on device {name}.")).already_so(true));
        }
        Occupant::Nobody | Occupant::Orphan => Vec::new(),
        Occupant::Vg(vg) => vec![wipe(name.clone(), Some(vg), force)?],
        Occupant::Unknown => vec![wipe(name.clone(), None, force)?],
    };
    let disk = session.found().disks.disk(named.disk);
    let claim = making::claim(&**disk, &name)?;
    Ok(Job { consents, deed: Deed::Remove { named, _claim: claim } })
}

/// Who has the device. Of several with one id any may be wiped by force.
fn occupant(session: &Session, sight: &Sight, named: &Named, force: usize) -> Result<Occupant, Refusal> {
    if force >= 2 && making::is_unused_duplicate(sight, named.disk) {
        return Ok(Occupant::Orphan);
    }
    if force >= 2 {
        return Ok(making::holder(sight, named.disk));
    }
    making::occupant(session, sight, named.disk)
}

fn wipe(device: String, vg: Option<String>, force: usize) -> Result<Consent, Refusal> {
    if force >= 2 {
        return Ok(Consent::WipePv { device, vg });
    }
    let first = match vg {
        Some(vg) => format!("PV {device} is used by VG {vg} so please use vgreduce first."),
        None => format!("PV {device} is used by a VG but its metadata is missing."),
    };
    Err(Refusal::words(first)
        .line("(If you are certain you need pvremove, then confirm by using --force twice.)")
        .line(format!("{device}: physical volume label not removed.")))
}
