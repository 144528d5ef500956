//! `lvmdevices --adddev`, `--deldev` and the like: one entry more or less.

use super::entries::{self, Entries, name};
use super::{kind, no_file};
use crate::change::keep;
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{Editor, ListedDevice, Session};
use crate::world::World;
use pv::known::{DeviceEntry, DevicesFile, IdKind, id_of, preferred_id};
use units::Id;

struct Edit<'a> {
    parsed: &'a Parsed,
    editor: &'a Editor<'a>,
    entries: Entries,
    file: DevicesFile,
}

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let session = Session::open(parsed, world)?;
    let editor = session.editor(world, true)?;
    let removes = parsed.any(&[Opt::Deldev, Opt::Delpvid, Opt::Delid]);
    if removes && editor.file.is_none() {
        return Err(no_file(world));
    }
    let _hints = keep::clear_hints(world, &session);
    let file = editor.file.clone().unwrap_or_default();
    let entries = Entries::new(world, &editor, &file);
    let mut edit = Edit { parsed, editor: &editor, entries, file };
    if let Some(word) = parsed.str(Opt::Adddev) {
        return edit.add_device(world, word);
    }
    if let Some(id) = parsed.str(Opt::Addpvid) {
        return edit.add_pv(world, id);
    }
    if let Some(id) = parsed.str(Opt::Addid) {
        return edit.add_id(world, id);
    }
    if let Some(id) = parsed.str(Opt::Delpvid) {
        return edit.remove_pv(world, id);
    }
    let by_id = parsed.str(Opt::Delid);
    let word = by_id.or(parsed.str(Opt::Deldev)).unwrap_or_default();
    match by_id.is_some() || parsed.flag(Opt::Deviceidtype) {
        true => edit.remove_id(world, word),
        false => edit.remove_device(world, word),
    }
}

fn fail(world: &mut World, line: impl std::fmt::Display) -> Exit {
    world.error(line);
    Exit::FAILED
}

fn pv_id(world: &mut World, text: &str) -> Result<Id, Exit> {
    text.parse().map_err(|_| fail(world, "Invalid PVID."))
}

impl Edit<'_> {
    fn write(&mut self, world: &mut World) -> Result<Exit, Exit> {
        let file = std::mem::take(&mut self.file);
        self.editor.write(world, self.parsed, file).map(|_| Exit::OK)
    }

    fn add_device(&mut self, world: &mut World, word: &str) -> Result<Exit, Exit> {
        let Some(place) = self.entries.named(world, word) else {
            return Err(fail(world, format_args!("No device found for {word}.")));
        };
        let device = self.entries.devices[place].clone();
        if !entries::can_be_read(world, &device) {
            return Err(fail(world, format_args!("Failed to read {word}.")));
        }
        if let Some(why) = self.entries.why_not(&device) {
            world.warn(format_args!("WARNING: Adding device {} that is excluded: {why}.", name(&device)));
        }
        self.add(world, place)
    }

    fn add_pv(&mut self, world: &mut World, text: &str) -> Result<Exit, Exit> {
        let pv = pv_id(world, text)?;
        if let Some(place) = self.file.entries.iter().position(|entry| entry.pv == Some(pv)) {
            let device = self.entries.device(place).map_or("none".to_owned(), name);
            return Err(fail(world, format_args!("PVID already exists in devices file for {device}.")));
        }
        let has_it = |device: &ListedDevice| self.entries.pv(world, device) == Some(pv);
        let Some(place) = self.entries.devices.iter().position(has_it) else {
            let pv = pv.compact();
            world.error(format_args!("PVID {pv} not found on any devices."));
            return Err(Exit::FAILED);
        };
        let device = self.entries.devices[place].clone();
        world.print(format_args!("Found PVID {} on {}.", pv.compact(), name(&device)));
        if let Some(why) = self.entries.why_not(&device) {
            let (pv, name) = (pv.compact(), name(&device));
            world.warn(format_args!("WARNING: PVID {pv} found on {name} which is excluded: {why}"));
            return Err(fail(world, format_args!("PVID {pv} not found on any devices.")));
        }
        self.add(world, place)
    }

    fn add_id(&mut self, world: &mut World, id: &str) -> Result<Exit, Exit> {
        let unknown =
            format!("Unknown device_id type {}", self.parsed.str(Opt::Deviceidtype).unwrap_or_default());
        let kind = kind(self.parsed, world, &unknown)?.unwrap_or(IdKind::DevName);
        if let Some(place) = self.place_of_id(kind, id) {
            let device = self.entries.device(place).map_or("none".to_owned(), name);
            world.print(format_args!("The device_id is already added for {device}."));
            return Ok(Exit::OK);
        }
        let has_it = |device: &ListedDevice| id_of(kind, &device.0, &device.1).as_deref() == Some(id);
        let Some(place) = self.entries.devices.iter().position(has_it) else {
            return Err(fail(world, "No device found with the specified device_id."));
        };
        let device = name(&self.entries.devices[place]);
        let exit = self.add(world, place)?;
        world.print(format_args!("Added device {device}"));
        Ok(exit)
    }

    /// Adds a device by the kind of id that was asked for, or the best one; an entry of the same device makes room.
    fn add(&mut self, world: &mut World, place: usize) -> Result<Exit, Exit> {
        let (device, names) = self.entries.devices[place].clone();
        let shown = name(&(device.clone(), names.clone()));
        let unknown = format!(
            "The specified --deviceidtype {} is unknown.",
            self.parsed.str(Opt::Deviceidtype).unwrap_or_default()
        );
        let (kind, id) = match kind(self.parsed, world, &unknown)? {
            None => preferred_id(&device, &names, &self.entries.types),
            Some(kind) => match id_of(kind, &device, &names) {
                Some(id) => (kind, id),
                None => {
                    let kind = kind.name();
                    return Err(fail(
                        world,
                        format_args!("The specified --deviceidtype {kind} is not available for {shown}."),
                    ));
                }
            },
        };
        let pv = self.entries.pv(world, &(device.clone(), names.clone()));
        let own = self.entries.at.iter().position(|at| *at == Some(place));
        let of_pv = pv.and_then(|pv| self.file.entries.iter().position(|entry| entry.pv == Some(pv)));
        let mut replaced = own;
        if let Some(other) = of_pv.filter(|other| Some(*other) != own) {
            let entry = &self.file.entries[other];
            let whose = self.entries.device(other).map_or("missing device".to_owned(), name);
            world.warn(format_args!(
                "WARNING: Adding device {shown} with PVID {} which is already used for {whose} device_id {}.",
                pv.map_or(String::new(), |pv| pv.compact().to_owned()),
                entry.name.as_deref().unwrap_or("none")
            ));
            let same = IdKind::named(&entry.kind).and_then(|kind| id_of(kind, &device, &names));
            let same = entry.name.is_none() || (same.is_some() && same == entry.name);
            if own.is_none() && same {
                replaced = Some(other);
            } else if own.is_none()
                && !world.confirm(self.parsed, "Add device with duplicate PV to devices file?")
            {
                world.print("Device not added.");
                return Ok(Exit::OK);
            }
        }
        if let Some(replaced) = replaced {
            self.file.entries.remove(replaced);
        }
        self.file.entries.push(DeviceEntry {
            kind: kind.name().to_owned(),
            name: Some(id),
            device: names.first().cloned(),
            pv,
            part: device.partition().unwrap_or(0),
        });
        self.write(world)
    }

    fn place_of_id(&self, kind: IdKind, id: &str) -> Option<usize> {
        let is_it = |entry: &DeviceEntry| entry.kind == kind.name() && entry.name.as_deref() == Some(id);
        self.file.entries.iter().position(is_it)
    }

    fn remove_device(&mut self, world: &mut World, word: &str) -> Result<Exit, Exit> {
        if !word.starts_with("/dev/") {
            world.warn("WARNING: To remove a device by device id, include --deviceidtype.");
        }
        let device = self.entries.named(world, word);
        if let Some(device) = device {
            self.check_unused(world, device, word)?;
        }
        let own = device.and_then(|device| self.entries.at.iter().position(|at| *at == Some(device)));
        let is_called =
            |entry: &DeviceEntry| entry.device.as_ref().is_some_and(|name| name.as_os_str() == word);
        let Some(place) = own.or_else(|| self.file.entries.iter().position(is_called)) else {
            return Err(fail(world, format_args!("No devices file entry for {word}.")));
        };
        self.file.entries.remove(place);
        self.write(world)
    }

    fn remove_id(&mut self, world: &mut World, id: &str) -> Result<Exit, Exit> {
        let kind = kind(self.parsed, world, "Unknown device_id type.")?.unwrap_or(IdKind::DevName);
        if id.starts_with("/dev/") {
            world.warn("WARNING: To remove a device by name, use --deldev without --deviceidtype.");
        }
        let Some(place) = self.place_of_id(kind, id) else {
            let kind = kind.name();
            return Err(fail(world, format_args!("No devices file entry with device id {kind} {id}.")));
        };
        if let Some(device) = self.entries.at[place] {
            let word = name(&self.entries.devices[device]);
            self.check_unused(world, device, &word)?;
        }
        self.file.entries.remove(place);
        self.write(world)
    }

    fn remove_pv(&mut self, world: &mut World, text: &str) -> Result<Exit, Exit> {
        let pv = pv_id(world, text)?;
        let mut places =
            (0..self.file.entries.len()).filter(|place| self.file.entries[*place].pv == Some(pv));
        let Some(place) = places.next() else {
            return Err(fail(world, "PVID not found in devices file."));
        };
        if let Some(other) = places.next() {
            let called = |place: usize| {
                let device = self.file.entries[place].device.as_ref();
                device.map_or("none".to_owned(), |device| device.display().to_string())
            };
            let (first, second) = (called(place), called(other));
            return Err(fail(
                world,
                format_args!(
                    "Multiple devices file entries for PVID {} ({first} {second}), remove by device name.",
                    pv.compact()
                ),
            ));
        }
        if let Some(device) = self.entries.at[place] {
            let word = name(&self.entries.devices[device]);
            self.check_unused(world, device, &word)?;
        }
        self.file.entries.remove(place);
        self.write(world)
    }

    /// Asks before a device goes that running LVs are on.
    fn check_unused(&self, world: &mut World, device: usize, word: &str) -> Result<(), Exit> {
        let used = self.entries.devices[device].0.dm_holder("LVM-").is_some();
        let question = format!("Device {word} is used by an active LV, continue to remove?");
        match !used || world.confirm(self.parsed, &question) {
            true => Ok(()),
            false => Err(fail(world, "Device not removed.")),
        }
    }
}
