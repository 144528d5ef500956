//! The free runs of extents on each PV, largest first, and what one attempt has set aside of them.

use crate::pv_args::Candidate;
use metadata::model::{PeRange, PvSpace, Vg};
use std::cmp::Reverse;
use std::collections::HashMap;
use units::{Extents, Id, Pe};

/// Which area.
pub(super) type AreaIx = usize;

/// A free run of extents.
#[derive(Clone, Debug)]
pub(super) struct FreeArea {
    /// Which of the PVs it is on, counted in [`FreeAreas::pvs`].
    pub(super) pv: usize,
    /// First extent.
    pub(super) start: Pe,
    /// How many.
    pub(super) count: u64,
    /// How many of them this round has not set aside.
    pub(super) unreserved: u64,
    prev: Option<AreaIx>,
    next: Option<AreaIx>,
}

/// A PV's free areas, as a list through them.
#[derive(Clone, Debug)]
pub(super) struct FreePv {
    /// Which PV.
    pub(super) pv: Id,
    first: Option<AreaIx>,
    last: Option<AreaIx>,
    /// Whether something on it is set aside.
    touched: bool,
}

/// The free areas an allocation may take from. The order within a PV matters, and is LVM2's also where that
/// is not quite by size: an area is put before the first one whose whole count (not what is left of it) is
/// smaller.
#[derive(Clone, Debug)]
pub(super) struct FreeAreas {
    areas: Vec<FreeArea>,
    pvs: Vec<FreePv>,
    size: u64,
}

impl FreeAreas {
    /// What is free of the candidates: of those that new extents may be placed on, in their order.
    pub(super) fn new(vg: &Vg, space: &HashMap<Id, PvSpace>, candidates: &[Candidate]) -> Self {
        let mut all = Self { areas: Vec::new(), pvs: Vec::new(), size: 0 };
        for candidate in candidates {
            let (Some(pv), Some(used)) = (vg.pvs.get(candidate.pv), space.get(&candidate.pv)) else {
                continue;
            };
            if pv.is_allocatable() {
                all.add_pv(candidate, &used.free());
            }
        }
        all
    }

    fn add_pv(&mut self, candidate: &Candidate, free: &[PeRange]) {
        let pv = self.pvs.len();
        let mut runs: Vec<(Pe, u64)> = Vec::new();
        for range in &candidate.ranges {
            // Free runs are in order: skip those that end before the range.
            let from = free.partition_point(|run| run.end() <= range.start);
            for run in free[from..].iter().take_while(|run| run.start < range.end()) {
                let start = run.start.max(range.start);
                runs.push((start, (run.end().min(range.end()) - start).get()));
            }
        }
        runs.sort_by_key(|&(_, count)| Reverse(count));
        let mut list = FreePv { pv: candidate.pv, first: None, last: None, touched: false };
        for (start, count) in runs {
            let ix = self.areas.len();
            let prev = list.last.replace(ix);
            match prev {
                Some(prev) => self.areas[prev].next = Some(ix),
                None => list.first = Some(ix),
            }
            self.areas.push(FreeArea { pv, start, count, unreserved: count, prev, next: None });
            self.size += count;
        }
        self.pvs.push(list);
    }

    /// The PVs, in order.
    pub(super) fn pvs(&self) -> &[FreePv] {
        &self.pvs
    }

    /// Extents in all areas.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// One area.
    pub(super) fn area(&self, ix: AreaIx) -> &FreeArea {
        &self.areas[ix]
    }

    /// The PV an area is on.
    pub(super) fn pv_of(&self, ix: AreaIx) -> Id {
        self.pvs[self.areas[ix].pv].pv
    }

    /// The first area of a PV.
    pub(super) fn first(&self, pv: usize) -> Option<AreaIx> {
        self.pvs[pv].first
    }

    /// The area behind this one, as the list is now.
    pub(super) fn after(&self, ix: AreaIx) -> Option<AreaIx> {
        self.areas[ix].next
    }

    /// Sets aside up to `wanted` extents of an area, and says how many.
    pub(super) fn reserve(&mut self, ix: AreaIx, wanted: u64) -> u64 {
        let pv = self.areas[ix].pv;
        self.pvs[pv].touched = true;
        let unreserved = self.areas[ix].unreserved;
        if wanted >= unreserved {
            self.areas[ix].unreserved = 0;
            return unreserved;
        }
        self.areas[ix].unreserved = unreserved - wanted;
        self.move_by_unreserved(ix);
        wanted
    }

    /// Begins a round anew: nothing is set aside. While the list is walked its members move, so that one of
    /// several equal areas may be passed over and stay set aside; LVM2 walks it in the same way.
    pub(super) fn release_all(&mut self) {
        for pv in 0..self.pvs.len() {
            if !self.pvs[pv].touched {
                continue;
            }
            let mut walk = self.pvs[pv].first;
            while let Some(ix) = walk {
                if self.areas[ix].unreserved != self.areas[ix].count {
                    self.areas[ix].unreserved = self.areas[ix].count;
                    self.move_by_unreserved(ix);
                }
                walk = self.areas[ix].next;
            }
            let mut left = self.pvs[pv].first;
            while let Some(ix) = left.filter(|&ix| self.areas[ix].unreserved == self.areas[ix].count) {
                left = self.areas[ix].next;
            }
            self.pvs[pv].touched = left.is_some();
        }
    }

    /// Takes extents from the front of an area for good.
    pub(super) fn consume(&mut self, ix: AreaIx, taken: u64) {
        self.unlink(ix);
        let area = &mut self.areas[ix];
        let taken = taken.min(area.count);
        area.start = area.start + Extents::new(taken);
        area.count -= taken;
        area.unreserved = area.count;
        self.size -= taken;
        if area.count > 0 {
            let count = area.count;
            self.link(ix, count);
        }
    }

    fn move_by_unreserved(&mut self, ix: AreaIx) {
        self.unlink(ix);
        let key = self.areas[ix].unreserved;
        self.link(ix, key);
    }

    fn unlink(&mut self, ix: AreaIx) {
        let FreeArea { pv, prev, next, .. } = self.areas[ix];
        match prev {
            Some(prev) => self.areas[prev].next = next,
            None => self.pvs[pv].first = next,
        }
        match next {
            Some(next) => self.areas[next].prev = prev,
            None => self.pvs[pv].last = prev,
        }
        (self.areas[ix].prev, self.areas[ix].next) = (None, None);
    }

    /// Puts an area before the first one whose count is below `key`.
    fn link(&mut self, ix: AreaIx, key: u64) {
        let pv = self.areas[ix].pv;
        let mut before = self.pvs[pv].first;
        while let Some(other) = before.filter(|&other| self.areas[other].count >= key) {
            before = self.areas[other].next;
        }
        let prev = match before {
            Some(before) => self.areas[before].prev.replace(ix),
            None => self.pvs[pv].last.replace(ix),
        };
        match prev {
            Some(prev) => self.areas[prev].next = Some(ix),
            None => self.pvs[pv].first = Some(ix),
        }
        (self.areas[ix].prev, self.areas[ix].next) = (prev, before);
    }
}
