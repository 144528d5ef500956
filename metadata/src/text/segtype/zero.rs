//! Segments that read as zeros. Nothing follows the type.

use crate::model::SegmentKind;

pub(super) const KIND: SegmentKind = SegmentKind::Zero;
