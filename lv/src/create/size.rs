//! How many extents a new LV gets.

use super::stripes::Stripes;
use super::{Create, CreateError};
use crate::pv_args::Candidates;
use crate::request::{Amount, MAX_EXTENTS};
use crate::share::percent_of;
use metadata::model::{PvSpace, Vg};
use metadata::plan::Notice;
use std::collections::HashMap;
use units::{ExtentArg, Extents, Id, PercentOf};

/// A number of extents, and whether it is a share of which as much as can be had will do.
pub(super) struct Asked {
    pub(super) extents: Extents,
    pub(super) share: bool,
}

/// What is said of the size of a new LV in `vg`, before the PVs are looked at that it is to lie on.
pub fn said_of_size(vg: &Vg, amount: Amount) -> Result<Vec<Notice>, CreateError> {
    let mut notices = Vec::new();
    fixed_extents(vg, amount, &mut notices).map(|_| notices)
}

/// The extents asked for, where they do not depend on what is free.
fn fixed_extents(vg: &Vg, amount: Amount, notices: &mut Vec<Notice>) -> Result<Option<Extents>, CreateError> {
    let too_large = |extents| CreateError::TooLarge { extents, extent_size: vg.extent_size.sectors() };
    let fixed = match amount {
        Amount::Size(size) => {
            let extents = vg.extent_size.extents_up(size.size);
            let to = vg.extent_size.to_sectors(extents).ok_or_else(|| too_large(extents))?;
            if to != size.size {
                notices.push(Notice::RoundedUp { asked: size.size, to });
            }
            Some(extents)
        }
        Amount::Extents(request) => match request.amount {
            ExtentArg::Count(count) => Some(Extents::new(count)),
            ExtentArg::Percent(..) => None,
        },
    };
    match fixed.filter(|extents| extents.get() > MAX_EXTENTS) {
        Some(extents) => Err(too_large(extents)),
        None => Ok(fixed),
    }
}

/// The extents a request asks for, and where from.
pub(super) fn asked_extents(
    vg: &Vg,
    request: &Create,
    space: &HashMap<Id, PvSpace>,
    free: Extents,
    notices: &mut Vec<Notice>,
) -> Result<(Asked, Candidates), CreateError> {
    let fixed = fixed_extents(vg, request.amount, notices)?;
    let from = Candidates::new(vg, &request.pvs, space, true, notices)?;
    let (extents, share) = match (fixed, request.amount) {
        (Some(extents), _) => (extents, false),
        (None, Amount::Extents(asked)) => (share_of(vg, asked.amount, &from, space, free, notices)?, true),
        (None, Amount::Size(_)) => (Extents::ZERO, false),
    };
    Ok((Asked { extents, share }, from))
}

fn share_of(
    vg: &Vg,
    amount: ExtentArg,
    from: &Candidates,
    space: &HashMap<Id, PvSpace>,
    free: Extents,
    notices: &mut Vec<Notice>,
) -> Result<Extents, CreateError> {
    let (percent, of) = match amount {
        ExtentArg::Percent(percent, of) => (percent, of),
        ExtentArg::Count(count) => return Ok(Extents::new(count)),
    };
    let extents = match of {
        PercentOf::Vg => {
            let share = percent_of(percent, vg.extents(), false);
            if share > free {
                let to = vg.extent_size.to_sectors(free).unwrap_or_default();
                notices.push(Notice::ShareReduced { percent, to });
            }
            share.min(free)
        }
        PercentOf::Free => percent_of(percent, free, false),
        PercentOf::Pvs if from.named => percent_of(percent, from.free(space), false),
        PercentOf::Pvs => percent_of(percent, vg.extents(), false),
        PercentOf::Lv | PercentOf::Origin => return Err(CreateError::Share(of)),
    };
    if extents.is_zero() { Err(CreateError::ShareOfNothing) } else { Ok(extents) }
}

/// Rounds a share down to whole stripes where what is free does not allow to round it up.
pub(super) fn fit_share(
    vg: &Vg,
    extents: Extents,
    stripes: &Stripes,
    free: Extents,
    notices: &mut Vec<Notice>,
) -> Result<Extents, CreateError> {
    let per_chunk = vg.extent_size.extents(stripes.size).get().max(1);
    let step = Extents::new(u64::from(stripes.count) * per_chunk);
    let down = extents.round_down(step);
    if down == extents || free >= down + step {
        return Ok(extents);
    }
    notices.push(Notice::StripesRoundedDown { asked: extents, to: down, stripes: stripes.count });
    if down.is_zero() { Err(CreateError::ShareBelowStripe) } else { Ok(down) }
}
