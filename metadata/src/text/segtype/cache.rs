//! Cached LVs and cache pools.

use super::Shape;

pub(super) const VOLUME: Shape = Shape {
    built_on: &["cache_pool", "origin"],
    points_at: &[],
    areas: None,
    counts: (&[], &[]),
    notes: &[],
};

pub(super) const POOL: Shape =
    Shape { built_on: &["data", "metadata"], points_at: &[], areas: None, counts: (&[], &[]), notes: &[] };
