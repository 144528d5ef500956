//! Another name for an LV.

use crate::edit::{Unsupported, begin, check_known, check_unused};
use metadata::model::names::{MAX_NAME, NameError, check_lv_name};
use metadata::model::{LvFlag, Vg};
use metadata::plan::Proposal;
use thiserror::Error;
use units::Id;

/// Why an LV cannot be renamed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RenameError {
    /// No such LV.
    #[error("Existing logical volume \"{lv}\" not found in volume group \"{vg}\"")]
    NotFound {
        /// Its id.
        lv: Id,
        /// The VG.
        vg: String,
    },
    /// Too long beside the VG's name.
    #[error("New logical volume name \"{name}\" may not exceed {max} characters.")]
    TooLong {
        /// The name.
        name: String,
        /// How many it may have.
        max: usize,
    },
    /// The name cannot be used.
    #[error("New logical volume name \"{name}\" is invalid")]
    Name {
        /// The name.
        name: String,
        /// What is wrong with it.
        source: NameError,
    },
    /// It has that name.
    #[error("Old and new logical volume names must differ")]
    Same(String),
    /// A sub-LV.
    #[error("Cannot rename internal LV \"{0}\".")]
    Internal(String),
    /// Another has that name.
    #[error("Logical Volume \"{name}\" already exists in volume group \"{vg}\"")]
    Taken {
        /// The name.
        name: String,
        /// The VG.
        vg: String,
    },
    /// A conversion runs.
    #[error("Cannot rename locked LV {0}")]
    Locked(String),
    /// Not understood well enough.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
}

impl RenameError {
    /// Whether LVM2 takes it for an invalid command line (exit 3) rather than a failure (exit 5).
    pub fn is_usage(&self) -> bool {
        matches!(self, Self::TooLong { .. } | Self::Name { .. } | Self::Same(_))
    }
}

/// What can be said of a new name without looking at the VG.
pub fn check_new_name(vg: &str, old: &str, new: &str) -> Result<(), RenameError> {
    // A VG's and an LV's name make a path together (2.03.40: lvrename.c).
    let max = (MAX_NAME + 1).saturating_sub(vg.len() + 3);
    // Where nothing is left for a name there is no such VG, which whoever looks for it says.
    if max > 0 && new.len() > max {
        return Err(RenameError::TooLong { name: new.to_owned(), max });
    }
    check_lv_name(new).map_err(|source| RenameError::Name { name: new.to_owned(), source })?;
    if old == new { Err(RenameError::Same(new.to_owned())) } else { Ok(()) }
}

/// Plans an LV under another name.
pub fn rename(vg: &Vg, lv: Id, to: &str) -> Result<Proposal, RenameError> {
    let Some(old) = vg.lvs.get(lv) else {
        return Err(RenameError::NotFound { lv, vg: vg.name.clone() });
    };
    check_new_name(&vg.name, &old.name, to)?;
    if !old.is_visible() {
        return Err(RenameError::Internal(old.name.clone()));
    }
    let historical = vg.historical.iter().any(|gone| gone.name == to);
    if historical || vg.lv_named(to).is_some() {
        return Err(RenameError::Taken { name: to.to_owned(), vg: vg.name.clone() });
    }
    if old.flags.has(LvFlag::Locked) {
        return Err(RenameError::Locked(old.name.clone()));
    }
    check_known(vg, old)?;
    check_unused(vg, old)?;
    let mut next = begin(vg);
    if let Some(lv) = next.lvs.get_mut(lv) {
        to.clone_into(&mut lv.name);
    }
    Ok(Proposal::plain(next))
}
