//! One metadata area through a commit: where the new text goes and what its header says at each step.
//!
//! ```text
//!             slot 0      slot 1
//! as read     old         whatever an unfinished commit left
//! staged      old         new         (the new text is durable before the slot points at it)
//! committed   new         -
//! reverted    old         -
//! ```

use super::block::Block;
use super::error::AreaError;
use super::mark::Mark;
use super::sheet::Sheet;
use crate::state::{AreaOnDisk, Holds};
use device::{Disk, DiskError};
use metadata::disk::{MdaHeader, RawLocn};
use std::ops::Range;
use units::Bytes;

/// Everything that will be written to one area, prepared.
#[derive(Debug)]
pub(super) struct AreaPlan {
    /// The text.
    sheet: Sheet,
    /// Where it goes, in one or two runs.
    runs: Vec<(Bytes, Range<usize>)>,
    new: RawLocn,
    committed_header: MdaHeader,
    staged: Block,
    committed: Block,
    reverted: Block,
}

impl AreaPlan {
    /// Plans the area's part of a commit of that text; with `retire` the area is marked as
    /// not in use by the commit. Where `again`, reads the header's block, and refuses where it is not what `area`
    /// says; so it does, in any case, where there is more in the block than the header.
    pub(super) fn new(
        disk: &dyn Disk,
        area: &AreaOnDisk,
        sheet: &Sheet,
        retire: bool,
        again: bool,
    ) -> Result<Self, AreaError> {
        let place = area.area.offset;
        let block = match &area.header {
            Some(header) if !again && Block::holds_one_sector(disk) => Block::of(place, &header.encode()),
            _ => {
                let block = Block::read(disk, place)?;
                let now = MdaHeader::parse(block.sector(place), area.area).ok();
                if now != area.header {
                    return Err(AreaError::Changed { area: area.area });
                }
                block
            }
        };
        let old = old_header(area);
        let unit = Bytes::new(u64::from(disk.physical_block().max(disk.logical_block())));
        let placement = old.ring().place(kept_text(area, &old), sheet.len(), unit)?;
        let new = sheet.locn(&placement);
        let runs: Vec<_> = placement.runs().collect();
        let [mut staged, mut committed] = [old.clone(), old.clone()];
        staged.slots[1].point(new);
        committed.slots[0].point(new);
        committed.slots[0].set_ignored(retire);
        committed.slots[1].clear();
        let mut reverted = old;
        reverted.slots[1].clear();
        let with = |header: &MdaHeader| {
            let mut block = block.copy();
            runs.iter().for_each(|(at, run)| block.overlay(*at, sheet.bytes(run)));
            block.overlay(place, &header.encode());
            block
        };
        let blocks = [with(&staged), with(&committed), with(&reverted)];
        let [staged, committed_block, reverted] = blocks;
        Ok(Self {
            sheet: sheet.clone(),
            runs,
            new,
            committed_header: committed,
            staged,
            committed: committed_block,
            reverted,
        })
    }

    /// Writes the text.
    pub(super) fn write_text(&self, disk: &dyn Disk) -> Result<(), DiskError> {
        self.runs.iter().try_for_each(|(at, run)| pv::write_in_blocks(disk, *at, self.sheet.bytes(run)))
    }

    /// Points slot 1 at the text.
    pub(super) fn write_staged(&self, disk: &dyn Disk) -> Result<(), DiskError> {
        self.staged.write(disk)
    }

    /// Points slot 0 at the text.
    pub(super) fn write_committed(&self, disk: &dyn Disk) -> Result<(), DiskError> {
        self.committed.write(disk)
    }

    /// Clears slot 1.
    pub(super) fn write_reverted(&self, disk: &dyn Disk) -> Result<(), DiskError> {
        self.reverted.write(disk)
    }

    /// Whether the disk, read again, has the new text committed.
    pub(super) fn is_committed(&self, disk: &dyn Disk) -> Result<bool, DiskError> {
        self.mark(disk).is_committed(disk)
    }

    /// What a reader sees once the new text is committed.
    pub(super) fn mark(&self, disk: &dyn Disk) -> Mark {
        Mark { path: disk.path().to_owned(), area: self.committed_header.area, text: self.new }
    }

    /// The header after the commit.
    pub(super) fn committed_header(&self) -> &MdaHeader {
        &self.committed_header
    }
}

/// The header that the new one is made of. A damaged one is made anew. Where slot 0 points at a damaged text
/// and a sound one was found in the ring, slot 0 points at that one; an area taken back into use is empty,
/// as LVM2 makes it.
fn old_header(area: &AreaOnDisk) -> MdaHeader {
    let mut header = area.header.clone().unwrap_or_else(|| MdaHeader::new(area.area));
    match &area.holds {
        Holds::Recovered(locn) => header.slots[0].point(*locn),
        Holds::Ignored => {
            header.slots.iter_mut().for_each(RawLocn::clear);
            header.slots[0].set_ignored(false);
        }
        Holds::Current | Holds::Outdated { .. } | Holds::Conflict | Holds::Empty | Holds::Damaged(_) => {}
    }
    header
}

/// The text in the ring that must stay whole until the commit.
fn kept_text(area: &AreaOnDisk, header: &MdaHeader) -> Option<RawLocn> {
    match &area.holds {
        Holds::Current | Holds::Recovered(_) | Holds::Outdated { .. } | Holds::Conflict => header.committed(),
        Holds::Empty | Holds::Ignored => None,
        // What is damaged is of no use; but a slot that makes sense is respected, for whoever repairs by hand.
        Holds::Damaged(_) => header.committed().filter(|locn| header.ring().text(*locn).is_ok()),
    }
}
