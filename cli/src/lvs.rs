//! What LV commands share: policies, PV arguments, and how planners' refusals are told.

use crate::change::Refusal;
use crate::options::{Opt, Readahead};
use crate::parsed::Parsed;
use crate::session::Session;
use crate::world::World;
use conf::settings::Settings;
use lv::{AllocSettings, PvArg, StripeSettings};
use metadata::model::{AllocPolicy, ReadAhead, SegmentType, Vg};
use metadata::plan::Refused;
use std::error::Error;
use std::path::Path;
use store::VgOnDisk;
use units::Sectors;

/// Sectors in a page.
const PAGE: u64 = 8;

/// The largest minor number.
const MAX_MINOR: u64 = (1 << 20) - 1;

/// The allocation policy asked for: `--alloc`, or `--contiguous`.
pub(crate) fn alloc(parsed: &Parsed) -> Option<AllocPolicy> {
    match (parsed.str(Opt::Alloc), parsed.bool(Opt::Contiguous)) {
        // Clinging by tags is what the settings make of clinging.
        (Some("cling_by_tags"), _) => Some(AllocPolicy::Cling),
        (Some(name), _) => AllocPolicy::named(name),
        (None, Some(true)) => Some(AllocPolicy::Contiguous),
        (None, Some(false)) => Some(AllocPolicy::Inherit),
        (None, None) => None,
    }
}

/// What lvm.conf says of allocation.
pub(crate) fn alloc_settings(settings: &Settings) -> Result<AllocSettings, Refusal> {
    let tags = settings.strings("allocation/cling_tag_list").map_err(|error| Refusal::failed(&error))?;
    Ok(AllocSettings {
        maximise_cling: settings.bool("allocation/maximise_cling"),
        cling_tags: tags.unwrap_or_default().into_iter().map(str::to_owned).collect(),
    })
}

/// What lvm.conf says of stripes.
pub(crate) fn stripe_settings(settings: &Settings) -> StripeSettings {
    let kib = u64::try_from(settings.int("metadata/stripesize")).unwrap_or(64);
    StripeSettings { default_size: Sectors::new(kib.saturating_mul(2)), ..StripeSettings::default() }
}

/// The segment type asked for.
pub(crate) fn segtype(parsed: &Parsed) -> Result<Option<SegmentType>, Refusal> {
    let Some(text) = parsed.str(Opt::Type) else { return Ok(None) };
    let known = SegmentType::named(text);
    known.map(Some).ok_or_else(|| Refusal::words(format!("Unknown segment type {text}.")).invalid())
}

/// How many stripes are asked for.
pub(crate) fn stripes(parsed: &Parsed) -> Option<u32> {
    parsed.number(Opt::Stripes).map(|count| u32::try_from(count).unwrap_or(u32::MAX))
}

/// PV words with ranges, or tags, as PVs of the VG.
pub(crate) fn pv_args(
    session: &Session,
    vg: &Vg,
    on_disk: &VgOnDisk,
    words: &[String],
) -> Result<Vec<PvArg>, Refusal> {
    let find = |name: &str| {
        let disk = session.found().disks.find(Path::new(name))?.id();
        on_disk.pvs.values().find(|pv| pv.disk == disk).map(store::PvOnDisk::id)
    };
    let parse = |word: &String| PvArg::parse(vg, word, find).map_err(|error| Refusal::failed(&error));
    words.iter().map(parse).collect()
}

/// How far ahead the kernel reads: whole pages of 4 KiB.
pub(crate) fn read_ahead(parsed: &Parsed, world: &mut World, unasked: ReadAhead) -> ReadAhead {
    let asked = match parsed.readahead(Opt::Readahead) {
        None => return unasked,
        Some(Readahead::Auto) => return ReadAhead::Auto,
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

/// What a new LV reads ahead where nothing is asked for.
pub(crate) fn usual_read_ahead(settings: &Settings) -> ReadAhead {
    match settings.str("activation/readahead").eq_ignore_ascii_case("none") {
        true => ReadAhead::None,
        false => ReadAhead::Auto,
    }
}

/// The persistent device number, where one is asked for. The major is the kernel's own.
pub(crate) fn device_number(parsed: &Parsed, world: &mut World) -> Result<Option<(u32, u32)>, String> {
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

/// A planner's refusal, with what it had decided before.
pub(crate) fn refusal<E: Error + Usage + 'static>(refused: &Refused<E>) -> Refusal {
    let refusal = Refusal::failed(&refused.error).after(refused.notices.clone());
    let refusal = refusal.already_so(refused.error.is_already_so());
    if refused.error.is_usage() { refusal.invalid() } else { refusal }
}

/// Errors that tell requests that make no sense from those that are refused.
pub(crate) trait Usage {
    /// Whether the request makes no sense: status 3.
    fn is_usage(&self) -> bool;

    /// Whether all is as asked already.
    fn is_already_so(&self) -> bool {
        false
    }
}

impl Usage for lv::CreateError {
    fn is_usage(&self) -> bool {
        self.is_usage()
    }
}

impl Usage for lv::ResizeError {
    fn is_already_so(&self) -> bool {
        self.is_already_so()
    }

    fn is_usage(&self) -> bool {
        self.is_usage()
    }
}
