//! What runs: device-mapper's devices, told apart by the uuids LVM gives them.

use dm::{Access, Control, DmError};
use metadata::live::{Live, LvLive};
use metadata::model::Vg;
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

/// How much is asked of each device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Its state.
    State,
    /// Its read-ahead too, which is a look into sysfs.
    ReadAhead,
}

/// Which LVs of a VG have a device: one ioctl, whatever their number.
pub fn running(control: &dyn Control, vg: &Vg) -> Result<HashSet<Id>, DmError> {
    let owners = control.list()?.into_iter().filter_map(|device| owner(device.uuid?.as_str()));
    Ok(owners.filter(|owner| owner.vg == vg.id && owner.layer.is_empty()).map(|owner| owner.lv).collect())
}

/// Asks what runs of these VGs: one ioctl for the list of devices, one for each device that is theirs.
pub fn observe(control: &dyn Control, vgs: &[&Vg], detail: Detail) -> Result<Vec<Live>, DmError> {
    let mut lives: Vec<Live> = vgs.iter().map(|_| Live { known: true, lvs: HashMap::new() }).collect();
    if vgs.is_empty() {
        return Ok(lives);
    }
    let places: HashMap<Id, usize> = vgs.iter().enumerate().map(|(place, vg)| (vg.id, place)).collect();
    for listed in control.list()? {
        let Some(owner) = listed.uuid.as_ref().and_then(|uuid| owner(uuid.as_str())) else { continue };
        let Some(&place) = places.get(&owner.vg) else { continue };
        let hidden = vgs[place].lvs.get(owner.lv).is_some_and(|lv| !lv.is_visible());
        // Hidden LVs' devices carry a layer since 2.03.36; of others only the one without a layer counts.
        if !(owner.layer.is_empty() || hidden) {
            continue;
        }
        let Some(info) = control.info(listed.number.into())? else { continue };
        let live = LvLive {
            major: info.number.major,
            minor: info.number.minor,
            open_count: info.open_count,
            suspended: info.suspended,
            live_table: info.live_table,
            inactive_table: info.inactive_table,
            read_only: info.access == Access::ReadOnly,
            read_ahead: match detail {
                Detail::State => None,
                Detail::ReadAhead => {
                    let amount = control.read_ahead(info.number).ok();
                    amount.map(|amount| u32::try_from(amount.get()).unwrap_or(u32::MAX))
                }
            },
            name: info.name.as_str().to_owned(),
        };
        lives[place].lvs.insert(owner.lv, live);
    }
    Ok(lives)
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
