//! Changes of VGs as wholes, planned: a planner reads a [`Vg`](metadata::model::Vg) and a request and proposes
//! the next one. Pure: no disk, no device-mapper, no printing.
//!
//! Owns: who may change a VG ([`check_access`]), create, extend, reduce, remove, rename, split, merge, export, the
//! properties of a VG as a whole ([`change`]), and what it says of its PVs ([`change_pv`], [`resize_pv`]).
//! Whoever plans a change of a VG read from disk calls [`check_access`] first; LVs are planned by the crate
//! `lv`.
#![forbid(unsafe_code)]

mod access;
mod change_pv;
mod compatible;
mod component;
mod create;
mod export;
mod extend;
mod extent_size;
mod import_clone;
mod merge;
mod new_pv;
mod properties;
mod reduce;
mod remove;
mod rename;
mod resize_pv;
mod restore_missing;
mod split;

pub use access::{AccessError, Host, Purpose, check_access};
pub use change_pv::{PvChange, PvChangeError, change_pv};
pub use compatible::Incompatible;
pub use create::{Create, CreateError, create};
pub use export::{ExportError, export, import};
pub use extend::{ExtendError, extend};
pub use extent_size::ExtentSizeError;
pub use import_clone::{CloneError, import_clone};
pub use merge::{MergeError, merge};
pub use new_pv::{AddError, NewPv};
pub use properties::{Property, PropertyError, change, check_extent_size};
pub use reduce::{ReduceError, Which, reduce, remove_missing};
pub use remove::{Removal, RemoveError, remove};
pub use rename::{RenameError, check_new_name, rename};
pub use resize_pv::{PvResizeError, resize_pv};
pub use restore_missing::{RestoreError, restore_missing};
pub use split::{NewVg, Split, SplitError, Target, pvs_of_lv, split, split_done};
