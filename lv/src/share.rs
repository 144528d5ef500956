//! Shares: percentages as numbers of extents.

use units::Extents;

/// `percent` of `whole`, rounded down or up to an extent.
pub(crate) fn percent_of(percent: u64, whole: Extents, round_up: bool) -> Extents {
    let exact = u128::from(percent) * u128::from(whole.get()) + if round_up { 99 } else { 0 };
    Extents::new(u64::try_from(exact / 100).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_round_down_or_up() {
        assert_eq!(percent_of(33, Extents::new(10), false), Extents::new(3));
        assert_eq!(percent_of(33, Extents::new(10), true), Extents::new(4));
        assert_eq!(percent_of(100, Extents::new(10), true), Extents::new(10));
    }
}
