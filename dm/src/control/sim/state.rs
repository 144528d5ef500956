//! The devices of the one in memory, and the rules among them.

use super::Logged;
use crate::{Access, DevNo, DevRef, DmName, DmUuid, Errno, Info, Kind, Table, TargetVersion, Verb, Version};
use std::collections::{BTreeMap, HashMap};
use units::Sectors;

/// What most kernels give device-mapper.
pub(super) const MAJOR: u32 = 253;
/// What they read ahead by default: 128 KiB.
const READ_AHEAD: Sectors = Sectors::new(256);

/// A table in a slot.
#[derive(Clone)]
pub(super) struct Loaded {
    pub(super) table: Table,
    pub(super) access: Access,
}

/// One device.
pub(super) struct Node {
    pub(super) name: DmName,
    pub(super) uuid: Option<DmUuid>,
    pub(super) live: Option<Loaded>,
    pub(super) inactive: Option<Loaded>,
    pub(super) suspended: bool,
    pub(super) opens: u32,
    pub(super) event_nr: u32,
    pub(super) deferred: bool,
    pub(super) read_ahead: Sectors,
}

impl Node {
    pub(super) fn new(name: DmName, uuid: Option<DmUuid>) -> Self {
        Self {
            name,
            uuid,
            live: None,
            inactive: None,
            suspended: false,
            opens: 0,
            event_nr: 0,
            deferred: false,
            read_ahead: READ_AHEAD,
        }
    }

    fn uses(&self, number: DevNo) -> bool {
        let slots = [&self.live, &self.inactive];
        slots.into_iter().flatten().any(|slot| slot.table.numbers().contains(&number))
    }
}

/// A refusal that a test asked for.
pub(super) enum Failure {
    At { at: u64, errno: Errno },
    On { verb: Verb, name: String, errno: Errno },
}

/// All of it.
pub(super) struct State {
    pub(super) devices: BTreeMap<u32, Node>,
    pub(super) disks: BTreeMap<DevNo, Sectors>,
    pub(super) targets: Vec<TargetVersion>,
    pub(super) statuses: HashMap<String, Vec<String>>,
    pub(super) replies: HashMap<String, String>,
    pub(super) log: Vec<Logged>,
    /// Verbs so far that would change something.
    pub(super) changes: u64,
    pub(super) failures: Vec<Failure>,
    pub(super) dead_from: Option<u64>,
    /// Why it may not be asked.
    pub(super) closed: Option<crate::Absence>,
}

impl Default for State {
    fn default() -> Self {
        let version = |(name, minor): (&str, u32)| TargetVersion {
            name: name.to_owned(),
            version: Version { major: 1, minor, patch: 0 },
        };
        let targets = [
            ("raid", 15),
            ("mirror", 14),
            ("thin-pool", 23),
            ("thin", 23),
            ("snapshot-merge", 5),
            ("snapshot-origin", 9),
            ("snapshot", 16),
            ("zero", 2),
            ("striped", 6),
            ("linear", 4),
            ("error", 6),
        ];
        Self {
            devices: BTreeMap::new(),
            disks: BTreeMap::new(),
            targets: targets.into_iter().map(version).collect(),
            statuses: HashMap::new(),
            replies: HashMap::new(),
            log: Vec::new(),
            changes: 0,
            failures: Vec::new(),
            dead_from: None,
            closed: None,
        }
    }
}

impl State {
    pub(super) fn by_name(&self, name: &str) -> Option<u32> {
        self.devices.iter().find(|(_, node)| node.name.as_str() == name).map(|(&minor, _)| minor)
    }

    pub(super) fn by_uuid(&self, uuid: &str) -> Option<u32> {
        let has = |node: &Node| node.uuid.as_ref().is_some_and(|own| own.as_str() == uuid);
        self.devices.iter().find(|(_, node)| has(node)).map(|(&minor, _)| minor)
    }

    /// Opens from outside, and one for each device whose tables name this one.
    pub(super) fn open_count(&self, minor: u32) -> u32 {
        let number = DevNo::new(MAJOR, minor);
        let users = self.devices.values().filter(|node| node.uses(number)).count();
        self.devices.get(&minor).map_or(0, |node| node.opens) + users as u32
    }

    pub(super) fn open(&mut self, name: &str, count: u32) -> bool {
        let node = self.by_name(name).and_then(|minor| self.devices.get_mut(&minor));
        node.map(|node| node.opens += count).is_some()
    }

    pub(super) fn close(&mut self, name: &str, count: u32) -> bool {
        let node = self.by_name(name).and_then(|minor| self.devices.get_mut(&minor));
        let found = node.map(|node| node.opens = node.opens.saturating_sub(count)).is_some();
        self.reap();
        found
    }

    /// Removes what was to go at its last close, until nothing more does.
    pub(super) fn reap(&mut self) {
        while let Some(minor) = self
            .devices
            .iter()
            .find(|(minor, node)| node.deferred && self.open_count(**minor) == 0)
            .map(|(&minor, _)| minor)
        {
            self.devices.remove(&minor);
        }
    }

    /// The refusal planned for a verb that would change something.
    pub(super) fn planned(&mut self, verb: Verb, name: &str) -> Option<Errno> {
        if !verb.changes() {
            return None;
        }
        self.changes += 1;
        if self.dead_from.is_some_and(|from| self.changes >= from) {
            return Some(Errno::ESHUTDOWN);
        }
        self.failures.iter().find_map(|failure| match failure {
            Failure::At { at, errno } => (*at == self.changes).then_some(*errno),
            Failure::On { verb: on, name: whose, errno } => (*on == verb && whose == name).then_some(*errno),
        })
    }

    /// Whether the kernel would take the table for device `minor`.
    pub(super) fn check(&self, minor: u32, table: &Table) -> Result<(), Errno> {
        let mut end = Sectors::ZERO;
        for target in &table.targets {
            let known = self.targets.iter().any(|known| known.name == target.kind.name());
            if target.start != end || target.len.is_zero() || !known {
                return Err(Errno::EINVAL);
            }
            end = target.start.checked_add(target.len).ok_or(Errno::EINVAL)?;
            check_stripes(target.len, &target.kind)?;
        }
        for number in table.numbers() {
            let own = number == DevNo::new(MAJOR, minor);
            if own || (number.major == MAJOR && !self.devices.contains_key(&number.minor)) {
                return Err(if own { Errno::EINVAL } else { Errno::ENODEV });
            }
        }
        let unknown = |device: &DevRef| !matches!(device, DevRef::Number(_));
        if table.devices().any(unknown) { Err(Errno::ENODEV) } else { Ok(()) }
    }

    /// Whether what a table uses is long enough; the kernel looks when the table is to become live.
    pub(super) fn check_ranges(&self, table: &Table) -> Result<(), Errno> {
        for target in &table.targets {
            match &target.kind {
                Kind::Linear(linear) => self.check_range(&linear.device, linear.offset, target.len)?,
                Kind::Striped(striped) => {
                    let width = Sectors::new(target.len.get() / striped.stripes.len().max(1) as u64);
                    let mut stripes = striped.stripes.iter();
                    stripes.try_for_each(|stripe| self.check_range(&stripe.device, stripe.offset, width))?;
                }
                Kind::Error | Kind::Zero | Kind::Snapshot(_) | Kind::SnapshotOrigin(_) => {}
                Kind::SnapshotMerge(_) | Kind::Mirror(_) | Kind::ThinPool(_) | Kind::Thin(_) => {}
                Kind::Other(_) => {}
            }
        }
        Ok(())
    }

    /// A stretch must lie inside the device, where its length is known.
    fn check_range(&self, device: &DevRef, offset: Sectors, len: Sectors) -> Result<(), Errno> {
        let DevRef::Number(number) = device else { return Err(Errno::ENODEV) };
        let size = if number.major == MAJOR {
            let live = self.devices.get(&number.minor).and_then(|node| node.live.as_ref());
            live.map(|live| live.table.len())
        } else {
            self.disks.get(number).copied()
        };
        let end = offset.checked_add(len).ok_or(Errno::EINVAL)?;
        if size.is_some_and(|size| end > size) { Err(Errno::EINVAL) } else { Ok(()) }
    }

    pub(super) fn info(&self, minor: u32) -> Option<Info> {
        let node = self.devices.get(&minor)?;
        let live = node.live.as_ref();
        Some(Info {
            name: node.name.clone(),
            uuid: node.uuid.clone(),
            number: DevNo::new(MAJOR, minor),
            open_count: self.open_count(minor),
            event_nr: node.event_nr,
            target_count: live.map_or(0, |live| live.table.targets.len() as u32),
            access: live.map_or(Access::ReadWrite, |live| live.access),
            suspended: node.suspended,
            internally_suspended: false,
            live_table: live.is_some(),
            inactive_table: node.inactive.is_some(),
            deferred_remove: node.deferred,
            uevent: false,
        })
    }

    pub(super) fn overview(&self) -> Vec<(Info, String)> {
        let mut devices: Vec<(Info, String)> = self
            .devices
            .iter()
            .filter_map(|(&minor, node)| {
                let table = node.live.as_ref().map_or(String::new(), |live| live.table.to_string());
                Some((self.info(minor)?, table))
            })
            .collect();
        devices.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
        devices
    }
}

/// Stripes must be of one length, in whole chunks.
fn check_stripes(len: Sectors, kind: &Kind) -> Result<(), Errno> {
    let Kind::Striped(striped) = kind else { return Ok(()) };
    let (count, chunk) = (striped.stripes.len() as u64, striped.chunk);
    if count == 0 || chunk.is_zero() || !len.get().is_multiple_of(count) {
        return Err(Errno::EINVAL);
    }
    if Sectors::new(len.get() / count).is_multiple_of(chunk) { Ok(()) } else { Err(Errno::EINVAL) }
}
