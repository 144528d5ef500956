//! Changes of VGs as wholes, planned: a planner reads a [`Vg`](metadata::model::Vg) and a request and proposes
//! the next one. Pure: no disk, no device-mapper, no printing.
//!
//! Owns: who may change a VG ([`check_access`]), create, extend, reduce, remove, rename, and what a VG says of
//! its PVs ([`change_pv`], [`resize_pv`]).
//! Whoever plans a change of a VG read from disk calls [`check_access`] first; LVs are planned by the crate
//! `lv`.
#![forbid(unsafe_code)]

mod access;
mod change_pv;
mod create;
mod extend;
mod new_pv;
mod reduce;
mod remove;
mod rename;
mod resize_pv;

pub use access::{AccessError, Host, Purpose, check_access};
pub use change_pv::{PvChange, PvChangeError, change_pv};
pub use create::{Create, CreateError, create};
pub use extend::{ExtendError, extend};
pub use new_pv::{AddError, NewPv};
pub use reduce::{ReduceError, Which, reduce, remove_missing};
pub use remove::{Removal, RemoveError, remove};
pub use rename::{RenameError, check_new_name, rename};
pub use resize_pv::{PvResizeError, resize_pv};
