//! Extents of another size over the same sectors: nothing moves, all numbers are converted.

use crate::new_pv::MAX_EXTENTS;
use metadata::model::{Area, SegmentKind, Vg};
use thiserror::Error;
use units::{ExtentSize, Extents, Le, Pe, Sectors};

/// Why extents cannot have that size.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ExtentSizeError {
    /// No extent is that small or large.
    #[error(transparent)]
    Size(#[from] units::ExtentSizeError),
    /// Not a size that LVM2 makes.
    #[error("Physical Extent size must be a power of 2 or a multiple of 128.00 KiB, which {0} is not.")]
    NotAllowed(ExtentSize),
    /// Something begins or ends within a new extent.
    #[error(
        "New extent size is not a perfect fit: {what} takes {sectors} sectors, which is not a number of extents of {size}."
    )]
    Misfit {
        /// What.
        what: String,
        /// Its size or place.
        sectors: u64,
        /// The size asked for.
        size: ExtentSize,
    },
    /// More extents than numbers hold.
    #[error("{what} would have {extents} extents, more than {MAX_EXTENTS}.")]
    TooMany {
        /// What.
        what: String,
        /// How many.
        extents: u64,
    },
    /// It holds a segment whose numbers are not understood.
    #[error(
        "The extent size cannot be changed while {lv} is of segment type {segtype}, which is not supported yet."
    )]
    Unsupported {
        /// Which LV (VG/LV).
        lv: String,
        /// Its type.
        segtype: String,
    },
}

/// Whether users may ask for it.
pub(crate) fn check(size: Sectors) -> Result<ExtentSize, ExtentSizeError> {
    let size = ExtentSize::new(size)?;
    if size.is_allowed() { Ok(size) } else { Err(ExtentSizeError::NotAllowed(size)) }
}

/// Converts numbers of extents.
struct Scale {
    from: ExtentSize,
    to: ExtentSize,
}

impl Scale {
    fn number(&self, extents: u64, what: &str) -> Result<u64, ExtentSizeError> {
        let (from, to) = (self.from.sectors().get(), self.to.sectors().get());
        let what = || what.to_owned();
        let Some(sectors) = extents.checked_mul(from) else {
            return Err(ExtentSizeError::TooMany { what: what(), extents });
        };
        if !sectors.is_multiple_of(to) {
            return Err(ExtentSizeError::Misfit { what: what(), sectors, size: self.to });
        }
        match sectors / to {
            extents if extents > MAX_EXTENTS => Err(ExtentSizeError::TooMany { what: what(), extents }),
            extents => Ok(extents),
        }
    }

    fn count(&self, extents: Extents, what: &str) -> Result<Extents, ExtentSizeError> {
        self.number(extents.get(), what).map(Extents::new)
    }
}

/// Gives a VG extents of another size.
pub(crate) fn set(vg: &mut Vg, size: ExtentSize) -> Result<(), ExtentSizeError> {
    if !size.is_allowed() {
        return Err(ExtentSizeError::NotAllowed(size));
    }
    let scale = Scale { from: vg.extent_size, to: size };
    scale.count(vg.extents(), &vg.name)?;
    for pv in vg.pvs.iter_mut() {
        pv.pe_count = scale.count(pv.pe_count, &pv.device)?;
    }
    let name = vg.name.clone();
    for lv in vg.lvs.iter_mut() {
        let full = format!("{name}/{}", lv.name);
        for segment in &mut lv.segments {
            segment.start = Le::new(scale.number(segment.start.get(), &full)?);
            segment.len = scale.count(segment.len, &full)?;
            segment.reshape_len = scale.count(segment.reshape_len, &full)?;
            match &mut segment.kind {
                SegmentKind::Striped(striped) => {
                    for area in &mut striped.areas {
                        *area = moved(&scale, *area, &full)?;
                    }
                }
                SegmentKind::Error | SegmentKind::Zero => {}
                SegmentKind::Verbatim(verbatim) => {
                    let segtype = verbatim.type_name.clone();
                    return Err(ExtentSizeError::Unsupported { lv: full, segtype });
                }
            }
        }
    }
    vg.extent_size = size;
    Ok(())
}

fn moved(scale: &Scale, area: Area, lv: &str) -> Result<Area, ExtentSizeError> {
    Ok(match area {
        Area::Pv { pv, start } => Area::Pv { pv, start: Pe::new(scale.number(start.get(), lv)?) },
        Area::Lv { lv: below, start } => {
            Area::Lv { lv: below, start: Le::new(scale.number(start.get(), lv)?) }
        }
    })
}
