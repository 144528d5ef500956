//! An LV.

use super::{AllocPolicy, Extras, Flags, Identified, LvFlag, Segment, SegmentKind};
use units::{Extents, Id};

/// An LV: a name, an id, and segments that follow each other without gap.
#[derive(Clone, Debug, PartialEq)]
pub struct Lv {
    /// Its id within the VG.
    pub id: Id,
    /// Its name, unique in the VG.
    pub name: String,
    /// Flags.
    pub flags: Flags<LvFlag>,
    /// Tags, in the order they were added.
    pub tags: Vec<String>,
    /// When it was made, in seconds since the epoch; zero where the text does not say.
    pub creation_time: i64,
    /// On which host it was made.
    pub creation_host: String,
    /// The lock daemon's data.
    pub lock_args: Option<String>,
    /// How extents are chosen for it.
    pub alloc: AllocPolicy,
    /// Its metadata profile.
    pub profile: Option<String>,
    /// Read-ahead.
    pub read_ahead: ReadAhead,
    /// A persistent major number.
    pub major: Option<u32>,
    /// A persistent minor number.
    pub minor: Option<u32>,
    /// Its segments, in order.
    pub segments: Vec<Segment>,
    /// What else the text said.
    pub extras: Extras,
}

/// How far ahead the kernel reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReadAhead {
    /// As the kernel and the stripes suggest.
    #[default]
    Auto,
    /// Not at all.
    None,
    /// That many sectors.
    Sectors(u32),
}

impl Identified for Lv {
    fn id(&self) -> Id {
        self.id
    }
}

impl Lv {
    /// Its size in extents.
    pub fn extents(&self) -> Extents {
        self.segments.iter().map(|segment| segment.len).sum()
    }

    /// Whether users see it.
    pub fn is_visible(&self) -> bool {
        self.flags.has(LvFlag::Visible)
    }

    /// Whether it may be written through.
    pub fn is_writable(&self) -> bool {
        self.flags.has(LvFlag::Write)
    }

    /// Whether rlvm understands all of it: only then it may be edited.
    pub fn is_editable(&self) -> bool {
        !self.flags.has_unknown()
            && self.segments.iter().all(|segment| !matches!(segment.kind, SegmentKind::Verbatim(_)))
    }
}
