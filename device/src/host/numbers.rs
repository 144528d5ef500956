//! Device numbers.

use crate::disk::Identity;
use std::fmt;
use std::str::FromStr;

/// A device's number, as the kernel writes it: `major:minor`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DevNumber {
    /// Which driver.
    pub major: u32,
    /// Which of its devices.
    pub minor: u32,
}

impl DevNumber {
    /// From a `dev_t`.
    pub fn from_raw(raw: u64) -> Self {
        let part = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        Self { major: part(nix::sys::stat::major(raw)), minor: part(nix::sys::stat::minor(raw)) }
    }

    /// The number of a disk that is a block device.
    pub fn of(identity: Identity) -> Option<Self> {
        match identity {
            Identity::Device { major, minor } => Some(Self { major, minor }),
            Identity::File { .. } | Identity::Memory(_) | Identity::Mapped(_) => None,
        }
    }

    /// The disk of that number.
    pub fn identity(self) -> Identity {
        Identity::Device { major: self.major, minor: self.minor }
    }
}

impl fmt::Display for DevNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.major, self.minor)
    }
}

/// Not of the form `major:minor`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a device number")]
pub struct NotANumber;

impl FromStr for DevNumber {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<Self, NotANumber> {
        let (major, minor) = text.split_once(':').ok_or(NotANumber)?;
        let part = |text: &str| text.parse().map_err(|_| NotANumber);
        Ok(Self { major: part(major)?, minor: part(minor)? })
    }
}
