//! A PV of another size: what its header says, and where a metadata area at its end goes.

use crate::error::LayoutError;
use metadata::disk::{DiskArea, Label};
use units::{Bytes, Sectors};

/// The smallest metadata area, in pages of 4 KiB.
const MIN_AREA: Bytes = Bytes::new(8 * 4096);

/// Where the extents start, as the header says.
pub fn pe_start(label: &Label) -> Sectors {
    label.header.data_areas.first().map_or(Sectors::ZERO, |area| area.offset.sectors())
}

/// The metadata area behind the extents, where there is one.
pub fn area_at_end(label: &Label) -> Option<DiskArea> {
    let data = label.header.data_areas.first()?.offset;
    label.header.metadata_areas.iter().copied().find(|area| area.offset > data)
}

/// Where a metadata area at the end goes when the device ends at `size`: as long as before, if that fits
/// between the first extent and the end (2.03.40: `_text_pv_resize`).
pub fn moved_area(area: DiskArea, pe_start: Sectors, size: Sectors) -> Result<DiskArea, LayoutError> {
    let no_space = LayoutError::NoSpace { index: 1 };
    let (Some(end), Some(limit)) = (size.bytes(), pe_start.bytes()) else { return Err(no_space) };
    let room = end.checked_sub(limit).filter(|room| !room.is_zero()).ok_or(no_space)?;
    let len = area.size.min(room);
    if len < MIN_AREA {
        return Err(LayoutError::MdaTooSmall { size: len, min: MIN_AREA });
    }
    Ok(DiskArea { offset: end.saturating_sub(len), size: len })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_at_the_end_moves_with_the_end_and_shrinks_only_for_want_of_room() {
        let area = DiskArea::new(63 << 20, 1 << 20);
        let moved = |size: u64| moved_area(area, Sectors::new(2048), Sectors::new(size));
        assert_eq!(moved(61440), Ok(DiskArea::new(29 << 20, 1 << 20)));
        assert_eq!(moved(3072), Ok(DiskArea::new(1 << 20, 512 << 10)));
        assert_eq!(moved(2048), Err(LayoutError::NoSpace { index: 1 }));
        assert!(matches!(moved(2056), Err(LayoutError::MdaTooSmall { .. })));
    }
}
