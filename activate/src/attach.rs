//! Image files as devices: a loop device for each, found or attached.

use device::{AttachOptions, Attached, Disk, DiskError, Host, Identity, LoopError, LoopedImage};
use dm::DevNo;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use thiserror::Error;

/// Why a table's disk has no device number.
#[derive(Debug, Error)]
pub enum AttachError {
    /// No loop device could be had.
    #[error(transparent)]
    Loop(#[from] LoopError),
    /// The loop device cannot be opened.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// A loop device shows a part of the image, or refuses writes; another one beside it would not see what
    /// is written there.
    #[error("{} is attached to {} in a way that cannot be used for a PV", image.display(), node.display())]
    Unusable {
        /// The image.
        image: PathBuf,
        /// The loop device.
        node: PathBuf,
    },
    /// Nothing of that name is among the disks in scope.
    #[error("{0} is not among the disks in scope")]
    Unknown(String),
}

/// An image with a device. One that was just attached is given back when this is dropped before a table uses
/// it.
#[derive(Debug)]
pub struct Attachment {
    /// The loop device.
    pub number: DevNo,
    /// The image, reached through the loop device; none where that is how it is reached already.
    pub disk: Option<Arc<dyn Disk>>,
    /// What keeps it until a table does.
    pub hold: Option<Attached>,
}

/// Who gives images devices.
pub trait Loops: fmt::Debug {
    /// Finds the loop device of an image, or attaches one, autoclear, so that it goes with its last user.
    fn attach(&self, image: &Path, disk: &dyn Disk) -> Result<Attachment, AttachError>;

    /// The loop device of an image, where it has one.
    fn attached(&self, disk: &dyn Disk) -> Option<DevNo>;
}

/// This machine's loop devices. The caller holds a lock on the image.
#[derive(Debug)]
pub struct HostLoops<'a> {
    /// The machine.
    pub host: &'a Host,
}

impl Loops for HostLoops<'_> {
    fn attach(&self, image: &Path, disk: &dyn Disk) -> Result<Attachment, AttachError> {
        let identity = disk.identity();
        let found = device::find_loops(self.host, identity);
        let usable = found.iter().find(|l| l.is_whole() && (!l.read_only || disk.read_only()));
        let (device, hold) = match (usable, found.first()) {
            (Some(device), _) => (device.clone(), None),
            (None, Some(other)) => {
                return Err(AttachError::Unusable { image: image.to_owned(), node: other.node.clone() });
            }
            (None, None) => {
                let options = AttachOptions { read_only: disk.read_only(), ..AttachOptions::default() };
                let attached = device::attach(self.host, image, options)?;
                (attached.device.clone(), Some(attached))
            }
        };
        let unknown = || AttachError::Unknown(device.node.display().to_string());
        let number = number_of(device.number.identity()).ok_or_else(unknown)?;
        let looped = LoopedImage::open(image, identity, &device)?;
        Ok(Attachment { number, disk: Some(Arc::new(looped)), hold })
    }

    fn attached(&self, disk: &dyn Disk) -> Option<DevNo> {
        let found = device::find_loops(self.host, disk.identity());
        number_of(found.iter().find(|device| device.is_whole())?.number.identity())
    }
}

/// The number of a block device; none for anything else.
pub(crate) fn number_of(identity: Identity) -> Option<DevNo> {
    match identity {
        Identity::Device { major, minor } => Some(DevNo::new(major, minor)),
        Identity::File { .. } | Identity::Memory(_) | Identity::Mapped(_) => None,
    }
}

/// Loop devices for tests with a device-mapper in memory: numbers without anything behind them.
#[cfg(any(test, feature = "testing"))]
#[derive(Debug, Default)]
pub struct NumberedLoops {
    known: std::sync::Mutex<Vec<Identity>>,
}

#[cfg(any(test, feature = "testing"))]
impl Loops for NumberedLoops {
    fn attach(&self, _: &Path, disk: &dyn Disk) -> Result<Attachment, AttachError> {
        let mut known = self.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let place = known.iter().position(|identity| *identity == disk.identity()).unwrap_or_else(|| {
            known.push(disk.identity());
            known.len() - 1
        });
        Ok(Attachment { number: DevNo::new(7, place as u32), disk: None, hold: None })
    }

    fn attached(&self, disk: &dyn Disk) -> Option<DevNo> {
        self.attach(disk.path(), disk).ok().map(|attachment| attachment.number)
    }
}
