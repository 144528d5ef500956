//! Making maps, and bringing them in line with the table.

use super::apply::{apply, flags, settings};
use super::attach::Shown;
use super::grammar::{Action, Request};
use super::list::maps;
use super::opened::Opened;
use super::{FAILED, failed, find_table, plan, refuse};
use crate::exit::Exit;
use crate::world::World;
use dm::Listed;
use dm::tree::{Have, Node, Plan, Present, Want};
use map::{Existing, Map, Source, Stands, shown};
use partition::Table;

pub(super) fn run(world: &mut World, request: &Request, mut opened: Opened) -> Result<Exit, Exit> {
    let found = find_table(world, request, &opened)?;
    let mut exit = if found.notes.iter().any(partition::Note::is_loss) { FAILED } else { Exit::OK };
    let Some(table) = found.table.map(|table| opened.laid(table)) else { return Ok(exit) };
    let mut request = request.clone();
    request.read_only |= opened.disk.read_only();
    if request.plan {
        let (shown, before) = Shown::planned(world, &request, &mut opened, &table)?;
        let (wanted, refused) = maps(world, &request, &table, &opened.source, shown.ground(&opened))?;
        let (steps, also) = steps(world, &request, &table, &opened.source, wanted, !before.is_empty())?;
        return Ok(plan::show(world, &request, &before, &steps, &[]).worse(exit.worse(refused).worse(also)));
    }
    world.watch_signals();
    let shown = Shown::hold(world, &request, &mut opened, &table)?;
    let (wanted, refused) = maps(world, &request, &table, &opened.source, shown.ground(&opened))?;
    exit = exit.worse(refused);
    let (wanted, refused) = free_names(world, &opened.source, wanted)?;
    exit = exit.worse(refused);
    let gone = match request.action {
        Action::Update => vanished(world, &opened.source, &table)?,
        Action::List | Action::Add | Action::Delete => Vec::new(),
    };
    tell_renames(world, &request, &wanted);
    let removed: Vec<String> = gone.iter().map(|map| map.name()).collect();
    let want = want(&request, &wanted, &gone);
    let settings = settings(world, &request, &opened.node);
    match apply(world, want, &settings) {
        Ok(()) => {
            told(world, &request, &wanted, &removed);
            Ok(exit)
        }
        Err(error) if wanted.len() + gone.len() == 1 => Err(failed(world, &error)),
        Err(_) => {
            // All together were undone: each that can be there shall be there.
            for map in &wanted {
                let one = Want { nodes: vec![map.node.clone()], gone: Vec::new() };
                match apply(world, one, &settings) {
                    Ok(()) => told(world, &request, std::slice::from_ref(map), &[]),
                    Err(error) => {
                        failed(world, &error);
                        exit = refuse(world, format_args!("create/reload failed on {}", map.name));
                    }
                }
            }
            for map in &gone {
                let one = Want { nodes: Vec::new(), gone: vec![map.gone(flags(&request))] };
                match apply(world, one, &settings) {
                    Ok(()) => told(world, &request, &[], &[map.name()]),
                    Err(error) => exit = failed(world, &error),
                }
            }
            Ok(exit)
        }
    }
}

fn want(request: &Request, wanted: &[Map], gone: &[Existing]) -> Want {
    Want {
        nodes: wanted.iter().map(|map| map.node.clone()).collect(),
        gone: gone.iter().map(|map| map.gone(flags(request))).collect(),
    }
}

type Steps = Vec<(dm::tree::Phase, dm::tree::Step)>;

/// What device-mapper would have to do. Without one, and for an image without a loop device, nothing is there.
fn steps(
    world: &mut World,
    request: &Request,
    table: &Table,
    source: &Source,
    wanted: Vec<Map>,
    detached: bool,
) -> Result<(Steps, Exit), Exit> {
    if detached || world.dm.usable().is_err() {
        let plan = Plan::new(want(request, &wanted, &[]), &Have::default());
        return Ok((plan.map_err(|error| failed(world, &error))?.steps(), Exit::OK));
    }
    let (wanted, exit) = free_names(world, source, wanted)?;
    let gone = match request.action {
        Action::Update => vanished(world, source, table)?,
        Action::List | Action::Add | Action::Delete => Vec::new(),
    };
    let want = want(request, &wanted, &gone);
    let have = Have::observe(&*world.dm, &want).map_err(|error| failed(world, &error))?;
    let plan = Plan::new(want, &have).map_err(|error| failed(world, &error))?;
    Ok((plan.steps(), exit))
}

/// Leaves out maps whose names are taken by what is no map of this disk, and tells so.
fn free_names(world: &mut World, source: &Source, maps: Vec<Map>) -> Result<(Vec<Map>, Exit), Exit> {
    let listed = world.dm.list().map_err(|error| failed(world, &error))?;
    let (mut free, mut exit) = (Vec::with_capacity(maps.len()), Exit::OK);
    for mut map in maps {
        let holder = listed.iter().find(|device| device.name == map.node.name);
        let own = |device: &Listed| device.uuid == map.node.uuid;
        match holder.filter(|device| !own(device)) {
            None => free.push(map),
            Some(device) if is_old_map(world, source, device)? => {
                map.node.uuid = None;
                free.push(map);
            }
            Some(device) => {
                let what = whose(source, device);
                exit = refuse(world, format_args!("{} is already in use, and {what}", map.name));
            }
        }
    }
    Ok((free, exit))
}

/// Whether a device without uuid is a map that kpartx made before its maps had uuids.
fn is_old_map(world: &mut World, source: &Source, device: &Listed) -> Result<bool, Exit> {
    if device.uuid.is_some() {
        return Ok(false);
    }
    let present = Present::read(&*world.dm, device.number).map_err(|error| failed(world, &error))?;
    Ok(present.is_some_and(|present| Existing::new(device.clone(), present, source).is_old_map()))
}

fn whose(source: &Source, device: &Listed) -> String {
    let uuid = device.uuid.as_ref().map(ToString::to_string).unwrap_or_default();
    match device.uuid.as_ref().and_then(|uuid| source.partition_of(uuid)) {
        Some(number) => format!("the map of partition {number}"),
        None if uuid.starts_with("part") && uuid.contains('-') => {
            "a partition of a different device".to_owned()
        }
        None => "not a kpartx partition".to_owned(),
    }
}

/// Maps of partitions that the table has no more.
fn vanished(world: &mut World, source: &Source, table: &Table) -> Result<Vec<Existing>, Exit> {
    let existing = Existing::on(&*world.dm, source).map_err(|error| failed(world, &error))?;
    let is_gone = |map: &Existing| match map.stands {
        Stands::Map(number) => table.partition(number).is_none(),
        Stands::Inner | Stands::NotLinear | Stands::NotOurs => false,
    };
    Ok(existing.into_iter().filter(is_gone).collect())
}

fn tell_renames(world: &mut World, request: &Request, wanted: &[Map]) {
    if !request.verbose {
        return;
    }
    let Ok(listed) = world.dm.list() else { return };
    for Map { node: Node { name, uuid, .. }, .. } in wanted {
        let Some(uuid) = uuid else { continue };
        let old = listed.iter().find(|device| device.uuid.as_ref() == Some(uuid) && device.name != *name);
        if let Some(old) = old {
            let line = format!("found map {} for uuid {uuid}, renaming to {}", shown(&old.name), shown(name));
            world.bare_error(line);
        }
    }
}

/// Tells what was done.
fn told(world: &mut World, request: &Request, wanted: &[Map], removed: &[String]) {
    if !request.verbose {
        return;
    }
    for map in wanted {
        let number = match world.dm.info((&map.node.name).into()) {
            Ok(Some(info)) => info.number.to_string(),
            Ok(None) | Err(_) => "-:-".to_owned(),
        };
        for target in &map.node.table.targets {
            world.raw(format!("add map {} ({number}): {target}\n", map.name));
        }
    }
    for name in removed {
        world.raw(format!("del devmap : {name}\n"));
    }
}
