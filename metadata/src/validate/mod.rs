//! Whether a VG makes sense: one file per family of invariants.
//!
//! Everything that LVM2 writes passes; a VG that does not pass is neither changed nor activated, for what it
//! says cannot be true of the disks.

mod flags;
mod limits;
mod names;
mod places;
mod pvs;
mod references;
mod segments;
mod violation;

pub use violation::{Count, Named, Violation};

use crate::model::Vg;

/// Every violation, in the order of the families: names, flags, limits, PVs, segments, references, places.
pub fn validate(vg: &Vg) -> Vec<Violation> {
    let mut found = Vec::new();
    for family in [
        names::check,
        flags::check,
        limits::check,
        pvs::check,
        segments::check,
        references::check,
        places::check,
    ] {
        family(vg, &mut found);
    }
    found
}
