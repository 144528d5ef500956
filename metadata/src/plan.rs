//! What planners take and give. Planning is pure: a planner reads a [`Vg`] and what is live, and proposes
//! the next [`Vg`].

use crate::model::{SegmentType, Vg};
use std::fmt;
use units::{Bytes, Extents, Id, IdSource, Sectors};

/// What a planner may use from outside: fresh ids, the time, the host's name.
pub struct Ctx<'a> {
    /// Where new ids come from.
    pub ids: &'a mut dyn IdSource,
    /// Seconds since the epoch.
    pub now: i64,
    /// The node name, for creation_host.
    pub host: &'a str,
}

/// The next state of a VG, with what the user has to know and to agree to. The seqno is already raised.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// What will be committed.
    pub next: Vg,
    /// What is to be said.
    pub notices: Vec<Notice>,
    /// What is to be agreed to first.
    pub consents: Vec<Consent>,
}

impl Proposal {
    /// A proposal that nobody has to be asked about.
    pub fn plain(next: Vg) -> Self {
        Self { next, notices: Vec::new(), consents: Vec::new() }
    }
}

/// Why a request is refused, with what was said before the refusal (roundings and the like go to the output
/// even where the command then fails).
#[derive(Clone, Debug, PartialEq)]
pub struct Refused<E> {
    /// Why.
    pub error: E,
    /// What is to be said first.
    pub notices: Vec<Notice>,
}

impl<E> From<E> for Refused<E> {
    fn from(error: E) -> Self {
        Self { error, notices: Vec::new() }
    }
}

impl<E: fmt::Display> fmt::Display for Refused<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl<E: std::error::Error> std::error::Error for Refused<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}

/// Something that was decided on the way, to be told to the user. `cli` words it.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    /// A new LV's size was rounded up to whole extents.
    RoundedUp {
        /// What was asked.
        asked: Sectors,
        /// What it became.
        to: Sectors,
    },
    /// An amount to resize by or to was rounded to whole extents: up, or down where it is taken away.
    RoundedToBoundary {
        /// What was asked.
        asked: Sectors,
        /// What it became.
        to: Sectors,
    },
    /// A new LV's extents were rounded up to a multiple of the stripes.
    StripesRoundedUp {
        /// What was asked.
        asked: Extents,
        /// What it became.
        to: Extents,
        /// How many stripes.
        stripes: u32,
    },
    /// A new LV's share was rounded down to a multiple of the stripes, since no more is free.
    StripesRoundedDown {
        /// What was asked.
        asked: Extents,
        /// What it became.
        to: Extents,
        /// How many stripes.
        stripes: u32,
    },
    /// A resized LV's size was rounded up to complete the stripes of its last segment.
    SegmentRoundedUp {
        /// What was asked.
        asked: Extents,
        /// What it became.
        to: Extents,
    },
    /// A resized LV's size was rounded down to complete stripes, since no more is free.
    SegmentRoundedDown {
        /// What was asked.
        asked: Extents,
        /// What it became.
        to: Extents,
    },
    /// A share of the VG is more than is free; what is free is taken.
    ShareReduced {
        /// What was asked, in percent of the VG.
        percent: u64,
        /// What it became.
        to: Sectors,
    },
    /// The default stripe size was taken.
    DefaultStripeSize(Sectors),
    /// The last segment's stripe size was taken.
    LastStripeSize(Sectors),
    /// A stripe size larger than an extent was cut down to it.
    StripeSizeReduced {
        /// What was asked.
        asked: Sectors,
        /// What it became.
        to: Sectors,
    },
    /// A stripe count of one makes a stripe size meaningless.
    IgnoredStripeSize,
    /// A type without stripes makes a stripe size meaningless.
    IgnoredStripeSizeFor(SegmentType),
    /// Type, stripes and stripe size mean nothing when reducing.
    IgnoredWhenReducing,
    /// PVs mean nothing when reducing.
    IgnoredPvsWhenReducing,
    /// An extension is of another type than the last segment.
    MixedTypes {
        /// Which LV (VG/LV).
        lv: String,
        /// The last segment's type, as texts call it.
        last: String,
        /// The extension's type, as texts call it.
        new: String,
    },
    /// The new size equals the old one.
    MatchesExisting {
        /// What was asked.
        asked: Extents,
        /// What it has.
        existing: Extents,
        /// Whether it came to be equal only by rounding to stripes.
        by_rounding: bool,
    },
    /// A resize was planned (or, where both sizes are equal, nothing was found to change).
    SizeChanged {
        /// Which LV (VG/LV).
        lv: String,
        /// Its extents before.
        from: Extents,
        /// Its extents after.
        to: Extents,
    },
    /// A format was found on an LV that is to shrink.
    FileSystem {
        /// Which LV (VG/LV).
        lv: String,
        /// The format, as blkid calls it.
        name: String,
        /// Where it is mounted, if it is.
        mounted: Option<String>,
    },
    /// A file system has to be shrunk first, by this tool.
    FileSystemReduce(&'static str),
    /// What that takes, or growing it.
    FileSystemSteps {
        /// Whether it grows.
        grows: bool,
        /// Whether it is unmounted.
        unmount: bool,
        /// Whether it is checked.
        check: bool,
        /// Whether it is mounted.
        mount: bool,
    },
    /// How far that format reaches.
    FileSystemSize {
        /// Up to here.
        size: Sectors,
        /// So large the LV will be.
        requested: Sectors,
    },
    /// The format lies in an encrypted device, which has a header.
    UnderCrypt {
        /// What is left for the format.
        size: Bytes,
        /// What the header takes.
        offset: Bytes,
    },
    /// How far that format reaches is not looked at: it may span several devices.
    FileSystemNotMeasured(String),
    /// An LV that is to shrink has partitions behind its new end.
    Partitions {
        /// Which LV (VG/LV).
        lv: String,
        /// The kind of table, as blkid calls it.
        scheme: String,
        /// Where the last one ends.
        end: Sectors,
    },
    /// A PV is as it is to be: new extents may be placed on it, or may not.
    PvAlready {
        /// Its device.
        pv: String,
        /// Whether they may.
        allocatable: bool,
    },
    /// A PV that was named is passed over: new extents are not to be placed on it.
    PvNotAllocatable(String),
    /// A PV that was named is passed over: its device is missing.
    PvMissing(String),
    /// A PV that was named is passed over: nothing on it is free.
    PvFull(String),
    /// A tag that was named is passed over: it has characters that tags may not have.
    InvalidTag(String),
    /// A VG has extents of that size.
    ExtentSizeAlready {
        /// Which.
        vg: String,
        /// Their size.
        size: Sectors,
    },
    /// A VG's metadata are to be kept in that many areas already.
    CopiesAlready {
        /// Which.
        vg: String,
        /// How many; zero: nobody said.
        copies: u32,
    },
    /// A device that was named is no PV of the VG.
    PvNotThere {
        /// As it was named.
        pv: String,
        /// Which VG.
        vg: String,
    },
    /// A PV that was away is back: it counts as one of the VG's again.
    PvRestored(String),
    /// A PV that was named as one that is back is not: why.
    PvNotRestored {
        /// Its device.
        pv: String,
        /// Which VG.
        vg: String,
        /// Whether it is still away; else it was not.
        missing: bool,
    },
    /// An empty PV whose device is missing was taken out.
    MissingPvRemoved(Id),
}

/// Something the user has to agree to. `cli` words the question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Data beyond the new size will be lost.
    Shrink {
        /// Which LV.
        lv: String,
        /// Its size now.
        from: Sectors,
        /// Its size then.
        to: Sectors,
        /// Whether it is known to be active.
        active: bool,
        /// Whether somebody has it open.
        open: bool,
    },
    /// A file system that is to be resized is mounted or unmounted for that.
    FileSystemSteps {
        /// The format, as blkid calls it.
        name: String,
        /// Whether it grows.
        grows: bool,
        /// What is done, as a list with commas.
        steps: String,
    },
    /// What another format left at the place of a new LV or PV will be wiped.
    Wipe {
        /// The LV's path, or the device.
        device: String,
        /// Which format.
        signature: String,
        /// Where on it.
        offset: Bytes,
    },
    /// A PV will be made of a device that is one already, of a VG.
    InitialisePv {
        /// The device.
        device: String,
        /// Its VG; none: its metadata are missing.
        vg: Option<String>,
    },
    /// The label of a PV that is in a VG will be wiped.
    WipePv {
        /// The device.
        device: String,
        /// Its VG; none: its metadata are missing.
        vg: Option<String>,
    },
    /// A PV will claim another size than its device has.
    PretendSize {
        /// The device.
        device: String,
        /// Its size.
        size: Sectors,
        /// What the PV will say.
        pretended: Sectors,
    },
    /// A PV that exists will claim another size than its device has.
    ResizePv {
        /// The device.
        device: String,
        /// Its size.
        size: Sectors,
        /// What the PV will say.
        pretended: Sectors,
    },
    /// A VG's metadata will be kept in another number of areas than was chosen for it.
    ChangeCopies {
        /// Which.
        vg: String,
        /// What was chosen.
        from: u32,
        /// What it will be.
        to: u32,
    },
    /// An LV will be removed.
    RemoveLv {
        /// Which (VG/LV).
        lv: String,
        /// Whether it is active.
        active: bool,
        /// Whether the devices will be told that its extents hold nothing any more.
        discard: bool,
    },
    /// A VG will be written anew while LVs of it run, which may then not be what the VG says.
    RestoreActive {
        /// Which.
        vg: String,
        /// How many devices run.
        active: usize,
    },
    /// A VG will belong to another host, or to none.
    ChangeOwner {
        /// Which.
        vg: String,
        /// The system id it has.
        from: Option<String>,
        /// The one it will have.
        to: Option<String>,
        /// This host's.
        own: Option<String>,
    },
    /// A VG with LVs will be removed.
    RemoveVg {
        /// Which.
        vg: String,
        /// How many LVs it has.
        lvs: usize,
    },
}
