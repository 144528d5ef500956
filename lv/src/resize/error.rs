//! Why an LV cannot be resized.

use crate::alloc::AllocError;
use crate::edit::Unsupported;
use crate::pv_args::PvArgError;
use crate::request::{MAX_EXTENTS, StripeError};
use metadata::model::SegmentType;
use thiserror::Error;
use units::{Extents, Id, Sectors};

/// Why an LV cannot be resized. [`Self::is_usage`] tells invalid requests from refused ones.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ResizeError {
    /// No such LV.
    #[error("Failed to find logical volume \"{vg}/{lv}\"")]
    NotFound {
        /// Its id.
        lv: Id,
        /// The VG.
        vg: String,
    },
    /// A sub-LV.
    #[error("Can't resize internal logical volume {0}.")]
    Internal(String),
    /// A conversion runs.
    #[error("Can't resize locked logical volume {0}.")]
    Locked(String),
    /// Not understood well enough.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
    /// A type of a later day.
    #[error("segment type {} is not supported yet", .0.name())]
    UnsupportedType(SegmentType),
    /// Something about stripes.
    #[error(transparent)]
    Stripes(#[from] StripeError),
    /// Segments differ, so that nothing says how to go on.
    #[error("Please specify number of stripes (-i) and stripesize (-I)")]
    StripesDiffer,
    /// A share of something that the LV does not have.
    #[error("Specified LV does not have an origin LV.")]
    NoOrigin,
    /// Less than an extent would be taken away.
    #[error("Size of {size} sectors is less than one extent of {extent_size} sectors: nothing to reduce by.")]
    LessThanExtent {
        /// What was asked.
        size: Sectors,
        /// Size of an extent.
        extent_size: Sectors,
    },
    /// More extents than numbers hold.
    #[error("Volume too large ({} extents of {} sectors). Upper limit is less than {MAX_EXTENTS} extents.",
            extents.get(), extent_size.get())]
    TooLarge {
        /// How many.
        extents: Extents,
        /// Of which size.
        extent_size: Sectors,
    },
    /// More extents than numbers hold, together with those it has.
    #[error("Unable to extend {lv} by {extents} logical extents: exceeds limit ({MAX_EXTENTS}).")]
    Limit {
        /// Which (VG/LV).
        lv: String,
        /// By how many.
        extents: Extents,
    },
    /// Nothing would be left.
    #[error("Unable to reduce {0} below 1 extent.")]
    BelowOneExtent(String),
    /// Nothing at all.
    #[error("New size of 0 not permitted.")]
    Zero,
    /// An extension that is none.
    #[error("New size given ({asked} extents) not larger than existing size ({existing} extents)")]
    NotLarger {
        /// What was asked.
        asked: Extents,
        /// What it has.
        existing: Extents,
    },
    /// A reduction that is none.
    #[error("New size given ({asked} extents) not less than existing size ({existing} extents)")]
    NotSmaller {
        /// What was asked.
        asked: Extents,
        /// What it has.
        existing: Extents,
    },
    /// It has that size.
    #[error("No size change.")]
    NoChange,
    /// The stripes cannot give them up evenly.
    #[error("Segment extent reduction {extents} not divisible by #stripes {stripes}")]
    NotDivisible {
        /// How many are to be taken away.
        extents: Extents,
        /// From how many stripes.
        stripes: usize,
    },
    /// Nothing suitable is free, and as much as can be had would have done.
    #[error("Size of logical volume {lv} unchanged from {extents} extents: nothing suitable is free.")]
    NothingFound {
        /// Which (VG/LV).
        lv: String,
        /// How many it has.
        extents: Extents,
    },
    /// Something about the PVs named.
    #[error(transparent)]
    Pvs(#[from] PvArgError),
    /// The extents cannot be had.
    #[error(transparent)]
    Alloc(#[from] AllocError),
}

impl ResizeError {
    /// Whether the LV has the size asked for.
    pub fn is_already_so(&self) -> bool {
        matches!(self, Self::NoChange)
    }

    /// Whether LVM2 takes it for an invalid command line (exit 3) rather than a failure (exit 5).
    pub fn is_usage(&self) -> bool {
        matches!(self, Self::Stripes(StripeError::Linear(_)))
    }
}
