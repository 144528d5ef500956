//! Loop devices: attach an image, find where it is attached, detach.

mod image;

pub use image::LoopedImage;

use crate::disk::Identity;
use crate::host::{DevNumber, Host, HostDevice};
use crate::sys::loops as ioctl;
use nix::errno::Errno;
use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The kernel's major number of loop devices; their partitions have others.
const LOOP_MAJOR: u32 = 7;

/// How to attach an image.
#[derive(Clone, Copy, Debug)]
pub struct AttachOptions {
    /// Refuse writes.
    pub read_only: bool,
    /// Detach when the last user closes it, also after a kill.
    pub autoclear: bool,
    /// Let the kernel look for partitions.
    pub partitions: bool,
    /// Past the file's page cache, where its file system can.
    pub direct_io: bool,
    /// Logical block size in bytes.
    pub block_size: u32,
    /// From which byte of the file on; it need not be the first of a block.
    pub offset: u64,
}

impl Default for AttachOptions {
    /// Writable, given back by itself, 512-byte blocks, nothing else.
    fn default() -> Self {
        Self {
            read_only: false,
            autoclear: true,
            partitions: false,
            direct_io: false,
            block_size: 512,
            offset: 0,
        }
    }
}

/// Why a loop device was not attached, found or detached.
#[derive(Debug, Error)]
#[error("{path}: {action} failed")]
pub struct LoopError {
    /// The image, the loop device or its control node.
    pub path: PathBuf,
    /// `open`, `stat`, `find a free loop device`, `attach`, `detach`, `examine`.
    pub action: &'static str,
    /// Why.
    pub source: io::Error,
}

/// A loop device with an image attached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoopDevice {
    /// Its node.
    pub node: PathBuf,
    /// Its number.
    pub number: DevNumber,
    /// Where in the file it starts, in bytes.
    pub offset: u64,
    /// Whether it ends before the file does.
    pub limited: bool,
    /// Whether it refuses writes.
    pub read_only: bool,
    /// Whether it is detached when the last user closes it.
    pub autoclear: bool,
}

impl LoopDevice {
    /// Whether it shows the file from its first byte to its last.
    pub fn is_whole(&self) -> bool {
        self.offset == 0 && !self.limited
    }
}

/// A loop device that was just attached, held open: one with autoclear is detached again when this is
/// dropped before anybody else has opened it.
#[derive(Debug)]
pub struct Attached {
    /// Which one.
    pub device: LoopDevice,
    _node: File,
}

fn error<E: Into<io::Error>>(path: &Path, action: &'static str) -> impl FnOnce(E) -> LoopError {
    move |source| LoopError { path: path.to_owned(), action, source: source.into() }
}

/// Attaches an image to a free loop device. Does not look whether it is attached already: whoever
/// attaches should hold a lock on the image and have asked [`find_loops`].
pub fn attach(host: &Host, image: &Path, options: AttachOptions) -> Result<Attached, LoopError> {
    let file =
        OpenOptions::new().read(true).write(!options.read_only).open(image).map_err(error(image, "open"))?;
    let control = host.dev.join("loop-control");
    let control_file =
        OpenOptions::new().read(true).write(true).open(&control).map_err(error(&control, "open"))?;
    // Somebody else may take the free device first; then there is another one.
    for _ in 0..64 {
        let number = ioctl::free(&control_file).map_err(error(&control, "find a free loop device"))?;
        let node = host.dev.join(format!("loop{number}"));
        let device = OpenOptions::new()
            .read(true)
            .write(!options.read_only)
            .open(&node)
            .map_err(error(&node, "open"))?;
        match configure(&device, &file, image, options) {
            Ok(()) => return attached(node, device),
            Err(Errno::EBUSY) => {}
            Err(errno) => return Err(error(image, "attach")(errno)),
        }
    }
    Err(error(image, "attach")(Errno::EBUSY))
}

fn configure(device: &File, file: &File, image: &Path, options: AttachOptions) -> Result<(), Errno> {
    let mut info = ioctl::LoopInfo::default();
    info.offset = options.offset;
    let flag = |on: bool, bit: u32| if on { bit } else { 0 };
    info.flags = flag(options.read_only, ioctl::READ_ONLY)
        | flag(options.autoclear, ioctl::AUTOCLEAR)
        | flag(options.partitions, ioctl::PARTSCAN)
        | flag(options.direct_io, ioctl::DIRECT_IO);
    // Only shown to users; it always ends with a zero.
    let name = image.as_os_str().as_bytes();
    let shown = name.len().min(info.file_name.len() - 1);
    info.file_name[..shown].copy_from_slice(&name[..shown]);
    match ioctl::configure(device, file, options.block_size, info) {
        // Kernels before 5.8 do not know the request, and answer as to any other.
        Err(Errno::ENOTTY | Errno::EINVAL | Errno::ENOSYS) => {}
        done => return done,
    }
    ioctl::set_file(device, file)?;
    let settle = || {
        ioctl::set_info(device, &info)?;
        if options.block_size != 512 {
            ioctl::set_block_size(device, options.block_size)?;
        }
        Ok(())
    };
    if let Err(errno) = settle() {
        let _ = ioctl::clear(device);
        return Err(errno);
    }
    if options.direct_io {
        // A wish, not a condition: LOOP_CONFIGURE too does without where the file system cannot.
        let _ = ioctl::set_direct_io(device, true);
    }
    Ok(())
}

fn attached(node: PathBuf, file: File) -> Result<Attached, LoopError> {
    let info = ioctl::info(&file).map_err(error(&node, "examine"))?;
    let stat = file.metadata().map_err(error(&node, "stat"))?;
    Ok(Attached { device: describe(node, DevNumber::from_raw(stat.rdev()), &info), _node: file })
}

fn describe(node: PathBuf, number: DevNumber, info: &ioctl::LoopInfo) -> LoopDevice {
    LoopDevice {
        node,
        number,
        offset: info.offset,
        limited: info.size_limit != 0,
        read_only: info.flags & ioctl::READ_ONLY != 0,
        autoclear: info.flags & ioctl::AUTOCLEAR != 0,
    }
}

/// The loop devices that a file is attached to, in the order of their numbers: by what the loop device
/// says where it can be opened, or else by the name of the file that sysfs shows.
pub fn find_loops(host: &Host, image: Identity) -> Vec<LoopDevice> {
    attached_loops(host)
        .into_iter()
        .filter(|(_, backing)| *backing == Some(image))
        .map(|(device, _)| device)
        .collect()
}

/// All loop devices in use, each with the file behind it where that can be told.
pub(crate) fn attached_loops(host: &Host) -> Vec<(LoopDevice, Option<Identity>)> {
    let all = HostDevice::of_numbers(&host.sys, |number| number.major == LOOP_MAJOR);
    all.iter()
        .filter(|device| is_loop(device.kernel_name()))
        .filter_map(|device| loop_in_use(host, device))
        .collect()
}

fn loop_in_use(host: &Host, device: &HostDevice) -> Option<(LoopDevice, Option<Identity>)> {
    let backing = device.loop_backing()?;
    let node = host.dev.join(device.node_name());
    if let Some(info) = File::open(&node).ok().and_then(|file| ioctl::info(&file).ok()) {
        let identity = Identity::File { device: info.device, inode: info.inode };
        return Some((describe(node, device.number(), &info), Some(identity)));
    }
    let found = LoopDevice {
        node,
        number: device.number(),
        offset: device.text("loop/offset").and_then(|n| n.parse().ok()).unwrap_or(0),
        limited: device.text("loop/sizelimit").is_some_and(|n| n != "0"),
        read_only: device.read_only(),
        autoclear: device.text("loop/autoclear").is_some_and(|n| n == "1"),
    };
    let identity = (!backing.deleted).then(|| crate::open::identity(&backing.path)).flatten();
    Some((found, identity))
}

/// Detaches a loop device: at once, or when those that have it open close it.
pub fn detach(node: &Path) -> Result<(), LoopError> {
    let file = File::open(node).map_err(error(node, "open"))?;
    ioctl::clear(&file).map_err(error(node, "detach"))
}

/// Whether a kernel name is that of a loop device.
pub(crate) fn is_loop(name: &OsStr) -> bool {
    let digits = name.as_bytes().strip_prefix(b"loop");
    digits.is_some_and(|digits| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests;
