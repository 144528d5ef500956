//! LVs that cannot be apart: whatever is built on one another.

use metadata::model::{Area, RawItem, RawValue, Segment, SegmentKind, Vg};
use std::collections::HashMap;
use units::Id;

/// LVs that hang together, and the PVs they lie on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Component {
    /// In the VG's order.
    pub(crate) lvs: Vec<Id>,
    /// Each once.
    pub(crate) pvs: Vec<Id>,
}

/// All LVs of a VG, by what hangs together, in the order of their first LVs.
pub(crate) fn components(vg: &Vg) -> Vec<Component> {
    let mut root: Vec<usize> = (0..vg.lvs.len()).collect();
    for (place, lv) in vg.lvs.iter().enumerate() {
        for other in lv.segments.iter().flat_map(named).filter_map(|id| vg.lvs.place(id)) {
            let (one, other) = (find(&mut root, place), find(&mut root, other));
            root[one.max(other)] = one.min(other);
        }
    }
    let mut found: Vec<Component> = Vec::new();
    let mut places: HashMap<usize, usize> = HashMap::new();
    for (place, lv) in vg.lvs.iter().enumerate() {
        let root = find(&mut root, place);
        let at = *places.entry(root).or_insert_with(|| {
            found.push(Component { lvs: Vec::new(), pvs: Vec::new() });
            found.len() - 1
        });
        found[at].lvs.push(lv.id);
        for (area, _) in lv.segments.iter().flat_map(Segment::areas) {
            if let Area::Pv { pv, .. } = area
                && !found[at].pvs.contains(&pv)
            {
                found[at].pvs.push(pv);
            }
        }
    }
    found
}

/// The LVs that a segment names: those it is built on, and those it points at.
pub(crate) fn named(segment: &Segment) -> Vec<Id> {
    match &segment.kind {
        SegmentKind::Striped(_) | SegmentKind::Error | SegmentKind::Zero => segment.lvs(),
        SegmentKind::Verbatim(verbatim) => {
            let values = verbatim.items.iter().flat_map(RawItem::values);
            let lv = |value: &RawValue| match value {
                RawValue::Lv(id) => Some(*id),
                _ => None,
            };
            verbatim.lvs.iter().copied().chain(values.filter_map(lv)).collect()
        }
    }
}

/// The first LV of the component that an LV is in.
fn find(root: &mut [usize], mut place: usize) -> usize {
    while root[place] != place {
        root[place] = root[root[place]];
        place = root[place];
    }
    place
}
