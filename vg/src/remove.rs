//! The end of a VG.

use metadata::model::{Pv, PvFlag, Vg};
use metadata::plan::Consent;
use thiserror::Error;

/// What removing a VG means: its PVs are no VG's any more.
#[derive(Clone, Debug, PartialEq)]
pub struct Removal {
    /// The PVs that are set free.
    pub pvs: Vec<Pv>,
    /// What is to be agreed to first.
    pub consents: Vec<Consent>,
}

/// Why a VG cannot be removed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RemoveError {
    /// PVs are missing, and nobody forced it.
    #[error("Volume group \"{vg}\" not found, is inconsistent or has PVs missing.")]
    MissingPvs {
        /// Which.
        vg: String,
        /// How many.
        missing: usize,
    },
}

/// Plans the removal of `vg` with what LVs it has; the LVs themselves are planned away first (crate `lv`), so
/// that those in use stand in the way. `force` is set where the user said so (or said yes beforehand).
pub fn remove(vg: &Vg, force: bool) -> Result<Removal, RemoveError> {
    let missing = vg.pvs.iter().filter(|pv| pv.flags.has(PvFlag::Missing)).count();
    if missing > 0 && !force {
        return Err(RemoveError::MissingPvs { vg: vg.name.clone(), missing });
    }
    let lvs = vg.lvs.iter().filter(|lv| lv.is_visible()).count();
    let consents = match lvs {
        0 => Vec::new(),
        lvs => vec![Consent::RemoveVg { vg: vg.name.clone(), lvs }],
    };
    Ok(Removal { pvs: vg.pvs.iter().cloned().collect(), consents })
}
