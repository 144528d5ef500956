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

/// What is said of the stripes of a new LV, before its VG is looked at.
pub fn said_of_stripes(
    segtype: SegmentType,
    count: Option<u32>,
    size: Option<Sectors>,
    settings: StripeSettings,
) -> Option<Notice> {
    let asked = size.filter(|size| !size.is_zero());
    match (Kind::of_type(segtype)?, count.unwrap_or(1), asked) {
        (Kind::Error | Kind::Zero, _, Some(_)) => Some(Notice::IgnoredStripeSizeFor(segtype)),
        (Kind::Striped, 1, Some(_)) => Some(Notice::IgnoredStripeSize),
        (Kind::Error | Kind::Zero, _, None) | (Kind::Striped, 1, None) | (Kind::Striped, _, Some(_)) => None,
        (Kind::Striped, _, None) => Some(Notice::DefaultStripeSize(settings.default_size)),
    }
}

/// The stripes a request asks for.
pub(super) fn stripes_of(
    request: &Create,
    kind: Kind,
    notices: &mut Vec<Notice>,
) -> Result<Stripes, CreateError> {
    let (count, settings) = (request.stripes.unwrap_or(1), request.stripe_settings);
    check_stripes(count, None, settings)?;
    notices.extend(said_of_stripes(request.segtype, request.stripes, request.stripe_size, settings));
    let size = match (kind, count) {
        (Kind::Error | Kind::Zero, _) | (Kind::Striped, 1) => Sectors::ZERO,
        (Kind::Striped, _) => {
            let asked = request.stripe_size.filter(|size| !size.is_zero());
            let size = asked.unwrap_or(settings.default_size);
            check_stripes(count, Some(size), settings)?;
            size
        }
    };
    if request.segtype == SegmentType::Linear && count > 1 {
        return Err(StripeError::Linear(count).into());
    }
    Ok(Stripes { count, size })
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
