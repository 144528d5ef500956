//! Neighbouring segments of an LV that nothing keeps apart are one (LVM2 2.03.40 joins them whenever it reads a text
//! or extends an LV, though its texts may hold them apart).

use super::{Area, Lv, LvFlag, Segment, SegmentKind, Striped, Vg};
use units::Extents;

impl Vg {
    /// Joins what can be joined in each LV.
    pub fn join_segments(&mut self) {
        for lv in self.lvs.iter_mut() {
            lv.join_segments();
        }
    }
}

impl Lv {
    /// Joins what can be joined. A pvmove relies on two LVs having matching segments: theirs stay.
    pub fn join_segments(&mut self) {
        if !self.flags.has(LvFlag::Locked) && !self.flags.has(LvFlag::Pvmove) {
            Segment::join_all(&mut self.segments);
        }
    }
}

impl Segment {
    /// Joins what can be joined, in one pass.
    pub fn join_all(segments: &mut Vec<Self>) {
        segments.dedup_by(|second, first| match first.joined(second) {
            Some(both) => {
                *first = both;
                true
            }
            None => false,
        });
    }

    fn joined(&self, next: &Self) -> Option<Self> {
        if self.extras != next.extras || !self.reshape_len.is_zero() || !next.reshape_len.is_zero() {
            return None;
        }
        let kind = match (&self.kind, &next.kind) {
            (SegmentKind::Striped(a), SegmentKind::Striped(b)) if self.tags == next.tags => {
                follows(a, self.len, b).then(|| self.kind.clone())?
            }
            (SegmentKind::Error, SegmentKind::Error) | (SegmentKind::Zero, SegmentKind::Zero) => {
                self.kind.clone()
            }
            (
                SegmentKind::Striped(_) | SegmentKind::Error | SegmentKind::Zero | SegmentKind::Verbatim(_),
                _,
            ) => return None,
        };
        Some(Self { len: self.len + next.len, kind, ..self.clone() })
    }
}

/// Whether each stripe of the second goes on where the same stripe of the first ends.
fn follows(first: &Striped, first_len: Extents, second: &Striped) -> bool {
    let count = first.areas.len();
    if count != second.areas.len() || first.stripe_size != second.stripe_size {
        return false;
    }
    let each = Extents::new(first_len.get() / count.max(1) as u64);
    first.areas.iter().zip(&second.areas).all(|pair| match pair {
        (Area::Pv { pv: a, start: from }, Area::Pv { pv: b, start: to }) => {
            a == b && from.checked_add(each) == Some(*to)
        }
        (Area::Pv { .. } | Area::Lv { .. }, _) => false,
    })
}
