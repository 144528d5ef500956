//! Everything that holds bytes: block devices, image files, and in tests a RAM disk with faults.
//!
//! Owns: the [`Disk`] trait and its implementations, what is found on the host, filters, sysfs, loop
//! devices and flock. Knows no word of LVM, prints nothing and reads no settings. Begin with [`Disk`]; a
//! command begins with [`scan`].
#![deny(unsafe_code)]

mod aligned;
mod block;
mod disk;
mod error;
mod file;
mod filter;
mod given;
mod host;
mod kind;
mod limit;
mod lock;
mod loops;
mod md;
mod names;
mod open;
mod opened;
mod pattern;
mod prepared;
#[cfg(any(test, feature = "testing"))]
pub mod ram;
mod range;
mod scan;
mod set;
#[cfg(test)]
mod skipped;
#[allow(unsafe_code)]
mod sys;
mod together;
mod users;

pub use block::BlockDisk;
pub use disk::{Claim, Disk, Identity};
pub use error::DiskError;
pub use file::FileDisk;
pub use filter::{Filter, FilterError, Verdict};
pub use given::given;
pub use host::{
    DevNumber, DeviceTypes, DmFacts, Host, HostDevice, KernelNodes, KnownType, LoopBacking, MdFacts, Nodes,
    NotANumber, Topology, known_types,
};
pub use kind::{kind_of_start, looks_like};
pub use lock::{
    ImageLock, LockError, LockFile, LockMode, LockOptions, Priority, Process, Wait, flock_holders,
    lock_image, lock_images,
};
pub use loops::{AttachOptions, Attached, LoopDevice, LoopError, LoopedImage, attach, detach, find_loops};
pub use md::{MdDepth, MdSuperblock, md_superblock, md_superblock_in};
pub use names::Preference;
pub use open::{identity, open};
pub use pattern::{Pattern, PatternError};
pub use prepared::PreparedWrites;
pub use scan::{
    ByList, Components, Found, Narrow, Refused, Rejected, Scan, Scope, Seen, is_private, open_image,
    open_image_and_loops, scan, scan_narrowed,
};
pub use set::{DiskId, DiskSet, Entry};
pub use together::{Durability, Write, each, flush_all_parallel, read_all_parallel, write_all_parallel};
pub use users::{Processes, User, lock_holders, mounted_xfs_end, root_device, users};
