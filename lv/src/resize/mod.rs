//! More or fewer extents for an LV.

mod amount;
mod apply;
mod error;
mod size;

pub use error::ResizeError;

use crate::alloc::AllocSettings;
use crate::edit::{begin, check_known, check_unused, full_name};
use crate::pv_args::{Candidates, PvArg};
use crate::request::{Amount, StripeSettings};
use metadata::live::Live;
use metadata::model::{AllocPolicy, LvFlag, SegmentType, Vg};
use metadata::plan::{Consent, Ctx, Notice, Proposal, Refused};
use units::{Extents, Id, Sectors};

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Only larger.
    Extend,
    /// Only smaller.
    Reduce,
    /// Whichever the size says.
    Either,
}

/// What an LV is to become.
#[derive(Clone, Debug)]
pub struct Resize {
    /// Which.
    pub lv: Id,
    /// By or to how much; none: by all that is free on the PVs named.
    pub amount: Option<Amount>,
    /// The type of new segments; none: that of the last one.
    pub segtype: Option<SegmentType>,
    /// Among how many stripes; none: as many as the LV has.
    pub stripes: Option<u32>,
    /// How large a stripe's chunks; none: as the LV has them, or the default.
    pub stripe_size: Option<Sectors>,
    /// What is known about stripes.
    pub stripe_settings: StripeSettings,
    /// How extents are chosen this once; none: as the LV says.
    pub alloc: Option<AllocPolicy>,
    /// What is known about allocation.
    pub alloc_settings: AllocSettings,
    /// Where new extents come from; empty: all PVs.
    pub pvs: Vec<PvArg>,
}

/// Plans a larger LV.
pub fn extend(
    vg: &Vg,
    live: &Live,
    request: &Resize,
    ctx: &mut Ctx<'_>,
) -> Result<Proposal, Refused<ResizeError>> {
    resize(vg, live, request, Direction::Extend, ctx)
}

/// Plans a smaller LV.
pub fn reduce(
    vg: &Vg,
    live: &Live,
    request: &Resize,
    ctx: &mut Ctx<'_>,
) -> Result<Proposal, Refused<ResizeError>> {
    resize(vg, live, request, Direction::Reduce, ctx)
}

/// Plans an LV of another size.
pub fn resize(
    vg: &Vg,
    live: &Live,
    request: &Resize,
    direction: Direction,
    _ctx: &mut Ctx<'_>,
) -> Result<Proposal, Refused<ResizeError>> {
    let mut notices = Vec::new();
    match plan(vg, live, request, direction, &mut notices) {
        Ok((next, consents)) => Ok(Proposal { next, notices, consents }),
        Err(error) => Err(Refused { error, notices }),
    }
}

fn plan(
    vg: &Vg,
    live: &Live,
    request: &Resize,
    direction: Direction,
    notices: &mut Vec<Notice>,
) -> Result<(Vg, Vec<Consent>), ResizeError> {
    let next = begin(vg);
    let space = next.space();
    let Some(lv) = next.lvs.get(request.lv) else {
        return Err(ResizeError::NotFound { lv: request.lv, vg: vg.name.clone() });
    };
    let name = full_name(vg, lv);
    let mut goal = size::Goal::new(request, direction, notices)?;
    let from = Candidates::new(&next, &request.pvs, &space, false, notices)?;
    goal.limit_stripe_size(&next, notices)?;
    if !lv.is_visible() {
        return Err(ResizeError::Internal(name));
    }
    if lv.flags.has(LvFlag::Locked) {
        return Err(ResizeError::Locked(name));
    }
    check_known(vg, lv)?;
    check_unused(vg, lv)?;
    let target = goal.resolve(&next, lv, &from, &space, notices)?;
    let existing = lv.extents();
    let reducing = target.extents < existing || direction == Direction::Reduce;
    if reducing && from.named {
        notices.push(Notice::IgnoredPvsWhenReducing);
    }
    if target.extents == existing {
        return Err(ResizeError::NoChange);
    }
    let consents = if target.extents < existing { ask(vg, live, lv, target.extents) } else { Vec::new() };
    let segments = if target.extents < existing {
        apply::shortened(lv, target.extents)?
    } else {
        apply::extended(&next, lv, request, &target, &from, &space)?
    };
    let reached: Extents = segments.iter().map(|segment| segment.len).sum();
    notices.push(Notice::SizeChanged { lv: name.clone(), from: existing, to: reached });
    if reached == existing {
        return Err(ResizeError::NothingFound { lv: name, extents: existing });
    }
    let mut next = next;
    if let Some(lv) = next.lvs.get_mut(request.lv) {
        lv.segments = segments;
    }
    Ok((next, consents))
}

/// A smaller LV loses data; one that is known to be inactive is LVM2's to shrink unasked.
fn ask(vg: &Vg, live: &Live, lv: &metadata::model::Lv, to: Extents) -> Vec<Consent> {
    let active = live.is_active(lv.id);
    if !active && live.known {
        return Vec::new();
    }
    let sectors = |extents| vg.extent_size.to_sectors(extents).unwrap_or_default();
    vec![Consent::Shrink {
        lv: full_name(vg, lv),
        from: sectors(lv.extents()),
        to: sectors(to),
        active,
        open: live.of(lv.id).is_some_and(|device| device.open_count > 0),
    }]
}
