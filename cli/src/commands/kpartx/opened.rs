//! The disk of the command line: a block device, or an image with the loop devices that show it.

use super::grammar::{Action, Request};
use super::{FAILED, failed, refuse};
use crate::exit::Exit;
use crate::part::{self, PartName};
use crate::world::World;
use device::{Disk, Host, Identity, LoopDevice};
use dm::DevNo;
use map::{Source, default_delimiter};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A disk that can be read.
pub(super) struct Opened {
    /// As it was named.
    pub(super) path: PathBuf,
    /// The disk.
    pub(super) disk: Arc<dyn Disk>,
    /// Whose partitions are mapped. For an image without a loop device, what would be if it had one.
    pub(super) source: Source,
    /// The node that lists show.
    pub(super) node: PathBuf,
    /// Of an image, the loop devices that show it; none: it is a device.
    pub(super) loops: Option<Vec<LoopDevice>>,
}

impl Opened {
    /// Opens it. Gives nothing where nothing is to be done: an image without a loop device has no maps.
    pub(super) fn new(world: &mut World, request: &Request) -> Result<Option<Self>, Exit> {
        let path = &request.path;
        if let Some(name) = part::of_word(world, path.as_os_str()) {
            return inside(world, request, &name).map(Some);
        }
        if std::fs::metadata(path).is_err() {
            world.raw(format!("failed to stat() {}\n", path.display()));
            return Err(FAILED);
        }
        match world.devices.nodes.identity(path) {
            Some(Identity::Device { major, minor }) => {
                device(world, request, DevNo::new(major, minor)).map(Some)
            }
            Some(identity @ Identity::File { .. }) => image(world, request, identity),
            Some(Identity::Memory(_) | Identity::Mapped(_)) | None => {
                Err(refuse(world, format_args!("invalid device: {}", path.display())))
            }
        }
    }

    /// Whether the disk is an image that no loop device shows.
    pub(super) fn is_detached(&self) -> bool {
        self.loops.as_ref().is_some_and(Vec::is_empty)
    }
}

/// A partition, to be listed as the disk that its map would be.
fn inside(world: &mut World, request: &Request, name: &PartName) -> Result<Opened, Exit> {
    if request.action != Action::List {
        let (shown, disk) = (name.shown(), name.disk.display());
        return Err(refuse(
            world,
            format_args!("{shown} is a partition: map those of {disk}, and then those of its map"),
        ));
    }
    let outer = Request { path: name.disk.clone(), ..request.clone() };
    let Some(outer) = Opened::new(world, &outer)? else { return Err(FAILED) };
    let disk = part::open_disk(world, &request.path).map_err(|error| failed(world, &error))?;
    let mut source = outer.source;
    for &number in name.numbers() {
        let delimiter = request.delimiter.as_deref().unwrap_or_else(|| default_delimiter(&source.name));
        let uuid = format!("part{number}-{}", source.uuid);
        source = Source { name: source.map_name(delimiter, number), uuid, ..source };
    }
    let node = world.devices.dev.join("mapper").join(&source.name);
    Ok(Opened { path: request.path.clone(), disk, source, node, loops: None })
}

fn device(world: &mut World, request: &Request, number: DevNo) -> Result<Opened, Exit> {
    let path = request.path.clone();
    let disk = world.devices.nodes.open(&path).map_err(|error| failed(world, &error))?;
    // Where there is no device-mapper, it is not one of its devices either.
    let info = world.dm.info(number.into()).ok().flatten();
    let name = match &info {
        Some(info) => info.name.to_string(),
        None => last_part(&path),
    };
    let uuid = info.and_then(|info| info.uuid).map(|uuid| uuid.to_string());
    let uuid = uuid.unwrap_or_else(|| Source::device_uuid(number));
    Ok(Opened { disk, source: Source { number, name, uuid }, node: path.clone(), loops: None, path })
}

fn image(world: &mut World, request: &Request, identity: Identity) -> Result<Option<Opened>, Exit> {
    let path = request.path.clone();
    let mut loops = device::find_loops(&world.devices, identity);
    // Sectors of one that shows a part of the image are not the table's.
    loops.retain(LoopDevice::is_whole);
    if loops.is_empty() && request.action == Action::Delete {
        return Ok(None);
    }
    let disk = device::open_image(&world.devices, &path).map_err(|error| failed(world, &error))?;
    let sparse = partition::Sparse::open(&disk).map_err(|error| failed(world, &error))?;
    let disk: Arc<dyn Disk> = match sparse {
        Some(_) if request.action != Action::List => {
            let shown = path.display();
            let why = "is a sparse image, whose partitions can be listed and exported but not mapped";
            return Err(refuse(world, format_args!("{shown}: {why}")));
        }
        Some(sparse) => Arc::new(sparse),
        None => disk,
    };
    let node = match loops.first() {
        Some(device) => device.node.clone(),
        None => next_loop(&world.devices),
    };
    let source = match loops.first() {
        Some(device) => of_loop(device),
        None => numbered(&node),
    };
    Ok(Some(Opened { path, disk, source, node, loops: Some(loops) }))
}

/// The partitions of a loop device.
pub(super) fn of_loop(device: &LoopDevice) -> Source {
    let number = DevNo::new(device.number.major, device.number.minor);
    Source { number, name: last_part(&device.node), uuid: Source::device_uuid(number) }
}

/// The partitions of a loop device that is not there yet.
fn numbered(node: &Path) -> Source {
    let name = last_part(node);
    let minor = name.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(0);
    let number = DevNo::new(7, minor);
    Source { number, name, uuid: Source::device_uuid(number) }
}

fn last_part(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The loop device that would be taken: the first that is free, or else the first that is not there. To be
/// told, not to be used: the kernel gives one when it is asked to.
fn next_loop(host: &Host) -> PathBuf {
    let folder = |number: u32| host.sys.join(format!("block/loop{number}"));
    let known = std::fs::read_dir(host.sys.join("block"))
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_prefix("loop")?.parse::<u32>().ok());
    let free = known.filter(|&number| !folder(number).join("loop/backing_file").exists()).min();
    let number = free.or_else(|| (0..).find(|&number| !folder(number).exists())).unwrap_or(0);
    host.dev.join(format!("loop{number}"))
}
