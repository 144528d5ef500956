//! Why a device or image may not be used.

use crate::disk::Identity;
use crate::error::DiskError;
use crate::host::{DevNumber, DeviceTypes};
use std::path::PathBuf;
use std::sync::Arc;
use units::Bytes;

/// A device or image that may not be used.
#[derive(Clone, Debug)]
pub struct Refused {
    /// All its names, the preferred one first.
    pub names: Vec<PathBuf>,
    /// Which object it is, where there is one.
    pub identity: Option<Identity>,
    /// Why.
    pub reason: Rejected,
}

/// A reason; the words for it are the caller's.
#[derive(Clone, Debug)]
pub enum Rejected {
    /// A filter rejects it.
    Filter,
    /// The list of devices that may be used ([`super::scan_narrowed`]) has it not.
    NotListed,
    /// Its driver is none that makes disks.
    UnsupportedType {
        /// The major number.
        major: u32,
        /// The driver, where the kernel names it.
        driver: Option<String>,
    },
    /// It has a node, but the kernel knows no such device.
    NoSysfs,
    /// A dm device that is suspended: I/O to it would wait.
    Suspended,
    /// A dm device that the caller leaves out.
    PrivateDm {
        /// Its uuid.
        uuid: String,
    },
    /// It is smaller than asked for.
    TooSmall {
        /// Its length.
        size: Bytes,
        /// What was asked for.
        least: Bytes,
    },
    /// It is a path of a multipath device.
    MultipathComponent {
        /// The multipath device's dm name; none if it went meanwhile.
        of: Option<String>,
    },
    /// It has partitions in use.
    Partitioned {
        /// How many.
        partitions: usize,
    },
    /// It is a part of an md array.
    MdComponent {
        /// The array, under the device folder; none where only the superblock says so.
        of: Option<PathBuf>,
    },
    /// It cannot be opened, or is neither a block device nor a regular file.
    Unusable(Arc<DiskError>),
}

impl Rejected {
    /// Whether only the number of open files is in the way, which says nothing about the disk.
    pub fn is_for_lack_of_descriptors(&self) -> bool {
        let Self::Unusable(error) = self else { return false };
        let DiskError::Open { source, .. } = &**error else { return false };
        matches!(source.raw_os_error(), Some(libc::EMFILE | libc::ENFILE))
    }

    /// Rejects drivers that make no disks.
    pub(super) fn unsupported(number: DevNumber, types: &DeviceTypes) -> Option<Self> {
        let driver = types.name(number.major).map(str::to_owned);
        (!types.is_supported(number.major)).then_some(Self::UnsupportedType { major: number.major, driver })
    }
}
