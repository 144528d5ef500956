//! Another name for a VG.

use metadata::model::Vg;
use metadata::model::names::{NameError, check_vg_name};
use metadata::plan::Proposal;
use thiserror::Error;

/// The longest name LVM2's vgrename takes: 128 less `/dev/` and two (2.03.40: validate_vg_rename_params).
const MAX_NEW_NAME: usize = 121;

/// Why a VG cannot be renamed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RenameError {
    /// Too long.
    #[error("New volume group path exceeds maximum length of {MAX_NEW_NAME}!")]
    TooLong(usize),
    /// The name cannot be used.
    #[error("New volume group name \"{name}\" is invalid.")]
    Name {
        /// The name.
        name: String,
        /// What is wrong with it.
        source: NameError,
    },
    /// It has that name.
    #[error("Old and new volume group names must differ")]
    Same(String),
}

/// What can be said of a new name before the VG is read.
pub fn check_new_name(from: &str, to: &str) -> Result<(), RenameError> {
    if to.len() > MAX_NEW_NAME {
        return Err(RenameError::TooLong(to.len()));
    }
    check_vg_name(to).map_err(|source| RenameError::Name { name: to.to_owned(), source })?;
    if from == to {
        return Err(RenameError::Same(to.to_owned()));
    }
    Ok(())
}

/// Plans `vg` under another name. That no other VG has it is for the caller to see to.
pub fn rename(vg: &Vg, to: &str) -> Result<Proposal, RenameError> {
    check_new_name(&vg.name, to)?;
    let mut next = vg.clone();
    next.seqno += 1;
    next.name = to.to_owned();
    Ok(Proposal::plain(next))
}
