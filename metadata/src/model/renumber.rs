//! Another id for a PV.

use super::{Area, Extras, RawItem, RawValue, SegmentKind, Vg};
use units::Id;

impl Vg {
    /// Gives the PV `from` the id `to`, which no other PV of the VG may have, wherever the VG speaks of it.
    pub fn renumber_pv(&mut self, from: Id, to: Id) {
        let area = |area: &mut Area| {
            if let Area::Pv { pv, .. } = area
                && *pv == from
            {
                *pv = to;
            }
        };
        self.pvs.iter_mut().filter(|pv| pv.id == from).for_each(|pv| pv.id = to);
        self.pvs.reindex();
        extras(&mut self.extras, from, to);
        self.pvs.iter_mut().for_each(|pv| extras(&mut pv.extras, from, to));
        for lv in self.lvs.iter_mut() {
            extras(&mut lv.extras, from, to);
            for segment in &mut lv.segments {
                extras(&mut segment.extras, from, to);
                match &mut segment.kind {
                    SegmentKind::Striped(striped) => striped.areas.iter_mut().for_each(area),
                    SegmentKind::Error | SegmentKind::Zero => (),
                    SegmentKind::Verbatim(verbatim) => {
                        verbatim.areas.iter_mut().for_each(|(place, _)| area(place));
                        verbatim.items.iter_mut().for_each(|item| value(&mut item.value, from, to));
                    }
                }
            }
        }
    }
}

fn extras(extras: &mut Extras, from: Id, to: Id) {
    extras.iter_mut().for_each(|(_, RawItem { value: own, .. })| value(own, from, to));
}

fn value(raw: &mut RawValue, from: Id, to: Id) {
    match raw {
        RawValue::Pv(pv) if *pv == from => *pv = to,
        RawValue::List(values) => values.iter_mut().for_each(|own| value(own, from, to)),
        RawValue::Lines(lines) => lines.iter_mut().flatten().for_each(|own| value(own, from, to)),
        RawValue::Section(items) => items.iter_mut().for_each(|item| value(&mut item.value, from, to)),
        RawValue::Int(_) | RawValue::Float(_) | RawValue::Text(_) | RawValue::Pv(_) | RawValue::Lv(_) => (),
    }
}
