//! `lvmdevices --check` and `--update`: whether the entries still say what is on the host.
//!
//! An entry with a lasting id is about its device, whatever PV is on that now. An entry with no more than a name is
//! about its PV, wherever that is now. With `--refresh`, or on another machine, any entry without a device is looked
//! for by its PV.

use super::entries::{Entries, changed, line, name};
use super::no_file;
use crate::change::keep;
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{ListedDevice, Session, moved_entry};
use crate::world::World;
use pv::known::{DeviceEntry, DevicesFile, IdKind};
use units::Id;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let update = parsed.flag(Opt::Update);
    let session = Session::open(parsed, world)?;
    let editor = session.editor(world, update)?;
    let Some(file) = editor.file.clone() else { return Err(no_file(world)) };
    let _hints = if update { keep::clear_hints(world, &session) } else { None };
    let mut check = Check::new(parsed, world, Entries::new(world, &editor, &file), &file);
    if let Some(own) = editor.machine() {
        check.machine(world, &file, &own);
    }
    check.validate(world);
    check.search(world);
    check.tell(world);
    let mut next = DevicesFile { entries: check.new.clone(), ..file.clone() };
    if check.refresh_machine {
        next.machine = editor.machine().into_iter().collect();
    }
    if parsed.flag(Opt::Delnotfound) {
        let lost = |place: &usize| check.entries.at[*place].is_none();
        for place in (0..next.entries.len()).rev().filter(lost) {
            world.print(format_args!("{}: delete", line(&next.entries[place])));
            next.entries.remove(place);
            check.needed = true;
        }
    }
    if update {
        if !check.needed && !file.edited && !parsed.flag(Opt::Force) {
            world.print("No update for devices file is needed.");
            return Ok(Exit::OK);
        }
        let version = editor.write(world, parsed, next)?;
        world.print(format_args!("Updated devices file to version {version}"));
        return Ok(Exit::OK);
    }
    if check.needed {
        world.error("Updates needed for devices file.");
        return Ok(Exit::FAILED);
    }
    if file.edited {
        world.print("Hash update needed for devices file.");
    }
    Ok(Exit::OK)
}

struct Check {
    entries: Entries,
    old: Vec<DeviceEntry>,
    new: Vec<DeviceEntry>,
    /// The PVs on the devices of the entries.
    refresh: bool,
    refresh_machine: bool,
    needed: bool,
}

impl Check {
    fn new(parsed: &Parsed, _: &World, entries: Entries, file: &DevicesFile) -> Self {
        Self {
            entries,
            old: file.entries.clone(),
            new: file.entries.clone(),
            refresh: parsed.flag(Opt::Refresh),
            refresh_machine: false,
            needed: false,
        }
    }

    /// Whether the file is another machine's, or was moved with its disks.
    fn machine(&mut self, world: &mut World, file: &DevicesFile, own: &str) {
        let key = |line: &str| line.split_once('=').map_or(line, |(key, _)| key).to_owned();
        let identity = |line: &&String| ["PRODUCT_UUID", "HOSTNAME"].contains(&key(line).as_str());
        let known: Vec<&String> = file.machine.iter().filter(identity).collect();
        if known.is_empty() || known.iter().any(|line| *line == own) {
            return;
        }
        (self.refresh, self.refresh_machine, self.needed) = (true, true, true);
        match known.iter().find(|line| key(line) == key(own)) {
            Some(old) => {
                let old = old.split_once('=').map_or("", |(_, value)| value);
                world.print(format_args!("{own} (old {old}): update"));
            }
            None => world.print(format_args!("{own}: add")),
        }
        for line in known.iter().filter(|line| key(line) != key(own)) {
            world.print(format_args!("{line}: remove"));
        }
    }

    /// Compares the entries with what is on their devices.
    fn validate(&mut self, world: &mut World) {
        for place in 0..self.new.len() {
            let Some(device) = self.entries.device(place).cloned() else { continue };
            let name = name(&device);
            let found = self.entries.pv(world, &device);
            let by_name = IdKind::named(&self.new[place].kind) == Some(IdKind::DevName);
            let entry = &mut self.new[place];
            if by_name && entry.pv.is_some() && entry.pv != found {
                self.entries.at[place] = None;
                continue;
            }
            if let Some(why) = self.entries.why_not(&device) {
                world.warn(format_args!("WARNING: Devices file {name} is excluded: {why}."));
            }
            let shown = |pv: Option<Id>| pv.map_or("none".to_owned(), |pv| pv.compact().to_owned());
            if !by_name && entry.pv != found {
                let (old, new) = (shown(entry.pv), shown(found));
                match found {
                    Some(_) => world.warn(format_args!("Device {name} has PVID {new} (devices file {old})")),
                    None => world.warn(format_args!("Device {name} has no PVID (devices file {old})")),
                }
                entry.pv = found;
                self.needed = true;
            }
            if entry.device.as_ref().is_none_or(|known| known.as_os_str() != name.as_str()) {
                entry.device = Some(name.clone().into());
                self.needed = true;
            }
            if by_name && entry.name.as_deref() != Some(&name) && entry.pv.is_some() {
                entry.name = Some(name);
                self.needed = true;
            }
        }
    }

    /// Looks for the PVs of entries that have no device, on devices that no entry means.
    fn search(&mut self, world: &World) {
        let wants = |place: &usize| {
            let by_name = IdKind::named(&self.new[*place].kind) == Some(IdKind::DevName);
            self.entries.at[*place].is_none() && self.new[*place].pv.is_some() && (by_name || self.refresh)
        };
        let lost: Vec<usize> = (0..self.new.len()).filter(wants).collect();
        if lost.is_empty() {
            return;
        }
        let taken: Vec<usize> = self.entries.at.iter().copied().flatten().collect();
        let free = (0..self.entries.devices.len()).filter(|place| !taken.contains(place));
        let usable = |place: &usize| self.entries.why_not(&self.entries.devices[*place]).is_none();
        let free: Vec<(usize, Id)> = free
            .filter(usable)
            .filter_map(|place| Some((place, self.entries.pv(world, &self.entries.devices[place])?)))
            .collect();
        for entry in lost {
            let pv = self.new[entry].pv;
            let Some((place, _)) = free.iter().find(|(_, found)| Some(*found) == pv) else { continue };
            let device = self.entries.devices[*place].clone();
            self.entries.at[entry] = Some(*place);
            self.found(entry, &device);
            self.needed = true;
        }
    }

    /// The PV of an entry is on that device now.
    fn found(&mut self, place: usize, device: &ListedDevice) {
        let mut next = moved_entry(&self.new[place], device, &self.entries.types);
        if !self.refresh {
            (next.kind, next.name) = (IdKind::DevName.name().to_owned(), Some(name(device)));
        }
        self.new[place] = next;
    }

    /// Tells what becomes of each entry: those with lasting ids first, as LVM2 does.
    fn tell(&self, world: &mut World) {
        let by_name = |place: &usize| self.old[*place].kind == IdKind::DevName.name();
        let (named, lasting): (Vec<usize>, Vec<usize>) = (0..self.old.len()).partition(by_name);
        let (clear, vague): (Vec<usize>, Vec<usize>) =
            lasting.into_iter().chain(named).partition(|place| self.is_clear(*place));
        for place in clear {
            let (old, new) = (&self.old[place], &self.new[place]);
            match self.entries.at[place] {
                None => world.print(format_args!("{}: device not found", line(old))),
                Some(_) if old == new => world.verbose(format_args!("{}: no change", line(new))),
                Some(_) => world.print(format_args!("{}: update", changed(old, new))),
            }
        }
        for place in vague {
            world.print(format_args!("{}: indeterminate", line(&self.new[place])));
        }
    }

    /// Whether the entry tells which device or PV it is about.
    fn is_clear(&self, place: usize) -> bool {
        let (old, new) = (&self.old[place], &self.new[place]);
        match IdKind::named(&old.kind) {
            Some(IdKind::DevName) => old.pv.is_some() && new.pv.is_some(),
            _ => old.name.is_some() && new.name.is_some(),
        }
    }
}
