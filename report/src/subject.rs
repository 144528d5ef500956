//! What reports are about: plain data that the caller has gathered.

use crate::history::History;
use crate::parts::Parts;
use crate::value::Value;
use metadata::live::Live;
use metadata::model::names::dm_name;
use metadata::model::{DeviceId, HistoricalLv, Lv, Pv, PvSpace, Segment, Vg, Visibility};
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::path::PathBuf;
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
    /// Of a duplicate, the VG of the device in use.
    pub vg: Option<(String, Id)>,
    /// Whether the device cannot be found.
    pub missing: bool,
    /// Where the first extent starts, as the PV header says; for PVs outside VGs.
    pub pe_start: Sectors,
    /// Bootloader area of a PV outside a VG.
    pub bootloader: Option<(Sectors, Sectors)>,
    /// What the devices file in force knows it by.
    pub device_id: Option<DeviceId>,
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
    parts: OnceCell<Parts>,
    visibility: OnceCell<Visibility>,
    history: OnceCell<History>,
    missing: OnceCell<usize>,
    names: OnceCell<HashMap<String, Id>>,
    /// The values of the VG's own fields, by name: a report on LVs shows them in every row.
    fields: RefCell<HashMap<&'static str, Value>>,
    /// How things are named.
    pub words: Words,
}

/// How reports name what users do not see or what is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Names of hidden LVs stand in brackets (`report/mark_hidden_devices`).
    pub mark_hidden: bool,
    /// A device that cannot be found (`report/two_word_unknown_device`).
    pub unknown_device: &'static str,
    /// dmeventd may watch LVs (`activation/monitoring`).
    pub monitoring: bool,
    /// LVs that were removed are shown.
    pub history: bool,
    /// The folder of device nodes (`devices/dir`).
    pub dev_dir: PathBuf,
}

impl Default for Words {
    fn default() -> Self {
        let dev_dir = PathBuf::from("/dev");
        Self { mark_hidden: true, unknown_device: "[unknown]", monitoring: true, history: false, dev_dir }
    }
}

impl<'a> VgView<'a> {
    /// Where users find an LV of that name, if they do at all.
    pub fn path(&self, lv: &str) -> String {
        self.words.dev_dir.join(&self.vg.name).join(lv).display().to_string()
    }

    /// Where the device of an LV of that name is.
    pub fn dm_path(&self, lv: &str) -> String {
        self.words.dev_dir.join("mapper").join(dm_name(&self.vg.name, lv, "")).display().to_string()
    }

    /// A view of `vg`.
    pub fn new(vg: &'a Vg, live: &'a Live, pvs: HashMap<Id, PvFacts>) -> Self {
        Self {
            vg,
            live,
            pvs,
            space: OnceCell::new(),
            free: OnceCell::new(),
            users: OnceCell::new(),
            parts: OnceCell::new(),
            visibility: OnceCell::new(),
            history: OnceCell::new(),
            missing: OnceCell::new(),
            names: OnceCell::new(),
            fields: RefCell::default(),
            words: Words::default(),
        }
    }

    /// The same, with other words.
    pub fn with_words(self, words: Words) -> Self {
        Self { words, ..self }
    }

    /// The LV of that name.
    pub fn lv_named(&self, name: &str) -> Option<&'a Lv> {
        let named = || self.vg.lvs.iter().map(|lv| (lv.name.clone(), lv.id)).collect();
        self.vg.lvs.get(*self.names.get_or_init(named).get(name)?)
    }

    /// The value of one of the VG's own fields, worked out once.
    pub(crate) fn once(&self, field: &'static str, value: impl FnOnce() -> Value) -> Value {
        if let Some(known) = self.fields.borrow().get(field) {
            return known.clone();
        }
        let value = value();
        self.fields.borrow_mut().insert(field, value.clone());
        value
    }

    /// What LVs are to each other.
    pub fn parts(&self) -> &Parts {
        self.parts.get_or_init(|| Parts::of(self.vg))
    }

    /// Who descends from whom, removed LVs included.
    pub fn history(&self) -> &History {
        self.history.get_or_init(|| History::of(self.vg))
    }

    /// Whether users see the LV, old-style snapshots considered.
    pub fn is_visible(&self, lv: &Lv) -> bool {
        self.visibility.get_or_init(|| self.vg.visibility()).is_visible(self.vg, lv)
    }

    /// Whether it is the hidden LV that holds an old-style snapshot together, which no report shows.
    pub fn is_snapshot(lv: &Lv) -> bool {
        crate::fields::layers::segtype(lv) == Some(metadata::model::SegmentType::Snapshot)
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

    /// The LVs in the order that LVM2 goes through them: thin pools first, the last one foremost (2.03.40:
    /// toollib.c, process_each_lv_in_vg).
    pub fn in_order(&self) -> Vec<&'a Lv> {
        let is_pool =
            |lv: &&Lv| crate::fields::layers::segtype(lv) == Some(metadata::model::SegmentType::ThinPool);
        let (mut pools, rest): (Vec<&Lv>, Vec<&Lv>) = self.vg.lvs.iter().partition(is_pool);
        pools.reverse();
        pools.extend(rest);
        pools
    }

    /// The device name of a PV.
    pub fn pv_name(&self, pv: Id) -> &str {
        match self.pvs.get(&pv) {
            Some(facts) if !facts.missing => &facts.name,
            _ => self.words.unknown_device,
        }
    }

    /// Whether the PV's device is missing now.
    pub fn is_missing(&self, pv: Id) -> bool {
        self.pvs.get(&pv).is_none_or(|facts| facts.missing)
    }

    /// Whether it is, or was at the last change: then what it holds may be old.
    pub fn counts_as_missing(&self, pv: Id) -> bool {
        let flagged = |pv: &Pv| pv.flags.has(metadata::model::PvFlag::Missing);
        self.vg.pvs.get(pv).is_some_and(flagged) || self.is_missing(pv)
    }

    /// How many PVs are missing, now or at the last change.
    pub fn missing_count(&self) -> usize {
        let gone = |pv: &&Pv| self.counts_as_missing(pv.id);
        *self.missing.get_or_init(|| self.vg.pvs.iter().filter(gone).count())
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

/// A kind of block device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DevtypeFacts {
    /// What its driver's name begins with.
    pub name: &'static str,
    /// How many minor numbers one disk takes.
    pub max_partitions: u32,
    /// What it is.
    pub about: &'static str,
}

/// A line of the command log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogEntry {
    /// Its number, from 1.
    pub seq: u64,
    /// `error`, `warn`, `status`.
    pub kind: &'static str,
    /// `processing`.
    pub context: &'static str,
    /// `lv`, `vg`, `pv`.
    pub object_type: &'static str,
    /// The object's name.
    pub object_name: String,
    /// Its id.
    pub object_id: String,
    /// The name of its VG.
    pub group: String,
    /// The id of its VG.
    pub group_id: String,
    /// The line.
    pub message: String,
    /// -1 where something failed.
    pub errno: i64,
    /// What the step returned: 1 is success.
    pub ret_code: i64,
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
    /// In the LV's place: one that was removed and is remembered.
    pub historical: Option<&'a HistoricalLv>,
    /// The run of extents on the PV.
    pub pv_segment: Option<PvSegment>,
    /// A kind of block device.
    pub devtype: Option<&'a DevtypeFacts>,
    /// A line of the command log.
    pub log: Option<&'a LogEntry>,
}
