//! Linux device-mapper by its own ioctls, with no library between, and of use without any volume manager.
//!
//! Owns: names, tables, the control node, udev cookies and nodes, and the order in which a set of devices is
//! created, reloaded, renamed and removed. May not touch: anything that knows a PV, a VG or an LV; printing.
//! Begin with [`Control`] (one ioctl at a time), [`Table`] (what is loaded), [`status`] (what targets say of
//! themselves) and [`tree`] (many devices at once, in order, with a way back).
#![deny(unsafe_code)]

mod control;
mod device;
mod error;
mod names;
mod request;
pub mod status;
#[allow(unsafe_code)]
mod sys;
mod table;
pub mod tree;
mod udev;

pub use control::{Absent, Control, Kernel};
#[cfg(any(test, feature = "testing"))]
pub use control::{Logged, Sim};
pub use device::{
    Access, DevNo, DevNoError, Device, Info, Listed, Removed, TargetStatus, TargetVersion, Version,
};
pub use error::{Absence, DmError};
pub use names::{DmName, DmUuid, MangleError, Mangling, NameError, join, mangle, split, unmangle};
pub use nix::errno::Errno;
pub use request::{Removal, Request, Slot, Suspend, Verb};
pub use table::{
    DevRef, Kind, Linear, Mirror, MirrorLog, Other, Persistence, Snapshot, SnapshotOrigin, Stripe, Striped,
    Sync, Table, TableError, Target, Thin, ThinPool,
};
pub use udev::{Cookie, CookieError, Event, NodeDir, NodeError, Settled, Udev, UdevFlags, abandon, complete};
