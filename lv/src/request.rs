//! What requests have in common: amounts and stripes.

use thiserror::Error;
use units::{ExtentRequest, Sectors, SizeArg};

/// The most extents an LV may have (2.03.40: MAX_EXTENT_COUNT).
pub const MAX_EXTENTS: u64 = u32::MAX as u64;

/// The most stripes a segment may have (2.03.40: MAX_STRIPES).
pub const MAX_STRIPES: u32 = 128;

/// The largest stripe size, in sectors (2.03.40: twice STRIPE_SIZE_LIMIT).
const MAX_STRIPE_SIZE: u64 = 1 << 31;

/// How much: `-L` or `-l`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// `-L`: a size.
    Size(SizeArg),
    /// `-l`: a number of extents, or a share of something.
    Extents(ExtentRequest),
}

/// What the machine and its configuration say about stripes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StripeSettings {
    /// `metadata/stripesize`: the size taken where none is given.
    pub default_size: Sectors,
    /// The smallest size: a page of the kernel's.
    pub least: Sectors,
}

impl Default for StripeSettings {
    /// 64 KiB, and pages of 4 KiB.
    fn default() -> Self {
        Self { default_size: Sectors::new(128), least: Sectors::new(8) }
    }
}

/// What is wrong with stripes.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum StripeError {
    /// None, or too many.
    #[error("Number of stripes ({0}) must be between 1 and {MAX_STRIPES}.")]
    Count(u32),
    /// Stripes of a linear LV.
    #[error("Cannot use stripes with linear type.")]
    Linear(u32),
    /// Larger than numbers hold.
    #[error("Stripe size cannot be larger than 1.00 TiB, and {} KiB are asked for.", .0.get() / 2)]
    TooLarge(Sectors),
    /// Smaller than a page, or no power of two.
    #[error("Invalid stripe size {}.00 KiB.", .0.get() / 2)]
    Invalid(Sectors),
    /// No power of two.
    #[error("Stripe size must be power of 2.")]
    NotPowerOfTwo(Sectors),
}

/// Refuses a stripe size that numbers do not hold.
pub(crate) fn check_largest(size: Sectors) -> Result<(), StripeError> {
    if size.get() > MAX_STRIPE_SIZE { Err(StripeError::TooLarge(size)) } else { Ok(()) }
}

/// Refuses stripes that no VG could have.
pub fn check_stripes(count: u32, size: Option<Sectors>, settings: StripeSettings) -> Result<(), StripeError> {
    if !(1..=MAX_STRIPES).contains(&count) {
        return Err(StripeError::Count(count));
    }
    let Some(size) = size.filter(|_| count > 1) else { return Ok(()) };
    check_largest(size)?;
    match size < settings.least || !size.get().is_power_of_two() {
        true => Err(StripeError::Invalid(size)),
        false => Ok(()),
    }
}
