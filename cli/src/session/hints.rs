//! LVM2's hints: commands that are about what is in VGs look only at the devices that an earlier command found to be
//! PVs, where a VG is named only at that VG's; and write down what they found where there are no such hints.
//!
//! ```text
//! settings, devices by sysfs -> hints -> open some devices -> read them -> do they say what the hints say?
//!                                 none -> open all         -> read them -> new hints       no -> open all
//! ```
//! Facts: LVM2 2.03.40 lib/label/hints.c, tools/commands.h (ALLOW_HINTS).

use super::Session;
use crate::commands::Name;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::world::World;
use conf::settings::Settings;
use device::{DevNumber, DiskId, Found, HostDevice, Rejected, Scope, Seen, Wait};
use metadata::disk::MdaHeader;
use pv::known::{Hint, HintTerms, Renewal, TakenUp, outdate_hints, renew_hints, take_up_hints};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Duration;
use store::{PvOnDisk, Scan};
use units::Bytes;

/// How long to wait for hints that somebody holds, which is never for long.
const PATIENCE: Wait<'_> = Wait::at_most(Duration::from_secs(10));

/// What a command has to do with hints, until it has looked at the disks for the first time.
#[derive(Debug, Default)]
pub(super) enum Hints {
    /// Nothing, or nothing any more.
    #[default]
    Off,
    /// Only these devices were opened.
    Taken(Vec<Hint>),
    /// All were; what they are is to be written down.
    Renew(Renewal),
}

/// Which hints a command may take up.
#[derive(Debug)]
pub(super) struct Search {
    run: PathBuf,
    global_filter: String,
    filter: String,
    scan_lvs: bool,
    devices_file: Option<String>,
    /// The VG that the command is about, where it names but one.
    vg: Option<String>,
    /// Devices that it names.
    named: Vec<DevNumber>,
    /// Hints are made anew whatever they say: who does so, and when.
    anew: Option<String>,
    /// What came of it.
    pub(super) found: Hints,
}

impl Search {
    /// For a command that takes hints; none for all others.
    pub(super) fn of_command(
        parsed: &Parsed,
        world: &World,
        settings: &Settings,
        scope: &Scope,
        devices_file: Option<String>,
    ) -> Option<Self> {
        let whole_host = matches!(scope, Scope::Host { images } if images.is_empty());
        let off = [Opt::Nohints, Opt::Nolocking, Opt::Sysinit, Opt::Devicesfile, Opt::Test, Opt::Plan];
        let looks_at_all = matches!(parsed.name(), Name::Pvs | Name::Pvdisplay) && parsed.flag(Opt::All);
        let anew = makes_anew(parsed).then(|| note(parsed.name(), world));
        if !(anew.is_some() || takes_hints(parsed.name()))
            || !whole_host
            || looks_at_all
            || parsed.any(&off)
            || world.gathering.is_some()
            || settings.str("devices/hints") == "none"
            || !world.run_dir.is_dir()
        {
            return None;
        }
        let identity = |path: &Path| world.devices.nodes.identity(path).and_then(DevNumber::of);
        Some(Self {
            run: world.run_dir.clone(),
            global_filter: filter(settings, "devices/global_filter"),
            filter: filter(settings, "devices/filter"),
            scan_lvs: settings.bool("devices/scan_lvs"),
            devices_file,
            vg: only_vg(parsed, world),
            named: parsed.positionals().iter().filter_map(|word| identity(Path::new(word))).collect(),
            anew,
            found: Hints::Off,
        })
    }

    /// The devices to open; none: all of them.
    pub(super) fn narrow(&mut self, seen: &[Seen<'_>]) -> Option<HashSet<DevNumber>> {
        use std::os::unix::ffi::OsStrExt;
        let countable = seen.iter().filter(|seen| counts(seen, self.scan_lvs));
        let devices = countable.map(|seen| seen.name.as_os_str().as_bytes()).collect();
        let terms = HintTerms {
            global_filter: std::mem::take(&mut self.global_filter),
            filter: std::mem::take(&mut self.filter),
            scan_lvs: self.scan_lvs,
            devices_file: self.devices_file.take(),
            devices,
        };
        let listed = terms.devices_file.is_some();
        if let Some(note) = &self.anew {
            // Without hints nothing is missed.
            let renewal = renew_hints(&self.run, terms, note, PATIENCE).unwrap_or_default();
            self.found = renewal.map_or(Hints::Off, Hints::Renew);
            return None;
        }
        let hints = match take_up_hints(&self.run, terms) {
            TakenUp::Hints(hints) => hints,
            TakenUp::Renewal(renewal) => {
                self.found = Hints::Renew(renewal);
                return None;
            }
            TakenUp::Nothing => return None,
        };
        let usable = seen.iter().filter(|seen| seen.refused.is_none());
        let by_name: HashMap<&Path, DevNumber> = usable.map(|seen| (seen.name, seen.number)).collect();
        let number = |hint: &Hint| by_name.get(hint.name.as_path()).copied();
        // Entries of the devices file may mean other devices now.
        let moved = |hint: &Hint| listed && number(hint).is_none_or(|number| Some(number) != hint.number);
        if hints.iter().any(moved) {
            outdate_hints(&self.run);
            return None;
        }
        let vg = self.vg.as_ref().filter(|vg| hints.iter().any(|hint| hint.vg.as_ref() == Some(*vg)));
        let wanted = |hint: &Hint| vg.is_none_or(|vg| hint.vg.as_ref().is_none_or(|own| own == vg));
        let taken: Vec<Hint> =
            hints.into_iter().filter(|hint| wanted(hint) && number(hint).is_some()).collect();
        let numbers: HashSet<DevNumber> = taken.iter().filter_map(number).collect();
        // What is said of a device that was named has to be true of it, hint or no hint.
        let usable = |number: &DevNumber| by_name.values().any(|usable| usable == number);
        if taken.is_empty() || self.named.iter().any(|named| usable(named) && !numbers.contains(named)) {
            return None;
        }
        self.found = Hints::Taken(taken);
        Some(numbers)
    }
}

/// Whether hints depend on the device: it could be a PV for all that its name, driver and size tell.
fn counts(seen: &Seen<'_>, scan_lvs: bool) -> bool {
    let is_lv = || {
        let uuid = seen.device.and_then(HostDevice::dm_uuid);
        uuid.is_some_and(|uuid| uuid.starts_with("LVM-"))
    };
    let has_size = || seen.device.and_then(HostDevice::size).is_some_and(|size| size > Bytes::ZERO);
    match seen.refused {
        None => true,
        Some(
            Rejected::Filter | Rejected::NotListed | Rejected::UnsupportedType { .. } | Rejected::NoSysfs,
        ) => false,
        // Of these there may be thousands.
        Some(Rejected::PrivateDm { uuid }) if uuid.starts_with("LVM-") => scan_lvs && has_size(),
        Some(_) => has_size() && (scan_lvs || !is_lv()),
    }
}

/// `pvscan --cache` of all devices is how hints are made anew by hand.
fn makes_anew(parsed: &Parsed) -> bool {
    parsed.name() == Name::Pvscan
        && parsed.flag(Opt::Cache)
        && parsed.positionals().is_empty()
        && !parsed.flag(Opt::Major)
}

/// Who writes or clears hints, and when.
fn note(name: Name, world: &World) -> String {
    let time = metadata::text::ctime(world.now(), &crate::change::local_zone);
    format!("{} pid {} {time}", name.text(), std::process::id())
}

/// Commands that are about what is in VGs, not about what is a PV.
fn takes_hints(name: Name) -> bool {
    matches!(
        name,
        Name::Fullreport
            | Name::Lvchange
            | Name::Lvcreate
            | Name::Lvdisplay
            | Name::Lvextend
            | Name::Lvreduce
            | Name::Lvremove
            | Name::Lvrename
            | Name::Lvresize
            | Name::Lvs
            | Name::Pvdisplay
            | Name::Pvs
            | Name::Vgchange
            | Name::Vgdisplay
            | Name::Vgs
    )
}

/// A filter's strings, one after the other.
fn filter(settings: &Settings, path: &str) -> String {
    let set = settings.strings(path).ok().flatten();
    set.map_or_else(|| "a|.*|".to_owned(), |strings| strings.concat())
}

/// The VG of the one argument there is. Where a bare name may be an LV's, it is not known.
fn only_vg(parsed: &Parsed, world: &World) -> Option<String> {
    let [word] = &parsed.words()[..] else { return None };
    if word.starts_with(['@', '/']) || (!word.contains('/') && world.env.get("LVM_VG_NAME").is_some()) {
        return None;
    }
    word.split('/').next().map(str::to_owned)
}

impl Session {
    /// What the hints have to say to what was read first: whether all that had to be looked at was. Where there
    /// are none, new ones are written down.
    pub(crate) fn heed_hints(&self, world: &mut World, scan: &Scan) -> bool {
        match std::mem::take(&mut *self.hints()) {
            Hints::Off => true,
            Hints::Taken(hints) => self.bear_out(world, &hints, scan),
            Hints::Renew(renewal) => {
                let note = self.hints_note(world);
                let names: Vec<&str> = scan.vgs.iter().map(|vg| vg.vg.name.as_str()).collect();
                let distinct: HashSet<&str> = names.iter().copied().collect();
                let mut why_not = Vec::new();
                why_not.extend((!scan.duplicates.is_empty()).then_some("duplicate_pvs"));
                why_not.extend((distinct.len() < names.len()).then_some("duplicate_vgnames"));
                let hints = self.to_hint(scan);
                if let Err(error) = renewal.write(&note, &hints, &why_not) {
                    world.verbose(format_args!("Hints are not written: {error}."));
                }
                true
            }
        }
    }

    /// Who writes or clears hints, and when.
    pub(crate) fn hints_note(&self, world: &World) -> String {
        note(self.name, world)
    }

    /// Whether what was read is what the hints say, and nothing is missing that other devices may have.
    fn bear_out(&self, world: &World, hints: &[Hint], scan: &Scan) -> bool {
        let found = self.to_hint(scan);
        let found: HashMap<&Path, &Hint> = found.iter().map(|hint| (hint.name.as_path(), hint)).collect();
        let same = |hint: &Hint| {
            let now = found.get(hint.name.as_path());
            // A PV without a text of its own is in the VG that others say.
            now.is_some_and(|now| now.pv == hint.pv && (hint.vg.is_none() || now.vg == hint.vg))
        };
        let names: HashSet<&str> = scan.vgs.iter().map(|vg| vg.vg.name.as_str()).collect();
        if !hints.iter().all(same) || !scan.duplicates.is_empty() || names.len() < scan.vgs.len() {
            outdate_hints(&world.run_dir);
            return false;
        }
        !scan.vgs.iter().any(store::VgOnDisk::is_partial)
    }

    /// What was found, as hints say it, in the order of the disks.
    fn to_hint(&self, scan: &Scan) -> Vec<Hint> {
        let members = scan.vgs.iter().flat_map(|vg| {
            let pvs = vg.pvs.values().chain(&vg.outdated);
            pvs.map(|pv| (pv.disk, (pv, Some(vg.vg.name.as_str()))))
        });
        let orphans = scan.orphans.iter().map(|pv| (pv.disk, (pv, None)));
        let known: HashMap<DiskId, (&PvOnDisk, Option<&str>)> = members.chain(orphans).collect();
        let found: &Found = self.found();
        let entries = found.disks.iter().filter_map(|entry| Some((entry, known.get(&entry.id())?)));
        entries
            .map(|(entry, (pv, vg))| Hint {
                name: entry.name().to_owned(),
                pv: Some(pv.id()),
                number: found.host(entry.id()).map(HostDevice::number),
                vg: vg.filter(|_| has_text(pv)).map(str::to_owned),
            })
            .collect()
    }
}

/// Whether the PV itself has a text of its VG.
fn has_text(pv: &PvOnDisk) -> bool {
    let mut headers = pv.mdas.iter().filter_map(pv::Mda::sound);
    headers.any(|header: &MdaHeader| !header.is_ignored() && header.committed().is_some())
}
