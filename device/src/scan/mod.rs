//! Which disks a command may use: those of the host, and image files.

mod images;
mod open;
mod order;
mod rejected;

pub use images::{open_image, open_image_and_loops};
pub use rejected::{Refused, Rejected};

use crate::disk::Identity;
use crate::filter::{Filter, Verdict};
use crate::host::{self, DevNumber, DeviceTypes, Host, HostDevice, Nodes};
use crate::names::Preference;
use crate::pattern::Pattern;
use crate::set::{DiskId, DiskSet};
use std::collections::{HashMap, HashSet};
use std::iter;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use units::Bytes;

/// What to look at and what to leave out.
#[derive(Clone, Debug)]
pub struct Scan {
    /// Where the devices are described.
    pub host: Host,
    /// Folders whose names are looked at (LVM2's `devices/scan`); none: the host's device folder.
    pub folders: Vec<PathBuf>,
    /// The device folder that names are preferred by (LVM2's `devices/dir`); none: the host's.
    pub dev: Option<PathBuf>,
    /// Which devices and images.
    pub scope: Scope,
    /// Filters over names, all of which must accept a device. They do not concern images, nor a
    /// [`Scope::Only`].
    pub filters: Vec<Filter>,
    /// Names to prefer over the built-in order.
    pub preferred_names: Vec<Pattern>,
    /// More drivers whose devices are disks, and their minor numbers per disk.
    pub types: Vec<(String, u32)>,
    /// Smaller devices are left out.
    pub min_size: Bytes,
    /// Leave out what md arrays are made of.
    pub md_components: Components,
    /// Leave out the paths of multipath devices.
    pub multipath_components: Components,
    /// Leave out suspended dm devices.
    pub suspended: Components,
    /// Dm devices to leave out for their uuid.
    pub skip_dm: fn(&str) -> bool,
}

/// Whether parts of something else are taken for disks of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Components {
    /// They are left out.
    #[default]
    LeftOut,
    /// They are disks.
    Taken,
}

/// Which objects a command may use at all.
#[derive(Clone, Debug)]
pub enum Scope {
    /// The host's block devices, and these images.
    Host {
        /// Image files named by the command.
        images: Vec<PathBuf>,
    },
    /// These devices and images, and nothing else.
    Only(Vec<PathBuf>),
}

impl Default for Scan {
    /// This machine's block devices of at least 2 MiB; no components, no suspended devices, nobody's
    /// private dm devices.
    fn default() -> Self {
        Self {
            host: Host::default(),
            folders: Vec::new(),
            dev: None,
            scope: Scope::Host { images: Vec::new() },
            filters: Vec::new(),
            preferred_names: Vec::new(),
            types: Vec::new(),
            min_size: Bytes::new(2 << 20),
            md_components: Components::LeftOut,
            multipath_components: Components::LeftOut,
            suspended: Components::LeftOut,
            skip_dm: is_private,
        }
    }
}

/// Whether the dm device of that uuid belongs to cryptsetup or Stratis alone. Facts: LVM2 2.03.40
/// lib/activate/dev_manager.c.
pub fn is_private(uuid: &str) -> bool {
    ["CRYPT-TEMP", "CRYPT-SUBDEV", "stratis-"].iter().any(|prefix| uuid.starts_with(prefix))
}

/// What a scan found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The disks that may be used: block devices in the order that LVM2 goes through them, then images as named.
    pub disks: DiskSet,
    /// What may not be used, and why.
    pub rejected: Vec<Refused>,
    host: HashMap<DiskId, HostDevice>,
    nodes: Arc<dyn Nodes>,
}

impl Found {
    /// What sysfs says about a disk that is a block device.
    pub fn host(&self, id: DiskId) -> Option<&HostDevice> {
        self.host.get(&id)
    }

    /// The same with fewer disks, which get other indexes. Whether one is a part of another is no longer known.
    #[must_use]
    pub fn narrowed(&self, keep: impl Fn(DiskId) -> bool) -> Self {
        let (mut disks, mut host) = (DiskSet::new(), HashMap::new());
        for entry in self.disks.iter().filter(|entry| keep(entry.id())) {
            let id = disks.add_named(Arc::clone(entry.disk()), entry.names().to_vec());
            host.extend(self.host.get(&entry.id()).map(|device| (id, device.clone())));
        }
        Self { disks, rejected: self.rejected.clone(), host, nodes: Arc::clone(&self.nodes) }
    }

    /// Why a name leads to no usable disk: by the name, or else by the object it leads to.
    pub fn rejection(&self, name: &Path) -> Option<&Refused> {
        let by_name = self.rejected.iter().find(|refused| refused.names.iter().any(|n| n == name));
        by_name.or_else(|| {
            let identity = self.nodes.identity(name)?;
            self.rejected.iter().find(|refused| refused.identity == Some(identity))
        })
    }
}

/// A device that may be used, not yet opened.
struct Candidate {
    number: DevNumber,
    names: Vec<PathBuf>,
    device: Option<HostDevice>,
}

impl Candidate {
    fn seen<'a>(&'a self, refused: Option<&'a Rejected>) -> Seen<'a> {
        let name = self.names.first().map_or(Path::new(""), PathBuf::as_path);
        Seen { number: self.number, name, device: self.device.as_ref(), refused }
    }
}

/// Which of the host's devices may be used at all, by somebody's list: gets all devices with their names, the
/// preferred one first, in LVM2's order.
pub type ByList<'a> = &'a mut dyn FnMut(&[(HostDevice, Vec<PathBuf>)], &DeviceTypes) -> HashSet<DevNumber>;

/// A device of the host before anything is opened.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// Its number.
    pub number: DevNumber,
    /// Its preferred name.
    pub name: &'a Path,
    /// What sysfs says about it.
    pub device: Option<&'a HostDevice>,
    /// Why it may not be used, if so.
    pub refused: Option<&'a Rejected>,
}

/// Which of the devices that may be used are opened; none: all of them. Gets all devices in LVM2's order. Those that
/// are not opened are neither among the disks found nor rejected.
pub type Narrow<'a> = &'a mut dyn FnMut(&[Seen<'_>]) -> Option<HashSet<DevNumber>>;

/// Looks at the host and opens what may be used, all at once. Nothing is read from the disks.
pub fn scan(options: &Scan) -> Found {
    scan_narrowed(options, None, None)
}

/// As [`scan`], but only devices that a list has may be used; filters do not count then. The list concerns
/// neither images nor a [`Scope::Only`]. What may be used may be narrowed down further to what is opened.
pub fn scan_narrowed(options: &Scan, list: Option<ByList<'_>>, narrow: Option<Narrow<'_>>) -> Found {
    let mut scanner = Scanner {
        options,
        preference: Preference {
            patterns: options.preferred_names.clone(),
            dev: options.dev.clone().unwrap_or_else(|| options.host.dev.clone()),
        },
        rejected: Vec::new(),
    };
    let (devices, images) = scanner.split_scope();
    let images = scanner.open_images(images);
    let taken: HashSet<Identity> = images.iter().filter_map(|image| image.loop_device).collect();
    let candidates = match devices {
        Devices::None => Vec::new(),
        Devices::All => scanner.candidates(None, &taken, list, narrow),
        Devices::Only(numbers) => scanner.candidates(Some(&numbers), &taken, None, None),
    };
    let (mut disks, host) = scanner.open(candidates);
    for image in images {
        let id = disks.add(image.disk);
        image.names.into_iter().for_each(|name| disks.add_name(id, name));
    }
    Found { disks, rejected: scanner.rejected, host, nodes: Arc::clone(&options.host.nodes) }
}

/// Which block devices are in scope.
enum Devices {
    None,
    All,
    Only(HashSet<DevNumber>),
}

struct Scanner<'a> {
    options: &'a Scan,
    preference: Preference,
    rejected: Vec<Refused>,
}

impl Scanner<'_> {
    /// Tells the devices of the scope from its images.
    fn split_scope(&mut self) -> (Devices, Vec<PathBuf>) {
        let paths = match &self.options.scope {
            Scope::Host { images } => return (Devices::All, images.clone()),
            Scope::Only(paths) => paths,
        };
        let (mut numbers, mut images) = (HashSet::new(), Vec::new());
        for path in paths {
            match self.options.host.nodes.identity(path).and_then(DevNumber::of) {
                Some(number) => drop(numbers.insert(number)),
                None => images.push(path.clone()),
            }
        }
        if numbers.is_empty() { (Devices::None, images) } else { (Devices::Only(numbers), images) }
    }

    /// The devices that may be used, in LVM2's order; the others are rejected, but for those
    /// outside the scope.
    fn candidates(
        &mut self,
        only: Option<&HashSet<DevNumber>>,
        taken: &HashSet<Identity>,
        list: Option<ByList<'_>>,
        narrow: Option<Narrow<'_>>,
    ) -> Vec<Candidate> {
        let host = &self.options.host;
        let types = DeviceTypes::read(&host.proc, &self.options.types);
        let has_sysfs = host.sys.join("dev/block").is_dir();
        let mut named: Vec<(DevNumber, Vec<PathBuf>)> = host::names(host, &self.options.folders)
            .into_iter()
            .filter(|(number, _)| only.is_none_or(|only| only.contains(number)))
            .filter(|(number, _)| !taken.contains(&number.identity()))
            .collect();
        // Names are in the order of the alphabet, folder by folder.
        named.sort_by_cached_key(|(_, names)| {
            self.met(names).map(|(place, name)| (place, order::by_folders(name)))
        });
        let mut named = order::in_tree(named);
        named.iter_mut().for_each(|(_, names)| self.preference.sort(names));
        let listed = list.map(|list| {
            let described = |(number, names): &(DevNumber, Vec<PathBuf>)| {
                Some((HostDevice::of(&host.sys, *number)?, names.clone()))
            };
            list(&named.iter().filter_map(described).collect::<Vec<_>>(), &types)
        });
        let mut judged = Vec::with_capacity(named.len());
        for (number, mut names) in named {
            let verdict = match (only, &listed) {
                (Some(_), _) => Ok(()),
                (None, Some(listed)) if listed.contains(&number) => Ok(()),
                (None, Some(_)) => Err(Rejected::NotListed),
                (None, None) => self.filter(&mut names),
            };
            // Of what is left out by its name nothing is asked: there may be thousands.
            let device = verdict.is_ok().then(|| HostDevice::of(&host.sys, number)).flatten();
            let verdict = verdict.and_then(|()| match &device {
                Some(device) => self.judge(device, &types),
                None if has_sysfs => Err(Rejected::NoSysfs),
                None => Rejected::unsupported(number, &types).map_or(Ok(()), Err),
            });
            judged.push((Candidate { number, names, device }, verdict.err()));
        }
        let opened = narrow.and_then(|narrow| {
            let seen = judged.iter().map(|(candidate, refused)| candidate.seen(refused.as_ref()));
            narrow(&seen.collect::<Vec<_>>())
        });
        let mut candidates = Vec::with_capacity(judged.len());
        for (candidate, refused) in judged {
            match refused {
                Some(reason) => self.reject(candidate.names, candidate.number, reason),
                None if opened.as_ref().is_none_or(|opened| opened.contains(&candidate.number)) => {
                    candidates.push(candidate);
                }
                None => {}
            }
        }
        candidates
    }

    /// When a walk through the folders first meets one of the names.
    fn met<'n>(&self, names: &'n [PathBuf]) -> Option<(usize, &'n PathBuf)> {
        let folders = &self.options.folders;
        let place = |name: &PathBuf| folders.iter().position(|folder| name.starts_with(folder));
        names.iter().map(|name| (place(name).unwrap_or_default(), name)).min()
    }

    fn reject(&mut self, names: Vec<PathBuf>, number: DevNumber, reason: Rejected) {
        self.rejected.push(Refused { names, identity: Some(number.identity()), reason });
    }

    /// Judges by the filters. A name that one of them accepts in so many words becomes the preferred one,
    /// unless the user has other preferences.
    fn filter(&self, names: &mut [PathBuf]) -> Result<(), Rejected> {
        for filter in &self.options.filters {
            match filter.judge(names) {
                Verdict::Rejected => return Err(Rejected::Filter),
                Verdict::Accepted(Some(place)) if self.options.preferred_names.is_empty() => {
                    names[..=place].rotate_right(1);
                }
                Verdict::Accepted(_) => {}
            }
        }
        Ok(())
    }

    /// Judges by what the kernel says, in LVM2's order.
    fn judge(&self, device: &HostDevice, types: &DeviceTypes) -> Result<(), Rejected> {
        if let Some(reason) = Rejected::unsupported(device.number(), types) {
            return Err(reason);
        }
        if let Some(uuid) = device.dm_uuid() {
            if (self.options.skip_dm)(&uuid) {
                return Err(Rejected::PrivateDm { uuid });
            }
            if self.options.suspended == Components::LeftOut && device.is_suspended() {
                return Err(Rejected::Suspended);
            }
        }
        let size = device.size().unwrap_or(Bytes::ZERO);
        if size < self.options.min_size {
            return Err(Rejected::TooSmall { size, least: self.options.min_size });
        }
        self.judge_users(device)
    }

    /// Rejects what is a part of something else.
    fn judge_users(&self, device: &HostDevice) -> Result<(), Rejected> {
        let whole = device.whole_disk();
        if self.options.multipath_components == Components::LeftOut && device.may_be_path() {
            // A partition of a path is as much a part of the multipath device as the path.
            let mut disks = iter::once(device).chain(whole.as_ref());
            if let Some(multipath) = disks.find_map(|disk| disk.dm_holder("mpath-")) {
                return Err(Rejected::MultipathComponent { of: multipath.dm().map(|dm| dm.name) });
            }
        }
        let partitions = if whole.is_none() { device.partitions().len() } else { 0 };
        if partitions > 0 {
            return Err(Rejected::Partitioned { partitions });
        }
        if self.options.md_components == Components::LeftOut
            && let Some(md) = device.md_holder()
        {
            return Err(Rejected::MdComponent { of: Some(md.node_name()) });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
