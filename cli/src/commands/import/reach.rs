//! Which bytes of which disks the first bytes of an LV are.

use metadata::model::{Area, Lv, Segment, SegmentKind, Vg};
use serde::Serialize;
use units::{Extents, Id, Pe, Sectors};

/// A run of bytes on a disk.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Place {
    /// The disk.
    pub(super) device: String,
    /// The first and the last extent that have a byte of it, on a PV.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) extents: Option<(u64, u64)>,
    /// Counted from the disk's start.
    pub(super) first_byte: u64,
    /// The last that belongs to it.
    pub(super) last_byte: u64,
}

/// Bytes of an LV from the first to before the last.
#[derive(Clone, Copy)]
struct Run {
    from: u64,
    to: u64,
}

/// Where the first bytes of an LV lie: exact for stripes, error and zero targets; of other types every place that
/// they could reach.
pub(super) fn reach(vg: &Vg, lv: &Lv, bytes: u64, device: &dyn Fn(Id) -> String) -> Vec<Place> {
    let mut reach =
        Reach { vg, device, extent: vg.extent_size.sectors().get() * Sectors::BYTES, places: Vec::new() };
    reach.lv(lv, Run { from: 0, to: bytes });
    reach.places
}

struct Reach<'a> {
    vg: &'a Vg,
    device: &'a dyn Fn(Id) -> String,
    extent: u64,
    places: Vec<Place>,
}

impl Reach<'_> {
    fn bytes(&self, extents: Extents) -> u64 {
        extents.get().saturating_mul(self.extent)
    }

    fn lv(&mut self, lv: &Lv, run: Run) {
        let mut start = 0;
        for segment in &lv.segments {
            let len = self.bytes(segment.len);
            let within = Run { from: run.from.max(start), to: run.to.min(start + len) };
            if within.from < within.to {
                self.segment(segment, Run { from: within.from - start, to: within.to - start });
            }
            start += len;
        }
    }

    fn segment(&mut self, segment: &Segment, run: Run) {
        match &segment.kind {
            SegmentKind::Striped(striped) => {
                let count = striped.areas.len() as u64;
                let chunk = striped.stripe_size.get() * Sectors::BYTES;
                for (index, &area) in (0..).zip(&striped.areas) {
                    let to = |at| if count > 1 { in_stripe(at, index, count, chunk) } else { at };
                    self.area(area, Run { from: to(run.from), to: to(run.to) });
                }
            }
            SegmentKind::Error | SegmentKind::Zero => (),
            SegmentKind::Verbatim(verbatim) => {
                for &(area, len) in &verbatim.areas {
                    self.area(area, Run { from: 0, to: self.bytes(len) });
                }
                for lv in verbatim.lvs.iter().filter_map(|&lv| self.vg.lvs.get(lv)) {
                    self.lv(lv, Run { from: 0, to: self.bytes(lv.extents()) });
                }
            }
        }
    }

    /// A run counted from where the area starts.
    fn area(&mut self, area: Area, run: Run) {
        if run.from >= run.to {
            return;
        }
        match area {
            Area::Pv { pv, start } => self.pv(pv, start, run),
            Area::Lv { lv, start } => {
                if let Some(lv) = self.vg.lvs.get(lv) {
                    let skip = self.bytes(Extents::new(start.get()));
                    self.lv(lv, Run { from: skip + run.from, to: skip + run.to });
                }
            }
        }
    }

    fn pv(&mut self, pv: Id, start: Pe, run: Run) {
        let skip = start.get() * self.extent;
        let pe_start = self.vg.pvs.get(pv).map_or(0, |pv| pv.pe_start.get() * Sectors::BYTES);
        let (first, last) = (skip + run.from, skip + run.to - 1);
        let place = Place {
            device: (self.device)(pv),
            extents: Some((first / self.extent, last / self.extent)),
            first_byte: pe_start + first,
            last_byte: pe_start + last,
        };
        let joins =
            |before: &&mut Place| before.device == place.device && before.last_byte + 1 == place.first_byte;
        match self.places.last_mut().filter(joins) {
            Some(before) => {
                before.last_byte = place.last_byte;
                before.extents = before.extents.zip(place.extents).map(|(before, new)| (before.0, new.1));
            }
            None => self.places.push(place),
        }
    }
}

/// How many of the first `at` bytes are on the stripe of that index.
fn in_stripe(at: u64, index: u64, count: u64, chunk: u64) -> u64 {
    let (rows, rest) = (at / (chunk * count), at % (chunk * count));
    rows * chunk + rest.saturating_sub(index * chunk).min(chunk)
}

#[cfg(test)]
mod tests {
    use super::in_stripe;

    #[test]
    fn bytes_are_dealt_to_stripes_in_turn() {
        let dealt = |at| [0, 1, 2].map(|index| in_stripe(at, index, 3, 10));
        assert_eq!(dealt(0), [0, 0, 0]);
        assert_eq!(dealt(5), [5, 0, 0]);
        assert_eq!(dealt(25), [10, 10, 5]);
        assert_eq!(dealt(34), [14, 10, 10]);
        assert_eq!(dealt(60), [20, 20, 20]);
    }
}
