//! Raids of all levels: pairs of metadata and data images, or data images alone.

use super::Shape;

pub(super) const SHAPE: Shape = Shape {
    built_on: &["raids", "raid0_lvs"],
    points_at: &[],
    areas: None,
    counts: (&["device_count", "stripe_count"], &["raids", "raid0_lvs"]),
    notes: &[],
};
