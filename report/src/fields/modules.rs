//! Which targets an LV needs, named as LVM2 names their modules (2.03.40: activate.c, list_segment_modules).

use super::layers;
use crate::subject::VgView;
use metadata::model::{Area, Lv, Segment, SegmentKind, SegmentType};
use units::Id;

/// The names, each once.
pub(crate) fn of(view: &VgView<'_>, lv: &Lv) -> Vec<&'static str> {
    let mut names = Vec::new();
    let mut seen = vec![lv.id];
    let mut queue = vec![lv];
    while let Some(lv) = queue.pop() {
        for segment in &lv.segments {
            let module = module(segment);
            module.iter().for_each(|name| add(&mut names, name));
            if matches!(segment.segtype(), Some(SegmentType::Thin)) {
                add(&mut names, "thin-pool");
            }
            let mut below: Vec<Id> = layers::areas(view.vg, segment)
                .into_iter()
                .filter_map(|area| match area {
                    Area::Lv { lv, .. } => Some(lv),
                    Area::Pv { .. } => None,
                })
                .collect();
            below.extend(layers::lv_under(segment, "mirror_log"));
            below.extend(view.parts().stores_of(lv));
            for id in below {
                if !seen.contains(&id) {
                    seen.push(id);
                    queue.extend(view.vg.lvs.get(id));
                }
            }
        }
        if view.parts().store(lv).is_some() {
            add(&mut names, "snapshot");
        }
    }
    names
}

fn add(names: &mut Vec<&'static str>, name: &'static str) {
    if !names.contains(&name) {
        names.push(name);
    }
}

fn module(segment: &Segment) -> Option<&'static str> {
    let verbatim = match &segment.kind {
        SegmentKind::Striped(_) => return None,
        SegmentKind::Error => return Some("error"),
        SegmentKind::Zero => return Some("zero"),
        SegmentKind::Verbatim(verbatim) => verbatim,
    };
    Some(match verbatim.segtype? {
        SegmentType::Mirror => "mirror",
        SegmentType::Snapshot => "snapshot",
        SegmentType::Thin => "thin",
        SegmentType::ThinPool => "thin-pool",
        SegmentType::Cache | SegmentType::CachePool => "cache",
        SegmentType::Writecache => "writecache",
        SegmentType::Integrity => "integrity",
        SegmentType::Vdo | SegmentType::VdoPool => "kvdo",
        raid if layers::is_raid_type(raid) => "raid",
        _ => return None,
    })
}
