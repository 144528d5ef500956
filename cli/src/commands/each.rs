//! Going through the objects that a command's arguments mean.

use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::reports;
use crate::session::{Session, Sight};
use crate::world::World;
use activate::observe::Detail;
use metadata::model::{HistoricalLv, Lv, Pv};
use report::field::Kind;
use report::subject::{PvFacts, VgView};
use std::iter;
use units::Id;

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

/// What a command that changes something does to one VG.
type VgStep<'s> = &'s mut dyn FnMut(&Parsed, &mut World, &Session, &str) -> Result<Exit, Exit>;

/// A VG, by its name and its id.
type Named = (String, Id);

/// The VGs that a changing command's arguments and its selection mean. They are read again, under their locks,
/// before they are changed.
pub(super) fn named_vgs(parsed: &Parsed, world: &mut World) -> Result<(Session, Vec<Named>, Exit), Exit> {
    let selection = match parsed.str(Opt::Select) {
        Some(text) => reports::selection_of(world, text, Kind::Vg)?,
        None => None,
    };
    let session = Session::open(parsed, world)?;
    // A selection may ask for anything; names alone need nothing of what runs.
    let detail = selection.is_some().then_some(Detail::ALL);
    let sight = Sight::read_to(parsed, world, &session, detail)?;
    let (chosen, exit) = sight.choose_vgs(parsed, world, &session);
    let views = chosen.iter().map(|choice| sight.view(&session, choice.vg));
    let selected =
        views.filter(|view| selection.as_ref().is_none_or(|wanted| reports::selects_vg(wanted, view)));
    let names = selected.map(|view| (view.vg.name.clone(), view.vg.id)).collect();
    Ok((session, names, exit))
}

/// Does something to each VG that the arguments and the selection mean: one that fails does not keep the
/// others.
pub(super) fn change_vgs(parsed: &Parsed, world: &mut World, step: VgStep<'_>) -> Exit {
    let mut run = || -> Result<Exit, Exit> {
        let (session, vgs, mut exit) = named_vgs(parsed, world)?;
        for (name, id) in vgs {
            session.mean(id);
            world.learn_ids((&name, id), iter::empty(), iter::empty());
            world.about_vg(&name);
            exit = exit.worse(step(parsed, world, &session, &name).unwrap_or_else(|exit| exit));
            world.passed();
            if world.is_interrupted() {
                return Ok(exit.worse(Exit::FAILED));
            }
        }
        world.about_nothing();
        Ok(exit)
    };
    run().unwrap_or_else(|exit| exit)
}

/// Remembers what is in a VG by its ids, for the command log.
fn learn_ids(world: &mut World, view: &VgView<'_>) {
    let lvs = view.vg.lvs.iter().map(|lv| (lv.name.as_str(), lv.id));
    let pvs = view.pvs.iter().map(|(id, facts)| (facts.name.clone(), *id));
    world.learn_ids((&view.vg.name, view.vg.id), lvs, pvs);
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
            let view = sight.view(&session, choice.vg);
            learn_ids(world, &view);
            world.about_vg(&view.vg.name);
            step(world, &session, &view)?;
        }
        world.about_nothing();
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
            learn_ids(world, &view);
            for lv in view.in_order() {
                world.about_lv(&view.vg.name, &lv.name);
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
                    world.about_lv(&view.vg.name, &gone.name);
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
        let exit = exit.worse(chosen.refuse_duplicates(parsed, world));
        for (vg, pvs) in &chosen.in_vgs {
            let view = sight.view(&session, *vg);
            learn_ids(world, &view);
            for id in pvs {
                if let (Some(pv), Some(facts)) = (view.vg.pvs.get(*id), view.pvs.get(id)) {
                    world.about_pv(&view.vg.name, &facts.name);
                    step(world, &session, Some((&view, pv)), facts)?;
                }
            }
        }
        world.about_nothing();
        for facts in &chosen.outside {
            step(world, &session, None, facts)?;
        }
        Ok(exit)
    };
    run().unwrap_or_else(|exit| exit)
}
