//! Extents that became free, told to their devices (`devices/issue_discards`): after the commit, for until then they
//! are somebody's. A device that cannot discard is left alone; an image gets holes.

use crate::session::Session;
use crate::world::World;
use device::{BlockDisk, Disk, DiskError, Identity};
use metadata::model::{PeRange, Pv, PvSpace, Vg};
use std::sync::Arc;
use store::VgOnDisk;
use units::ExtentSize;

/// Discards what `before` used and `next` does not; without a `next` all of it.
pub(super) fn freed(world: &mut World, session: &Session, before: &VgOnDisk, next: Option<&Vg>) {
    if !session.settings.bool("devices/issue_discards") {
        return;
    }
    let old = &before.vg;
    let (was, is) = (old.space(), next.map(Vg::space).unwrap_or_default());
    for (id, space) in &was {
        let (Some(pv), Some(on_disk)) = (old.pvs.get(*id), before.pvs.get(id)) else { continue };
        if next.is_some_and(|next| !is_where_it_was(old, next, pv)) {
            continue;
        }
        let disk = session.found().disks.disk(on_disk.disk);
        for run in subtract(space, is.get(id)) {
            if let Err(error) = discard(world, disk, old.extent_size, pv, run) {
                world.warn(format_args!("WARNING: {error}"));
            }
        }
    }
}

/// Whether the PV's extents lie where they lay, or it is no more in the VG.
fn is_where_it_was(old: &Vg, next: &Vg, pv: &Pv) -> bool {
    let now = next.pvs.get(pv.id);
    old.extent_size == next.extent_size && now.is_none_or(|now| now.pe_start == pv.pe_start)
}

/// The runs that were used and are not any more.
fn subtract(was: &PvSpace, is: Option<&PvSpace>) -> Vec<PeRange> {
    let mut freed = Vec::new();
    for used in &was.used {
        let mut next = used.range.start;
        let still = is.map(|is| is.used.as_slice()).unwrap_or_default();
        for kept in still.iter().map(|kept| kept.range) {
            if kept.end() <= next || kept.start >= used.range.end() {
                continue;
            }
            if let Some(len) = kept.start.checked_since(next).filter(|len| !len.is_zero()) {
                freed.push(PeRange { start: next, len });
            }
            next = next.max(kept.end());
        }
        if let Some(len) = used.range.end().checked_since(next).filter(|len| !len.is_zero()) {
            freed.push(PeRange { start: next, len });
        }
    }
    freed
}

fn discard(
    world: &World,
    disk: &Arc<dyn Disk>,
    extent_size: ExtentSize,
    pv: &Pv,
    run: PeRange,
) -> Result<(), DiskError> {
    let bytes = |extents| extent_size.to_sectors(extents).and_then(|sectors| sectors.bytes());
    let start =
        bytes(run.start.offset()).zip(pv.pe_start.bytes()).and_then(|(at, start)| at.checked_add(start));
    let (Some(start), Some(len)) = (start, bytes(run.len)) else { return Ok(()) };
    match through_loop(world, disk) {
        Some(node) => node.discard(start, len),
        None => disk.discard(start, len),
    }
}

/// The loop device that shows an image, if one does: nothing goes past it.
fn through_loop(world: &World, disk: &Arc<dyn Disk>) -> Option<BlockDisk> {
    let image = disk.identity();
    if !matches!(image, Identity::File { .. }) {
        return None;
    }
    let loops = device::find_loops(&world.devices, image);
    loops.iter().find_map(|shown| BlockDisk::open(&shown.node).ok())
}

/// The space of a PV, by id.
#[cfg(test)]
mod tests {
    use super::*;
    use metadata::model::Used;
    use units::{Extents, Id, Pe};

    fn space(runs: &[(u64, u64)]) -> PvSpace {
        let used = |&(start, len): &(u64, u64)| Used {
            range: PeRange { start: Pe::new(start), len: Extents::new(len) },
            lv: Id::from_random([0; 32]),
            segment: 0,
            area: 0,
        };
        PvSpace { total: Extents::new(100), used: runs.iter().map(used).collect() }
    }

    fn freed(was: &[(u64, u64)], is: &[(u64, u64)]) -> Vec<(u64, u64)> {
        let runs = subtract(&space(was), Some(&space(is)));
        runs.into_iter().map(|run| (run.start.get(), run.len.get())).collect()
    }

    #[test]
    fn what_is_used_by_anyone_is_not_free() {
        assert_eq!(freed(&[(0, 10), (20, 5)], &[(0, 10), (20, 5)]), []);
        assert_eq!(freed(&[(0, 10)], &[(0, 4)]), [(4, 6)]);
        assert_eq!(freed(&[(0, 10)], &[(3, 2), (8, 4)]), [(0, 3), (5, 3)]);
        assert_eq!(freed(&[(0, 10), (10, 10)], &[(5, 10)]), [(0, 5), (15, 5)]);
        assert_eq!(freed(&[(5, 5)], &[]), [(5, 5)]);
    }
}
