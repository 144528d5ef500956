//! LVs with checksums per block.

use super::Shape;

pub(super) const SHAPE: Shape =
    Shape { built_on: &["origin", "meta_dev"], points_at: &[], areas: None, counts: (&[], &[]), notes: &[] };
