//! Slices: partitions that lie in others, by labels inside a DOS partition or by what they cover.

use crate::note::Note;
use crate::table::{Partition, Purpose};
use crate::view::View;
use crate::{bsd, minix, solaris, unixware};
use device::DiskError;

/// A DOS partition that may have a label of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parent {
    pub(crate) number: u32,
    pub(crate) kind: u8,
    pub(crate) start: u64,
    pub(crate) size: u64,
}

type Reader = fn(&View<'_>, &Parent) -> Result<Vec<(u64, u64, Purpose)>, DiskError>;

/// Type bytes, and who reads the label inside. 0x82 is Linux swap, too.
const READERS: &[(u8, Reader)] = &[
    (0xa5, bsd::inside),
    (0xa6, bsd::inside),
    (0xa9, bsd::inside),
    (0x81, minix::inside),
    (0x63, unixware::inside),
    (0x82, solaris::inside),
    (0xbf, solaris::inside),
];

/// The slices inside a partition, numbered from `next` on.
pub(crate) fn inside(
    view: &View<'_>,
    parent: &Parent,
    next: u32,
    notes: &mut Vec<Note>,
) -> Result<Vec<Partition>, DiskError> {
    let Some((_, reader)) = READERS.iter().find(|(kind, _)| *kind == parent.kind) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for (start, size, purpose) in reader(view, parent)?.into_iter().filter(|(_, size, _)| *size != 0) {
        let end = start.checked_add(size);
        let fits = start >= parent.start
            && end.zip(parent.start.checked_add(parent.size)).is_some_and(|(end, last)| end <= last);
        if !fits {
            notes.push(Note::OutsideParent { parent: parent.number, start, size });
            continue;
        }
        let number = next.saturating_add(u32::try_from(found.len()).unwrap_or(u32::MAX));
        found.push(Partition { inside: Some(parent.number), ..Partition::new(number, start, size, purpose) });
    }
    Ok(found)
}

/// Tells which slices of a label lie in others, as slice c covers the disk: the last that covers one is its
/// container. What overlaps another in part is left out.
pub(crate) fn contained(mut slices: Vec<Partition>, notes: &mut Vec<Note>) -> Vec<Partition> {
    for i in 0..slices.len() {
        let (start, end) = bounds(&slices[i]);
        for j in (0..slices.len()).filter(|&j| j != i) {
            let ((other_start, other_end), number) = (bounds(&slices[j]), slices[j].number);
            if slices[i].size.is_zero() || slices[j].size.is_zero() {
                continue;
            }
            if start < other_start && end > other_start && end < other_end {
                notes.push(Note::Dropped { number: slices[i].number, other: number });
                slices[i].size = units::Sectors::ZERO;
            } else if start >= other_start && end <= other_end {
                slices[i].inside = Some(number);
            }
        }
    }
    slices.retain(|slice| !slice.size.is_zero());
    slices
}

fn bounds(slice: &Partition) -> (u64, u64) {
    (slice.start.get(), slice.start.get().saturating_add(slice.size.get()))
}
