//! Which size a request comes to: LVM2's arithmetic (2.03.40: _lvresize_adjust_extents), step by step, for its
//! roundings differ from case to case.

use super::amount::{Asked, asked};
use super::{Direction, Resize, ResizeError};
use crate::edit::full_name;
use crate::pv_args::Candidates;
use crate::request::{Amount, MAX_EXTENTS, MAX_STRIPES, StripeError, StripeSettings, check_largest};
use crate::segtype::Kind;
use metadata::model::{Lv, PvSpace, SegmentKind, SegmentType, Vg};
use metadata::plan::Notice;
use std::collections::HashMap;
use units::{Extents, Id, Sectors, Sign};

/// The size a request comes to.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// How many extents the LV shall have.
    pub(super) extents: Extents,
    /// What new segments are.
    pub(super) kind: Kind,
    /// Among how many stripes.
    pub(super) stripes: u32,
    /// How large their chunks.
    pub(super) stripe_size: Sectors,
    /// Whether fewer extents would do.
    pub(super) approximate: bool,
}

/// A request, checked as far as it goes by itself.
#[derive(Clone, Debug)]
pub(super) struct Goal {
    direction: Direction,
    amount: Option<Amount>,
    kind: Option<Kind>,
    /// Zero where not given.
    stripes: u32,
    /// Zero where not given.
    stripe_size: Sectors,
    settings: StripeSettings,
}

impl Goal {
    pub(super) fn new(
        request: &Resize,
        direction: Direction,
        notices: &mut Vec<Notice>,
    ) -> Result<Self, ResizeError> {
        let mut goal = Self {
            direction,
            amount: request.amount,
            kind: None,
            stripes: 0,
            stripe_size: Sectors::ZERO,
            settings: request.stripe_settings,
        };
        let layout = request.segtype.is_some() || request.stripes.is_some() || request.stripe_size.is_some();
        if direction == Direction::Reduce && layout {
            notices.push(Notice::IgnoredWhenReducing);
            return Ok(goal);
        }
        if let Some(segtype) = request.segtype {
            goal.kind = Some(Kind::of_type(segtype).ok_or(ResizeError::UnsupportedType(segtype))?);
        }
        goal.stripes = request.stripes.unwrap_or(0);
        if request.segtype == Some(SegmentType::Linear) && goal.stripes > 1 {
            return Err(StripeError::Linear(goal.stripes).into());
        }
        if goal.stripes > MAX_STRIPES {
            return Err(StripeError::Count(goal.stripes).into());
        }
        goal.stripe_size = request.stripe_size.unwrap_or_default();
        Ok(goal)
    }

    /// Checks a stripe size that was given, and cuts it down to an extent.
    pub(super) fn limit_stripe_size(
        &mut self,
        vg: &Vg,
        notices: &mut Vec<Notice>,
    ) -> Result<(), ResizeError> {
        if self.stripe_size.is_zero() {
            return Ok(());
        }
        check_largest(self.stripe_size)?;
        let most = vg.extent_size.sectors();
        if self.stripe_size > most {
            notices.push(Notice::StripeSizeReduced { asked: self.stripe_size, to: most });
            self.stripe_size = most;
        }
        if !self.stripe_size.get().is_power_of_two() {
            return Err(StripeError::NotPowerOfTwo(self.stripe_size).into());
        }
        Ok(())
    }

    /// The size it comes to for this LV. Where that is the size the LV has, the notices say so.
    pub(super) fn resolve(
        mut self,
        vg: &Vg,
        lv: &Lv,
        from: &Candidates,
        space: &HashMap<Id, PvSpace>,
        notices: &mut Vec<Notice>,
    ) -> Result<Target, ResizeError> {
        let free: Extents = space.values().map(PvSpace::free_count).sum();
        let mut asked = asked(vg, lv, self.amount, from, space, notices)?;
        let kind = self.kind_for(vg, lv, notices);
        let logical = lv.extents().get();
        let mut physical: u64 = physical_extents(lv);
        if physical == 0 {
            physical = logical;
            asked.physical = false;
        }
        let existing = if asked.physical { physical } else { logical };
        let reducing =
            asked.sign == Sign::Minus || (asked.sign == Sign::Absolute && asked.extents < existing);
        let sized = if reducing {
            self.shrunk(vg, lv, &asked, existing)?
        } else {
            self.grown(vg, lv, &asked, existing, notices)?
        };
        if sized.extents == 0 {
            return Err(ResizeError::Zero);
        }
        let matching = |by_rounding| Notice::MatchesExisting {
            asked: Extents::new(logical),
            existing: Extents::new(logical),
            by_rounding,
        };
        let mut extents = sized.extents;
        if extents == logical {
            notices.push(matching(false));
        } else {
            extents = self.whole_stripes(vg, &sized, logical, asked.share, free.get(), notices)?;
            self.check_direction(extents, logical)?;
            if extents == logical {
                notices.push(matching(true));
            }
        }
        Ok(Target {
            extents: Extents::new(extents),
            kind,
            stripes: sized.stripes.max(1),
            stripe_size: sized.stripe_size,
            approximate: asked.approximate,
        })
    }

    fn check_direction(&self, extents: u64, logical: u64) -> Result<(), ResizeError> {
        let (asked, existing) = (Extents::new(extents), Extents::new(logical));
        match self.direction {
            Direction::Extend if extents < logical => Err(ResizeError::NotLarger { asked, existing }),
            Direction::Reduce if extents > logical => Err(ResizeError::NotSmaller { asked, existing }),
            Direction::Extend | Direction::Reduce | Direction::Either => Ok(()),
        }
    }

    /// What new segments are; where that differs from the last one, a notice says so.
    fn kind_for(&mut self, vg: &Vg, lv: &Lv, notices: &mut Vec<Notice>) -> Kind {
        let last = lv.segments.last().and_then(|segment| Kind::of_segment(&segment.kind));
        let last = last.unwrap_or(Kind::Striped);
        let kind = self.kind.unwrap_or(last);
        if kind != last {
            self.stripes = self.stripes.max(1);
            notices.push(Notice::MixedTypes {
                lv: full_name(vg, lv),
                last: last.text_name().to_owned(),
                new: kind.text_name().to_owned(),
            });
        }
        kind
    }

    /// The new size, where it is not below the old one, and how far the stripes go on.
    fn grown(
        &self,
        vg: &Vg,
        lv: &Lv,
        asked: &Asked,
        existing: u64,
        notices: &mut Vec<Notice>,
    ) -> Result<Sized, ResizeError> {
        let (stripes, stripe_size) = self.stripes_going_on(lv, notices)?;
        let more = match asked.sign {
            Sign::Plus => asked.extents,
            Sign::Absolute | Sign::Minus => asked.extents.saturating_sub(existing),
        };
        let logical = lv.extents().get();
        if more >= MAX_EXTENTS.saturating_sub(logical) {
            return Err(ResizeError::Limit { lv: full_name(vg, lv), extents: Extents::new(more) });
        }
        Ok(Sized { extents: logical + more, segment: more, stripes, stripe_size })
    }

    /// As many stripes as the request says, or as all segments have.
    fn stripes_going_on(&self, lv: &Lv, notices: &mut Vec<Notice>) -> Result<(u32, Sectors), ResizeError> {
        let (mut stripes, mut size) = (0, Sectors::ZERO);
        for segment in &lv.segments {
            let SegmentKind::Striped(striped) = &segment.kind else { continue };
            let count = u32::try_from(striped.areas.len()).unwrap_or(u32::MAX);
            let chunk = striped.stripe_size;
            let other_size = !size.is_zero() && size != chunk && !chunk.is_zero();
            let other_count = stripes != 0 && stripes != count;
            if (other_size && self.stripe_size.is_zero()) || (other_count && self.stripes == 0) {
                return Err(ResizeError::StripesDiffer);
            }
            (stripes, size) = (count, chunk);
        }
        let stripes = if self.stripes == 0 { stripes } else { self.stripes };
        if stripes <= 1 || !self.stripe_size.is_zero() {
            return Ok((stripes, self.stripe_size));
        }
        if size.is_zero() {
            notices.push(Notice::DefaultStripeSize(self.settings.default_size));
            return Ok((stripes, self.settings.default_size));
        }
        notices.push(Notice::LastStripeSize(size));
        Ok((stripes, size))
    }

    /// The new size, where it is below the old one, and what is left of the segment it ends in.
    fn shrunk(&self, vg: &Vg, lv: &Lv, asked: &Asked, existing: u64) -> Result<Sized, ResizeError> {
        let to = match asked.sign {
            Sign::Minus if asked.extents >= existing => {
                return Err(ResizeError::BelowOneExtent(full_name(vg, lv)));
            }
            Sign::Minus => existing - asked.extents,
            Sign::Plus | Sign::Absolute => asked.extents,
        };
        let (mut logical, mut physical) = (0, 0);
        let mut sized = Sized { extents: asked.extents, segment: 0, stripes: 0, stripe_size: Sectors::ZERO };
        for segment in &lv.segments {
            let areas = segment.areas();
            (sized.stripes, sized.stripe_size) = match &segment.kind {
                SegmentKind::Striped(striped) => {
                    (u32::try_from(areas.len()).unwrap_or(u32::MAX), striped.stripe_size)
                }
                SegmentKind::Error | SegmentKind::Zero | SegmentKind::Verbatim(_) => (0, Sectors::ZERO),
            };
            let on_pvs: u64 = areas.map(|(_, len)| len.get()).sum();
            let (before, len) =
                if asked.physical { (physical, on_pvs) } else { (logical, segment.len.get()) };
            if to <= before + len {
                sized.segment = to - before;
                sized.extents = logical + sized.segment;
                break;
            }
            logical += segment.len.get();
            physical += on_pvs;
        }
        Ok(sized)
    }

    /// Rounds the segment that the LV ends in to whole stripes: up, or down where a share is asked for and no
    /// more is free.
    fn whole_stripes(
        &self,
        vg: &Vg,
        sized: &Sized,
        logical: u64,
        share: bool,
        free: u64,
        notices: &mut Vec<Notice>,
    ) -> Result<u64, ResizeError> {
        if sized.stripes <= 1 {
            return Ok(sized.extents);
        }
        if sized.stripe_size < self.settings.least {
            return Err(StripeError::Invalid(sized.stripe_size).into());
        }
        let per_chunk = vg.extent_size.extents(sized.stripe_size).get().max(1);
        let step = u64::from(sized.stripes) * per_chunk;
        let rest = sized.segment % step;
        if rest == 0 {
            return Ok(sized.extents);
        }
        let asked = Extents::new(sized.extents);
        let (down, up) = (sized.extents - rest, sized.extents - rest + step);
        if sized.extents < logical || !share || free >= up - logical {
            notices.push(Notice::SegmentRoundedUp { asked, to: Extents::new(up) });
            return Ok(up);
        }
        notices.push(Notice::SegmentRoundedDown { asked, to: Extents::new(down) });
        Ok(down)
    }
}

/// A size on the way.
struct Sized {
    /// How many extents the LV would have.
    extents: u64,
    /// How many of them lie in the segment that is added or cut.
    segment: u64,
    /// That segment's stripes; zero where it has none.
    stripes: u32,
    stripe_size: Sectors,
}

fn physical_extents(lv: &Lv) -> u64 {
    lv.segments.iter().flat_map(|segment| segment.areas()).map(|(_, len)| len.get()).sum()
}
