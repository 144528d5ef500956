//! Names, ids and tags: well-formed and unique.

use super::{Named, Violation};
use crate::model::Vg;
use crate::model::names::{MAX_NAME, check_characters, has_tag_characters};
use foldhash::{HashSet, HashSetExt};

/// What device-mapper adds to the names of VG and LV: the hyphen between and those of a short layer
/// (2.03.40: vg_validate).
const DEVICE_NAME_EXTRA: usize = 3;

pub(super) fn check(vg: &Vg, found: &mut Vec<Violation>) {
    let mut name = |who: Named, name: &str| {
        if let Err(why) = check_characters(name) {
            found.push(Violation::Name { who, why });
        }
    };
    name(Named::Vg(vg.name.clone()), &vg.name);
    for lv in &vg.lvs {
        name(Named::Lv(lv.name.clone()), &lv.name);
    }
    for lv in &vg.historical {
        name(Named::Historical(lv.name.clone()), &lv.name);
    }
    device_names(vg, found);
    unique(vg, found);
    tags(vg, found);
}

fn device_names(vg: &Vg, found: &mut Vec<Violation>) {
    for lv in &vg.lvs {
        let length = vg.name.len() + lv.name.len();
        if length + DEVICE_NAME_EXTRA > MAX_NAME {
            found.push(Violation::DeviceName { who: Named::Lv(lv.name.clone()), length });
        }
    }
}

fn unique(vg: &Vg, found: &mut Vec<Violation>) {
    let mut ids = HashSet::new();
    for pv in vg.pvs.iter().filter(|pv| !ids.insert(pv.id)) {
        found.push(Violation::IdTwice { who: Named::Pv(pv.device.clone()), id: pv.id });
    }
    // Ids that are indexed one by one need not be compared again.
    if !vg.lvs.is_each_found() {
        ids.clear();
        for lv in vg.lvs.iter().filter(|lv| !ids.insert(lv.id)) {
            found.push(Violation::IdTwice { who: Named::Lv(lv.name.clone()), id: lv.id });
        }
    }
    let mut names = HashSet::with_capacity(vg.lvs.len());
    for lv in &vg.lvs {
        if !names.insert(lv.name.as_str()) {
            found.push(Violation::NameTwice { who: Named::Lv(lv.name.clone()) });
        }
    }
    for lv in vg.historical.iter().filter(|lv| !names.insert(lv.name.as_str())) {
        found.push(Violation::NameTwice { who: Named::Historical(lv.name.clone()) });
    }
}

fn tags(vg: &Vg, found: &mut Vec<Violation>) {
    let mut check = |tags: &[String], who: &dyn Fn() -> Named| {
        for tag in tags.iter().filter(|tag| !has_tag_characters(tag)) {
            found.push(Violation::Tag { who: who(), tag: tag.clone() });
        }
    };
    check(&vg.tags, &|| Named::Vg(vg.name.clone()));
    for pv in &vg.pvs {
        check(&pv.tags, &|| Named::Pv(pv.device.clone()));
    }
    for lv in &vg.lvs {
        check(&lv.tags, &|| Named::Lv(lv.name.clone()));
        for (n, segment) in lv.segments.iter().enumerate() {
            check(&segment.tags, &|| Named::Segment(lv.name.clone(), n + 1));
        }
    }
}
