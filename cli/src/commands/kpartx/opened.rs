//! The disk of the command line: a block device, or an image with the loop devices that show it.

use super::grammar::{Action, Request};
use super::{FAILED, failed, refuse};
use crate::exit::Exit;
use crate::part::{self, PartName};
use crate::world::World;
use device::{Disk, Host, Identity, LoopDevice};
use dm::DevNo;
use map::{Source, default_delimiter, shown};
use partition::{Partition, Sparse, Table};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A disk that can be read.
pub(super) struct Opened {
    /// As it was named.
    pub(super) path: PathBuf,
    /// The disk.
    pub(super) disk: Arc<dyn Disk>,
    /// The whole disk, where that is a partition.
    pub(super) whole: Arc<dyn Disk>,
    /// Whose partitions are mapped. For an image without a loop device, what would be if it had one.
    pub(super) source: Source,
    /// The node that lists show.
    pub(super) node: PathBuf,
    /// Of an image, the loop devices that show it; none: it is a device.
    pub(super) loops: Option<Vec<LoopDevice>>,
    /// The sparse image that it is, or lies in.
    pub(super) sparse: Option<Arc<Sparse>>,
    /// The partitions that it lies in, from the outermost.
    on: Vec<Partition>,
    /// Bytes in a block of the outermost table, where that is another's.
    block: Option<u32>,
}

impl Opened {
    /// Opens it. Gives nothing where nothing is to be done: an image without a loop device has no maps.
    pub(super) fn new(world: &mut World, request: &Request) -> Result<Option<Self>, Exit> {
        let path = &request.path;
        if let Some(name) = part::of_word(world, path.as_os_str()) {
            return inside(world, request, &name);
        }
        if std::fs::metadata(path).is_err() {
            world.raw(format!("failed to stat() {}\n", path.display()));
            return Err(FAILED);
        }
        match world.devices.nodes.identity(path) {
            Some(Identity::Device { major, minor }) => {
                device(world, path.clone(), DevNo::new(major, minor)).map(Some)
            }
            Some(Identity::File { .. }) => image(world, request),
            Some(Identity::Memory(_) | Identity::Mapped(_)) | None => {
                Err(refuse(world, format_args!("invalid device: {}", path.display())))
            }
        }
    }

    /// Whether it is a partition.
    pub(super) fn is_inside(&self) -> bool {
        !self.on.is_empty()
    }

    /// The table as one of the whole disk, where it is that of a partition.
    pub(super) fn laid(&self, mut table: Table) -> Table {
        for partition in &mut table.partitions {
            *partition = self.on.iter().rev().fold(partition.clone(), |inner, outer| inner.inside(outer));
        }
        table
    }

    /// Bytes in a block of the loop device that an image gets for that table.
    pub(super) fn block(&self, table: &Table) -> u32 {
        match self.sparse {
            // Its chunks are not made of the table's blocks.
            Some(_) => 512,
            None => self.block.unwrap_or(table.block),
        }
    }

    /// From which bytes below 512 on an image has to be shown for that table's maps.
    pub(super) fn offsets(&self, table: &Table) -> Vec<u64> {
        match &self.sparse {
            Some(sparse) => map::offsets(table, sparse),
            None if table.partitions.iter().any(Partition::is_on_disk) => vec![0],
            None => Vec::new(),
        }
    }

    /// The loop device that shows the image from that byte on.
    pub(super) fn loop_at(&self, offset: u64) -> Option<&LoopDevice> {
        self.loops.iter().flatten().find(|device| device.offset == offset)
    }

    /// Maps are called after this node, and stand on the device.
    pub(super) fn stand_on(&mut self, request: &Request, node: PathBuf, number: DevNo) {
        self.source = self.source_on(request, &node, number);
        self.node = node;
    }

    /// What the disk is when that loop device shows the whole of it.
    pub(super) fn source_on(&self, request: &Request, node: &Path, number: DevNo) -> Source {
        let root = Source::of_device(number, last_part(node));
        within(request, root, self.on.iter().map(|partition| partition.number))
    }
}

/// The source of maps inside a partition of a partition of `root`.
fn within(request: &Request, root: Source, numbers: impl Iterator<Item = u32>) -> Source {
    numbers.fold(root, |source, number| {
        let delimiter = request.delimiter.as_deref().unwrap_or_else(|| default_delimiter(&source.name));
        source.inside(delimiter, number)
    })
}

/// A partition, whose own partitions stand on the device that the whole disk is or gets.
fn inside(world: &mut World, request: &Request, name: &PartName) -> Result<Option<Opened>, Exit> {
    let outer = Request { path: name.disk.clone(), ..request.clone() };
    let Some(whole) = Opened::new(world, &outer)? else { return Ok(None) };
    let found = name.descend(Arc::clone(&whole.disk)).map_err(|error| failed(world, &error))?;
    let found = match found {
        Ok(found) => found,
        Err(missing) => return Err(refuse(world, missing.words())),
    };
    let source = within(request, whole.source.clone(), name.numbers().iter().copied());
    let (disk, on, block) = (found.disk, found.on, Some(found.block));
    Ok(Some(Opened { path: request.path.clone(), disk, source, on, block, ..whole }))
}

fn device(world: &mut World, path: PathBuf, number: DevNo) -> Result<Opened, Exit> {
    let disk = world.devices.nodes.open(&path).map_err(|error| failed(world, &error))?;
    // Where there is no device-mapper, it is not one of its devices either.
    let info = world.dm.info(number.into()).ok().flatten();
    let name = match &info {
        Some(info) => shown(&info.name),
        None => last_part(&path),
    };
    let mut source = Source::of_device(number, name);
    if let Some(uuid) = info.and_then(|info| info.uuid) {
        source.uuid = uuid.to_string();
    }
    let (node, on) = (path.clone(), Vec::new());
    Ok(Opened {
        path,
        whole: Arc::clone(&disk),
        disk,
        source,
        node,
        loops: None,
        sparse: None,
        on,
        block: None,
    })
}

fn image(world: &mut World, request: &Request) -> Result<Option<Opened>, Exit> {
    let path = request.path.clone();
    let opened = device::open_image_and_loops(&world.devices, &path);
    let (disk, mut loops) = opened.map_err(|error| failed(world, &error))?;
    let sparse = Sparse::open(&disk).map_err(|error| failed(world, &error))?.map(Arc::new);
    match sparse {
        // Each chunk begins at another byte of a sector.
        Some(_) => loops.retain(|device| device.offset < 512 && !device.limited),
        // Sectors of one that shows a part of the image are not the table's.
        None => loops.retain(LoopDevice::is_whole),
    }
    if loops.is_empty() && request.action == Action::Delete {
        return Ok(None);
    }
    let (node, number) = match loops.first() {
        Some(device) => (device.node.clone(), number(device)),
        None => next_loop(&world.devices, 0),
    };
    let source = Source::of_device(number, last_part(&node));
    let disk = match &sparse {
        Some(sparse) => Arc::clone(sparse) as Arc<dyn Disk>,
        None => disk,
    };
    let (whole, loops, on) = (Arc::clone(&disk), Some(loops), Vec::new());
    Ok(Some(Opened { path, disk, whole, source, node, loops, sparse, on, block: None }))
}

/// A loop device's number.
pub(super) fn number(device: &LoopDevice) -> DevNo {
    DevNo::new(device.number.major, device.number.minor)
}

fn last_part(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The loop device that would be taken after `taken` others: one that is free, or else one that is not there. To
/// be told, not to be used: the kernel gives one when it is asked to.
pub(super) fn next_loop(host: &Host, taken: usize) -> (PathBuf, DevNo) {
    let folder = |number: &u32| host.sys.join(format!("block/loop{number}"));
    let known = std::fs::read_dir(host.sys.join("block"))
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_prefix("loop")?.parse::<u32>().ok());
    let mut free: Vec<u32> =
        known.filter(|number| !folder(number).join("loop/backing_file").exists()).collect();
    free.sort_unstable();
    let missing = (0..).filter(|number| !folder(number).exists());
    let number = free.into_iter().chain(missing).nth(taken).unwrap_or(0);
    (host.dev.join(format!("loop{number}")), DevNo::new(7, number))
}
