//! Why an LV cannot be made.

use crate::alloc::AllocError;
use crate::pv_args::PvArgError;
use crate::request::{MAX_EXTENTS, StripeError};
use metadata::model::SegmentType;
use metadata::model::names::NameError;
use thiserror::Error;
use units::{Extents, PercentOf, Sectors};

/// Why an LV cannot be made. [`Self::is_usage`] tells invalid requests from refused ones.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CreateError {
    /// The name cannot be used.
    #[error("Logical volume name \"{name}\" is invalid.")]
    Name {
        /// The name.
        name: String,
        /// What is wrong with it.
        source: NameError,
    },
    /// The name is in use.
    #[error(
        "{}Logical Volume \"{name}\" already exists in volume group \"{vg}\"",
        if *historical { "historical " } else { "" }
    )]
    Taken {
        /// The name.
        name: String,
        /// The VG.
        vg: String,
        /// Whether it is a removed LV that has it.
        historical: bool,
    },
    /// A tag that cannot be used.
    #[error("Tag \"{0}\" has characters that tags may not have, or more than 1023 of them")]
    Tag(String),
    /// A type of a later day.
    #[error("segment type {} is not supported yet", .0.name())]
    Unsupported(SegmentType),
    /// A minus sign.
    #[error("Size may not be negative")]
    Negative,
    /// Nothing at all.
    #[error("Size may not be zero")]
    Zero,
    /// Something about stripes.
    #[error(transparent)]
    Stripes(#[from] StripeError),
    /// More stripes than PVs.
    #[error("Number of stripes ({stripes}) must not exceed number of physical volumes ({pvs})")]
    TooManyStripes {
        /// How many stripes.
        stripes: u32,
        /// How many PVs.
        pvs: usize,
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
    /// A share of something that a new LV does not have.
    #[error("Please express size as %FREE, %PVS or %VG.")]
    Share(PercentOf),
    /// A share of less than one extent.
    #[error("Calculated size of logical volume is 0 extents. Needs to be larger.")]
    ShareOfNothing,
    /// A share of less than one extent per stripe.
    #[error("Adjusted size of logical volume is 0 extents. Needs to be larger.")]
    ShareBelowStripe,
    /// The VG may have no more LVs.
    #[error("Maximum number of logical volumes ({max}) reached in volume group {vg}")]
    TooManyLvs {
        /// How many it may have.
        max: u32,
        /// The VG.
        vg: String,
    },
    /// Too little is free.
    #[error("Volume group \"{vg}\" has insufficient free space ({free} extents): {required} required.")]
    NoSpace {
        /// The VG.
        vg: String,
        /// How many extents are free.
        free: Extents,
        /// How many are required.
        required: Extents,
    },
    /// Something about the PVs named.
    #[error(transparent)]
    Pvs(#[from] PvArgError),
    /// The extents cannot be had.
    #[error(transparent)]
    Alloc(#[from] AllocError),
}

impl CreateError {
    /// Whether LVM2 takes it for an invalid command line (exit 3) rather than a failure (exit 5).
    pub fn is_usage(&self) -> bool {
        match self {
            Self::Name { .. }
            | Self::Tag(_)
            | Self::Unsupported(_)
            | Self::Negative
            | Self::Zero
            | Self::Stripes(_) => true,
            Self::Taken { .. }
            | Self::TooManyStripes { .. }
            | Self::TooLarge { .. }
            | Self::Share(_)
            | Self::ShareOfNothing
            | Self::ShareBelowStripe
            | Self::TooManyLvs { .. }
            | Self::NoSpace { .. }
            | Self::Pvs(_)
            | Self::Alloc(_) => false,
        }
    }
}
