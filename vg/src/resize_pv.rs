//! Another size for a PV.

use crate::new_pv::MAX_EXTENTS;
use metadata::model::{PvSpace, Vg};
use metadata::plan::Proposal;
use thiserror::Error;
use units::{Extents, Id, Sectors};

/// Why a PV cannot have that size.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PvResizeError {
    /// Not in this VG.
    #[error("Physical volume {0} is not in volume group {1}")]
    NotThere(Id, String),
    /// No extent fits.
    #[error(
        "Size must leave space for at least one physical extent of {extent_size} sectors on PV {device}."
    )]
    NoExtent {
        /// Its device.
        device: String,
        /// The size of an extent.
        extent_size: Sectors,
    },
    /// More is used than would be left.
    #[error("{device}: cannot resize to {wanted} extents as {used} are allocated.")]
    Used {
        /// Its device.
        device: String,
        /// How many extents there would be.
        wanted: Extents,
        /// How many are used.
        used: Extents,
    },
    /// Used extents lie behind the new end.
    #[error("{device}: cannot resize to {wanted} extents as later ones are allocated.")]
    UsedBehind {
        /// Its device.
        device: String,
        /// How many extents there would be.
        wanted: Extents,
        /// The first used extent that would be cut off.
        first: Extents,
        /// The LV it belongs to.
        lv: String,
    },
    /// More extents than numbers hold.
    #[error(
        "{device}: the volume group would have {extents} extents, which exceeds the limit ({MAX_EXTENTS})."
    )]
    TooLarge {
        /// Its device.
        device: String,
        /// How many the VG would have.
        extents: Extents,
    },
}

/// Plans `vg` with the PV's extents on `usable` sectors: what is left of its device without what stands before
/// the first extent and without a metadata area at the end.
pub fn resize_pv(vg: &Vg, pv: Id, usable: Sectors) -> Result<Proposal, PvResizeError> {
    let mut next = vg.clone();
    let space = vg.space();
    let known = next.pvs.get_mut(pv).ok_or_else(|| PvResizeError::NotThere(pv, vg.name.clone()))?;
    let device = known.device.clone();
    let wanted = vg.extent_size.extents(usable);
    if wanted.is_zero() {
        return Err(PvResizeError::NoExtent { device, extent_size: vg.extent_size.sectors() });
    }
    let held = space.get(&pv);
    let used = held.map(PvSpace::used_count).unwrap_or_default();
    if wanted < used {
        return Err(PvResizeError::Used { device, wanted, used });
    }
    let behind =
        held.into_iter().flat_map(|held| &held.used).find(|used| used.range.end().get() > wanted.get());
    if let Some(behind) = behind {
        let first = Extents::new(behind.range.start.get().max(wanted.get()));
        let lv = vg.lvs.get(behind.lv).map(|lv| lv.name.clone()).unwrap_or_default();
        return Err(PvResizeError::UsedBehind { device, wanted, first, lv });
    }
    known.pe_count = wanted;
    // LVM2 counts only what extents may use, here and nowhere else (2.03.40: _text_pv_resize).
    known.dev_size = Some(usable);
    next.seqno += 1;
    let extents = next.extents();
    if extents.get() > MAX_EXTENTS {
        return Err(PvResizeError::TooLarge { device, extents });
    }
    Ok(Proposal::plain(next))
}
