//! A PV as its VG knows it.

use super::{Extras, Flags, Identified, PvFlag};
use units::{Extents, Id, Sectors};

/// A PV in a VG.
#[derive(Clone, Debug, PartialEq)]
pub struct Pv {
    /// Its id, the one in its PV header.
    pub id: Id,
    /// The device's name when the text was written; a hint only.
    pub device: String,
    /// How the devices file names the device, where one is in use.
    pub device_id: Option<DeviceId>,
    /// Flags.
    pub flags: Flags<PvFlag>,
    /// Tags, in the order they were added.
    pub tags: Vec<String>,
    /// Size of the device. Absent from very old texts.
    pub dev_size: Option<Sectors>,
    /// Where its first extent starts on the device.
    pub pe_start: Sectors,
    /// How many extents it has.
    pub pe_count: Extents,
    /// The bootloader area, where it has one.
    pub bootloader: Option<BootloaderArea>,
    /// What else the text said.
    pub extras: Extras,
}

/// A device's identity in the devices file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceId {
    /// `sys_wwid`, `loop_file`, ...
    pub kind: String,
    /// The value of that kind.
    pub name: String,
}

/// Room kept for a boot loader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BootloaderArea {
    /// Where it starts on the device.
    pub start: Sectors,
    /// How long it is.
    pub size: Sectors,
}

impl Identified for Pv {
    fn id(&self) -> Id {
        self.id
    }
}

impl Pv {
    /// Whether new extents may be placed on it.
    pub fn is_allocatable(&self) -> bool {
        self.flags.has(PvFlag::Allocatable) && !self.flags.has(PvFlag::Missing)
    }
}
