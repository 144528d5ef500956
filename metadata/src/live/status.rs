//! What the targets of LVs say of themselves, as far as reports and planners ask.

use units::{Percent, Sectors};

/// What an LV's target says.
#[derive(Clone, Debug, PartialEq)]
pub enum Status {
    /// An old-style snapshot, or the merge of one.
    Snapshot(SnapshotStatus),
    /// An old-style mirror.
    Mirror(MirrorStatus),
    /// A raid.
    Raid(RaidStatus),
    /// A thin LV.
    Thin(ThinStatus),
    /// A pool of thin LVs.
    ThinPool(ThinPoolStatus),
    /// An LV with a cache.
    Cache(CacheStatus),
    /// An LV with a write cache.
    Writecache(WritecacheStatus),
    /// Checksums per block.
    Integrity(IntegrityStatus),
    /// What VDO LVs live in.
    VdoPool(VdoPoolStatus),
    /// A target that was asked and whose words make no sense.
    Unknown,
}

/// A snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SnapshotStatus {
    /// It works.
    Running {
        /// Taken of its store, its own metadata included.
        used: Sectors,
        /// The size of its store.
        total: Sectors,
        /// Taken by metadata alone, where the kernel says so.
        metadata: Option<Sectors>,
    },
    /// It is lost: its store was too small or could not be written.
    Invalid,
    /// Its merge has stopped at an error.
    MergeFailed,
}

/// A mirror: all its segments together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MirrorStatus {
    /// Regions that are equal on all legs.
    pub in_sync: u64,
    /// Regions in all.
    pub total: u64,
}

/// One image of a raid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageHealth {
    /// In sync.
    InSync,
    /// Alive but not in sync.
    OutOfSync,
    /// Dead.
    Dead,
    /// Not there.
    Absent,
}

/// A raid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RaidStatus {
    /// Its images.
    pub images: Vec<ImageHealth>,
    /// How much is in sync.
    pub in_sync: u64,
    /// Of how much.
    pub total: u64,
    /// `idle`, `resync`, `recover`, `check`, `repair`, `reshape`, `frozen`.
    pub action: Option<String>,
    /// Differences that the last check found.
    pub mismatches: u64,
    /// Where data starts on each image, in sectors.
    pub data_offset: u64,
}

/// A thin LV.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThinStatus {
    /// It works; that much of its pool belongs to it.
    Mapped(Sectors),
    /// Its pool does no I/O any more.
    Failed,
}

/// What a thin pool does with discards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolDiscards {
    /// Chunks are freed, and the data device is told.
    Passdown,
    /// Chunks are freed.
    NoPassdown,
    /// Nothing.
    Ignore,
}

impl PoolDiscards {
    /// As texts and reports name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passdown => "passdown",
            Self::NoPassdown => "nopassdown",
            Self::Ignore => "ignore",
        }
    }
}

/// What a thin pool or a cache lets happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Everything.
    ReadWrite,
    /// No change of metadata.
    ReadOnly,
    /// Nothing that needs a new chunk.
    OutOfData,
    /// Nothing at all.
    Failed,
}

/// A thin pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThinPoolStatus {
    /// What it lets happen.
    pub mode: Mode,
    /// How full it is.
    pub data: Option<Percent>,
    /// How full its metadata are.
    pub metadata: Option<Percent>,
    /// The number of its last transaction.
    pub transaction: u64,
    /// What it does with discards.
    pub discards: PoolDiscards,
    /// Whether its metadata must be checked before it writes again.
    pub needs_check: bool,
}

/// A cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheStatus {
    /// What it lets happen.
    pub mode: Mode,
    /// Metadata blocks in use.
    pub metadata_used: u64,
    /// Metadata blocks in all.
    pub metadata_total: u64,
    /// Chunks in use.
    pub used: u64,
    /// Chunks in all.
    pub total: u64,
    /// Reads the cache answered.
    pub read_hits: u64,
    /// Reads it did not.
    pub read_misses: u64,
    /// Writes it took.
    pub write_hits: u64,
    /// Writes it did not.
    pub write_misses: u64,
    /// Chunks moved out of it.
    pub demotions: u64,
    /// Chunks moved into it.
    pub promotions: u64,
    /// Chunks not yet written back.
    pub dirty: u64,
    /// `writethrough`, `writeback`, `passthrough`, `metadata2`, `no_discard_passdown`.
    pub features: Vec<String>,
    /// Settings of the core and of the policy: names with values.
    pub settings: Vec<(String, String)>,
    /// The policy.
    pub policy: String,
    /// Whether its metadata must be checked.
    pub needs_check: bool,
}

/// A write cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WritecacheStatus {
    /// Errors.
    pub errors: u64,
    /// Blocks in all.
    pub total: u64,
    /// Free blocks.
    pub free: u64,
    /// Blocks being written back.
    pub writeback: u64,
}

/// Integrity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IntegrityStatus {
    /// Blocks whose checksum was wrong.
    pub mismatches: u64,
    /// Sectors it offers.
    pub sectors: u64,
    /// Up to where checksums are worked out; none while nothing is.
    pub recalculated: Option<u64>,
}

/// A VDO pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VdoPoolStatus {
    /// `normal`, `read-only`, `recovering`.
    pub mode: String,
    /// `online`, `offline`, ...
    pub compression: String,
    /// `online`, `closed`, ...
    pub index: String,
    /// Physical blocks of 4 KiB in use.
    pub used: u64,
    /// Physical blocks in all.
    pub total: u64,
}
