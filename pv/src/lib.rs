//! PVs: where their structures go on a disk, and what stands there.
//!
//! Owns: the layout of new PVs ([`layout()`]), making and removing them ([`create()`], [`remove`]), finding
//! them ([`probe()`]), and the signatures of other formats that are in the way ([`signature`]),
//! and what the host keeps about PVs ([`known`]). Knows nothing of VGs but ids. Begin with [`PvLayout`] and [`Probe`].
#![forbid(unsafe_code)]

mod blocks;
mod create;
mod error;
mod exclusion;
mod host;
pub mod known;
mod layout;
mod md;
mod probe;
mod resize;
pub mod signature;

pub use blocks::write_in_blocks;
pub use create::{MDA_WIPE, Start, Write, carry_out, create, creation, removal, remove};
pub use error::{LayoutError, WriteError};
pub use exclusion::{Exclusion, exclusion};
pub use host::is_partitionable;
pub use layout::{LayoutNote, LayoutOptions, MdaPlace, PvLayout, Restore, Topology, layout};
pub use probe::{FIRST_BYTES, Found, Mda, MdaFault, Probe, has_label, is_labelled, probe, probe_disk};
pub use resize::{area_at_end, moved_area, pe_start};
