//! A new VG.

use crate::new_pv::{self, AddError, NewPv};
use metadata::model::names::{NameError, check_vg_name, is_tag};
use metadata::model::{AllocPolicy, Collection, Flags, Vg, VgFlag};
use metadata::plan::{Ctx, Proposal};
use thiserror::Error;
use units::ExtentSize;

/// What the new VG is to be like.
#[derive(Clone, Debug)]
pub struct Create {
    /// Its name.
    pub name: String,
    /// Size of an extent.
    pub extent_size: ExtentSize,
    /// The most LVs; zero is no limit.
    pub max_lv: u32,
    /// The most PVs; zero is no limit.
    pub max_pv: u32,
    /// How extents are chosen.
    pub alloc: AllocPolicy,
    /// Its tags, in order; repetitions are dropped.
    pub tags: Vec<String>,
    /// Its owner; none: every host's.
    pub system_id: Option<String>,
    /// How many metadata areas shall be in use; zero is all.
    pub metadata_copies: u32,
    /// Whether its LVs are left alone at boot.
    pub no_autoactivate: bool,
    /// Its metadata profile.
    pub profile: Option<String>,
    /// Its PVs, in order.
    pub pvs: Vec<NewPv>,
}

/// Why a VG cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CreateError {
    /// The name cannot be used.
    #[error("New volume group name \"{name}\" is invalid.")]
    Name {
        /// The name.
        name: String,
        /// What is wrong with it.
        source: NameError,
    },
    /// `inherit`, which only LVs can.
    #[error("Volume Group allocation policy cannot inherit from anything")]
    AllocInherit,
    /// An extent size that users may not ask for.
    #[error("Physical Extent size must be a multiple of 128.00 KiB when not a power of 2.")]
    ExtentSize(ExtentSize),
    /// A tag that cannot be used.
    #[error("Tag \"{0}\" has characters that tags may not have, or more than 1023 of them")]
    Tag(String),
    /// No PV at all.
    #[error("Volume group \"{0}\" needs at least one physical volume")]
    NoPv(String),
    /// A PV cannot join.
    #[error(transparent)]
    Add(#[from] AddError),
}

impl CreateError {
    /// Whether LVM2 takes it for an invalid command line (exit 3) rather than a failure (exit 5).
    pub fn is_usage(&self) -> bool {
        match self {
            Self::Name { .. } | Self::AllocInherit | Self::Tag(_) | Self::NoPv(_) => true,
            Self::ExtentSize(_) | Self::Add(_) => false,
        }
    }
}

impl Create {
    /// What can be said before any PV is looked at: name, policy and tags.
    pub fn check(&self) -> Result<(), CreateError> {
        check_vg_options(&self.name, self.alloc)?;
        match self.tags.iter().find(|tag| !is_tag(tag)) {
            Some(tag) => Err(CreateError::Tag(tag.clone())),
            None => Ok(()),
        }
    }
}

/// Whether a VG can have that name and that policy.
pub(crate) fn check_vg_options(name: &str, alloc: AllocPolicy) -> Result<(), CreateError> {
    check_vg_name(name).map_err(|source| CreateError::Name { name: name.to_owned(), source })?;
    if alloc == AllocPolicy::Inherit { Err(CreateError::AllocInherit) } else { Ok(()) }
}

/// Plans a VG with the PVs given.
pub fn create(request: &Create, ctx: &mut Ctx<'_>) -> Result<Proposal, CreateError> {
    request.check()?;
    if !request.extent_size.is_allowed() {
        return Err(CreateError::ExtentSize(request.extent_size));
    }
    if request.pvs.is_empty() {
        return Err(CreateError::NoPv(request.name.clone()));
    }
    let mut vg = empty(request, ctx);
    for pv in &request.pvs {
        new_pv::add(&mut vg, pv)?;
    }
    Ok(Proposal::plain(vg))
}

fn empty(request: &Create, ctx: &mut Ctx<'_>) -> Vg {
    let mut flags = Flags::of(&[VgFlag::Resizeable, VgFlag::Read, VgFlag::Write]);
    flags.set(VgFlag::NoAutoactivate, request.no_autoactivate);
    let mut tags = Vec::new();
    for tag in &request.tags {
        if !tags.contains(tag) {
            tags.push(tag.clone());
        }
    }
    Vg {
        id: ctx.ids.next_id(),
        name: request.name.clone(),
        seqno: 1,
        format: "lvm2".to_owned(),
        flags,
        tags,
        system_id: request.system_id.clone().filter(|id| !id.is_empty()),
        lock_type: None,
        extent_size: request.extent_size,
        max_lv: request.max_lv,
        max_pv: request.max_pv,
        alloc: request.alloc,
        profile: request.profile.clone(),
        metadata_copies: request.metadata_copies,
        pvs: Collection::default(),
        lvs: Collection::default(),
        historical: Vec::new(),
        extras: Vec::new(),
    }
}
