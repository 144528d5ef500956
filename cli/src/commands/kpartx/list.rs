//! What there is to map.

use super::apply::flags;
use super::grammar::Request;
use super::opened::Opened;
use super::{failed, find_table};
use crate::exit::Exit;
use crate::world::World;
use dm::Access;
use map::{Ground, Map, Source, WantedError, Wishes, default_delimiter};
use partition::{Found, Table};
use serde_json::{Value, json};

pub(super) fn run(world: &mut World, request: &Request, opened: &Opened) -> Result<Exit, Exit> {
    let found = find_table(world, request, opened)?;
    // Of a sparse image, as if it were the disk that it stands for.
    let ground = Ground::Device(opened.source.number);
    let (maps, exit) = match found.table.clone().map(|table| opened.laid(table)) {
        Some(table) => maps(world, request, &table, &opened.source, ground)?,
        None => (Vec::new(), Exit::OK),
    };
    if request.json {
        let text = serde_json::to_string_pretty(&document(world, opened, &found, &maps)).unwrap_or_default();
        world.raw(format!("{text}\n"));
        return Ok(exit);
    }
    for map in &maps {
        for target in &map.node.table.targets {
            let place = match target.kind.params().split_once(' ') {
                Some((_, offset)) => format!("{} {offset}", opened.node.display()),
                None => target.kind.name().to_owned(),
            };
            world.raw(format!("{} : {} {} {place}\n", map.name, target.start, target.len));
        }
    }
    Ok(exit)
}

/// The maps of a table as the command wants them. Those that cannot be are told.
pub(super) fn maps(
    world: &mut World,
    request: &Request,
    table: &Table,
    source: &Source,
    ground: Ground<'_>,
) -> Result<(Vec<Map>, Exit), Exit> {
    let wishes = Wishes {
        delimiter: request.delimiter.as_deref().unwrap_or_else(|| default_delimiter(&source.name)),
        access: if request.read_only { Access::ReadOnly } else { Access::ReadWrite },
        udev: flags(request),
    };
    let (mut maps, mut exit) = (Vec::new(), Exit::OK);
    for wanted in map::wanted(table, source, ground, &wishes) {
        match wanted {
            Ok(map) => maps.push(map),
            Err(error @ WantedError::Name(_)) => return Err(failed(world, &error)),
            Err(error) => exit = failed(world, &error),
        }
    }
    Ok((maps, exit))
}

fn document(world: &World, opened: &Opened, found: &Found, maps: &[Map]) -> Value {
    let table = found.table.as_ref();
    let partitions: Vec<Value> = table.map(|table| rows(world, table, maps)).unwrap_or_default();
    json!({ "kpartx": [{
        "disk": opened.path.to_string_lossy(),
        "size": opened.disk.len().sectors().get(),
        "table": table.map(|table| table.scheme.name()),
        "disk_id": table.and_then(|table| table.disk_id.clone()),
        "sector_size": table.map(|table| table.block),
        "from_backup": table.is_some_and(|table| table.from_backup),
        "notes": found.notes.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "partitions": partitions,
    }]})
}

/// What a partition is made of, where that is more than one stretch of the disk; without a start it is zeros.
fn stretches(partition: &partition::Partition) -> Option<Vec<Value>> {
    let stretch = |piece: &partition::Piece| json!({ "start": piece.start.map(|start| start.get()), "size": piece.size.get() });
    (!partition.pieces.is_empty()).then(|| partition.pieces.iter().map(stretch).collect())
}

/// Starts and sizes are in sectors of 512 bytes, whatever the table counts in.
fn rows(world: &World, table: &Table, maps: &[Map]) -> Vec<Value> {
    let row = |partition: &partition::Partition| {
        let map = maps.iter().find(|map| map.partition == partition.number);
        let path = map.map(|map| world.devices.dev.join("mapper").join(map.node.name.as_str()));
        let kind = partition.purpose.to_string();
        json!({
            "number": partition.number,
            "start": partition.start.get(),
            "size": partition.size.get(),
            "sector_size": table.block,
            "type": if kind.is_empty() { None } else { Some(kind) },
            "type_name": partition.purpose.name(),
            "partuuid": table.partuuid(partition),
            "name": partition.name,
            "flags": partition.flags,
            "inside": partition.inside,
            "extended": partition.is_extended,
            "stretches": stretches(partition),
            "map": path.map(|path| path.to_string_lossy().into_owned()),
        })
    };
    table.partitions.iter().map(row).collect()
}
