//! Partition tables: bytes to partitions.
//!
//! Owns: GPT and DOS tables, and LVM2's rule on when a disk counts as partitioned. Only reads. Knows no
//! word of LVM. Begin with [`detect`] and [`is_partitioned`].
#![forbid(unsafe_code)]

mod bytes;
mod dos;
mod gpt;
mod partitioned;
mod table;

pub use partitioned::{is_partitioned, may_be_partitioned};
pub use table::{Partition, Purpose, Scheme, Table};

use device::{Disk, DiskError};
use units::Bytes;

type Probe = fn(&dyn Disk, &[u8]) -> Result<Option<Table>, DiskError>;

/// The kinds of tables in the order they are tried; the first that fits is the disk's. GPT goes before
/// DOS, whose table it carries to protect itself.
const PROBES: [Probe; 2] = [gpt::read, dos::read];

/// The disk's partition table, or none. A table without partitions is a table. What is damaged, or what
/// points off the disk, is no table; only a disk that cannot be read is an error.
pub fn detect(disk: &dyn Disk) -> Result<Option<Table>, DiskError> {
    if disk.len() < Bytes::new(512) {
        return Ok(None);
    }
    let mut sector = [0; 512];
    disk.read_at(&mut sector, Bytes::ZERO)?;
    for probe in PROBES {
        if let Some(table) = probe(disk, &sector)? {
            return Ok(Some(table));
        }
    }
    Ok(None)
}
