//! What is there, as far as a plan needs to know.

use super::{Key, Want};
use crate::{Control, DevNo, Device, DmError, DmName, DmUuid, Info, Kind, Listed, Slot, Table};
use std::collections::HashMap;

/// A device that is there and wanted, or to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Present {
    /// Its state.
    pub info: Info,
    /// Its live table; empty where there is none.
    pub table: Table,
    /// The devices that table uses.
    pub deps: Vec<DevNo>,
}

/// What device-mapper has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Have {
    /// All devices.
    pub listed: Vec<Listed>,
    /// Those that the plan is about, in any order.
    pub present: Vec<Present>,
}

impl Have {
    /// Looks: one ioctl for the list, one for each device that is there and wanted or to go (two where its
    /// table has targets that are not taken apart here).
    pub fn observe(control: &dyn Control, want: &Want) -> Result<Self, DmError> {
        let listed =
            if want.nodes.is_empty() && want.gone.is_empty() { Vec::new() } else { control.list()? };
        let index = Index::new(&listed);
        let wanted = want.nodes.iter().map(|node| index.of(node.uuid.as_ref(), &node.name));
        let gone = want.gone.iter().map(|gone| index.by_key(&gone.key));
        let mut numbers: Vec<DevNo> = wanted.chain(gone).flatten().map(|device| device.number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut present = Vec::with_capacity(numbers.len());
        for number in numbers {
            present.extend(Present::read(control, number)?);
        }
        Ok(Self { listed, present })
    }

    pub(super) fn by_number(&self) -> HashMap<DevNo, &Present> {
        self.present.iter().map(|present| (present.info.number, present)).collect()
    }
}

impl Present {
    /// Reads one device; nothing where it has gone meanwhile.
    pub fn read(control: &dyn Control, number: DevNo) -> Result<Option<Self>, DmError> {
        let (info, table) = match control.table_and_info(Device::Number(number), Slot::Live) {
            Err(error) if error.is_no_device() => return Ok(None),
            read => read?,
        };
        let opaque = |kind: &Kind| matches!(kind, Kind::Other(_));
        let deps = if table.targets.iter().any(|target| opaque(&target.kind)) {
            control.deps(Device::Number(number), Slot::Live)?
        } else {
            table.numbers()
        };
        Ok(Some(Self { info, table, deps }))
    }
}

/// Devices by uuid and by name.
pub(super) struct Index<'a> {
    by_uuid: HashMap<&'a DmUuid, &'a Listed>,
    by_name: HashMap<&'a DmName, &'a Listed>,
}

impl<'a> Index<'a> {
    pub(super) fn new(listed: &'a [Listed]) -> Self {
        let by_uuid = listed.iter().filter_map(|device| Some((device.uuid.as_ref()?, device))).collect();
        Self { by_uuid, by_name: listed.iter().map(|device| (&device.name, device)).collect() }
    }

    /// The device that a node with this uuid, or without one and of this name, is.
    pub(super) fn of(&self, uuid: Option<&DmUuid>, name: &DmName) -> Option<&'a Listed> {
        match uuid {
            Some(uuid) => self.by_uuid.get(uuid).copied(),
            None => self.named(name),
        }
    }

    pub(super) fn named(&self, name: &DmName) -> Option<&'a Listed> {
        self.by_name.get(name).copied()
    }

    pub(super) fn by_key(&self, key: &Key) -> Option<&'a Listed> {
        match key {
            Key::Uuid(uuid) => self.by_uuid.get(uuid).copied(),
            Key::Name(name) => self.named(name),
        }
    }
}
