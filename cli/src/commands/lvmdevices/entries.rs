//! Entries of the devices file, and the devices they mean.

use crate::session::{Editor, ListedDevice, pv_on};
use crate::world::World;
use device::{DevNumber, DeviceTypes, HostDevice};
use pv::known::{DeviceEntry, DevicesFile};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use units::{Bytes, Id};

/// Devices of the host, and which of them each entry means.
pub(super) struct Entries {
    pub(super) devices: Vec<ListedDevice>,
    /// Why some of them may not be used.
    why_not: HashMap<DevNumber, String>,
    pub(super) types: DeviceTypes,
    /// By entry, the place of its device.
    pub(super) at: Vec<Option<usize>>,
}

impl Entries {
    pub(super) fn new(world: &World, editor: &Editor<'_>, file: &DevicesFile) -> Self {
        let types = DeviceTypes::read(&world.devices.proc, &[]);
        let (mut devices, mut why_not) = (Vec::new(), HashMap::new());
        for (device, why) in editor.devices(world) {
            if let Some(why) = why {
                why_not.insert(device.0.number(), why);
            }
            devices.push(device);
        }
        let places: HashMap<DevNumber, usize> =
            devices.iter().enumerate().map(|(place, device)| (device.0.number(), place)).collect();
        let matched = file.matched(&devices, &types).devices;
        let at = matched.into_iter().map(|number| places.get(&number?).copied()).collect();
        Self { devices, why_not, types, at }
    }

    /// The device of an entry.
    pub(super) fn device(&self, entry: usize) -> Option<&ListedDevice> {
        self.at.get(entry).copied().flatten().map(|place| &self.devices[place])
    }

    /// What a device is called.
    pub(super) fn name(&self, device: &ListedDevice) -> String {
        name(device)
    }

    /// Why a device may not be used, if so.
    pub(super) fn why_not(&self, device: &ListedDevice) -> Option<&str> {
        self.why_not.get(&device.0.number()).map(String::as_str)
    }

    /// The PV on a device.
    pub(super) fn pv(&self, world: &World, device: &ListedDevice) -> Option<Id> {
        pv_on(device, &*world.devices.nodes)
    }

    /// The place of the device that a word names.
    pub(super) fn named(&self, world: &World, word: &str) -> Option<usize> {
        let (device, _) = find(world, word)?;
        self.devices.iter().position(|known| known.0.number() == device.number())
    }
}

/// Whether the device's first bytes can be read at all.
pub(super) fn can_be_read(world: &World, device: &ListedDevice) -> bool {
    let Some(Ok(disk)) = device.1.first().map(|name| world.devices.nodes.open(name)) else { return false };
    disk.read_at(&mut [0; 4096], Bytes::ZERO).is_ok()
}

/// What a device is called.
pub(super) fn name(device: &ListedDevice) -> String {
    device.1.first().map(|name| name.display().to_string()).unwrap_or_default()
}

/// The device that a word names, whether or not it may be used.
pub(super) fn find(world: &World, word: &str) -> Option<(HostDevice, Vec<PathBuf>)> {
    let path = Path::new(word);
    let device = world.devices.device(path)?;
    Some((device, vec![path.to_owned()]))
}

/// An entry in a line.
pub(super) fn line(entry: &DeviceEntry) -> String {
    changed(entry, entry)
}

/// What an entry becomes, in a line: what changes with what it was.
pub(super) fn changed(old: &DeviceEntry, new: &DeviceEntry) -> String {
    let field = |name: &str, old: String, new: String| match old == new {
        true => format!("{name}={new}"),
        false => format!("{name}={new} (old {old})"),
    };
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "none".to_owned());
    let device = |entry: &DeviceEntry| or_none(entry.device.as_ref().map(|path| path.display().to_string()));
    let pv = |entry: &DeviceEntry| or_none(entry.pv.map(|pv| pv.compact().to_owned()));
    let fields = [
        field("IDTYPE", old.kind.clone(), new.kind.clone()),
        field("IDNAME", or_none(old.name.clone()), or_none(new.name.clone())),
        field("DEVNAME", device(old), device(new)),
        field("PVID", pv(old), pv(new)),
    ];
    let part = if new.part == 0 { String::new() } else { format!(" PART={}", new.part) };
    fields.join(" ") + &part
}
