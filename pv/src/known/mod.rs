//! What a host keeps beside its disks about the PVs on them: the devices file, LVM2's hints and run files.
//!
//! rlvm needs none of it to find PVs, but LVM2 believes it: a PV that is missing from the devices file, or
//! hints that are out of date, would hide from LVM2 what rlvm did.

mod devices;
mod hints;
mod online;

pub use devices::{
    DeviceEntry, DevicesFile, DevicesFileError, IdKind, Machine, Matched, devices_lock_path, id_of,
    preferred_id,
};
pub use hints::{
    DeviceSum, Hint, HintTerms, HintsError, HintsHeld, Renewal, TakenUp, clear_hints, outdate_hints,
    renew_hints, take_up_hints,
};
pub use online::{OnlinePv, RunFiles};
