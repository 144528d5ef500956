//! Segments on which every access is an error. Nothing follows the type.

use crate::model::SegmentKind;

pub(super) const KIND: SegmentKind = SegmentKind::Error;
