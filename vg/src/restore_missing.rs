//! PVs that were away while the VG was changed, and are back.

use metadata::model::{PvFlag, Vg};
use metadata::plan::{Notice, Proposal};
use thiserror::Error;
use units::Id;

/// Why nothing is restored.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RestoreError {
    /// None of the PVs named was away and is back.
    #[error("No PV has been restored.")]
    Nothing,
}

/// Plans `vg` with these PVs, which were marked as missing, as members again. What they hold is as old as their
/// absence: whoever asks for it knows that. `here` says whether a PV's device is there, `readmitted` whether it
/// lost the mark as the VG was read.
pub fn restore_missing(
    vg: &Vg,
    pvs: &[Id],
    here: impl Fn(Id) -> bool,
    readmitted: impl Fn(Id) -> bool,
) -> (Vec<Notice>, Result<Proposal, RestoreError>) {
    let mut proposal = Proposal::plain(vg.clone());
    proposal.next.seqno += 1;
    let (mut notices, mut fixed) = (Vec::new(), false);
    for &id in pvs {
        let Some(pv) = proposal.next.pvs.get_mut(id) else { continue };
        let is_here = here(id);
        if is_here && (pv.flags.has(PvFlag::Missing) || readmitted(id)) {
            pv.flags.remove(PvFlag::Missing);
            notices.push(Notice::PvRestored(pv.device.clone()));
            fixed = true;
        } else {
            let (pv, vg) = (pv.device.clone(), vg.name.clone());
            notices.push(Notice::PvNotRestored { pv, vg, missing: !is_here });
        }
    }
    let result = if fixed { Ok(proposal) } else { Err(RestoreError::Nothing) };
    (notices, result)
}
