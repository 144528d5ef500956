//! Segments that read as zeros.

use metadata::model::SegmentKind;

/// Two such neighbours are one.
pub(super) fn joined() -> SegmentKind {
    SegmentKind::Zero
}
