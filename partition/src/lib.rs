//! Partition tables: bytes to partitions.
//!
//! Owns: one file per kind of table, the order they are tried in, names for types, partitions as disks of
//! their own, and LVM2's rule on when a disk counts as partitioned. Only reads. Knows no word of LVM.
//! Begin with [`find`], [`Part`] and [`is_partitioned`].
#![forbid(unsafe_code)]

mod android;
mod atari;
mod bsd;
mod bytes;
mod dasd;
mod dos;
mod expand;
mod gpt;
mod mac;
mod minix;
mod note;
mod part;
mod partitioned;
mod probe;
mod ps3;
mod sgi;
mod slices;
mod solaris;
mod sparse;
mod sun;
mod table;
mod types;
mod unixware;
mod view;

pub use expand::expand;
pub use note::Note;
pub use part::{Part, part_path};
pub use partitioned::{is_partitioned, may_be_partitioned};
pub use probe::{Found, Options, detect, find};
pub use sparse::{Below, Sparse, Unmappable};
pub use table::{Partition, Piece, Purpose, Scheme, Table};
