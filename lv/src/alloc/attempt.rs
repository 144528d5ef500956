//! One allocation under way: what is free, what was found, and the rules of the policy at work.

use super::free_areas::FreeAreas;
use super::{Parallel, Step, Want, cling, contiguous, last_segment, normal};
use units::Id;

/// An allocation under way.
pub(super) struct Attempt<'a> {
    /// What is asked for.
    pub(super) want: &'a Want<'a>,
    /// Among how many stripes.
    pub(super) stripes: usize,
    /// What is free.
    pub(super) areas: FreeAreas,
    /// What was found.
    pub(super) found: Vec<Parallel>,
    /// On which PVs it was found, by stripe, each PV once.
    pub(super) found_on: Vec<Vec<Id>>,
    /// How many extents were found.
    pub(super) allocated: u64,
    /// Whether the extents may come in several runs.
    pub(super) may_split: bool,
}

/// What a round looks for. Rules change from round to round within a step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// The step.
    pub(super) step: Step,
    /// Whether the LV's last segment has as many stripes as are asked for.
    pub(super) same_stripes: bool,
    /// Each stripe has to go on right behind the same stripe of the last segment.
    pub(super) behind_last: bool,
    /// Each stripe has to be on the PV of the same stripe of the LV.
    pub(super) with_last: bool,
    /// Stripes have to be on PVs where extents were found in this allocation.
    pub(super) with_found: bool,
    /// PVs with the same tags are as good as the same PV.
    pub(super) by_tags: bool,
    /// An area found belongs to one stripe; otherwise the largest areas are taken.
    pub(super) positional: bool,
    /// No two stripes on PVs with the same tags.
    pub(super) apart_by_tags: bool,
}

impl<'a> Attempt<'a> {
    /// An allocation that has found nothing yet.
    pub(super) fn new(want: &'a Want<'a>, areas: FreeAreas, may_split: bool) -> Self {
        let stripes = want.stripes.max(1) as usize;
        let found_on = vec![Vec::new(); stripes];
        Self { want, stripes, areas, found: Vec::new(), found_on, allocated: 0, may_split }
    }

    /// Takes what one policy gives.
    pub(super) fn run(&mut self, step: Step) {
        let needed = self.want.extents.get();
        let mut rules = self.rules(step);
        loop {
            let before = self.allocated;
            self.round(&rules, needed - before);
            if !self.go_on(&mut rules, self.allocated != before) {
                return;
            }
            let exhausted = self.want.approximate && self.areas.size() == 0;
            if step == Step::Contiguous || self.allocated == needed || !self.may_split || exhausted {
                return;
            }
        }
    }

    fn rules(&self, step: Step) -> Rules {
        let same_stripes =
            last_segment(self.want).is_some_and(|segment| segment.areas().len() == self.stripes);
        let mut rules = Rules {
            step,
            same_stripes,
            behind_last: false,
            with_last: false,
            with_found: false,
            by_tags: false,
            positional: false,
            apart_by_tags: false,
        };
        match step {
            Step::Contiguous => contiguous::set(&mut rules, !self.want.settings.cling_tags.is_empty()),
            Step::Cling | Step::ClingByTags => cling::set(&mut rules),
            Step::Normal => normal::set(&mut rules, self.want.settings.maximise_cling),
            Step::Anywhere => {}
        }
        rules
    }

    /// Whether another round makes sense, and by which rules.
    fn go_on(&self, rules: &mut Rules, progress: bool) -> bool {
        let maximise = self.want.settings.maximise_cling;
        match rules.step {
            Step::Contiguous | Step::Anywhere => progress,
            Step::Cling | Step::ClingByTags => cling::go_on(rules, maximise, progress),
            Step::Normal => normal::go_on(rules, maximise, progress),
        }
    }
}
