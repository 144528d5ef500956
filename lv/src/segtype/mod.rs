//! What the planners know of each segment type, a file per type.

mod striped;

pub(crate) use striped::{parallel, shorten};

use metadata::model::{SegmentKind, SegmentType};

/// What the planners make segments of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Linear or striped.
    Striped,
    /// Every access is an error.
    Error,
    /// Reads zeros.
    Zero,
}

impl Kind {
    const TYPES: [(SegmentType, Self); 4] = [
        (SegmentType::Linear, Self::Striped),
        (SegmentType::Striped, Self::Striped),
        (SegmentType::Error, Self::Error),
        (SegmentType::Zero, Self::Zero),
    ];

    /// What makes segments of that type; none: nothing does yet.
    pub(crate) fn of_type(segtype: SegmentType) -> Option<Self> {
        Self::TYPES.iter().find(|row| row.0 == segtype).map(|row| row.1)
    }

    /// What makes more of such a segment.
    pub(crate) const fn of_segment(kind: &SegmentKind) -> Option<Self> {
        match kind {
            SegmentKind::Striped(_) => Some(Self::Striped),
            SegmentKind::Error => Some(Self::Error),
            SegmentKind::Zero => Some(Self::Zero),
            SegmentKind::Verbatim(_) => None,
        }
    }

    /// As texts call it: linear is striped.
    pub(crate) const fn text_name(self) -> &'static str {
        match self {
            Self::Striped => "striped",
            Self::Error => "error",
            Self::Zero => "zero",
        }
    }
}
