//! What a VG says of one of its PVs: whether extents may be placed on it, its tags, its id.

use metadata::model::{PvFlag, Vg};
use metadata::plan::{Notice, Proposal};
use thiserror::Error;
use units::Id;

/// What is to change about a PV.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PvChange {
    /// Whether new extents may be placed on it.
    pub allocatable: Option<bool>,
    /// Tags to add.
    pub add_tags: Vec<String>,
    /// Tags to take away.
    pub del_tags: Vec<String>,
    /// Its new id.
    pub id: Option<Id>,
    /// Whether something changes that only its header tells: the text is written all the same.
    pub header: bool,
}

/// Why a PV cannot be changed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PvChangeError {
    /// Not in this VG.
    #[error("Physical volume {0} is not in volume group {1}")]
    NotThere(Id, String),
    /// The new id is another PV's.
    #[error("Physical volume {0} is in volume group {1} already")]
    IdInUse(Id, String),
}

/// Plans `vg` with the PV changed. None: it is as it is to be, which `notices` tell.
pub fn change_pv(
    vg: &Vg,
    pv: Id,
    change: &PvChange,
) -> Result<(Option<Proposal>, Vec<Notice>), PvChangeError> {
    let mut next = vg.clone();
    let not_there = || PvChangeError::NotThere(pv, vg.name.clone());
    let known = next.pvs.get_mut(pv).ok_or_else(not_there)?;
    let mut notices = Vec::new();
    let mut done = change.header || change.id.is_some();
    if let Some(allocatable) = change.allocatable {
        if known.flags.has(PvFlag::Allocatable) == allocatable {
            notices.push(Notice::PvAlready { pv: known.device.clone(), allocatable });
        } else {
            known.flags.set(PvFlag::Allocatable, allocatable);
            done = true;
        }
    }
    // Tags count as changed whatever they were, as LVM2 has it.
    done |= !change.add_tags.is_empty() || !change.del_tags.is_empty();
    for tag in &change.add_tags {
        if !known.tags.contains(tag) {
            known.tags.push(tag.clone());
        }
    }
    known.tags.retain(|tag| !change.del_tags.contains(tag));
    if let Some(id) = change.id {
        if vg.pvs.contains(id) {
            return Err(PvChangeError::IdInUse(id, vg.name.clone()));
        }
        next.renumber_pv(pv, id);
    }
    next.seqno += 1;
    let proposal = done.then(|| Proposal { notices: notices.clone(), ..Proposal::plain(next) });
    Ok((proposal, notices))
}
