//! How many extents an amount to resize by or to comes to.

use super::ResizeError;
use crate::pv_args::Candidates;
use crate::request::{Amount, MAX_EXTENTS};
use crate::share::percent_of;
use metadata::model::{Lv, PvSpace, Vg};
use metadata::plan::Notice;
use std::collections::HashMap;
use units::{ExtentArg, ExtentRequest, Extents, Id, PercentOf, Sectors, Sign};

/// An amount in extents.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) sign: Sign,
    pub(super) extents: u64,
    /// Whether it is a share of anything.
    pub(super) share: bool,
    /// Whether it counts extents of PVs rather than of the LV.
    pub(super) physical: bool,
    /// Whether fewer would do.
    pub(super) approximate: bool,
}

/// What an amount comes to; none: all that is free on the PVs named.
pub(super) fn asked(
    vg: &Vg,
    lv: &Lv,
    amount: Option<Amount>,
    from: &Candidates,
    space: &HashMap<Id, PvSpace>,
    notices: &mut Vec<Notice>,
) -> Result<Asked, ResizeError> {
    let plain = |sign, extents| Asked { sign, extents, share: false, physical: false, approximate: false };
    match amount {
        Some(Amount::Size(size)) => {
            let extents = whole_extents(vg, size.size, size.sign, notices)?;
            Ok(plain(size.sign, extents.get()))
        }
        Some(Amount::Extents(ExtentRequest { sign, amount: ExtentArg::Count(count) })) => {
            Ok(plain(sign, count))
        }
        Some(Amount::Extents(ExtentRequest { sign, amount: ExtentArg::Percent(percent, of) })) => {
            share_of(vg, lv, (sign, percent, of), from, space, notices)
        }
        None => {
            let all = (Sign::Plus, 100, PercentOf::Pvs);
            share_of(vg, lv, all, from, space, notices)
        }
    }
}

/// A size in extents: rounded up, or down where that much is taken away.
fn whole_extents(
    vg: &Vg,
    size: Sectors,
    sign: Sign,
    notices: &mut Vec<Notice>,
) -> Result<Extents, ResizeError> {
    let extents = match sign {
        Sign::Minus => vg.extent_size.extents(size),
        Sign::Plus | Sign::Absolute => vg.extent_size.extents_up(size),
    };
    let extent_size = vg.extent_size.sectors();
    let too_large = ResizeError::TooLarge { extents, extent_size };
    let Some(to) = vg.extent_size.to_sectors(extents) else { return Err(too_large) };
    if to != size {
        notices.push(Notice::RoundedToBoundary { asked: size, to });
    }
    if extents.get() > MAX_EXTENTS {
        return Err(too_large);
    }
    if extents.is_zero() && !size.is_zero() {
        return Err(ResizeError::LessThanExtent { size, extent_size });
    }
    Ok(extents)
}

fn share_of(
    vg: &Vg,
    lv: &Lv,
    (sign, percent, of): (Sign, u64, PercentOf),
    from: &Candidates,
    space: &HashMap<Id, PvSpace>,
    notices: &mut Vec<Notice>,
) -> Result<Asked, ResizeError> {
    let free: Extents = space.values().map(PvSpace::free_count).sum();
    let of_what = |whole| percent_of(percent, whole, sign != Sign::Minus);
    let mut asked = Asked { sign, extents: 0, share: true, physical: false, approximate: false };
    if percent == 0 {
        return Ok(asked);
    }
    let extents = match of {
        PercentOf::Vg => {
            let share = of_what(vg.extents());
            let most = lv.extents() + free;
            if sign == Sign::Absolute && share > most {
                let to = vg.extent_size.to_sectors(most).unwrap_or_default();
                notices.push(Notice::ShareReduced { percent, to });
                most
            } else {
                share
            }
        }
        PercentOf::Free => of_what(free),
        PercentOf::Lv => of_what(lv.extents()),
        PercentOf::Pvs if from.named => of_what(from.free(space)),
        PercentOf::Pvs => of_what(vg.extents()),
        PercentOf::Origin => return Err(ResizeError::NoOrigin),
    };
    asked.extents = extents.get();
    asked.physical = matches!(of, PercentOf::Vg | PercentOf::Free | PercentOf::Pvs);
    asked.approximate = match sign {
        Sign::Absolute => asked.physical,
        Sign::Plus => of == PercentOf::Free,
        Sign::Minus => false,
    };
    Ok(asked)
}
