//! How a table names a device.

use crate::{DevNo, DmName};
use std::convert::Infallible;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// A device in a table. The kernel gets numbers and paths; the other two become numbers before.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DevRef {
    /// `7:0`.
    Number(DevNo),
    /// A block device's node, or an image file that has no device yet.
    Path(PathBuf),
    /// A disk by the number its owner gave it, `disk:3`; not yet a device.
    Disk(u32),
    /// Another node of the same tree, by name; it may not exist yet. Shown as its path.
    Node(DmName),
}

impl From<DevNo> for DevRef {
    fn from(number: DevNo) -> Self {
        Self::Number(number)
    }
}

impl fmt::Display for DevRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Path(path) => path.display().fmt(f),
            Self::Disk(id) => write!(f, "disk:{id}"),
            Self::Node(name) => write!(f, "/dev/mapper/{name}"),
        }
    }
}

impl FromStr for DevRef {
    type Err = Infallible;

    /// A number where it reads as one, a disk where it says so, else a path.
    fn from_str(word: &str) -> Result<Self, Infallible> {
        if let Ok(number) = word.parse() {
            return Ok(Self::Number(number));
        }
        match word.strip_prefix("disk:").map(str::parse) {
            Some(Ok(id)) => Ok(Self::Disk(id)),
            _ => Ok(Self::Path(PathBuf::from(word))),
        }
    }
}
