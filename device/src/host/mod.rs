//! The host's block devices: what `/sys`, `/dev` and `/proc` say about them.

#[cfg(any(test, feature = "testing"))]
pub(crate) mod fake;
mod nodes;
mod numbers;
mod sysfs;
mod types;

pub(crate) use nodes::names;
pub use numbers::{DevNumber, NotANumber};
pub use sysfs::{DmFacts, HostDevice, LoopBacking, MdFacts, Topology};
pub use types::{DeviceTypes, KnownType, known_types};

use crate::disk::{Disk, Identity};
use crate::error::DiskError;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where a host's devices are described, and how its nodes are opened.
#[derive(Clone, Debug)]
pub struct Host {
    /// sysfs, `/sys`.
    pub sys: PathBuf,
    /// The device folder, `/dev`.
    pub dev: PathBuf,
    /// procfs, `/proc`.
    pub proc: PathBuf,
    /// What nodes are.
    pub nodes: Arc<dyn Nodes>,
}

impl Default for Host {
    /// This machine.
    fn default() -> Self {
        Self {
            sys: PathBuf::from("/sys"),
            dev: PathBuf::from("/dev"),
            proc: PathBuf::from("/proc"),
            nodes: Arc::new(KernelNodes),
        }
    }
}

/// Device nodes: the kernel's, or a test's.
pub trait Nodes: Send + Sync + fmt::Debug {
    /// Which object a name leads to; none if it is neither a block device nor a regular file.
    fn identity(&self, path: &Path) -> Option<Identity>;

    /// Opens what a name leads to.
    fn open(&self, path: &Path) -> Result<Arc<dyn Disk>, DiskError>;
}

/// The kernel's nodes.
#[derive(Clone, Copy, Debug, Default)]
pub struct KernelNodes;

impl Nodes for KernelNodes {
    fn identity(&self, path: &Path) -> Option<Identity> {
        crate::open::identity(path)
    }

    fn open(&self, path: &Path) -> Result<Arc<dyn Disk>, DiskError> {
        crate::open::open(path)
    }
}

impl Host {
    /// The device a name leads to, as sysfs describes it.
    pub fn device(&self, path: &Path) -> Option<HostDevice> {
        HostDevice::of(&self.sys, DevNumber::of(self.nodes.identity(path)?)?)
    }
}

#[cfg(test)]
mod tests;
