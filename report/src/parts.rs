//! What each LV is to others: image, log, pool data, origin, store. LVM2 works this out when it reads a VG; here
//! one pass over the segments does, when a column first asks.

use crate::fields::layers;
use metadata::model::{Lv, LvFlag, RawValue, SegmentKind, SegmentType, Snapshot, Verbatim, Vg};
use std::collections::HashMap;
use units::Id;

/// What a sub-LV is to the LV above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// An image of a mirror.
    MirrorImage,
    /// The log of a mirror.
    MirrorLog,
    /// An image of a raid.
    RaidImage,
    /// A metadata image of a raid.
    RaidMeta,
    /// Where a thin pool keeps data.
    ThinData,
    /// Where a thin pool keeps metadata.
    ThinMeta,
    /// Where a cache pool keeps data.
    CacheData,
    /// Where a cache pool keeps metadata.
    CacheMeta,
    /// The cache pool, or the cachevol, of a cache.
    CachePool,
    /// What a cache caches.
    CacheOrigin,
    /// The cachevol of a write cache.
    WritecacheVol,
    /// What a write cache caches.
    WritecacheOrigin,
    /// What integrity protects.
    IntegrityOrigin,
    /// Where integrity keeps checksums.
    IntegrityMeta,
    /// Where a VDO pool keeps data.
    VdoData,
}

/// A sub-LV's place in the LV above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// What it is there.
    pub part: Part,
    /// The LV above.
    pub of: Id,
    /// Which of the images, counted from zero.
    pub index: usize,
}

/// What LVs are to each other.
#[derive(Debug, Default)]
pub struct Parts {
    places: HashMap<Id, Place>,
    stores: HashMap<Id, Snapshot>,
    /// By origin: the stores of its snapshots, in the order of the text.
    origins: HashMap<Id, Vec<Id>>,
    /// By LV: the thin LVs that it is the external origin of.
    externals: HashMap<Id, Vec<Id>>,
    /// By thin LV: the thin LVs that were taken of it.
    thin_snapshots: HashMap<Id, Vec<Id>>,
    /// By thin LV: the one that is being merged into it.
    thin_merges: HashMap<Id, Id>,
    /// By pool: how many LVs it holds.
    pool_users: HashMap<Id, usize>,
    any_locked: bool,
}

impl Parts {
    /// Works it out.
    pub fn of(vg: &Vg) -> Self {
        let mut parts = Self { stores: vg.snapshots(), ..Self::default() };
        for lv in &vg.lvs {
            parts.any_locked |= lv.flags.has(LvFlag::Locked);
            for segment in &lv.segments {
                match &segment.kind {
                    SegmentKind::Striped(_) | SegmentKind::Error | SegmentKind::Zero => (),
                    SegmentKind::Verbatim(verbatim) => parts.add(vg, lv, verbatim),
                }
            }
        }
        parts
    }

    fn add(&mut self, vg: &Vg, lv: &Lv, verbatim: &Verbatim) {
        let Some(segtype) = verbatim.segtype else { return };
        for item in &verbatim.items {
            match (segtype, item.key.as_str()) {
                (SegmentType::Snapshot, "origin") => {
                    let store = layers::store_of(verbatim);
                    if let (RawValue::Lv(origin), Some(store)) = (&item.value, store) {
                        self.origins.entry(*origin).or_default().push(store);
                    }
                }
                (SegmentType::Thin, "thin_pool") => {
                    if let RawValue::Lv(pool) = item.value {
                        *self.pool_users.entry(pool).or_default() += 1;
                    }
                }
                (SegmentType::Thin, "external_origin") => child(&mut self.externals, lv, &item.value),
                (SegmentType::Thin, "origin") => child(&mut self.thin_snapshots, lv, &item.value),
                (SegmentType::Thin, "merge") => {
                    if let RawValue::Lv(origin) = item.value {
                        self.thin_merges.insert(origin, lv.id);
                    }
                }
                (_, key) => {
                    let Some(part) = part(segtype, key) else { continue };
                    let mut index = 0;
                    for value in item.values() {
                        let &RawValue::Lv(id) = value else { continue };
                        // Each metadata image stands before its data image.
                        let meta = part == Part::RaidImage && layers::is_raid_metadata(vg, id);
                        let part = if meta { Part::RaidMeta } else { part };
                        self.places.insert(id, Place { part, of: lv.id, index });
                        index += usize::from(!meta);
                    }
                }
            }
        }
    }

    /// What a sub-LV is, where it is one.
    pub fn place(&self, lv: &Lv) -> Option<Place> {
        self.places.get(&lv.id).copied()
    }

    /// What a sub-LV is, where it is one.
    pub fn part(&self, lv: &Lv) -> Option<Part> {
        self.place(lv).map(|place| place.part)
    }

    /// The snapshot that an LV is the store of.
    pub fn store(&self, lv: &Lv) -> Option<Snapshot> {
        self.stores.get(&lv.id).copied()
    }

    /// The stores of an origin's snapshots, in the order of the text.
    pub fn stores_of(&self, origin: &Lv) -> &[Id] {
        self.origins.get(&origin.id).map_or(&[], Vec::as_slice)
    }

    /// Whether old-style snapshots of it exist.
    pub fn is_origin(&self, lv: &Lv) -> bool {
        self.origins.contains_key(&lv.id)
    }

    /// The thin LVs that it is the external origin of.
    pub fn externals_of(&self, lv: &Lv) -> &[Id] {
        self.externals.get(&lv.id).map_or(&[], Vec::as_slice)
    }

    /// The thin LVs that were taken of a thin LV.
    pub fn thin_snapshots_of(&self, lv: &Lv) -> &[Id] {
        self.thin_snapshots.get(&lv.id).map_or(&[], Vec::as_slice)
    }

    /// How many LVs a pool holds.
    pub fn pool_users(&self, pool: &Lv) -> usize {
        self.pool_users.get(&pool.id).copied().unwrap_or(0)
    }

    /// Whether any LV of the VG is not to be changed.
    pub fn any_locked(&self) -> bool {
        self.any_locked
    }

    /// Whether a snapshot is being merged into it.
    pub fn is_merging_origin(&self, lv: &Lv) -> bool {
        self.thin_merges.contains_key(&lv.id)
            || self.stores_of(lv).iter().any(|store| self.stores.get(store).is_some_and(|s| s.merging))
    }
}

fn child(children: &mut HashMap<Id, Vec<Id>>, lv: &Lv, parent: &RawValue) {
    if let &RawValue::Lv(parent) = parent {
        children.entry(parent).or_default().push(lv.id);
    }
}

/// What the LVs under a key are.
fn part(segtype: SegmentType, key: &str) -> Option<Part> {
    Some(match (segtype, key) {
        (SegmentType::Mirror, "mirrors") => Part::MirrorImage,
        (SegmentType::Mirror, "mirror_log") => Part::MirrorLog,
        (SegmentType::ThinPool, "pool") => Part::ThinData,
        (SegmentType::ThinPool, "metadata") => Part::ThinMeta,
        (SegmentType::CachePool, "data") => Part::CacheData,
        (SegmentType::CachePool, "metadata") => Part::CacheMeta,
        (SegmentType::Cache, "cache_pool") => Part::CachePool,
        (SegmentType::Cache, "origin") => Part::CacheOrigin,
        (SegmentType::Writecache, "writecache") => Part::WritecacheVol,
        (SegmentType::Writecache, "origin") => Part::WritecacheOrigin,
        (SegmentType::Integrity, "origin") => Part::IntegrityOrigin,
        (SegmentType::Integrity, "meta_dev") => Part::IntegrityMeta,
        (SegmentType::VdoPool, "data") => Part::VdoData,
        (_, "raids" | "raid0_lvs") => Part::RaidImage,
        _ => return None,
    })
}
