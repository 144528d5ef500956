//! What the options ask for.

use crate::change::Refusal;
use crate::lvs;
use crate::options::{Opt, Readahead};
use crate::parsed::Parsed;
use crate::session::Session;
use crate::session::profiles::metadata_profile;
use crate::world::World;
use lv::{Amount, Create, StripeSettings, check_stripes};
use metadata::model::names::check_lv_name;
use metadata::model::{AllocPolicy, ReadAhead, SegmentType};
use store::VgOnDisk;
use units::{ExtentArg, Sectors};

/// Sectors in a page.
const PAGE: u64 = 8;

/// The largest minor number.
const MAX_MINOR: u64 = (1 << 20) - 1;

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

/// How far ahead the kernel reads: whole pages of 4 KiB.
pub(super) fn read_ahead(parsed: &Parsed, world: &mut World) -> ReadAhead {
    let asked = match parsed.readahead(Opt::Readahead) {
        None | Some(Readahead::Auto) => return ReadAhead::Auto,
        Some(Readahead::None) => return ReadAhead::None,
        Some(Readahead::Sectors(Sectors::ZERO)) => return ReadAhead::None,
        Some(Readahead::Sectors(sectors)) => sectors.get(),
    };
    let whole = (asked / PAGE * PAGE).max(PAGE);
    if whole != asked {
        world.warn(format_args!(
            "WARNING: Overriding readahead to {whole} sectors, a multiple of 4K page size."
        ));
    }
    ReadAhead::Sectors(u32::try_from(whole).unwrap_or(u32::MAX))
}

/// The persistent device number, where one is asked for. The major is the kernel's own.
pub(super) fn device_number(parsed: &Parsed, world: &mut World) -> Result<Option<(u32, u32)>, String> {
    let (major, minor) = (parsed.number(Opt::Major), parsed.number(Opt::Minor));
    match (parsed.bool(Opt::Persistent), minor) {
        (Some(false), _) if major.is_some() || minor.is_some() => {
            return Err("Options --major and --minor are incompatible with -Mn.".to_owned());
        }
        (Some(true), None) => {
            return Err("Please specify minor number with --minor when using -My.".to_owned());
        }
        (Some(false), _) => return Ok(None),
        (Some(true) | None, _) => {}
    }
    let own = dm_major(world);
    if let Some(major) = major {
        world.warn(format_args!(
            "WARNING: Ignoring supplied major number {major} - kernel assigns major numbers dynamically. \
             Using major number {own} instead."
        ));
    }
    match minor {
        None => Ok(None),
        Some(minor) if minor > MAX_MINOR => Err(format!("Minor number {minor} outside range 0-{MAX_MINOR}.")),
        Some(minor) => Ok(Some((own, u32::try_from(minor).unwrap_or(u32::MAX)))),
    }
}

/// The number of device-mapper's driver; 0 where the kernel has none.
fn dm_major(world: &World) -> u32 {
    let drivers = std::fs::read_to_string(world.devices.proc.join("devices")).unwrap_or_default();
    let blocks = drivers.split("Block devices:").nth(1).unwrap_or_default();
    let mut rows = blocks.lines().filter_map(|line| line.trim().split_once(' '));
    rows.find(|(_, name)| name.trim() == "device-mapper")
        .and_then(|(major, _)| major.parse().ok())
        .unwrap_or(0)
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
    let stripes = lvs::stripes(parsed);
    let segtype = match lvs::segtype(parsed)? {
        Some(segtype) => segtype,
        None if stripes.is_some_and(|stripes| stripes > 1) => SegmentType::Striped,
        None => SegmentType::Linear,
    };
    Ok(Create {
        name: None,
        segtype,
        amount,
        stripes,
        stripe_size: parsed.sectors(Opt::Stripesize),
        stripe_settings: lvs::stripe_settings(&session.settings),
        alloc: lvs::alloc(parsed).unwrap_or(AllocPolicy::Inherit),
        alloc_settings: lvs::alloc_settings(&session.settings)?,
        pvs: lvs::pv_args(session, &on_disk.vg, on_disk, pvs)?,
        tags: parsed.all(Opt::Addtag).into_iter().map(str::to_owned).collect(),
        read_only: parsed.writable(Opt::Permission) == Some(false),
        read_ahead: ReadAhead::Auto,
        device: None,
        activation_skip: parsed.bool(Opt::Setactivationskip) == Some(true),
        no_autoactivate: parsed.bool(Opt::Setautoactivation) == Some(false),
        profile: metadata_profile(parsed).map(str::to_owned),
    })
}
