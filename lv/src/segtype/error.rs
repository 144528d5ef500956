//! Segments every access to which is an error.

use metadata::model::SegmentKind;

/// Two such neighbours are one.
pub(super) fn joined() -> SegmentKind {
    SegmentKind::Error
}
