//! Snapshots of the old kind.

use super::Shape;

pub(super) const SHAPE: Shape = Shape {
    built_on: &["origin", "cow_store", "merging_store"],
    points_at: &[],
    areas: None,
    counts: (&[], &[]),
    notes: &[],
};
