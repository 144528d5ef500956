//! The running kernel's device-mapper.

use super::{Control, node};
use crate::sys::{block, ioctl};
use crate::{Absence, DevNo, Errno, Request};
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use units::Sectors;

/// The kernel, through its control node, which is opened when it is first needed.
#[derive(Debug)]
pub struct Kernel {
    dev: PathBuf,
    control: OnceLock<Result<File, Absence>>,
}

impl Default for Kernel {
    fn default() -> Self {
        Self::below("/dev")
    }
}

impl Kernel {
    /// The kernel, its nodes below `/dev`. Does nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The kernel, its nodes below another directory.
    pub fn below(dev: impl AsRef<Path>) -> Self {
        Self { dev: dev.as_ref().to_owned(), control: OnceLock::new() }
    }

    fn control(&self) -> Result<&File, Absence> {
        let opened = self.control.get_or_init(|| {
            let control = node::open(&self.dev)?;
            let mut version = Request::version();
            match ioctl::call(control.as_fd(), version.verb().command(), version.buffer_mut()) {
                Ok(()) => Ok(control),
                Err(Errno::EINVAL) => Err(Absence::Protocol),
                Err(errno) => Err(node::unusable(&self.dev, errno)),
            }
        });
        opened.as_ref().map_err(Absence::clone)
    }

    /// The device's own node, should sysfs not tell.
    fn open(&self, device: DevNo) -> Result<File, Errno> {
        let node = self.dev.join(format!("dm-{}", device.minor));
        OpenOptions::new().read(true).open(node).map_err(|error| errno(&error))
    }
}

/// Where sysfs keeps the read-ahead, in KiB.
fn read_ahead_file(device: DevNo) -> PathBuf {
    PathBuf::from(format!("/sys/dev/block/{device}/bdi/read_ahead_kb"))
}

fn errno(error: &std::io::Error) -> Errno {
    Errno::from_raw(error.raw_os_error().unwrap_or(libc::EIO))
}

impl Control for Kernel {
    fn usable(&self) -> Result<(), Absence> {
        self.control().map(drop)
    }

    fn submit(&self, request: &mut Request) -> Result<(), Errno> {
        // Opened already where it matters: `usable` comes first.
        let control = self.control.get().and_then(|control| control.as_ref().ok()).ok_or(Errno::ENODEV)?;
        request.rewind();
        ioctl::call(control.as_fd(), request.verb().command(), request.buffer_mut())
    }

    fn read_ahead(&self, device: DevNo) -> Result<Sectors, Errno> {
        let mut text = String::new();
        match File::open(read_ahead_file(device)).and_then(|mut file| file.read_to_string(&mut text)) {
            Ok(_) => {
                let kib: u64 = text.trim().parse().map_err(|_| Errno::EINVAL)?;
                Ok(Sectors::new(kib.saturating_mul(2)))
            }
            Err(_) => block::read_ahead(self.open(device)?.as_fd()).map(Sectors::new),
        }
    }

    fn set_read_ahead(&self, device: DevNo, amount: Sectors) -> Result<(), Errno> {
        // sysfs needs no node and opens no device, but counts in KiB.
        match OpenOptions::new().write(true).open(read_ahead_file(device)) {
            Ok(mut file) => {
                let kib = amount.get().div_ceil(2).to_string();
                file.write_all(kib.as_bytes()).map_err(|error| errno(&error))
            }
            Err(_) => block::set_read_ahead(self.open(device)?.as_fd(), amount.get()),
        }
    }
}
