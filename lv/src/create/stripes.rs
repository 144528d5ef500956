//! The stripes of a new LV.

use super::{Create, CreateError};
use crate::request::{StripeError, StripeSettings, check_stripes};
use crate::segtype::Kind;
use metadata::model::{SegmentType, Vg};
use metadata::plan::Notice;
use units::Sectors;

/// Stripes as the request gives them.
pub(super) struct Stripes {
    /// How many.
    pub(super) count: u32,
    /// How large their chunks; zero where there is one.
    pub(super) size: Sectors,
}

/// The stripes a request asks for.
pub(super) fn stripes_of(
    request: &Create,
    kind: Kind,
    notices: &mut Vec<Notice>,
) -> Result<Stripes, CreateError> {
    let count = request.stripes.unwrap_or(1);
    check_stripes(count, None, request.stripe_settings)?;
    let asked = request.stripe_size.filter(|size| !size.is_zero());
    let size = match (kind, count, asked) {
        (Kind::Error | Kind::Zero, _, Some(_)) => {
            notices.push(Notice::IgnoredStripeSizeFor(request.segtype));
            Sectors::ZERO
        }
        (Kind::Striped, 1, Some(_)) => {
            notices.push(Notice::IgnoredStripeSize);
            Sectors::ZERO
        }
        (Kind::Error | Kind::Zero, _, None) | (Kind::Striped, 1, None) => Sectors::ZERO,
        (Kind::Striped, _, asked) => checked_stripe_size(count, asked, request.stripe_settings, notices)?,
    };
    if request.segtype == SegmentType::Linear && count > 1 {
        return Err(StripeError::Linear(count).into());
    }
    Ok(Stripes { count, size })
}

fn checked_stripe_size(
    count: u32,
    asked: Option<Sectors>,
    settings: StripeSettings,
    notices: &mut Vec<Notice>,
) -> Result<Sectors, CreateError> {
    let size = asked.unwrap_or_else(|| {
        notices.push(Notice::DefaultStripeSize(settings.default_size));
        settings.default_size
    });
    check_stripes(count, Some(size), settings)?;
    Ok(size)
}

/// Cuts a stripe size down to an extent.
pub(super) fn limit_stripe_size(vg: &Vg, stripes: Stripes, notices: &mut Vec<Notice>) -> Stripes {
    let most = vg.extent_size.sectors();
    if stripes.size <= most {
        return stripes;
    }
    notices.push(Notice::StripeSizeReduced { asked: stripes.size, to: most });
    Stripes { size: most, ..stripes }
}
