//! New LVs start clean. Their extents are zeroed and wiped before the commit, through the PVs: until then they
//! are free space, so a crash or a refusal in between costs nobody anything, and nothing has to be active.

use super::{Before, Fresh, Planned, Refusal};
use crate::session::Session;
use crate::world::World;
use activate::want::{Devices, nodes};
use device::Disk;
use dm::{Access, DevRef};
use engine::Volume;
use metadata::plan::Consent;
use pv::signature::{self, Signature};
use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use units::{Bytes, Id};

/// Bytes zeroed at the start of a new LV (2.03.40: wipe_lv).
const ZEROED: Bytes = Bytes::new(4096);

/// A new LV, ready to be cleaned.
#[derive(Debug)]
pub(super) struct Cleaning {
    volume: Volume,
    path: PathBuf,
    zero: bool,
    signatures: Vec<Signature>,
}

/// Looks at what lies where the new LVs will be.
pub(super) fn look(session: &Session, before: &Before, planned: &Planned) -> Result<Vec<Cleaning>, Refusal> {
    let wanted = planned.fresh.iter().filter(|fresh| fresh.zero || fresh.wipe);
    wanted.filter_map(|fresh| look_at(session, before, planned, fresh).transpose()).collect()
}

fn look_at(
    session: &Session,
    before: &Before,
    planned: &Planned,
    fresh: &Fresh,
) -> Result<Option<Cleaning>, Refusal> {
    let next = &planned.proposal.next;
    let Some(lv) = next.lvs.get(fresh.lv) else { return Ok(None) };
    let disk_of = |pv: Id| {
        let known = before.vg().and_then(|vg| vg.pvs.get(&pv));
        let mut joining = planned.joining.iter().map(|joining| &joining.on_disk);
        known.or_else(|| joining.find(|joining| joining.id() == pv)).map(|pv| pv.disk)
    };
    let find = |pv| disk_of(pv).map(|disk| DevRef::Disk(u32::try_from(disk.index()).unwrap_or(u32::MAX)));
    let devices = Devices { find: &find, partial: false };
    let nodes = nodes(next, lv, Access::ReadWrite, &devices).map_err(|error| Refusal::failed(&error))?;
    let Some(node) = nodes.last() else { return Ok(None) };
    // What is nowhere on disk cannot be cleaned.
    if node.table.devices().next().is_none() {
        return Ok(None);
    }
    let path = PathBuf::from(format!("/dev/{}/{}", next.name, lv.name));
    let volume = Volume::new(&path, &node.table, |device| disk(session, device));
    let volume = volume.map_err(|error| Refusal::failed(&error))?;
    let signatures = match fresh.wipe {
        true => signature::find(&volume).map_err(|error| Refusal::failed(&error))?,
        false => Vec::new(),
    };
    Ok(Some(Cleaning { volume, path, zero: fresh.zero, signatures }))
}

fn disk(session: &Session, device: &DevRef) -> Option<Arc<dyn Disk>> {
    match device {
        DevRef::Disk(index) => session
            .found()
            .disks
            .iter()
            .nth(usize::try_from(*index).ok()?)
            .map(|entry| Arc::clone(entry.disk())),
        DevRef::Number(_) | DevRef::Path(_) | DevRef::Node(_) => None,
    }
}

/// The questions about what was found.
pub(super) fn consents(cleanings: &[Cleaning]) -> Vec<Consent> {
    let found = cleanings.iter().flat_map(|cleaning| {
        cleaning.signatures.iter().map(|signature| Consent::Wipe {
            device: cleaning.path.display().to_string(),
            signature: signature.name.to_owned(),
            offset: signature.offset,
        })
    });
    found.collect()
}

/// Wipes and zeroes.
pub(super) fn clean(world: &mut World, cleanings: &[Cleaning]) -> Result<(), Refusal> {
    for cleaning in cleanings {
        let path = cleaning.path.display();
        let failed = |error: &(dyn Error + 'static)| {
            Refusal::failed(error).line(format!("Failed to initialize {path}, which is not made."))
        };
        for signature in &cleaning.signatures {
            world.print(format_args!("Wiping {} signature on {path}.", signature.name));
            signature::wipe(&cleaning.volume, signature).map_err(|error| failed(&error))?;
        }
        if cleaning.zero {
            let len = ZEROED.min(cleaning.volume.len());
            cleaning.volume.zero(Bytes::ZERO, len).map_err(|error| failed(&error))?;
        }
        cleaning.volume.flush().map_err(|error| failed(&error))?;
    }
    Ok(())
}
