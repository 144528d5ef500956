//! Which LVs are old-style snapshots, and which LVs users see.
//!
//! A snapshot is a hidden LV (`snapshot0`) whose one segment names the origin and the LV that stores what was
//! overwritten. Users see the store under the name they gave, although its own flags say hidden.

use super::{Lv, RawItem, RawValue, SegmentKind, SegmentType, Vg};
use std::collections::HashMap;
use units::Id;

/// What a snapshot's store belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The hidden LV with the snapshot's segment.
    pub snapshot: Id,
    /// What it is a snapshot of.
    pub origin: Id,
    /// Whether it is being merged into its origin.
    pub merging: bool,
}

/// Which LVs users see.
#[derive(Clone, Debug, Default)]
pub struct Visibility {
    stores: HashMap<Id, Snapshot>,
}

impl Vg {
    /// The old-style snapshots, by the LV that stores what was overwritten.
    pub fn snapshots(&self) -> HashMap<Id, Snapshot> {
        self.lvs.iter().filter_map(snapshot_of).collect()
    }

    /// Which LVs users see, old-style snapshots considered. One pass; ask it as often as needed.
    pub fn visibility(&self) -> Visibility {
        Visibility { stores: self.snapshots() }
    }
}

impl Visibility {
    /// Whether users see the LV (2.03.40: snapshot_manip.c, lv_is_visible).
    pub fn is_visible(&self, vg: &Vg, lv: &Lv) -> bool {
        if is_snapshot(lv) {
            return false;
        }
        let mut lv = lv;
        // A store of a store of a store does not occur; a hostile text could make a ring of them.
        for _ in 0..=self.stores.len() {
            let Some(store) = self.stores.get(&lv.id) else { return lv.is_visible() };
            let Some(origin) = vg.lvs.get(store.origin) else { return lv.is_visible() };
            if !origin.is_visible() && !self.stores.contains_key(&origin.id) {
                return true;
            }
            if store.merging {
                return false;
            }
            lv = origin;
        }
        false
    }

    /// The snapshot that this LV is the store of.
    pub fn snapshot(&self, store: Id) -> Option<Snapshot> {
        self.stores.get(&store).copied()
    }
}

fn is_snapshot(lv: &Lv) -> bool {
    lv.segments.first().is_some_and(|segment| segment.segtype() == Some(SegmentType::Snapshot))
}

/// The store's id and what it belongs to, where the LV is a snapshot.
fn snapshot_of(lv: &Lv) -> Option<(Id, Snapshot)> {
    let SegmentKind::Verbatim(segment) = &lv.segments.first()?.kind else { return None };
    if segment.segtype != Some(SegmentType::Snapshot) {
        return None;
    }
    let named = |key| segment.items.iter().find(|item| item.key == key).and_then(lv_of);
    let origin = named("origin")?;
    let merging = named("merging_store");
    let store = merging.or_else(|| named("cow_store"))?;
    Some((store, Snapshot { snapshot: lv.id, origin, merging: merging.is_some() }))
}

fn lv_of(item: &RawItem) -> Option<Id> {
    if let RawValue::Lv(id) = item.value { Some(id) } else { None }
}
