//! What an LV needs of device-mapper: its devices and their tables.

use dm::{Access, DevNo, DevRef, DmName, DmUuid, Kind, Linear, NameError, Stripe, Striped, Table, Target};
use metadata::model::{Area, Lv, PvFlag, ReadAhead, Segment, SegmentKind, Vg, names};
use thiserror::Error;
use units::{Extents, Id, Pe, Sectors};

/// A device for an LV.
#[derive(Clone, Debug, PartialEq)]
pub struct LvNode {
    /// Of which LV.
    pub lv: Id,
    /// Its device-mapper name.
    pub name: DmName,
    /// Its device-mapper uuid.
    pub uuid: DmUuid,
    /// What it is made of.
    pub table: Table,
    /// Whether writes reach it.
    pub access: Access,
    /// How far ahead the kernel shall read on it.
    pub read_ahead: dm::tree::ReadAhead,
    /// A persistent number.
    pub number: Option<DevNo>,
}

/// Why an LV has no devices.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WantError {
    /// A PV is missing, and the LV is not to be activated without it.
    #[error("Refusing activation of partial LV {vg}/{lv}.  Use '--activationmode partial' to override.")]
    Missing {
        /// The VG.
        vg: String,
        /// The LV.
        lv: String,
        /// The PV.
        pv: Id,
    },
    /// A segment type of a later day.
    #[error("Cannot activate {vg}/{lv}: segment type {segtype} is not supported yet by rlvm.")]
    Unsupported {
        /// The VG.
        vg: String,
        /// The LV.
        lv: String,
        /// The type.
        segtype: String,
    },
    /// A flag of a later day, which may change what the segments mean.
    #[error(
        "Refusing activation of LV {vg}/{lv} containing an unrecognised segment: {flag} stands with its type."
    )]
    Unrecognised {
        /// The VG.
        vg: String,
        /// The LV.
        lv: String,
        /// The flag.
        flag: String,
    },
    /// The name is too long for device-mapper once its hyphens are doubled.
    #[error("{vg}/{lv} has no device-mapper name")]
    Name {
        /// The VG.
        vg: String,
        /// The LV.
        lv: String,
        /// Why.
        source: NameError,
    },
    /// A device of another VG has the LV's id.
    #[error(
        "Refusing activation of {vg}/{lv}: the running device {device} of another VG has its id; \
         see vgchange --uuid."
    )]
    Taken {
        /// The VG.
        vg: String,
        /// The LV.
        lv: String,
        /// The device's name.
        device: String,
    },
    /// Numbers that do not fit; validation should have found them.
    #[error("{vg}/{lv} has impossible extents")]
    Impossible {
        /// The VG.
        vg: String,
        /// The LV.
        lv: String,
    },
}

/// How PVs are found, and what stands for those that are missing.
pub struct Devices<'a> {
    /// The device of a PV; none: it is missing.
    pub find: &'a dyn Fn(Id) -> Option<DevRef>,
    /// Whether extents of missing PVs become error targets instead of an error.
    pub partial: bool,
}

/// The devices of an LV, those it is built on first.
pub fn nodes(vg: &Vg, lv: &Lv, access: Access, devices: &Devices<'_>) -> Result<Vec<LvNode>, WantError> {
    if let Some(flag) = lv.flags.unknown_segtype.first() {
        let (vg, lv) = (vg.name.clone(), lv.name.clone());
        return Err(WantError::Unrecognised { vg, lv, flag: flag.clone() });
    }
    let mut targets = Vec::new();
    for segment in &lv.segments {
        targets.extend(self::targets(vg, lv, segment, devices)?);
    }
    let named = |source| WantError::Name { vg: vg.name.clone(), lv: lv.name.clone(), source };
    Ok(vec![LvNode {
        lv: lv.id,
        name: DmName::new(names::dm_name(&vg.name, &lv.name, "")).map_err(named)?,
        uuid: DmUuid::new(names::dm_uuid(vg.id, lv.id, "")).map_err(named)?,
        table: Table::new(targets),
        access,
        read_ahead: read_ahead(lv),
        // Of a persistent number the kernel heeds the minor alone; the major is device-mapper's own.
        number: lv.minor.map(|minor| DevNo::new(lv.major.unwrap_or(0), minor)),
    }])
}

/// As LVM2 sets it: as asked, or for stripes at least two of their widths (2.03.40: libdm-deptree.c takes the
/// larger of that and the kernel's own).
fn read_ahead(lv: &Lv) -> dm::tree::ReadAhead {
    use dm::tree::ReadAhead as Wanted;
    match lv.read_ahead {
        ReadAhead::None => Wanted::Exactly(Sectors::ZERO),
        ReadAhead::Sectors(sectors) => Wanted::Exactly(Sectors::new(u64::from(sectors))),
        ReadAhead::Auto => {
            let widths = lv.segments.iter().filter_map(|segment| match &segment.kind {
                SegmentKind::Striped(striped) if striped.areas.len() > 1 => {
                    striped.stripe_size.checked_mul(2 * striped.areas.len() as u64)
                }
                SegmentKind::Striped(_)
                | SegmentKind::Error
                | SegmentKind::Zero
                | SegmentKind::Verbatim(_) => None,
            });
            widths.max().map_or(Wanted::Auto, Wanted::AtLeast)
        }
    }
}

fn targets(vg: &Vg, lv: &Lv, segment: &Segment, devices: &Devices<'_>) -> Result<Vec<Target>, WantError> {
    let impossible = || WantError::Impossible { vg: vg.name.clone(), lv: lv.name.clone() };
    let sectors = |count: Extents| vg.extent_size.to_sectors(count).ok_or_else(impossible);
    let start = sectors(segment.start.offset())?;
    let len = sectors(segment.len)?;
    let kind = match &segment.kind {
        SegmentKind::Error => Kind::Error,
        SegmentKind::Zero => Kind::Zero,
        SegmentKind::Striped(striped) => {
            let mut stripes = Vec::with_capacity(striped.areas.len());
            for &area in &striped.areas {
                match place(vg, lv, area, devices)? {
                    Some(stripe) => stripes.push(stripe),
                    // One missing stripe leaves nothing readable in order.
                    None => return Ok(vec![Target { start, len, kind: Kind::Error }]),
                }
            }
            match stripes.as_slice() {
                [] => return Err(impossible()),
                [one] => Kind::Linear(Linear { device: one.device.clone(), offset: one.offset }),
                _ => Kind::Striped(Striped { chunk: striped.stripe_size, stripes }),
            }
        }
        SegmentKind::Verbatim(_) => {
            return Err(WantError::Unsupported {
                vg: vg.name.clone(),
                lv: lv.name.clone(),
                segtype: segment.type_name().to_owned(),
            });
        }
    };
    Ok(vec![Target { start, len, kind }])
}

/// Where an area begins; none: on a missing PV, and that is accepted.
fn place(vg: &Vg, lv: &Lv, area: Area, devices: &Devices<'_>) -> Result<Option<Stripe>, WantError> {
    let impossible = || WantError::Impossible { vg: vg.name.clone(), lv: lv.name.clone() };
    match area {
        Area::Pv { pv, start } => {
            let known = vg.pvs.get(pv).ok_or_else(impossible)?;
            let missing = || WantError::Missing { vg: vg.name.clone(), lv: lv.name.clone(), pv };
            match (devices.find)(pv) {
                // It is here again, but what it holds may be old.
                Some(_) if known.flags.has(PvFlag::Missing) && !devices.partial => Err(missing()),
                Some(device) => {
                    let offset = offset(vg, start).and_then(|at| known.pe_start.checked_add(at));
                    Ok(Some(Stripe { device, offset: offset.ok_or_else(impossible)? }))
                }
                None if devices.partial => Ok(None),
                None => Err(missing()),
            }
        }
        Area::Lv { lv: below, start } => {
            let below = vg.lvs.get(below).ok_or_else(impossible)?;
            let name = DmName::new(names::dm_name(&vg.name, &below.name, ""));
            let offset = vg.extent_size.to_sectors(start.offset()).ok_or_else(impossible)?;
            let named = |source| WantError::Name { vg: vg.name.clone(), lv: below.name.clone(), source };
            Ok(Some(Stripe { device: DevRef::Node(name.map_err(named)?), offset }))
        }
    }
}

fn offset(vg: &Vg, start: Pe) -> Option<Sectors> {
    vg.extent_size.to_sectors(start.offset())
}
