//! Handing a VG over to another host, and taking it.

use metadata::live::Live;
use metadata::model::{PvFlag, Vg, VgFlag};
use metadata::plan::Proposal;
use thiserror::Error;

/// Why a VG is not exported or imported.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ExportError {
    /// LVs run.
    #[error("Volume group \"{vg}\" has active logical volumes ({active})")]
    Active {
        /// Which.
        vg: String,
        /// How many.
        active: usize,
    },
    /// It is not exported.
    #[error("Volume group \"{0}\" is not exported")]
    NotExported(String),
}

impl ExportError {
    /// Whether all is as asked already.
    pub fn is_already_so(&self) -> bool {
        matches!(self, Self::NotExported(_))
    }
}

/// How many visible LVs run.
pub(crate) fn running(vg: &Vg, live: &Live) -> usize {
    vg.lvs.iter().filter(|lv| lv.is_visible() && live.is_active(lv.id)).count()
}

/// Plans `vg` as one that belongs to nobody until somebody imports it.
pub fn export(vg: &Vg, live: &Live) -> Result<Proposal, ExportError> {
    let active = running(vg, live);
    if active > 0 {
        return Err(ExportError::Active { vg: vg.name.clone(), active });
    }
    let mut next = vg.clone();
    next.seqno += 1;
    next.system_id = None;
    set_exported(&mut next, true);
    Ok(Proposal::plain(next))
}

/// Plans `vg` as one that belongs to the host with that system id.
pub fn import(vg: &Vg, own: Option<&str>) -> Result<Proposal, ExportError> {
    if !vg.is_exported() {
        return Err(ExportError::NotExported(vg.name.clone()));
    }
    let mut next = vg.clone();
    next.seqno += 1;
    next.system_id = own.map(str::to_owned);
    set_exported(&mut next, false);
    Ok(Proposal::plain(next))
}

/// Marks a VG and its PVs as exported or not.
pub(crate) fn set_exported(vg: &mut Vg, exported: bool) {
    vg.flags.set(VgFlag::Exported, exported);
    for pv in vg.pvs.iter_mut() {
        pv.flags.set(PvFlag::Exported, exported);
    }
}
