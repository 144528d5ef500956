//! Which extents of the PVs are used, and by what.

use super::{Area, Vg};
use std::collections::HashMap;
use units::{Extents, Id, Pe};

/// A run of extents on a PV.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PeRange {
    /// The first.
    pub start: Pe,
    /// How many.
    pub len: Extents,
}

impl PeRange {
    /// The first extent after it.
    pub fn end(self) -> Pe {
        self.start + self.len
    }
}

/// A used run: which LV's segment lies there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Used {
    /// Where.
    pub range: PeRange,
    /// Which LV.
    pub lv: Id,
    /// Which of its segments, counted from zero.
    pub segment: usize,
    /// Which of the segment's areas, counted from zero.
    pub area: usize,
}

/// What lies on one PV.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PvSpace {
    /// Extents in all.
    pub total: Extents,
    /// Used runs, by position.
    pub used: Vec<Used>,
}

impl PvSpace {
    /// The free runs, by position.
    pub fn free(&self) -> Vec<PeRange> {
        let mut free = Vec::new();
        let mut next = Pe::new(0);
        for used in &self.used {
            if let Some(len) = used.range.start.checked_since(next)
                && !len.is_zero()
            {
                free.push(PeRange { start: next, len });
            }
            next = next.max(used.range.end());
        }
        let end = Pe::new(self.total.get());
        if let Some(len) = end.checked_since(next)
            && !len.is_zero()
        {
            free.push(PeRange { start: next, len });
        }
        free
    }

    /// How many extents are used.
    pub fn used_count(&self) -> Extents {
        self.used.iter().map(|used| used.range.len).sum()
    }

    /// How many extents are free.
    pub fn free_count(&self) -> Extents {
        self.total.saturating_sub(self.used_count())
    }
}

impl Vg {
    /// What lies where, on every PV, in one pass over all segments.
    pub fn space(&self) -> HashMap<Id, PvSpace> {
        let mut spaces: HashMap<Id, PvSpace> =
            self.pvs.iter().map(|pv| (pv.id, PvSpace { total: pv.pe_count, used: Vec::new() })).collect();
        for lv in &self.lvs {
            for (segment, seg) in lv.segments.iter().enumerate() {
                for (area, (place, len)) in seg.areas().enumerate() {
                    if let Area::Pv { pv, start } = place
                        && let Some(space) = spaces.get_mut(&pv)
                    {
                        space.used.push(Used { range: PeRange { start, len }, lv: lv.id, segment, area });
                    }
                }
            }
        }
        for space in spaces.values_mut() {
            space.used.sort_by_key(|used| used.range);
        }
        spaces
    }

    /// Free extents on all PVs.
    pub fn free_extents(&self) -> Extents {
        let used: Extents = self
            .lvs
            .iter()
            .flat_map(|lv| &lv.segments)
            .flat_map(|segment| segment.areas())
            .filter(|(area, _)| matches!(area, Area::Pv { .. }))
            .map(|(_, len)| len)
            .sum();
        self.extents().saturating_sub(used)
    }
}
