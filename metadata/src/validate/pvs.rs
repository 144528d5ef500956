//! PVs: their areas apart and addressable.

use super::{Named, Violation};
use crate::model::Vg;
use units::Sectors;

pub(super) fn check(vg: &Vg, found: &mut Vec<Violation>) {
    for pv in &vg.pvs {
        let who = || Named::Pv(pv.device.clone());
        let size = vg.extent_size.to_sectors(pv.pe_count);
        let end = size.and_then(|size| pv.pe_start.checked_add(size)).and_then(Sectors::bytes);
        if end.is_none() {
            found.push(Violation::PvEnd { who: who(), start: pv.pe_start, count: pv.pe_count });
        }
        if let Some(area) = pv.bootloader {
            let end = area.start.checked_add(area.size).unwrap_or(Sectors::new(u64::MAX));
            if end > pv.pe_start {
                found.push(Violation::BootloaderArea { who: who(), end, start: pv.pe_start });
            }
        }
    }
}
