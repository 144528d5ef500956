//! What every change of an LV begins with.

use metadata::model::{Lv, SegmentKind, Vg};
use std::collections::HashMap;
use thiserror::Error;
use units::Id;

/// Why an LV is left alone.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unsupported {
    /// It has a segment of a type that is not edited.
    #[error("segment type {segtype} of {lv} is not supported yet")]
    Segtype {
        /// The type.
        segtype: String,
        /// Which LV (VG/LV).
        lv: String,
    },
    /// Another LV of a type that is not edited is built on it.
    #[error("{lv} is used by {user}, whose segment type {segtype} is not supported yet")]
    User {
        /// Which LV (VG/LV).
        lv: String,
        /// By which (VG/LV).
        user: String,
        /// That one's type.
        segtype: String,
    },
    /// It has a flag whose meaning is not known.
    #[error("{lv} has the flag {flag}, which is not supported yet")]
    Flag {
        /// Which LV (VG/LV).
        lv: String,
        /// The flag.
        flag: String,
    },
}

/// The VG to be, before any change: a new seqno, and segments joined where nothing keeps them apart, as LVM2
/// does with whatever it reads.
pub(crate) fn begin(vg: &Vg) -> Vg {
    let mut next = vg.clone();
    next.seqno += 1;
    next.join_segments();
    next
}

/// `VG/LV`.
pub(crate) fn full_name(vg: &Vg, lv: &Lv) -> String {
    format!("{}/{}", vg.name, lv.name)
}

/// Refuses LVs that rlvm does not wholly understand.
pub(crate) fn check_known(vg: &Vg, lv: &Lv) -> Result<(), Unsupported> {
    for segment in &lv.segments {
        if let SegmentKind::Verbatim(verbatim) = &segment.kind {
            let segtype = verbatim.type_name.clone();
            return Err(Unsupported::Segtype { segtype, lv: full_name(vg, lv) });
        }
    }
    let mut unknown = lv.flags.unknown_status.iter().chain(&lv.flags.unknown_segtype);
    match unknown.next() {
        Some(flag) => Err(Unsupported::Flag { lv: full_name(vg, lv), flag: flag.clone() }),
        None => Ok(()),
    }
}

/// The first LV that is built on this one, with the type of the segment that is.
pub(crate) fn first_user(vg: &Vg, lv: Id) -> Option<(&Lv, &str)> {
    vg.lvs.iter().find_map(|user| {
        let segment = user.segments.iter().find(|segment| segment.lvs().contains(&lv))?;
        Some((user, segment.type_name()))
    })
}

/// For each LV that others are built on, the first of them, as [`first_user`] gives it; one pass.
pub(crate) fn first_users(vg: &Vg) -> HashMap<Id, (&Lv, &str)> {
    let mut users = HashMap::new();
    for user in &vg.lvs {
        for segment in &user.segments {
            for used in segment.lvs() {
                users.entry(used).or_insert((user, segment.type_name()));
            }
        }
    }
    users
}

/// Refuses LVs that others are built on.
pub(crate) fn check_unused(vg: &Vg, lv: &Lv) -> Result<(), Unsupported> {
    match first_user(vg, lv.id) {
        Some((user, segtype)) => Err(Unsupported::User {
            lv: full_name(vg, lv),
            user: full_name(vg, user),
            segtype: segtype.to_owned(),
        }),
        None => Ok(()),
    }
}
