//! The segments an LV has once its size is settled.

use super::size::Target;
use super::{Resize, ResizeError};
use crate::alloc::Want;
use crate::grow::grow;
use crate::pv_args::Candidates;
use crate::segtype::shorten;
use metadata::model::{Lv, PvSpace, Segment, Vg};
use std::collections::HashMap;
use units::{Extents, Id, Le};

/// What is left of an LV's segments when it has only so many extents.
pub(super) fn shortened(lv: &Lv, to: Extents) -> Result<Vec<Segment>, ResizeError> {
    let end = Le::new(to.get());
    let mut segments: Vec<Segment> =
        lv.segments.iter().filter(|segment| segment.start < end).cloned().collect();
    if let Some(last) = segments.last_mut()
        && let Some(over) = last.end().checked_since(end)
        && !shorten(last, over)
    {
        return Err(ResizeError::NotDivisible { extents: over, stripes: last.areas().len() });
    }
    Ok(segments)
}

/// An LV's segments with new ones behind them.
pub(super) fn extended(
    vg: &Vg,
    lv: &Lv,
    request: &Resize,
    target: &Target,
    from: &Candidates,
    space: &HashMap<Id, PvSpace>,
) -> Result<Vec<Segment>, ResizeError> {
    let want = Want {
        vg,
        space,
        lv,
        extents: target.extents.saturating_sub(lv.extents()),
        stripes: target.stripes,
        policy: request.alloc.unwrap_or(lv.alloc),
        approximate: target.approximate,
        from,
        settings: &request.alloc_settings,
    };
    Ok(grow(&want, target.kind, target.stripe_size)?)
}
