//! Who uses a block device or an image, for the message that refuses to touch it.

mod mounts;
mod xfs;

pub use mounts::root_device;
pub use xfs::mounted_xfs_end;

use crate::disk::Identity;
use crate::host::{DevNumber, Host, HostDevice};
use crate::lock::{Process, flock_holders};
use crate::loops::find_loops;
use std::fmt;
use std::fs::read_dir;
use std::path::PathBuf;

/// One user of a disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum User {
    /// A file system on it is mounted.
    Mount {
        /// Where.
        at: PathBuf,
        /// `ext4`, ...
        file_system: String,
        /// What it was called when it was mounted.
        source: PathBuf,
    },
    /// The kernel swaps to it.
    Swap,
    /// Another block device is made of it: a dm device, an md array, a loop device.
    Device {
        /// Its number.
        number: DevNumber,
        /// Its node.
        node: PathBuf,
        /// Its dm name, if it has one.
        dm_name: Option<String>,
    },
    /// A process has it open.
    Process(Process),
    /// A process holds a flock on it.
    Lock(Process),
}

impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mount { at, file_system, .. } => write!(f, "the {file_system} mounted on {}", at.display()),
            Self::Swap => f.write_str("swapping"),
            Self::Device { node, dm_name: Some(name), .. } => write!(f, "{} ({name})", node.display()),
            Self::Device { node, dm_name: None, .. } => write!(f, "{}", node.display()),
            Self::Process(process) => write!(f, "{} (process {})", process.command, process.pid),
            Self::Lock(process) => write!(f, "{} (process {}, lock)", process.command, process.pid),
        }
    }
}

/// Whether to look through the open files of all processes, which takes long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Processes {
    /// Look: for the message of an error.
    Named,
    /// Do not.
    Ignored,
}

/// Who uses a disk: mounts, swap, devices made of it and of its partitions, flocks, and processes if asked
/// for. This process is left out. Whatever cannot be seen by this user is missing.
pub fn users(host: &Host, disk: Identity, processes: Processes) -> Vec<User> {
    let mut users = Vec::new();
    match disk {
        Identity::Device { .. } => {
            let device = DevNumber::of(disk).and_then(|number| HostDevice::of(&host.sys, number));
            let parts = device.as_ref().map(HostDevice::partitions).unwrap_or_default();
            let mut numbers: Vec<DevNumber> = parts.iter().map(HostDevice::number).collect();
            numbers.extend(DevNumber::of(disk));
            users.extend(mounts::mounts(host, &numbers));
            users.extend(mounts::swaps(host, &numbers.iter().map(|n| n.identity()).collect::<Vec<_>>()));
            let holders = device.iter().chain(&parts).flat_map(HostDevice::holders);
            users.extend(holders.map(|holder| made_of(host, &holder)));
        }
        Identity::File { .. } => {
            users.extend(mounts::swaps(host, &[disk]));
            let loops = find_loops(host, disk);
            let device =
                |l: crate::loops::LoopDevice| User::Device { number: l.number, node: l.node, dm_name: None };
            users.extend(loops.into_iter().map(device));
        }
        Identity::Memory(_) | Identity::Mapped(_) => return users,
    }
    if processes == Processes::Named {
        users.extend(open_files(host, disk).into_iter().map(User::Process));
    }
    users
}

/// The processes other than this one that hold a flock on an image.
pub fn lock_holders(image: &std::path::Path) -> Vec<User> {
    let holders = std::fs::metadata(image).map(|stat| flock_holders(&stat)).unwrap_or_default();
    holders.into_iter().filter(|p| p.pid != std::process::id()).map(User::Lock).collect()
}

fn made_of(host: &Host, holder: &HostDevice) -> User {
    User::Device {
        number: holder.number(),
        node: host.dev.join(holder.node_name()),
        dm_name: holder.dm().map(|dm| dm.name),
    }
}

/// The processes that have the object open.
fn open_files(host: &Host, disk: Identity) -> Vec<Process> {
    let Ok(entries) = read_dir(&host.proc) else { return Vec::new() };
    let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    let mut found: Vec<Process> = pids
        .filter(|pid| *pid != std::process::id())
        .filter(|pid| has_open(host, *pid, disk))
        .map(|pid| Process::of(&host.proc, pid))
        .collect();
    found.sort_by_key(|process| process.pid);
    found
}

fn has_open(host: &Host, pid: u32, disk: Identity) -> bool {
    let Ok(files) = read_dir(host.proc.join(pid.to_string()).join("fd")) else { return false };
    files.filter_map(Result::ok).any(|file| host.nodes.identity(&file.path()) == Some(disk))
}

/// All users in one line, for an error.
pub(crate) fn in_words(users: &[User]) -> Option<String> {
    (!users.is_empty()).then(|| users.iter().map(User::to_string).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests;
