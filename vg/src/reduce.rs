//! Fewer PVs for a VG.

use crate::access::partial_lvs;
use metadata::model::{Pv, PvFlag, PvSpace, Vg, VgFlag};
use metadata::plan::{Notice, Proposal};
use thiserror::Error;
use units::{Extents, Id};

/// Which PVs to take out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// These, in this order.
    Pvs(Vec<Id>),
    /// All that are empty; the last PV stays in any case.
    AllEmpty,
}

/// Why PVs cannot be taken out.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReduceError {
    /// The VG's flags forbid it.
    #[error("Volume group {0} is not resizeable.")]
    NotResizeable(String),
    /// Not in this VG.
    #[error("Physical volume {0} is not in volume group {1}")]
    NotThere(Id, String),
    /// Something lies on it.
    #[error("Physical volume \"{device}\" still in use")]
    InUse {
        /// Its device.
        device: String,
        /// How many of its extents are used.
        used: Extents,
    },
    /// It is the last one.
    #[error("Can't remove final physical volume \"{device}\" from volume group \"{vg}\"")]
    Last {
        /// Its device.
        device: String,
        /// The VG.
        vg: String,
    },
    /// LVs lie on missing PVs.
    #[error("There are still partial LVs in VG {vg}.")]
    Partial {
        /// The VG.
        vg: String,
        /// Their names.
        lvs: Vec<String>,
    },
    /// All PVs are missing.
    #[error("Volume Groups must always contain at least one PV.")]
    NothingLeft,
}

/// Plans `vg` without some PVs. LVM2 takes them out one by one, each with a commit of its own, and goes on
/// after one that cannot go: whoever wants that calls this once per PV.
pub fn reduce(vg: &Vg, which: &Which) -> Result<Proposal, ReduceError> {
    if !vg.flags.has(VgFlag::Resizeable) {
        return Err(ReduceError::NotResizeable(vg.name.clone()));
    }
    let space = vg.space();
    let used = |id: Id| space.get(&id).map(PvSpace::used_count).unwrap_or_default();
    let mut next = vg.clone();
    next.seqno += 1;
    match which {
        Which::Pvs(ids) => {
            for &id in ids {
                let pv = next.pvs.get(id).ok_or_else(|| ReduceError::NotThere(id, vg.name.clone()))?;
                let device = pv.device.clone();
                let used = used(id);
                if !used.is_zero() {
                    return Err(ReduceError::InUse { device, used });
                }
                if next.pvs.len() == 1 {
                    return Err(ReduceError::Last { device, vg: vg.name.clone() });
                }
                next.pvs.remove(id);
            }
        }
        Which::AllEmpty => {
            let mut left = next.pvs.len();
            next.pvs.retain(|pv| {
                let go = left > 1 && used(pv.id).is_zero();
                left -= usize::from(go);
                !go
            });
        }
    }
    Ok(Proposal::plain(next))
}

/// Plans `vg` without its missing PVs, none of which may hold anything. `absent` says of a PV that its device
/// was not found. None: no PV is missing.
pub fn remove_missing(vg: &Vg, absent: impl Fn(&Pv) -> bool) -> Result<Option<Proposal>, ReduceError> {
    let mut next = vg.clone();
    for pv in next.pvs.iter_mut() {
        if absent(pv) {
            pv.flags.insert(PvFlag::Missing);
        }
    }
    let gone: Vec<Id> = next.pvs.iter().filter(|pv| pv.flags.has(PvFlag::Missing)).map(|pv| pv.id).collect();
    if gone.is_empty() {
        return Ok(None);
    }
    let partial = partial_lvs(&next);
    if !partial.is_empty() {
        return Err(ReduceError::Partial { vg: vg.name.clone(), lvs: partial });
    }
    let space = next.space();
    let holds = |id: &Id| space.get(id).is_some_and(|held| !held.used.is_empty());
    if let Some(pv) = gone.iter().copied().find(|id| holds(id)).and_then(|id| next.pvs.get(id)) {
        let used = space.get(&pv.id).map(PvSpace::used_count).unwrap_or_default();
        return Err(ReduceError::InUse { device: pv.device.clone(), used });
    }
    if gone.len() == next.pvs.len() {
        return Err(ReduceError::NothingLeft);
    }
    next.pvs.retain(|pv| !pv.flags.has(PvFlag::Missing));
    next.seqno += 1;
    let notices = gone.into_iter().map(Notice::MissingPvRemoved).collect();
    Ok(Some(Proposal { next, notices, consents: Vec::new() }))
}
