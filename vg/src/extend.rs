//! More PVs for a VG.

use crate::new_pv::{self, AddError, NewPv};
use metadata::model::{Vg, VgFlag};
use metadata::plan::Proposal;
use thiserror::Error;

/// Why PVs cannot be added.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ExtendError {
    /// The VG's flags forbid it.
    #[error("Volume group {0} is not resizeable.")]
    NotResizeable(String),
    /// One of them cannot join.
    #[error(transparent)]
    Add(#[from] AddError),
}

/// Plans `vg` with more PVs behind those it has.
pub fn extend(vg: &Vg, pvs: &[NewPv]) -> Result<Proposal, ExtendError> {
    if !vg.flags.has(VgFlag::Resizeable) {
        return Err(ExtendError::NotResizeable(vg.name.clone()));
    }
    let mut next = vg.clone();
    next.seqno += 1;
    for pv in pvs {
        new_pv::add(&mut next, pv)?;
    }
    Ok(Proposal::plain(next))
}
