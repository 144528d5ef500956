//! Two VGs that are to become one.

use crate::component::named;
use metadata::model::{Collection, Lv, Vg};
use metadata::plan::Ctx;
use thiserror::Error;
use units::ExtentSize;

/// Why two VGs do not go together. The texts are those that programs know.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Incompatible {
    /// Extents of two sizes.
    #[error("Extent sizes differ: {} ({to}) and {} ({from})", to_size.sectors(), from_size.sectors())]
    ExtentSize {
        /// The VG that grows.
        to: String,
        /// Its extent size.
        to_size: ExtentSize,
        /// The other one.
        from: String,
        /// Its extent size.
        from_size: ExtentSize,
    },
    /// More PVs than allowed.
    #[error("Maximum number of physical volumes ({max}) exceeded  for \"{to}\" and \"{from}\"")]
    TooManyPvs {
        /// How many are allowed.
        max: u32,
        /// The VG that grows.
        to: String,
        /// The other one.
        from: String,
    },
    /// More LVs than allowed.
    #[error("Maximum number of logical volumes ({max}) exceeded  for \"{to}\" and \"{from}\"")]
    TooManyLvs {
        /// How many are allowed.
        max: u32,
        /// The VG that grows.
        to: String,
        /// The other one.
        from: String,
    },
    /// An id that both have, of an LV that others are built on.
    #[error("Logical volume {lv} of \"{from}\" has the id of one in \"{to}\", and other LVs are built on it")]
    SameId {
        /// Its name.
        lv: String,
        /// The VG that grows.
        to: String,
        /// The other one.
        from: String,
    },
    /// A name that both have.
    #[error("Duplicate logical volume name \"{lv}\" in \"{to}\" and \"{from}\"")]
    SameName {
        /// The name.
        lv: String,
        /// The VG that grows.
        to: String,
        /// The other one.
        from: String,
    },
}

/// Whether all of `from` would go into `to`.
pub(crate) fn check(from: &Vg, to: &Vg) -> Result<(), Incompatible> {
    let names = || (to.name.clone(), from.name.clone());
    if to.extent_size != from.extent_size {
        let ((to_name, from_name), to_size, from_size) = (names(), to.extent_size, from.extent_size);
        return Err(Incompatible::ExtentSize { to: to_name, to_size, from: from_name, from_size });
    }
    if to.max_pv != 0 && to.pvs.len() + from.pvs.len() > to.max_pv as usize {
        let (to_name, from) = names();
        return Err(Incompatible::TooManyPvs { max: to.max_pv, to: to_name, from });
    }
    let lvs = |vg: &Vg| vg.lvs.iter().filter(|lv| lv.is_visible()).count();
    if to.max_lv != 0 && lvs(to) + lvs(from) > to.max_lv as usize {
        let (to_name, from) = names();
        return Err(Incompatible::TooManyLvs { max: to.max_lv, to: to_name, from });
    }
    let known = to.lvs_by_name();
    match from.lvs.iter().find(|lv| known.contains_key(lv.name.as_str())) {
        Some(lv) => {
            let (to, from) = names();
            Err(Incompatible::SameName { lv: lv.name.clone(), to, from })
        }
        None => Ok(()),
    }
}

/// Puts LVs of another VG into a VG: visible ones before hidden ones, as texts have them. One whose id is taken
/// gets another; one that others are built on cannot.
pub(crate) fn take_lvs(
    to: &mut Vg,
    from: &Vg,
    wanted: &dyn Fn(&Lv) -> bool,
    ctx: &mut Ctx<'_>,
) -> Result<(), Incompatible> {
    let mut all: Vec<Lv> = to.lvs.iter().cloned().collect();
    for lv in from.lvs.iter().filter(|lv| wanted(lv)) {
        let mut lv = lv.clone();
        if to.lvs.contains(lv.id) {
            let is_named = |other: &Lv| other.segments.iter().flat_map(named).any(|id| id == lv.id);
            if from.lvs.iter().any(is_named) {
                return Err(Incompatible::SameId {
                    lv: lv.name,
                    to: to.name.clone(),
                    from: from.name.clone(),
                });
            }
            lv.id = ctx.ids.next_id();
        }
        all.push(lv);
    }
    all.sort_by_key(|lv| !lv.is_visible());
    let mut lvs = Collection::with_capacity(all.len());
    for lv in all {
        let _ = lvs.push(lv);
    }
    to.lvs = lvs;
    Ok(())
}
