//! Writes that replace whole logical blocks.

use device::{Disk, DiskError};
use units::Bytes;

/// Writes `bytes` at `at` so that each logical block is replaced in one piece, with the neighbours of
/// `bytes` in those blocks rewritten as they were read. A structure of one sector is thereby written in
/// exactly one block, which a power cut leaves old or new.
pub fn write_in_blocks(disk: &dyn Disk, at: Bytes, bytes: &[u8]) -> Result<(), DiskError> {
    let block = Bytes::new(u64::from(disk.logical_block().max(1)));
    let start = at.round_down(block);
    let end = at.checked_add(Bytes::new(bytes.len() as u64)).and_then(|end| end.round_up(block));
    let Some(end) = end.filter(|_| !bytes.is_empty()) else { return disk.write_at(bytes, at) };
    let len = usize::try_from((end - start).get()).unwrap_or(usize::MAX);
    if len == bytes.len() || end > disk.len() {
        return disk.write_at(bytes, at);
    }
    let skip = usize::try_from((at - start).get()).unwrap_or(0);
    let mut whole = vec![0; len];
    let edge = usize::try_from(block.get()).unwrap_or(len).min(len);
    if skip != 0 {
        disk.read_at(&mut whole[..edge], start)?;
    }
    if skip + bytes.len() != len && (skip == 0 || len > edge) {
        disk.read_at(&mut whole[len - edge..], end - Bytes::new(edge as u64))?;
    }
    whole[skip..skip + bytes.len()].copy_from_slice(bytes);
    disk.write_at(&whole, start)
}
