//! From LVs to running devices, and back.
//!
//! Owns: what an LV needs of device-mapper ([`want`]), what runs of it ([`observe`]), who may be activated
//! ([`Policy`]), and the one place where metadata and device-mapper change together ([`carry_out`]). May not
//! touch: the command line, printing. Begin with [`plan()`] and [`carry_out`].
#![forbid(unsafe_code)]

mod apply;
mod attach;
mod ground;
pub mod guardian;
mod in_use;
mod links;
pub mod observe;
mod plan;
mod policy;
mod rescue;
pub mod want;

pub use apply::{ApplyError, Done, Machine, Metadata, Problem, Settings, Warning, carry_out};
#[cfg(any(test, feature = "testing"))]
pub use attach::NumberedLoops;
pub use attach::{AttachError, Attachment, HostLoops, Loops};
pub use in_use::{Holders, InUse};
pub use links::{LinkError, names};
pub use plan::{Activation, NodeChange, PlanError, When, Wish, plan};
pub use policy::{Policy, Skip, VolumeList};
pub use rescue::{Rescued, rescue};
