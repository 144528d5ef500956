//! Removing maps, and giving loop devices back.

use super::apply::{apply, flags, settings};
use super::grammar::Request;
use super::opened::{Opened, number};
use super::{failed, plan, refuse};
use crate::exit::Exit;
use crate::world::World;
use device::{DevNumber, HostDevice, Identity, Processes, User};
use dm::DevNo;
use dm::tree::{Have, Plan, Want};
use map::{Existing, Source, Stands};
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

/// How long whoever only looks at a map is waited for: udev probes what has just been closed.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(50);

pub(super) fn run(world: &mut World, request: &Request, opened: &Opened) -> Result<Exit, Exit> {
    let mut exit = Exit::OK;
    let devices = devices(world, request, opened)?;
    // A partition's maps may go, and the image's stay.
    let detaches = opened.loops.is_some() && !opened.is_inside();
    world.watch_signals();
    for (source, node) in devices {
        let (free, used) = maps(world, request, &source)?;
        for (map, users) in &used {
            if request.verbose {
                world.raw(format!("{} is in use. Not removing\n", map.name()));
            }
            exit = refuse(world, format_args!("{} is in use by {users}", map.name()));
        }
        let detach = detaches && used.is_empty();
        if request.plan {
            let gone = free.iter().map(|map| map.gone(flags(request))).collect();
            let want = Want { nodes: Vec::new(), gone };
            let have = Have::observe(&*world.dm, &want).map_err(|error| failed(world, &error))?;
            let steps = Plan::new(want, &have).map_err(|error| failed(world, &error))?.steps();
            let after = if detach { vec![format!("detach {}", node.display())] } else { Vec::new() };
            plan::show(world, request, &[], &steps, &after);
            continue;
        }
        // Held open, so that a loop device that goes with its last user does not go before it is asked to, and is
        // not somebody else's by then.
        let hold = std::fs::File::open(node);
        let removed = remove(world, request, &free, node);
        if removed.is_ok() && detach {
            exit = exit.worse(give_back(world, request, node));
        }
        drop(hold);
        removed?;
    }
    Ok(exit)
}

/// Removes what killed commands left of images whose loop devices are no more: nothing else leads to it.
pub(super) fn abandoned(world: &mut World, request: &Request) -> Result<(), Exit> {
    const LOOP: u32 = 7;
    let sys = world.devices.sys.clone();
    let exists = |number: DevNo| {
        let number = DevNumber { major: number.major, minor: number.minor };
        number.major != LOOP
            || HostDevice::of(&sys, number).is_some_and(|device| device.loop_backing().is_some())
    };
    let left = Existing::abandoned(&*world.dm, &exists).map_err(|error| failed(world, &error))?;
    if left.is_empty() { Ok(()) } else { remove(world, request, &left, &request.path) }
}

/// The devices whose maps are to go: all that show the image, those first that maps are called after.
fn devices<'a>(
    world: &mut World,
    request: &Request,
    opened: &'a Opened,
) -> Result<Vec<(Source, &'a Path)>, Exit> {
    let Some(loops) = &opened.loops else { return Ok(vec![(opened.source.clone(), opened.node.as_path())]) };
    let all: Vec<DevNo> = loops.iter().map(number).collect();
    let mut found = Vec::new();
    for device in loops {
        let mut source = opened.source_on(request, &device.node, number(device));
        if opened.sparse.is_some() {
            source.others = all.iter().copied().filter(|other| *other != source.number).collect();
        }
        let existing = Existing::on(&*world.dm, &source).map_err(|error| failed(world, &error))?;
        let own = |map: &Existing| matches!(map.stands, Stands::Map(_) | Stands::Inner);
        found.push((!existing.iter().any(own), source, device.node.as_path()));
    }
    found.sort_by_key(|(bare, ..)| *bare);
    Ok(found.into_iter().map(|(_, source, node)| (source, node)).collect())
}

type Used = (Existing, String);

/// The maps that are to go, those that nobody uses and the others apart.
fn maps(world: &mut World, request: &Request, source: &Source) -> Result<(Vec<Existing>, Vec<Used>), Exit> {
    let existing = Existing::on(&*world.dm, source).map_err(|error| failed(world, &error))?;
    // By force whatever is a stretch of the disk goes; a dm device's own maps are told by its uuid all the same.
    let by_force = request.force && source.uuid == Source::device_uuid(source.number);
    let (mut free, mut used) = (Vec::new(), Vec::new());
    for map in existing {
        let why = match map.stands {
            Stands::Map(_) | Stands::Inner => None,
            Stands::NotOurs if by_force => None,
            Stands::NotOurs => Some("a kpartx partition"),
            Stands::NotLinear => Some("a linear target"),
        };
        match why {
            Some(why) if request.verbose => {
                world.raw(format!("{}: is not {why}. Not removing\n", map.name()));
            }
            Some(_) => {}
            None => match users(world, &map) {
                Some(users) => used.push((map, users)),
                None => free.push(map),
            },
        }
    }
    Ok((free, used))
}

/// Who uses a map, in words.
fn users(world: &World, map: &Existing) -> Option<String> {
    let (dm, host) = (&world.dm, &world.devices);
    let number = map.listed.number;
    let mut open_count = map.present.info.open_count;
    for _ in 0..TRIES {
        if open_count == 0 {
            return None;
        }
        let identity = Identity::Device { major: number.major, minor: number.minor };
        let found = device::users(host, identity, Processes::Ignored);
        if !found.is_empty() {
            return Some(found.iter().map(User::to_string).collect::<Vec<_>>().join(", "));
        }
        sleep(PAUSE);
        open_count = dm.info(number.into()).ok().flatten().map_or(0, |info| info.open_count);
    }
    let identity = Identity::Device { major: number.major, minor: number.minor };
    let found = device::users(host, identity, Processes::Named);
    Some(match found.is_empty() {
        true => format!("{open_count} others"),
        false => found.iter().map(User::to_string).collect::<Vec<_>>().join(", "),
    })
}

fn remove(world: &mut World, request: &Request, maps: &[Existing], node: &Path) -> Result<(), Exit> {
    let gone = maps.iter().map(|map| map.gone(flags(request))).collect();
    let settings = settings(world, request, node);
    if let Err(error) = apply(world, Want { nodes: Vec::new(), gone }, &settings) {
        return Err(failed(world, &error));
    }
    if request.verbose {
        for map in maps {
            world.raw(format!("del devmap : {}\n", map.name()));
        }
    }
    Ok(())
}

fn give_back(world: &mut World, request: &Request, node: &Path) -> Exit {
    match device::detach(node) {
        Ok(()) => {}
        // It went by itself.
        Err(error) if error.source.raw_os_error() == Some(nix::libc::ENXIO) => {}
        Err(error) => return failed(world, &error),
    }
    if request.verbose {
        world.bare_error(format_args!("loop deleted : {}", node.display()));
    }
    Exit::OK
}
