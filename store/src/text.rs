//! Texts on their way to the disk.

use crate::commit::StageError;
use metadata::model::{Provenance, Vg};

/// The text to write, its NUL included, after it was read back and found to be the same VG.
pub(crate) fn encode(vg: &Vg, provenance: &Provenance) -> Result<Vec<u8>, StageError> {
    let text = metadata::text::to_disk(vg, provenance)
        .map_err(|error| StageError::Unwritable { vg: vg.name.clone(), error })?;
    let is_same = metadata::text::says(&text, vg)
        .map_err(|error| StageError::Unreadable { vg: vg.name.clone(), error: Box::new(error) })?;
    if is_same { Ok(text) } else { Err(StageError::Different { vg: vg.name.clone() }) }
}
