//! How PVs and LVs are called in a text.

use super::error::WriteError;
use super::time::{Zone, note};
use crate::model::Vg;
use foldhash::HashMap;
use units::Id;

/// What the names in a text mean.
#[derive(Default)]
pub(super) struct Names<'a> {
    /// `pv0`, `pv1`, ...
    pub(super) pvs: HashMap<&'a str, Id>,
    /// LVs by their names.
    pub(super) lvs: HashMap<&'a str, Id>,
}

impl Names<'_> {
    /// The PV of that name. PVs are looked for before LVs: an LV may be called `pv0`, too.
    pub(super) fn pv(&self, name: &str) -> Option<Id> {
        self.pvs.get(name).copied()
    }

    /// The LV of that name.
    pub(super) fn lv(&self, name: &str) -> Option<Id> {
        self.lvs.get(name).copied()
    }
}

/// What PVs and LVs are called in a text that is being written.
pub(super) struct Written<'r> {
    vg: &'r Vg,
    pvs: Vec<String>,
    /// Where files take local time from; none on disk, where no time is shown.
    zone: Option<Zone<'r>>,
}

impl<'r> Written<'r> {
    /// The names for this VG: PVs are numbered as they stand.
    pub(super) fn new(vg: &'r Vg, zone: Option<Zone<'r>>) -> Self {
        Self { vg, pvs: (0..vg.pvs.len()).map(|n| format!("pv{n}")).collect(), zone }
    }

    /// The name of the PV in that place.
    pub(super) fn pv_at(&self, place: usize) -> &str {
        self.pvs.get(place).map_or("", String::as_str)
    }

    /// The name of a PV that LV `lv` has an area on.
    pub(super) fn pv(&self, id: Id, lv: &str) -> Result<&str, WriteError> {
        let place = self.vg.pvs.place(id);
        place.map(|place| self.pv_at(place)).ok_or_else(|| WriteError::UnknownPv { lv: lv.to_owned(), id })
    }

    /// The name of an LV that LV `lv` refers to.
    pub(super) fn lv(&self, id: Id, lv: &str) -> Result<&str, WriteError> {
        let found = self.vg.lvs.get(id).map(|lv| lv.name.as_str());
        found.ok_or_else(|| WriteError::UnknownLv { lv: lv.to_owned(), id })
    }

    /// What files show beside a time.
    pub(super) fn time_note(&self, time: i64) -> String {
        self.zone.map_or(String::new(), |zone| note(time, zone))
    }
}
