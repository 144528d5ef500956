//! Extent size: the only bridge between extents and sectors.

use crate::{Extents, Sectors};
use std::fmt;
use thiserror::Error;

/// How many sectors one extent of a VG takes; never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExtentSize(Sectors);

/// Why a number of sectors cannot be an extent size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ExtentSizeError {
    /// An extent of nothing.
    #[error("Physical extent size may not be zero")]
    Zero,
    /// More than the text format's 32 bits hold.
    #[error("Physical extent size of {0} sectors does not fit in 32 bits")]
    TooLarge(u64),
}

impl ExtentSize {
    /// 4 MiB, what `vgcreate` takes when nothing else is said.
    pub const DEFAULT: Self = Self(Sectors::new(8192));

    /// An extent of `sectors`. Any size that can be read from disk is taken here; what a user may
    /// ask for is narrower, see [`Self::is_allowed`].
    pub const fn new(sectors: Sectors) -> Result<Self, ExtentSizeError> {
        match sectors.get() {
            0 => Err(ExtentSizeError::Zero),
            n if n > u32::MAX as u64 => Err(ExtentSizeError::TooLarge(n)),
            _ => Ok(Self(sectors)),
        }
    }

    /// Sectors in one extent.
    pub const fn sectors(self) -> Sectors {
        self.0
    }

    /// Whether a VG may be made with it: a power of two of at least one sector, or a multiple of
    /// 128 KiB (2.03.40: vg.c, vg_set_extent_size; sizes below the sector do not occur).
    pub const fn is_allowed(self) -> bool {
        self.0.get().is_power_of_two() || self.0.get().is_multiple_of(256)
    }

    /// The sectors that `count` extents take, unless that overflows.
    pub const fn to_sectors(self, count: Extents) -> Option<Sectors> {
        self.0.checked_mul(count.get())
    }

    /// The whole extents in `size`, rounded down.
    pub const fn extents(self, size: Sectors) -> Extents {
        Extents::new(size.get() / self.0.get())
    }

    /// The extents `size` takes, rounded up.
    pub const fn extents_up(self, size: Sectors) -> Extents {
        Extents::new(size.get().div_ceil(self.0.get()))
    }
}

impl fmt::Display for ExtentSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} sectors", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_may_ask_for_powers_of_two_and_multiples_of_128_kib() {
        let size = |n| ExtentSize::new(Sectors::new(n)).unwrap();
        assert!(size(2).is_allowed());
        assert!(size(256 * 3).is_allowed());
        assert!(!size(6).is_allowed());
        assert!(ExtentSize::new(Sectors::ZERO).is_err());
    }
}
