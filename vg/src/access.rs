//! Whether this host may look at, change or activate a VG.

use metadata::model::{LvFlag, PvFlag, SegmentKind, Vg, VgFlag};
use thiserror::Error;

/// Who asks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Host<'a> {
    /// The host's own system id, where it has one.
    pub system_id: Option<&'a str>,
    /// `local/extra_system_ids`: ids whose VGs it may use as well.
    pub extra_system_ids: &'a [String],
}

/// What for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To use its LVs' data or list it by name.
    Read,
    /// To activate its LVs.
    Activate,
    /// To change it, all PVs being there.
    Change,
    /// To change it in a way that copes with missing PVs (remove an LV, add a PV, take a missing PV out).
    ChangeDespiteMissing,
    /// To change what may be changed of an exported VG too (its name, that it is exported).
    ChangeExported,
    /// The same, also where PVs are missing.
    ChangeExportedDespiteMissing,
    /// To write it as it is: what is missing or not understood stays as it is.
    Rewrite,
}

impl Purpose {
    fn copes_with_exported(self) -> bool {
        matches!(self, Self::ChangeExported | Self::ChangeExportedDespiteMissing)
    }

    fn copes_with_missing(self) -> bool {
        !matches!(self, Self::Change | Self::ChangeExported)
    }

    fn changes(self) -> bool {
        !matches!(self, Self::Read | Self::Activate)
    }
}

/// Why a VG may not be used. The texts are those that programs know (CLIENTS.md 2.8, 2.03.40 vg_read).
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AccessError {
    /// A lock daemon would have to be asked.
    #[error("Cannot access VG {vg} with lock type {lock_type} that requires lvmlockd.")]
    Shared {
        /// Which VG.
        vg: String,
        /// Its lock type.
        lock_type: String,
    },
    /// It belongs to another host, and this one has no id.
    #[error("Cannot access VG {vg} with system ID {owner} with unknown local system ID.")]
    ForeignToNobody {
        /// Which VG.
        vg: String,
        /// Whose it is.
        owner: String,
    },
    /// It belongs to another host.
    #[error("Cannot access VG {vg} with system ID {owner} with local system ID {own}.")]
    Foreign {
        /// Which VG.
        vg: String,
        /// Whose it is.
        owner: String,
        /// Who asks.
        own: String,
    },
    /// It belongs to a cluster of old.
    #[error("Cannot access clustered VG {vg}.")]
    Clustered {
        /// Which VG.
        vg: String,
    },
    /// It is exported.
    #[error("Volume group {vg} is exported")]
    Exported {
        /// Which VG.
        vg: String,
    },
    /// Its disks would have to be reserved for this host, and are not.
    #[error("Cannot access VG {vg} without persistent reservation.")]
    NotReserved {
        /// Which VG.
        vg: String,
    },
    /// Its own flags forbid changes.
    #[error("Volume group {vg} is read-only.")]
    ReadOnly {
        /// Which VG.
        vg: String,
    },
    /// PVs are missing.
    #[error("Cannot change VG {vg} while PVs are missing.")]
    MissingPvs {
        /// Which VG.
        vg: String,
        /// How many.
        missing: usize,
    },
    /// It holds a segment of a type that is not known at all.
    #[error("Cannot change VG {vg} with unknown segments in it!")]
    UnknownSegments {
        /// Which VG.
        vg: String,
        /// In which LV.
        lv: String,
        /// The type.
        segtype: String,
    },
    /// A status flag has a meaning that is not known.
    #[error("Cannot change VG {vg}: {object} has the unknown flag {flag}.")]
    UnknownFlag {
        /// Which VG.
        vg: String,
        /// The VG, PV or LV that has it.
        object: String,
        /// Its name.
        flag: String,
    },
}

/// Whether `host` may use `vg` for `purpose`. `absent` counts the PVs whose device was not found, flagged
/// missing or not.
pub fn check_access(vg: &Vg, host: Host<'_>, purpose: Purpose, absent: usize) -> Result<(), AccessError> {
    check_owner(vg, host)?;
    let name = || vg.name.clone();
    if vg.flags.has(VgFlag::Clustered) {
        return Err(AccessError::Clustered { vg: name() });
    }
    if vg.is_exported() && !purpose.copes_with_exported() {
        return Err(AccessError::Exported { vg: name() });
    }
    if purpose == Purpose::Read {
        return Ok(());
    }
    if !vg.is_writable() {
        return Err(AccessError::ReadOnly { vg: name() });
    }
    let flagged = vg.pvs.iter().filter(|pv| pv.flags.has(PvFlag::Missing)).count();
    let missing = absent.max(flagged);
    if missing > 0 && !purpose.copes_with_missing() {
        return Err(AccessError::MissingPvs { vg: name(), missing });
    }
    if purpose.changes() && purpose != Purpose::Rewrite {
        check_known(vg)?;
    }
    // Nothing here reserves disks: another host may have done so, and use the VG now. It comes last, for some need not
    // mind it.
    if vg.requires_reservation() { Err(AccessError::NotReserved { vg: name() }) } else { Ok(()) }
}

fn check_owner(vg: &Vg, host: Host<'_>) -> Result<(), AccessError> {
    let name = vg.name.clone();
    if vg.is_shared() {
        let lock_type = vg.lock_type.as_ref().map(|lock| lock.name.clone()).unwrap_or_default();
        return Err(AccessError::Shared { vg: name, lock_type });
    }
    let Some(own) = host.system_id.filter(|own| !own.is_empty()) else {
        let owner = vg.system_id.clone().unwrap_or_default();
        return if owner.is_empty() { Ok(()) } else { Err(AccessError::ForeignToNobody { vg: name, owner }) };
    };
    let mut ids = vec![own];
    ids.extend(host.extra_system_ids.iter().map(String::as_str).filter(|id| !id.is_empty()));
    if vg.is_foreign_to(&ids) {
        let owner = vg.system_id.clone().unwrap_or_default();
        return Err(AccessError::Foreign { vg: name, owner, own: own.to_owned() });
    }
    Ok(())
}

/// Nothing in it is of an unknown kind, so that writing it anew loses nothing.
pub(crate) fn check_known(vg: &Vg) -> Result<(), AccessError> {
    for lv in &vg.lvs {
        for segment in &lv.segments {
            if let SegmentKind::Verbatim(verbatim) = &segment.kind
                && verbatim.segtype.is_none()
            {
                return Err(AccessError::UnknownSegments {
                    vg: vg.name.clone(),
                    lv: lv.name.clone(),
                    segtype: verbatim.type_name.clone(),
                });
            }
        }
    }
    let refuse = |object: &str, flags: &[String]| match flags.first() {
        Some(flag) => Err(AccessError::UnknownFlag {
            vg: vg.name.clone(),
            object: object.to_owned(),
            flag: flag.clone(),
        }),
        None => Ok(()),
    };
    refuse(&vg.name, &vg.flags.unknown_status)?;
    for pv in &vg.pvs {
        refuse(&pv.device, &pv.flags.unknown_status)?;
    }
    for lv in &vg.lvs {
        refuse(&lv.name, &lv.flags.unknown_status)?;
        refuse(&lv.name, &lv.flags.unknown_segtype)?;
    }
    Ok(())
}

/// Whether an LV has extents, itself or through sub-LVs, on a PV that is flagged missing.
pub(crate) fn partial_lvs(vg: &Vg) -> Vec<String> {
    let missing = |pv| vg.pvs.get(pv).is_none_or(|pv| pv.flags.has(PvFlag::Missing));
    vg.lvs
        .iter()
        .filter(|lv| lv.flags.has(LvFlag::Visible) || lv.segments.is_empty())
        .filter(|lv| vg.pvs_of(lv).into_iter().any(missing))
        .map(|lv| lv.name.clone())
        .collect()
}
