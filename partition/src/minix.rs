//! Minix subpartitions: a second DOS table in the first sector of a partition of type 0x81.

use crate::dos;
use crate::slices::Parent;
use crate::table::Purpose;
use crate::view::View;
use device::DiskError;

const MINIX: u8 = 0x81;

/// The subpartitions, which count from the start of the disk.
pub(crate) fn inside(view: &View<'_>, parent: &Parent) -> Result<Vec<(u64, u64, Purpose)>, DiskError> {
    let Some(sector) = view.sector(parent.start)? else { return Ok(Vec::new()) };
    let Some(boot) = dos::boot_sector(&sector) else { return Ok(Vec::new()) };
    let own = boot.entries.iter().filter(|entry| entry.kind == MINIX);
    Ok(own.map(|entry| (u64::from(entry.start), u64::from(entry.size), Purpose::Dos(MINIX))).collect())
}
