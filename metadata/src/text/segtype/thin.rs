//! Thin LVs and thin pools.

use super::super::raw::Note;
use super::Shape;

/// A thin LV. Its origin shares blocks with it inside the pool; neither needs the other.
pub(super) const VOLUME: Shape = Shape {
    built_on: &["thin_pool", "external_origin"],
    points_at: &["origin", "merge"],
    areas: None,
    counts: (&[], &[]),
    notes: &[],
};

/// A pool. The LVs that queued messages create are named by them.
pub(super) const POOL: Shape = Shape {
    built_on: &["metadata", "pool"],
    points_at: &["create"],
    areas: None,
    counts: (&[], &[]),
    notes: &[("chunk_size", Note::Sectors)],
};
