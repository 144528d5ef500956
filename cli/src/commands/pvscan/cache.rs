//! `pvscan --cache`, `--listvg`, `--listlvs`: what udev rules call as PVs come up. Notes in LVM2's run files say
//! which have; the last PV of a VG completes it.
//!
//! Only the devices that are named are read. Lines and file contents are LVM2's, which its udev rules and programs
//! read (2.03.40: tools/pvscan.c).

use super::journal;
use crate::change::{self, keep};
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{Session, scan_some};
use crate::world::World;
use activate::Wish;
use device::{DevNumber, DiskId};
use metadata::model::{Lv, Vg};
use pv::known::{OnlinePv, RunFiles};
use std::fmt::Display;
use std::path::Path;
use store::{Holds, PvOnDisk, Scan, VgOnDisk};
use units::Id;
use vg::AccessError;

/// What the options ask for beside notes.
struct Cache<'a> {
    parsed: &'a Parsed,
    session: &'a Session,
    files: RunFiles,
    /// All devices: nobody named one.
    all: bool,
    complete: Vec<String>,
    noted: usize,
    exit: Exit,
}

/// How a VG stands once a PV has come up.
struct Standing {
    vg: Option<String>,
    complete: bool,
}

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let settings_only = parsed.flag(Opt::Major) != parsed.flag(Opt::Minor);
    if settings_only {
        world.error("Both --major and --minor required to identify devices.");
        return Err(Exit::INVALID);
    }
    let session = Session::open(parsed, world)?;
    let event = session.settings.bool("global/event_activation");
    if !event && parsed.flag(Opt::Checkcomplete) {
        match parsed.flag(Opt::Udevoutput) {
            true => world.raw("LVM_EVENT_ACTIVATION=0\n"),
            false => say(
                parsed,
                world,
                "Ignoring pvscan with --checkcomplete because event_activation is disabled.",
            ),
        }
        return Ok(Exit::OK);
    }
    let all = parsed.positionals().is_empty() && !parsed.flag(Opt::Major);
    if !event && (parsed.flag(Opt::Activate) || !all) {
        world.verbose("Ignoring pvscan --cache because event_activation is disabled.");
        return Ok(Exit::OK);
    }
    if let Some(way) = parsed.str(Opt::Autoactivation).filter(|way| *way != "event") {
        say(parsed, world, format_args!("Skip pvscan for unknown autoactivation value {way}."));
        return Ok(Exit::OK);
    }
    let files = RunFiles::new(world.run_dir.clone());
    let folder = world.run_dir.display().to_string();
    files.set_up().map_err(|error| {
        world.error(format_args!("{folder}: {error}"));
        Exit::FAILED
    })?;
    let session = &session;
    let mut cache = Cache { parsed, session, files, all, complete: Vec::new(), noted: 0, exit: Exit::OK };
    if all {
        cache.start_anew(world);
    }
    let disks = if all { cache.every_disk() } else { cache.named_disks(world)? };
    let scan = scan_some(session, &disks);
    if all {
        session.heed_hints(world, &scan);
    }
    for (place, disk) in disks.iter().enumerate() {
        cache.look(world, &scan, place, *disk);
    }
    if !all && cache.noted > 0 {
        drop(keep::clear_hints(world, session));
        forget_searched(world);
    }
    if parsed.flag(Opt::Activate) {
        cache.activate(world);
    }
    Ok(cache.exit)
}

/// A line that names the process, since several write into one log: to standard output, unless udev reads that,
/// and to the journal where `--journal` asks for it.
fn say(parsed: &Parsed, world: &mut World, line: impl Display) {
    if parsed.flag(Opt::Journal) {
        journal::send(&line.to_string());
    }
    if !parsed.flag(Opt::Udevoutput) {
        world.print(format_args!("pvscan[{}] {line}", std::process::id()));
    }
}

/// LVM2 looks again for devices that it knows by name alone.
fn forget_searched(world: &World) {
    // Most often there is none.
    let _ = std::fs::remove_file(world.run_dir.join("searched_devnames"));
}

impl Cache<'_> {
    fn say(&self, world: &mut World, line: impl Display) {
        say(self.parsed, world, line);
    }

    fn fail(&mut self, world: &mut World, line: impl Display) {
        if self.parsed.flag(Opt::Journal) {
            journal::send(&line.to_string());
        }
        world.error(format_args!("pvscan[{}] {line}", std::process::id()));
        self.exit = Exit::FAILED;
    }

    fn start_anew(&mut self, world: &mut World) {
        if let Err(error) = self.files.clear() {
            self.fail(world, error);
        }
        forget_searched(world);
    }

    fn every_disk(&self) -> Vec<DiskId> {
        self.session.found().disks.iter().map(device::Entry::id).collect()
    }

    /// The devices that words and `--major --minor` name. A number without a device is one that is gone.
    fn named_disks(&mut self, world: &mut World) -> Result<Vec<DiskId>, Exit> {
        let mut disks = Vec::new();
        let number = |opt| self.parsed.number(opt).map_or(0, |number| u32::try_from(number).unwrap_or(0));
        let option = DevNumber { major: number(Opt::Major), minor: number(Opt::Minor) };
        let option = self.parsed.flag(Opt::Major).then_some(option);
        for word in self.parsed.words() {
            if word.starts_with('/') {
                disks.extend(self.named(world, &word));
                continue;
            }
            match word.parse::<DevNumber>() {
                Ok(number) => disks.extend(self.numbered(world, number)),
                Err(_) => {
                    world.warn(format_args!("WARNING: Failed to parse major:minor from {word}, skipping."))
                }
            }
        }
        if let Some(number) = option {
            disks.extend(self.numbered(world, number));
        }
        Ok(disks)
    }

    fn named(&mut self, world: &mut World, word: &str) -> Option<DiskId> {
        let path = Path::new(word);
        if let Some(entry) = self.session.found().disks.find(path) {
            return Some(entry.id());
        }
        match device::identity(path) {
            Some(_) => {
                let why = self.session.why_not(path);
                self.say(world, format_args!("{word} excluded: {why}."));
            }
            None => world
                .error(format_args!("pvscan[{}] No device set up for arg {word} 0:0.", std::process::id())),
        }
        None
    }

    fn numbered(&mut self, world: &mut World, number: DevNumber) -> Option<DiskId> {
        let DevNumber { major, minor } = number;
        let identity = device::Identity::Device { major, minor };
        let mut disks = self.session.found().disks.iter();
        if let Some(entry) = disks.find(|entry| entry.disk().identity() == identity) {
            return Some(entry.id());
        }
        let found = &self.session.found();
        if let Some(refused) = found.rejected.iter().find(|refused| refused.identity == Some(identity)) {
            let name = refused.names.first().map(|name| name.display().to_string()).unwrap_or_default();
            let why = crate::session::why(&refused.reason);
            self.say(world, format_args!("{name} excluded: {why}."));
            return None;
        }
        world
            .error(format_args!("pvscan[{}] No device set up for arg  {major}:{minor}.", std::process::id()));
        if let Err(error) = self.files.forget_device(number) {
            self.fail(world, error);
        }
        None
    }

    /// Looks at one device. `place`: where it stands in the scan.
    fn look(&mut self, world: &mut World, scan: &Scan, place: usize, disk: DiskId) {
        let name = self.session.disk_name(disk);
        let is_here = |pv: &PvOnDisk| pv.disk.index() == place;
        if let Some(vg) = scan.vgs.iter().find(|vg| vg.outdated.iter().any(is_here)) {
            return self.say(world, format_args!("PV {name} not found in VG {}.", vg.vg.name));
        }
        let vg = scan.vgs.iter().find(|vg| vg.pvs.values().any(is_here));
        let member = vg.and_then(|vg| vg.pvs.values().find(|pv| is_here(pv)));
        let Some(pv) = member.or_else(|| scan.orphans.iter().find(|pv| is_here(pv))) else {
            if !self.all {
                self.say(world, format_args!("{name} not an lvm device."));
            }
            return;
        };
        if pv.label.header.used() == Some(false) {
            self.noted += 1;
            return self.say(world, format_args!("PV {name} not used."));
        }
        // Only what stands on the PV itself counts: the others may not be here yet.
        let vg = vg.filter(|vg| has_text(vg, place));
        match vg {
            None => self.say(world, format_args!("PV {name} has no VG metadata.")),
            Some(vg) => {
                if let Some(whose) = self.not_ours(&vg.vg) {
                    return self.say(world, format_args!("PV {name} ignore {whose} VG."));
                }
            }
        }
        self.came_up(world, &name, disk, pv, vg);
    }

    fn not_ours(&self, vg: &Vg) -> Option<&'static str> {
        match self.session.check_owner(vg) {
            Err(AccessError::Shared { .. }) => Some("shared"),
            Err(AccessError::Foreign { .. }) => Some("foreign"),
            _ if vg.is_exported() => Some("exported"),
            _ => None,
        }
    }

    /// A PV has come up.
    fn came_up(&mut self, world: &mut World, name: &str, disk: DiskId, pv: &PvOnDisk, vg: Option<&VgOnDisk>) {
        self.noted += 1;
        if self.parsed.flag(Opt::Cache) && !self.note(world, name, disk, pv, vg) {
            return;
        }
        let lists = self.parsed.any(&[Opt::Listvg, Opt::Listlvs]);
        if !lists && !self.parsed.flag(Opt::Activate) {
            return self.say(world, format_args!("PV {name} online."));
        }
        let mut standing = Standing { vg: vg.map(|vg| vg.vg.name.clone()), complete: false };
        if self.parsed.any(&[Opt::Activate, Opt::Checkcomplete]) {
            standing = self.standing(world, name, pv, vg.map(|vg| &vg.vg));
        }
        if lists {
            self.list_vg(world, &standing);
        }
        if self.parsed.flag(Opt::Listlvs) {
            match vg {
                Some(vg) => self.list_lvs(world, &vg.vg, pv.id(), standing.complete),
                None => self.say(world, "Cannot list LVs from device without metadata."),
            }
        }
    }

    fn note(
        &mut self,
        world: &mut World,
        name: &str,
        disk: DiskId,
        pv: &PvOnDisk,
        vg: Option<&VgOnDisk>,
    ) -> bool {
        let Some(host) = self.session.found().host(disk) else {
            self.say(world, format_args!("{name} excluded: an image file comes up with nothing."));
            return false;
        };
        let (id, number) = (pv.id(), host.number());
        let vg = vg.map(|vg| vg.vg.name.clone());
        let online = OnlinePv { id, number, vg, device: Some(name.into()) };
        match self.files.note(&online) {
            Ok(true) => true,
            Ok(false) => {
                let known = self.files.pv(id).map(|known| known.number.to_string()).unwrap_or_default();
                let id = id.compact();
                self.fail(
                    world,
                    format_args!("PV {name} is duplicate for PVID {id} on {known} and {number}."),
                );
                self.fail(world, format_args!("PV {name} failed to create online file."));
                false
            }
            Err(error) => {
                self.fail(world, format_args!("PV {name} failed to create online file: {error}."));
                false
            }
        }
    }

    /// Whether the PV was the last one that its VG waited for.
    fn standing(&mut self, world: &mut World, name: &str, pv: &PvOnDisk, vg: Option<&Vg>) -> Standing {
        let members: Vec<Id>;
        let vg_name = match vg {
            Some(vg) => {
                members = vg.pvs.iter().map(|pv| pv.id).collect();
                // For PVs of this VG that have no text of their own.
                if members.len() > 1
                    && let Err(error) = self.files.note_members(&vg.name, members.iter().copied())
                {
                    world.warn(format_args!("WARNING: VG {}: its PVs are not noted: {error}", vg.name));
                }
                vg.name.clone()
            }
            None => match self.files.members_with(pv.id()) {
                Some((vg, known)) => {
                    members = known;
                    vg
                }
                None => {
                    self.say(world, format_args!("PV {name} online, VG unknown."));
                    return Standing { vg: None, complete: false };
                }
            },
        };
        // Counted after the members were noted: whoever comes up meanwhile either sees the note or is seen.
        let absent = members.iter().filter(|pv| !self.files.is_up(**pv)).count();
        if absent > 0 {
            self.say(world, format_args!("PV {name} online, VG {vg_name} incomplete (need {absent})."));
        } else {
            self.say(world, format_args!("PV {name} online, VG {vg_name} is complete."));
            if !self.complete.contains(&vg_name) {
                self.complete.push(vg_name.clone());
            }
        }
        Standing { vg: Some(vg_name), complete: absent == 0 }
    }

    /// A line that was asked for; udev wants its variables alone.
    fn list(&self, world: &mut World, line: impl Display) {
        if !self.parsed.flag(Opt::Udevoutput) {
            world.print(line);
        }
    }

    fn list_vg(&self, world: &mut World, standing: &Standing) {
        let Some(vg) = &standing.vg else { return self.list(world, "VG unknown") };
        if !self.parsed.flag(Opt::Checkcomplete) {
            return self.list(world, format_args!("VG {vg}"));
        }
        let first = || self.files.claim_activation(vg).unwrap_or(true);
        let (variable, state) = match standing.complete {
            true if self.parsed.flag(Opt::Vgonline) && !first() => (None, "finished"),
            true => (Some("LVM_VG_NAME_COMPLETE"), "complete"),
            false => (Some("LVM_VG_NAME_INCOMPLETE"), "incomplete"),
        };
        match variable.filter(|_| self.parsed.flag(Opt::Udevoutput)) {
            Some(variable) => world.raw(format!("{variable}='{vg}'\n")),
            None => self.list(world, format_args!("VG {vg} {state}")),
        }
    }

    /// The LVs that lie on a PV, and whether all their PVs have come up.
    fn list_lvs(&self, world: &mut World, vg: &Vg, pv: Id, complete: bool) {
        let on_it = |lv: &&Lv| lv.is_visible() && vg.pvs_of(lv).contains(&pv);
        for lv in vg.lvs.iter().filter(on_it) {
            let name = format!("{}/{}", vg.name, lv.name);
            if !self.parsed.flag(Opt::Checkcomplete) {
                self.list(world, format_args!("LV {name}"));
                continue;
            }
            let up = complete || vg.pvs_of(lv).into_iter().all(|pv| self.files.is_up(pv));
            let state = if up { "complete" } else { "incomplete" };
            self.list(world, format_args!("LV {name} {state}"));
        }
    }

    /// Activates the VGs that are complete, each by whoever comes first.
    fn activate(&mut self, world: &mut World) {
        for vg in std::mem::take(&mut self.complete) {
            match self.files.claim_activation(&vg) {
                Ok(true) => self.say(world, format_args!("VG {vg} run autoactivation.")),
                Ok(false) => {
                    self.say(world, format_args!("VG {vg} skip autoactivation."));
                    continue;
                }
                Err(error) => {
                    self.fail(world, format_args!("VG {vg}: {error}"));
                    continue;
                }
            }
            let activated = change::activation(self.parsed, world, self.session, &vg, &mut |_, vg, _| {
                let visible = vg.lvs.iter().filter(|lv| lv.is_visible());
                Ok(visible.map(|lv| (lv.id, Wish::Activate)).collect())
            });
            match activated {
                Ok(Some(done)) => {
                    let count = done.running;
                    world
                        .print(format_args!("{count} logical volume(s) in volume group \"{vg}\" now active"));
                    self.exit = self.exit.worse(done.exit);
                }
                Ok(None) => (),
                Err(exit) => {
                    self.fail(world, format_args!("{vg}: autoactivation failed."));
                    self.exit = self.exit.worse(exit);
                }
            }
        }
    }
}

/// Whether the PV itself holds the VG's text.
fn has_text(vg: &VgOnDisk, place: usize) -> bool {
    let mut areas = vg.areas.iter().filter(|area| area.disk.index() == place);
    areas.any(|area| matches!(area.holds, Holds::Current | Holds::Recovered(_)))
}
