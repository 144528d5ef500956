//! What the options ask for.

use crate::change::Refusal;
use crate::lvs;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::session::profiles::metadata_profile;
use lv::{Amount, Create, PvArg, StripeSettings, check_stripes, said_of_size, said_of_stripes};
use metadata::model::names::check_lv_name;
use metadata::model::{AllocPolicy, ReadAhead, SegmentType};
use metadata::plan::Notice;
use store::VgOnDisk;
use units::{ExtentArg, Sectors};

/// What can be said before any VG is looked at. LVM2 says these things first, and with status 3.
pub(super) fn check(parsed: &Parsed, name: Option<&str>, stripes: StripeSettings) -> Result<(), Refusal> {
    let refuse = |line: &str| Err(Refusal::words(line).invalid());
    if parsed.flag(Opt::Nosync) {
        return refuse("--nosync is supported only with mirrors or raids.");
    }
    if let Some(name) = name
        && let Err(error) = check_lv_name(name)
    {
        let mut refusal = Refusal::words(format!("Logical volume name \"{name}\" is invalid."));
        refusal.lines.push(format!("  {error}"));
        return Err(refusal.invalid());
    }
    if let Some(zero) = zero(parsed) {
        return refuse(&format!("--{} may not be zero.", zero.long()));
    }
    check_stripes(lvs::stripes(parsed).unwrap_or(1), parsed.sectors(Opt::Stripesize), stripes)
        .map_err(|error| Refusal::failed(&error).invalid())?;
    if parsed.bool(Opt::Contiguous) == Some(true) && parsed.str(Opt::Alloc).is_some_and(|a| a != "contiguous")
    {
        return refuse("Conflicting contiguous and alloc arguments.");
    }
    match (parsed.flag(Opt::Size), parsed.flag(Opt::Extents)) {
        (true, true) => refuse("Please specify either size or extents (not both)."),
        (false, false) => refuse("Please specify either size or extents."),
        (true, false) | (false, true) => Ok(()),
    }
}

/// The option that asks for nothing at all.
fn zero(parsed: &Parsed) -> Option<Opt> {
    let is_zero = |opt: &Opt| match opt {
        Opt::Extents => parsed
            .extents(*opt)
            .is_some_and(|request| matches!(request.amount, ExtentArg::Count(0) | ExtentArg::Percent(0, _))),
        Opt::Size => parsed.size(*opt).is_some_and(|size| size.size.is_zero()),
        Opt::Stripes => parsed.number(*opt) == Some(0),
        _ => parsed.sectors(*opt).is_some_and(Sectors::is_zero),
    };
    [Opt::Extents, Opt::Size, Opt::Stripes, Opt::Stripesize].into_iter().find(is_zero)
}

/// The LV without its name, its device number and its read-ahead.
pub(super) fn request(
    parsed: &Parsed,
    session: &Session,
    on_disk: &VgOnDisk,
    pvs: &[String],
) -> Result<Create, Refusal> {
    let amount = match (parsed.size(Opt::Size), parsed.extents(Opt::Extents)) {
        (Some(size), _) => Amount::Size(size),
        (None, Some(extents)) => Amount::Extents(extents),
        (None, None) => return Err(Refusal::words("Please specify either size or extents.").invalid()),
    };
    Ok(Create {
        name: None,
        segtype: segtype(parsed)?,
        amount,
        stripes: lvs::stripes(parsed),
        stripe_size: parsed.sectors(Opt::Stripesize),
        stripe_settings: lvs::stripe_settings(&session.settings),
        alloc: lvs::alloc(parsed).unwrap_or(AllocPolicy::Inherit),
        alloc_settings: lvs::alloc_settings(&session.settings)?,
        pvs: pv_args(session, on_disk, amount, pvs)?,
        tags: parsed.all(Opt::Addtag).into_iter().map(str::to_owned).collect(),
        read_only: parsed.writable(Opt::Permission) == Some(false),
        read_ahead: ReadAhead::Auto,
        device: None,
        activation_skip: parsed.bool(Opt::Setactivationskip) == Some(true),
        no_autoactivate: parsed.bool(Opt::Setautoactivation) == Some(false),
        profile: metadata_profile(parsed).map(str::to_owned),
    })
}

/// The type asked for, or that stripes imply.
fn segtype(parsed: &Parsed) -> Result<SegmentType, Refusal> {
    let stripes = lvs::stripes(parsed);
    Ok(match lvs::segtype(parsed)? {
        Some(segtype) => segtype,
        None if stripes.is_some_and(|stripes| stripes > 1) => SegmentType::Striped,
        None => SegmentType::Linear,
    })
}

/// What is told of stripes before the VG is looked for, as LVM2 does.
pub(super) fn first_notice(parsed: &Parsed, settings: StripeSettings) -> Option<Notice> {
    said_of_stripes(segtype(parsed).ok()?, lvs::stripes(parsed), parsed.sectors(Opt::Stripesize), settings)
}

/// The PVs to lie on. They are looked at after the size, which then is told, or refused, first.
fn pv_args(
    session: &Session,
    on_disk: &VgOnDisk,
    amount: Amount,
    words: &[String],
) -> Result<Vec<PvArg>, Refusal> {
    lvs::pv_args(session, &on_disk.vg, on_disk, words).map_err(|refusal| {
        match said_of_size(&on_disk.vg, amount) {
            Ok(notices) => refusal.after(notices),
            Err(error) => Refusal::failed(&error),
        }
    })
}
