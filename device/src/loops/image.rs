//! An image that is attached to a loop device.

use super::LoopDevice;
use crate::block::BlockDisk;
use crate::disk::{Claim, Disk, Identity};
use crate::error::DiskError;
use std::path::{Path, PathBuf};
use units::Bytes;

/// An image in use by a loop device. It is the image, with the image's name and identity, but all I/O goes
/// through the loop device: bytes written to the file behind its back would not be seen by its users.
#[derive(Debug)]
pub struct LoopedImage {
    path: PathBuf,
    identity: Identity,
    device: LoopDevice,
    disk: BlockDisk,
}

impl LoopedImage {
    /// Opens the loop device that shows the image.
    pub fn open(image: &Path, identity: Identity, device: &LoopDevice) -> Result<Self, DiskError> {
        let disk = BlockDisk::open(&device.node)?;
        Ok(Self { path: image.to_owned(), identity, device: device.clone(), disk })
    }

    /// Which loop device.
    pub fn device(&self) -> &LoopDevice {
        &self.device
    }
}

impl Disk for LoopedImage {
    fn identity(&self) -> Identity {
        self.identity
    }

    fn path(&self) -> &Path {
        &self.path
    }

    fn len(&self) -> Bytes {
        self.disk.len()
    }

    fn logical_block(&self) -> u32 {
        self.disk.logical_block()
    }

    fn physical_block(&self) -> u32 {
        self.disk.physical_block()
    }

    fn read_only(&self) -> bool {
        self.disk.read_only()
    }

    fn open_writable(&self) -> Result<(), DiskError> {
        self.disk.open_writable()
    }

    fn read_at(&self, buf: &mut [u8], offset: Bytes) -> Result<(), DiskError> {
        self.disk.read_at(buf, offset)
    }

    fn write_at(&self, buf: &[u8], offset: Bytes) -> Result<(), DiskError> {
        self.disk.write_at(buf, offset)
    }

    fn flush(&self) -> Result<(), DiskError> {
        self.disk.flush()
    }

    fn discard(&self, offset: Bytes, len: Bytes) -> Result<(), DiskError> {
        self.disk.discard(offset, len)
    }

    fn zero(&self, offset: Bytes, len: Bytes) -> Result<(), DiskError> {
        self.disk.zero(offset, len)
    }

    fn open_exclusive(&self) -> Result<Box<dyn Claim>, DiskError> {
        self.disk.open_exclusive()
    }
}
