//! One VG becomes part of another.

use crate::AccessError;
use crate::access::check_known;
use crate::compatible::{self, Incompatible};
use crate::export::running;
use metadata::live::Live;
use metadata::model::{Lv, Vg};
use metadata::plan::{Ctx, Proposal};
use thiserror::Error;

/// What the LV is called that pools keep for repairs.
const SPARE: &str = "lvol0_pmspare";

/// Why VGs are not merged.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MergeError {
    /// LVs of the one that goes run.
    #[error("Logical volumes in \"{0}\" must be inactive")]
    Active(String),
    /// They do not go together.
    #[error(transparent)]
    Incompatible(#[from] Incompatible),
    /// There are segments that nobody knows.
    #[error(transparent)]
    Unknown(#[from] AccessError),
}

/// Plans `to` with all PVs and LVs of `from`, of which `live` runs.
pub fn merge(to: &Vg, from: &Vg, live: &Live, ctx: &mut Ctx<'_>) -> Result<Proposal, MergeError> {
    if running(from, live) > 0 {
        return Err(MergeError::Active(from.name.clone()));
    }
    check_known(to)?;
    check_known(from)?;
    let mut next = Vg { seqno: to.seqno + 1, ..to.clone() };
    let mut from = from.clone();
    keep_one_spare(&mut next, &mut from);
    compatible::check(&from, &next)?;
    for pv in &from.pvs {
        let _ = next.pvs.push(pv.clone());
    }
    compatible::take_lvs(&mut next, &from, &|_| true, ctx)?;
    Ok(Proposal::plain(next))
}

/// A VG has one spare: the larger one stays.
fn keep_one_spare(one: &mut Vg, other: &mut Vg) {
    let size = |vg: &Vg| vg.lv_named(SPARE).map(Lv::extents);
    let (Some(first), Some(second)) = (size(one), size(other)) else { return };
    let smaller = if second > first { one } else { other };
    smaller.lvs.retain(|lv| lv.name != SPARE);
}
