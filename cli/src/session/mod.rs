//! What most commands begin with: settings, the disks in scope, locks, and the VGs on them.
//!
//! ```text
//! settings -> scope -> locks -> scan -> VG -> (a change)
//! ```

mod astray;
mod hints;
mod listing;
mod logging;
mod look;
mod mismatch;
mod names;
mod owner;
pub(crate) mod profiles;
mod running;
mod scope;
pub(crate) mod settings;
mod sight;
mod sound;
mod system_id;

pub(crate) use listing::{Editor, Named as ListedDevice, moved as moved_entry, pv_on};
pub(crate) use look::{INVALID_TIME, scan_some, vgs_beside};
pub(crate) use names::why;
pub(crate) use names::{LvName, bare_name, default_vg, split_lv, within_dev};
pub(crate) use sight::{Choice, Sight, no_vg};
pub(crate) use system_id::from_text as system_id_from;

use crate::commands::Name;
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::reports::Output;
use crate::world::World;
use conf::settings::Settings;
use device::{DiskId, Found, LockError, Priority, Wait};
use report::subject::Words;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use store::{Held, LockRequest, LockScope};
use units::Id;

/// What a command works with.
#[derive(Debug)]
pub(crate) struct Session {
    /// lvm.conf and what outweighs it.
    pub(crate) settings: Settings,
    /// The disks that may be used, and why others may not, as far as the hints went.
    first: Found,
    /// All of them, where the hints did not do.
    whole: OnceLock<Found>,
    /// What the hints are to this command.
    hints: Mutex<hints::Hints>,
    /// The command's name, for what is written down of it.
    name: Name,
    /// Whether every disk in scope is an image file: then locks, backups and activation differ.
    pub(crate) images_only: bool,
    /// The host's ids and tags.
    pub(crate) host: scope::HostIds,
    lock_scope: LockScope,
    locking: bool,
    /// Locks for changes are refused (`--readonly`).
    read_only: bool,
    /// Whether udev is waited for, where it runs: not with `--noudevsync`.
    pub(crate) udev_sync: bool,
    /// Whether to go on where locks cannot be had for want of a folder that can be written, as at boot.
    lenient: bool,
    listing: Option<listing::Listing>,
    only: bool,
    /// How often this command has written each VG.
    writes: Mutex<HashMap<Id, u32>>,
    shows: Shows,
    /// Images in scope that a loop device shows: others may use them through it.
    looped: bool,
    /// Whether LVs that were removed are shown.
    history: bool,
    /// Whether VGs are to be gone after the command.
    ends_vgs: bool,
    /// Whether a VG whose disks would have to be reserved may be used all the same, as in 2.03.40 (disable_pr_required):
    /// its LVs are only stopped, or it is a copy that becomes a VG of its own.
    needs_no_reservation: bool,
    /// Whether LVs are to run after the command that may not do so before.
    starts: bool,
    /// What users were told already: a VG that is read twice is no reason to say it twice.
    told: Mutex<HashSet<String>>,
    /// VGs of other hosts that have LVs running here.
    running_foreign: Mutex<HashSet<(Id, String)>>,
    /// Of several VGs with one name, the one that is meant now.
    meant: Mutex<Option<Id>>,
}

/// Which VGs that are not simply this host's the command shows.
#[derive(Clone, Copy, Debug)]
struct Shows {
    foreign: bool,
    shared: bool,
    exported: bool,
}

impl Shows {
    /// By its options, and by whether it leaves LVs alone (2.03.40: tools/commands.h, ALLOW_EXPORTED).
    fn of_command(parsed: &Parsed) -> Self {
        let exported = matches!(
            parsed.name(),
            Name::Fullreport
                | Name::Lvmdiskscan
                | Name::Pvck
                | Name::Pvdisplay
                | Name::Pvs
                | Name::Pvscan
                | Name::Vgcfgbackup
                | Name::Vgcfgrestore
                | Name::Vgdisplay
                | Name::Vgimport
                | Name::Vgimportclone
                | Name::Vgimportdevices
                | Name::Vgrename
                | Name::Vgs
                | Name::Vgscan
        );
        Self { foreign: parsed.flag(Opt::Foreign), shared: parsed.flag(Opt::Shared), exported }
    }
}

impl Session {
    /// How reports name what users do not see.
    pub(crate) fn words(&self) -> Words {
        let two_words = self.settings.bool("report/two_word_unknown_device");
        Words {
            mark_hidden: self.settings.bool("report/mark_hidden_devices"),
            unknown_device: if two_words { "unknown device" } else { "[unknown]" },
            monitoring: self.settings.bool("activation/monitoring"),
            history: self.history,
            dev_dir: PathBuf::from(self.settings.str("devices/dir")),
        }
    }

    /// Reads the settings alone, for commands that look at no disk.
    pub(crate) fn settle(parsed: &Parsed, world: &mut World) -> Result<(), Exit> {
        let (settings, _) = settings::load(parsed, world)?;
        logging::apply(parsed, world, &settings);
        Ok(())
    }

    /// Reads the settings and finds the disks. Nothing is read from them yet.
    pub(crate) fn open(parsed: &Parsed, world: &mut World) -> Result<Self, Exit> {
        let (settings, host_tags) = settings::load(parsed, world)?;
        logging::apply(parsed, world, &settings);
        world.dev_dir = PathBuf::from(settings.str("devices/dir"));
        check_read_only(parsed, world, &settings)?;
        Output::open_log(parsed, world, &settings)?;
        let scope = scope::of_command(parsed, world);
        let only = matches!(scope, device::Scope::Only(_));
        let mut listing = listing::of_command(parsed, world, &settings, &scope)?;
        let devices_file = listing.as_ref().and_then(listing::Listing::name);
        let mut hints = hints::Search::of_command(parsed, world, &settings, &scope, devices_file);
        let found = match &world.gathering {
            Some(gathering) => gathering.found.clone(),
            None => scope::find(parsed, world, &settings, scope, listing.as_mut(), hints.as_mut())?,
        };
        let images = scope::image_paths(&found);
        let whole = found.disks.iter().filter(|entry| entry.parent().is_none()).count();
        let images_only = images.len() == whole && (only || !images.is_empty());
        let looped = scope::has_loops(world, &found);
        let folder = PathBuf::from(settings.str("global/locking_dir"));
        let lock_scope = LockScope { folder: (!images_only || looped).then_some(folder), images };
        if !world.is_root && !images_only {
            world.warn("WARNING: Running as a non-root user. Functionality may be unavailable.");
        }
        let host = scope::HostIds::new(&settings, world, host_tags);
        let locking = !parsed.any(&[Opt::Nolocking, Opt::Test, Opt::Readonly])
            && settings.int("global/locking_type") != 0;
        let lenient =
            parsed.any(&[Opt::Ignorelockingfailure, Opt::Sysinit]) && parsed.name().permitted_read_only();
        let udev_sync = settings.bool("activation/udev_sync") && !parsed.flag(Opt::Noudevsync);
        if let Some(listing) = &mut listing {
            listing.tell_news(world);
        }
        Ok(Self {
            settings,
            first: found,
            whole: OnceLock::new(),
            hints: Mutex::new(hints.map(|search| search.found).unwrap_or_default()),
            name: parsed.name(),
            images_only,
            host,
            lock_scope,
            locking,
            read_only: parsed.flag(Opt::Readonly)
                && !parsed.any(&[Opt::Nolocking, Opt::Test, Opt::Plan, Opt::Sysinit]),
            udev_sync,
            lenient,
            listing,
            only,
            shows: Shows::of_command(parsed),
            looped,
            history: parsed.flag(Opt::History),
            ends_vgs: parsed.name() == Name::Vgremove,
            needs_no_reservation: parsed.name() == Name::Vgimportclone || owner::stops(parsed),
            starts: parsed.activation(Opt::Activate).is_some_and(|activation| activation.activates()),
            told: Mutex::default(),
            running_foreign: Mutex::default(),
            meant: Mutex::default(),
            writes: Mutex::default(),
        })
    }

    /// From now on only these disks, or all but these, are there: for VGs of which another copy is among the rest.
    pub(crate) fn narrow(&mut self, keep: impl Fn(DiskId) -> bool) {
        self.first = self.found().narrowed(keep);
        self.whole = OnceLock::new();
    }

    /// The disks that may be used, and why others may not. Where hints told which are PVs, no others are here.
    pub(crate) fn found(&self) -> &Found {
        self.whole.get().unwrap_or(&self.first)
    }

    /// Finds all disks, where hints told of only some.
    fn find_all(&self, parsed: &Parsed, world: &mut World) -> Result<(), Exit> {
        let scope = scope::of_command(parsed, world);
        let found = scope::find(parsed, world, &self.settings, scope, self.listing.clone().as_mut(), None)?;
        // Once is enough: it is the same for whoever comes second.
        let _ = self.whole.set(found);
        Ok(())
    }

    fn hints(&self) -> MutexGuard<'_, hints::Hints> {
        self.hints.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes locks, and tells why it cannot. Nothing is locked with `--nolocking`; with `--readonly` nothing is
    /// changed, and no device started or stopped.
    pub(crate) fn lock(&self, world: &mut World, request: &LockRequest) -> Result<Held, Exit> {
        if self.read_only && request.changes() {
            world.error("Operation prohibited while --readonly is set.");
            for (name, _) in &request.vgs {
                world.error(format_args!("Can't get lock for {name}."));
                world.error(format_args!("Cannot process volume group {name}"));
            }
            return Err(Exit::FAILED);
        }
        // Whoever gathers changes has the locks.
        if !self.locking || world.gathering.is_some() {
            return Ok(Held::default());
        }
        let limit = match self.settings.bool("global/wait_for_locks") {
            true => Duration::from_secs(60),
            false => Duration::ZERO,
        };
        let priority = match self.settings.bool("global/prioritise_write_locks") {
            true => Priority::Writers,
            false => Priority::None,
        };
        if request.changes() {
            world.watch_signals();
        }
        let wait = Wait { limit, interrupted: world.interrupted.as_deref() };
        match store::lock(&self.lock_scope, request, wait, priority) {
            Ok(held) => Ok(held),
            Err(LockError::Io { .. }) if self.lenient => {
                if world.env.os("LVM_SUPPRESS_LOCKING_FAILURE_MESSAGES").is_none() {
                    world.warn("WARNING: File-based locking initialisation failed, going on without locks.");
                }
                Ok(Held::default())
            }
            Err(error) => {
                tell_lock(world, request, &error);
                Err(Exit::FAILED)
            }
        }
    }

    /// Counts `more` writes of a VG, and gives how many that makes.
    pub(crate) fn count_writes(&self, vg: Id, more: u32) -> u32 {
        let mut writes = self.writes.lock().unwrap_or_else(PoisonError::into_inner);
        let count = writes.entry(vg).or_default();
        *count += more;
        *count
    }

    /// Of several VGs with one name, this one is meant from now on.
    pub(crate) fn mean(&self, vg: Id) {
        *self.meant.lock().unwrap_or_else(PoisonError::into_inner) = Some(vg);
    }

    fn meant(&self) -> Option<Id> {
        *self.meant.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Warns, once for the whole command.
    fn warn_once(&self, world: &mut World, line: std::fmt::Arguments<'_>) {
        let line = line.to_string();
        if self.told.lock().unwrap_or_else(PoisonError::into_inner).insert(line.clone()) {
            world.warn(line);
        }
    }

    /// Why the disk of a name is not among those that may be used, to follow `Cannot use X: `.
    pub(crate) fn why_not(&self, name: &Path) -> String {
        match self.found().rejection(name) {
            Some(refused) => why(&refused.reason),
            None if self.only && device::identity(name).is_some() => {
                "device is not in devices list".to_owned()
            }
            None => "device not found".to_owned(),
        }
    }

    /// The name a disk is shown by.
    pub(crate) fn disk_name(&self, disk: DiskId) -> String {
        self.found().disks.get(disk).name().display().to_string()
    }
}

/// Refuses commands that change something where `--readonly` or the settings forbid it.
fn check_read_only(parsed: &Parsed, world: &mut World, settings: &Settings) -> Result<(), Exit> {
    if settings.bool("global/test") && parsed.name().changes() && !parsed.any(&[Opt::Test, Opt::Plan]) {
        world.error("Nothing may be changed while global/test is set.");
        world.hint("--test shows what would be done");
        return Err(Exit::FAILED);
    }
    let read_only = parsed.flag(Opt::Readonly) || settings.bool("global/metadata_read_only");
    if read_only && !parsed.name().permitted_read_only() {
        world.error(format_args!(
            "{}: Command not permitted while global/metadata_read_only is set.",
            parsed.command_line()
        ));
        return Err(Exit::FAILED);
    }
    Ok(())
}

fn tell_lock(world: &mut World, request: &LockRequest, error: &LockError) {
    match error {
        LockError::Io { source, .. } => {
            let cause = source.raw_os_error().map(|number| nix::errno::Errno::from_raw(number).desc());
            world.error(match cause {
                Some(cause) => format!("{error}: {cause}"),
                None => format!("{error}: {source}"),
            });
        }
        LockError::Held { .. } | LockError::Interrupted { .. } => world.error(error),
    }
    match request.vgs.as_slice() {
        [] => world.error("Cannot get the lock that guards the list of devices and volume groups."),
        vgs => {
            for (name, _) in vgs {
                world.error(format_args!("Can't get lock for {name}"));
            }
        }
    }
}
