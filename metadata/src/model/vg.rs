//! A VG.

use super::{AllocPolicy, Area, Collection, Extras, Flags, Identified, Lv, Pv, RawItem, Segment, VgFlag};
use std::collections::HashMap;
use units::{ExtentSize, Extents, Id};

/// A VG: its PVs, its LVs, and where each extent lies.
#[derive(Clone, Debug, PartialEq)]
pub struct Vg {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// Grows by one with every change.
    pub seqno: u32,
    /// `lvm2`; informational; empty where the text does not say.
    pub format: String,
    /// Flags.
    pub flags: Flags<VgFlag>,
    /// Tags, in the order they were added.
    pub tags: Vec<String>,
    /// The host that owns it.
    pub system_id: Option<String>,
    /// `none`, `sanlock`, `dlm`, `idm`; none is also absence.
    pub lock_type: Option<LockType>,
    /// Size of an extent.
    pub extent_size: ExtentSize,
    /// The most LVs it may have; zero is no limit.
    pub max_lv: u32,
    /// The most PVs it may have; zero is no limit.
    pub max_pv: u32,
    /// How extents are chosen where an LV does not say; `Inherit` does not occur.
    pub alloc: AllocPolicy,
    /// Its metadata profile.
    pub profile: Option<String>,
    /// How many metadata areas shall be in use; zero is all. The high numbers LVM2 uses for `all` and
    /// `unmanaged` are kept as they are.
    pub metadata_copies: u32,
    /// Its PVs.
    pub pvs: Collection<Pv>,
    /// Its LVs, sub-LVs included.
    pub lvs: Collection<Lv>,
    /// LVs that are gone but remembered.
    pub historical: Vec<HistoricalLv>,
    /// What else the text said.
    pub extras: Extras,
}

/// Who arbitrates access to a shared VG.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockType {
    /// `sanlock`, `dlm`, `idm`, `none`.
    pub name: String,
    /// Its data.
    pub args: Option<String>,
}

/// An LV that was removed, kept in the record of ancestors.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoricalLv {
    /// The name it had.
    pub name: String,
    /// Its section, uninterpreted.
    pub items: Vec<RawItem>,
}

impl Identified for Vg {
    fn id(&self) -> Id {
        self.id
    }
}

impl Vg {
    /// The LV of that name. One pass over the LVs; whoever asks often builds [`Self::lvs_by_name`].
    pub fn lv_named(&self, name: &str) -> Option<&Lv> {
        self.lvs.iter().find(|lv| lv.name == name)
    }

    /// All LVs by name.
    pub fn lvs_by_name(&self) -> HashMap<&str, &Lv> {
        self.lvs.iter().map(|lv| (lv.name.as_str(), lv)).collect()
    }

    /// For every LV that segments of others are built on: those others, each once.
    pub fn lv_users(&self) -> HashMap<Id, Vec<Id>> {
        let mut users: HashMap<Id, Vec<Id>> = HashMap::new();
        for lv in &self.lvs {
            for used in lv.segments.iter().flat_map(Segment::lvs) {
                let list = users.entry(used).or_default();
                if list.last() != Some(&lv.id) {
                    list.push(lv.id);
                }
            }
        }
        users
    }

    /// The PVs an LV has extents on, itself or through its sub-LVs, each once, in order of first use.
    pub fn pvs_of(&self, lv: &Lv) -> Vec<Id> {
        let mut found = Vec::new();
        let mut seen = vec![lv.id];
        let mut queue = vec![lv];
        while let Some(next) = queue.pop() {
            for (area, _) in next.segments.iter().flat_map(Segment::areas) {
                if let Area::Pv { pv, .. } = area
                    && !found.contains(&pv)
                {
                    found.push(pv);
                }
            }
            for below in next.segments.iter().flat_map(Segment::lvs) {
                if !seen.contains(&below) {
                    seen.push(below);
                    queue.extend(self.lvs.get(below));
                }
            }
        }
        found
    }

    /// Extents on all PVs.
    pub fn extents(&self) -> Extents {
        self.pvs.iter().map(|pv| pv.pe_count).sum()
    }

    /// Whether changes are allowed by the VG's own flags.
    pub fn is_writable(&self) -> bool {
        self.flags.has(VgFlag::Write)
    }

    /// Whether it is exported.
    pub fn is_exported(&self) -> bool {
        self.flags.has(VgFlag::Exported)
    }

    /// Whether its disks have to be reserved for this host before it is changed or activated (`pr`, since 2.03.36).
    pub fn requires_reservation(&self) -> bool {
        use super::RawValue::{List, Text};
        let requires = |words: &[super::RawValue]| words.contains(&Text("require".to_owned()));
        self.extras
            .iter()
            .any(|(_, item)| item.key == "pr" && matches!(&item.value, List(words) if requires(words)))
    }

    /// Whether a lock daemon has to be asked (`lock_type` other than none).
    pub fn is_shared(&self) -> bool {
        self.lock_type.as_ref().is_some_and(|lock| lock.name != "none")
    }

    /// Whether the host with these ids may use it: it has no owner, or its owner is one of them.
    pub fn is_foreign_to(&self, own_ids: &[&str]) -> bool {
        self.system_id.as_deref().is_some_and(|owner| !owner.is_empty() && !own_ids.contains(&owner))
    }
}
