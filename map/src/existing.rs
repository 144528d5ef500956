//! The maps that a disk has.

use crate::names::Source;
use dm::tree::Present;
use dm::{Control, DevRef, DmError, DmName, DmUuid, Kind, Linear, Listed, Removal, UdevFlags, tree};

/// What a device that stands on the disk is to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// The map of that partition.
    Map(u32),
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

    /// All devices that stand on the disk: whose tables name its very number, whatever they are called.
    pub fn on(control: &dyn Control, source: &Source) -> Result<Vec<Self>, DmError> {
        let mut found = Vec::new();
        for listed in control.list()? {
            if listed.number == source.number {
                continue;
            }
            let Some(present) = Present::read(control, listed.number)? else { continue };
            if !present.deps.contains(&source.number) {
                continue;
            }
            found.push(Self::new(listed, present, source));
        }
        Ok(found)
    }

    /// Its name.
    pub fn name(&self) -> &DmName {
        &self.listed.name
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
    let one = |device: &DevRef| *device == DevRef::Number(source.number);
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
        _ if linear => Stands::NotOurs,
        _ => Stands::NotLinear,
    }
}
