//! Changes of LVs, planned: a planner reads a [`Vg`](metadata::model::Vg), what is live, and a request, and
//! proposes the next [`Vg`](metadata::model::Vg). Pure: no disk, no device-mapper, no printing.
//!
//! Owns: which extents an LV gets ([`AllocSettings`], [`PvArg`]), and create, change (properties), resize (extend,
//! reduce), remove, rename. Whether the VG may be changed at all is the crate `vg`'s to say.
//!
//! An LV gets the very extents LVM2 2.03.40 would give it; `tests/oracle.rs` compares.
#![forbid(unsafe_code)]

mod alloc;
mod change;
mod create;
mod edit;
mod grow;
mod pv_args;
mod remove;
mod rename;
mod request;
mod resize;
mod segtype;
mod share;

pub use alloc::{AllocError, AllocSettings};
pub use change::{ChangeError, Changed, Property, Repeated, change};
pub use create::{Create, CreateError, create, is_as_asked, said_of_size, said_of_stripes};
pub use edit::Unsupported;
pub use pv_args::{PvArg, PvArgError};
pub use remove::{Remove, RemoveError, check_remove, remove};
pub use rename::{RenameError, check_new_name, rename};
pub use request::{Amount, MAX_EXTENTS, MAX_STRIPES, StripeError, StripeSettings, check_stripes};
pub use resize::{Direction, Resize, ResizeError, extend, reduce, resize};
