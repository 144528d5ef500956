//! Which kinds of block device a host has, by the names in `/proc/devices`.

use std::collections::HashMap;
use std::path::Path;

/// Drivers whose devices are used as disks, and how many minor numbers one of their disks takes (1 where
/// its partitions have numbers of another driver). A driver belongs to the first name that its own begins
/// with. Facts: LVM2 2.03.40 lib/device/device-types.h.
const KNOWN: [(&str, u32); 38] = [
    ("sd", 16),
    ("ide", 64),
    ("md", 1),
    ("loop", 1),
    ("ramdisk", 1),
    ("device-mapper", 1),
    ("mdp", 1),
    ("dasd", 4),
    ("dac960", 8),
    ("nbd", 16),
    ("ida", 16),
    ("cciss", 16),
    ("ubd", 16),
    ("ataraid", 16),
    ("drbd", 16),
    ("rbd", 16),
    ("emcpower", 16),
    ("power2", 16),
    ("i2o_block", 16),
    ("iseries/vd", 8),
    ("gnbd", 1),
    ("aoe", 16),
    ("xvd", 16),
    ("vdisk", 8),
    ("ps3disk", 16),
    ("virtblk", 8),
    ("mmc", 16),
    ("blkext", 1),
    ("fio", 16),
    ("mtip32xx", 16),
    ("vtms", 16),
    ("skd", 16),
    ("scm", 8),
    ("bcache", 1),
    ("nvme", 64),
    ("zvol", 16),
    ("VxDMP", 16),
    ("zram", 1),
];

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
            let known = KNOWN.iter().find(|(known, _)| name.starts_with(known)).map(|(_, minors)| *minors);
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
