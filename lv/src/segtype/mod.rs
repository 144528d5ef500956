//! What the planners know of each segment type, a file per type.

mod error;
mod striped;
mod zero;

pub(crate) use striped::{parallel, shorten};

use metadata::model::{Segment, SegmentKind, SegmentType};

/// Makes one segment of two neighbours where nothing distinguishes them (2.03.40 does so whenever it reads or
/// extends an LV).
fn joined(first: &Segment, second: &Segment) -> Option<Segment> {
    if first.extras != second.extras || !first.reshape_len.is_zero() || !second.reshape_len.is_zero() {
        return None;
    }
    let kind = match (&first.kind, &second.kind) {
        (SegmentKind::Striped(a), SegmentKind::Striped(b)) if first.tags == second.tags => {
            striped::joined(a, first.len, b)?
        }
        (SegmentKind::Error, SegmentKind::Error) => error::joined(),
        (SegmentKind::Zero, SegmentKind::Zero) => zero::joined(),
        (SegmentKind::Striped(_) | SegmentKind::Error | SegmentKind::Zero | SegmentKind::Verbatim(_), _) => {
            return None;
        }
    };
    Some(Segment { len: first.len + second.len, kind, ..first.clone() })
}

/// Joins what can be joined, in one pass.
pub(crate) fn join_all(segments: &mut Vec<Segment>) {
    let mut joined_segments: Vec<Segment> = Vec::with_capacity(segments.len());
    for segment in segments.drain(..) {
        match joined_segments.last_mut().and_then(|last| Some((joined(last, &segment)?, last))) {
            Some((both, last)) => *last = both,
            None => joined_segments.push(segment),
        }
    }
    *segments = joined_segments;
}

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
