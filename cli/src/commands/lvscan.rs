//! `lvscan`: every LV in a line.

use super::each::{self, Shown};
use crate::change::Sizes;
use crate::exit::Exit;
use crate::objects;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::world::World;
use report::inspect;
use units::Sectors;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    if parsed.flag(Opt::Cache) {
        world.warn("WARNING: Ignoring lvscan --cache because lvmetad is no longer used.");
        return Exit::OK;
    }
    each::lv(parsed, world, &mut |world, session, view, shown| {
        let Shown::Live(lv) = shown else { return Ok(()) };
        if world.list(|| objects::lv(view, lv)) {
            return Ok(());
        }
        let sizes = Sizes::for_display(parsed, world, session)?;
        let store = view.parts().store(lv).is_some();
        let works = !store || inspect::snapshot_works(view, lv);
        let state = if view.live.is_active(lv.id) && works { "ACTIVE   " } else { "inactive " };
        let kind = match (view.parts().is_origin(lv), store) {
            (true, _) => "Original",
            (false, true) => "Snapshot",
            (false, false) => "",
        };
        let size = view.vg.extent_size.to_sectors(lv.extents()).unwrap_or(Sectors::ZERO);
        let (vg, name, alloc) = (&view.vg.name, &lv.name, lv.alloc.name());
        world.print(format_args!("{state}{kind:8} '/dev/{vg}/{name}' [{}] {alloc}", sizes.show(size)));
        Ok(())
    })
}
