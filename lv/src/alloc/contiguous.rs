//! Contiguous: right behind what is there, or, for a new LV, the best run of each PV.

use super::attempt::{Attempt, Rules};
use super::free_areas::AreaIx;
use super::last_segment;
use metadata::model::Area;

/// The rules of this policy.
pub(super) fn set(rules: &mut Rules, tags: bool) {
    rules.behind_last = rules.same_stripes;
    rules.positional = rules.same_stripes;
    rules.apart_by_tags = tags;
}

impl Attempt<'_> {
    /// The stripes of the last segment right behind which an area begins.
    pub(super) fn stripes_before(&self, ix: AreaIx) -> Vec<usize> {
        let (pv, start) = (self.areas.pv_of(ix), self.areas.area(ix).start);
        let segment = last_segment(self.want);
        let areas = segment.into_iter().flat_map(|segment| segment.areas());
        let behind = |(area, len)| match area {
            Area::Pv { pv: on, start: from } => on == pv && from + len == start,
            Area::Lv { .. } => false,
        };
        areas.enumerate().filter(|&(_, area)| behind(area)).map(|(stripe, _)| stripe).collect()
    }
}
