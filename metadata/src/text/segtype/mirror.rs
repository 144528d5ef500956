//! Mirrors of the old kind, and pvmove, whose images lie on PVs or are LVs.

use super::super::raw::Note;
use super::Shape;

pub(super) const SHAPE: Shape = Shape {
    built_on: &["mirror_log"],
    points_at: &[],
    areas: Some("mirrors"),
    counts: (&["mirror_count"], &["mirrors"]),
    notes: &[("extents_moved", Note::Extents)],
};
