//! What a change does, as data: LVs, extents by PV, tables before and after, bytes at risk.

use super::properties::{self, PropertyDiff, differing};
use activate::want::{Devices, nodes};
use dm::{Access, DevRef};
use metadata::model::{Area, Lv, Pv, PvFlag, Vg};
use serde::Serialize;
use std::collections::BTreeMap;
use units::{Extents, Id, Sectors};

/// What would change.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Diff {
    /// The VG's name afterwards.
    pub(crate) vg: String,
    /// Its id.
    pub(crate) uuid: String,
    /// Its name before, where it changes; none where the VG is new.
    pub(crate) vg_before: Option<String>,
    /// The seqno before and after.
    pub(crate) seqno: (u32, u32),
    /// Properties of the VG that change.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) properties: BTreeMap<&'static str, PropertyDiff>,
    /// PVs that join, leave or change.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) pvs: Vec<PvChange>,
    /// PVs that join.
    pub(crate) pvs_added: Vec<String>,
    /// PVs that leave.
    pub(crate) pvs_removed: Vec<String>,
    /// What changes about PVs that stay: `/dev/sdb: 15 -> 31 extents`.
    pub(crate) pvs_changed: Vec<String>,
    /// LVs that change.
    pub(crate) lvs: Vec<LvDiff>,
    /// Extents that are taken or given back.
    pub(crate) extents: Vec<PvDiff>,
}

/// What happens to a PV.
#[derive(Debug, Serialize)]
pub(crate) struct PvChange {
    /// Its device.
    pv: String,
    /// Its id.
    uuid: String,
    /// `add`, `remove`, `change`.
    action: &'static str,
    /// Its extents, and their bytes.
    extents: u64,
    size: u64,
    /// What changes.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    properties: BTreeMap<&'static str, PropertyDiff>,
}

/// What would happen to an LV.
#[derive(Debug, Serialize)]
pub(crate) struct LvDiff {
    /// Its name afterwards, or before where it goes.
    pub(crate) name: String,
    /// Its id.
    pub(crate) uuid: String,
    /// `create`, `remove`, `extend`, `reduce`, `rename`, `change`.
    pub(crate) action: &'static str,
    /// Its name before, where that changes.
    pub(crate) name_before: Option<String>,
    /// Bytes before.
    pub(crate) size_before: u64,
    /// Bytes afterwards.
    pub(crate) size_after: u64,
    /// Extents before.
    pub(crate) extents_before: u64,
    /// Extents afterwards.
    pub(crate) extents_after: u64,
    /// What else changes of an LV that stays.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) properties: BTreeMap<&'static str, PropertyDiff>,
    /// Bytes that would no longer be reachable.
    pub(crate) bytes_at_risk: u64,
    /// The device-mapper table before.
    pub(crate) table_before: Vec<String>,
    /// The device-mapper table afterwards.
    pub(crate) table_after: Vec<String>,
}

/// What would happen to a run of a PV's extents.
#[derive(Debug, Serialize)]
pub(crate) struct PvDiff {
    /// The PV's device.
    pub(crate) pv: String,
    /// `allocate` or `free`.
    pub(crate) action: &'static str,
    /// For which LV, or of which.
    pub(crate) lv: String,
    /// The first extent.
    pub(crate) first: u64,
    /// The last extent.
    pub(crate) last: u64,
}

impl Diff {
    /// What leads from `before` (none: no VG) to `after`. `device` names PVs.
    pub(crate) fn new(before: Option<&Vg>, after: &Vg, device: &dyn Fn(Id) -> String) -> Self {
        let old_name = before.map(|vg| vg.name.clone()).filter(|name| *name != after.name);
        let pvs = |vg: &Vg, other: Option<&Vg>| {
            let gone = vg.pvs.iter().filter(|pv| other.is_none_or(|other| !other.pvs.contains(pv.id)));
            gone.map(|pv| device(pv.id)).collect::<Vec<_>>()
        };
        let mut diff = Self {
            vg: after.name.clone(),
            uuid: after.id.to_string(),
            properties: before
                .map(|before| differing(properties::of_vg(before), properties::of_vg(after)))
                .unwrap_or_default(),
            pvs: pv_entries(before, after, device),
            vg_before: old_name,
            seqno: (before.map_or(0, |vg| vg.seqno), after.seqno),
            pvs_added: pvs(after, before),
            pvs_removed: before.map(|before| pvs(before, Some(after))).unwrap_or_default(),
            ..Self::default()
        };
        // A PV with another id has left and joined.
        for device in diff.pvs_added.clone() {
            if let Some(place) = diff.pvs_removed.iter().position(|removed| *removed == device) {
                diff.pvs_removed.remove(place);
                diff.pvs_added.retain(|added| *added != device);
                diff.pvs_changed.push(format!("{device}: another id"));
            }
        }
        for (old, new) in
            before.iter().flat_map(|vg| &vg.pvs).filter_map(|pv| Some((pv, after.pvs.get(pv.id)?)))
        {
            diff.pvs_changed
                .extend(pv_changes(old, new).map(|change| format!("{}: {change}", device(new.id))));
        }
        for lv in before.into_iter().flat_map(|vg| &vg.lvs) {
            if !after.lvs.contains(lv.id) {
                diff.lvs.push(LvDiff::new(before.map(|vg| (vg, lv)), None, device));
            }
        }
        for lv in &after.lvs {
            let old = before.and_then(|vg| Some((vg, vg.lvs.get(lv.id)?)));
            let renamed = before.is_some_and(|vg| vg.name != after.name);
            if renamed || old.is_none_or(|(_, old)| old != lv) {
                diff.lvs.push(LvDiff::new(old, Some((after, lv)), device));
            }
        }
        diff.extents = extents(before, after, device);
        diff
    }
}

/// What a VG says otherwise of a PV.
fn pv_changes(old: &Pv, new: &Pv) -> impl Iterator<Item = String> {
    let state = |pv: &Pv| if pv.flags.has(PvFlag::Allocatable) { "allocatable" } else { "not allocatable" };
    let tags = |pv: &Pv| if pv.tags.is_empty() { "none".to_owned() } else { pv.tags.join(",") };
    let changed = |before: String, after: String| (before != after).then(|| format!("{before} -> {after}"));
    let extents = changed(old.pe_count.to_string(), new.pe_count.to_string());
    let all = [
        changed(state(old).to_owned(), state(new).to_owned()),
        changed(tags(old), tags(new)).map(|tags| format!("tags {tags}")),
        extents.map(|extents| format!("{extents} extents")),
    ];
    all.into_iter().flatten()
}

impl LvDiff {
    fn new(before: Option<(&Vg, &Lv)>, after: Option<(&Vg, &Lv)>, device: &dyn Fn(Id) -> String) -> Self {
        let size = |lv: Option<(&Vg, &Lv)>| lv.map_or(0, |(vg, lv)| bytes(vg, lv.extents()));
        let (size_before, size_after) = (size(before), size(after));
        let name = |lv: Option<(&Vg, &Lv)>| lv.map(|(_, lv)| lv.name.clone());
        let changed = name(before).filter(|old| after.is_some() && name(after).as_ref() != Some(old));
        let action = match (before, after) {
            (None, _) => "create",
            (_, None) => "remove",
            _ if size_after > size_before => "extend",
            _ if size_after < size_before => "reduce",
            _ if changed.is_some() => "rename",
            _ => "change",
        };
        let count = |lv: Option<(&Vg, &Lv)>| lv.map_or(0, |(_, lv)| lv.extents().get());
        let properties = match (before, after) {
            (Some((old, before)), Some((new, after))) => {
                differing(properties::of_lv(old, before), properties::of_lv(new, after))
            }
            (None, _) | (_, None) => BTreeMap::new(),
        };
        Self {
            name: name(after).or_else(|| name(before)).unwrap_or_default(),
            uuid: before.or(after).map(|(_, lv)| lv.id.to_string()).unwrap_or_default(),
            extents_before: count(before),
            extents_after: count(after),
            properties,
            action,
            name_before: changed,
            size_before,
            size_after,
            bytes_at_risk: size_before.saturating_sub(size_after),
            table_before: before.map(|(vg, lv)| table(vg, lv, device)).unwrap_or_default(),
            table_after: after.map(|(vg, lv)| table(vg, lv, device)).unwrap_or_default(),
        }
    }
}

fn pv_entries(before: Option<&Vg>, after: &Vg, device: &dyn Fn(Id) -> String) -> Vec<PvChange> {
    let entry = |vg: &Vg, pv: &Pv, action| PvChange {
        pv: device(pv.id),
        uuid: pv.id.to_string(),
        action,
        extents: pv.pe_count.get(),
        size: bytes(vg, pv.pe_count),
        properties: BTreeMap::new(),
    };
    let mut changes = Vec::new();
    for pv in &after.pvs {
        let Some(old) = before.and_then(|before| before.pvs.get(pv.id)) else {
            changes.push(entry(after, pv, "add"));
            continue;
        };
        let properties = differing(properties::of_pv(old), properties::of_pv(pv));
        if !properties.is_empty() {
            changes.push(PvChange { properties, ..entry(after, pv, "change") });
        }
    }
    for (before, pv) in before.into_iter().flat_map(|vg| vg.pvs.iter().map(move |pv| (vg, pv))) {
        if !after.pvs.contains(pv.id) {
            changes.push(entry(before, pv, "remove"));
        }
    }
    changes
}

/// So many of the VG's extents in bytes.
pub(crate) fn bytes(vg: &Vg, count: Extents) -> u64 {
    vg.extent_size.to_sectors(count).and_then(Sectors::bytes).map_or(0, units::Bytes::get)
}

/// The table the kernel would get, PVs by name.
pub(crate) fn table(vg: &Vg, lv: &Lv, device: &dyn Fn(Id) -> String) -> Vec<String> {
    let find = |pv| Some(DevRef::Path(device(pv).into()));
    let devices = Devices { find: &find, partial: true };
    let Ok(nodes) = nodes(vg, lv, Access::ReadWrite, &devices) else { return Vec::new() };
    let targets = nodes.iter().flat_map(|node| &node.table.targets);
    targets.map(ToString::to_string).collect()
}

/// Runs of extents that are used in one state and not, or by another LV, in the other.
fn extents(before: Option<&Vg>, after: &Vg, device: &dyn Fn(Id) -> String) -> Vec<PvDiff> {
    let (old, new) = (before.map(uses).unwrap_or_default(), uses(after));
    let mut runs = Vec::new();
    for (from, to, action) in [(&new, &old, "allocate"), (&old, &new, "free")] {
        for (&(pv, lv), own) in from {
            let other = to.get(&(pv, lv)).map_or(&[][..], Vec::as_slice);
            for (first, last) in subtract(own, other) {
                let of = [Some(after), before].into_iter().flatten().find_map(|vg| vg.lvs.get(lv));
                let lv = of.map(|lv| lv.name.clone()).unwrap_or_default();
                runs.push(PvDiff { pv: device(pv), action, lv, first, last });
            }
        }
    }
    runs
}

/// By PV and LV: runs of extents, first and last, in order and joined.
pub(super) fn uses(vg: &Vg) -> BTreeMap<(Id, Id), Vec<(u64, u64)>> {
    let mut uses: BTreeMap<(Id, Id), Vec<(u64, u64)>> = BTreeMap::new();
    for lv in &vg.lvs {
        for (area, len) in lv.segments.iter().flat_map(|segment| segment.areas()) {
            if let Area::Pv { pv, start } = area
                && !len.is_zero()
            {
                let run = (start.get(), start.get() + len.get() - 1);
                uses.entry((pv, lv.id)).or_default().push(run);
            }
        }
    }
    for runs in uses.values_mut() {
        runs.sort_unstable();
        runs.dedup_by(|next, last| {
            let joins = next.0 == last.1 + 1;
            if joins {
                last.1 = next.1;
            }
            joins
        });
    }
    uses
}

/// What of `own` is not in `other`; both in order.
fn subtract(own: &[(u64, u64)], other: &[(u64, u64)]) -> Vec<(u64, u64)> {
    let mut left = Vec::new();
    for &(first, last) in own {
        let mut next = first;
        for &(start, end) in other.iter().filter(|&&(start, end)| start <= last && end >= first) {
            if start > next {
                left.push((next, start - 1));
            }
            next = next.max(end + 1);
        }
        if next <= last {
            left.push((next, last));
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_subtracted() {
        assert_eq!(subtract(&[(0, 9)], &[(2, 3), (8, 20)]), [(0, 1), (4, 7)]);
        assert_eq!(subtract(&[(0, 9)], &[]), [(0, 9)]);
        assert_eq!(subtract(&[(5, 6)], &[(0, 9)]), []);
    }
}
