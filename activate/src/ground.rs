//! What tables stand on: paths and disks become device numbers, images get loop devices.

use crate::attach::{AttachError, Attachment, Loops, number_of};
use device::{Disk, DiskSet};
use dm::tree::{KERNEL_READ_AHEAD, Node, ReadAhead};
use dm::{Control, DevNo, DevRef, Table};
use std::collections::HashMap;
use std::sync::Arc;
use units::{Id, Sectors};

/// The disk that has a device: the one that this one is a partition of, and where it starts there.
fn whole(mut disk: Arc<dyn Disk>) -> (Arc<dyn Disk>, Sectors) {
    let mut start = Sectors::ZERO;
    while let Some((on, at)) = disk.part_of() {
        // A partition lies on its disk, so its place is a number that exists.
        start = start.checked_add(at.sectors()).unwrap_or(start);
        disk = on;
    }
    (disk, start)
}

/// The disk, or the partition of a partition, with `whole` in place of the disk at its bottom.
fn through(disk: &Arc<dyn Disk>, whole: Arc<dyn Disk>) -> Arc<dyn Disk> {
    match disk.part_of() {
        Some((below, _)) => {
            let below = through(&below, whole);
            disk.part_through(below).unwrap_or_else(|| Arc::clone(disk))
        }
        None => whole,
    }
}

/// A stretch of a device from some sector on.
type Place = (DevNo, Sectors);

/// The disks under the tables of one change.
#[derive(Debug)]
pub(crate) struct Ground {
    /// The disks in scope, images reached through the loop devices they now have.
    pub(crate) disks: DiskSet,
    /// The device of each disk, and where on it the disk starts.
    numbers: HashMap<DevRef, Place>,
    read_ahead: HashMap<DevNo, Sectors>,
    /// Loop devices that no table uses yet.
    _attachments: Vec<Attachment>,
}

impl Ground {
    /// Finds the number of every disk that the nodes' tables name, attaching images. What was attached is
    /// given back when this is dropped, unless a table uses it by then.
    pub(crate) fn prepare<'n>(
        nodes: impl Iterator<Item = &'n Node>,
        disks: &DiskSet,
        loops: &dyn Loops,
    ) -> Result<Self, AttachError> {
        let (numbers, read_ahead) = (HashMap::new(), HashMap::new());
        let mut ground = Self { disks: disks.clone(), numbers, read_ahead, _attachments: Vec::new() };
        for device in nodes.flat_map(|node| node.table.devices()) {
            if !ground.numbers.contains_key(device)
                && let Some(place) = ground.place(device, loops)?
            {
                ground.numbers.insert(device.clone(), place);
            }
        }
        Ok(ground)
    }

    fn place(&mut self, device: &DevRef, loops: &dyn Loops) -> Result<Option<Place>, AttachError> {
        let unknown = || AttachError::Unknown(device.to_string());
        let entry = match device {
            DevRef::Number(_) | DevRef::Node(_) => return Ok(None),
            DevRef::Path(path) => match self.disks.find(path) {
                Some(entry) => entry,
                None => {
                    let number = device::identity(path).and_then(number_of);
                    return number.map(|number| Some((number, Sectors::ZERO))).ok_or_else(unknown);
                }
            },
            DevRef::Disk(place) => {
                let place = usize::try_from(*place).map_err(|_| unknown())?;
                self.disks.iter().nth(place).ok_or_else(unknown)?
            }
        };
        let (id, disk) = (entry.id(), entry.disk().clone());
        let (whole, start) = whole(disk.clone());
        if let Some(number) = number_of(whole.identity()) {
            return Ok(Some((number, start)));
        }
        let mut attachment = loops.attach(whole.path(), &*whole)?;
        if let Some(looped) = attachment.disk.take() {
            self.disks.replace(id, through(&disk, looped));
        }
        let number = attachment.number;
        self._attachments.push(attachment);
        Ok(Some((number, start)))
    }

    /// Turns paths into numbers as far as that goes without attaching anything.
    pub(crate) fn resolve_attached(table: &mut Table, disks: &DiskSet, loops: &dyn Loops) {
        table.put_on(|device| {
            let DevRef::Path(path) = device else { return None };
            let Some(entry) = disks.find(path) else {
                return Some((DevRef::Number(device::identity(path).and_then(number_of)?), Sectors::ZERO));
            };
            let (whole, start) = whole(entry.disk().clone());
            let number = number_of(whole.identity()).or_else(|| loops.attached(&*whole))?;
            Some((DevRef::Number(number), start))
        });
    }

    /// The node as the kernel can have it. Where nobody says otherwise it reads ahead at least as far as the
    /// disks under it do, as with LVM2.
    pub(crate) fn resolve(&mut self, control: &dyn Control, node: &Node) -> Node {
        let mut node = node.clone();
        node.table.put_on(|device| {
            let (number, start) = self.numbers.get(device)?;
            Some((DevRef::Number(*number), *start))
        });
        if node.read_ahead == ReadAhead::Auto {
            let below = node.table.numbers().into_iter().map(|number| self.read_ahead(control, number)).max();
            if let Some(amount) = below.filter(|amount| *amount > KERNEL_READ_AHEAD) {
                node.read_ahead = ReadAhead::AtLeast(amount);
            }
        }
        node
    }

    fn read_ahead(&mut self, control: &dyn Control, number: DevNo) -> Sectors {
        let ask = || control.read_ahead(number).unwrap_or(Sectors::ZERO);
        *self.read_ahead.entry(number).or_insert_with(ask)
    }

    /// All of an LV list.
    pub(crate) fn resolve_all(&mut self, control: &dyn Control, nodes: &[(Id, Node)]) -> Vec<(Id, Node)> {
        nodes.iter().map(|(lv, node)| (*lv, self.resolve(control, node))).collect()
    }
}
