//! Partition tables as device-mapper devices: one map for each partition.
//!
//! Owns: what maps are called, which uuids they have, what is in their tables, and which devices are maps of a
//! disk. May not touch: disks, loop devices, printing. Begin with [`wanted`] and [`Existing`].
#![forbid(unsafe_code)]

mod existing;
mod names;
mod wanted;

pub use existing::{Existing, Stands};
pub use names::{Source, default_delimiter, shown};
pub use wanted::{Ground, Map, WantedError, Wishes, offsets, wanted};
