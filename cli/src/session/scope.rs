//! Which disks a command may use: the list of `--devices` or `RLVM_DEVICES` where given, else the host's
//! block devices and the image files the command names.

use super::hints;
use super::listing::{Listing, Named};
use super::sound;
use super::system_id;
use crate::commands::Name;
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::world::World;
use conf::settings::{SettingError, Settings};
use device::{
    ByList, Components, DevNumber, DeviceTypes, Filter, Found, Identity, Narrow, Pattern, Scan, Scope, Seen,
    is_private,
};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use units::Bytes;

/// What this host is called in VGs.
#[derive(Clone, Debug, Default)]
pub(crate) struct HostIds {
    /// Its system id, where it has one.
    pub(crate) system_id: Option<String>,
    /// Ids whose VGs it may use as well.
    pub(crate) extra: Vec<String>,
    /// Its tags.
    pub(crate) tags: Vec<String>,
}

impl HostIds {
    pub(super) fn new(settings: &Settings, world: &mut World, tags: Vec<String>) -> Self {
        let owned = |list: Vec<&str>| list.into_iter().map(str::to_owned).collect();
        let extra = settings.strings("local/extra_system_ids").ok().flatten().map(owned).unwrap_or_default();
        Self { system_id: system_id::of_host(settings, world), extra, tags }
    }
}

/// The scope the command line and the environment ask for.
pub(super) fn of_command(parsed: &Parsed, world: &World) -> Scope {
    let listed: Vec<PathBuf> = parsed.all_os(Opt::Devices).into_iter().flat_map(split).collect();
    if !listed.is_empty() {
        return Scope::Only(listed);
    }
    if let Some(listed) = world.env.os("RLVM_DEVICES").filter(|list| !list.is_empty()) {
        return Scope::Only(split(listed));
    }
    // Files that are copied are no PVs; a partition to be copied is in scope by its disk.
    if matches!(parsed.name(), Name::Export | Name::Import) {
        let parts = parsed.positionals().iter().filter_map(|word| crate::part::of_word(world, word));
        let disks: Vec<PathBuf> = parts.map(|part| part.disk).collect();
        if !disks.is_empty() {
            return Scope::Only(disks);
        }
        return Scope::Host { images: Vec::new() };
    }
    let words = parsed.positionals().iter().flat_map(|word| split(word));
    let is_image = |path: &PathBuf| matches!(world.devices.nodes.identity(path), Some(Identity::File { .. }));
    let images = words.map(|path| without_ranges(&path)).filter(is_image);
    let mut named: Vec<PathBuf> = Vec::new();
    for image in images {
        if !named.contains(&image) {
            named.push(image);
        }
    }
    Scope::Host { images: named }
}

/// The paths of a list with commas; a path that has commas itself stands alone.
fn split(list: &OsStr) -> Vec<PathBuf> {
    if Path::new(list).exists() {
        return vec![PathBuf::from(list)];
    }
    let parts = list.as_bytes().split(|&byte| byte == b',').filter(|part| !part.is_empty());
    parts.map(|part| PathBuf::from(OsStr::from_bytes(part))).collect()
}

/// `image:0-99` names the image; a file whose name has a colon is meant itself.
fn without_ranges(path: &Path) -> PathBuf {
    if path.exists() {
        return path.to_owned();
    }
    let bytes = path.as_os_str().as_bytes();
    let end = bytes.iter().position(|&byte| byte == b':').unwrap_or(bytes.len());
    PathBuf::from(OsString::from(OsStr::from_bytes(&bytes[..end])))
}

/// Finds the disks of the scope.
pub(super) fn find(
    parsed: &Parsed,
    world: &mut World,
    settings: &Settings,
    scope: Scope,
    listing: Option<&mut Listing>,
    hints: Option<&mut hints::Search>,
) -> Result<Found, Exit> {
    let only = matches!(scope, Scope::Only(_));
    let mut options = options(world, settings, scope)?;
    if parsed.name() == Name::Lvmdevices {
        // Filters do not count where a devices file does; this command is about one, there or not.
        options.filters.clear();
    }
    let joining = super::listing::joining(parsed, world);
    let mut list = listing.filter(|listing| listing.restricts()).map(|listing| {
        |devices: &[Named], types: &DeviceTypes| {
            let listed = listing.choose(devices, types, &*options.host.nodes);
            listed.union(&joining).copied().collect()
        }
    });
    let mut narrow = hints.map(|hints| |seen: &[Seen<'_>]| hints.narrow(seen));
    let list = list.as_mut().map(|list| list as ByList<'_>);
    let mut found = device::scan_narrowed(&options, list, narrow.as_mut().map(|narrow| narrow as Narrow<'_>));
    let unopened =
        found.rejected.iter().filter(|refused| refused.reason.is_for_lack_of_descriptors()).count();
    if unopened > 0 {
        world.error(format_args!("{unopened} disks cannot be opened: too many open files."));
        world.hint("`ulimit -n' tells how many there may be, and raises it");
        return Err(Exit::FAILED);
    }
    expand(world, &mut found);
    if only {
        for refused in &found.rejected {
            let name = refused.names.first().map(|name| name.display().to_string()).unwrap_or_default();
            world.warn(format_args!(
                "WARNING: {name} cannot be used: {}.",
                super::names::why(&refused.reason)
            ));
        }
    }
    Ok(found)
}

/// The smallest device that is looked at, in KiB; values that make no sense are told (2.03.40: 512 is the least).
fn least_size(world: &mut World, settings: &Settings) -> u64 {
    const LEAST: u64 = 512;
    let set = settings.int("devices/pv_min_size");
    match u64::try_from(set) {
        Ok(size) if size >= LEAST => size,
        _ => {
            world.warn(format_args!(
                "WARNING: devices/pv_min_size = {set} is too small; {LEAST} KiB are used."
            ));
            LEAST
        }
    }
}

/// Adds the partitions of images, which the kernel makes no devices of. An image that is a PV itself has none,
/// whatever stands in its first sector.
fn expand(world: &mut World, found: &mut Found) {
    let may_have = |entry: &device::Entry| {
        let is_file = matches!(entry.disk().identity(), Identity::File { .. });
        is_file && !pv::has_label(&**entry.disk()).unwrap_or(true)
    };
    for (disk, error) in partition::expand(&mut found.disks, may_have) {
        let name = found.disks.get(disk).name().display();
        world.warn(format_args!("WARNING: {name}: its partitions cannot be read: {error}"));
    }
}

fn options(world: &mut World, settings: &Settings, scope: Scope) -> Result<Scan, Exit> {
    let taken = |on| if on { Components::LeftOut } else { Components::Taken };
    let refuse = |world: &mut World, path: &str, error: &dyn std::error::Error| {
        world.error_chain(error);
        sound::status(settings, path)
    };
    let list = |path: &str| -> Result<Vec<String>, SettingError> {
        let strings = settings.strings(path)?;
        Ok(strings.unwrap_or_default().into_iter().map(str::to_owned).collect())
    };
    let mut filters = Vec::new();
    for path in ["devices/global_filter", "devices/filter"] {
        let elements = list(path).map_err(|error| {
            world.error_chain(&error);
            Exit::FAILED
        })?;
        let filter = Filter::parse(&elements).map_err(|error| {
            world.error(format_args!("{path}: {error}"));
            world.error("Failed to create regex device filter");
            Exit::FAILED
        })?;
        if !filter.is_empty() {
            filters.push(filter);
        }
    }
    let mut preferred_names = Vec::new();
    let preferred = "devices/preferred_names";
    for pattern in list(preferred).map_err(|error| refuse(world, preferred, &error))? {
        preferred_names.push(Pattern::new(&pattern).map_err(|error| refuse(world, preferred, &error))?);
    }
    let least = least_size(world, settings);
    let folders = match settings.find("devices/scan") {
        Some(_) => list("devices/scan").map_err(|error| refuse(world, "devices/scan", &error))?,
        None => Vec::new(),
    };
    Ok(Scan {
        host: world.devices.clone(),
        folders: folders.into_iter().map(PathBuf::from).collect(),
        dev: settings.find("devices/dir").map(|_| world.dev_dir.clone()),
        scope,
        filters,
        preferred_names,
        types: sound::device_types(settings).unwrap_or_default(),
        min_size: Bytes::new(least << 10),
        md_components: taken(settings.bool("devices/md_component_detection")),
        multipath_components: taken(settings.bool("devices/multipath_component_detection")),
        suspended: taken(settings.bool("devices/ignore_suspended_devices")),
        skip_dm: if settings.bool("devices/scan_lvs") { is_private } else { is_private_or_lv },
    })
}

/// With `devices/scan_lvs` off, LVs are no disks for PVs either.
fn is_private_or_lv(uuid: &str) -> bool {
    is_private(uuid) || uuid.starts_with("LVM-")
}

/// The image files among the disks found.
pub(super) fn image_paths(found: &Found) -> Vec<PathBuf> {
    let images = found.disks.iter().filter(|entry| matches!(entry.disk().identity(), Identity::File { .. }));
    images.map(|entry| entry.disk().path().to_owned()).collect()
}

/// Whether a loop device shows an image among the disks found.
pub(super) fn has_loops(world: &World, found: &Found) -> bool {
    let is_device = |name: &PathBuf| world.devices.nodes.identity(name).and_then(DevNumber::of).is_some();
    let images = found.disks.iter().filter(|entry| found.host(entry.id()).is_none());
    images.flat_map(|entry| entry.names().iter().skip(1)).any(is_device)
}
