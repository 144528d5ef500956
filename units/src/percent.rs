//! Percentages as the kernel's status lines give them.

use std::fmt;

/// A share in hundred-thousandths of a percent (LVM2's DM_PERCENT unit is one millionth of the whole
/// per percent point: 1% = 1_000_000), exact enough for every report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(u64);

impl Percent {
    /// Nothing done.
    pub const ZERO: Self = Self(0);
    /// All done.
    pub const FULL: Self = Self(100_000_000);

    /// `part` of `whole`; nothing of nothing is everything. The result is below 100% unless
    /// `part == whole`, and above 0% unless `part` is zero, however large the whole.
    pub fn of(part: u64, whole: u64) -> Self {
        if whole == 0 || part >= whole {
            return Self::FULL;
        }
        if part == 0 {
            return Self::ZERO;
        }
        let exact = u128::from(part) * u128::from(Self::FULL.0) / u128::from(whole);
        Self((exact as u64).clamp(1, Self::FULL.0 - 1))
    }

    /// Percent points as a float, for comparisons and printing.
    pub fn points(self) -> f64 {
        self.0 as f64 / 1_000_000.0
    }
}

impl fmt::Display for Percent {
    /// Two decimals, as reports print it; a share that is neither none nor all never reads 0.00 or 100.00.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hundredths = match self.0 {
            0 => 0,
            n if n >= Self::FULL.0 => 10_000,
            n => ((n + 5_000) / 10_000).clamp(1, 9_999),
        };
        write!(f, "{}.{:02}", hundredths / 100, hundredths % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearly_all_is_not_all() {
        assert_eq!(Percent::of(u64::MAX - 1, u64::MAX).to_string(), "99.99");
        assert_eq!(Percent::of(1, u64::MAX).to_string(), "0.01");
        assert_eq!(Percent::of(1, 3).to_string(), "33.33");
        assert_eq!(Percent::of(2, 2).to_string(), "100.00");
    }
}
