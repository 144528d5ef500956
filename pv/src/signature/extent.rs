//! How far a format reaches into its disk, where its superblock says so.

use super::Signature;
use super::view::View;
use device::{Disk, DiskError};
use units::Bytes;

/// A swap area's header says where its mark ends: with the first page.
const SWAP_HEADER: u64 = 1024;

/// The first byte that the signature's format does not use, by its own account; none: it does not say, or this
/// crate does not read it. Sources: ext4's documentation (super block), xfs_format.h, the kernel's linux/swap.h,
/// btrfs's on-disk format.
pub fn end(disk: &dyn Disk, signature: &Signature) -> Result<Option<Bytes>, DiskError> {
    let mut view = View::new(disk)?;
    let end = match signature.name {
        "ext2" | "ext3" | "ext4" | "ext4dev" => ext(&mut view),
        "xfs" => xfs(&mut view),
        "swap" => swap(&mut view, signature),
        // Of this device: its super block's dev_item, total_bytes.
        "btrfs" => view.get(0x1_00d1, 8).and_then(|bytes| bytes.try_into().ok()).map(u64::from_le_bytes),
        _ => None,
    };
    match view.take_error() {
        Some(error) => Err(error),
        None => Ok(end.map(Bytes::new)),
    }
}

fn ext(view: &mut View<'_>) -> Option<u64> {
    const INCOMPAT_64BIT: u32 = 0x80;
    let low = view.le32(0x404)?;
    let high = if view.le32(0x460)? & INCOMPAT_64BIT != 0 { view.le32(0x550)? } else { 0 };
    let block = 1024_u64.checked_shl(view.le32(0x418)?).filter(|block| *block <= 1 << 16)?;
    (u64::from(high) << 32 | u64::from(low)).checked_mul(block)
}

fn xfs(view: &mut View<'_>) -> Option<u64> {
    let block = u64::from(view.be32(4)?);
    let blocks = u64::from_be_bytes(view.get(8, 8)?.try_into().ok()?);
    blocks.checked_mul(block)
}

fn swap(view: &mut View<'_>, signature: &Signature) -> Option<u64> {
    let page = signature.offset.get().checked_add(signature.len.get())?;
    let native = view.le32(SWAP_HEADER)? == 1;
    let last = view.le32(SWAP_HEADER + 4)?;
    // Written in the byte order of the machine that made it.
    let last = if native { last } else { last.swap_bytes() };
    (u64::from(last) + 1).checked_mul(page)
}
