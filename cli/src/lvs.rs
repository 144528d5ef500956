//! What LV commands share: policies, PV arguments, and how planners' refusals are told.

use crate::change::Refusal;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::Session;
use conf::settings::Settings;
use lv::{AllocSettings, PvArg, StripeSettings};
use metadata::model::{AllocPolicy, SegmentType, Vg};
use metadata::plan::Refused;
use std::error::Error;
use std::path::Path;
use store::VgOnDisk;
use units::Sectors;

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
        let disk = session.found.disks.find(Path::new(name))?.id();
        on_disk.pvs.values().find(|pv| pv.disk == disk).map(store::PvOnDisk::id)
    };
    let parse = |word: &String| PvArg::parse(vg, word, find).map_err(|error| Refusal::failed(&error));
    words.iter().map(parse).collect()
}

/// A planner's refusal, with what it had decided before.
pub(crate) fn refusal<E: Error + Usage + 'static>(refused: &Refused<E>) -> Refusal {
    let refusal = Refusal::failed(&refused.error).after(refused.notices.clone());
    if refused.error.is_usage() { refusal.invalid() } else { refusal }
}

/// Errors that tell requests that make no sense from those that are refused.
pub(crate) trait Usage {
    /// Whether the request makes no sense: status 3.
    fn is_usage(&self) -> bool;
}

impl Usage for lv::CreateError {
    fn is_usage(&self) -> bool {
        self.is_usage()
    }
}

impl Usage for lv::ResizeError {
    fn is_usage(&self) -> bool {
        self.is_usage()
    }
}
