//! Which kinds of block device a host has, by the names in `/proc/devices`.

use std::collections::HashMap;
use std::path::Path;

/// Drivers whose devices are used as disks, how many minor numbers one of their disks takes (1 where its
/// partitions have numbers of another driver), and what LVM2's reports call them. A driver belongs to the first name that its own begins
/// with. Facts: LVM2 2.03.40 lib/device/device-types.h.
const KNOWN: [(&str, u32, &str); 38] = [
    ("sd", 16, "SCSI disk"),
    ("ide", 64, "IDE disk"),
    ("md", 1, "Multiple Disk (MD/SoftRAID)"),
    ("loop", 1, "Loop device"),
    ("ramdisk", 1, "RAM disk"),
    ("device-mapper", 1, "Mapped device"),
    ("mdp", 1, "Partitionable MD"),
    ("dasd", 4, "DASD disk (IBM S/390, zSeries)"),
    ("dac960", 8, "DAC960"),
    ("nbd", 16, "Network Block Device"),
    ("ida", 16, "Compaq SMART2"),
    ("cciss", 16, "Compaq CCISS array"),
    ("ubd", 16, "User-mode virtual block device"),
    ("ataraid", 16, "ATA Raid"),
    ("drbd", 16, "Distributed Replicated Block Device (DRBD)"),
    ("rbd", 16, "Ceph rados object as a Linux block device"),
    ("emcpower", 16, "EMC Powerpath"),
    ("power2", 16, "EMC Powerpath"),
    ("i2o_block", 16, "i2o Block Disk"),
    ("iseries/vd", 8, "iSeries disks"),
    ("gnbd", 1, "Network block device"),
    ("aoe", 16, "ATA over Ethernet"),
    ("xvd", 16, "Xen virtual block device"),
    ("vdisk", 8, "SUN's LDOM virtual block device"),
    ("ps3disk", 16, "PlayStation 3 internal disk"),
    ("virtblk", 8, "VirtIO disk"),
    ("mmc", 16, "MMC block device"),
    ("blkext", 1, "Extended device partitions"),
    ("fio", 16, "Fusion IO"),
    ("mtip32xx", 16, "Micron PCIe SSD"),
    ("vtms", 16, "Violin Memory"),
    ("skd", 16, "STEC"),
    ("scm", 8, "Storage Class Memory (IBM S/390)"),
    ("bcache", 1, "bcache block device cache"),
    ("nvme", 64, "NVM Express"),
    ("zvol", 16, "ZFS Zvols"),
    ("VxDMP", 16, "Veritas Dynamic Multipathing"),
    ("zram", 1, "zram block device"),
];

/// A kind of block device that is used as disks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownType {
    /// What its driver's name begins with.
    pub name: &'static str,
    /// How many minor numbers one disk takes.
    pub minors: u32,
    /// What it is.
    pub about: &'static str,
}

/// The kinds of block devices that are used as disks.
pub fn known_types() -> impl Iterator<Item = KnownType> {
    KNOWN.iter().map(|&(name, minors, about)| KnownType { name, minors, about })
}

/// The host's block drivers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceTypes {
    drivers: HashMap<u32, Driver>,
    /// Without `/proc` every driver is taken.
    all: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Driver {
    name: String,
    minors: Option<u32>,
}

impl DeviceTypes {
    /// Reads `proc`/devices. `more` are further driver names and their minors per disk (LVM2's
    /// `devices/types`). Where the file is missing, every device will do.
    pub fn read(proc: &Path, more: &[(String, u32)]) -> Self {
        match std::fs::read_to_string(proc.join("devices")) {
            Ok(text) => Self::parse(&text, more),
            Err(_) => Self { drivers: HashMap::new(), all: true },
        }
    }

    fn parse(text: &str, more: &[(String, u32)]) -> Self {
        let mut drivers = HashMap::new();
        let block = text.lines().skip_while(|line| !line.starts_with("Block"));
        for line in block {
            let Some((number, name)) = line.trim().split_once(' ') else { continue };
            let Ok(major) = number.parse::<u32>() else { continue };
            // The kernel shows what the driver asked for, but uses twelve bits of it.
            let major = major & 0xfff;
            let known =
                KNOWN.iter().find(|(known, ..)| name.starts_with(known)).map(|(_, minors, _)| *minors);
            let added = more.iter().find(|(added, _)| name.starts_with(added.as_str())).map(|(_, n)| *n);
            drivers.insert(major, Driver { name: name.to_owned(), minors: added.or(known) });
        }
        Self { drivers, all: false }
    }

    /// The driver's name.
    pub fn name(&self, major: u32) -> Option<&str> {
        self.drivers.get(&major).map(|driver| driver.name.as_str())
    }

    /// Whether the devices of a major number are of a kind that is used as disks.
    pub fn is_supported(&self, major: u32) -> bool {
        self.all || self.minors_per_disk(major).is_some()
    }

    /// How many minor numbers one disk of it takes, where the kind is known.
    pub fn minors_per_disk(&self, major: u32) -> Option<u32> {
        self.drivers.get(&major).and_then(|driver| driver.minors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Character devices:\n  7 vcs\n 21 sg\n\nBlock devices:\n  1 ramdisk\n  2 fd\n  7 loop\n  \
                        8 sd\n  9 md\n 11 sr\n252 rssd\n253 device-mapper\n259 blkext\n";

    #[test]
    fn only_block_drivers_of_known_kinds_are_supported() {
        let types = DeviceTypes::parse(TEXT, &[]);
        let supported: Vec<u32> = (0..300).filter(|m| types.is_supported(*m)).collect();
        assert_eq!(supported, [1, 7, 8, 9, 253, 259]);
        assert_eq!(types.name(2), Some("fd"));
        assert_eq!(types.minors_per_disk(8), Some(16));
    }

    #[test]
    fn more_kinds_can_be_named() {
        let types = DeviceTypes::parse(TEXT, &[("fd".to_owned(), 16), ("sd".to_owned(), 32)]);
        assert!(types.is_supported(2));
        assert_eq!(types.minors_per_disk(8), Some(32));
    }

    #[test]
    fn without_the_list_every_device_will_do() {
        assert!(DeviceTypes::read(Path::new("/nosuch"), &[]).is_supported(11));
    }
}
