//! A copy of a VG, made by copying its disks, becomes a VG of its own.

use crate::export::set_exported;
use metadata::model::Vg;
use metadata::plan::{Ctx, Proposal};
use std::collections::HashMap;
use thiserror::Error;
use units::Id;

/// Why a copy does not become a VG.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CloneError {
    /// It is exported, and nobody asked to import it.
    #[error("VG {0} is exported, use the --import option.")]
    Exported(String),
}

/// Plans `vg` under another name, with other ids for itself and its PVs, as a VG of the host `own`: by their old
/// ids, the ids that its PVs will have. LVs keep their ids, which count within a VG.
pub fn import_clone(
    vg: &Vg,
    name: &str,
    own: Option<&str>,
    import: bool,
    ctx: &mut Ctx<'_>,
) -> Result<(Proposal, HashMap<Id, Id>), CloneError> {
    if vg.is_exported() && !import {
        return Err(CloneError::Exported(vg.name.clone()));
    }
    let mut next = vg.clone();
    next.seqno += 1;
    next.id = ctx.ids.next_id();
    next.name = name.to_owned();
    next.system_id = own.map(str::to_owned);
    // Neither lock daemons nor persistent reservations know of the copy.
    next.lock_type = None;
    next.extras.retain(|(_, item)| item.key != "pr");
    for lv in next.lvs.iter_mut() {
        lv.lock_args = None;
    }
    if import {
        set_exported(&mut next, false);
    }
    let ids: HashMap<Id, Id> = vg.pvs.iter().map(|pv| (pv.id, ctx.ids.next_id())).collect();
    for pv in &vg.pvs {
        next.renumber_pv(pv.id, ids[&pv.id]);
    }
    Ok((Proposal::plain(next), ids))
}
