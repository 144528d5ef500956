//! From the partitions of a table to the nodes that are wanted.

use crate::names::Source;
use dm::tree::Node;
use dm::{Access, DevRef, Kind, Linear, MangleError, Suspend, Table as DmTable, Target, UdevFlags};
use partition::{Partition, Piece, Table};
use units::Sectors;

/// How maps are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wishes<'a> {
    /// What stands between name and number.
    pub delimiter: &'a str,
    /// Whether writes are let through.
    pub access: Access,
    /// What udev's rules leave out.
    pub udev: UdevFlags,
}

/// A map that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map {
    /// The partition's number.
    pub partition: u32,
    /// The map's name as people write it.
    pub name: String,
    /// The node.
    pub node: Node,
}

/// The maps of a table, in kpartx's order: those that lie in others come last.
pub fn wanted(table: &Table, source: &Source, wishes: &Wishes<'_>) -> Result<Vec<Map>, MangleError> {
    let (inner, outer): (Vec<&Partition>, Vec<&Partition>) =
        table.partitions.iter().partition(|partition| partition.inside.is_some());
    outer.into_iter().chain(inner).map(|partition| map(table, partition, source, wishes)).collect()
}

fn map(
    table: &Table,
    partition: &Partition,
    source: &Source,
    wishes: &Wishes<'_>,
) -> Result<Map, MangleError> {
    let name = source.dm_name(wishes.delimiter, partition.number)?;
    let uuid = source.map_uuid(partition.number)?;
    let mut node = Node::new(name, Some(uuid), dm_table(table, partition, source));
    node.access = if partition.read_only { Access::ReadOnly } else { wishes.access };
    node.udev = wishes.udev;
    // Nothing moves beneath a file system that is mounted on the map, so it need not be frozen; and a disk whose
    // paths are all gone must not hold this up.
    node.suspend = Suspend { noflush: true, skip_lockfs: true };
    Ok(Map { partition: partition.number, name: source.map_name(wishes.delimiter, partition.number), node })
}

fn dm_table(table: &Table, partition: &Partition, source: &Source) -> DmTable {
    let mut at = Sectors::ZERO;
    let mut targets = Vec::new();
    for piece in stretches(table, partition) {
        let kind = match piece.start {
            Some(offset) => Kind::Linear(Linear { device: DevRef::Number(source.number), offset }),
            None => Kind::Zero,
        };
        targets.push(Target { start: at, len: piece.size, kind });
        at = at.checked_add(piece.size).unwrap_or(at);
    }
    DmTable::new(targets)
}

/// Of an extended partition only what a boot loader needs: 1 KiB, or a block where that is more.
fn stretches(table: &Table, partition: &Partition) -> Vec<Piece> {
    if !partition.is_extended {
        return partition.stretches();
    }
    let loader = Sectors::new(u64::from(table.block / 512).max(2));
    vec![Piece { size: loader.min(partition.size), start: Some(partition.start) }]
}
