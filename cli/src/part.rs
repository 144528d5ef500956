//! Names of partitions of disks and images: `disk.img:2`, and `disk.img:2:1` for one inside that.

use crate::change::Refusal;
use crate::world::World;
use device::{Claim, Disk, DiskError, Identity, LockMode, Wait};
use partition::{Options, Part, Partition, Piece, Sparse, part_path};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use units::Bytes;

/// How long a lock on an image is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A partition by its disk and its number, or one inside another by both numbers.
#[derive(Clone, Debug)]
pub(crate) struct PartName {
    /// The disk.
    pub(crate) disk: PathBuf,
    numbers: Vec<u32>,
}

/// The partition that a word means: what follows the name of a disk that exists are numbers with colons, and
/// the whole word is no disk itself.
pub(crate) fn of_word(world: &World, word: &OsStr) -> Option<PartName> {
    let exists = |path: &Path| world.devices.nodes.identity(path).is_some();
    let (mut rest, mut numbers) = (word.as_bytes(), Vec::new());
    while !exists(Path::new(OsStr::from_bytes(rest))) {
        let colon = rest.iter().rposition(|&byte| byte == b':')?;
        let digits = std::str::from_utf8(&rest[colon + 1..]).ok()?;
        let number =
            digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()?;
        numbers.insert(0, number);
        rest = &rest[..colon];
    }
    let disk = PathBuf::from(OsString::from(OsStr::from_bytes(rest)));
    (!numbers.is_empty()).then_some(PartName { disk, numbers })
}

/// Opens a disk, an image or a partition of either by its name.
pub(crate) fn open_disk(world: &World, path: &Path) -> Result<Arc<dyn Disk>, DiskError> {
    let Some(name) = of_word(world, path.as_os_str()) else { return device::open(path) };
    let missing = |_: Missing| {
        let source = std::io::ErrorKind::NotFound.into();
        DiskError::Open { path: path.to_owned(), source }
    };
    Ok(name.find(device::open(&name.disk)?)?.map_err(missing)?.0)
}

/// A disk without the partition that is asked for: those it has, where it has a table.
pub(crate) struct Missing {
    disk: PathBuf,
    number: u32,
    known: Option<Vec<u32>>,
}

/// A partition, and where it starts on its disk if it lies there in one piece.
type Found = (Arc<dyn Disk>, Option<u64>);

/// A partition that is held for reading or writing.
pub(crate) struct Held {
    /// The partition.
    pub(crate) part: Arc<dyn Disk>,
    /// Where on the disk it starts, in bytes, if it lies there in one piece.
    pub(crate) start: Option<u64>,
    _claim: Option<Box<dyn Claim>>,
}

impl PartName {
    /// Its number, behind those of the partitions that it lies in.
    pub(crate) fn numbers(&self) -> &[u32] {
        &self.numbers
    }

    /// As messages show it.
    pub(crate) fn shown(&self) -> String {
        let path = self.numbers.iter().fold(self.disk.clone(), |disk, number| part_path(&disk, *number));
        path.display().to_string()
    }

    /// Opens it; for writing alone, for reading beside others that read.
    pub(crate) fn open(&self, world: &World, mode: LockMode) -> Result<Held, Refusal> {
        let is_file = matches!(world.devices.nodes.identity(&self.disk), Some(Identity::File { .. }));
        let disk = match is_file {
            true => device::open_image(&world.devices, &self.disk),
            false => world.devices.nodes.open(&self.disk),
        };
        let disk = disk.map_err(|error| Refusal::failed(&error))?;
        let claim: Option<Box<dyn Claim>> = match (is_file, mode) {
            (true, _) => {
                let wait = Wait { limit: PATIENCE, interrupted: world.interrupted.as_deref() };
                let lock = device::lock_image(&self.disk, mode, wait);
                Some(Box::new(lock.map_err(|error| Refusal::failed(&error))?))
            }
            // Kept from being mounted meanwhile.
            (false, LockMode::Exclusive) => {
                Some(disk.open_exclusive().map_err(|error| Refusal::failed(&error))?)
            }
            (false, LockMode::Shared) => None,
        };
        let found = self.find(disk).map_err(|error| Refusal::failed(&error))?;
        let (part, start) = found.map_err(|missing| Refusal::words(missing.words()))?;
        Ok(Held { part, start, _claim: claim })
    }

    /// The partition on its disk, and where it starts there.
    fn find(&self, disk: Arc<dyn Disk>) -> Result<Result<Found, Missing>, DiskError> {
        match Sparse::open(&disk)? {
            Some(sparse) => Ok(self.descend(Arc::new(sparse))?.map(|inner| (inner.disk, None))),
            None => Ok(self.descend(disk)?.map(|inner| (Arc::clone(&inner.disk), inner.start()))),
        }
    }

    /// The partition on a disk that can be read as it is.
    pub(crate) fn descend(&self, whole: Arc<dyn Disk>) -> Result<Result<Inner, Missing>, DiskError> {
        let (mut disk, mut on, mut block) = (whole, Vec::new(), None);
        for &number in &self.numbers {
            let mut table = partition::find(&*disk, &Options::default())?.table;
            let parts = table.as_mut().map(|table| std::mem::take(&mut table.partitions));
            let found = parts.as_ref().and_then(|parts| parts.iter().find(|part| part.number == number));
            let Some(partition) = found else {
                let known = parts.map(|parts| parts.iter().map(|part| part.number).collect());
                return Ok(Err(Missing { disk: disk.path().to_owned(), number, known }));
            };
            disk = Arc::new(Part::new(Arc::clone(&disk), partition));
            block = block.or(table.map(|table| table.block));
            on.push(partition.clone());
        }
        Ok(Ok(Inner { disk, on, block: block.unwrap_or(512) }))
    }
}

/// A partition that was found.
pub(crate) struct Inner {
    /// The partition.
    pub(crate) disk: Arc<dyn Disk>,
    /// It, behind those that it lies in.
    pub(crate) on: Vec<Partition>,
    /// Bytes in a block of the outermost table.
    pub(crate) block: u32,
}

impl Inner {
    /// The byte of the whole disk where it starts; none where it is not one stretch of it.
    fn start(&self) -> Option<u64> {
        let inner = self.on.iter().rev().cloned().reduce(|inner, outer| inner.inside(&outer))?;
        match inner.stretches()[..] {
            [Piece { start: Some(start), .. }] => start.bytes().map(Bytes::get),
            _ => None,
        }
    }
}

impl Missing {
    /// What is to be told of it.
    pub(crate) fn words(&self) -> String {
        let disk = self.disk.display();
        match self.known.as_deref() {
            None => format!("{disk} has no partition table."),
            Some([]) => format!("{disk} has no partitions."),
            Some(known) => {
                let known: Vec<String> = known.iter().map(u32::to_string).collect();
                format!("{disk} has no partition {}, but {}.", self.number, known.join(", "))
            }
        }
    }
}
