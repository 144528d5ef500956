//! The end of LVs.

use crate::edit::{Unsupported, begin, check_known, first_user, first_users, full_name};
use metadata::live::Live;
use metadata::model::{Lv, LvFlag, Vg};
use metadata::plan::{Consent, Proposal};
use std::collections::HashSet;
use thiserror::Error;
use units::Id;

/// Which LVs to remove.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remove {
    /// These.
    pub lvs: Vec<Id>,
    /// `devices/issue_discards`: whether the devices are told; LVM2 asks for LVs that are not active too then.
    pub discard: bool,
}

/// Why an LV cannot be removed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RemoveError {
    /// No such LV.
    #[error("Failed to find logical volume \"{vg}/{lv}\"")]
    NotFound {
        /// Its id.
        lv: Id,
        /// The VG.
        vg: String,
    },
    /// A sub-LV.
    #[error("Can't remove logical volume {lv} used {}.", describe_user(user, segtype))]
    InUseBy {
        /// Which (VG/LV).
        lv: String,
        /// What is built on it (VG/LV).
        user: String,
        /// That one's segment type.
        segtype: String,
    },
    /// A conversion runs.
    #[error("Can't remove locked logical volume {0}.")]
    Locked(String),
    /// Somebody has it open.
    #[error("Logical volume {lv} in use.")]
    Open {
        /// Which (VG/LV).
        lv: String,
        /// How many have it open.
        openers: u32,
    },
    /// Not understood well enough.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
}

fn describe_user(user: &str, segtype: &str) -> String {
    match segtype {
        "mirror" => "by a mirror".to_owned(),
        "thin-pool" | "cache-pool" => "by a pool".to_owned(),
        raid if raid.starts_with("raid") => "as RAID device".to_owned(),
        other => format!("by {user} ({other})"),
    }
}

/// Whether an LV may be removed.
pub fn check_remove(vg: &Vg, live: &Live, lv: Id) -> Result<(), RemoveError> {
    check(vg, live, lv, first_user(vg, lv))
}

/// The same where it is known already what is built on it: an LV, and the type of its segment.
fn check(vg: &Vg, live: &Live, id: Id, user: Option<(&Lv, &str)>) -> Result<(), RemoveError> {
    let lv = vg.lvs.get(id).ok_or_else(|| RemoveError::NotFound { lv: id, vg: vg.name.clone() })?;
    let name = || full_name(vg, lv);
    if let Some((user, segtype)) = user {
        let (user, segtype) = (full_name(vg, user), segtype.to_owned());
        return Err(if lv.is_visible() {
            Unsupported::User { lv: name(), user, segtype }.into()
        } else {
            RemoveError::InUseBy { lv: name(), user, segtype }
        });
    }
    check_known(vg, lv)?;
    if lv.flags.has(LvFlag::Locked) {
        return Err(RemoveError::Locked(name()));
    }
    match live.of(id) {
        Some(device) if device.open_count > 0 => {
            Err(RemoveError::Open { lv: name(), openers: device.open_count })
        }
        _ => Ok(()),
    }
}

/// Plans `vg` without some LVs; all of them go, or none. Whoever wants to go on past one that stands in the
/// way asks [`check_remove`] first.
pub fn remove(vg: &Vg, live: &Live, request: &Remove) -> Result<Proposal, RemoveError> {
    let mut consents = Vec::new();
    let users = first_users(vg);
    for &id in &request.lvs {
        check(vg, live, id, users.get(&id).copied())?;
        let active = live.is_active(id);
        let asks = |lv: &&Lv| if active { lv.is_visible() } else { request.discard };
        if let Some(lv) = vg.lvs.get(id).filter(asks) {
            consents.push(Consent::RemoveLv { lv: full_name(vg, lv), active, discard: request.discard });
        }
    }
    let gone: HashSet<Id> = request.lvs.iter().copied().collect();
    let mut next = begin(vg);
    next.lvs.retain(|lv| !gone.contains(&lv.id));
    Ok(Proposal { next, notices: Vec::new(), consents })
}
