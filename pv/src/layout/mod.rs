//! Where label, metadata areas, bootloader area and first extent of a new PV go. Pure.
//!
//! ```text
//! sector 1   label                       (any of sectors 0 to 3)
//! page       metadata area 0             (up to where the extents or the bootloader area start)
//!            bootloader area             (if asked for)
//! 1 MiB      extents
//! end        metadata area 1             (with two copies)
//! ```
//! The arithmetic is LVM2's, so that the same options give the same bytes.
//! Facts: LVM2 2.03.40 lib/format_text/format-text.c (`_text_pv_initialise`, `_text_pv_add_metadata_area`),
//! lib/metadata/metadata.c (`set_pe_align`, `pv_create`).

mod align;
mod options;
mod result;

pub use options::{LayoutOptions, Restore, Topology};
pub use result::{LayoutNote, MdaPlace, PvLayout};

use crate::error::LayoutError;
use align::alignment;
use metadata::disk::{DiskArea, Label};
use metadata::model::BootloaderArea;
use units::{Bytes, Sectors};

/// The default size of a metadata area: what lies between the first page and 1 MiB (2.03.40: metadata.c).
fn default_metadata_size(page_size: Bytes) -> Sectors {
    match page_size.get() {
        4096 => Sectors::new(2040),
        8192 => Sectors::new(2032),
        16384 => Sectors::new(2016),
        _ => Sectors::new(1920),
    }
}

/// Lays out a new PV.
pub fn layout(device: Topology, options: &LayoutOptions) -> Result<PvLayout, LayoutError> {
    let mut plan = Plan::start(device, options)?;
    let restored = options.restore.map(|restore| restore.pe_start.max(Sectors::new(1)));
    // LVM2: with a file to restore from and no size, as much as fits before the first extent.
    let default = restored.unwrap_or_else(|| default_metadata_size(options.page_size));
    let wanted = options.metadata_size.filter(|size| !size.is_zero()).unwrap_or(default);
    let wanted = wanted.bytes().ok_or(LayoutError::NoSpace { index: 0 })?.get();
    let mut mdas: Vec<DiskArea> = Vec::new();
    if options.metadata_copies >= 1 {
        mdas.extend(plan.first_mda(wanted)?);
    }
    if options.metadata_copies >= 2 {
        mdas.extend(plan.second_mda(wanted)?);
    }
    if plan.pe_start.is_zero() {
        return Err(LayoutError::NoDataArea);
    }
    Ok(PvLayout {
        label_sector: options.label_sector,
        size: plan.size,
        pe_start: plan.pe_start,
        bootloader: plan.bootloader,
        mdas: mdas.into_iter().map(|area| MdaPlace { area, ignored: options.metadata_ignore }).collect(),
        notes: plan.notes,
    })
}

/// A layout in the making. All arithmetic on places is in bytes of `u64`, of sizes below 2^63.
struct Plan {
    size: Sectors,
    align: u64,
    align_offset: u64,
    page: u64,
    pe_start: Sectors,
    pe_start_locked: bool,
    /// The end of the extents that are restored.
    pe_end: Option<u64>,
    bootloader: Option<BootloaderArea>,
    notes: Vec<LayoutNote>,
}

impl Plan {
    /// Size, alignment, and where extents and bootloader area would go without metadata areas.
    fn start(device: Topology, options: &LayoutOptions) -> Result<Self, LayoutError> {
        let size = options.pretended_size.filter(|size| !size.is_zero()).unwrap_or(device.size);
        let mut notes = Vec::new();
        if size > device.size {
            notes.push(LayoutNote::LargerThanDevice { pretended: size, size: device.size });
        }
        if options.label_sector >= Label::SCAN_SECTORS {
            return Err(LayoutError::LabelSector(options.label_sector));
        }
        if size < options.min_size {
            return Err(LayoutError::TooSmall { size, min: options.min_size });
        }
        if size.bytes().is_none_or(|bytes| bytes.get() > i64::MAX as u64) {
            return Err(LayoutError::TooLarge(size));
        }
        let (align, align_offset, ignored) = alignment(&device, options)?;
        notes.extend(ignored);
        let first = align + align_offset;
        if size < first {
            return Err(LayoutError::AlignmentBeyondDevice { alignment: first, size });
        }
        if size.checked_sub(first).is_none_or(|left| left < options.bootloader_size) {
            return Err(LayoutError::BootloaderBeyondDevice { bootloader: options.bootloader_size, size });
        }
        let mut plan = Self {
            size,
            align: align.get() * Sectors::BYTES,
            align_offset: align_offset.get() * Sectors::BYTES,
            page: options.page_size.get().max(Sectors::BYTES),
            pe_start: first,
            pe_start_locked: options.restore.is_some(),
            pe_end: None,
            bootloader: None,
            notes,
        };
        match &options.restore {
            Some(restore) => plan.restore(restore, options.bootloader_size, first)?,
            None if !options.bootloader_size.is_zero() => {
                plan.new_bootloader(options.bootloader_size, first, align);
            }
            None => {}
        }
        Ok(plan)
    }

    /// A bootloader area of whole alignments before the extents, which may leave those no room at all.
    fn new_bootloader(&mut self, wanted: Sectors, start: Sectors, align: Sectors) {
        let rounded = wanted.round_up(align).unwrap_or(wanted);
        let size = rounded.min(self.size.saturating_sub(start));
        self.bootloader = Some(BootloaderArea { start, size });
        self.pe_start = start + size;
    }

    /// Extents where they were; a bootloader area has to fit before them.
    fn restore(&mut self, restore: &Restore, wanted: Sectors, first: Sectors) -> Result<(), LayoutError> {
        self.pe_start = restore.pe_start;
        let end = restore
            .extent_size
            .to_sectors(restore.extents)
            .and_then(|extents| extents.checked_add(restore.pe_start))
            .filter(|end| *end <= self.size)
            .ok_or(LayoutError::ExtentsBeyondDevice { extents: restore.extents, size: self.size })?;
        if !restore.extents.is_zero() {
            self.pe_end = end.bytes().map(Bytes::get);
        }
        let old = restore.bootloader.filter(|area| !area.size.is_zero());
        // The size that is asked for wins over the one that was.
        let size = if wanted.is_zero() { old.map_or(Sectors::ZERO, |area| area.size) } else { wanted };
        if size.is_zero() {
            return Ok(());
        }
        let place = old.map_or(Sectors::ZERO, |area| area.start);
        let beyond = |start: Sectors| start.checked_add(size).is_none_or(|end| end > restore.pe_start);
        if (!place.is_zero() && beyond(place)) || beyond(first) {
            return Err(LayoutError::BootloaderOverlap { bootloader: size, pe_start: restore.pe_start });
        }
        let start = if place.is_zero() { first } else { place };
        self.bootloader = Some(BootloaderArea { start, size });
        Ok(())
    }

    fn bootloader_bytes(&self) -> u64 {
        self.bootloader.map_or(0, |area| area.size.get() * Sectors::BYTES)
    }

    fn min_mda(&self) -> u64 {
        8 * self.page
    }

    /// The area at the start: from the first page on, its end at a multiple of the alignment where that
    /// fits. What follows it moves with it, unless the first extent is restored.
    fn first_mda(&mut self, wanted: u64) -> Result<Option<DiskArea>, LayoutError> {
        let no_space = LayoutError::NoSpace { index: 0 };
        let disk = self.size.get() * Sectors::BYTES;
        let limit = if self.pe_start_locked { self.pe_start.get() * Sectors::BYTES } else { disk };
        let limit = limit.checked_sub(self.bootloader_bytes()).filter(|limit| *limit <= disk);
        let limit = limit.ok_or(no_space.clone())?;
        let mut start = Label::SCAN_BYTES as u64;
        let room = limit.checked_sub(start).ok_or(no_space.clone())?;
        if room >= self.min_mda() {
            start = start.next_multiple_of(self.page);
        }
        let room = limit.checked_sub(start).ok_or(no_space.clone())?;
        let mut size = wanted.min(disk);
        if self.align != 0 {
            let aligned = (start + size).next_multiple_of(self.align) - start;
            if aligned <= room {
                size = aligned;
            }
            if (start + size).is_multiple_of(self.align) && size + self.align_offset <= room {
                size += self.align_offset;
            }
        }
        if wanted > room || size > room {
            size = room;
            if !self.pe_start_locked && self.align != 0 && room > self.align * 2 {
                size = (limit - self.align * 2).next_multiple_of(self.align) - start;
            }
            if size > room {
                return Err(no_space);
            }
        }
        if !self.pe_start_locked {
            self.follow(Bytes::new(start + size).sectors());
        }
        self.checked(start, size)
    }

    /// Puts bootloader area and extents behind the first metadata area.
    fn follow(&mut self, end: Sectors) {
        self.pe_start = end;
        if let Some(area) = &mut self.bootloader {
            area.start = end;
            self.pe_start = end + area.size;
        }
    }

    /// The area at the end: its start at a multiple of the alignment where that fits.
    fn second_mda(&self, wanted: u64) -> Result<Option<DiskArea>, LayoutError> {
        let disk = self.size.get() * Sectors::BYTES;
        let limit = self.pe_end.unwrap_or(self.pe_start.get() * Sectors::BYTES);
        let room = disk.checked_sub(limit).filter(|room| *room != 0);
        let room = room.ok_or(LayoutError::NoSpace { index: 1 })?;
        let mut size = wanted.min(room);
        if size == wanted && self.align != 0 {
            let aligned = size + (disk - size) % self.align;
            if aligned < disk && aligned <= room {
                size = aligned;
            }
        }
        self.checked(disk - size, size)
    }

    fn checked(&self, start: u64, size: u64) -> Result<Option<DiskArea>, LayoutError> {
        let min = self.min_mda();
        match size {
            0 => Ok(None),
            _ if size < min => Err(LayoutError::MdaTooSmall { size: Bytes::new(size), min: Bytes::new(min) }),
            _ => Ok(Some(DiskArea::new(start, size))),
        }
    }
}
