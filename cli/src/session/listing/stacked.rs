//! PVs on LVs: the devices file knows them by the LVs' uuids, which go with the LVs and change with their VG's id.

use super::Listing;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::world::World;
use metadata::model::{Vg, names::dm_uuid};
use pv::known::IdKind;
use std::collections::HashMap;
use units::Id;

impl Session {
    /// LVs of `before` are those of `now`, where they still are: entries of the devices file follow them.
    pub(crate) fn follow_lvs(&self, world: &mut World, parsed: &Parsed, before: &[&Vg], now: &[&Vg]) {
        let Some(listing) = self.listing.as_ref().filter(|listing| listing.restricts()) else { return };
        if !listing.has_lvs() {
            return;
        }
        let owners = now.iter().flat_map(|vg| vg.lvs.iter().map(|lv| (lv.id, vg.id)));
        let owners: HashMap<Id, Id> = owners.collect();
        let mut changed: HashMap<String, Option<String>> = HashMap::new();
        for vg in before {
            for lv in &vg.lvs {
                let owner = owners.get(&lv.id).copied();
                if owner != Some(vg.id) {
                    changed.insert(dm_uuid(vg.id, lv.id, ""), owner.map(|vg| dm_uuid(vg, lv.id, "")));
                }
            }
        }
        let fate = |name: &Option<String>| name.as_ref().and_then(|name| changed.get(name));
        if !listing.file.entries.iter().any(|entry| fate(&entry.name).is_some()) {
            return;
        }
        self.edit(world, parsed, &mut |file| {
            file.entries.retain_mut(|entry| match fate(&entry.name).cloned() {
                Some(None) => false,
                Some(name) => {
                    entry.name = name;
                    true
                }
                None => true,
            });
        });
    }
}

impl Listing {
    /// Whether an entry is about an LV.
    fn has_lvs(&self) -> bool {
        self.file.entries.iter().any(|entry| IdKind::named(&entry.kind) == Some(IdKind::LvmLvUuid))
    }
}
