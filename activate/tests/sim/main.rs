//! Changes of a VG on RAM disks with a device-mapper in memory: what is done in which order, and what is true
//! when something fails.

#[path = "../lab/mod.rs"]
mod lab;

mod failures;
mod guardian;
mod order;
mod rescue;

use activate::{NumberedLoops, Settings};
use device::Disk;
use device::ram::{Power, RamDisk};
use dm::Sim;
use lab::{Lab, lv, lv_id};
use metadata::model::{LvFlag, Vg};
use std::sync::Arc;
use units::Bytes;

/// RAM disks and device-mapper; [`Lab`] borrows it.
struct Site {
    sim: Sim,
    loops: NumberedLoops,
    rams: Vec<RamDisk>,
}

impl Site {
    fn new() -> Self {
        let power = Power::new();
        let ram = |n| RamDisk::new(format!("/dev/ram{n}"), n, Bytes::new(8 << 20)).with_power(&power);
        Self { sim: Sim::new(), loops: NumberedLoops::default(), rams: (0..2).map(ram).collect() }
    }

    fn lab(&self) -> Lab<'_> {
        let disks = self.rams.iter().map(|ram| Arc::new(ram.clone()) as Arc<dyn Disk>);
        Lab::new(lab::set(disks), &self.sim, &self.loops, Settings::without_names())
    }

    /// Devices as `name: table`, with marks.
    fn devices(&self) -> Vec<String> {
        let line = |(info, table): (dm::Info, String)| {
            let suspended = if info.suspended { " SUSPENDED" } else { "" };
            let inactive = if info.inactive_table { " INACTIVE" } else { "" };
            let access = if info.access == dm::Access::ReadOnly { " ro" } else { "" };
            format!("{}: {}{access}{suspended}{inactive}", info.name, table.replace('\n', "; "))
        };
        self.sim.devices().into_iter().map(line).collect()
    }
}

/// LVs a to d, running.
fn four(site: &Site) -> Lab<'_> {
    let lab = site.lab();
    let pv = lab.pv(0);
    let lvs = [("a", 0), ("b", 2), ("c", 4), ("d", 6)];
    let lvs = lvs.iter().zip(1..).map(|(&(name, at), number)| lv(number, name, pv, &[(at, 2)])).collect();
    lab.with_lvs(lvs)
}

/// A change of every kind at once: a grows, b is renamed, c goes, d becomes read-only, e is new.
fn everything(lab: &Lab<'_>) -> Vg {
    let (pv, other) = (lab.pv(0), lab.pv(1));
    lab.next(|vg| {
        vg.lvs.get_mut(lv_id(1)).unwrap().segments = lab::segments(pv, &[(0, 2), (10, 1)]);
        vg.lvs.get_mut(lv_id(2)).unwrap().name = "renamed".to_owned();
        vg.lvs.get_mut(lv_id(4)).unwrap().flags.set(LvFlag::Write, false);
        vg.lvs.remove(lv_id(3));
        vg.lvs.reindex();
        vg.lvs.push(lv(5, "e", other, &[(0, 1)])).unwrap();
    })
}
