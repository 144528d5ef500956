//! The devices file: where it is in force, only devices it names are in scope, and devices that become PVs are
//! added to it. Image files are no concern of it.
//!
//! Facts: LVM2 2.03.40 lib/device/device_id.c and dev-cache.c, setup_devices.

mod edit;
mod machine;
mod stacked;

pub(crate) use edit::Editor;

use crate::commands::Name;
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::world::World;
use chrono::TimeZone;
use conf::settings::{Origin, Settings};
use device::{DevNumber, DeviceTypes, HostDevice, Nodes, Scope};
use machine::{Machine, Renewal};
use metadata::model::{DeviceId, names};
use pv::known::{DeviceEntry, DevicesFile, IdKind, devices_lock_path, id_of, preferred_id};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use units::Id;

/// A devices file that concerns this command.
#[derive(Clone, Debug)]
pub(crate) struct Listing {
    path: PathBuf,
    /// Its lock file.
    lock: PathBuf,
    force: Force,
    file: DevicesFile,
    /// What the entries' devices are called by their ids: for VG texts.
    ids: HashMap<DevNumber, DeviceId>,
    /// By entry, its device.
    at: Vec<Option<DevNumber>>,
    /// Entries of names without a PV, whose devices were found to have the PVs of other entries.
    superseded: Vec<usize>,
    machine: Machine,
    renewal: Renewal,
    search: Search,
    /// Entries whose PVs were found elsewhere on another machine, with what is true now.
    moved: Vec<(DeviceEntry, DeviceEntry)>,
    /// Whether PVs are on none of the devices.
    lost: bool,
    /// What is to be told of that.
    news: Vec<News>,
}

/// On which devices PVs are looked for whose entries are names (devices/search_for_devnames).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Search {
    None,
    /// On those that have no better id than a name.
    Vague,
    All,
}

/// Where a PV of an entry is now.
#[derive(Clone, Debug)]
enum News {
    /// It is there.
    Found(String),
    /// It may be on either.
    Doubtful(Id, PathBuf, PathBuf),
}

/// How a devices file counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Force {
    /// It says which devices may be used.
    Full,
    /// It is not there. The host's first PV makes it; until then any device may be used.
    FromFirstPv,
    /// It is itself what the command is about: any device may become a part of it.
    Edited,
}

/// The devices file that the options and settings put in force, if there is one.
pub(super) fn of_command(
    parsed: &Parsed,
    world: &mut World,
    settings: &Settings,
    scope: &Scope,
) -> Result<Option<Listing>, Exit> {
    let edits = matches!(parsed.name(), Name::Lvmdevices | Name::Vgimportdevices);
    let named = parsed.str(Opt::Devicesfile);
    let used = named.map_or_else(|| settings.bool("devices/use_devicesfile"), |name| !name.is_empty());
    if matches!(scope, Scope::Only(_)) {
        return Ok(None);
    }
    if !used {
        if named.is_none() && matches!(scope, Scope::Host { images } if images.is_empty()) {
            put_aside(world, settings);
        }
        return Ok(None);
    }
    let name = named.unwrap_or_else(|| settings.str("devices/devicesfile")).to_owned();
    if names::check_characters(&name).is_err() {
        world.error(format_args!("Invalid devices file name from config setting \"{name}\"."));
        return Err(Exit::FAILED);
    }
    let path = world.system_dir().join("devices").join(&name);
    let read = DevicesFile::read(&path).map_err(|error| {
        world.error_chain(&error);
        world.error("Failed to read the devices file.");
        Exit::FAILED
    })?;
    let makes_pvs = matches!(parsed.name(), Name::Pvcreate | Name::Vgcreate);
    let force = match (&read, named) {
        _ if edits => Force::Edited,
        (Some(_), _) => Force::Full,
        (None, Some(_)) if makes_pvs => Force::Full,
        (None, Some(_)) => {
            world.error(format_args!("Devices file not found: {}", path.display()));
            world.error("Failed to set up devices.");
            return Err(Exit::FAILED);
        }
        (None, None) if makes_pvs => Force::FromFirstPv,
        // Removing the file is a way to be rid of it.
        (None, None) => return Ok(None),
    };
    let lock = devices_lock_path(Path::new(settings.str("global/locking_dir")), &name);
    let file = read.unwrap_or_default();
    if !edits {
        check_kinds(world, &path, &file)?;
    }
    if force == Force::Full {
        warn_of_filters(world, settings);
    }
    let machine = Machine::read(world, settings)?;
    let renewal = machine.renewal(&file, world.now());
    let search = match settings.str("devices/search_for_devnames") {
        "none" => Search::None,
        "auto" => Search::Vague,
        _ => Search::All,
    };
    Ok(Some(Listing {
        path,
        lock,
        force,
        file,
        ids: HashMap::new(),
        at: Vec::new(),
        superseded: Vec::new(),
        machine,
        renewal,
        search,
        moved: Vec::new(),
        lost: false,
        news: Vec::new(),
    }))
}

/// Gives a devices file that is not in force another name, as LVM2 does: were it put in force again later, it
/// would hide the PVs made meanwhile. Not done where the command line alone says that it is not in force.
fn put_aside(world: &mut World, settings: &Settings) {
    let set = settings.find("devices/use_devicesfile");
    let by_command = set.is_some_and(|found| *found.place.origin == Origin::CommandLine);
    let path = world.system_dir().join("devices").join(settings.str("devices/devicesfile"));
    if by_command || !world.is_root || !path.exists() {
        return;
    }
    let stamp = crate::change::local_zone(world.now()).timestamp_opt(world.now(), 0).single();
    let stamp = stamp.map(|time| time.format("%Y%m%d.%H%M%S").to_string()).unwrap_or_default();
    let aside = PathBuf::from(format!("{}-unused.{stamp}", path.display()));
    match std::fs::rename(&path, &aside) {
        Ok(()) => {
            world.verbose(format_args!("{} is not in force; it is {} now.", path.display(), aside.display()))
        }
        Err(error) => world.verbose(format_args!("{} is not in force, and stays: {error}", path.display())),
    }
}

/// Refuses a file with a kind of id that nobody here can answer: what it lets in is not known.
fn check_kinds(world: &mut World, path: &Path, file: &DevicesFile) -> Result<(), Exit> {
    let mut unknown = file.entries.iter().filter(|entry| IdKind::named(&entry.kind).is_none());
    let Some(entry) = unknown.next() else { return Ok(()) };
    let name = entry.name.as_deref().unwrap_or(".");
    world.error(format_args!(
        "Devices file {}: ids of type {} (IDNAME={name}) are not known, so neither is which device is meant.",
        path.display(),
        entry.kind
    ));
    world.hint("--devices LIST names the devices to use; --devicesfile \"\" uses all");
    Err(Exit::FAILED)
}

fn warn_of_filters(world: &mut World, settings: &Settings) {
    for name in ["filter", "global_filter"] {
        if settings.find(&format!("devices/{name}")).is_some() {
            world.warn(format_args!(
                "Please remove the lvm.conf {name}, it is ignored with the devices file."
            ));
        }
    }
}

/// The devices that a command will add to the file, though they are not in it yet.
pub(super) fn joining(parsed: &Parsed, world: &World) -> HashSet<DevNumber> {
    let imports = parsed.name() == Name::Vgimportclone && parsed.flag(Opt::Importdevices);
    if !imports && !matches!(parsed.name(), Name::Pvcreate | Name::Vgcreate | Name::Vgextend) {
        return HashSet::new();
    }
    let identity = |path: &PathBuf| world.devices.nodes.identity(path).and_then(DevNumber::of);
    parsed.positionals().iter().map(PathBuf::from).filter_map(|path| identity(&path)).collect()
}

/// A device of the host with its names, the preferred one first.
pub(crate) type Named = (HostDevice, Vec<PathBuf>);

impl Listing {
    /// The file's name, where it is in force.
    pub(super) fn name(&self) -> Option<String> {
        let name = self.path.file_name().filter(|_| self.restricts())?;
        Some(name.to_string_lossy().into_owned())
    }

    /// Whether only devices of the file may be used.
    pub(super) fn restricts(&self) -> bool {
        self.force == Force::Full
    }

    /// The devices among the host's that the file names. Entries by name count only where the PV they tell of
    /// is there; where it is not, it is looked for. On another machine than before, any entry's is that has no device.
    pub(super) fn choose(
        &mut self,
        devices: &[Named],
        types: &DeviceTypes,
        nodes: &dyn Nodes,
    ) -> HashSet<DevNumber> {
        let mut matched = self.file.matched(devices, types);
        let by_number: HashMap<DevNumber, &Named> =
            devices.iter().map(|device| (device.0.number(), device)).collect();
        let mut lost: Vec<(usize, Id)> = Vec::new();
        for (place, entry) in self.file.entries.iter().enumerate() {
            let (Some(kind), Some(pv)) = (IdKind::named(&entry.kind), entry.pv) else { continue };
            if kind != IdKind::DevName {
                if self.renewal.on && matched.devices[place].is_none() {
                    lost.push((place, pv));
                }
                continue;
            }
            let device = matched.devices[place].and_then(|number| by_number.get(&number).copied());
            if device.is_none_or(|device| pv_on(device, nodes) != Some(pv)) {
                matched.devices[place] = None;
                lost.push((place, pv));
            }
        }
        let mut allowed: HashSet<DevNumber> = matched.devices.iter().flatten().copied().collect();
        (self.moved, self.lost, self.news) = (Vec::new(), !lost.is_empty(), Vec::new());
        if !lost.is_empty() && (self.search != Search::None || self.renewal.on) {
            let vague = |place: &usize| {
                let entry = &self.file.entries[*place];
                IdKind::named(&entry.kind) == Some(IdKind::DevName) && entry.pv.is_none()
            };
            let vague: HashMap<DevNumber, usize> = (0..matched.devices.len())
                .filter(vague)
                .filter_map(|place| Some((matched.devices[place]?, place)))
                .collect();
            let unnamed = |device: &&Named| {
                let number = device.0.number();
                (!allowed.contains(&number) || vague.contains_key(&number))
                    && types.is_supported(device.0.number().major)
                    && (self.search == Search::All
                        || self.renewal.on
                        || has_no_lasting_id(&device.0, &device.1, types))
            };
            let candidates: Vec<(Id, &Named)> = devices
                .iter()
                .filter(unnamed)
                .filter_map(|device| Some((pv_on(device, nodes)?, device)))
                .collect();
            self.lost = false;
            for (place, pv) in lost {
                let mut found = candidates.iter().filter(|(id, _)| *id == pv).map(|(_, device)| *device);
                let (device, other) = (found.next(), found.next());
                if let (Some(device), Some(other)) = (device, other.filter(|_| self.renewal.on)) {
                    let name = |device: &Named| device.1.first().cloned().unwrap_or_default();
                    self.news.push(News::Doubtful(pv, name(device), name(other)));
                    self.lost = true;
                } else if let Some(device) = device {
                    let number = device.0.number();
                    if self.renewal.on {
                        self.move_entry(place, device, types);
                    }
                    if let Some(place) = vague.get(&number) {
                        matched.devices[*place] = None;
                        self.superseded.push(*place);
                    }
                    matched.devices[place] = Some(number);
                    allowed.insert(number);
                } else {
                    self.lost = true;
                }
            }
        }
        for (place, number) in matched.devices.iter().enumerate() {
            let device = number.and_then(|number| by_number.get(&number));
            self.ids.extend(device.and_then(|device| id_for_text(&self.file.entries[place], device)));
        }
        self.at = matched.devices;
        allowed
    }

    /// The PV of an entry is on that device now: the entry is about it from now on.
    fn move_entry(&mut self, place: usize, device: &Named, types: &DeviceTypes) {
        let old = self.file.entries[place].clone();
        let new = moved(&old, device, types);
        let pv = old.pv.map(|pv| pv.compact().to_owned()).unwrap_or_default();
        let (kind, name) = (&new.kind, new.name.as_deref().unwrap_or_default());
        let on = device.1.first().map(|name| name.display().to_string()).unwrap_or_default();
        self.news
            .push(News::Found(format!("Devices file PVID {pv} has new device ID {kind} {name} from {on}.")));
        self.file.entries[place] = new.clone();
        self.moved.push((old, new));
    }

    /// Tells where PVs were found.
    pub(super) fn tell_news(&mut self, world: &mut World) {
        for news in std::mem::take(&mut self.news) {
            match news {
                News::Found(line) => world.print(line),
                News::Doubtful(pv, one, other) => {
                    let (pv, one, other) = (pv.compact(), one.display(), other.display());
                    world.warn(format_args!("WARNING: Found PVID {pv} on multiple devices {one} {other}."));
                    world.warn("WARNING: Duplicate PVIDs should be changed to be unique.");
                    world.warn(format_args!("WARNING: Use lvmdevices to select a device for PVID {pv}."));
                }
            }
        }
    }
}

/// An entry whose PV is on that device now.
pub(crate) fn moved(entry: &DeviceEntry, device: &Named, types: &DeviceTypes) -> DeviceEntry {
    let (kind, name) = preferred_id(&device.0, &device.1, types);
    DeviceEntry {
        kind: kind.name().to_owned(),
        name: Some(name),
        device: device.1.first().cloned(),
        pv: entry.pv,
        part: device.0.partition().unwrap_or(0),
    }
}

/// Whether a device may have been entered by its name. LVM2 once did so with QEMU's disks, whatever their ids.
fn has_no_lasting_id(device: &HostDevice, names: &[PathBuf], types: &DeviceTypes) -> bool {
    let (kind, name) = preferred_id(device, names, types);
    matches!(kind, IdKind::DevName | IdKind::LoopFile) || name.contains("QEMU")
}

/// The PV on a device, as its label says.
pub(crate) fn pv_on(device: &Named, nodes: &dyn Nodes) -> Option<Id> {
    let disk = nodes.open(device.1.first()?).ok()?;
    match pv::probe_disk(&*disk).ok()? {
        pv::Probe::Label(found) => Some(found.label.header.id),
        pv::Probe::NoLabel | pv::Probe::Damaged(_) => None,
    }
}

/// What a VG's text says of a PV's device: nothing where only its name is known.
fn id_for_text(entry: &DeviceEntry, device: &Named) -> Option<(DevNumber, DeviceId)> {
    let kind = IdKind::named(&entry.kind).filter(|kind| *kind != IdKind::DevName)?;
    let name = id_of(kind, &device.0, &device.1).or_else(|| entry.name.clone())?;
    Some((device.0.number(), DeviceId { kind: entry.kind.clone(), name }))
}
