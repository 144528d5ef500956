//! Some of a VG's PVs, with the LVs on them, become another VG or join one.

use crate::access::check_known;
use crate::compatible::{self, Incompatible};
use crate::component::{Component, components};
use crate::create::check_vg_options;
use crate::export::set_exported;
use crate::{AccessError, CreateError};
use metadata::live::Live;
use metadata::model::{AllocPolicy, Area, Collection, Flags, Vg, VgFlag};
use metadata::plan::Ctx;
use std::collections::HashSet;
use thiserror::Error;
use units::Id;

/// Where PVs go.
#[derive(Clone, Copy, Debug)]
pub enum Target<'a> {
    /// To a VG that does not exist yet. What is not said is as in the old one.
    New(&'a NewVg),
    /// To one that exists.
    Existing(&'a Vg),
}

/// What is said of a VG that comes of a split.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewVg {
    /// Its name.
    pub name: String,
    /// The most LVs it may have.
    pub max_lv: Option<u32>,
    /// The most PVs it may have.
    pub max_pv: Option<u32>,
    /// How extents are chosen.
    pub alloc: Option<AllocPolicy>,
    /// How many metadata areas are to be in use.
    pub metadata_copies: Option<u32>,
    /// The host it belongs to.
    pub system_id: Option<String>,
}

/// Two VGs after a split. The one that PVs went to is committed first, as an exported VG, then the other, then the
/// first one again without that mark: whatever is cut off, each PV is in one VG, and an import puts right the rest.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// What is left; none: nothing is.
    pub from: Option<Vg>,
    /// The VG that PVs went to, marked as exported.
    pub to: Vg,
}

/// Why a VG is not split.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SplitError {
    /// Its flags forbid it.
    #[error("Volume group {0} is not resizeable.")]
    NotResizeable(String),
    /// The new VG cannot be like that.
    #[error(transparent)]
    New(#[from] CreateError),
    /// The two VGs do not go together.
    #[error(transparent)]
    Incompatible(#[from] Incompatible),
    /// There are segments that nobody knows.
    #[error(transparent)]
    Unknown(#[from] AccessError),
    /// An LV has extents on both sides, or what it is built on has.
    #[error("Can't split Logical Volume {lv} between two Volume Groups")]
    Torn {
        /// The LV.
        lv: String,
    },
    /// An LV that would go runs.
    #[error("Logical volume {0} must be inactive.")]
    Active(String),
    /// PVs of an LV that is not in the VG.
    #[error("Logical volume {lv} not in volume group {vg}")]
    NoLv {
        /// Its name.
        lv: String,
        /// The VG.
        vg: String,
    },
}

/// The PVs that an LV of `vg` lies on, itself or through what it is built on.
pub fn pvs_of_lv(vg: &Vg, lv: &str) -> Result<Vec<Id>, SplitError> {
    match vg.lv_named(lv) {
        Some(lv) => Ok(vg.pvs_of(lv)),
        None => Err(SplitError::NoLv { lv: lv.to_owned(), vg: vg.name.clone() }),
    }
}

/// Plans how the PVs `moved` of `from` go to `target`.
pub fn split(
    from: &Vg,
    target: Target<'_>,
    moved: &[Id],
    live: &Live,
    ctx: &mut Ctx<'_>,
) -> Result<Split, SplitError> {
    check_resizeable(from)?;
    let mut to = match target {
        Target::New(new) => new_vg(from, new, ctx)?,
        Target::Existing(to) => {
            check_resizeable(to)?;
            check_known(to)?;
            compatible::check(from, to)?;
            Vg { seqno: to.seqno + 1, ..to.clone() }
        }
    };
    check_known(from)?;
    let order = moved;
    let moved: HashSet<Id> = order.iter().copied().collect();
    let going = going(from, &moved, live)?;
    let mut left = Vg { seqno: from.seqno + 1, ..from.clone() };
    left.pvs.retain(|pv| !moved.contains(&pv.id));
    left.lvs.retain(|lv| !going.contains(&lv.id));
    for pv in order.iter().filter_map(|pv| from.pvs.get(*pv)) {
        // PVs are named once, and none of them is in the other VG.
        let _ = to.pvs.push(pv.clone());
    }
    compatible::take_lvs(&mut to, from, &|lv| going.contains(&lv.id), ctx)?;
    set_exported(&mut to, true);
    Ok(Split { from: (!left.pvs.is_empty()).then_some(left), to })
}

/// The VG that a split leads to, once it is not exported any more.
pub fn split_done(to: &Vg) -> Vg {
    let mut next = Vg { seqno: to.seqno + 1, ..to.clone() };
    set_exported(&mut next, false);
    next
}

fn check_resizeable(vg: &Vg) -> Result<(), SplitError> {
    match vg.flags.has(VgFlag::Resizeable) {
        true => Ok(()),
        false => Err(SplitError::NotResizeable(vg.name.clone())),
    }
}

fn new_vg(from: &Vg, new: &NewVg, ctx: &mut Ctx<'_>) -> Result<Vg, SplitError> {
    let alloc = new.alloc.unwrap_or(from.alloc);
    check_vg_options(&new.name, alloc)?;
    Ok(Vg {
        id: ctx.ids.next_id(),
        name: new.name.clone(),
        seqno: 1,
        format: from.format.clone(),
        flags: Flags::of(&[VgFlag::Resizeable, VgFlag::Read, VgFlag::Write]),
        tags: Vec::new(),
        system_id: new.system_id.clone(),
        lock_type: None,
        extent_size: from.extent_size,
        max_lv: new.max_lv.unwrap_or(from.max_lv),
        max_pv: new.max_pv.unwrap_or(from.max_pv),
        alloc,
        profile: None,
        metadata_copies: new.metadata_copies.unwrap_or(from.metadata_copies),
        pvs: Collection::default(),
        lvs: Collection::default(),
        historical: Vec::new(),
        extras: Vec::new(),
    })
}

/// The LVs that go with these PVs. LVs that are built on each other go together or not at all, and those that
/// lie nowhere stay.
fn going(vg: &Vg, moved: &HashSet<Id>, live: &Live) -> Result<HashSet<Id>, SplitError> {
    let mut going = HashSet::new();
    for component in components(vg) {
        let on_moved = component.pvs.iter().filter(|pv| moved.contains(pv)).count();
        if on_moved == 0 {
            continue;
        }
        if on_moved < component.pvs.len() {
            return Err(SplitError::Torn { lv: torn(vg, &component, moved) });
        }
        if let Some(lv) = component.lvs.iter().find(|lv| live.is_active(**lv)) {
            let name = vg.lvs.get(*lv).map_or("", |lv| lv.name.as_str());
            return Err(SplitError::Active(format!("{}/{name}", vg.name)));
        }
        going.extend(component.lvs);
    }
    Ok(going)
}

/// The LV to name where a component would be torn: the one that lies on both sides itself, if there is one.
fn torn(vg: &Vg, component: &Component, moved: &HashSet<Id>) -> String {
    let sides = |id: &&Id| {
        let Some(lv) = vg.lvs.get(**id) else { return false };
        let pv = |(area, _): (Area, _)| match area {
            Area::Pv { pv, .. } => Some(pv),
            Area::Lv { .. } => None,
        };
        let pvs: Vec<Id> = lv.segments.iter().flat_map(|segment| segment.areas()).filter_map(pv).collect();
        pvs.iter().any(|pv| moved.contains(pv)) && pvs.iter().any(|pv| !moved.contains(pv))
    };
    let visible = |id: &&Id| vg.lvs.get(**id).is_some_and(|lv| lv.is_visible());
    let lvs = &component.lvs;
    let named = lvs.iter().find(sides).or_else(|| lvs.iter().find(visible)).or(lvs.first());
    named.and_then(|lv| vg.lvs.get(*lv)).map(|lv| lv.name.clone()).unwrap_or_default()
}
