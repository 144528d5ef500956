//! VGs, PVs, LVs and segments as plain data. Objects refer to each other by id, never by pointer; what can
//! be computed (free space, users, counts) is computed, not stored.

mod collection;
mod flags;
mod join;
mod lv;
pub mod names;
mod policy;
mod provenance;
mod pv;
mod raw;
mod renumber;
mod segment;
mod segtype;
mod snapshot;
mod space;
mod vg;

pub use collection::{Collection, Identified};
pub use flags::{Flag, FlagKind, Flags, LvFlag, PvFlag, VgFlag};
pub use lv::{Lv, ReadAhead};
pub use policy::AllocPolicy;
pub use provenance::Provenance;
pub use pv::{BootloaderArea, DeviceId, Pv};
pub use raw::{Extras, RawItem, RawSpacing, RawValue};
pub use segment::{Area, Segment, SegmentKind, Striped, Verbatim};
pub use segtype::SegmentType;
pub use snapshot::{Snapshot, Visibility};
pub use space::{PeRange, PvSpace, Used};
pub use vg::{HistoricalLv, LockType, Vg};
