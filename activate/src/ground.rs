//! What tables stand on: paths and disks become device numbers, images get loop devices.

use crate::attach::{AttachError, Attachment, Loops, number_of};
use device::DiskSet;
use dm::tree::{Node, ReadAhead};
use dm::{Control, DevNo, DevRef, Table};
use std::collections::HashMap;
use units::{Id, Sectors};

/// What the kernel reads ahead on a new device without being asked: 128 KiB.
const KERNEL_READ_AHEAD: Sectors = Sectors::new(256);

/// The disks under the tables of one change.
#[derive(Debug)]
pub(crate) struct Ground {
    /// The disks in scope, images reached through the loop devices they now have.
    pub(crate) disks: DiskSet,
    numbers: HashMap<DevRef, DevNo>,
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
                && let Some(number) = ground.number(device, loops)?
            {
                ground.numbers.insert(device.clone(), number);
            }
        }
        Ok(ground)
    }

    fn number(&mut self, device: &DevRef, loops: &dyn Loops) -> Result<Option<DevNo>, AttachError> {
        let unknown = || AttachError::Unknown(device.to_string());
        let entry = match device {
            DevRef::Number(_) | DevRef::Node(_) => return Ok(None),
            DevRef::Path(path) => match self.disks.find(path) {
                Some(entry) => entry,
                None => {
                    let number = device::identity(path).and_then(number_of);
                    return number.map(Some).ok_or_else(unknown);
                }
            },
            DevRef::Disk(place) => {
                let place = usize::try_from(*place).map_err(|_| unknown())?;
                self.disks.iter().nth(place).ok_or_else(unknown)?
            }
        };
        let (id, disk) = (entry.id(), entry.disk().clone());
        if let Some(number) = number_of(disk.identity()) {
            return Ok(Some(number));
        }
        let mut attachment = loops.attach(disk.path(), &*disk)?;
        if let Some(looped) = attachment.disk.take() {
            self.disks.replace(id, looped);
        }
        let number = attachment.number;
        self._attachments.push(attachment);
        Ok(Some(number))
    }

    /// Turns paths into numbers as far as that goes without attaching anything.
    pub(crate) fn resolve_attached(table: &mut Table, disks: &DiskSet, loops: &dyn Loops) {
        for device in table.devices_mut() {
            let DevRef::Path(path) = &*device else { continue };
            let number = match disks.find(path) {
                Some(entry) => number_of(entry.disk().identity()).or_else(|| loops.attached(&**entry.disk())),
                None => device::identity(path).and_then(number_of),
            };
            if let Some(number) = number {
                *device = DevRef::Number(number);
            }
        }
    }

    /// The node as the kernel can have it. Where nobody says otherwise it reads ahead at least as far as the
    /// disks under it do, as with LVM2.
    pub(crate) fn resolve(&mut self, control: &dyn Control, node: &Node) -> Node {
        let mut node = node.clone();
        for device in node.table.devices_mut() {
            if let Some(number) = self.numbers.get(device) {
                *device = DevRef::Number(*number);
            }
        }
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
