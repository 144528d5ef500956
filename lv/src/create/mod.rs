//! A new LV.

mod error;
mod same;
mod size;
mod stripes;

pub use error::CreateError;
pub use same::is_as_asked;
pub use size::said_of_size;
pub use stripes::said_of_stripes;

use crate::alloc::{AllocSettings, Want};
use crate::edit::begin;
use crate::grow::grow;
use crate::pv_args::PvArg;
use crate::request::{Amount, StripeSettings};
use crate::segtype::Kind;
use metadata::model::names::{check_lv_name, is_tag, next_lvol};
use metadata::model::{AllocPolicy, Flags, Lv, LvFlag, PvSpace, ReadAhead, SegmentType, Vg};
use metadata::plan::{Ctx, Notice, Proposal, Refused};
use size::{Asked, asked_extents, fit_share};
use stripes::{limit_stripe_size, stripes_of};
use units::{ExtentArg, Extents, Sectors, Sign};

/// What the new LV is to be like.
#[derive(Clone, Debug)]
pub struct Create {
    /// Its name; none: `lvol` and a number.
    pub name: Option<String>,
    /// Linear, striped, error or zero.
    pub segtype: SegmentType,
    /// How large. A plus sign means nothing.
    pub amount: Amount,
    /// Among how many stripes; none: one.
    pub stripes: Option<u32>,
    /// How large a stripe's chunks; none: the default.
    pub stripe_size: Option<Sectors>,
    /// What is known about stripes.
    pub stripe_settings: StripeSettings,
    /// How its extents are chosen, now and later.
    pub alloc: AllocPolicy,
    /// What is known about allocation.
    pub alloc_settings: AllocSettings,
    /// Where its extents come from; empty: all PVs.
    pub pvs: Vec<PvArg>,
    /// Its tags, in order; repetitions are dropped.
    pub tags: Vec<String>,
    /// Whether it may only be read.
    pub read_only: bool,
    /// How far ahead the kernel reads.
    pub read_ahead: ReadAhead,
    /// A persistent device number (major and minor).
    pub device: Option<(u32, u32)>,
    /// Whether activation passes it over unless asked.
    pub activation_skip: bool,
    /// Whether it is left alone at boot.
    pub no_autoactivate: bool,
    /// Its metadata profile.
    pub profile: Option<String>,
}

/// Plans `vg` with one more LV, the last of `next.lvs`.
pub fn create(vg: &Vg, request: &Create, ctx: &mut Ctx<'_>) -> Result<Proposal, Refused<CreateError>> {
    let mut notices = Vec::new();
    match plan(vg, request, ctx, &mut notices) {
        Ok(next) => Ok(Proposal { next, notices, consents: Vec::new() }),
        Err(error) => Err(Refused { error, notices }),
    }
}

fn plan(vg: &Vg, request: &Create, ctx: &mut Ctx<'_>, notices: &mut Vec<Notice>) -> Result<Vg, CreateError> {
    let kind = check_request(request)?;
    let stripes = stripes_of(request, kind, notices)?;
    let space = vg.space();
    let free: Extents = space.values().map(PvSpace::free_count).sum();
    let (Asked { mut extents, share }, from) = asked_extents(vg, request, &space, free, notices)?;
    if share {
        extents = fit_share(vg, extents, &stripes, free, notices)?;
    }
    check_room(vg, request)?;
    let stripes = limit_stripe_size(vg, stripes, notices);
    let whole = extents.round_up(Extents::new(u64::from(stripes.count))).unwrap_or(extents);
    if whole != extents {
        notices.push(Notice::StripesRoundedUp { asked: extents, to: whole, stripes: stripes.count });
    }
    if request.alloc != AllocPolicy::Anywhere && stripes.count as usize > from.list.len() {
        return Err(CreateError::TooManyStripes { stripes: stripes.count, pvs: from.list.len() });
    }
    if kind == Kind::Striped && !share && free < whole {
        return Err(CreateError::NoSpace { vg: vg.name.clone(), free, required: whole });
    }
    let mut next = begin(vg);
    let mut lv = empty(vg, request, ctx);
    let want = Want {
        vg,
        space: &space,
        lv: &lv,
        extents: whole,
        stripes: stripes.count,
        policy: request.alloc,
        approximate: share,
        from: &from,
        settings: &request.alloc_settings,
    };
    lv.segments = grow(&want, kind, stripes.size)?;
    // Fresh ids do not collide; where a source repeats itself, the next one will do.
    while let Err(mut again) = next.lvs.push(lv) {
        again.id = ctx.ids.next_id();
        lv = again;
    }
    Ok(next)
}

/// What can be said without looking at the VG.
fn check_request(request: &Create) -> Result<Kind, CreateError> {
    if let Some(name) = &request.name {
        check_lv_name(name).map_err(|source| CreateError::Name { name: name.clone(), source })?;
    }
    if let Some(tag) = request.tags.iter().find(|tag| !is_tag(tag)) {
        return Err(CreateError::Tag(tag.clone()));
    }
    let kind = Kind::of_type(request.segtype).ok_or(CreateError::Unsupported(request.segtype))?;
    let (sign, zero) = match request.amount {
        Amount::Size(size) => (size.sign, size.size.is_zero()),
        Amount::Extents(request) => match request.amount {
            ExtentArg::Count(count) | ExtentArg::Percent(count, _) => (request.sign, count == 0),
        },
    };
    match (sign, zero) {
        (Sign::Minus, _) => Err(CreateError::Negative),
        (Sign::Plus | Sign::Absolute, true) => Err(CreateError::Zero),
        (Sign::Plus | Sign::Absolute, false) => Ok(kind),
    }
}

/// Whether the name is free, and whether there may be one LV more.
fn check_room(vg: &Vg, request: &Create) -> Result<(), CreateError> {
    if let Some(name) = &request.name {
        let historical = vg.historical.iter().any(|gone| gone.name == *name);
        if historical || vg.lv_named(name).is_some() {
            return Err(CreateError::Taken { name: name.clone(), vg: vg.name.clone(), historical });
        }
    }
    let visible = vg.lvs.iter().filter(|lv| lv.is_visible()).count() as u64;
    if vg.max_lv != 0 && visible >= u64::from(vg.max_lv) {
        return Err(CreateError::TooManyLvs { max: vg.max_lv, vg: vg.name.clone() });
    }
    Ok(())
}

fn empty(vg: &Vg, request: &Create, ctx: &mut Ctx<'_>) -> Lv {
    let mut flags = Flags::of(&[LvFlag::Read, LvFlag::Visible]);
    flags.set(LvFlag::Write, !request.read_only);
    flags.set(LvFlag::FixedMinor, request.device.is_some());
    flags.set(LvFlag::ActivationSkip, request.activation_skip);
    flags.set(LvFlag::NoAutoactivate, request.no_autoactivate);
    let mut tags: Vec<String> = Vec::new();
    for tag in &request.tags {
        if !tags.contains(tag) {
            tags.push(tag.clone());
        }
    }
    Lv {
        id: ctx.ids.next_id(),
        name: request.name.clone().unwrap_or_else(|| next_lvol(vg)),
        flags,
        tags,
        creation_time: ctx.now,
        creation_host: ctx.host.to_owned(),
        lock_args: None,
        alloc: request.alloc,
        profile: request.profile.clone(),
        read_ahead: request.read_ahead,
        major: request.device.map(|(major, _)| major),
        minor: request.device.map(|(_, minor)| minor),
        segments: Vec::new(),
        extras: Vec::new(),
    }
}
