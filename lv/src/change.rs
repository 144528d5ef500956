//! Properties of LVs: what can be said of an LV without moving an extent.

use crate::edit::{Unsupported, begin, check_known, full_name};
use metadata::model::{AllocPolicy, Lv, LvFlag, ReadAhead, Vg};
use metadata::plan::Proposal;
use thiserror::Error;
use units::Id;

/// A property as it is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Property {
    /// It has these tags too.
    AddTags(Vec<String>),
    /// It has these tags no more.
    DelTags(Vec<String>),
    /// How its extents are chosen.
    Alloc(AllocPolicy),
    /// Its metadata profile; none: what the VG has.
    Profile(Option<String>),
    /// Whether it may be written.
    Writable(bool),
    /// How far ahead the kernel reads.
    ReadAhead(ReadAhead),
    /// Whether activation passes it over unless told not to.
    ActivationSkip(bool),
    /// Whether it is activated at boot.
    Autoactivation(bool),
    /// Major and minor number that its device keeps; none: whatever is free.
    Number(Option<(u32, u32)>),
}

/// Why a property is not changed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ChangeError {
    /// A sub-LV.
    #[error("Operation not permitted on hidden LV {0}.")]
    Hidden(String),
    /// Not understood well enough.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
    /// It has that policy.
    #[error("Allocation policy of logical volume {lv} is already {}.", policy.name())]
    SamePolicy {
        /// Which LV (VG/LV).
        lv: String,
        /// The policy.
        policy: AllocPolicy,
    },
    /// It can be written.
    #[error("Logical volume {0} is already writable.")]
    AlreadyWritable(String),
    /// It cannot be written.
    #[error("Logical volume \"{0}\" is already read only.")]
    AlreadyReadOnly(String),
    /// It has that read-ahead.
    #[error("Read ahead is already {} for {lv}.", shown(*read_ahead))]
    SameReadAhead {
        /// Which LV (VG/LV).
        lv: String,
        /// The read-ahead.
        read_ahead: ReadAhead,
    },
    /// It keeps no number.
    #[error("Minor number is already not persistent for {0}.")]
    NoNumber(String),
}

fn shown(read_ahead: ReadAhead) -> String {
    match read_ahead {
        ReadAhead::Auto => "auto".to_owned(),
        ReadAhead::None => "0".to_owned(),
        ReadAhead::Sectors(sectors) => sectors.to_string(),
    }
}

impl ChangeError {
    /// Whether the LV is as it was to be.
    pub fn is_already_so(&self) -> bool {
        match self {
            Self::Hidden(_) | Self::Unsupported(_) => false,
            Self::SamePolicy { .. }
            | Self::AlreadyWritable(_)
            | Self::AlreadyReadOnly(_)
            | Self::SameReadAhead { .. }
            | Self::NoNumber(_) => true,
        }
    }
}

/// What became of LVs.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    /// The next VG. Each LV that is written anew counts as a change of its own, as with LVM2, though all are
    /// committed at once.
    pub proposal: Proposal,
    /// LVs with a property that was taken over, whether it was so before or not.
    pub taken: Vec<Id>,
    /// Whether there is anything to commit.
    pub writes: bool,
    /// What was refused, in the order asked.
    pub refused: Vec<(Id, ChangeError)>,
}

/// When an LV is written that is as asked already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeated {
    /// Where LVM2 writes it: tags and the skip flag.
    AsLvm2,
    /// Never: it counts as unchanged.
    Unwritten,
}

/// Plans LVs with these properties. One that cannot have a property gets the others all the same.
pub fn change(vg: &Vg, lvs: &[Id], properties: &[Property], repeated: Repeated) -> Changed {
    let mut next = begin(vg);
    next.seqno = vg.seqno;
    let mut changed =
        Changed { proposal: Proposal::plain(next), taken: Vec::new(), writes: false, refused: Vec::new() };
    for lv in lvs.iter().filter_map(|id| vg.lvs.get(*id)) {
        let mut new = lv.clone();
        match apply(vg, &mut new, properties) {
            Err(error) => changed.refused.push((lv.id, error)),
            Ok(applied) => {
                let differs = *lv != new;
                let taken = if repeated == Repeated::AsLvm2 { applied.taken > 0 } else { differs };
                if taken {
                    changed.taken.push(lv.id);
                }
                changed.refused.extend(applied.refused.into_iter().map(|error| (lv.id, error)));
                if differs || (applied.writes && repeated == Repeated::AsLvm2) {
                    changed.put(new);
                    // LVM2 commits a number first, by itself, and counts that (2.03.40: tools/lvchange.c).
                    if applied.numbered && applied.taken > 1 && repeated == Repeated::AsLvm2 {
                        changed.proposal.next.seqno += 1;
                    }
                }
            }
        }
    }
    changed
}

impl Changed {
    fn put(&mut self, new: Lv) {
        let next = &mut self.proposal.next;
        if let Some(lv) = next.lvs.get_mut(new.id) {
            let segments = std::mem::take(&mut lv.segments);
            *lv = Lv { segments, ..new };
            next.seqno += 1;
            self.writes = true;
        }
    }
}

/// What became of one LV's properties.
#[derive(Default)]
struct Applied {
    taken: usize,
    numbered: bool,
    writes: bool,
    refused: Vec<ChangeError>,
}

fn apply(vg: &Vg, lv: &mut Lv, properties: &[Property]) -> Result<Applied, ChangeError> {
    let name = full_name(vg, lv);
    if !lv.is_visible() {
        return Err(ChangeError::Hidden(name));
    }
    check_known(vg, lv)?;
    let mut applied = Applied::default();
    for property in properties {
        match set(lv, &name, property) {
            Ok(writes) => {
                applied.taken += 1;
                applied.numbered |= matches!(property, Property::Number(_));
                applied.writes |= writes;
            }
            Err(error) => applied.refused.push(error),
        }
    }
    Ok(applied)
}

/// Gives an LV a property. Tells whether LVM2 would write it even if nothing changed.
fn set(lv: &mut Lv, name: &str, property: &Property) -> Result<bool, ChangeError> {
    match property {
        Property::AddTags(tags) => {
            for tag in tags {
                if !lv.tags.contains(tag) {
                    lv.tags.push(tag.clone());
                }
            }
        }
        Property::DelTags(tags) => lv.tags.retain(|tag| !tags.contains(tag)),
        Property::Alloc(policy) if lv.alloc == *policy => {
            return Err(ChangeError::SamePolicy { lv: name.to_owned(), policy: *policy });
        }
        Property::Alloc(policy) => lv.alloc = *policy,
        Property::Profile(profile) => lv.profile.clone_from(profile),
        Property::Writable(true) if lv.is_writable() => {
            return Err(ChangeError::AlreadyWritable(name.to_owned()));
        }
        Property::Writable(false) if !lv.is_writable() => {
            return Err(ChangeError::AlreadyReadOnly(name.to_owned()));
        }
        Property::Writable(writable) => lv.flags.set(LvFlag::Write, *writable),
        Property::ReadAhead(read_ahead) if lv.read_ahead == *read_ahead => {
            return Err(ChangeError::SameReadAhead { lv: name.to_owned(), read_ahead: *read_ahead });
        }
        Property::ReadAhead(read_ahead) => lv.read_ahead = *read_ahead,
        Property::ActivationSkip(skip) => lv.flags.set(LvFlag::ActivationSkip, *skip),
        Property::Autoactivation(auto) => {
            let before = !lv.flags.has(LvFlag::NoAutoactivate);
            lv.flags.set(LvFlag::NoAutoactivate, !auto);
            return Ok(before != *auto);
        }
        Property::Number(None) if !lv.flags.has(LvFlag::FixedMinor) => {
            return Err(ChangeError::NoNumber(name.to_owned()));
        }
        Property::Number(number) => {
            lv.flags.set(LvFlag::FixedMinor, number.is_some());
            lv.major = number.map(|(major, _)| major);
            lv.minor = number.map(|(_, minor)| minor);
        }
    }
    Ok(true)
}
