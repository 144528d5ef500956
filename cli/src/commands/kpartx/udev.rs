//! What udev's rules need to know of a map, as lines of KEY=VALUE.

use super::grammar::Request;
use super::{failed, refuse};
use crate::exit::Exit;
use crate::world::World;
use device::Identity;
use dm::{Control, DevNo, Device, DmUuid, Slot};

/// What udev calls the bus of a multipath device, by the driver of its paths.
fn kind(majors: &[u32]) -> &'static str {
    match majors.first() {
        Some(94) => "ccw",
        Some(104..=112) => "cciss",
        Some(9) | None => "raid",
        Some(_) => "scsi",
    }
}

/// Tells it from the uuid and the paths of the multipath device alone, so that it works on suspended maps and on
/// those that have lost all paths. Of what is no map, nothing is told.
pub(super) fn run(world: &mut World, request: &Request) -> Result<Exit, Exit> {
    let path = &request.path;
    let Some(Identity::Device { major, minor }) = world.devices.nodes.identity(path) else {
        return Err(refuse(world, format_args!("invalid device: {}", path.display())));
    };
    let info = world.dm.info(DevNo::new(major, minor).into()).map_err(|error| failed(world, &error))?;
    let Some(uuid) = info.and_then(|info| info.uuid) else { return Ok(Exit::OK) };
    let (part, parent) = split(uuid.as_str());
    let mut lines = Vec::new();
    if let Some(part) = part {
        lines.push(format!("DM_PART={part}"));
    }
    if let Some(serial) = parent.strip_prefix("mpath-") {
        lines.extend(of_multipath(&*world.dm, parent, serial));
    }
    lines.into_iter().for_each(|line| world.raw(format!("{line}\n")));
    Ok(Exit::OK)
}

/// The partition's number in a uuid, and the uuid of the device it lies on.
fn split(uuid: &str) -> (Option<u32>, &str) {
    let part = uuid.strip_prefix("part").and_then(|rest| rest.split_once('-'));
    match part.and_then(|(number, rest)| Some((number.parse().ok()?, rest))) {
        Some((number, rest)) => (Some(number), rest),
        None => (None, uuid),
    }
}

fn of_multipath(dm: &dyn Control, uuid: &str, serial: &str) -> Vec<String> {
    let parent = DmUuid::new(uuid).ok().and_then(|uuid| dm.info(Device::Uuid(&uuid)).ok().flatten());
    let paths = parent.as_ref().and_then(|parent| dm.deps(parent.number.into(), Slot::Live).ok());
    let majors: Vec<u32> = paths.unwrap_or_default().iter().map(|path| path.major).collect();
    let kind = kind(&majors);
    let mut lines = Vec::new();
    if let Some(parent) = parent {
        lines.push(format!("DM_MPATH={}", parent.name));
    }
    lines.push(format!("DM_TYPE={kind}"));
    lines.push(format!("DM_SERIAL={serial}"));
    // Of a WWID the first digit tells which kind it is; the rest is the WWN.
    if let Some(wwn) = serial.get(1..).filter(|_| kind == "scsi") {
        lines.push(format!("DM_WWN=0x{wwn}"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use dm::{DmName, Sim};

    #[test]
    fn uuids_tell_the_partition_and_its_device() {
        assert_eq!(split("part12-mpath-3600"), (Some(12), "mpath-3600"));
        assert_eq!(split("mpath-3600"), (None, "mpath-3600"));
        assert_eq!(split("partition-x"), (None, "partition-x"));
    }

    #[test]
    fn a_multipath_device_is_told_by_its_paths() {
        let sim = Sim::new();
        let lost = of_multipath(&sim, "mpath-3600a", "3600a");
        assert_eq!(lost, ["DM_TYPE=raid", "DM_SERIAL=3600a"]);
        let (name, uuid) = (DmName::new("mpatha").unwrap(), DmUuid::new("mpath-3600a").unwrap());
        sim.create(&name, Some(&uuid), None).unwrap();
        sim.load((&name).into(), &"0 8 linear 8:0 0".parse().unwrap(), Default::default()).unwrap();
        sim.resume((&name).into(), Default::default(), Default::default()).unwrap();
        let lines = of_multipath(&sim, "mpath-3600a", "3600a");
        assert_eq!(lines, ["DM_MPATH=mpatha", "DM_TYPE=scsi", "DM_SERIAL=3600a", "DM_WWN=0x600a"]);
    }
}
