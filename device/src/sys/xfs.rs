//! What a mounted xfs says of itself: `XFS_IOC_FSGEOMETRY_V1` of the kernel's `xfs_fs.h`.

use nix::errno::Errno;
use std::fs::File;
use std::os::fd::AsRawFd;

/// `struct xfs_fsop_geom_v1`, 112 bytes: block size, real-time extent, AG blocks, AGs, log blocks, sector, inode, imaxpct;
/// then four numbers of 64 bits, the first of which counts data blocks; then what is not needed here.
#[repr(C)]
#[derive(Default)]
struct Geometry {
    small: [u32; 8],
    large: [u64; 4],
    uuid: [u8; 16],
    rest: [u32; 8],
}

nix::ioctl_read!(xfs_fsgeometry, b'X', 100, Geometry);

/// How many bytes of its data device the file system uses that holds `file`.
pub(crate) fn data_bytes(file: &File) -> Result<u64, Errno> {
    let mut geometry = Geometry::default();
    // SAFETY: the descriptor is open, and the kernel writes one structure of this layout to a valid one.
    unsafe { xfs_fsgeometry(file.as_raw_fd(), &mut geometry) }?;
    geometry.large[0].checked_mul(u64::from(geometry.small[0])).ok_or(Errno::EOVERFLOW)
}
