//! `striped COUNT CHUNK [DEVICE OFFSET]...`

use super::words::Words;
use super::{DevRef, TableError};
use std::fmt;
use std::str::FromStr;
use units::Sectors;

/// One device of a striped target, or one leg of a mirror.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Stripe {
    /// Which device.
    pub device: DevRef,
    /// Where in it the stretch starts.
    pub offset: Sectors,
}

/// Stretches of several devices, a chunk from each in turn.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Striped {
    /// How much is on one device before the next one's turn.
    pub chunk: Sectors,
    /// The devices, in order of their turns.
    pub stripes: Vec<Stripe>,
}

impl Striped {
    /// The target's name in tables.
    pub const NAME: &'static str = "striped";
}

impl fmt::Display for Stripe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.device, self.offset)
    }
}

impl fmt::Display for Striped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.stripes.len(), self.chunk)?;
        self.stripes.iter().try_for_each(|stripe| write!(f, " {stripe}"))
    }
}

impl FromStr for Striped {
    type Err = TableError;

    fn from_str(params: &str) -> Result<Self, TableError> {
        let mut words = Words::new(Self::NAME, params);
        let count: u32 = words.number("a number of stripes")?;
        let chunk = words.sectors("a chunk size")?;
        let stripes = stripes(&mut words, count)?;
        words.end()?;
        Ok(Self { chunk, stripes })
    }
}

/// `count` pairs of device and offset. The count is foreign: memory is taken as pairs come.
pub(super) fn stripes(words: &mut Words<'_>, count: u32) -> Result<Vec<Stripe>, TableError> {
    (0..count)
        .map(|_| Ok(Stripe { device: words.device("a device")?, offset: words.sectors("an offset")? }))
        .collect()
}
