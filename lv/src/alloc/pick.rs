//! One round: looks through the free areas, chooses one per stripe, and takes the longest runs that are equal.

use super::attempt::{Attempt, Rules};
use super::free_areas::AreaIx;
use super::{Parallel, Step};
use std::cmp::Reverse;
use units::Extents;

/// An area with the number of its extents that may be taken.
#[derive(Clone, Copy, Debug)]
struct Slot {
    area: AreaIx,
    usable: u64,
}

/// The areas chosen so far: those that belong to a certain stripe first, then the others.
#[derive(Debug)]
struct Slots {
    list: Vec<Option<Slot>>,
    /// How many slots at the front belong to stripes.
    positional: usize,
    /// How many of those are filled.
    preferred: usize,
    /// How many others there are.
    others: usize,
}

/// What to do with an area.
enum Verdict {
    /// Its stripe's slot has it now.
    Placed,
    /// It may be used.
    Use,
    /// Look at the next one.
    NextArea,
    /// None on this PV is of use.
    NextPv,
}

impl Slots {
    fn new(positional: usize) -> Self {
        Self { list: vec![None; positional], positional, preferred: 0, others: 0 }
    }

    fn set(&mut self, place: usize, slot: Slot) {
        if place >= self.list.len() {
            self.list.resize(place + 1, None);
        }
        self.list[place] = Some(slot);
    }

    /// Fills the first of these stripes' slots that is empty. Without slots of stripes, any stripe will do.
    fn place(&mut self, stripes: &[usize], slot: Slot) -> bool {
        if self.positional == 0 {
            return !stripes.is_empty();
        }
        let empty = |&&stripe: &&usize| stripe < self.positional && self.list[stripe].is_none();
        match stripes.iter().find(empty).copied() {
            Some(stripe) => {
                self.list[stripe] = Some(slot);
                true
            }
            None => false,
        }
    }
}

impl Attempt<'_> {
    /// Looks for up to `extents` extents and takes what it finds.
    pub(super) fn round(&mut self, rules: &Rules, extents: u64) {
        self.areas.release_all();
        let mut slots = Slots::new(if rules.positional { self.stripes } else { 0 });
        loop {
            let before = slots.others;
            self.look(rules, extents, &mut slots);
            if !self.once_more(rules, before, slots.others) {
                break;
            }
        }
        if let Some(chosen) = self.choose(rules, slots) {
            self.take(&chosen, extents);
        }
    }

    fn look(&mut self, rules: &Rules, extents: u64, slots: &mut Slots) {
        for pv in 0..self.areas.pvs().len() {
            if self.areas.first(pv).is_none() {
                continue;
            }
            self.look_at_pv(pv, rules, extents, slots);
            let all_placed = slots.preferred == slots.positional && slots.positional == self.stripes;
            let enough = rules.step == Step::Anywhere && slots.others + slots.positional >= self.stripes;
            if all_placed || enough {
                return;
            }
        }
    }

    /// Of one PV the last area that will do is kept: the smallest that is large enough.
    fn look_at_pv(&mut self, pv: usize, rules: &Rules, extents: u64, slots: &mut Slots) {
        let mut found = false;
        let mut walk = self.areas.first(pv);
        while let Some(ix) = walk {
            match self.judge(ix, rules, extents, found, slots) {
                Verdict::Placed => {
                    slots.preferred += 1;
                    return;
                }
                Verdict::NextPv => return,
                Verdict::NextArea => {}
                Verdict::Use => {
                    if !found || rules.step == Step::Anywhere {
                        slots.others += 1;
                        found = true;
                    }
                    let place = slots.others + slots.positional - 1;
                    let usable = self.areas.reserve(ix, self.wanted_for(rules, place, extents));
                    slots.set(place, Slot { area: ix, usable });
                }
            }
            walk = self.areas.after(ix);
        }
    }

    fn judge(&self, ix: AreaIx, rules: &Rules, extents: u64, found: bool, slots: &mut Slots) -> Verdict {
        let area = self.areas.area(ix);
        if area.unreserved == 0 {
            return Verdict::NextArea;
        }
        if rules.behind_last || rules.with_last || rules.with_found {
            let slot = Slot { area: ix, usable: area.count };
            return match self.suits(ix, rules, slot, slots) {
                Some(true) if rules.positional => Verdict::Placed,
                Some(true) => Verdict::Use,
                Some(false) => Verdict::NextArea,
                None => Verdict::NextPv,
            };
        }
        let too_small = area.unreserved.saturating_mul(self.stripes as u64) < extents;
        let another = found && rules.step != Step::Anywhere;
        if too_small && (!self.may_split || another) { Verdict::NextPv } else { Verdict::Use }
    }

    /// Whether an area goes with what is there; none: nor does any other on its PV.
    fn suits(&self, ix: AreaIx, rules: &Rules, slot: Slot, slots: &mut Slots) -> Option<bool> {
        let as_last = self.want.settings.maximise_cling && rules.same_stripes;
        if (rules.behind_last || as_last) && slots.place(&self.stripes_before(ix), slot) {
            return Some(true);
        }
        if rules.behind_last {
            return Some(false);
        }
        if (rules.with_last || as_last) && slots.place(&self.stripes_with(ix, false), slot) {
            return Some(true);
        }
        if rules.with_found && slots.place(&self.stripes_found_with(ix, false), slot) {
            return Some(true);
        }
        if !rules.by_tags {
            return None;
        }
        let alike =
            if rules.same_stripes { self.stripes_with(ix, true) } else { self.stripes_found_with(ix, true) };
        slots.place(&alike, slot).then_some(true)
    }

    /// One area per stripe, if there are enough: the slots of the stripes, or the largest areas.
    fn choose(&self, rules: &Rules, mut slots: Slots) -> Option<Vec<Slot>> {
        if slots.others + slots.preferred < self.stripes {
            return None;
        }
        slots.list[slots.positional..].sort_by_key(|slot| Reverse(slot.map(|slot| slot.usable)));
        let mut chosen: Vec<Slot> = slots.list.into_iter().flatten().collect();
        if rules.apart_by_tags && slots.positional == 0 {
            let mut taken: Vec<String> = Vec::new();
            chosen.retain(|slot| {
                let apart = !self.shares_tag_with(slot.area, &taken);
                if apart {
                    taken.extend_from_slice(self.tags_of(slot.area));
                }
                apart
            });
        }
        chosen.truncate(self.stripes);
        (chosen.len() == self.stripes).then_some(chosen)
    }

    fn take(&mut self, chosen: &[Slot], extents: u64) {
        let each = extents / self.stripes as u64;
        let len = chosen.iter().map(|slot| slot.usable).min().unwrap_or(0).min(each);
        if len == 0 {
            return;
        }
        let mut places = Vec::with_capacity(chosen.len());
        for (stripe, slot) in chosen.iter().enumerate() {
            let pv = self.areas.pv_of(slot.area);
            places.push((pv, self.areas.area(slot.area).start));
            self.areas.consume(slot.area, len);
            if !self.found_on[stripe].contains(&pv) {
                self.found_on[stripe].push(pv);
            }
        }
        self.found.push(Parallel { len: Extents::new(len), places });
        self.allocated += len * self.stripes as u64;
    }
}
