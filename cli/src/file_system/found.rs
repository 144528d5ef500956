//! What is on an LV, and where it is mounted.

use super::Crypt;
use crate::change::Refusal;
use device::{DevNumber, Disk, Host, Processes, User};
use pv::signature::{self, Usage};
use std::path::{Path, PathBuf};
use units::Bytes;

/// A file system on an LV, and where it is mounted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// The LV (VG/LV).
    pub(crate) lv: String,
    /// The node its tools are given.
    pub(crate) node: PathBuf,
    /// The format, as blkid calls it.
    pub(crate) name: &'static str,
    /// The first byte it does not use; none: it does not say.
    pub(crate) end: Option<Bytes>,
    /// Where it is mounted.
    pub(crate) mounts: Vec<PathBuf>,
    /// What its node was called each time it was mounted.
    sources: Vec<PathBuf>,
    /// Options to mount it with, so that what it keeps count of stays right.
    pub(crate) mount_options: Option<String>,
    /// btrfs's number of this device.
    pub(crate) member: Option<u64>,
    /// What it lies in, where the LV is encrypted.
    pub(crate) crypt: Option<Crypt>,
}

impl Found {
    /// What is on a disk. None: no file system.
    pub(crate) fn on(disk: &dyn Disk, lv: &str, node: PathBuf) -> Result<Option<Self>, Refusal> {
        let failed = |error| Refusal::failed(&error);
        let signatures = signature::find(disk).map_err(failed)?;
        let format = signatures.into_iter().find(|found| found.usage != Usage::PartitionTable);
        let Some(format) = format else { return Ok(None) };
        Ok(Some(Self {
            lv: lv.to_owned(),
            node,
            name: format.name,
            end: signature::end(disk, &format).map_err(failed)?,
            mounts: Vec::new(),
            sources: Vec::new(),
            mount_options: signature::quota_options(disk, &format).map_err(failed)?,
            member: signature::member(disk, &format).map_err(failed)?,
            crypt: None,
        }))
    }

    /// With where it is mounted, by a look at the host; a mounted xfs is asked for its size, since its super block
    /// lags behind.
    pub(crate) fn with_mounts(mut self, host: &Host, number: DevNumber) -> Result<Self, Refusal> {
        for user in device::users(host, number.identity(), Processes::Ignored) {
            let User::Mount { at, file_system, source } = user else { continue };
            if is_called(&file_system, self.name) {
                self.mounts.push(at);
                self.sources.push(source);
            }
        }
        if let ("xfs", Some(at)) = (self.name, self.mounts.first()) {
            self.end = Some(device::mounted_xfs_end(at).map_err(|error| Refusal::failed(&error))?);
        }
        Ok(self)
    }

    /// Refuses one that was mounted under another name: its tools would look for a node that is there no more.
    pub(crate) fn check_name(&self, mapped: &Path) -> Result<(), Refusal> {
        let (Some(source), Some(at)) = (self.sources.first(), self.mounts.first()) else { return Ok(()) };
        // btrfs may have been mounted from any of its devices.
        if self.name == "btrfs" || self.crypt.is_some() || is_same_node(source, mapped) {
            return Ok(());
        }
        let (mapped, at, source) = (mapped.display(), at.display(), source.display());
        Err(Refusal::words(format!("LV {mapped} mounted at {at} may have been renamed (from {source})."))
            .line("File system resizing not supported: fs utilities do not support renamed devices.")
            .hint("unmount it and mount it again"))
    }
}

/// Whether a mount of that type is of this format: the kernel may mount ext2 and ext3 as ext4.
fn is_called(mounted: &str, format: &str) -> bool {
    mounted == format || (mounted.starts_with("ext") && format.starts_with("ext"))
}

fn is_same_node(source: &Path, mapped: &Path) -> bool {
    match (source.canonicalize(), mapped.canonicalize()) {
        (Ok(source), Ok(mapped)) => source == mapped,
        _ => source == mapped,
    }
}

#[cfg(test)]
impl Found {
    /// A format of 20 MiB, mounted in these places.
    pub(super) fn fake(name: &'static str, mounts: &[&str]) -> Self {
        Self {
            lv: "vg/lv".to_owned(),
            node: PathBuf::from("/dev/vg/lv"),
            name,
            end: Some(Bytes::new(20 << 20)),
            mounts: mounts.iter().map(PathBuf::from).collect(),
            sources: Vec::new(),
            mount_options: None,
            member: None,
            crypt: None,
        }
    }
}
