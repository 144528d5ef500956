//! The maps that a disk has.

use crate::names::{Source, shown};
use dm::tree::Present;
use dm::{Control, DevNo, DevRef, DmError, DmUuid, Kind, Linear, Listed, Removal, UdevFlags, tree};

/// What a device that stands on the disk is to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// The map of that partition.
    Map(u32),
    /// The map of a partition inside one of its partitions.
    Inner,
    /// Something else than a stretch of a disk, or several.
    NotLinear,
    /// A stretch of it that is no map of a partition: an LV, or what somebody made by hand.
    NotOurs,
}

/// A device whose table names the disk.
#[derive(Clone, Debug)]
pub struct Existing {
    /// What the list of all devices says.
    pub listed: Listed,
    /// Its state and table.
    pub present: Present,
    /// What it is.
    pub stands: Stands,
}

impl Existing {
    /// A device, judged.
    pub fn new(listed: Listed, present: Present, source: &Source) -> Self {
        let stands = stands(&listed, &present, source);
        Self { listed, present, stands }
    }

    /// All devices that stand on the disk: whose tables name its very number, whatever they are called. A map
    /// whose table names no disk, since it is all zeros or was never loaded, is told by its uuid.
    pub fn on(control: &dyn Control, source: &Source) -> Result<Vec<Self>, DmError> {
        let mut found = Vec::new();
        for listed in control.list()? {
            if source.is_shown_by(listed.number) {
                continue;
            }
            let Some(present) = Present::read(control, listed.number)? else { continue };
            let is_map = || {
                listed
                    .uuid
                    .as_ref()
                    .is_some_and(|uuid| source.partition_of(uuid).is_some() || source.is_inner(uuid))
            };
            let stands_on_it = present.deps.iter().any(|number| source.is_shown_by(*number));
            if stands_on_it || present.deps.is_empty() && is_map() {
                found.push(Self::new(listed, present, source));
            }
        }
        Ok(found)
    }

    /// What killed commands left behind: maps of devices that are no more, which never got a table.
    pub fn abandoned(control: &dyn Control, exists: &dyn Fn(DevNo) -> bool) -> Result<Vec<Self>, DmError> {
        let mut found = Vec::new();
        for listed in control.list()? {
            if listed.uuid.as_ref().and_then(Source::device_of).is_none_or(exists) {
                continue;
            }
            let Some(present) = Present::read(control, listed.number)? else { continue };
            let info = &present.info;
            if !info.live_table && !info.inactive_table && info.open_count == 0 {
                found.push(Self { listed, present, stands: Stands::NotLinear });
            }
        }
        Ok(found)
    }

    /// Its name as people write it.
    pub fn name(&self) -> String {
        shown(&self.listed.name)
    }

    /// How its end is asked for.
    pub fn gone(&self, udev: UdevFlags) -> tree::Gone {
        let key = match &self.listed.uuid {
            Some(uuid) => tree::Key::Uuid(uuid.clone()),
            None => tree::Key::Name(self.listed.name.clone()),
        };
        tree::Gone { key, udev, how: Removal::Now }
    }

    /// Whether it is one stretch of the disk and has no uuid: what kpartx made before its maps had uuids.
    pub fn is_old_map(&self) -> bool {
        self.listed.uuid.is_none() && self.stands == Stands::NotOurs
    }
}

fn stands(listed: &Listed, present: &Present, source: &Source) -> Stands {
    let targets = &present.table.targets;
    let one = |device: &DevRef| matches!(device, DevRef::Number(number) if source.is_shown_by(*number));
    let linear = match targets.as_slice() {
        [target] => matches!(&target.kind, Kind::Linear(Linear { device, .. }) if one(device)),
        _ => false,
    };
    // Android's maps may have many stretches; their uuid tells them.
    let stretches = targets.iter().all(|target| match &target.kind {
        Kind::Linear(Linear { device, .. }) => one(device),
        kind => matches!(kind, Kind::Zero),
    });
    let number = |uuid: &DmUuid| source.partition_of(uuid);
    match listed.uuid.as_ref().and_then(number) {
        Some(number) if linear || stretches => Stands::Map(number),
        None if stretches && listed.uuid.as_ref().is_some_and(|uuid| source.is_inner(uuid)) => Stands::Inner,
        _ if linear => Stands::NotOurs,
        _ => Stands::NotLinear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dm::{DevNo, DmName, Sim};

    #[test]
    fn maps_are_found_by_what_they_stand_on_or_else_by_their_uuid() {
        let sim = Sim::new();
        let make = |name: &str, uuid: Option<&str>, table: &str| {
            let (name, uuid) = (DmName::new(name).unwrap(), uuid.map(|uuid| DmUuid::new(uuid).unwrap()));
            sim.create(&name, uuid.as_ref(), None).unwrap();
            if !table.is_empty() {
                sim.load((&name).into(), &table.parse().unwrap(), Default::default()).unwrap();
                sim.resume((&name).into(), Default::default(), Default::default()).unwrap();
            }
        };
        make("map", Some("part1-devnode_7:1_Wh5pYvM"), "0 8 linear 7:1 0");
        make("other", Some("part1-devnode_7:10_Wh5pYvM"), "0 8 linear 7:10 0");
        make("zeros", Some("part2-devnode_7:1_Wh5pYvM"), "0 8 zero");
        make("unloaded", Some("part3-devnode_7:1_Wh5pYvM"), "");
        make("inner", Some("part1-part2-devnode_7:1_Wh5pYvM"), "0 8 linear 7:1 64");
        make("elsewhere", Some("part4-devnode_7:1_Wh5pYvM"), "0 8 linear 7:2 0");
        make("mine", None, "0 8 linear 7:1 8");
        make("both", None, "0 8 linear 7:1 8\n8 8 linear 7:2 8");
        let number = DevNo::new(7, 1);
        let source = Source::of_device(number, "loop1".to_owned());
        let mut found: Vec<_> =
            Existing::on(&sim, &source).unwrap().into_iter().map(|map| (map.name(), map.stands)).collect();
        found.sort_by(|a, b| a.0.cmp(&b.0));
        let want = [
            ("both", Stands::NotLinear),
            ("inner", Stands::Inner),
            ("map", Stands::Map(1)),
            ("mine", Stands::NotOurs),
            ("unloaded", Stands::Map(3)),
            ("zeros", Stands::Map(2)),
        ];
        assert_eq!(found, want.map(|(name, stands)| (name.to_owned(), stands)));
        // Of those without a table only the one whose device is no more was left behind.
        make("of another", Some("part1-part5-devnode_7:3_Wh5pYvM"), "");
        make("of a disk", Some("part1-mpath-a"), "");
        let abandoned = |gone: u32| {
            let exists = |number: DevNo| number.minor != gone;
            Existing::abandoned(&sim, &exists).unwrap().iter().map(Existing::name).collect::<Vec<_>>()
        };
        assert_eq!(abandoned(1), ["unloaded"]);
        assert_eq!(abandoned(3), ["of another"]);
        assert!(abandoned(9).is_empty());
    }
}
