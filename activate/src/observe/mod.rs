//! What runs: device-mapper's devices, told apart by the uuids LVM gives them.

mod status;

use dm::{Access, Control, DevNo, DmError};
use metadata::live::{Live, LvLive, Status};
use metadata::model::{Lv, LvFlag, RawValue, Segment, SegmentKind, SegmentType, Vg};
use std::collections::{HashMap, HashSet};
use units::Id;

/// A device that belongs to an LV, by its uuid: `LVM-`, the VG's id, the LV's id, and a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The VG.
    pub vg: Id,
    /// The LV.
    pub lv: Id,
    /// Which of the LV's devices: empty for the one users see.
    pub layer: String,
}

/// Whose device has this uuid; none: it is not LVM's.
pub fn owner(uuid: &str) -> Option<Owner> {
    let ids = uuid.strip_prefix("LVM-")?;
    let (vg, rest) = ids.split_at_checked(32)?;
    let (lv, layer) = rest.split_at_checked(32)?;
    let layer = if layer.is_empty() { "" } else { layer.strip_prefix('-')? };
    Some(Owner { vg: vg.parse().ok()?, lv: lv.parse().ok()?, layer: layer.to_owned() })
}

/// What is asked of each device beside its state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Detail {
    /// Its read-ahead, which is a look into sysfs.
    pub read_ahead: bool,
    /// What its targets say: one ioctl more for each LV whose target has something to say.
    pub status: bool,
}

impl Detail {
    /// Nothing more.
    pub const STATE: Self = Self { read_ahead: false, status: false };
    /// Everything.
    pub const ALL: Self = Self { read_ahead: true, status: true };

    /// What either asks for.
    pub fn union(self, other: Self) -> Self {
        Self { read_ahead: self.read_ahead || other.read_ahead, status: self.status || other.status }
    }
}

/// Which LVs of a VG have a device: one ioctl, whatever their number.
pub fn running(control: &dyn Control, vg: &Vg) -> Result<HashSet<Id>, DmError> {
    let owners = control.list()?.into_iter().filter_map(|device| owner(device.uuid?.as_str()));
    Ok(owners.filter(|owner| owner.vg == vg.id && owner.layer.is_empty()).map(|owner| owner.lv).collect())
}

/// Asks what runs of these VGs: one ioctl for the list of devices, one for each device that is theirs.
pub fn observe(control: &dyn Control, vgs: &[&Vg], detail: Detail) -> Result<Vec<Live>, DmError> {
    let mut lives: Vec<Live> =
        vgs.iter().map(|_| Live { known: true, targets_asked: detail.status, ..Live::default() }).collect();
    if vgs.is_empty() {
        return Ok(lives);
    }
    let mut places: HashMap<Id, Vec<usize>> = HashMap::new();
    for (place, vg) in vgs.iter().enumerate() {
        places.entry(vg.id).or_default().push(place);
    }
    let mut nodes: Vec<HashMap<Id, Nodes>> = vgs.iter().map(|_| HashMap::new()).collect();
    for listed in control.list()? {
        let Some(owner) = listed.uuid.as_ref().and_then(|uuid| owner(uuid.as_str())) else { continue };
        let Some(places) = places.get(&owner.vg) else { continue };
        for &place in places {
            let Some(lv) = vgs[place].lvs.get(owner.lv) else { continue };
            // Of VGs with one id the device's name tells which one it is of.
            if places.len() > 1 && !is_named_for(listed.name.as_str(), vgs[place]) {
                lives[place].taken.insert(owner.lv, listed.name.as_str().to_owned());
                continue;
            }
            nodes[place].entry(owner.lv).or_default().add(lv, &owner.layer, listed.number);
        }
    }
    for ((vg, live), nodes) in vgs.iter().zip(&mut lives).zip(nodes) {
        let snapshots = if detail.status { vg.snapshots() } else { HashMap::new() };
        let merging: HashSet<Id> =
            snapshots.values().filter(|snapshot| snapshot.merging).map(|snapshot| snapshot.origin).collect();
        for (id, mut nodes) in nodes {
            let Some(lv) = vg.lvs.get(id) else { continue };
            nodes.settle(lv);
            look(control, nodes, id, detail, live)?;
            if !detail.status {
                continue;
            }
            let says = |node: Option<DevNo>| -> Result<Option<Status>, DmError> {
                let Some(node) = node else { return Ok(None) };
                Ok(status::of_targets(&control.status(node.into(), true)?))
            };
            if talks(lv) || snapshots.contains_key(&id) {
                let said = says(nodes.layer.or(nodes.own))?;
                live.status.extend(said.map(|said| (id, said)));
            }
            if merging.contains(&id) {
                live.merges.extend(says(nodes.own)?.map(|said| (id, said)));
            }
        }
    }
    Ok(lives)
}

/// Whether a device-mapper name begins with the VG's.
fn is_named_for(name: &str, vg: &Vg) -> bool {
    let Ok(name) = dm::unmangle(name, dm::Mangling::Auto) else { return false };
    dm::split(&name).first().is_some_and(|first| *first == vg.name)
}

/// The devices of one LV that matter.
#[derive(Clone, Copy, Debug, Default)]
struct Nodes {
    /// The device that users, or the LVs above, use.
    own: Option<DevNo>,
    /// Below it, the one that does the LV's work.
    layer: Option<DevNo>,
}

impl Nodes {
    /// Sorts in one device, by the layer in its uuid. Hidden LVs' devices carry one since 2.03.36 (2.03.40:
    /// lvm-string.c, build_dm_uuid), older ones none.
    fn add(&mut self, lv: &Lv, layer: &str, number: DevNo) {
        let hidden = !lv.is_visible() || lv.name.starts_with("pvmove");
        let cachevol = lv.flags.has(LvFlag::CacheVol);
        match layer {
            "" | "pool" => self.own = Some(number),
            "tpool" | "vpool" => self.layer = Some(number),
            // Below a hidden origin there may be both.
            "real" => self.layer = Some(number),
            "cvol" | "tdata" | "tmeta" | "vdata" if hidden => self.own = self.own.or(Some(number)),
            "cdata" | "cmeta" if hidden && !cachevol => self.own = self.own.or(Some(number)),
            _ => (),
        }
    }

    /// Takes the one device of a hidden LV, or of a pool that nobody uses yet, for the LV's own.
    fn settle(&mut self, lv: &Lv) {
        let unused_pool = lv.is_visible() && lv.segments.first().is_some_and(is_new_thin_pool);
        if self.own.is_none() && (!lv.is_visible() || unused_pool) {
            self.own = self.layer;
        }
    }
}

/// A pool in which no thin LV was made so far has no device but the pool's own.
fn is_new_thin_pool(segment: &Segment) -> bool {
    match &segment.kind {
        SegmentKind::Striped(_) | SegmentKind::Error | SegmentKind::Zero => false,
        SegmentKind::Verbatim(verbatim) => {
            let transaction = verbatim.items.iter().find(|item| item.key == "transaction_id");
            verbatim.segtype == Some(SegmentType::ThinPool)
                && transaction.is_none_or(|item| item.value == RawValue::Int(0))
        }
    }
}

/// Asks about the devices of one LV.
fn look(control: &dyn Control, nodes: Nodes, id: Id, detail: Detail, live: &mut Live) -> Result<(), DmError> {
    if let Some(own) = nodes.own
        && let Some(found) = device(control, own, detail)?
    {
        live.lvs.insert(id, found);
    }
    if let Some(layer) = nodes.layer
        && nodes.own != nodes.layer
        && let Some(found) = device(control, layer, detail)?
    {
        live.layered.insert(id, found);
    }
    Ok(())
}

fn device(control: &dyn Control, number: DevNo, detail: Detail) -> Result<Option<LvLive>, DmError> {
    let Some(info) = control.info(number.into())? else { return Ok(None) };
    let ahead = detail.read_ahead.then(|| control.read_ahead(info.number).ok()).flatten();
    Ok(Some(LvLive {
        major: info.number.major,
        minor: info.number.minor,
        open_count: info.open_count,
        suspended: info.suspended,
        live_table: info.live_table,
        inactive_table: info.inactive_table,
        read_only: info.access == Access::ReadOnly,
        read_ahead: ahead.map(|amount| u32::try_from(amount.get()).unwrap_or(u32::MAX)),
        name: info.name.as_str().to_owned(),
    }))
}

/// Whether targets of its type say more than that they are there.
fn talks(lv: &Lv) -> bool {
    lv.segments.first().is_some_and(|segment| match segment.kind {
        SegmentKind::Striped(_) | SegmentKind::Error | SegmentKind::Zero => false,
        SegmentKind::Verbatim(_) => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use metadata::model::names::dm_uuid;
    use units::{IdSource, SeededIds};

    #[test]
    fn uuids_name_their_vg_lv_and_layer() {
        let mut ids = SeededIds::new(1);
        let (vg, lv) = (ids.next_id(), ids.next_id());
        for layer in ["", "real", "tpool"] {
            assert_eq!(owner(&dm_uuid(vg, lv, layer)), Some(Owner { vg, lv, layer: layer.to_owned() }));
        }
        assert_eq!(owner("CRYPT-LUKS2-x"), None);
        assert_eq!(owner("LVM-short"), None);
        assert_eq!(owner(&format!("{}x", dm_uuid(vg, lv, ""))), None);
    }
}
