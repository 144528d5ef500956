//! What runs now, as plain data. Unknown is a value: without device-mapper nothing is known to be inactive.

mod status;

pub use status::{
    CacheStatus, ImageHealth, IntegrityStatus, MirrorStatus, Mode, PoolDiscards, RaidStatus, SnapshotStatus,
    Status, ThinPoolStatus, ThinStatus, VdoPoolStatus, WritecacheStatus,
};

use std::collections::HashMap;
use units::Id;

/// What is known of the kernel's state of a VG's LVs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Live {
    /// Whether device-mapper could be asked at all.
    pub known: bool,
    /// Why it could not be asked though the kernel has one. Anything may run then; where nothing stands here and
    /// nothing is known, whoever set up this run wanted metadata alone.
    pub unasked: Option<String>,
    /// By LV id: those that have a device. Where `known`, the others are inactive.
    pub lvs: HashMap<Id, LvLive>,
    /// Whether targets were asked.
    pub targets_asked: bool,
    /// What the targets of LVs say, by LV id, where they were asked: of layered LVs the layer's.
    pub status: HashMap<Id, Status>,
    /// What the merge into an origin says, by the origin's id, where a snapshot is being merged.
    pub merges: HashMap<Id, Status>,
    /// LVs of which only a layer has a device, such as an external origin under thin LVs.
    pub layered: HashMap<Id, LvLive>,
    /// LVs whose ids devices of another VG with the same id have, with the names of those.
    pub taken: HashMap<Id, String>,
}

/// One LV's device.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LvLive {
    /// Device number.
    pub major: u32,
    /// Device number.
    pub minor: u32,
    /// How many have it open.
    pub open_count: u32,
    /// Whether it is suspended.
    pub suspended: bool,
    /// Whether it has a live table.
    pub live_table: bool,
    /// Whether a table is loaded but not in use.
    pub inactive_table: bool,
    /// Whether the device is read-only.
    pub read_only: bool,
    /// Read-ahead in sectors, where it was asked.
    pub read_ahead: Option<u32>,
    /// The device-mapper name.
    pub name: String,
}

impl Live {
    /// A kernel that cannot be asked.
    pub fn unknown() -> Self {
        Self::default()
    }

    /// A kernel whose device-mapper cannot be asked, though it is there, for that reason.
    pub fn unasked(reason: impl Into<String>) -> Self {
        Self { unasked: Some(reason.into()), ..Self::default() }
    }

    /// The LV's device, where it has one.
    pub fn of(&self, lv: Id) -> Option<&LvLive> {
        self.lvs.get(&lv)
    }

    /// Whether the LV is known to have a device.
    pub fn is_active(&self, lv: Id) -> bool {
        self.lvs.contains_key(&lv)
    }
}
