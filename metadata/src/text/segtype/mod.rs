//! Segments by type: one file per type, or per family of types that share their keys.

mod cache;
mod error;
mod integrity;
mod mirror;
mod raid;
mod snapshot;
mod striped;
mod thin;
mod vdo;
mod verbatim;
mod writecache;
mod zero;

use super::error::{TextError, WriteError};
use super::extras::Pending;
use super::fields::Fields;
use super::names::{Names, Written};
use super::raw::Note;
use crate::model::{Segment, SegmentKind, SegmentType};
use conf::{Section, Str, Writer};
use units::{ExtentSize, Extents};

/// Reads what follows the type.
pub(super) fn read(
    fields: &mut Fields<'_, '_>,
    names: &Names<'_>,
    type_name: &str,
    len: Extents,
) -> Result<SegmentKind, TextError> {
    match known(type_name) {
        Some(SegmentType::Linear | SegmentType::Striped) => striped::read(fields, names),
        Some(SegmentType::Error) => Ok(error::KIND),
        Some(SegmentType::Zero) => Ok(zero::KIND),
        other => verbatim::read(fields, names, type_name, other, len),
    }
}

/// Whether all that the segment names are PVs, so that nothing else has to be known to read it.
pub(super) fn lies_on_pvs(segment: &Section<'_>, names: &Names<'_>) -> bool {
    let type_name = segment.value("type").map_or(Some("striped"), |name| name.str().and_then(Str::to_str));
    match type_name.and_then(known) {
        Some(SegmentType::Linear | SegmentType::Striped) => striped::lies_on_pvs(segment, names),
        Some(SegmentType::Error | SegmentType::Zero) => true,
        _ => false,
    }
}

/// The type of that name in a text. `free` is a word of reports.
fn known(name: &str) -> Option<SegmentType> {
    SegmentType::named(name).filter(|&segtype| segtype != SegmentType::Free)
}

/// What a text calls the type.
pub(super) fn type_name(kind: &SegmentKind) -> &str {
    match kind {
        SegmentKind::Striped(_) => SegmentType::Striped.name(),
        SegmentKind::Error => SegmentType::Error.name(),
        SegmentKind::Zero => SegmentType::Zero.name(),
        SegmentKind::Verbatim(verbatim) => &verbatim.type_name,
    }
}

/// Writes what follows the type and the tags.
pub(super) fn write(
    writer: &mut Writer,
    names: &Written<'_>,
    extent_size: ExtentSize,
    lv: &str,
    segment: &Segment,
    extras: &mut Pending<'_>,
) -> Result<(), WriteError> {
    match &segment.kind {
        SegmentKind::Striped(kind) => striped::write(writer, names, lv, kind, extras),
        SegmentKind::Error | SegmentKind::Zero => Ok(()),
        SegmentKind::Verbatim(kind) => verbatim::write(writer, names, extent_size, lv, kind),
    }
}

/// What there is to know of a type whose segments are kept as they are.
#[derive(Clone, Copy, Default)]
struct Shape {
    /// Keys whose strings name LVs the segment is built on.
    built_on: &'static [&'static str],
    /// Keys whose strings name LVs it merely points at.
    points_at: &'static [&'static str],
    /// The key of a list of areas on PVs or LVs, each as long as the segment.
    areas: Option<&'static str>,
    /// Keys that count images, and keys of lists that hold them.
    counts: (&'static [&'static str], &'static [&'static str]),
    /// What files explain.
    notes: &'static [(&'static str, Note)],
}

/// The shape of a type's segments.
fn shape(segtype: SegmentType) -> Shape {
    match segtype {
        SegmentType::Linear
        | SegmentType::Striped
        | SegmentType::Error
        | SegmentType::Zero
        | SegmentType::Free => Shape::default(),
        SegmentType::Mirror => mirror::SHAPE,
        SegmentType::Snapshot => snapshot::SHAPE,
        SegmentType::Raid0
        | SegmentType::Raid0Meta
        | SegmentType::Raid1
        | SegmentType::Raid10
        | SegmentType::Raid10Near
        | SegmentType::Raid4
        | SegmentType::Raid5
        | SegmentType::Raid5N
        | SegmentType::Raid5La
        | SegmentType::Raid5Ls
        | SegmentType::Raid5Ra
        | SegmentType::Raid5Rs
        | SegmentType::Raid6
        | SegmentType::Raid6Nc
        | SegmentType::Raid6Nr
        | SegmentType::Raid6Zr
        | SegmentType::Raid6La6
        | SegmentType::Raid6Ls6
        | SegmentType::Raid6Ra6
        | SegmentType::Raid6Rs6
        | SegmentType::Raid6N6 => raid::SHAPE,
        SegmentType::Thin => thin::VOLUME,
        SegmentType::ThinPool => thin::POOL,
        SegmentType::Cache => cache::VOLUME,
        SegmentType::CachePool => cache::POOL,
        SegmentType::Writecache => writecache::SHAPE,
        SegmentType::Integrity => integrity::SHAPE,
        SegmentType::Vdo => vdo::VOLUME,
        SegmentType::VdoPool => vdo::POOL,
    }
}
