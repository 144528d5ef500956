//! What the bytes go into.

use super::reach::{Place, reach};
use crate::change::Refusal;
use crate::exit::Exit;
use crate::holders::Holders;
use crate::lv_name;
use crate::parsed::Parsed;
use crate::part::{self, PartName};
use crate::session::{Session, Sight};
use crate::volume;
use crate::world::World;
use device::{Claim, Disk, LockMode};
use dm::Access;
use metadata::model::{Lv, LvFlag, Vg};
use std::ffi::OsStr;
use std::sync::Arc;
use store::{Held, LockRequest};
use units::Id;
use vg::Purpose;

/// What a word names.
pub(super) enum Goal {
    /// A partition of a disk or an image.
    Part(PartName),
    /// An LV: the VG's name, and its own.
    Lv(String, String),
}

/// An LV or a partition, locked.
pub(super) struct Target {
    /// What it is called.
    pub(super) name: String,
    /// Its content.
    pub(super) disk: Arc<dyn Disk>,
    /// Its id: LVs have one.
    pub(super) id: Option<Id>,
    is_active: bool,
    lies: Lies,
    _held: (Option<Held>, Option<part::Held>),
}

/// How it lies on disks.
enum Lies {
    /// By the VG's segments, with what its PVs are called.
    Lv { vg: Box<Vg>, devices: Vec<(Id, String)> },
    /// In one piece.
    Part { device: String, from: u64 },
    /// In pieces nobody asked for.
    Scattered,
}

impl Goal {
    /// What the word names, whether it is there or not.
    pub(super) fn of_word(world: &mut World, word: &OsStr) -> Result<Self, Exit> {
        if let Some(name) = part::of_word(world, word) {
            return Ok(Self::Part(name));
        }
        let (vg, lv) = lv_name::of_word(world, &word.to_string_lossy())?;
        Ok(Self::Lv(vg, lv))
    }

    /// Locks and opens it; refused where it may not be written to.
    pub(super) fn open(&self, parsed: &Parsed, world: &mut World, session: &Session) -> Result<Target, Exit> {
        match self {
            Self::Part(name) => {
                let held = name.open(world, LockMode::Exclusive).map_err(|refusal| refusal.tell(world))?;
                let device = name.disk.display().to_string();
                let lies = held.start.map_or(Lies::Scattered, |from| Lies::Part { device, from });
                let disk = Arc::clone(&held.part);
                let (name, is_active) = (name.shown(), false);
                Ok(Target { name, disk, id: None, is_active, lies, _held: (None, Some(held)) })
            }
            Self::Lv(vg, lv) => lv_target(parsed, world, session, vg, lv),
        }
    }
}

fn lv_target(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    vg: &str,
    lv: &str,
) -> Result<Target, Exit> {
    let holders = Holders::new(world, session);
    let held = session.lock(world, &LockRequest::change_vg(vg))?;
    let sight = Sight::read(parsed, world, session)?;
    let place = sight.the_vg(world, session, vg, Purpose::Change)?;
    let on_disk = &sight.scan.vgs[place];
    let name = format!("{vg}/{lv}");
    let Some(lv) = on_disk.vg.lv_named(lv) else {
        world.error(format_args!("Failed to find logical volume \"{name}\""));
        return Err(Exit::FAILED);
    };
    let mut live = sight.live(place).clone();
    let unknown = !live.known && session.settings.bool("global/activation");
    let disk = check_lv(&name, lv, unknown)
        .and_then(|()| holders.check(&name, lv.id, &mut live))
        .and_then(|()| volume::open(session, &world.devices, on_disk, lv, &live, Access::ReadWrite))
        .map_err(|refusal| refusal.tell(world))?;
    let device =
        |pv| on_disk.disk_of(pv).map_or_else(|| "[unknown]".to_owned(), |disk| session.disk_name(disk));
    let devices = on_disk.vg.pvs.iter().map(|pv| (pv.id, device(pv.id))).collect();
    Ok(Target {
        name,
        disk: disk.into(),
        id: Some(lv.id),
        is_active: live.is_active(lv.id),
        lies: Lies::Lv { vg: Box::new(on_disk.vg.clone()), devices },
        _held: (Some(held), None),
    })
}

impl Target {
    /// Keeps a device from being mounted meanwhile; images and partitions are locked already.
    pub(super) fn claim(&self) -> Result<Option<Box<dyn Claim>>, Refusal> {
        let claim = self.is_active.then(|| self.disk.open_exclusive()).transpose();
        claim.map_err(|error| Refusal::failed(&error))
    }

    /// Where its first bytes lie.
    pub(super) fn places(&self, bytes: u64) -> Vec<Place> {
        match &self.lies {
            Lies::Lv { vg, devices } => {
                let lv = self.id.and_then(|id| vg.lvs.get(id));
                let name = |pv| devices.iter().find(|(id, _)| *id == pv).map(|(_, name)| name.clone());
                lv.map(|lv| reach(vg, lv, bytes, &|pv| name(pv).unwrap_or_default())).unwrap_or_default()
            }
            Lies::Part { device, from } if bytes > 0 => vec![Place {
                device: device.clone(),
                extents: None,
                first_byte: *from,
                last_byte: from + bytes - 1,
            }],
            Lies::Part { .. } | Lies::Scattered => Vec::new(),
        }
    }
}

/// Refuses LVs that may not be written to. `unknown`: nobody can tell whether it is active.
fn check_lv(name: &str, lv: &Lv, unknown: bool) -> Result<(), Refusal> {
    if !lv.is_visible() {
        return Err(Refusal::words(format!("{name} is a part of another LV.")));
    }
    if !lv.is_writable() {
        return Err(Refusal::words(format!("{name} is read-only.")));
    }
    if lv.flags.has(LvFlag::Locked) {
        return Err(Refusal::words(format!("{name} is locked: a conversion runs.")));
    }
    if unknown {
        return Err(Refusal::words(format!("Whether {name} is active is not known, so nothing is written.")));
    }
    Ok(())
}
