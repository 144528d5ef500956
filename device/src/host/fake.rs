//! A host that exists in a folder only: sysfs and nodes as plain files, RAM disks behind them.
//!
//! A node is a regular file that holds the device's number, so that no privilege is needed to make it.

use super::{DevNumber, Host, Nodes};
use crate::disk::{Disk, Identity};
use crate::error::DiskError;
use crate::ram::{Power, RamDisk};
use std::collections::HashMap;
use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use units::{Bytes, Sectors};

/// Builds and owns the folder's content; the folder itself is the caller's. Methods panic where the folder
/// cannot be written.
#[derive(Clone, Debug)]
pub struct FakeHost {
    root: PathBuf,
    disks: Arc<FakeNodes>,
    /// All its disks have one.
    power: Power,
}

#[derive(Debug, Default)]
struct FakeNodes(Mutex<HashMap<Identity, RamDisk>>);

impl FakeNodes {
    fn disk(&self, identity: Identity) -> Option<RamDisk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&identity).cloned()
    }
}

impl Nodes for FakeNodes {
    fn identity(&self, path: &Path) -> Option<Identity> {
        let text = fs::read(path).ok()?;
        let number = std::str::from_utf8(&text).ok().and_then(|text| text.parse::<DevNumber>().ok());
        number.map(DevNumber::identity).or_else(|| crate::open::identity(path))
    }

    fn open(&self, path: &Path) -> Result<Arc<dyn Disk>, DiskError> {
        match self.identity(path) {
            Some(identity @ Identity::Device { .. }) => {
                let none = io::Error::from_raw_os_error(libc::ENXIO);
                let disk = self.disk(identity);
                disk.map(|disk| Arc::new(disk.at(path)) as Arc<dyn Disk>)
                    .ok_or_else(|| DiskError::Open { path: path.to_owned(), source: none })
            }
            _ => crate::open::open(path),
        }
    }
}

impl FakeHost {
    /// An empty host in a folder, with the drivers loop, sd, md, sr, device-mapper and blkext.
    pub fn new(root: &Path) -> Self {
        for folder in ["sys/dev/block", "sys/block", "dev/mapper", "proc"] {
            fs::create_dir_all(root.join(folder)).expect("a folder for a fake host");
        }
        let host = Self { root: root.to_owned(), disks: Arc::default(), power: Power::new() };
        host.file(
            "proc/devices",
            "Character devices:\n  1 mem\n\nBlock devices:\n  7 loop\n  8 sd\n  9 md\n 11 sr\n\
             253 device-mapper\n259 blkext\n",
        );
        host
    }

    /// The roots for a scan.
    pub fn host(&self) -> Host {
        Host {
            sys: self.root.join("sys"),
            dev: self.root.join("dev"),
            proc: self.root.join("proc"),
            nodes: self.disks.clone(),
        }
    }

    /// Adds a disk: its sysfs folder, its node, and a RAM disk of `size` behind it.
    pub fn add(&self, kernel_name: &str, number: &str, size: Bytes) -> RamDisk {
        self.add_in(&format!("sys/block/{kernel_name}"), kernel_name, number, size)
    }

    /// Adds a partition of a disk.
    pub fn add_partition(&self, disk: &str, partition: u32, number: &str, size: Bytes) -> RamDisk {
        let digit = disk.ends_with(|c: char| c.is_ascii_digit());
        let name = format!("{disk}{}{partition}", if digit { "p" } else { "" });
        let ram = self.add_in(&format!("sys/block/{disk}/{name}"), &name, number, size);
        self.file(&format!("sys/block/{disk}/{name}/partition"), &format!("{partition}\n"));
        ram
    }

    fn add_in(&self, folder: &str, kernel_name: &str, number: &str, size: Bytes) -> RamDisk {
        let parsed: DevNumber = number.parse().expect("a device number");
        for part in ["holders", "slaves"] {
            fs::create_dir_all(self.root.join(folder).join(part)).expect("a folder");
        }
        self.file(&format!("{folder}/dev"), &format!("{number}\n"));
        self.file(&format!("{folder}/size"), &format!("{}\n", size.get() / Sectors::BYTES));
        self.file(&format!("{folder}/ro"), "0\n");
        let target = Path::new("../..").join(folder.strip_prefix("sys/").unwrap_or(folder));
        symlink(target, self.root.join("sys/dev/block").join(number)).expect("a symlink");
        self.file(&format!("dev/{kernel_name}"), number);
        let disk = RamDisk::new(self.root.join("dev").join(kernel_name), 0, size)
            .with_power(&self.power)
            .with_identity(parsed.identity());
        let mut disks = self.disks.0.lock().unwrap_or_else(PoisonError::into_inner);
        disks.insert(parsed.identity(), disk.clone());
        disk
    }

    /// Makes `holder` be made of `slave`.
    pub fn stack(&self, holder: &str, slave: &str) {
        let block = self.root.join("sys/block");
        symlink(Path::new("../..").join(holder), block.join(slave).join("holders").join(holder))
            .expect("a symlink");
        symlink(Path::new("../..").join(slave), block.join(holder).join("slaves").join(slave))
            .expect("a symlink");
    }

    /// Makes a disk a device-mapper device.
    pub fn set_dm(&self, kernel_name: &str, name: &str, uuid: &str) {
        self.file(&format!("sys/block/{kernel_name}/dm/name"), &format!("{name}\n"));
        self.file(&format!("sys/block/{kernel_name}/dm/uuid"), &format!("{uuid}\n"));
        self.file(&format!("sys/block/{kernel_name}/dm/suspended"), "0\n");
        self.link(&format!("mapper/{name}"), kernel_name);
    }

    /// Adds a symlink `dev/name` to the node of a disk.
    pub fn link(&self, name: &str, kernel_name: &str) {
        let path = self.root.join("dev").join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        symlink(self.root.join("dev").join(kernel_name), path).expect("a symlink");
    }

    /// Writes any file of the host, such as `sys/block/sda/queue/rotational`.
    pub fn file(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
}
