//! Disks that carry a PV's label and are no PVs all the same.

use crate::md::{is_md_at_end, is_md_at_start};
use device::{Disk, DiskError};
use metadata::disk::Label;

/// Why a disk with a label is not a PV.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exclusion {
    /// It is partitioned.
    Partitioned,
    /// It is a part of an md array, whose label this is.
    MdComponent,
}

/// Whether something else owns a disk. `first`: its first bytes ([`crate::FIRST_BYTES`]). A partition table
/// counts only on a disk that the kernel would partition; md superblocks only where `md_components` says so.
///
/// md superblocks at the end of a disk are looked for where the PV is smaller than the disk, as the PV of an
/// array is that has them.
pub fn exclusion(
    disk: &dyn Disk,
    first: &[u8],
    partitionable: bool,
    md_components: bool,
) -> Result<Option<Exclusion>, DiskError> {
    if partitionable && partition::may_be_partitioned(disk, first) && partition::is_partitioned(disk)? {
        return Ok(Some(Exclusion::Partitioned));
    }
    if !md_components {
        return Ok(None);
    }
    let size = Label::find(first).label.map(|label| label.header.device_size);
    let end = size.is_some_and(|size| size != disk.len());
    let component = is_md_at_start(first) || (end && is_md_at_end(disk)?.is_some());
    Ok(component.then_some(Exclusion::MdComponent))
}
