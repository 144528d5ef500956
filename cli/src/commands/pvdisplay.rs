//! `pvdisplay`: PVs, a line per property; with `-C` as `pvs`.

use super::each;
use crate::change::Sizes;
use crate::display::{Frame, pv_colons, pv_full, pv_segments};
use crate::exit::Exit;
use crate::objects;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::reports::{self, Base};
use crate::world::World;
use units::Sectors;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    if parsed.flag(Opt::Columns) {
        let base = if parsed.flag(Opt::Segments) { Base::PvSegments } else { Base::Pvs };
        return reports::run(parsed, world, base);
    }
    each::pv(parsed, world, &mut |world, session, found, facts| {
        if world.list(|| objects::pv(found, facts)) {
            return Ok(());
        }
        let sizes = Sizes::for_display(parsed, world, session)?;
        let name = facts.name.clone();
        if parsed.flag(Opt::Short) {
            let capacity = found.map_or(facts.size(), |(view, pv)| free(view, pv));
            world.report(format_args!("Device \"{name}\" has a capacity of {}", sizes.show(capacity)));
            return Ok(());
        }
        let frame = found.map(|(view, pv)| (Frame { view, sizes }, pv));
        match frame {
            None => {
                let size = sizes.show(facts.size());
                world.print(format_args!("\"{name}\" is a new physical volume of \"{size}\""));
            }
            Some((frame, _)) if frame.view.vg.is_exported() => {
                let vg = &frame.view.vg.name;
                world.print(format_args!("Physical volume \"{name}\" of volume group \"{vg}\" is exported"));
            }
            Some(_) => (),
        }
        if parsed.flag(Opt::Colon) {
            world.report(pv_colons(frame, facts));
            return Ok(());
        }
        let mut lines = pv_full(sizes, frame, facts);
        if parsed.flag(Opt::Maps) {
            match frame {
                Some((frame, pv)) => lines.extend(pv_segments(frame, pv)),
                None => lines.push(" ".to_owned()),
            }
        }
        lines.into_iter().for_each(|line| world.report(line));
        Ok(())
    })
}

fn free(view: &report::subject::VgView<'_>, pv: &metadata::model::Pv) -> Sectors {
    let free = view.space().get(&pv.id).map_or(units::Extents::ZERO, |space| space.free_count());
    view.vg.extent_size.to_sectors(free).unwrap_or(Sectors::ZERO)
}
