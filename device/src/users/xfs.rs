//! How far a mounted xfs reaches: its super block on the device lags behind.

use crate::error::DiskError;
use crate::sys::xfs;
use std::fs::File;
use std::path::Path;
use units::Bytes;

/// The first byte of its device that the xfs mounted there does not use.
pub fn mounted_xfs_end(at: &Path) -> Result<Bytes, DiskError> {
    let open = |source| DiskError::Open { path: at.to_owned(), source };
    let folder = File::open(at).map_err(open)?;
    xfs::data_bytes(&folder).map(Bytes::new).map_err(|errno| open(errno.into()))
}
