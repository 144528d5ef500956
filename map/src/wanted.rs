//! From the partitions of a table to the nodes that are wanted.

use crate::names::Source;
use dm::tree::Node;
use dm::{Access, DevNo, DevRef, Kind, Linear, MangleError, Suspend, Table as DmTable, Target, UdevFlags};
use partition::{Partition, Piece, Sparse, Table, Unmappable};
use std::collections::BTreeMap;
use thiserror::Error;
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

/// What maps stand on.
#[derive(Clone, Copy, Debug)]
pub enum Ground<'a> {
    /// The device that shows the disk.
    Device(DevNo),
    /// A sparse image, by the devices that show its file from some byte below 512 on. What it leaves out is zeros.
    Sparse(&'a Sparse, &'a BTreeMap<u64, DevNo>),
}

/// Why there cannot be a map.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WantedError {
    /// It would have a name that device-mapper cannot have.
    #[error(transparent)]
    Name(#[from] MangleError),
    /// No table gives what the partition holds.
    #[error("partition {number} cannot be mapped: {why}")]
    Unmappable {
        /// The partition.
        number: u32,
        /// Why.
        why: Unmappable,
    },
}

/// The maps of a table, in kpartx's order: those that lie in others come last. Each or why there is none.
pub fn wanted(
    table: &Table,
    source: &Source,
    ground: Ground<'_>,
    wishes: &Wishes<'_>,
) -> Vec<Result<Map, WantedError>> {
    let (inner, outer): (Vec<&Partition>, Vec<&Partition>) =
        table.partitions.iter().partition(|partition| partition.inside.is_some());
    outer.into_iter().chain(inner).map(|partition| map(table, partition, source, ground, wishes)).collect()
}

fn map(
    table: &Table,
    partition: &Partition,
    source: &Source,
    ground: Ground<'_>,
    wishes: &Wishes<'_>,
) -> Result<Map, WantedError> {
    let name = source.dm_name(wishes.delimiter, partition.number)?;
    let uuid = source.map_uuid(partition.number).map_err(MangleError::from)?;
    let unmappable = |why| WantedError::Unmappable { number: partition.number, why };
    let targets = dm_table(table, partition, ground).map_err(unmappable)?;
    let mut node = Node::new(name, Some(uuid), targets);
    let read_only = partition.read_only || matches!(ground, Ground::Sparse(..));
    node.access = if read_only { Access::ReadOnly } else { wishes.access };
    node.udev = wishes.udev;
    // Nothing moves beneath a file system that is mounted on the map, so it need not be frozen; and a disk whose
    // paths are all gone must not hold this up.
    node.suspend = Suspend { noflush: true, skip_lockfs: true };
    Ok(Map { partition: partition.number, name: source.map_name(wishes.delimiter, partition.number), node })
}

fn dm_table(table: &Table, partition: &Partition, ground: Ground<'_>) -> Result<DmTable, Unmappable> {
    let mut at = Sectors::ZERO;
    let mut targets = Vec::new();
    for piece in stretches(table, partition) {
        for (len, place) in below(piece, ground)? {
            let kind = match place {
                Some((device, offset)) => Kind::Linear(Linear { device: DevRef::Number(device), offset }),
                None => Kind::Zero,
            };
            targets.push(Target { start: at, len, kind });
            at = at.checked_add(len).unwrap_or(at);
        }
    }
    Ok(DmTable::new(targets))
}

/// Devices and their sectors below a stretch; none is zeros.
type Place = Option<(DevNo, Sectors)>;

fn below(piece: Piece, ground: Ground<'_>) -> Result<Vec<(Sectors, Place)>, Unmappable> {
    let Some(start) = piece.start else { return Ok(vec![(piece.size, None)]) };
    match ground {
        Ground::Device(number) => Ok(vec![(piece.size, Some((number, start)))]),
        Ground::Sparse(image, devices) => {
            let place = |byte: u64| {
                let device = devices.get(&(byte % Sectors::BYTES)).ok_or(Unmappable::NotSectors)?;
                Ok((*device, Sectors::new(byte / Sectors::BYTES)))
            };
            let below = image.below(start, piece.size)?.into_iter();
            below.map(|below| Ok((below.size, below.at.map(|byte| place(byte.get())).transpose()?))).collect()
        }
    }
}

/// The bytes below 512 from which a sparse image has to be shown so that its partitions can be mapped, in the order in
/// which they are needed.
pub fn offsets(table: &Table, image: &Sparse) -> Vec<u64> {
    let mut offsets = Vec::new();
    let pieces = table.partitions.iter().flat_map(|partition| stretches(table, partition));
    for piece in pieces {
        let Some(start) = piece.start else { continue };
        for below in image.below(start, piece.size).unwrap_or_default() {
            let offset = below.at.map(|byte| byte.get() % Sectors::BYTES);
            offsets.extend(offset.filter(|offset| !offsets.contains(offset)));
        }
    }
    offsets
}

/// Of an extended partition only what a boot loader needs: 1 KiB, or a block where that is more.
fn stretches(table: &Table, partition: &Partition) -> Vec<Piece> {
    if !partition.is_extended {
        return partition.stretches();
    }
    let loader = Sectors::new(u64::from(table.block / 512).max(2));
    vec![Piece { size: loader.min(partition.size), start: Some(partition.start) }]
}
