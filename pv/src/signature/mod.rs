//! Signatures of file systems, arrays, swap, encryption and partition tables: what stands on a disk before it is
//! made a PV or an LV, named as blkid names it and placed where LVM2 says it is.
//!
//! A format with several marks (vfat has up to three, GPT a copy at the end) gives one signature for each, in
//! the order in which wiping uncovers them.
//! Facts: util-linux libblkid (superblocks/, partitions/), which LVM2 asks; LVM2 2.03.40
//! lib/device/dev-type.c (`_wipe_known_signatures_with_blkid`).

mod checks;
mod custom;
mod extent;
mod foreign;
mod mounting;
mod table;
mod view;

pub use extent::end;
pub use foreign::{Foreign, foreign};
pub use mounting::{member, quota_options};

use crate::blocks::write_in_blocks;
use device::{Disk, DiskError};
use table::{Detect, ROWS};
use units::Bytes;
use view::View;

/// What a format is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Usage {
    /// It holds files.
    Filesystem,
    /// It is a part of an array or of a volume group.
    Raid,
    /// It is encrypted.
    Crypto,
    /// Something else: swap, a journal, a snapshot's store.
    Other,
    /// It divides the disk.
    PartitionTable,
}

impl Usage {
    /// As blkid prints it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Filesystem => "filesystem",
            Self::Raid => "raid",
            Self::Crypto => "crypto",
            Self::Other => "other",
            Self::PartitionTable => "partition table",
        }
    }
}

/// A mark of some format, found on a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The format: `ext4`, `crypto_LUKS`, `LVM2_member`, `dos`...
    pub name: &'static str,
    /// What the format is for.
    pub usage: Usage,
    /// Where the mark stands.
    pub offset: Bytes,
    /// How long it is: what wiping zeroes.
    pub len: Bytes,
}

impl Signature {
    /// The label of an LVM2 PV, which pvcreate leaves to its own rules.
    pub const LVM2_MEMBER: &'static str = "LVM2_member";
    /// The label of a PV of LVM's first format.
    pub const LVM1_MEMBER: &'static str = "LVM1_member";
    /// The store of a snapshot, which lvcreate wipes without asking.
    pub const SNAPSHOT_COW: &'static str = "DM_snapshot_cow";
}

/// A disk has hardly more; what goes on beyond is no format but noise.
const MOST: usize = 128;

/// All signatures on the disk, in the order in which LVM2 asks about them.
pub fn find(disk: &dyn Disk) -> Result<Vec<Signature>, DiskError> {
    let mut view = View::new(disk)?;
    let mut found = Vec::new();
    for row in ROWS {
        // What is found is wiped from the view, so that the format's next mark is found.
        while found.len() < MOST
            && let Some((offset, len)) = row.find(&mut view)
        {
            view.wipe(offset, len);
            let (offset, len) = (Bytes::new(offset), Bytes::new(len));
            found.push(Signature { name: row.name, usage: row.usage, offset, len });
        }
    }
    match view.take_error() {
        // What could be read tells what is there; a disk that cannot be read at its ends is not judged.
        Some(error) if found.is_empty() => Err(error),
        _ => Ok(found),
    }
}

/// Zeroes a signature, durably.
pub fn wipe(disk: &dyn Disk, signature: &Signature) -> Result<(), DiskError> {
    let len = usize::try_from(signature.len.get()).unwrap_or(0);
    write_in_blocks(disk, signature.offset, &vec![0; len])?;
    disk.flush()
}

impl table::Row {
    /// The format's next mark: where it is, and how long.
    fn find(&self, view: &mut View<'_>) -> Option<(u64, u64)> {
        if view.len() < self.min_size {
            return None;
        }
        match self.detect {
            Detect::Marks(marks, check) => {
                let mark = marks.iter().find(|mark| view.has(mark.at, mark.bytes))?;
                check(view, mark).then_some((mark.at, mark.bytes.len() as u64))
            }
            Detect::Search(search) => search(view),
        }
    }
}
