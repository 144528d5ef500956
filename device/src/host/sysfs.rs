//! What the kernel says about one block device, in `/sys`.
//!
//! Nothing is read before it is asked for: a scan of many devices needs little of each.

use super::numbers::DevNumber;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Read;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use units::Bytes;

/// A block device in sysfs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostDevice {
    number: DevNumber,
    kernel_name: OsString,
    /// Its folder, through `dev/block/MAJ:MIN`.
    folder: PathBuf,
    sys: PathBuf,
}

/// A device-mapper device, as sysfs shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DmFacts {
    /// The name under `/dev/mapper`.
    pub name: String,
    /// The uuid; empty if it has none.
    pub uuid: String,
}

/// An md array, as sysfs shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MdFacts {
    /// `raid1`, `raid5`, `linear`, ...
    pub level: String,
    /// How many members it was made of.
    pub raid_disks: u64,
    /// Chunk size; zero if the level has none.
    pub chunk: Bytes,
    /// `1.2`, `0.90`, ...: those of 1.0 and 0.90 stand at the end of the members.
    pub metadata_version: String,
}

impl MdFacts {
    /// Members whose data lies in one stripe; none for a level that has no stripes.
    pub fn data_disks(&self) -> Option<u64> {
        match self.level.as_str() {
            "raid0" => Some(self.raid_disks),
            "raid1" | "raid10" => Some(1),
            "raid4" | "raid5" => self.raid_disks.checked_sub(1),
            "raid6" => self.raid_disks.checked_sub(2),
            _ => None,
        }
    }

    /// One full stripe: what data is best aligned to.
    pub fn stripe_width(&self) -> Option<Bytes> {
        self.chunk.checked_mul(self.data_disks()?).filter(|width| !width.is_zero())
    }
}

/// What the kernel says about good places and sizes for I/O.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Topology {
    /// `queue/logical_block_size`.
    pub logical_block: Bytes,
    /// `queue/physical_block_size`.
    pub physical_block: Bytes,
    /// `queue/minimum_io_size`: smaller writes cost a read.
    pub minimum_io: Bytes,
    /// `queue/optimal_io_size`; zero if there is none.
    pub optimal_io: Bytes,
    /// `alignment_offset`: how far the device's start is off the alignment; zero where the kernel says
    /// that it cannot be aligned (-1).
    pub alignment_offset: Bytes,
    /// `queue/discard_granularity`; zero if discards do nothing.
    pub discard_granularity: Bytes,
    /// `queue/discard_max_bytes`.
    pub discard_max: Bytes,
    /// `queue/rotational`.
    pub rotational: bool,
}

/// What a loop device is a view of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoopBacking {
    /// The file, as the kernel names it.
    pub path: PathBuf,
    /// Whether the file has lost its name since.
    pub deleted: bool,
}

impl HostDevice {
    /// All block devices, in the order of their numbers; none where there is no sysfs.
    pub fn all(sys: &Path) -> Vec<Self> {
        Self::of_numbers(sys, |_| true)
    }

    /// The devices whose number is wanted, in the order of their numbers: no others are looked at.
    pub(crate) fn of_numbers(sys: &Path, wanted: impl Fn(DevNumber) -> bool) -> Vec<Self> {
        let Ok(folder) = std::fs::read_dir(sys.join("dev/block")) else { return Vec::new() };
        let mut all: Vec<Self> = folder
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .filter(|number| wanted(*number))
            .filter_map(|number| Self::of(sys, number))
            .collect();
        all.sort_by_key(|device| device.number);
        all
    }

    /// The device of that number.
    pub fn of(sys: &Path, number: DevNumber) -> Option<Self> {
        let folder = sys.join("dev/block").join(number.to_string());
        let target = std::fs::read_link(&folder).ok()?;
        let kernel_name = target.file_name()?.to_owned();
        Some(Self { number, kernel_name, folder, sys: sys.to_owned() })
    }

    /// Its number.
    pub fn number(&self) -> DevNumber {
        self.number
    }

    /// Its name in sysfs: `sda1`, `dm-3`, `cciss!c0d0`.
    pub fn kernel_name(&self) -> &OsStr {
        &self.kernel_name
    }

    /// Its name under the device folder, where `!` stands for `/`.
    pub fn node_name(&self) -> PathBuf {
        let name = self.kernel_name.as_bytes().iter().map(|b| if *b == b'!' { b'/' } else { *b });
        PathBuf::from(OsString::from_vec(name.collect()))
    }

    /// Its length.
    pub fn size(&self) -> Option<Bytes> {
        units::Sectors::new(self.number_in("size")?).bytes()
    }

    /// Whether the kernel refuses writes.
    pub fn read_only(&self) -> bool {
        self.number_in::<u64>("ro") == Some(1)
    }

    /// Whether the medium can be taken out.
    pub fn removable(&self) -> bool {
        self.number_in::<u64>("removable") == Some(1)
    }

    /// Its number as a partition of another device.
    pub fn partition(&self) -> Option<u32> {
        self.number_in("partition")
    }

    /// Where it starts on the device it is a partition of.
    pub fn partition_start(&self) -> Option<Bytes> {
        units::Sectors::new(self.number_in("start")?).bytes()
    }

    /// The device it is a partition of.
    pub fn whole_disk(&self) -> Option<Self> {
        self.partition()?;
        self.at(&self.folder.join(".."))
    }

    /// Its partitions that the kernel uses.
    pub fn partitions(&self) -> Vec<Self> {
        let folders = folders(&self.folder, self.kernel_name.as_bytes());
        folders
            .iter()
            .filter_map(|folder| self.at(folder))
            .filter(|device| device.partition().is_some())
            .collect()
    }

    /// What is made of it: dm devices, md arrays, bcache.
    pub fn holders(&self) -> Vec<Self> {
        self.linked("holders")
    }

    /// The first dm device made of it whose uuid begins so. A disk full of LVs has thousands of holders: one file is
    /// read of each.
    pub fn dm_holder(&self, uuid_prefix: &str) -> Option<Self> {
        let begins = |folder: &PathBuf| {
            let uuid = attribute(&folder.join("dm/uuid"));
            uuid.is_some_and(|uuid| uuid.starts_with(uuid_prefix.as_bytes()))
        };
        self.at(&folders(&self.folder.join("holders"), b"dm-").into_iter().find(begins)?)
    }

    /// The md array that it is a member of.
    pub fn md_holder(&self) -> Option<Self> {
        let arrays = folders(&self.folder.join("holders"), b"md");
        arrays.iter().filter_map(|folder| self.at(folder)).find(|array| array.md().is_some())
    }

    /// Whether multipath takes such disks, or partitions of such, as paths: SCSI disks, DASDs and NVMe namespaces.
    /// Facts: multipath-tools libmultipath/blacklist.c (what it takes where nothing is configured).
    pub fn may_be_path(&self) -> bool {
        ["sd", "dasd", "nvme"].iter().any(|prefix| self.kernel_name.as_bytes().starts_with(prefix.as_bytes()))
    }

    /// Whether anything is made of it, without asking what.
    pub fn is_held(&self) -> bool {
        std::fs::read_dir(self.folder.join("holders")).is_ok_and(|mut holders| holders.next().is_some())
    }

    /// What it is made of.
    pub fn slaves(&self) -> Vec<Self> {
        self.linked("slaves")
    }

    /// Its name and uuid, if it is a device-mapper device.
    pub fn dm(&self) -> Option<DmFacts> {
        let uuid = self.dm_uuid()?;
        Some(DmFacts { name: self.text("dm/name")?, uuid })
    }

    /// Its uuid, which may be empty, if it is a device-mapper device.
    pub fn dm_uuid(&self) -> Option<String> {
        // The kernel names all of them so.
        if !self.kernel_name.as_bytes().starts_with(b"dm-") {
            return None;
        }
        self.text("dm/uuid").or_else(|| self.text("dm/name").map(|_| String::new()))
    }

    /// Whether I/O to it waits, if it is a device-mapper device.
    pub fn is_suspended(&self) -> bool {
        self.number_in::<u64>("dm/suspended") == Some(1)
    }

    /// Its shape, if it is an md array or a partition of one.
    pub fn md(&self) -> Option<MdFacts> {
        let Some(level) = self.text("md/level") else {
            return self.whole_disk().filter(|whole| whole.partition().is_none())?.md();
        };
        Some(MdFacts {
            level,
            raid_disks: self.number_in("md/raid_disks").unwrap_or(0),
            chunk: Bytes::new(self.number_in("md/chunk_size").unwrap_or(0)),
            metadata_version: self.text("md/metadata_version").unwrap_or_default(),
        })
    }

    /// The array's uuid as udev and LVM2's devices file have it, if it is an md array.
    pub fn md_uuid(&self) -> Option<String> {
        self.text("md/uuid").filter(|uuid| !uuid.is_empty())
    }

    /// The file behind it, if it is a loop device in use.
    pub fn loop_backing(&self) -> Option<LoopBacking> {
        let mut path = std::fs::read(self.folder.join("loop/backing_file")).ok()?;
        path.truncate(path.trim_ascii_end().len());
        let deleted = path.strip_suffix(b" (deleted)").map(<[u8]>::to_vec);
        let (path, deleted) = deleted.map_or((path, false), |path| (path, true));
        Some(LoopBacking { path: PathBuf::from(OsString::from_vec(path)), deleted })
    }

    /// Whether it is an NVMe namespace, whose numbers are not in order.
    pub fn is_nvme(&self) -> bool {
        self.kernel_name.as_bytes().starts_with(b"nvme")
    }

    /// Good places and sizes for I/O. Of a partition, those of its disk, but for the alignment.
    pub fn topology(&self) -> Topology {
        let whole = self.whole_disk();
        let queue = whole.as_ref().unwrap_or(self);
        let bytes = |name: &str| Bytes::new(queue.number_in(name).unwrap_or(0));
        Topology {
            logical_block: bytes("queue/logical_block_size"),
            physical_block: bytes("queue/physical_block_size"),
            minimum_io: bytes("queue/minimum_io_size"),
            optimal_io: bytes("queue/optimal_io_size"),
            alignment_offset: Bytes::new(self.number_in("alignment_offset").unwrap_or(0)),
            discard_granularity: bytes("queue/discard_granularity"),
            discard_max: bytes("queue/discard_max_bytes"),
            rotational: queue.number_in::<u64>("queue/rotational") == Some(1),
        }
    }

    /// A file of it, whole: what the device itself said, such as `device/vpd_pg83`.
    pub fn bytes(&self, file: &str) -> Option<Vec<u8>> {
        std::fs::read(self.folder.join(file)).ok()
    }

    /// The first line of one of its files; none where there is no such file, or it is no text.
    pub fn text(&self, file: &str) -> Option<String> {
        let bytes = attribute(&self.folder.join(file))?;
        let line = bytes.split(|b| *b == b'\n').next()?;
        Some(String::from_utf8(line.to_vec()).ok()?.trim().to_owned())
    }

    fn number_in<N: FromStr>(&self, file: &str) -> Option<N> {
        self.text(file)?.parse().ok()
    }

    fn linked(&self, folder: &str) -> Vec<Self> {
        let folders = folders(&self.folder.join(folder), b"");
        let mut found: Vec<Self> = folders.iter().filter_map(|folder| self.at(folder)).collect();
        found.sort_by_key(|device| device.number);
        found
    }

    /// The device whose folder that is.
    fn at(&self, folder: &Path) -> Option<Self> {
        let number = String::from_utf8(attribute(&folder.join("dev"))?).ok()?.trim().parse().ok()?;
        Self::of(&self.sys, number)
    }
}

/// What a folder holds whose name begins so. The kernel names each driver's devices alike.
fn folders(folder: &Path, name_prefix: &[u8]) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let entries = entries.filter_map(Result::ok);
    let named = entries.filter(|entry| entry.file_name().as_bytes().starts_with(name_prefix));
    named.map(|entry| entry.path()).collect()
}

/// An attribute of sysfs, which is at most a page and comes in one read: a scan reads several of each device.
fn attribute(path: &Path) -> Option<Vec<u8>> {
    let mut page = [0; 4096];
    let len = File::open(path).ok()?.read(&mut page).ok()?;
    Some(page[..len].to_vec())
}
