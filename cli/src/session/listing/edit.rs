//! Changes of the devices file: PVs come and go, ids move, users edit it.

use super::machine::Renewal;
use super::{Listing, Named};
use crate::exit::Exit;
use crate::objects;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{Session, why};
use crate::world::World;
use chrono::TimeZone;
use device::{DevNumber, DeviceTypes, DiskId, HostDevice, LockError, LockMode, Wait, lock_image};
use metadata::model::{DeviceId, Vg};
use pv::known::{DeviceEntry, DevicesFile, DevicesFileError, IdKind, Machine, preferred_id};
use std::collections::{HashMap, HashSet};
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use store::Scan;
use units::Id;

/// How long to wait for the lock of the devices file, which nobody holds for long.
const PATIENCE: Duration = Duration::from_secs(10);

impl Session {
    /// Whether a devices file says which devices may be used.
    pub(crate) fn has_listing(&self) -> bool {
        self.listing.as_ref().is_some_and(Listing::restricts)
    }

    /// What the devices file in force knows a disk by.
    pub(in crate::session) fn listed_id(&self, disk: DiskId) -> Option<DeviceId> {
        let listing = self.listing.as_ref().filter(|listing| listing.restricts())?;
        let number = self.found().host(disk)?.number();
        let place = listing.at.iter().position(|at| *at == Some(number))?;
        let entry = &listing.file.entries[place];
        Some(DeviceId { kind: entry.kind.clone(), name: entry.name.clone()? })
    }

    /// Adds devices that are PVs of VGs, or none, to the devices file in force. `first`: no VG was on the host
    /// before. A failure is told; the PVs are there all the same.
    pub(crate) fn list_pvs(&self, world: &mut World, parsed: &Parsed, pvs: &[(DiskId, Id)], first: bool) {
        let Some(listing) = &self.listing else { return };
        let on_host: Vec<(&HostDevice, &[PathBuf], Id)> = pvs
            .iter()
            .filter_map(|(disk, pv)| {
                Some((self.found().host(*disk)?, self.found().disks.get(*disk).names(), *pv))
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
    pub(in crate::session) fn mend_listing(&self, world: &mut World, parsed: &Parsed, scan: &Scan) {
        // pvscan --cache runs for each device that comes up, and leaves the file to others.
        let only_looks = parsed.any(&[Opt::Test, Opt::Plan, Opt::Cache]);
        let listing = self.listing.as_ref().filter(|listing| listing.restricts());
        let Some(listing) = listing.filter(|_| self.locking && world.is_root && !only_looks) else { return };
        let changes = self.stale_entries(listing, scan);
        let machine = listing.renews_machine();
        if changes.is_empty() && !listing.file.edited && listing.superseded.is_empty() && !machine {
            return;
        }
        let gone: Vec<&DeviceEntry> =
            listing.superseded.iter().map(|place| &listing.file.entries[*place]).collect();
        self.edit(world, parsed, &mut |file| {
            file.entries.retain(|entry| !gone.contains(&entry));
            if machine {
                file.machine = listing.machine.lines(listing.renewal, listing.lost);
            }
            for (old, new) in listing.moved.iter().chain(&changes) {
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
        for entry in self.found().disks.iter() {
            let disk = entry.id();
            let unclear = scan.unreadable.iter().any(|(other, _)| *other == disk)
                || scan.damaged.iter().any(|(other, _)| *other == disk)
                || scan.skipped.iter().any(|(other, _)| *other == disk);
            let number = self.found().host(disk).map(HostDevice::number);
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
            disks.iter().filter_map(|disk| self.found().host(*disk)).map(HostDevice::number).collect();
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
            let Some(host) = self.found().host(disk) else { continue };
            let id = listing.ids.get(&host.number()).cloned();
            // A device that joins with this change is not in the file that was read.
            let id = id.or_else(|| {
                let (kind, name) = preferred_id(host, self.found().disks.get(disk).names(), types);
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
            let Some(host) = self.found().host(disk) else { continue };
            let (kind, name) = preferred_id(host, self.found().disks.get(disk).names(), types);
            if kind != IdKind::DevName {
                pv.device_id = Some(DeviceId { kind: kind.name().to_owned(), name });
            }
        }
    }

    fn devices_of_host(&self) -> Vec<Named> {
        let entries = self.found().disks.iter();
        entries
            .filter_map(|entry| Some((self.found().host(entry.id())?.clone(), entry.names().to_vec())))
            .collect()
    }

    /// Reads the file again under its lock, changes it, and writes it.
    pub(super) fn edit(&self, world: &mut World, parsed: &Parsed, change: &mut dyn FnMut(&mut DevicesFile)) {
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
        let identity = listing.machine.line();
        let copies = self.settings.int("devices/devicesfile_backup_limit");
        file.write(
            &listing.path,
            Machine {
                command: if parsed.flag(Opt::Auto) { "vgimportdevices (auto)" } else { parsed.name().text() },
                pid: std::process::id(),
                time: &time,
                stamp: &stamp.unwrap_or_default(),
                identity: identity.as_deref(),
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

impl Listing {
    /// Whether what the file says of its machine, and until when PVs are looked for, is to be written anew.
    fn renews_machine(&self) -> bool {
        let Renewal { on, until, noted } = self.renewal;
        match on {
            true => !self.moved.is_empty() || !self.lost || (!noted && until.is_some()),
            false => noted,
        }
    }
}

impl Editor<'_> {
    /// Every device of the host, also those that may not be used, each with the reason.
    pub(crate) fn devices(&self, world: &World) -> Vec<(Named, Option<String>)> {
        let found = &self.session.found();
        let mut devices: Vec<(Named, Option<String>)> =
            self.session.devices_of_host().into_iter().map(|device| (device, None)).collect();
        for refused in &found.rejected {
            let number = refused.identity.and_then(DevNumber::of);
            let device = number.and_then(|number| HostDevice::of(&world.devices.sys, number));
            let why = why(&refused.reason);
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
            Ok(()) => {
                world.record(|| {
                    let old = self.file.as_ref().map_or(&[][..], |file| &file.entries);
                    objects::entries_change(&self.listing.path, file.version.as_deref(), old, &file.entries)
                });
                Ok(file.version.unwrap_or_default())
            }
            Err(error) => {
                world.error_chain(&error);
                world.error("Failed to write devices file.");
                Err(Exit::FAILED)
            }
        }
    }

    /// The line that says which machine the file is for.
    pub(crate) fn machine(&self) -> Option<String> {
        self.listing.machine.line()
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
