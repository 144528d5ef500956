//! What was found on the disks: VGs with the copies of their texts, PVs without a VG, and what is wrong.

use crate::read::Reason;
use device::{DiskError, DiskId};
use metadata::disk::{Damage, DiskArea, Label, MdaHeader, RawLocn, What};
use metadata::model::{Provenance, Pv, Vg};
use pv::{Exclusion, Found, Mda, MdaFault};
use std::collections::HashMap;
use units::{Bytes, Id, Sectors};

/// Everything found on a set of disks.
#[derive(Debug, Default)]
pub struct Scan {
    /// The VGs, in the order in which the PVs that hold their texts stand in the set. Two of them may have one name.
    pub vgs: Vec<VgOnDisk>,
    /// PVs that are in no VG that was found.
    pub orphans: Vec<PvOnDisk>,
    /// Damaged metadata areas on PVs that are in no VG that was found: what was in them may be all there was of one.
    pub astray: Vec<Astray>,
    /// PV ids that more than one disk has.
    pub duplicates: Vec<DuplicatePv>,
    /// Disks with labels of which none is sound.
    pub damaged: Vec<(DiskId, Vec<Damage>)>,
    /// Disks with a label that are no PVs all the same.
    pub skipped: Vec<(DiskId, Exclusion)>,
    /// Disks that cannot be read.
    pub unreadable: Vec<(DiskId, DiskError)>,
}

/// A damaged metadata area that no VG counts among its own.
#[derive(Clone, Debug)]
pub struct Astray {
    /// On which disk.
    pub disk: DiskId,
    /// Where.
    pub area: DiskArea,
    /// Where on the disk the text begins that its header points at; none where the header points at none.
    pub text: Option<Bytes>,
    /// What is wrong.
    pub fault: MdaFault,
}

/// A PV as its own disk describes it.
#[derive(Clone, Debug)]
pub struct PvOnDisk {
    /// Where it is.
    pub disk: DiskId,
    /// Its label, with the PV header.
    pub label: Label,
    /// Its metadata areas.
    pub mdas: Vec<Mda>,
    /// What is wrong around its label, and ignored.
    pub damage: Vec<Damage>,
}

/// A PV id that more than one disk has.
#[derive(Clone, Debug, PartialEq)]
pub struct DuplicatePv {
    /// The id.
    pub id: Id,
    /// The disk that is used.
    pub chosen: DiskId,
    /// Why.
    pub reason: Reason,
    /// Those that are left alone.
    pub others: Vec<DiskId>,
}

/// A VG with the disks it was found on.
#[derive(Clone, Debug)]
pub struct VgOnDisk {
    /// The newest sound text.
    pub vg: Vg,
    /// Who wrote that text.
    pub provenance: Provenance,
    /// Its PVs that are here, by id. PVs of the VG that are not among them are missing.
    pub pvs: HashMap<Id, PvOnDisk>,
    /// The metadata areas on its PVs, in the order of the VG's PVs.
    pub areas: Vec<AreaOnDisk>,
    /// PVs that hold an older text of this VG but are in it no more. They stay as they are until somebody asks for that
    /// to be mended, or the VG is removed.
    pub outdated: Vec<PvOnDisk>,
    /// What users should know.
    pub findings: Vec<Finding>,
}

/// A metadata area of a VG's PV.
#[derive(Clone, Debug)]
pub struct AreaOnDisk {
    /// On which disk.
    pub disk: DiskId,
    /// Of which PV.
    pub pv: Id,
    /// Where on the disk.
    pub area: DiskArea,
    /// Its header; none where it is damaged.
    pub header: Option<MdaHeader>,
    /// What it holds.
    pub holds: Holds,
}

/// What a metadata area holds, seen from its VG.
#[derive(Clone, Debug)]
pub enum Holds {
    /// The VG's newest text.
    Current,
    /// The VG's newest text, not where slot 0 points (what that points at is damaged) but here.
    Recovered(RawLocn),
    /// An older text of the VG, or one of another VG; the next change writes it anew.
    Outdated {
        /// The VG of that text.
        vg: Id,
        /// Its seqno.
        seqno: u32,
    },
    /// Another text of the VG with the seqno of the newest one. It stays as it is until somebody asks for it to be
    /// mended.
    Conflict,
    /// No text yet.
    Empty,
    /// It is marked as not in use.
    Ignored,
    /// Its header or text is damaged. It stays as it is until somebody asks for it to be mended.
    Damaged(MdaFault),
}

/// Something about a VG that users should know.
#[derive(Clone, Debug)]
pub enum Finding {
    /// A metadata area is damaged; another copy is used.
    DamagedArea {
        /// On which disk.
        disk: DiskId,
        /// Where.
        area: DiskArea,
        /// What is wrong.
        fault: MdaFault,
    },
    /// No copy of the newest text is whole; the one before is used.
    FellBack {
        /// On which disk it was found.
        disk: DiskId,
        /// The seqno that is used.
        seqno: u32,
        /// What is wrong with the newest.
        fault: MdaFault,
    },
    /// A metadata area holds an older text; the next change writes it anew.
    OutdatedArea {
        /// On which disk.
        disk: DiskId,
        /// The seqno found there.
        seqno: u32,
    },
    /// A PV holds an older text of the VG but is in it no more.
    OutdatedPv {
        /// On which disk.
        disk: DiskId,
        /// The seqno found there.
        seqno: u32,
    },
    /// Two texts of one seqno differ; the one written later is used.
    Conflict {
        /// On which disk the other one is.
        disk: DiskId,
        /// The seqno of both.
        seqno: u32,
    },
    /// A PV is not here.
    MissingPv {
        /// Its id.
        pv: Id,
        /// What it was called when the text was written.
        device: String,
    },
    /// A PV that was missing when the VG was last written is here again. Where nothing lies on it, it counts as
    /// present; else what it holds may be old, and it counts as missing until somebody says otherwise.
    Reappeared {
        /// Its id.
        pv: Id,
        /// On which disk.
        disk: DiskId,
        /// Whether extents of it are used.
        used: bool,
    },
    /// A PV of this VG is in another VG by a later text, and counts as missing here.
    ClaimedElsewhere {
        /// Its id.
        pv: Id,
        /// On which disk.
        disk: DiskId,
        /// The VG it is in.
        name: String,
        /// That VG's id.
        id: Id,
    },
    /// A PV's disk is smaller than the PV.
    Shrunk {
        /// Which disk.
        disk: DiskId,
        /// How long it is.
        size: Sectors,
        /// How long the PV is.
        pv_size: Sectors,
    },
    /// A creation time in the text is none; another one is taken, and written with the next change.
    RepairedTime,
    /// A PV's header does not say that it is in a VG; the next change makes it say so.
    NotMarkedUsed {
        /// Which disk.
        disk: DiskId,
        /// Whether the header is too old to say so.
        old_header: bool,
    },
}

impl PvOnDisk {
    /// A PV that was found on a disk.
    pub fn new(disk: DiskId, found: Found) -> Self {
        Self { disk, label: found.label, mdas: found.mdas, damage: found.damage }
    }

    /// Its id.
    pub fn id(&self) -> Id {
        self.label.header.id
    }

    /// Whether it says that it is in a VG. Where no VG claims it, its metadata are missing or unreadable,
    /// and it must not be used without force.
    pub fn is_marked_used(&self) -> bool {
        self.label.header.used() == Some(true)
    }
}

impl VgOnDisk {
    /// The disk that a PV of this VG is on; none where it is missing.
    pub fn disk_of(&self, pv: Id) -> Option<DiskId> {
        self.pvs.get(&pv).map(|pv| pv.disk)
    }

    /// The PVs that are not here.
    pub fn missing(&self) -> impl Iterator<Item = &Pv> {
        self.vg.pvs.iter().filter(|pv| !self.pvs.contains_key(&pv.id))
    }

    /// Whether some PV is not here.
    pub fn is_partial(&self) -> bool {
        self.missing().next().is_some()
    }

    /// Whether a PV was missing when the VG was last changed, and counts as here now because nothing lies on it.
    pub fn is_back(&self, pv: Id) -> bool {
        let back = |finding: &Finding| matches!(finding, Finding::Reappeared { pv: id, used: false, .. } if *id == pv);
        self.findings.iter().any(back)
    }

    /// Whether some PV of it has a duplicate in that scan.
    pub fn has_duplicates(&self, scan: &Scan) -> bool {
        scan.duplicates.iter().any(|duplicate| self.vg.pvs.contains(duplicate.id))
    }

    /// Its metadata areas that hold texts or could.
    pub fn areas_in_use(&self) -> impl Iterator<Item = &AreaOnDisk> {
        self.areas.iter().filter(|area| !area.is_ignored())
    }
}

impl AreaOnDisk {
    /// Whether changes of the VG leave it as it is: nobody knows which of its bytes may still be of use.
    pub fn is_bad(&self) -> bool {
        match self.holds {
            Holds::Damaged(_) | Holds::Conflict => true,
            Holds::Current | Holds::Recovered(_) | Holds::Outdated { .. } | Holds::Empty | Holds::Ignored => {
                false
            }
        }
    }

    /// Whether what is bad may be written anew. Not where it cannot be read, or does not look like a metadata area: then
    /// it may be something else (LVM2 has the same rule).
    pub fn is_mendable(&self) -> bool {
        match &self.holds {
            Holds::Damaged(MdaFault::Unreadable(_)) => false,
            Holds::Damaged(MdaFault::Damage(damage)) => {
                !matches!(damage.what, What::MdaMagic | What::MdaStart)
            }
            Holds::Damaged(MdaFault::Text(_)) | Holds::Conflict => true,
            Holds::Current | Holds::Recovered(_) | Holds::Outdated { .. } | Holds::Empty | Holds::Ignored => {
                false
            }
        }
    }

    /// Whether it is marked as not in use.
    pub fn is_ignored(&self) -> bool {
        matches!(self.holds, Holds::Ignored)
    }
}

impl Scan {
    /// All VGs of that name.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a VgOnDisk> {
        self.vgs.iter().filter(move |found| found.vg.name == name)
    }

    /// A VG with that id. Two of different names may have it.
    pub fn vg(&self, id: Id) -> Option<&VgOnDisk> {
        self.vgs.iter().find(|found| found.vg.id == id)
    }

    /// The VG with that id and that name.
    pub fn vg_called(&self, id: Id, name: &str) -> Option<&VgOnDisk> {
        self.vgs.iter().find(|found| found.vg.id == id && found.vg.name == name)
    }

    /// The VG that a disk's PV is in.
    pub fn vg_on(&self, disk: DiskId) -> Option<&VgOnDisk> {
        self.vgs.iter().find(|found| found.pvs.values().any(|pv| pv.disk == disk))
    }

    /// The PV without a VG that is on a disk.
    pub fn orphan_on(&self, disk: DiskId) -> Option<&PvOnDisk> {
        self.orphans.iter().find(|pv| pv.disk == disk)
    }
}
