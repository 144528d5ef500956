//! Anywhere: parallel stripes may share a PV, even an area.

use super::Step;
use super::attempt::{Attempt, Rules};

impl Attempt<'_> {
    /// How many extents to take of the area that would go to this slot. Slots beyond the stripes get none.
    pub(super) fn wanted_for(&self, rules: &Rules, slot: usize, extents: u64) -> u64 {
        let each = extents / self.stripes as u64;
        if rules.step == Step::Anywhere && slot >= self.stripes { 0 } else { each }
    }

    /// Whether to go through all PVs once more: something was found, but not enough.
    pub(super) fn once_more(&self, rules: &Rules, before: usize, now: usize) -> bool {
        rules.step == Step::Anywhere && before != now && now < self.stripes
    }
}
