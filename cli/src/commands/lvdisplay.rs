//! `lvdisplay`: LVs, a line per property; with `-C` as `lvs`.

use super::each::{self, Shown};
use crate::change::Sizes;
use crate::display::{Frame, lv_colons, lv_full, lv_gone, lv_segments};
use crate::exit::Exit;
use crate::objects;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::reports::{self, Base};
use crate::world::World;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    if parsed.flag(Opt::Columns) {
        let base = if parsed.flag(Opt::Segments) { Base::Segments } else { Base::Lvs };
        return reports::run(parsed, world, base);
    }
    each::lv(parsed, world, &mut |world, session, view, shown| {
        // Hidden LVs are shown with -a alone, also where they are named.
        if matches!(shown, Shown::Live(lv) if !parsed.flag(Opt::All) && !view.is_visible(lv)) {
            return Ok(());
        }
        let listed = match shown {
            Shown::Live(lv) => world.list(|| objects::lv(view, lv)),
            Shown::Gone(gone) => world.list(|| objects::gone(view, gone)),
        };
        if listed {
            return Ok(());
        }
        let sizes = Sizes::for_display(parsed, world, session)?;
        let frame = Frame { view, sizes };
        let lv = match shown {
            Shown::Live(lv) => lv,
            Shown::Gone(gone) => {
                let time = session.settings.str("report/time_format");
                lv_gone(frame, gone, time).into_iter().for_each(|line| world.report(line));
                return Ok(());
            }
        };
        if parsed.flag(Opt::Colon) {
            world.report(lv_colons(frame, lv));
            return Ok(());
        }
        let mut lines = lv_full(frame, lv, &session.settings);
        if parsed.flag(Opt::Maps) {
            lines.extend(lv_segments(frame, lv));
        }
        lines.into_iter().for_each(|line| world.report(line));
        Ok(())
    })
}
