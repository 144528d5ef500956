//! Quantities and identifiers, as types.
//!
//! Owns: counts of sectors, bytes and extents, extent size, positions, percentages; the size and
//! extent grammars of the command line; ids and where they come from; LVM's CRC.
//! May not touch: files, clocks, randomness, printing. Begin with [`Sectors`] and [`ExtentSize`].
#![forbid(unsafe_code)]

mod count;
mod crc;
mod extent_size;
mod grammar;
mod id;
mod percent;

pub use count::{Bytes, Extents, Le, Pe, Sectors};
pub use crc::{Crc, crc};
pub use extent_size::{ExtentSize, ExtentSizeError};
pub use grammar::{ExtentArg, ExtentRequest, GrammarError, PercentOf, Sign, SizeArg};
pub use id::{Id, IdError, IdSource, SeededIds};
pub use percent::Percent;
