//! Segments: which part of an LV lies where.

use super::{Extras, RawItem, SegmentType};
use units::{Extents, Id, Le, Pe, Sectors};

/// A run of an LV's extents that is mapped in one way.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// Where in the LV it starts.
    pub start: Le,
    /// How many extents of the LV it covers.
    pub len: Extents,
    /// Extents set aside while a raid is reshaped.
    pub reshape_len: Extents,
    /// Tags.
    pub tags: Vec<String>,
    /// How it is mapped.
    pub kind: SegmentKind,
    /// What else the text said.
    pub extras: Extras,
}

/// How a segment is mapped. Adding a variant is a compile error in every place that has to know it.
#[derive(Clone, Debug, PartialEq)]
pub enum SegmentKind {
    /// Linear (one area) or striped.
    Striped(Striped),
    /// Every access is an error.
    Error,
    /// Reads zeros, forgets writes.
    Zero,
    /// A type that is read, shown and written back, but not edited.
    Verbatim(Verbatim),
}

/// Chunks in turn over areas; one area is linear.
#[derive(Clone, Debug, PartialEq)]
pub struct Striped {
    /// Chunk size; zero where there is one area.
    pub stripe_size: Sectors,
    /// The areas, each holding `len / areas` extents.
    pub areas: Vec<Area>,
}

/// Where a stripe, image or leg begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// On a PV.
    Pv {
        /// Which.
        pv: Id,
        /// First extent.
        start: Pe,
    },
    /// In another LV.
    Lv {
        /// Which.
        lv: Id,
        /// First extent.
        start: Le,
    },
}

/// A segment whose type rlvm shows but does not edit.
#[derive(Clone, Debug, PartialEq)]
pub struct Verbatim {
    /// The type, where LVM2 has it.
    pub segtype: Option<SegmentType>,
    /// The type's name as the text has it, without flags.
    pub type_name: String,
    /// The lines after the type, in order.
    pub items: Vec<RawItem>,
    /// The PV areas among them, each with the number of extents it takes on its PV.
    pub areas: Vec<(Area, Extents)>,
    /// The LVs it is built on (images, logs, origins, pools), each once. What it merely points at (the thin LV a
    /// thin snapshot was taken of, or is merged into) is among the items alone.
    pub lvs: Vec<Id>,
}

impl SegmentKind {
    /// Linear on one area.
    pub fn linear(area: Area) -> Self {
        Self::Striped(Striped { stripe_size: Sectors::ZERO, areas: vec![area] })
    }
}

impl Segment {
    /// A segment of this kind with nothing special about it.
    pub fn new(start: Le, len: Extents, kind: SegmentKind) -> Self {
        Self { start, len, reshape_len: Extents::ZERO, tags: Vec::new(), kind, extras: Vec::new() }
    }

    /// The type as reports name it: a striped segment of one area is linear. None: a type LVM2 does not have.
    pub fn segtype(&self) -> Option<SegmentType> {
        match &self.kind {
            SegmentKind::Striped(s) if s.areas.len() == 1 => Some(SegmentType::Linear),
            SegmentKind::Striped(_) => Some(SegmentType::Striped),
            SegmentKind::Error => Some(SegmentType::Error),
            SegmentKind::Zero => Some(SegmentType::Zero),
            SegmentKind::Verbatim(v) => v.segtype,
        }
    }

    /// The type's name as reports show it.
    pub fn type_name(&self) -> &str {
        match (&self.kind, self.segtype()) {
            (_, Some(known)) => known.name(),
            (SegmentKind::Verbatim(v), None) => &v.type_name,
            (SegmentKind::Striped(_) | SegmentKind::Error | SegmentKind::Zero, None) => "unknown",
        }
    }

    /// The first extent after it.
    pub fn end(&self) -> Le {
        self.start + self.len
    }

    /// Its areas, each with the number of extents it takes (of a PV, or of the LV it lies in).
    pub fn areas(&self) -> impl ExactSizeIterator<Item = (Area, Extents)> + DoubleEndedIterator + Clone + '_ {
        let (alike, others): (&[Area], &[(Area, Extents)]) = match &self.kind {
            SegmentKind::Striped(striped) => (&striped.areas, &[]),
            SegmentKind::Error | SegmentKind::Zero => (&[], &[]),
            SegmentKind::Verbatim(verbatim) => (&[], &verbatim.areas),
        };
        let each = Extents::new(self.len.get() / (alike.len().max(1) as u64));
        (0..alike.len().max(others.len())).map(move |place| match alike.get(place) {
            Some(&area) => (area, each),
            None => others[place],
        })
    }

    /// Whether it is built on any LV.
    pub fn is_on_lvs(&self) -> bool {
        match &self.kind {
            SegmentKind::Striped(striped) => striped.areas.iter().any(|area| matches!(area, Area::Lv { .. })),
            SegmentKind::Error | SegmentKind::Zero => false,
            SegmentKind::Verbatim(verbatim) => !verbatim.lvs.is_empty(),
        }
    }

    /// The LVs it is built on, each once.
    pub fn lvs(&self) -> Vec<Id> {
        match &self.kind {
            SegmentKind::Striped(s) => {
                let mut lvs = Vec::new();
                for area in &s.areas {
                    if let Area::Lv { lv, .. } = *area
                        && !lvs.contains(&lv)
                    {
                        lvs.push(lv);
                    }
                }
                lvs
            }
            SegmentKind::Error | SegmentKind::Zero => Vec::new(),
            SegmentKind::Verbatim(v) => v.lvs.clone(),
        }
    }
}
