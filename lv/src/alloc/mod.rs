//! Which extents an LV gets.
//!
//! An allocation tries the policies in turn, strictest first, up to the one that holds for the LV: contiguous
//! (each stripe goes on right behind the LV's last segment, or lies in one run), cling (on the PVs that are in
//! use already, or on PVs with the same tags), normal (anywhere, stripes on different PVs), anywhere. What one
//! policy found stays found; the next looks for the rest. The order in which areas are looked at decides which
//! extents are taken, and it is LVM2's to the last detail (2.03.40: lv_manip.c, pv_map.c), for the same request
//! has to give the same extents.

mod anywhere;
mod attempt;
mod cling;
mod contiguous;
mod free_areas;
mod normal;
mod pick;

use crate::pv_args::Candidates;
use attempt::Attempt;
use free_areas::FreeAreas;
use metadata::model::{AllocPolicy, Lv, PvSpace, Segment, Vg};
use std::collections::HashMap;
use thiserror::Error;
use units::{Extents, Id, Pe};

/// What the configuration says about allocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllocSettings {
    /// `allocation/cling_tag_list`: tags, each with its at sign, that say which PVs are alike; `@*` is any tag.
    pub cling_tags: Vec<String>,
    /// `allocation/maximise_cling`: further extents go to PVs in use already wherever they can.
    pub maximise_cling: bool,
}

impl Default for AllocSettings {
    /// No tags, and clinging as far as possible.
    fn default() -> Self {
        Self { cling_tags: Vec::new(), maximise_cling: true }
    }
}

/// Why the extents asked for cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AllocError {
    /// Not that many are free where it is allowed to take them.
    #[error("Insufficient free space: {needed} extents needed, but only {available} available")]
    NoSpace {
        /// How many are needed (still, where some were found).
        needed: u64,
        /// How many are free.
        available: u64,
    },
    /// They are free, but not in a way the policy and the stripes allow.
    #[error(
        "Insufficient suitable {}allocatable extents for logical volume {lv}: {more} more required",
        if *contiguous { "contiguous " } else { "" }
    )]
    Unsuitable {
        /// The LV's name.
        lv: String,
        /// Whether the policy is contiguous.
        contiguous: bool,
        /// How many could not be found.
        more: u64,
    },
    /// As many as can be had would do, but there is none.
    #[error(
        "Insufficient suitable {}allocatable extents found for logical volume {lv}.",
        if *contiguous { "contiguous " } else { "" }
    )]
    NoneSuitable {
        /// The LV's name.
        lv: String,
        /// Whether the policy is contiguous.
        contiguous: bool,
    },
    /// The stripes cannot share them evenly.
    #[error("Number of extents requested ({extents}) needs to be divisible by {stripes}.")]
    NotDivisible {
        /// How many are asked for.
        extents: u64,
        /// Among how many stripes.
        stripes: u64,
    },
    /// No PV may be used at all.
    #[error("No physical volume of {vg} is allocatable for logical volume {lv}")]
    NoPv {
        /// The VG.
        vg: String,
        /// The LV's name.
        lv: String,
    },
}

/// What is asked for.
pub(crate) struct Want<'a> {
    /// The VG, before the change.
    pub(crate) vg: &'a Vg,
    /// What lies where in it.
    pub(crate) space: &'a HashMap<Id, PvSpace>,
    /// The LV; without segments where it is new.
    pub(crate) lv: &'a Lv,
    /// How many extents more.
    pub(crate) extents: Extents,
    /// Among how many stripes.
    pub(crate) stripes: u32,
    /// The policy; `Inherit` is the VG's.
    pub(crate) policy: AllocPolicy,
    /// Whether fewer would do.
    pub(crate) approximate: bool,
    /// Where from.
    pub(crate) from: &'a Candidates,
    /// The configuration.
    pub(crate) settings: &'a AllocSettings,
}

/// Runs of equal length, one per stripe, found together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parallel {
    /// How long each is.
    pub(crate) len: Extents,
    /// Where they start.
    pub(crate) places: Vec<(Id, Pe)>,
}

/// The policies in the order they are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Contiguous,
    Cling,
    ClingByTags,
    Normal,
    Anywhere,
}

impl Step {
    const ALL: [Self; 5] = [Self::Contiguous, Self::Cling, Self::ClingByTags, Self::Normal, Self::Anywhere];

    /// The last step a policy goes to. Cling includes clinging by tags.
    fn last(policy: AllocPolicy) -> Self {
        match policy {
            AllocPolicy::Contiguous => Self::Contiguous,
            AllocPolicy::Cling | AllocPolicy::ClingByTags => Self::ClingByTags,
            AllocPolicy::Normal | AllocPolicy::Inherit => Self::Normal,
            AllocPolicy::Anywhere => Self::Anywhere,
        }
    }
}

/// Finds extents, in the order in which the LV is to have them.
pub(crate) fn allocate(want: &Want<'_>) -> Result<Vec<Parallel>, AllocError> {
    let stripes = u64::from(want.stripes.max(1));
    let needed = want.extents.get();
    if !needed.is_multiple_of(stripes) {
        return Err(AllocError::NotDivisible { extents: needed, stripes });
    }
    let policy = if want.policy == AllocPolicy::Inherit { want.vg.alloc } else { want.policy };
    let areas = FreeAreas::new(want.vg, want.space, &want.from.list);
    let lv = || want.lv.name.clone();
    if areas.pvs().is_empty() && want.lv.segments.is_empty() {
        return Err(AllocError::NoPv { vg: want.vg.name.clone(), lv: lv() });
    }
    let mut attempt = Attempt::new(want, areas, policy != AllocPolicy::Contiguous);
    let tags = !want.settings.cling_tags.is_empty();
    for step in Step::ALL.into_iter().filter(|&step| step <= Step::last(policy)) {
        if step == Step::ClingByTags && !tags {
            continue;
        }
        let (still, available) = (needed - attempt.allocated, attempt.areas.size());
        if !want.approximate && still > available {
            return Err(AllocError::NoSpace { needed: still, available });
        }
        let before = attempt.allocated;
        attempt.run(step);
        if attempt.allocated == needed || (!attempt.may_split && attempt.allocated != before) {
            break;
        }
    }
    let contiguous = !attempt.may_split;
    match attempt.allocated {
        found if found == needed => Ok(attempt.found),
        0 if want.approximate && want.lv.segments.is_empty() => {
            Err(AllocError::NoneSuitable { lv: lv(), contiguous })
        }
        _ if want.approximate => Ok(attempt.found),
        found => Err(AllocError::Unsuitable { lv: lv(), contiguous, more: needed - found }),
    }
}

/// The LV's segment that new extents follow.
fn last_segment<'a>(want: &Want<'a>) -> Option<&'a Segment> {
    want.lv.segments.last()
}
