//! `vgck`: whether VGs are sound; with `--updatemetadata`, their metadata written anew.

use super::each;
use crate::change::{self, Begin, Planned, Refusal};
use crate::exit::Exit;
use crate::forms::FormId;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{Session, Sight};
use crate::world::World;
use metadata::model::PvFlag;
use metadata::plan::Proposal;
use store::{Finding, Mend};
use units::Bytes;
use vg::Purpose;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    match parsed.form() {
        FormId::VgckUpdateMetadata => each::change_vgs(parsed, world, &mut rewrite),
        _ => each::change_vgs(parsed, world, &mut check),
    }
}

/// Says what is wrong with a VG. What is wrong with single copies of its text was told as it was read.
fn check(parsed: &Parsed, world: &mut World, session: &Session, name: &str) -> Result<Exit, Exit> {
    let sight = Sight::read(parsed, world, session)?;
    let place = sight.the_vg(world, session, name, Purpose::Read)?;
    let on_disk = &sight.scan.vgs[place];
    let violations = metadata::validate::validate(&on_disk.vg);
    for violation in &violations {
        world.error(format_args!("VG {name}: {violation}"));
    }
    let old = on_disk.findings.iter().any(|finding| matches!(finding, Finding::FellBack { .. }));
    let flagged = on_disk.vg.pvs.iter().filter(|pv| pv.flags.has(PvFlag::Missing)).count();
    let missing = on_disk.missing().count().max(flagged);
    if missing > 0 {
        world.error(format_args!("The volume group is missing {missing} physical volumes."));
    }
    Ok(if violations.is_empty() && missing == 0 && !old { Exit::OK } else { Exit::FAILED })
}

/// Writes the VG as it is to all of its metadata areas, PV headers and disks that left it while they were away.
fn rewrite(parsed: &Parsed, world: &mut World, session: &Session, name: &str) -> Result<Exit, Exit> {
    let begin = Begin::Existing(name, Purpose::Rewrite);
    let mut strange: Vec<(String, Bytes)> = Vec::new();
    let done = change::run(parsed, world, session, begin, &mut |before, _| {
        let on_disk = before.vg().ok_or_else(|| Refusal::words("No volume group."))?;
        if parsed.flag(Opt::Ifneeded) && on_disk.findings.is_empty() && on_disk.vg.historical.is_empty() {
            let so =
                Refusal::words(format!("All metadata of volume group \"{name}\" are as they should be."));
            return Err(so.already_so(true));
        }
        let bad = on_disk.areas.iter().filter(|area| area.is_bad() && !area.is_mendable());
        strange = bad.map(|area| (session.disk_name(area.disk), area.area.offset)).collect();
        let mut next = on_disk.vg.clone();
        next.seqno += 1;
        // LVs that are gone are no longer remembered.
        next.historical.clear();
        Ok(Planned { mend: Mend::Sure, ..Planned::new(Proposal::plain(next)) })
    })?;
    for (disk, offset) in strange {
        world.warn(format_args!(
            "WARNING: Not repairing bad metadata on {disk} at byte {offset}: it may be no metadata area. See pvck --repair."
        ));
    }
    Ok(change::exit_after(done.as_ref()))
}
