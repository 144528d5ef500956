//! What it takes to mount a file system, or to name it to its tools, beyond its format.

use super::Signature;
use super::view::View;
use device::{Disk, DiskError};

/// Mount options that keep a file system's quotas as they are: without them xfs would drop what it counted
/// (xfs_format.h, sb_qflags).
pub fn quota_options(disk: &dyn Disk, signature: &Signature) -> Result<Option<String>, DiskError> {
    const AT: u64 = 176;
    // Option, counted, enforced.
    const KINDS: [(&str, u16, u16); 3] = [("u", 0x1, 0x2), ("g", 0x40, 0x80), ("p", 0x8, 0x200)];
    if signature.name != "xfs" {
        return Ok(None);
    }
    let mut view = View::new(disk)?;
    let bytes = view.get(AT, 2).and_then(|bytes| bytes.try_into().ok());
    let flags = bytes.map_or(0, u16::from_be_bytes);
    let options: Vec<String> = KINDS
        .into_iter()
        .filter(|(_, counted, _)| flags & counted != 0)
        .map(|(kind, _, enforced)| {
            let how = if flags & enforced != 0 { "quota" } else { "qnoenforce" };
            format!("{kind}{how}")
        })
        .collect();
    match view.take_error() {
        Some(error) => Err(error),
        None => Ok((!options.is_empty()).then(|| options.join(","))),
    }
}

/// The number of this device among those of a btrfs (its super block's dev_item).
pub fn member(disk: &dyn Disk, signature: &Signature) -> Result<Option<u64>, DiskError> {
    const AT: u64 = 0x1_00c9;
    if signature.name != "btrfs" {
        return Ok(None);
    }
    let mut view = View::new(disk)?;
    let bytes = view.get(AT, 8).and_then(|bytes| bytes.try_into().ok());
    match view.take_error() {
        Some(error) => Err(error),
        None => Ok(bytes.map(u64::from_le_bytes)),
    }
}
