//! Telling of PVs whose VG cannot be found: of what is left of it, and that they are not free.

use super::Session;
use super::look::{damage, is_whole};
use crate::commands::Name;
use crate::parsed::Parsed;
use crate::world::World;
use metadata::disk::What;
use pv::MdaFault;
use store::{Astray, Scan};

/// Tells of damaged metadata areas that no VG has, and, where PVs are shown, of PVs that say they are in a VG.
pub(super) fn tell(parsed: &Parsed, world: &mut World, session: &Session, scan: &Scan) {
    for area in &scan.astray {
        tell_area(world, session, area);
    }
    // LVM2 has it so where it goes through all PVs.
    let shows_pvs = matches!(
        parsed.name(),
        Name::Pvs | Name::Pvscan | Name::Pvdisplay | Name::Pvchange | Name::Pvresize | Name::Fullreport
    );
    for pv in scan.orphans.iter().filter(|pv| shows_pvs && pv.is_marked_used()) {
        let name = session.disk_name(pv.disk);
        session.warn_once(
            world,
            format_args!("WARNING: PV {name} is marked in use but no VG was found using it."),
        );
        session.warn_once(world, format_args!("WARNING: PV {name} might need repairing."));
    }
}

fn tell_area(world: &mut World, session: &Session, area: &Astray) {
    let name = session.disk_name(area.disk);
    let offset = area.text.unwrap_or(area.area.offset);
    let fault = &area.fault;
    if is_whole(fault) {
        world.out.said_error = true;
        return session.warn_once(
            world,
            format_args!("The metadata on {name} at byte {offset} are whole, but cannot be read: {fault}."),
        );
    }
    let in_text =
        matches!(fault, MdaFault::Damage(damage) if matches!(damage.what, What::TextChecksum { .. }));
    match in_text {
        true => session.warn_once(
            world,
            format_args!("WARNING: Checksum error on {name} at offset {offset} ({fault})."),
        ),
        false => {
            session.warn_once(world, format_args!("WARNING: {}.", damage(&name, area.area.offset, fault)))
        }
    }
    session.warn_once(
        world,
        format_args!(
            "WARNING: Repair VG metadata on {name} with vgck --updatemetadata where another copy of them turns up, \
             else with vgcfgrestore."
        ),
    );
}
