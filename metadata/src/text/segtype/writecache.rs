//! LVs with a write cache.

use super::Shape;

pub(super) const SHAPE: Shape = Shape {
    built_on: &["writecache", "origin"],
    points_at: &[],
    areas: None,
    counts: (&[], &[]),
    notes: &[],
};
