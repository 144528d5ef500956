//! The long forms of `pvdisplay`, `vgdisplay` and `lvdisplay`: a line per property, as LVM2's are, for some
//! programs read them.

mod lv;
mod pv;
mod vg;

pub(crate) use lv::{lv_colons, lv_full, lv_gone, lv_segments};
pub(crate) use pv::{pv_colons, pv_full, pv_segments, pv_short};
pub(crate) use vg::{vg_colons, vg_full, vg_short};

use crate::change::Sizes;
use metadata::model::{Lv, LvFlag, Pv, PvFlag, Vg, VgFlag};
use report::subject::VgView;
use units::{Extents, Sectors};

/// The numbers that LVM2's colon forms show for flags (2.03.40: metadata-exported.h).
mod bits {
    pub(super) const EXPORTED: u64 = 0x2;
    pub(super) const RESIZEABLE: u64 = 0x4;
    pub(super) const ALLOCATABLE: u64 = 0x8;
    pub(super) const NO_AUTOACTIVATE: u64 = 0x10;
    pub(super) const READ: u64 = 0x100;
    pub(super) const WRITE: u64 = 0x200;
    pub(super) const CLUSTERED: u64 = 0x400;
    pub(super) const MISSING: u64 = 0x80_0000;
}

fn sum(rows: &[(bool, u64)]) -> u64 {
    rows.iter().filter(|row| row.0).map(|row| row.1).sum()
}

fn vg_bits(vg: &Vg) -> u64 {
    sum(&[
        (vg.is_exported(), bits::EXPORTED),
        (vg.flags.has(VgFlag::Resizeable), bits::RESIZEABLE),
        (vg.flags.has(VgFlag::NoAutoactivate), bits::NO_AUTOACTIVATE),
        (vg.flags.has(VgFlag::Read), bits::READ),
        (vg.is_writable(), bits::WRITE),
        (vg.flags.has(VgFlag::Clustered), bits::CLUSTERED),
    ])
}

fn pv_bits(pv: &Pv) -> u64 {
    sum(&[
        (pv.flags.has(PvFlag::Exported), bits::EXPORTED),
        (pv.flags.has(PvFlag::Allocatable), bits::ALLOCATABLE),
        (pv.flags.has(PvFlag::Missing), bits::MISSING),
    ])
}

fn lv_bits(lv: &Lv) -> u64 {
    sum(&[(lv.flags.has(LvFlag::Read), bits::READ), (lv.is_writable(), bits::WRITE)])
}

/// A count of the VG's extents in sectors.
fn size(view: &VgView<'_>, count: Extents) -> Sectors {
    view.vg.extent_size.to_sectors(count).unwrap_or(Sectors::ZERO)
}

/// `name              value`, the value at column 22.
fn row(name: &str, value: impl std::fmt::Display) -> String {
    format!("{name:<21} {value}")
}

/// The same where names are longer: the value at column 23.
fn wide_row(name: &str, value: impl std::fmt::Display) -> String {
    format!("{name:<22} {value}")
}

/// What sizes look like, with what they are counted from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame<'v> {
    /// The VG.
    pub(crate) view: &'v VgView<'v>,
    /// How sizes are shown.
    pub(crate) sizes: Sizes,
}

impl Frame<'_> {
    fn show(&self, count: Extents) -> String {
        self.sizes.show(size(self.view, count))
    }
}
