//! Counts and positions: one type per thing counted, so that they cannot be mixed up.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub, SubAssign};

/// Defines a count over `u64`. `+` and `-` panic on overflow in every build profile (the workspace
/// turns overflow checks on); values that come from disk go through the `checked_` methods.
macro_rules! count {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u64);

        impl $name {
            /// None of them.
            pub const ZERO: Self = Self(0);

            /// That many.
            pub const fn new(count: u64) -> Self {
                Self(count)
            }

            /// The bare number.
            pub const fn get(self) -> u64 {
                self.0
            }

            /// Whether there are none.
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }

            /// The sum, unless it overflows.
            pub const fn checked_add(self, other: Self) -> Option<Self> {
                match self.0.checked_add(other.0) {
                    Some(n) => Some(Self(n)),
                    None => None,
                }
            }

            /// The difference, unless it would be negative.
            pub const fn checked_sub(self, other: Self) -> Option<Self> {
                match self.0.checked_sub(other.0) {
                    Some(n) => Some(Self(n)),
                    None => None,
                }
            }

            /// That many times as much, unless it overflows.
            pub const fn checked_mul(self, times: u64) -> Option<Self> {
                match self.0.checked_mul(times) {
                    Some(n) => Some(Self(n)),
                    None => None,
                }
            }

            /// The difference, or zero.
            pub const fn saturating_sub(self, other: Self) -> Self {
                Self(self.0.saturating_sub(other.0))
            }

            /// Rounded down to a multiple of `step`; unchanged where `step` is zero.
            pub const fn round_down(self, step: Self) -> Self {
                if step.0 == 0 { self } else { Self(self.0 - self.0 % step.0) }
            }

            /// Rounded up to a multiple of `step`, unless that overflows; unchanged where `step` is zero.
            pub const fn round_up(self, step: Self) -> Option<Self> {
                if step.0 == 0 || self.0.is_multiple_of(step.0) {
                    return Some(self);
                }
                match self.0.checked_add(step.0 - self.0 % step.0) {
                    Some(n) => Some(Self(n)),
                    None => None,
                }
            }

            /// Whether it is a whole multiple of `step` (nothing is a multiple of zero but zero).
            pub const fn is_multiple_of(self, step: Self) -> bool {
                self.0.is_multiple_of(step.0)
            }
        }

        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }

        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }

        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                self.0 += other.0;
            }
        }

        impl SubAssign for $name {
            fn sub_assign(&mut self, other: Self) {
                self.0 -= other.0;
            }
        }

        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
                iter.fold(Self::ZERO, Add::add)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

count! {
    /// Sectors of 512 bytes, whatever the device's own block size.
    Sectors
}
count! {
    /// Bytes.
    Bytes
}
count! {
    /// Extents: a count, not a position.
    Extents
}

impl Sectors {
    /// Bytes in one sector of metadata and device-mapper arithmetic.
    pub const BYTES: u64 = 512;

    /// The same amount in bytes, unless it overflows.
    pub const fn bytes(self) -> Option<Bytes> {
        match self.0.checked_mul(Self::BYTES) {
            Some(n) => Some(Bytes(n)),
            None => None,
        }
    }
}

impl Bytes {
    /// The whole sectors in it, rounded down.
    pub const fn sectors(self) -> Sectors {
        Sectors(self.0 / Sectors::BYTES)
    }

    /// The sectors it takes, rounded up.
    pub const fn sectors_up(self) -> Sectors {
        Sectors(self.0.div_ceil(Sectors::BYTES))
    }
}

/// Defines a position counted in extents.
macro_rules! position {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u64);

        impl $name {
            /// The extent with this number, counted from zero.
            pub const fn new(index: u64) -> Self {
                Self(index)
            }

            /// The bare number.
            pub const fn get(self) -> u64 {
                self.0
            }

            /// The position that many extents further on, unless it overflows.
            pub const fn checked_add(self, count: Extents) -> Option<Self> {
                match self.0.checked_add(count.get()) {
                    Some(n) => Some(Self(n)),
                    None => None,
                }
            }

            /// How many extents lie from `start` up to here, unless `start` is further on.
            pub const fn checked_since(self, start: Self) -> Option<Extents> {
                match self.0.checked_sub(start.0) {
                    Some(n) => Some(Extents::new(n)),
                    None => None,
                }
            }

            /// How many extents lie before it.
            pub const fn offset(self) -> Extents {
                Extents::new(self.0)
            }
        }

        impl Add<Extents> for $name {
            type Output = Self;
            fn add(self, count: Extents) -> Self {
                Self(self.0 + count.get())
            }
        }

        impl Sub for $name {
            type Output = Extents;
            fn sub(self, start: Self) -> Extents {
                Extents::new(self.0 - start.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

position! {
    /// An extent's position on a PV, counted from its first usable extent.
    Pe
}
position! {
    /// An extent's position in an LV.
    Le
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_goes_both_ways() {
        let step = Sectors::new(8192);
        assert_eq!(Sectors::new(8193).round_down(step), step);
        assert_eq!(Sectors::new(8193).round_up(step), Some(Sectors::new(16384)));
        assert_eq!(Sectors::new(u64::MAX).round_up(step), None);
    }

    #[test]
    fn overflow_is_an_answer_not_a_wrap() {
        assert_eq!(Sectors::new(u64::MAX).bytes(), None);
        assert_eq!(Pe::new(u64::MAX).checked_add(Extents::new(1)), None);
    }
}
