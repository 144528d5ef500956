//! VDO LVs and VDO pools.

use super::super::raw::Note;
use super::Shape;

pub(super) const VOLUME: Shape =
    Shape { built_on: &["vdo_pool"], points_at: &[], areas: None, counts: (&[], &[]), notes: &[] };

pub(super) const POOL: Shape = Shape {
    built_on: &["data"],
    points_at: &[],
    areas: None,
    counts: (&[], &[]),
    notes: &[
        ("header_size", Note::Sectors),
        ("virtual_extents", Note::Extents),
        ("block_map_cache_size_mb", Note::Mebibytes),
        ("index_memory_size_mb", Note::Mebibytes),
        ("slab_size_mb", Note::Mebibytes),
    ],
};
