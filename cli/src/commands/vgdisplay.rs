//! `vgdisplay`: VGs, a line per property; with `-C` as `vgs`.

use super::each;
use crate::change::Sizes;
use crate::display::{Frame, lv_full, pv_short, vg_colons, vg_full, vg_short};
use crate::exit::Exit;
use crate::objects;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::reports::{self, Base};
use crate::world::World;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    if parsed.flag(Opt::Columns) {
        return reports::run(parsed, world, Base::Vgs);
    }
    let only_active = parsed.flag(Opt::Activevolumegroups);
    if only_active && !parsed.positionals().is_empty() {
        world.error("Option -A is not allowed with volume group names");
        return Exit::INVALID;
    }
    each::vg(parsed, world, &mut |world, session, view| {
        if only_active && !view.vg.lvs.iter().any(|lv| view.live.is_active(lv.id)) {
            return Ok(());
        }
        if world.list(|| objects::vg(view)) {
            return Ok(());
        }
        let frame = Frame { view, sizes: Sizes::for_display(parsed, world, session)? };
        if parsed.flag(Opt::Colon) {
            world.report(vg_colons(frame));
            return Ok(());
        }
        if parsed.flag(Opt::Short) {
            world.report(vg_short(frame));
            return Ok(());
        }
        let mut lines = vg_full(frame);
        if parsed.flag(Opt::Verbose) {
            lines.extend(
                view.in_order()
                    .into_iter()
                    .filter(|lv| view.is_visible(lv))
                    .flat_map(|lv| lv_full(frame, lv, &session.settings)),
            );
            lines.push("--- Physical volumes ---".to_owned());
            lines.extend(view.vg.pvs.iter().flat_map(|pv| pv_short(frame, pv)));
        }
        lines.into_iter().for_each(|line| world.report(line));
        Ok(())
    })
}
