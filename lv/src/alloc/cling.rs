//! Cling: on the PVs the LV is on already, or on PVs that share a tag with those.

use super::Step;
use super::attempt::{Attempt, Rules};
use super::free_areas::AreaIx;
use super::last_segment;
use metadata::model::Area;
use units::Id;

/// The rules of this policy: with the last segment where it has as many stripes, else with what was found
/// (contiguously) in this allocation.
pub(super) fn set(rules: &mut Rules) {
    rules.with_last = rules.same_stripes;
    rules.with_found = !rules.same_stripes;
    rules.by_tags = rules.step == Step::ClingByTags;
    rules.positional = true;
}

/// Without success, a second look no longer asks which stripe an area goes on with.
pub(super) fn go_on(rules: &mut Rules, maximise: bool, progress: bool) -> bool {
    let relax = !progress && maximise && rules.with_last && rules.positional;
    if relax {
        rules.positional = false;
    }
    progress || relax
}

/// Whether two PVs share a tag that the configuration names (`@*`: any tag).
pub(super) fn share_tag(named: &[String], one: &[String], other: &[String]) -> bool {
    named.iter().filter_map(|name| name.strip_prefix('@')).any(|tag| match tag {
        "" => false,
        "*" => one.iter().any(|tag| other.contains(tag)),
        tag => one.iter().any(|own| own == tag) && other.iter().any(|own| own == tag),
    })
}

impl Attempt<'_> {
    fn tags(&self, pv: Id) -> &[String] {
        self.want.vg.pvs.get(pv).map(|pv| pv.tags.as_slice()).unwrap_or_default()
    }

    fn alike(&self, one: Id, other: Id, by_tags: bool) -> bool {
        if !by_tags {
            return one == other;
        }
        share_tag(&self.want.settings.cling_tags, self.tags(one), self.tags(other))
    }

    /// The stripes of the LV that are on the area's PV, or on one like it. Where clinging is maximised LVM2
    /// looks at the LV's first segment, else at its last.
    pub(super) fn stripes_with(&self, ix: AreaIx, by_tags: bool) -> Vec<usize> {
        let pv = self.areas.pv_of(ix);
        let segment = if self.want.settings.maximise_cling {
            self.want.lv.segments.first()
        } else {
            last_segment(self.want)
        };
        let areas = segment.into_iter().flat_map(|segment| segment.areas());
        let alike = |area| match area {
            Area::Pv { pv: on, .. } => self.alike(on, pv, by_tags),
            Area::Lv { .. } => false,
        };
        areas.enumerate().filter(|&(_, (area, _))| alike(area)).map(|(stripe, _)| stripe).collect()
    }

    /// The stripes for which this allocation found extents on the area's PV, or on one like it.
    pub(super) fn stripes_found_with(&self, ix: AreaIx, by_tags: bool) -> Vec<usize> {
        let pv = self.areas.pv_of(ix);
        let on = |pvs: &[Id]| pvs.iter().any(|&on| self.alike(pv, on, by_tags));
        self.found_on.iter().enumerate().filter(|(_, pvs)| on(pvs)).map(|(stripe, _)| stripe).collect()
    }

    /// Whether the area's PV shares a tag with any of those.
    pub(super) fn shares_tag_with(&self, ix: AreaIx, taken: &[String]) -> bool {
        share_tag(&self.want.settings.cling_tags, self.tags(self.areas.pv_of(ix)), taken)
    }

    /// The tags of the area's PV.
    pub(super) fn tags_of(&self, ix: AreaIx) -> &[String] {
        self.tags(self.areas.pv_of(ix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tags_that_the_configuration_names_count() {
        let tags = |list: &[&str]| list.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
        let (a, b) = (tags(&["fast", "left"]), tags(&["fast", "right"]));
        assert!(share_tag(&tags(&["@fast"]), &a, &b));
        assert!(!share_tag(&tags(&["@left", "fast", "@"]), &a, &b));
        assert!(share_tag(&tags(&["@*"]), &a, &b));
        assert!(!share_tag(&tags(&["@*"]), &a, &tags(&["slow"])));
    }
}
