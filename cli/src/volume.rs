//! The content of an LV, as a disk: through its own device where it runs, else through its PVs.

use crate::change::Refusal;
use crate::session::Session;
use activate::want::{Devices, WantError, nodes};
use device::{BlockDisk, Disk, DiskId, Host};
use dm::{Access, DevRef};
use engine::Volume;
use metadata::live::{Live, LvLive};
use metadata::model::Lv;
use std::path::PathBuf;
use std::sync::Arc;
use store::VgOnDisk;

/// Opens an LV for reading, or for writing too. Where it runs nothing goes past its device: what others wrote
/// through that may not have reached the PVs yet.
pub(crate) fn open(
    session: &Session,
    host: &Host,
    on_disk: &VgOnDisk,
    lv: &Lv,
    live: &Live,
    access: Access,
) -> Result<Box<dyn Disk>, Refusal> {
    match live.of(lv.id) {
        Some(device) => through_device(host, device),
        None => through_pvs(session, on_disk, lv, access),
    }
}

/// Opens an LV to look at what is on it. Where it runs that is read through the page cache: there a mounted file
/// system changes its own blocks first.
pub(crate) fn look(
    session: &Session,
    host: &Host,
    on_disk: &VgOnDisk,
    lv: &Lv,
    live: &Live,
) -> Result<Box<dyn Disk>, Refusal> {
    let Some(device) = live.of(lv.id) else { return through_pvs(session, on_disk, lv, Access::ReadOnly) };
    let disk = BlockDisk::open_cached(&node(host, device)).map_err(|error| Refusal::failed(&error))?;
    Ok(Box::new(disk))
}

fn through_device(host: &Host, device: &LvLive) -> Result<Box<dyn Disk>, Refusal> {
    let disk = BlockDisk::open(&node(host, device)).map_err(|error| Refusal::failed(&error))?;
    Ok(Box::new(disk))
}

/// The node of an LV that runs.
pub(crate) fn node(host: &Host, device: &LvLive) -> PathBuf {
    let node = host.dev.join(format!("dm-{}", device.minor));
    if node.exists() { node } else { host.dev.join("mapper").join(&device.name) }
}

fn through_pvs(
    session: &Session,
    on_disk: &VgOnDisk,
    lv: &Lv,
    access: Access,
) -> Result<Box<dyn Disk>, Refusal> {
    let vg = &on_disk.vg;
    let number = |disk: DiskId| u32::try_from(disk.index()).ok();
    let find = |pv| on_disk.pvs.get(&pv).and_then(|pv| number(pv.disk)).map(DevRef::Disk);
    let devices = Devices { find: &find, partial: false };
    let nodes = nodes(vg, lv, access, &devices).map_err(refusal)?;
    let Some(node) = nodes.last() else {
        return Err(Refusal::words(format!("{}/{} has no content.", vg.name, lv.name)));
    };
    let disk = |device: &DevRef| match device {
        DevRef::Disk(index) => {
            let entry = session.found().disks.iter().find(|entry| number(entry.id()) == Some(*index))?;
            Some(Arc::clone(entry.disk()))
        }
        DevRef::Number(_) | DevRef::Path(_) | DevRef::Node(_) => None,
    };
    let path = PathBuf::from(format!("{}/{}", vg.name, lv.name));
    let volume = Volume::new(&path, &node.table, disk).map_err(|error| Refusal::failed(&error))?;
    Ok(Box::new(match access {
        Access::ReadOnly => volume.read_only(),
        Access::ReadWrite => volume,
    }))
}

/// Why there is no way through the PVs.
fn refusal(error: WantError) -> Refusal {
    match error {
        WantError::Missing { vg, lv, pv } => {
            Refusal::words(format!("PV {pv}, on which {vg}/{lv} lies, is missing."))
        }
        WantError::Unsupported { vg, lv, segtype } => Refusal::words(format!(
            "The content of {vg}/{lv} cannot be reached while it is inactive: segment type {segtype} is not \
             supported yet by rlvm."
        )),
        WantError::Unrecognised { vg, lv, flag } => Refusal::words(format!(
            "The content of {vg}/{lv} cannot be reached while it is inactive: nobody here knows what the flag \
             {flag} means."
        )),
        error @ (WantError::Name { .. } | WantError::Taken { .. } | WantError::Impossible { .. }) => {
            Refusal::failed(&error)
        }
    }
}
