//! What reports are about: plain data that the caller has gathered.

use crate::fields::layers;
use metadata::live::Live;
use metadata::model::{Lv, Pv, PvSpace, Segment, Vg};
use std::cell::OnceCell;
use std::collections::HashMap;
use units::{Extents, Id, Pe, Sectors};

/// A metadata area as a PV's header and its device show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MdaFacts {
    /// Its size.
    pub size: Sectors,
    /// What is left for the next text.
    pub free: Sectors,
    /// Whether it is in use (not marked as ignored).
    pub used: bool,
}

/// What the devices show of a PV.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PvFacts {
    /// The device's name; `[unknown]` where it is missing.
    pub name: String,
    /// Its id; none where the device is no PV.
    pub id: Option<Id>,
    /// The device's size.
    pub dev_size: Sectors,
    /// Its size as its own header claims; zero where it is no PV.
    pub claimed: Sectors,
    /// The device's number.
    pub number: Option<(u32, u32)>,
    /// Metadata areas.
    pub mdas: Vec<MdaFacts>,
    /// Version of the PV header's extension.
    pub ext_version: u32,
    /// Whether the PV header says it belongs to a VG.
    pub marked_used: bool,
    /// Whether another device has the same id and is the one in use.
    pub duplicate: bool,
    /// Whether the device cannot be found.
    pub missing: bool,
    /// Where the first extent starts, as the PV header says; for PVs outside VGs.
    pub pe_start: Sectors,
    /// Bootloader area of a PV outside a VG.
    pub bootloader: Option<(Sectors, Sectors)>,
    /// The devices file's entry: type and name.
    pub device_id: Option<(String, String)>,
}

impl PvFacts {
    /// The size of a PV without a VG, or else that of the device.
    pub fn size(&self) -> Sectors {
        if self.claimed.is_zero() { self.dev_size } else { self.claimed }
    }
}

/// A VG with all that its columns need, computed at most once.
#[derive(Debug)]
pub struct VgView<'a> {
    /// The VG.
    pub vg: &'a Vg,
    /// What runs.
    pub live: &'a Live,
    /// Its PVs' devices.
    pub pvs: HashMap<Id, PvFacts>,
    space: OnceCell<HashMap<Id, PvSpace>>,
    free: OnceCell<Extents>,
    users: OnceCell<HashMap<Id, Vec<Id>>>,
    snapshots: OnceCell<Snapshots>,
}

/// Which LVs old-style snapshots are made of.
#[derive(Debug, Default)]
pub(crate) struct Snapshots {
    /// The origin, by COW store.
    pub(crate) origins: HashMap<Id, Id>,
    /// How many snapshots there are of an origin.
    pub(crate) counts: HashMap<Id, usize>,
}

impl<'a> VgView<'a> {
    /// A view of `vg`.
    pub fn new(vg: &'a Vg, live: &'a Live, pvs: HashMap<Id, PvFacts>) -> Self {
        Self {
            vg,
            live,
            pvs,
            space: OnceCell::new(),
            free: OnceCell::new(),
            users: OnceCell::new(),
            snapshots: OnceCell::new(),
        }
    }

    /// What lies where.
    pub fn space(&self) -> &HashMap<Id, PvSpace> {
        self.space.get_or_init(|| self.vg.space())
    }

    /// Free extents, those of PVs that may not be allocated from included.
    pub fn free(&self) -> Extents {
        *self.free.get_or_init(|| self.vg.free_extents())
    }

    /// Who is built on which LV.
    pub fn users(&self) -> &HashMap<Id, Vec<Id>> {
        self.users.get_or_init(|| self.vg.lv_users())
    }

    /// Old-style snapshots.
    pub(crate) fn snapshots(&self) -> &Snapshots {
        self.snapshots.get_or_init(|| {
            let mut snapshots = Snapshots::default();
            for (cow, origin) in self.vg.lvs.iter().filter_map(layers::snapshot_of) {
                snapshots.origins.insert(cow, origin);
                *snapshots.counts.entry(origin).or_default() += 1;
            }
            snapshots
        })
    }

    /// The device name of a PV.
    pub fn pv_name(&self, pv: Id) -> &str {
        match self.pvs.get(&pv) {
            Some(facts) if !facts.missing => &facts.name,
            _ => "[unknown]",
        }
    }

    /// Whether the PV's device is missing now.
    pub fn is_missing(&self, pv: Id) -> bool {
        self.pvs.get(&pv).is_none_or(|facts| facts.missing)
    }

    /// How many PVs are missing, now or at the last change.
    pub fn missing_count(&self) -> usize {
        let flag = metadata::model::PvFlag::Missing;
        self.vg.pvs.iter().filter(|pv| pv.flags.has(flag) || self.is_missing(pv.id)).count()
    }
}

/// A run of extents on a PV, used or free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PvSegment {
    /// First extent.
    pub start: Pe,
    /// How many.
    pub len: Extents,
}

/// What one row is about; the columns of what is absent are empty.
#[derive(Clone, Copy, Debug, Default)]
pub struct Row<'a> {
    /// The VG.
    pub vg: Option<&'a VgView<'a>>,
    /// The PV as its VG knows it.
    pub pv: Option<&'a Pv>,
    /// The PV's device.
    pub device: Option<&'a PvFacts>,
    /// The LV.
    pub lv: Option<&'a Lv>,
    /// The segment of the LV.
    pub segment: Option<&'a Segment>,
    /// The run of extents on the PV.
    pub pv_segment: Option<PvSegment>,
}
