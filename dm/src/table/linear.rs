//! `linear DEVICE OFFSET`

use super::words::Words;
use super::{DevRef, TableError};
use std::fmt;
use std::str::FromStr;
use units::Sectors;

/// A stretch of another device.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Linear {
    /// Which device.
    pub device: DevRef,
    /// Where in it the stretch starts.
    pub offset: Sectors,
}

impl Linear {
    /// The target's name in tables.
    pub const NAME: &'static str = "linear";
}

impl fmt::Display for Linear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.device, self.offset)
    }
}

impl FromStr for Linear {
    type Err = TableError;

    fn from_str(params: &str) -> Result<Self, TableError> {
        let mut words = Words::new(Self::NAME, params);
        let linear = Self { device: words.device("a device")?, offset: words.sectors("an offset")? };
        words.end()?;
        Ok(linear)
    }
}
