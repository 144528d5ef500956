//! A PV that joins a VG.

use metadata::model::{BootloaderArea, DeviceId, Flags, Pv, PvFlag, Vg};
use thiserror::Error;
use units::{ExtentSize, Extents, Id, Sectors};

/// The most extents a VG or an LV may have (2.03.40: MAX_EXTENT_COUNT).
pub(crate) const MAX_EXTENTS: u64 = u32::MAX as u64;

/// What is known of a PV that joins a VG: what its header and its device say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPv {
    /// Its id.
    pub id: Id,
    /// The device's name.
    pub device: String,
    /// How the devices file names it, where one is in use.
    pub device_id: Option<DeviceId>,
    /// The size the PV header gives.
    pub dev_size: Sectors,
    /// Where its first extent starts.
    pub pe_start: Sectors,
    /// What a second metadata area takes at its end; zero where it has none.
    pub reserved_end: Sectors,
    /// Its bootloader area, where it has one.
    pub bootloader: Option<BootloaderArea>,
}

/// Why a PV cannot join a VG.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AddError {
    /// It is there already.
    #[error("Physical volume '{device} ({id})' already in the VG.")]
    Present {
        /// Its device.
        device: String,
        /// Its id.
        id: Id,
    },
    /// No more are allowed.
    #[error("No space for '{device}' - volume group '{vg}' holds max {max} physical volume(s).")]
    TooMany {
        /// Its device.
        device: String,
        /// The VG.
        vg: String,
        /// How many it may hold.
        max: u32,
    },
    /// More extents than numbers hold.
    #[error("Unable to add {device} to {vg}: new extent count ({extents}) exceeds limit ({MAX_EXTENTS}).")]
    TooLarge {
        /// Its device.
        device: String,
        /// The VG.
        vg: String,
        /// How many the VG would have.
        extents: Extents,
    },
}

impl NewPv {
    /// How many extents of that size fit between its start and what is reserved at its end.
    pub fn pe_count(&self, extent_size: ExtentSize) -> Extents {
        let usable = self.dev_size.saturating_sub(self.pe_start).saturating_sub(self.reserved_end);
        extent_size.extents(usable)
    }

    /// The PV as a VG with that extent size has it.
    fn to_pv(&self, extent_size: ExtentSize) -> Pv {
        Pv {
            id: self.id,
            device: self.device.clone(),
            device_id: self.device_id.clone(),
            flags: Flags::of(&[PvFlag::Allocatable]),
            tags: Vec::new(),
            dev_size: Some(self.dev_size),
            pe_start: self.pe_start,
            pe_count: self.pe_count(extent_size),
            bootloader: self.bootloader,
            extras: Vec::new(),
        }
    }
}

/// Puts a PV behind those of the VG.
pub(crate) fn add(vg: &mut Vg, new: &NewPv) -> Result<(), AddError> {
    let device = new.device.clone();
    if vg.pvs.contains(new.id) {
        return Err(AddError::Present { device, id: new.id });
    }
    if vg.max_pv != 0 && !vg.pvs.is_empty() && vg.pvs.len() as u64 >= u64::from(vg.max_pv) {
        return Err(AddError::TooMany { device, vg: vg.name.clone(), max: vg.max_pv });
    }
    let pv = new.to_pv(vg.extent_size);
    let extents = vg.extents().checked_add(pv.pe_count).unwrap_or(Extents::new(u64::MAX));
    if pv.pe_count.get() > MAX_EXTENTS || extents.get() > MAX_EXTENTS {
        return Err(AddError::TooLarge { device, vg: vg.name.clone(), extents });
    }
    vg.pvs.push(pv).map_err(|pv| AddError::Present { device, id: pv.id })
}
