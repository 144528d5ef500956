//! The devices file: where it is in force, only devices it names are in scope, and devices that become PVs are
//! added to it. Image files are no concern of it.
//!
//! Facts: LVM2 2.03.40 lib/device/device_id.c and dev-cache.c, setup_devices.

use super::Session;
use crate::commands::Name;
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::world::World;
use chrono::TimeZone;
use conf::settings::{Origin, Settings};
use device::{
    DevNumber, DeviceTypes, DiskId, HostDevice, LockError, LockMode, Nodes, Scope, Wait, lock_image,
};
use metadata::model::{DeviceId, Vg, names};
use pv::known::{
    DeviceEntry, DevicesFile, DevicesFileError, IdKind, Machine, devices_lock_path, id_of, preferred_id,
};
use std::collections::{HashMap, HashSet};
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use store::Scan;
use units::Id;

/// A devices file that concerns this command.
#[derive(Debug)]
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
    Ok(Some(Listing { path, lock, force, file, ids: HashMap::new(), at: Vec::new() }))
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
    /// Whether only devices of the file may be used.
    pub(super) fn restricts(&self) -> bool {
        self.force == Force::Full
    }

    /// The devices among the host's that the file names. Entries by name count only where the PV they tell of
    /// is there; where it is not, it is looked for on devices that have no better id than a name.
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
            let (Some(IdKind::DevName), Some(pv)) = (IdKind::named(&entry.kind), entry.pv) else { continue };
            let device = matched.devices[place].and_then(|number| by_number.get(&number).copied());
            if device.is_none_or(|device| pv_on(device, nodes) != Some(pv)) {
                matched.devices[place] = None;
                lost.push((place, pv));
            }
        }
        let mut allowed: HashSet<DevNumber> = matched.devices.iter().flatten().copied().collect();
        if !lost.is_empty() {
            let unnamed = |device: &&Named| {
                !allowed.contains(&device.0.number())
                    && types.is_supported(device.0.number().major)
                    && has_no_lasting_id(&device.0, &device.1, types)
            };
            let candidates: Vec<(Id, &Named)> = devices
                .iter()
                .filter(unnamed)
                .filter_map(|device| Some((pv_on(device, nodes)?, device)))
                .collect();
            for (place, pv) in lost {
                if let Some((_, device)) = candidates.iter().find(|(id, _)| *id == pv) {
                    matched.devices[place] = Some(device.0.number());
                    allowed.insert(device.0.number());
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

/// How long to wait for the lock of the devices file, which nobody holds for long.
const PATIENCE: Duration = Duration::from_secs(10);

impl Session {
    /// Whether a devices file says which devices may be used.
    pub(crate) fn has_listing(&self) -> bool {
        self.listing.as_ref().is_some_and(Listing::restricts)
    }

    /// Adds devices that are PVs of VGs, or none, to the devices file in force. `first`: no VG was on the host
    /// before. A failure is told; the PVs are there all the same.
    pub(crate) fn list_pvs(&self, world: &mut World, parsed: &Parsed, pvs: &[(DiskId, Id)], first: bool) {
        let Some(listing) = &self.listing else { return };
        let on_host: Vec<(&HostDevice, &[PathBuf], Id)> = pvs
            .iter()
            .filter_map(|(disk, pv)| {
                Some((self.found.host(*disk)?, self.found.disks.get(*disk).names(), *pv))
            })
            .collect();
        if on_host.is_empty() {
            return;
        }
        if !listing.restricts() {
            if !first {
                world.print("Not creating system devices file due to existing VGs.");
                return;
            }
            world.print(format_args!("Creating devices file {}", listing.path.display()));
        }
        let types = DeviceTypes::read(&world.devices.proc, &[]);
        let present: Vec<Named> = self.devices_of_host();
        self.edit(world, parsed, &mut |file| {
            for (device, names, pv) in &on_host {
                let now = file.matched(&present, &types);
                file.add(device, names, *pv, &types, &now);
            }
        });
    }

    /// Brings the devices file in line with what was found: PVs and names of its devices that are others now, and a
    /// checksum that is wrong because somebody edited it.
    pub(super) fn mend_listing(&self, world: &mut World, parsed: &Parsed, scan: &Scan) {
        let only_looks = parsed.any(&[Opt::Test, Opt::Plan]);
        let listing = self.listing.as_ref().filter(|listing| listing.restricts());
        let Some(listing) = listing.filter(|_| self.locking && world.is_root && !only_looks) else { return };
        let changes = self.stale_entries(listing, scan);
        if changes.is_empty() && !listing.file.edited {
            return;
        }
        self.edit(world, parsed, &mut |file| {
            for (old, new) in &changes {
                if let Some(entry) = file.entries.iter_mut().find(|entry| *entry == old) {
                    entry.clone_from(new);
                }
            }
        });
    }

    /// Entries that are not true any more, each with what is true now.
    fn stale_entries(&self, listing: &Listing, scan: &Scan) -> Vec<(DeviceEntry, DeviceEntry)> {
        let pvs = scan.vgs.iter().flat_map(|vg| vg.pvs.values()).chain(&scan.orphans);
        let mut on_disk: HashMap<DiskId, Id> = pvs.map(|pv| (pv.disk, pv.id())).collect();
        for duplicate in &scan.duplicates {
            on_disk.extend(duplicate.others.iter().map(|disk| (*disk, duplicate.id)));
        }
        let mut changes = Vec::new();
        for entry in self.found.disks.iter() {
            let disk = entry.id();
            let unclear = scan.unreadable.iter().any(|(other, _)| *other == disk)
                || scan.damaged.iter().any(|(other, _)| *other == disk)
                || scan.skipped.iter().any(|(other, _)| *other == disk);
            let number = self.found.host(disk).map(HostDevice::number);
            let place = listing.at.iter().position(|at| at.is_some() && *at == number);
            let Some(place) = place.filter(|_| !unclear) else { continue };
            let old = &listing.file.entries[place];
            let mut new = DeviceEntry { device: entry.names().first().cloned(), ..old.clone() };
            match IdKind::named(&old.kind) {
                // Such an entry is about its PV, which was looked for.
                Some(IdKind::DevName) if old.pv.is_none() => new.device.clone_from(&old.device),
                Some(IdKind::DevName) => new.name = entry.name().to_str().map(str::to_owned),
                _ => new.pv = on_disk.get(&disk).copied(),
            }
            if new != *old {
                changes.push((old.clone(), new));
            }
        }
        changes
    }

    /// A PV has another id now.
    pub(crate) fn renumber_pv(&self, world: &mut World, parsed: &Parsed, from: Id, to: Id) {
        if self
            .listing
            .as_ref()
            .is_some_and(|listing| listing.file.entries.iter().any(|e| e.pv == Some(from)))
        {
            self.edit(world, parsed, &mut |file| {
                file.entries.iter_mut().filter(|entry| entry.pv == Some(from)).for_each(|entry| {
                    entry.pv = Some(to);
                });
            });
        }
    }

    /// These devices are no PVs any more: they stay in the devices file, without a PV.
    pub(crate) fn unlist_pvs(&self, world: &mut World, parsed: &Parsed, disks: &[DiskId]) {
        if !self.listing.as_ref().is_some_and(Listing::restricts) {
            return;
        }
        let numbers: HashSet<DevNumber> =
            disks.iter().filter_map(|disk| self.found.host(*disk)).map(HostDevice::number).collect();
        if numbers.is_empty() {
            return;
        }
        let types = DeviceTypes::read(&world.devices.proc, &[]);
        let present = self.devices_of_host();
        self.edit(world, parsed, &mut |file| {
            let matched = file.matched(&present, &types).devices;
            for (entry, _) in file
                .entries
                .iter_mut()
                .zip(matched)
                .filter(|(_, number)| number.is_some_and(|number| numbers.contains(&number)))
            {
                entry.pv = None;
            }
        });
    }

    /// Puts into a VG's text by which ids the devices file knows its PVs' devices.
    pub(crate) fn set_device_ids(&self, world: &World, vg: &mut Vg, disk_of: &dyn Fn(Id) -> Option<DiskId>) {
        let Some(listing) = self.listing.as_ref().filter(|listing| listing.restricts()) else { return };
        let types = &DeviceTypes::read(&world.devices.proc, &[]);
        for pv in vg.pvs.iter_mut() {
            let Some(disk) = disk_of(pv.id) else { continue };
            let Some(host) = self.found.host(disk) else { continue };
            let id = listing.ids.get(&host.number()).cloned();
            // A device that joins with this change is not in the file that was read.
            let id = id.or_else(|| {
                let (kind, name) = preferred_id(host, self.found.disks.get(disk).names(), types);
                (kind != IdKind::DevName).then(|| DeviceId { kind: kind.name().to_owned(), name })
            });
            if id.is_some() {
                pv.device_id = id;
            }
        }
    }

    /// The devices file that the command edits, locked for it, where one is in force.
    pub(crate) fn editor(&self, world: &mut World, write: bool) -> Result<Editor<'_>, Exit> {
        let Some(listing) = &self.listing else {
            world.error("Devices file not enabled.");
            return Err(Exit::FAILED);
        };
        let fail = |world: &mut World, error: &dyn std::error::Error, line: &str| {
            world.error_chain(error);
            world.error(line);
            Exit::FAILED
        };
        let held = match write && self.locking {
            false => None,
            true => Some(
                lock(listing, world)
                    .map_err(|error| fail(world, &error, "Failed to lock the devices file."))?,
            ),
        };
        let file = DevicesFile::read(&listing.path)
            .map_err(|error| fail(world, &error, "Failed to read the devices file."))?;
        Ok(Editor { session: self, listing, file, _held: held })
    }

    /// Puts into a VG's text the best ids that its PVs' devices have.
    pub(crate) fn name_by_ids(
        &self,
        types: &DeviceTypes,
        vg: &mut Vg,
        disk_of: &dyn Fn(Id) -> Option<DiskId>,
    ) {
        for pv in vg.pvs.iter_mut() {
            let Some(disk) = disk_of(pv.id) else { continue };
            let Some(host) = self.found.host(disk) else { continue };
            let (kind, name) = preferred_id(host, self.found.disks.get(disk).names(), types);
            if kind != IdKind::DevName {
                pv.device_id = Some(DeviceId { kind: kind.name().to_owned(), name });
            }
        }
    }

    fn devices_of_host(&self) -> Vec<Named> {
        let entries = self.found.disks.iter();
        entries
            .filter_map(|entry| Some((self.found.host(entry.id())?.clone(), entry.names().to_vec())))
            .collect()
    }

    /// Reads the file again under its lock, changes it, and writes it.
    fn edit(&self, world: &mut World, parsed: &Parsed, change: &mut dyn FnMut(&mut DevicesFile)) {
        let Some(listing) = &self.listing else { return };
        match self.edited(world, parsed, listing, change) {
            Ok(()) => (),
            Err(error) => {
                world.error_chain(&*error);
                world.warn(format_args!("WARNING: Devices file {} is not updated.", listing.path.display()));
            }
        }
    }

    fn edited(
        &self,
        world: &World,
        parsed: &Parsed,
        listing: &Listing,
        change: &mut dyn FnMut(&mut DevicesFile),
    ) -> Result<(), Box<dyn std::error::Error>> {
        let failed =
            |action, path: &Path, source| DevicesFileError::File { path: path.to_owned(), action, source };
        if let Some(folder) = listing.path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| failed("create", folder, error))?;
        }
        let _lock = if self.locking { Some(lock(listing, world)?) } else { None };
        let mut file = DevicesFile::read(&listing.path)?.unwrap_or_default();
        change(&mut file);
        self.write_file(world, parsed, listing, &mut file)?;
        Ok(())
    }

    fn write_file(
        &self,
        world: &World,
        parsed: &Parsed,
        listing: &Listing,
        file: &mut DevicesFile,
    ) -> Result<(), DevicesFileError> {
        let now = world.now();
        let zone = crate::change::local_zone(now);
        let time = metadata::text::ctime(now, &crate::change::local_zone);
        let stamp = zone.timestamp_opt(now, 0).single().map(|time| time.format("%Y%m%d.%H%M%S").to_string());
        let identity = machine_line(world);
        let copies = self.settings.int("devices/devicesfile_backup_limit");
        file.write(
            &listing.path,
            Machine {
                command: parsed.name().text(),
                pid: std::process::id(),
                time: &time,
                stamp: &stamp.unwrap_or_default(),
                identity: Some(&identity),
                copies: usize::try_from(copies).unwrap_or(0),
            },
        )
    }
}

/// A devices file that is being edited.
#[derive(Debug)]
pub(crate) struct Editor<'a> {
    session: &'a Session,
    listing: &'a Listing,
    /// What was read; none where there is no such file.
    pub(crate) file: Option<DevicesFile>,
    _held: Option<device::ImageLock>,
}

impl Editor<'_> {
    /// Every device of the host, also those that may not be used, each with the reason.
    pub(crate) fn devices(&self, world: &World) -> Vec<(Named, Option<String>)> {
        let found = &self.session.found;
        let mut devices: Vec<(Named, Option<String>)> =
            self.session.devices_of_host().into_iter().map(|device| (device, None)).collect();
        for refused in &found.rejected {
            let number = refused.identity.and_then(DevNumber::of);
            let device = number.and_then(|number| HostDevice::of(&world.devices.sys, number));
            let why = super::why(&refused.reason);
            devices.extend(device.map(|device| ((device, refused.names.clone()), Some(why))));
        }
        devices
    }

    /// Writes the file, and says which version it is now.
    pub(crate) fn write(
        &self,
        world: &mut World,
        parsed: &Parsed,
        mut file: DevicesFile,
    ) -> Result<String, Exit> {
        if let Some(folder) = self.listing.path.parent()
            && let Err(error) = std::fs::create_dir_all(folder)
        {
            world.error(format_args!("{}: {error}", folder.display()));
            return Err(Exit::FAILED);
        }
        match self.session.write_file(world, parsed, self.listing, &mut file) {
            Ok(()) => Ok(file.version.unwrap_or_default()),
            Err(error) => {
                world.error_chain(&error);
                world.error("Failed to write devices file.");
                Err(Exit::FAILED)
            }
        }
    }

    /// The line that says which machine the file is for.
    pub(crate) fn machine(&self, world: &World) -> String {
        machine_line(world)
    }
}

/// The lock file stays when the lock is given back, as LVM2's does.
fn lock(listing: &Listing, world: &World) -> Result<device::ImageLock, LockError> {
    let path = &listing.lock;
    let failed = |action, source| LockError::Io { path: path.clone(), action, source };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| failed("create folder", error))?;
    }
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| failed("open", error))?;
    let wait = Wait { limit: PATIENCE, interrupted: world.interrupted.as_deref() };
    lock_image(path, LockMode::Exclusive, wait)
}

/// The line that says which machine the file is for.
fn machine_line(world: &World) -> String {
    let product = world.devices.sys.join("devices/virtual/dmi/id/product_uuid");
    match std::fs::read_to_string(product).map(|text| text.trim().to_owned()) {
        Ok(uuid) if !uuid.is_empty() => format!("PRODUCT_UUID={uuid}"),
        _ => format!("HOSTNAME={}", world.host.name),
    }
}
