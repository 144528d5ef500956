//! `lvmdiskscan`: every device that may be used, and which of them are PVs.

use crate::change::Sizes;
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{Session, Sight};
use crate::world::World;

/// Devices counted by their names: those that end in a digit are taken for partitions, as LVM2 does.
#[derive(Default)]
struct Count {
    disks: usize,
    partitions: usize,
}

impl Count {
    fn add(&mut self, name: &str) {
        match name.ends_with(|last: char| last.is_ascii_digit()) {
            true => self.partitions += 1,
            false => self.disks += 1,
        }
    }
}

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    scan(parsed, world).unwrap_or_else(|exit| exit)
}

fn scan(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let only_pvs = parsed.flag(Opt::Lvmpartition);
    if only_pvs {
        world.warn("WARNING: Only considering LVM devices.");
    }
    let session = Session::open(parsed, world)?;
    let sight = Sight::read(parsed, world, &session)?;
    let sizes = Sizes::new(&session);
    let names: Vec<_> = session.found().disks.iter().map(|entry| session.disk_name(entry.id())).collect();
    let width = names.iter().map(String::len).max().unwrap_or(0);
    let (mut others, mut pvs) = (Count::default(), Count::default());
    for (entry, name) in session.found().disks.iter().zip(&names) {
        let id = entry.id();
        let double = sight.scan.duplicates.iter().any(|pv| pv.others.contains(&id));
        let is_pv = double || sight.pv_on(id).is_some() || sight.outdated_on(id).is_some();
        if !is_pv && only_pvs {
            continue;
        }
        let (count, what) = if is_pv { (&mut pvs, "LVM physical volume") } else { (&mut others, "") };
        count.add(name);
        let bytes = entry.disk().len();
        let size = sizes.show(bytes.sectors());
        let object = || serde_json::json!({ "device": name, "size": bytes.get(), "pv": is_pv });
        world.print_object(object, format_args!("{name:width$} [{size:>15}] {what}"));
    }
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    if !only_pvs {
        world.print(format_args!("{} disk{}", others.disks, plural(others.disks)));
        world.print(format_args!("{} partition{}", others.partitions, plural(others.partitions)));
    }
    world.print(format_args!("{} LVM physical volume whole disk{}", pvs.disks, plural(pvs.disks)));
    world.print(format_args!("{} LVM physical volume{}", pvs.partitions, plural(pvs.partitions)));
    Ok(Exit::OK)
}
