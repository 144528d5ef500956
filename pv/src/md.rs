//! md superblocks: where they lie and how they are told.
//!
//! ```text
//! 1.1   at 0                1.2   at 4096
//! 1.0   8 KiB to 12 KiB before the end, at a multiple of 4 KiB
//! 0.90  64 KiB to 128 KiB before the end, at a multiple of 64 KiB, in the machine's byte order
//! ```
//! Facts: LVM2 2.03.40 lib/device/dev-md.c.

use device::{Disk, DiskError};
use units::Bytes;

/// The magic, as a little-endian number.
const MAGIC: [u8; 4] = 0xa92b_4efc_u32.to_le_bytes();

/// Whether the first bytes of a disk hold a superblock of version 1.1 or 1.2.
pub(crate) fn is_md_at_start(first: &[u8]) -> bool {
    [0, 4096].into_iter().any(|at| first.get(at..at + 4) == Some(&MAGIC))
}

/// Where at the end of a disk there is a superblock of version 1.0 or 0.90.
pub(crate) fn is_md_at_end(disk: &dyn Disk) -> Result<Option<Bytes>, DiskError> {
    let swapped = {
        let mut magic = MAGIC;
        magic.reverse();
        magic
    };
    let places = [(place_1_0(disk.len()), vec![MAGIC]), (place_0_90(disk.len()), vec![MAGIC, swapped])];
    for (place, magics) in places {
        let Some(place) = place else { continue };
        let mut found = [0; 4];
        disk.read_at(&mut found, place)?;
        if magics.contains(&found) {
            return Ok(Some(place));
        }
    }
    Ok(None)
}

/// Where a superblock of version 1.0 would be.
pub(crate) fn place_1_0(len: Bytes) -> Option<Bytes> {
    let sectors = len.get() / 512;
    Some(Bytes::new((sectors.checked_sub(16)? & !7) * 512))
}

/// Where a superblock of version 0.90 would be.
pub(crate) fn place_0_90(len: Bytes) -> Option<Bytes> {
    let sectors = len.get() / 512;
    Some(Bytes::new((sectors & !127).checked_sub(128)? * 512))
}
