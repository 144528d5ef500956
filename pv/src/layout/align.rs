//! What the first extent of a PV is aligned to.

use super::{LayoutNote, LayoutOptions, Topology};
use crate::error::LayoutError;
use units::{Bytes, Sectors};

const MIB: u64 = 2048;
const MOST: Sectors = Sectors::new(u32::MAX as u64);

/// Alignment, its offset, and what was asked for but cannot be.
type Alignment = (Sectors, Sectors, Option<LayoutNote>);

pub(super) fn alignment(device: &Topology, options: &LayoutOptions) -> Result<Alignment, LayoutError> {
    let mut asked = options.data_alignment.filter(|align| !align.is_zero());
    let mut asked_offset = options.data_alignment_offset.filter(|offset| !offset.is_zero());
    for size in [asked, asked_offset].into_iter().flatten() {
        if size > MOST {
            return Err(LayoutError::AlignmentTooLarge(size));
        }
    }
    let ignored = clash(options, asked, asked_offset);
    if ignored.is_some() {
        (asked, asked_offset) = (None, None);
    }
    let align = asked.unwrap_or_else(|| detected(device, options));
    let offset = asked_offset.unwrap_or_else(|| match options.offset_detection {
        true => device.alignment_offset.sectors(),
        false => Sectors::ZERO,
    });
    if align < offset {
        return Err(LayoutError::OffsetBeyondAlignment { alignment: align, offset });
    }
    Ok((align, offset, ignored))
}

/// Whether the restored first extent is somewhere else than the alignment asked for wants it.
fn clash(options: &LayoutOptions, align: Option<Sectors>, offset: Option<Sectors>) -> Option<LayoutNote> {
    let pe_start = options.restore?.pe_start;
    let (align, offset) = (align.unwrap_or_default(), offset.unwrap_or_default());
    let asked = align.checked_add(offset).filter(|asked| !asked.is_zero())?;
    let is = if align.is_zero() { pe_start } else { pe_start - pe_start.round_down(align) };
    (is != offset).then_some(LayoutNote::AlignmentIgnored { asked, pe_start })
}

/// 1 MiB, or whatever the device prefers and 1 MiB is no multiple of.
fn detected(device: &Topology, options: &LayoutOptions) -> Sectors {
    let default = options.default_alignment.max(1).saturating_mul(MIB).min(MOST.get());
    let mut align = Sectors::new(default).max(options.page_size.sectors());
    let mut prefer = |size: Sectors| {
        if !size.is_zero() && !align.is_multiple_of(size) {
            align = size;
        }
    };
    if options.md_chunk_alignment {
        prefer(device.md_stripe_width);
    }
    if options.alignment_detection {
        prefer(whole_pages(device.minimum_io));
        prefer(whole_pages(device.optimal_io));
    }
    align
}

/// A size the device states, in sectors; one that is no multiple of 2 KiB counts as 4 KiB (2.03.40: some
/// devices state nonsense; its message says 4 KiB, its test is for 2 KiB).
fn whole_pages(size: Bytes) -> Sectors {
    let sectors = if size.is_zero() { Sectors::ZERO } else { size.sectors().max(Sectors::new(1)) };
    if sectors > Sectors::new(1) && !sectors.is_multiple_of(Sectors::new(4)) {
        Sectors::new(8)
    } else {
        sectors
    }
}
