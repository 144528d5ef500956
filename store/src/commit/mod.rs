//! Changing a VG so that a crash at any point leaves the old one or the new one.
//!
//! ```text
//! Change::stage ─> Staged ─> commit ─> Committed ─> finish ─> Finished
//!                    └─────> revert
//! ```
//! - **stage**: on every metadata area in use, all disks in parallel: the new text into the free part of the
//!   ring, flush, slot 1 points at it, flush. Readers still see the old text.
//! - **commit**: slot 0 points at the new text, written as one logical block with its neighbours as they were
//!   read, flush. One area that took it makes the VG the new one, for readers take the highest seqno.
//! - **finish**: PV headers. PVs that joined are marked as used only now, and PVs that left lose their old text
//!   only now: a crash before leaves either a PV of the new VG without the mark, which the next change mends, or an
//!   outdated PV with an older text. The other order would leave PVs marked as used by a VG that does not exist, or a
//!   VG without its text.
//! - **revert**: slot 1 is cleared.
//!
//! Between stage and the end of commit or revert nothing is allocated or opened, so that it can happen while
//! the disk under `/` is suspended: threads, buffers and places for errors are made by `stage`.

mod area;
mod block;
mod copies;
mod crew;
mod error;
mod finish;
mod mark;
mod outcome;
mod remake;
mod remove;
mod sheet;
mod writable;

pub use error::{AreaError, AreaFailure, CommitError, LabelError, StageError, Trouble};
pub use finish::Finished;
pub use mark::{Mark, MarkError};
pub use remake::remake;
pub use remove::{RemoveError, remove};
pub use writable::check_writable;

use crate::state::{AreaOnDisk, PvOnDisk, VgOnDisk};
use crate::text;
use area::AreaPlan;
use block::Block;
use copies::Part;
use crew::{Crew, Job, Member};
use device::{Disk, DiskId, DiskSet};
use metadata::model::{Provenance, Vg};
use outcome::Outcome;
use sheet::Sheet;
use std::collections::HashMap;
use std::sync::Arc;
use units::Id;

/// What a change writes beside what it is about. Damaged metadata areas and outdated PVs may be all that is left of
/// what somebody wants back: they are for commands that are asked to mend them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mend {
    /// Sound metadata areas alone, older texts on them included.
    #[default]
    Nothing,
    /// Damaged metadata areas too, where they surely are some; and outdated PVs become PVs without a VG.
    Sure,
    /// All damaged metadata areas: what is in them could bring back a state that is newer than the one restored.
    Areas,
}

/// One change of one VG.
#[derive(Debug)]
pub struct Change<'a> {
    /// The disks of the scan that `before` comes from.
    pub disks: &'a DiskSet,
    /// The VG as read under its lock; none where it is new.
    pub before: Option<&'a VgOnDisk>,
    /// The VG as it shall be, its seqno raised.
    pub next: Vg,
    /// What the text says of its own writing.
    pub provenance: Provenance,
    /// PVs without a VG that are in `next`. PVs of `before` that are not in `next` leave the VG.
    pub joining: Vec<PvOnDisk>,
    /// PVs of `before` whose headers shall be others: by their ids now, what they shall look like. See [`remake`].
    pub remade: HashMap<Id, PvOnDisk>,
    /// What is mended on the way.
    pub mend: Mend,
}

/// A change that is on the disks but not in force.
#[derive(Debug)]
pub struct Staged {
    crew: Crew,
    plan: Outcome,
    pointed: Pointed,
    /// Of the attempt to commit.
    failures: Vec<AreaFailure>,
}

/// How far a commit came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pointed {
    /// It was not tried.
    NotYet,
    /// The change is in force on all metadata areas.
    All,
    /// It is in force; some metadata areas still have the old text.
    Some,
    /// It is not in force, and was taken back.
    None,
    /// No area is known to have taken it, and some cannot be read to find out.
    Unknown,
}

impl Pointed {
    /// Whether the change is known to be in force.
    pub fn is_in_force(self) -> bool {
        match self {
            Self::All | Self::Some => true,
            Self::NotYet | Self::None | Self::Unknown => false,
        }
    }
}

/// A change that is in force. PV headers still have to be brought in line: [`Committed::finish`].
#[derive(Debug)]
#[must_use = "PV headers are written by finish()"]
pub struct Committed {
    plan: Outcome,
    disks: HashMap<DiskId, Arc<dyn Disk>>,
    troubles: Vec<Trouble>,
}

impl Change<'_> {
    /// Puts the new text on every metadata area in use, without making it the VG's. On any failure it is taken
    /// back, and the VG is what it was.
    pub fn stage(mut self) -> Result<Staged, StageError> {
        if self.next.metadata_copies == u32::MAX {
            let all = std::mem::replace(&mut self.next.metadata_copies, 0);
            return self.stage_as(all);
        }
        let copies = self.next.metadata_copies;
        self.stage_as(copies)
    }

    fn stage_as(self, copies: u32) -> Result<Staged, StageError> {
        let text = text::encode(&self.next, &self.provenance)?;
        let disks = self.disks;
        let plan = Outcome::of(self, &text)?;
        let parts = copies::parts(copies, &plan.areas, &plan.ignored);
        if !parts.contains(&Part::Write) {
            return Err(StageError::NoArea { vg: plan.next.name });
        }
        let crew = Crew::new(members(disks, &plan, &parts, &Sheet::of(&text))?);
        if crew.run(Job::Stage) {
            return Ok(Staged { crew, plan, pointed: Pointed::NotYet, failures: Vec::new() });
        }
        let failures = failures(&crew);
        crew.run(Job::Revert);
        let left_staged = self::failures(&crew);
        let (vg, areas) = (plan.next.name, plan.areas.len());
        Err(StageError::Areas { vg, areas, failures, left_staged })
    }
}

/// Plans all areas that get the text, by disk. The VG was read under its lock; that nobody who knows of no locks has
/// changed it since is asked of the first area, for a change reaches all of them: a round trip, not one per disk.
fn members(
    disks: &DiskSet,
    plan: &Outcome,
    parts: &[Part],
    sheet: &Sheet,
) -> Result<Vec<Member>, StageError> {
    let mut by_disk: Vec<(DiskId, Vec<(&AreaOnDisk, bool)>)> = Vec::new();
    for (area, part) in plan.areas.iter().zip(parts) {
        let retire = match part {
            Part::Write => false,
            Part::Retire => true,
            Part::Leave => continue,
        };
        match by_disk.iter_mut().find(|(disk, _)| *disk == area.disk) {
            Some((_, areas)) => areas.push((area, retire)),
            None => by_disk.push((area.disk, vec![(area, retire)])),
        }
    }
    let first = by_disk.first().map(|(disk, _)| *disk);
    let planned = device::each(
        &by_disk,
        |(id, _)| Some(*id) == first || !Block::holds_one_sector(&**disks.disk(*id)),
        |(id, areas)| {
            let disk = disks.disk(*id);
            // All of them before the first is written: what is refused changes no byte.
            writable::open(&**disk).map_err(|error| AreaFailure::new(*id, &**disk, error))?;
            let plan = |(area, retire): &(&AreaOnDisk, bool)| {
                AreaPlan::new(&**disk, area, sheet, *retire, Some(*id) == first)
            };
            let areas: Result<Vec<_>, _> = areas.iter().map(plan).collect();
            match areas {
                Ok(areas) => Ok(Member { id: *id, disk: Arc::clone(disk), areas }),
                Err(error) => Err(AreaFailure::new(*id, &**disk, error)),
            }
        },
    );
    let (mut members, mut failures) = (Vec::new(), Vec::new());
    for result in planned {
        match result {
            Ok(member) => members.push(member),
            Err(failure) => failures.push(failure),
        }
    }
    if failures.is_empty() {
        return Ok(members);
    }
    let (vg, areas) = (plan.next.name.clone(), plan.areas.len());
    Err(StageError::Areas { vg, areas, failures, left_staged: Vec::new() })
}

impl AreaFailure {
    fn new(id: DiskId, disk: &dyn Disk, error: AreaError) -> Self {
        Self { disk: id, path: disk.path().to_owned(), error }
    }
}

/// The errors of the crew's last job.
fn failures(crew: &Crew) -> Vec<AreaFailure> {
    let errors = crew.take_errors().into_iter();
    errors
        .map(|(place, error)| {
            let member = &crew.members()[place];
            AreaFailure::new(member.id, &*member.disk, error.into())
        })
        .collect()
}

impl Staged {
    /// The VG as it will be.
    pub fn next(&self) -> &Vg {
        &self.plan.next
    }

    /// Puts the change in force. After an error each area is read again before it is said that the VG was not
    /// changed; what was not committed is reverted.
    pub fn commit(mut self) -> Result<Committed, CommitError> {
        self.point();
        self.concluded()
    }

    /// Points the slots 0 at the new text, or finds out that none does; in two steps with [`Self::concluded`]
    /// for callers that must not allocate in between. Allocates nothing itself unless a write fails.
    pub fn point(&mut self) -> Pointed {
        if self.crew.run(Job::Commit) {
            self.pointed = Pointed::All;
            return self.pointed;
        }
        self.failures = failures(&self.crew);
        self.pointed = match accepted(&self.crew, &self.failures) {
            Some(true) => Pointed::Some,
            Some(false) => {
                self.crew.run(Job::Revert);
                Pointed::None
            }
            None => Pointed::Unknown,
        };
        self.pointed
    }

    /// What came of [`Self::point`]; where that was not called, the change is taken back.
    pub fn concluded(self) -> Result<Committed, CommitError> {
        let Self { crew, mut plan, pointed, failures } = self;
        let vg = plan.next.name.clone();
        let troubles: Vec<Trouble> = match pointed {
            Pointed::NotYet => {
                crew.run(Job::Revert);
                return Err(CommitError::NotCommitted { vg, failures });
            }
            Pointed::None => return Err(CommitError::NotCommitted { vg, failures }),
            Pointed::Unknown => return Err(CommitError::Unknown { vg, failures }),
            Pointed::All | Pointed::Some => failures.into_iter().map(Trouble::Area).collect(),
        };
        let stuck: Vec<DiskId> = troubles.iter().filter_map(Trouble::area_disk).collect();
        for member in crew.members() {
            for area in &member.areas {
                match stuck.contains(&member.id) {
                    true => plan.reread(member, area),
                    false => plan.note_committed(member, area),
                }
            }
        }
        let disks = std::mem::take(&mut plan.disks);
        Ok(Committed { plan, disks, troubles })
    }

    /// How another process can tell whether the change is in force: one mark for each metadata area.
    pub fn marks(&self) -> Vec<Mark> {
        let members = self.crew.members().iter();
        members.flat_map(|member| member.areas.iter().map(|area| area.mark(&*member.disk))).collect()
    }

    /// Takes the change back. Where a slot cannot be cleared the VG is still what it was, for readers ignore it.
    pub fn revert(self) -> Result<(), Vec<AreaFailure>> {
        if self.crew.run(Job::Revert) { Ok(()) } else { Err(failures(&self.crew)) }
    }
}

/// Whether any area has the new text: those that reported no error, or else, read again, those that did. None
/// where that cannot be found out.
fn accepted(crew: &Crew, failures: &[AreaFailure]) -> Option<bool> {
    let failed = |member: &Member| failures.iter().any(|failure| failure.disk == member.id);
    let mut known = true;
    for member in crew.members() {
        if !failed(member) {
            return Some(true);
        }
        for area in &member.areas {
            match area.is_committed(&*member.disk) {
                Ok(true) => return Some(true),
                Ok(false) => {}
                Err(_) => known = false,
            }
        }
    }
    known.then_some(false)
}
