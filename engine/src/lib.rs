//! Device-mapper tables, read and written in user space over disks: no kernel, no privileges.
//!
//! Owns: [`Volume`], a [`device::Disk`] made of a table, and copying between volumes and files ([`copy`]).
//! May not touch: LVM metadata, the real device-mapper, printing. Begin with [`Volume::new`].
#![forbid(unsafe_code)]

pub mod copy;
mod place;
mod volume;

pub use place::{Place, Stretch};
pub use volume::{Volume, VolumeError};
