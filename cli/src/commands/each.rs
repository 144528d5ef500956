//! Going through the objects that a showing command's arguments mean.

use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{Session, Sight};
use crate::world::World;
use activate::observe::Detail;
use metadata::model::{HistoricalLv, Lv, Pv};
use report::subject::{PvFacts, VgView};

type Step = Result<(), Exit>;

/// What is done with each PV: the VG it is in, if it is in one, and what its device shows.
type PvStep<'s> = &'s mut dyn FnMut(&mut World, &Session, Option<InVg<'_>>, &PvFacts) -> Step;

/// A PV and its VG.
type InVg<'a> = (&'a VgView<'a>, &'a Pv);

fn open(parsed: &Parsed, world: &mut World) -> Result<(Session, Sight), Exit> {
    let session = Session::open(parsed, world)?;
    let sight = Sight::read_to(parsed, world, &session, Some(Detail::ALL))?;
    Ok((session, sight))
}

/// Each VG.
pub(super) fn vg(
    parsed: &Parsed,
    world: &mut World,
    step: &mut dyn FnMut(&mut World, &Session, &VgView<'_>) -> Step,
) -> Exit {
    let mut run = || -> Result<Exit, Exit> {
        let (session, sight) = open(parsed, world)?;
        let (chosen, exit) = sight.choose_vgs(parsed, world, &session);
        for choice in &chosen {
            step(world, &session, &sight.view(&session, choice.vg))?;
        }
        Ok(exit)
    };
    run().unwrap_or_else(|exit| exit)
}

/// An LV, or one that was removed and is remembered.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shown<'a> {
    /// It is there.
    Live(&'a Lv),
    /// It was removed.
    Gone(&'a HistoricalLv),
}

/// Each LV; hidden ones with `-a` or by name, removed ones with `--history`.
pub(super) fn lv(
    parsed: &Parsed,
    world: &mut World,
    step: &mut dyn FnMut(&mut World, &Session, &VgView<'_>, Shown<'_>) -> Step,
) -> Exit {
    let mut run = || -> Result<Exit, Exit> {
        let (session, sight) = open(parsed, world)?;
        let (chosen, exit) = sight.choose_lvs(parsed, world, &session);
        for choice in &chosen {
            let view = sight.view(&session, choice.vg);
            for lv in view.in_order() {
                let wanted = match &choice.lvs {
                    Some(ids) => ids.contains(&lv.id),
                    None => parsed.flag(Opt::All) || view.is_visible(lv),
                };
                if wanted && !VgView::is_snapshot(lv) {
                    step(world, &session, &view, Shown::Live(lv))?;
                }
            }
            if view.words.history && choice.lvs.is_none() {
                for gone in &view.vg.historical {
                    step(world, &session, &view, Shown::Gone(gone))?;
                }
            }
        }
        Ok(exit)
    };
    run().unwrap_or_else(|exit| exit)
}

/// Each PV, with its VG where it is in one.
pub(super) fn pv(parsed: &Parsed, world: &mut World, step: PvStep<'_>) -> Exit {
    let mut run = || -> Result<Exit, Exit> {
        let (session, sight) = open(parsed, world)?;
        let (chosen, exit) = sight.choose_pvs(parsed, world, &session);
        for (vg, pvs) in &chosen.in_vgs {
            let view = sight.view(&session, *vg);
            for id in pvs {
                if let (Some(pv), Some(facts)) = (view.vg.pvs.get(*id), view.pvs.get(id)) {
                    step(world, &session, Some((&view, pv)), facts)?;
                }
            }
        }
        for facts in &chosen.outside {
            step(world, &session, None, facts)?;
        }
        Ok(exit)
    };
    run().unwrap_or_else(|exit| exit)
}
