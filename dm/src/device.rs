//! What identifies a device, and what the kernel says of one.

use crate::{DmName, DmUuid};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// A device number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DevNo {
    /// The driver.
    pub major: u32,
    /// The device among the driver's.
    pub minor: u32,
}

/// Why something is not a device number.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("a device number is MAJOR:MINOR (at most 4095:1048575), this is {0:?}")]
pub struct DevNoError(pub String);

impl DevNo {
    const MAX_MAJOR: u32 = (1 << 12) - 1;
    const MAX_MINOR: u32 = (1 << 20) - 1;

    /// That device.
    pub const fn new(major: u32, minor: u32) -> Self {
        Self { major, minor }
    }

    /// As the ioctls carry it (the kernel's `huge_encode_dev`): the low byte of the minor, 12 bits of major,
    /// the rest of the minor.
    pub const fn encode(self) -> u64 {
        let (major, minor) = (self.major as u64, self.minor as u64);
        (minor & 0xff) | (major << 8) | ((minor & !0xff) << 12)
    }

    /// The inverse of [`Self::encode`]; also reads what `stat` calls `st_rdev` for every number Linux has.
    pub const fn decode(dev: u64) -> Self {
        Self { major: ((dev >> 8) & 0xfff) as u32, minor: ((dev & 0xff) | ((dev >> 12) & 0xfff00)) as u32 }
    }
}

impl fmt::Display for DevNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.major, self.minor)
    }
}

impl FromStr for DevNo {
    type Err = DevNoError;

    fn from_str(text: &str) -> Result<Self, DevNoError> {
        let wrong = || DevNoError(text.to_owned());
        let (major, minor) = text.split_once(':').ok_or_else(wrong)?;
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(major) || !digits(minor) {
            return Err(wrong());
        }
        let number =
            Self { major: major.parse().map_err(|_| wrong())?, minor: minor.parse().map_err(|_| wrong())? };
        if number.major > Self::MAX_MAJOR || number.minor > Self::MAX_MINOR {
            return Err(wrong());
        }
        Ok(number)
    }
}

/// By what an ioctl finds its device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Device<'a> {
    /// Its name.
    Name(&'a DmName),
    /// Its uuid.
    Uuid(&'a DmUuid),
    /// Its number. The one that survives a rename in between.
    Number(DevNo),
}

impl fmt::Display for Device<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => name.fmt(f),
            Self::Uuid(uuid) => uuid.fmt(f),
            Self::Number(number) => number.fmt(f),
        }
    }
}

impl<'a> From<&'a DmName> for Device<'a> {
    fn from(name: &'a DmName) -> Self {
        Self::Name(name)
    }
}

impl<'a> From<&'a DmUuid> for Device<'a> {
    fn from(uuid: &'a DmUuid) -> Self {
        Self::Uuid(uuid)
    }
}

impl From<DevNo> for Device<'_> {
    fn from(number: DevNo) -> Self {
        Self::Number(number)
    }
}

/// Whether writes reach a device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Access {
    /// Reads and writes.
    #[default]
    ReadWrite,
    /// Writes are refused.
    ReadOnly,
}

/// What the kernel says of a device, in the answer to nearly every ioctl.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// Its name, as the kernel has it (mangled).
    pub name: DmName,
    /// Its uuid, where it has one.
    pub uuid: Option<DmUuid>,
    /// Its number.
    pub number: DevNo,
    /// How many have it open: mounts, programs, and other devices whose tables name it.
    pub open_count: u32,
    /// How many events it has had.
    pub event_nr: u32,
    /// Targets in the live table.
    pub target_count: u32,
    /// Whether the live table refuses writes.
    pub access: Access,
    /// Whether I/O is held back.
    pub suspended: bool,
    /// Whether a target holds it back on its own (a thin pool under its thin devices).
    pub internally_suspended: bool,
    /// Whether a table is live.
    pub live_table: bool,
    /// Whether a table is loaded and waits for the next resume.
    pub inactive_table: bool,
    /// Whether it goes away at its last close.
    pub deferred_remove: bool,
    /// Whether this ioctl made a uevent, so that a cookie counted for it will be taken back by udev.
    pub uevent: bool,
}

/// What became of a removal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removed {
    /// Whether the removal made a uevent, so that a cookie counted for it will be taken back by udev.
    pub uevent: bool,
    /// Whether the device is open and goes away at its last close.
    pub deferred_remove: bool,
}

/// One device in the list of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name, as the kernel has it (mangled).
    pub name: DmName,
    /// Its uuid, where it has one.
    pub uuid: Option<DmUuid>,
    /// Its number.
    pub number: DevNo,
    /// How many events it has had; unknown to kernels before 4.11.
    pub event_nr: Option<u32>,
}

/// Three numbers, of the driver or of a target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Changes break.
    pub major: u32,
    /// Changes add.
    pub minor: u32,
    /// Changes mend.
    pub patch: u32,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// A target the running kernel has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetVersion {
    /// Its name, as in tables.
    pub name: String,
    /// Which version of it.
    pub version: Version,
}

/// One target's line in a device's status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetStatus {
    /// Where it starts.
    pub start: units::Sectors,
    /// How long it is.
    pub len: units::Sectors,
    /// The target's name.
    pub name: String,
    /// What the target says; [`crate::status`] reads it.
    pub status: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_survive_the_kernels_encoding() {
        for number in [DevNo::new(7, 0), DevNo::new(253, 1023), DevNo::new(4095, 1_048_575)] {
            assert_eq!(DevNo::decode(number.encode()), number);
            assert_eq!(number.to_string().parse::<DevNo>().unwrap(), number);
        }
        assert_eq!(DevNo::new(253, 256).encode(), 0x10_fd00);
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", ":", "7:", "7", "-1:0", "+7:0", "4096:0", "0:1048576", "7:0:0", "sda"] {
            assert!(text.parse::<DevNo>().is_err(), "{text}");
        }
    }
}
