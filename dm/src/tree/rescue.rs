//! What is needed to let I/O through again after the process that held it back has died: a list, kept by a
//! guardian as text, and the way forward or back.

use super::TreeError;
use crate::{Access, Control, DevNo, Device, DmError, DmName, DmUuid, Event, Mangling, Removal, Slot};
use crate::{Suspend, Table, mangle, unmangle};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// What was done to a node before the commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// It was there; it may be suspended, and may have a table in its inactive slot.
    Suspended,
    /// It was made.
    Created,
    /// It was grown because others stand on it; before it had this table.
    Grown {
        /// Whether writes were let through.
        access: Access,
        /// Its table before.
        table: Table,
    },
}

/// A node to be rescued. As text it is one line of fields divided by tabs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guarded {
    /// What was done to it.
    pub role: Role,
    /// Its number.
    pub number: DevNo,
    /// Its name before the commit.
    pub name: DmName,
    /// Its uuid. A device of that number with another uuid is another device and left alone.
    pub uuid: Option<DmUuid>,
    /// Its name after the commit, where that is another.
    pub rename: Option<DmName>,
}

/// Why a line is not a node to be rescued.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0:?} is no line of a rescue list")]
pub struct GuardedError(pub String);

impl fmt::Display for Guarded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let coded = |text: &str| mangle(text, Mangling::Hex).map_or(String::new(), |name| name.to_string());
        let role = match &self.role {
            Role::Suspended => "suspended",
            Role::Created => "created",
            Role::Grown { .. } => "grown",
        };
        let uuid = self.uuid.as_ref().map_or("", DmUuid::as_str);
        let rename = self.rename.as_ref().map_or(String::new(), |name| coded(name.as_str()));
        write!(f, "{role}\t{}\t{}\t{rename}\t{uuid}", self.number, coded(self.name.as_str()))?;
        if let Role::Grown { access, table } = &self.role {
            let access = if *access == Access::ReadOnly { "ro" } else { "rw" };
            write!(f, "\t{access}\t{}", table.to_string().replace('\n', ";"))?;
        }
        Ok(())
    }
}

impl FromStr for Guarded {
    type Err = GuardedError;

    fn from_str(line: &str) -> Result<Self, GuardedError> {
        read(line).ok_or_else(|| GuardedError(line.to_owned()))
    }
}

fn read(line: &str) -> Option<Guarded> {
    let fields: Vec<&str> = line.split('\t').collect();
    let &[role, number, name, rename, uuid, ref rest @ ..] = fields.as_slice() else { return None };
    let decoded = |text: &str| DmName::new(unmangle(text, Mangling::Hex).ok()?).ok();
    let role = match (role, rest) {
        ("suspended", []) => Role::Suspended,
        ("created", []) => Role::Created,
        ("grown", [access, table]) => Role::Grown {
            access: if *access == "ro" { Access::ReadOnly } else { Access::ReadWrite },
            table: table.replace(';', "\n").parse().ok()?,
        },
        _ => return None,
    };
    Some(Guarded {
        role,
        number: number.parse().ok()?,
        name: decoded(name)?,
        uuid: if uuid.is_empty() { None } else { Some(DmUuid::new(uuid).ok()?) },
        rename: if rename.is_empty() { None } else { Some(decoded(rename)?) },
    })
}

/// Lets I/O through. `nodes` are bottom-up, as [`super::Execution::guarded`] gives them. With `committed` the
/// way is forward: inactive tables become live, names the new ones. Without, back: they are dropped, old
/// tables loaded, new devices removed. Goes on whatever happens, and gives back what could not be put right.
///
/// Does nothing to a node that is as it should be, so that several may do it one after the other.
pub fn rescue(control: &dyn Control, nodes: &[Guarded], committed: bool) -> Result<(), TreeError> {
    let mut failed = Vec::new();
    let mut act = |node: &Guarded, act: fn(&dyn Control, &Guarded) -> Result<(), DmError>| {
        let outcome = match is_there(control, node) {
            Ok(true) => act(control, node),
            Ok(false) => Ok(()),
            Err(error) => Err(error),
        };
        failed.extend(outcome.err().map(|error| (node.name.clone(), error)));
    };
    if committed {
        nodes.iter().for_each(|node| act(node, forward));
    } else {
        let old = |node: &&Guarded| node.role != Role::Created;
        nodes.iter().filter(old).for_each(|node| act(node, drop_inactive));
        nodes.iter().filter(old).for_each(|node| act(node, resume));
        // From the top, and only now: old tables name none of the new devices.
        nodes.iter().rev().filter(|node| !old(node)).for_each(|node| act(node, remove));
        nodes.iter().rev().for_each(|node| act(node, shrink_back));
    }
    if failed.is_empty() { Ok(()) } else { Err(TreeError::Resume { failed, total: nodes.len() }) }
}

/// Whether the number is still this device's.
fn is_there(control: &dyn Control, node: &Guarded) -> Result<bool, DmError> {
    let info = control.info(Device::Number(node.number))?;
    Ok(info.is_some_and(|info| match &node.uuid {
        Some(uuid) => info.uuid.as_ref() == Some(uuid),
        None => info.name == node.name || Some(&info.name) == node.rename.as_ref(),
    }))
}

fn forward(control: &dyn Control, node: &Guarded) -> Result<(), DmError> {
    let device = Device::Number(node.number);
    let Some(info) = control.info(device)? else { return Ok(()) };
    if let Some(name) = node.rename.as_ref().filter(|name| **name != info.name) {
        control.rename(&info.name, name, Event::default())?;
    }
    if info.suspended || info.inactive_table {
        control.resume(device, Suspend::default(), Event::default())?;
    }
    Ok(())
}

fn drop_inactive(control: &dyn Control, node: &Guarded) -> Result<(), DmError> {
    control.clear(Device::Number(node.number)).map(drop)
}

fn resume(control: &dyn Control, node: &Guarded) -> Result<(), DmError> {
    let device = Device::Number(node.number);
    match control.info(device)? {
        Some(info) if info.suspended => {
            control.resume(device, Suspend::default(), Event::default()).map(drop)
        }
        Some(_) | None => Ok(()),
    }
}

fn remove(control: &dyn Control, node: &Guarded) -> Result<(), DmError> {
    control.remove(Device::Number(node.number), Removal::RETRY, Event::default()).map(drop)
}

fn shrink_back(control: &dyn Control, node: &Guarded) -> Result<(), DmError> {
    let (Role::Grown { access, table }, device) = (&node.role, Device::Number(node.number)) else {
        return Ok(());
    };
    if control.table(device, Slot::Live)? == *table {
        return Ok(());
    }
    control.load(device, table, *access)?;
    control.resume(device, Suspend::default(), Event::default()).map(drop)
}
