//! Which metadata areas of a VG are in use (vgcreate and vgchange `--vgmetadatacopies`).

use crate::state::AreaOnDisk;

/// Value of `metadata_copies` that leaves the choice as it is; also what is written for "all".
const UNMANAGED: u32 = 0;
/// Value that means all areas, once.
const ALL: u32 = u32::MAX;

/// What a commit does with one area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// It gets the text.
    Write,
    /// It gets the text and is marked as not in use.
    Retire,
    /// It stays as it is: not in use, or damaged.
    Leave,
}

/// Decides for each area. `ignored`: whether it shall be out of use, as far as the number of copies allows; none:
/// it stays as it is, whatever it holds.
/// LVM2 takes random ones into use or out of it; here those that come first are in use, so that the same request
/// gives the same result.
pub(super) fn parts(copies: u32, areas: &[AreaOnDisk], ignored: &[Option<bool>]) -> Vec<Part> {
    let used = ignored.iter().filter(|ignored| **ignored == Some(false)).count();
    let wanted = match copies {
        UNMANAGED => used.max(1),
        ALL => areas.len(),
        some => usize::try_from(some).unwrap_or(areas.len()),
    };
    let (mut add, mut keep) = (wanted.saturating_sub(used), wanted);
    let mut part = |(area, ignored): (&AreaOnDisk, &Option<bool>)| match *ignored {
        None => Part::Leave,
        Some(true) if add > 0 => {
            add -= 1;
            Part::Write
        }
        Some(true) if area.is_ignored() => Part::Leave,
        Some(true) => Part::Retire,
        Some(false) if keep > 0 => {
            keep -= 1;
            Part::Write
        }
        Some(false) => Part::Retire,
    };
    areas.iter().zip(ignored).map(&mut part).collect()
}
