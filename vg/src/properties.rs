//! What can be changed of a VG as a whole.

use crate::export::running;
use crate::extent_size::{self, ExtentSizeError};
use metadata::live::Live;
use metadata::model::{AllocPolicy, Vg, VgFlag};
use metadata::plan::{Consent, Ctx, Notice, Proposal};
use thiserror::Error;
use units::{ExtentSize, Sectors};

/// One property and what it shall be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Property {
    /// The most LVs; zero: any number.
    MaxLv(u32),
    /// The most PVs; zero: any number.
    MaxPv(u32),
    /// Whether PVs may be added and taken away.
    Resizeable(bool),
    /// Whether it is activated at boot.
    Autoactivation(bool),
    /// A tag less.
    DelTag(String),
    /// A tag more.
    AddTag(String),
    /// Extents of another size, over the same sectors.
    ExtentSize(ExtentSize),
    /// A new random id.
    NewId,
    /// How extents are chosen.
    Alloc(AllocPolicy),
    /// How many metadata areas are in use; zero: as they are; the highest number: all.
    MetadataCopies(u32),
    /// Its metadata profile.
    Profile(Option<String>),
    /// The host that owns it.
    SystemId(Option<String>),
}

impl Property {
    /// Whether it may be changed while PVs are missing.
    pub fn needs_no_pv(&self) -> bool {
        matches!(self, Self::AddTag(_) | Self::DelTag(_) | Self::Profile(_))
    }
}

/// Why a property is not changed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PropertyError {
    /// The VG's flags forbid it.
    #[error("Volume group \"{vg}\" must be resizeable to change {what}")]
    NotResizeable {
        /// Which.
        vg: String,
        /// What was to be changed.
        what: &'static str,
    },
    /// It has more LVs.
    #[error("MaxLogicalVolume is less than the current number {lvs} of LVs for {vg}")]
    TooManyLvs {
        /// Which.
        vg: String,
        /// How many.
        lvs: usize,
    },
    /// It has more PVs.
    #[error("MaxPhysicalVolumes is less than the current number {pvs} of PVs for \"{vg}\"")]
    TooManyPvs {
        /// Which.
        vg: String,
        /// How many.
        pvs: usize,
    },
    /// It is so already.
    #[error("Volume group {vg}: {what} is already {value}.")]
    Already {
        /// Which.
        vg: String,
        /// Which property.
        what: &'static str,
        /// What it is.
        value: String,
    },
    /// A policy that only LVs can have.
    #[error("Volume Group allocation policy cannot inherit from anything")]
    AllocInherit,
    /// LVs run.
    #[error(
        "Volume group \"{vg}\" has {active} active logical volumes, which stand in the way of another {what}."
    )]
    Active {
        /// Which.
        vg: String,
        /// How many run.
        active: usize,
        /// What was to be changed.
        what: &'static str,
    },
    /// Extents cannot be made that size.
    #[error(transparent)]
    ExtentSize(#[from] ExtentSizeError),
}

impl PropertyError {
    /// Whether all is as asked already.
    pub fn is_already_so(&self) -> bool {
        matches!(self, Self::Already { .. })
    }
}

/// Plans `vg` with these properties, taken in the order given. `own` is the system id of this host.
pub fn change(
    vg: &Vg,
    live: &Live,
    properties: &[Property],
    own: Option<&str>,
    ctx: &mut Ctx<'_>,
) -> Result<Proposal, PropertyError> {
    let mut proposal = Proposal::plain(vg.clone());
    proposal.next.seqno += 1;
    for property in properties {
        set(&mut proposal, live, property, own, ctx)?;
    }
    Ok(proposal)
}

fn set(
    proposal: &mut Proposal,
    live: &Live,
    property: &Property,
    own: Option<&str>,
    ctx: &mut Ctx<'_>,
) -> Result<(), PropertyError> {
    let vg = &mut proposal.next;
    match property {
        Property::MaxLv(max) => set_max_lv(vg, *max)?,
        Property::MaxPv(max) => set_max_pv(vg, *max)?,
        Property::Resizeable(on) => {
            let words = if *on { "resizeable" } else { "not resizeable" };
            set_flag(vg, VgFlag::Resizeable, *on, "it", words)?;
        }
        Property::Autoactivation(on) => {
            let words = if *on { "yes" } else { "no" };
            set_flag(vg, VgFlag::NoAutoactivate, !*on, "autoactivation", words)?;
        }
        Property::DelTag(tag) => vg.tags.retain(|own| own != tag),
        Property::AddTag(tag) if vg.tags.contains(tag) => (),
        Property::AddTag(tag) => vg.tags.push(tag.clone()),
        Property::ExtentSize(size) => {
            check_resizeable(vg, "the extent size")?;
            if vg.extent_size == *size {
                let (vg, size) = (vg.name.clone(), size.sectors());
                proposal.notices.push(Notice::ExtentSizeAlready { vg, size });
                return Ok(());
            }
            extent_size::set(vg, *size)?;
        }
        Property::NewId => {
            check_inactive(vg, live, "id")?;
            vg.id = ctx.ids.next_id();
        }
        Property::Alloc(AllocPolicy::Inherit) => return Err(PropertyError::AllocInherit),
        Property::Alloc(policy) if vg.alloc == *policy => {
            return Err(already(vg, "the allocation policy", policy.name()));
        }
        Property::Alloc(policy) => vg.alloc = *policy,
        Property::MetadataCopies(copies) if vg.metadata_copies == *copies => {
            let (vg, copies) = (vg.name.clone(), *copies);
            proposal.notices.push(Notice::CopiesAlready { vg, copies });
        }
        Property::MetadataCopies(copies) => vg.metadata_copies = *copies,
        Property::Profile(profile) => vg.profile.clone_from(profile),
        Property::SystemId(id) => set_system_id(proposal, live, id.as_deref(), own)?,
    }
    Ok(())
}

fn already(vg: &Vg, what: &'static str, value: &str) -> PropertyError {
    PropertyError::Already { vg: vg.name.clone(), what, value: value.to_owned() }
}

fn set_flag(
    vg: &mut Vg,
    flag: VgFlag,
    on: bool,
    what: &'static str,
    words: &str,
) -> Result<(), PropertyError> {
    if vg.flags.has(flag) == on {
        return Err(already(vg, what, words));
    }
    vg.flags.set(flag, on);
    Ok(())
}

fn check_resizeable(vg: &Vg, what: &'static str) -> Result<(), PropertyError> {
    match vg.flags.has(VgFlag::Resizeable) {
        true => Ok(()),
        false => Err(PropertyError::NotResizeable { vg: vg.name.clone(), what }),
    }
}

fn check_inactive(vg: &Vg, live: &Live, what: &'static str) -> Result<(), PropertyError> {
    match running(vg, live) {
        0 => Ok(()),
        active => Err(PropertyError::Active { vg: vg.name.clone(), active, what }),
    }
}

fn set_max_lv(vg: &mut Vg, max: u32) -> Result<(), PropertyError> {
    check_resizeable(vg, "how many LVs it may have")?;
    let lvs = vg.lvs.iter().filter(|lv| lv.is_visible()).count();
    if max != 0 && u64::from(max) < lvs as u64 {
        return Err(PropertyError::TooManyLvs { vg: vg.name.clone(), lvs });
    }
    vg.max_lv = max;
    Ok(())
}

fn set_max_pv(vg: &mut Vg, max: u32) -> Result<(), PropertyError> {
    check_resizeable(vg, "how many PVs it may have")?;
    let pvs = vg.pvs.len();
    if max != 0 && u64::from(max) < pvs as u64 {
        return Err(PropertyError::TooManyPvs { vg: vg.name.clone(), pvs });
    }
    vg.max_pv = max;
    Ok(())
}

/// Another owner. Whoever gives a VG away, or leaves it without an owner, is asked.
fn set_system_id(
    proposal: &mut Proposal,
    live: &Live,
    id: Option<&str>,
    own: Option<&str>,
) -> Result<(), PropertyError> {
    let vg = &mut proposal.next;
    let old = vg.system_id.clone();
    if old.as_deref().unwrap_or_default() == id.unwrap_or_default() {
        return Err(already(vg, "the system ID", &format!("\"{}\"", id.unwrap_or_default())));
    }
    let foreign = id.is_some() && id != own;
    if foreign {
        check_inactive(vg, live, "system ID")?;
    }
    if foreign || (id.is_none() && own.is_some()) {
        let (vg, own) = (vg.name.clone(), own.map(str::to_owned));
        proposal.consents.push(Consent::ChangeOwner { vg, from: old, to: id.map(str::to_owned), own });
    }
    proposal.next.system_id = id.map(str::to_owned);
    Ok(())
}

/// What a size of extents is refused for before the VG is read.
pub fn check_extent_size(size: Sectors) -> Result<ExtentSize, ExtentSizeError> {
    extent_size::check(size)
}
