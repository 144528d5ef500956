//! Which rows a report has.

use super::log::Passed;
use super::{Base, Subject, shows_hidden};
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{Choice, Session, Sight};
use crate::world::World;
use metadata::model::Lv;
use report::field::Kind;
use report::select::Selection;
use report::subject::{PvFacts, PvSegment, Row, VgView};
use units::{Id, Pe};

/// What is done with each row.
pub(super) type Each<'e> = &'e mut dyn FnMut(&Row<'_>);

/// Calls `each` for every row that the arguments ask for. Gives the worst of what went wrong on the way.
pub(super) fn fill(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    sight: &Sight,
    base: Base,
    subject: Subject,
    each: Each<'_>,
) -> Result<Exit, Exit> {
    if base.args_are_pvs() {
        return pv_args(parsed, world, session, sight, subject, each);
    }
    let (chosen, exit) = match base {
        Base::Vgs => sight.choose_vgs(parsed, world, session),
        _ => sight.choose_lvs(parsed, world, session),
    };
    for choice in &chosen {
        let view = sight.view(session, choice.vg);
        let mut passed = Passed::new(world);
        of_vg(&view, choice, parsed, subject, &mut |row| passed.each(row, each));
        passed.tell(world, Some(&view));
    }
    Ok(exit)
}

/// The rows of a VG that the arguments ask for.
pub(super) fn of_vg(view: &VgView<'_>, choice: &Choice, parsed: &Parsed, subject: Subject, each: Each<'_>) {
    match subject {
        Subject::Label | Subject::Devtype => (),
        Subject::Vg => each(&Row { vg: Some(view), ..Row::default() }),
        Subject::Lv => {
            lvs(view, choice, parsed, &mut |lv| {
                each(&Row { vg: Some(view), lv: Some(lv), ..Row::default() });
            });
            removed(view, choice, each);
        }
        Subject::Segment => {
            lvs(view, choice, parsed, &mut |lv| {
                // Segments of hidden LVs are shown with -a alone, also where such an LV is named.
                if choice.lvs.is_some() && !shows_hidden(parsed) && !view.is_visible(lv) {
                    return;
                }
                for segment in &lv.segments {
                    each(&Row { vg: Some(view), lv: Some(lv), segment: Some(segment), ..Row::default() });
                }
            });
            removed(view, choice, each);
        }
        Subject::Pv | Subject::PvSegment => {
            for pv in &view.vg.pvs {
                pv_rows(view, pv.id, subject, each);
            }
        }
    }
}

/// Whether a selection wants a VG: by its own fields, or by those of any of its LVs, segments or PVs.
pub(crate) fn selects_vg(selection: &Selection, view: &VgView<'_>) -> bool {
    let asks = |kinds: &[Kind]| selection.kinds().iter().any(|kind| kinds.contains(kind));
    if asks(&[Kind::Pv, Kind::Label, Kind::PvSegment]) {
        let mut found = false;
        for pv in &view.vg.pvs {
            pv_rows(view, pv.id, Subject::PvSegment, &mut |row| found |= selection.matches(row));
        }
        return found;
    }
    if asks(&[Kind::Lv, Kind::LvInfo, Kind::LvStatus, Kind::LvInfoStatus, Kind::Segment]) {
        return view.vg.lvs.iter().any(|lv| selects_lv(selection, view, lv));
    }
    selection.matches(&Row { vg: Some(view), ..Row::default() })
}

/// Whether a selection wants an LV: by its own fields and its VG's, or by those of any of its segments.
pub(crate) fn selects_lv(selection: &Selection, view: &VgView<'_>, lv: &Lv) -> bool {
    let row = Row { vg: Some(view), lv: Some(lv), ..Row::default() };
    if !selection.kinds().contains(&Kind::Segment) {
        return selection.matches(&row);
    }
    lv.segments.iter().any(|segment| selection.matches(&Row { segment: Some(segment), ..row }))
}

/// Whether a selection wants a PV: by its own fields and its VG's, or by those of any of its runs of extents.
pub(crate) fn selects_pv(selection: &Selection, view: &VgView<'_>, pv: Id) -> bool {
    let own = [Kind::Pv, Kind::Label, Kind::Vg, Kind::Special];
    let subject = match selection.kinds().iter().all(|kind| own.contains(kind)) {
        true => Subject::Pv,
        false => Subject::PvSegment,
    };
    let mut found = false;
    pv_rows(view, pv, subject, &mut |row| found |= selection.matches(row));
    found
}

/// The LVs of a choice: those named, or all that are shown.
fn lvs(view: &VgView<'_>, choice: &Choice, parsed: &Parsed, each: &mut dyn FnMut(&Lv)) {
    for lv in view.in_order() {
        let wanted = match &choice.lvs {
            Some(ids) => ids.contains(&lv.id),
            None => shows_hidden(parsed) || view.is_visible(lv),
        };
        // The hidden LV of an old-style snapshot is no LV to users, even with -a.
        if wanted && !VgView::is_snapshot(lv) {
            each(lv);
        }
    }
}

/// The rows of LVs that were removed and are remembered, where the report shows such.
fn removed(view: &VgView<'_>, choice: &Choice, each: Each<'_>) {
    if view.words.history && choice.lvs.is_none() {
        for gone in &view.vg.historical {
            each(&Row { vg: Some(view), historical: Some(gone), ..Row::default() });
        }
    }
}

fn pv_rows(view: &VgView<'_>, pv: Id, subject: Subject, each: Each<'_>) {
    let device = view.pvs.get(&pv);
    let known = view.vg.pvs.get(pv);
    let row = Row { vg: Some(view), pv: known, device, ..Row::default() };
    if subject != Subject::PvSegment {
        return each(&row);
    }
    let Some(space) = view.space().get(&pv) else { return };
    let mut runs: Vec<(PvSegment, Option<(Id, usize)>)> = space
        .used
        .iter()
        .map(|used| {
            (PvSegment { start: used.range.start, len: used.range.len }, Some((used.lv, used.segment)))
        })
        .chain(space.free().into_iter().map(|free| (PvSegment { start: free.start, len: free.len }, None)))
        .collect();
    runs.sort_by_key(|(run, _)| run.start);
    if runs.is_empty() {
        runs.push((PvSegment { start: Pe::new(0), len: units::Extents::ZERO }, None));
    }
    for (run, user) in runs {
        let lv = user.and_then(|(lv, _)| view.vg.lvs.get(lv));
        let segment = lv.zip(user).and_then(|(lv, (_, place))| lv.segments.get(place));
        each(&Row { lv, segment, pv_segment: Some(run), ..row });
    }
}

/// Rows of `pvs`: of the PVs named, or of all.
fn pv_args(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    sight: &Sight,
    subject: Subject,
    each: Each<'_>,
) -> Result<Exit, Exit> {
    if subject == Subject::Label {
        return labels(parsed, world, session, sight, each);
    }
    let (chosen, exit) = sight.choose_pvs(parsed, world, session);
    for (vg, pvs) in &chosen.in_vgs {
        let view = sight.view(session, *vg);
        let mut passed = Passed::new(world);
        for &pv in pvs {
            pv_rows(&view, pv, subject, &mut |row| passed.each(row, each));
        }
        passed.tell(world, Some(&view));
    }
    let mut passed = Passed::new(world);
    for facts in &chosen.outside {
        outside(facts, subject, &mut |row| passed.each(row, each));
    }
    passed.tell(world, None);
    if parsed.flag(Opt::All) || !parsed.positionals().is_empty() {
        for facts in &chosen.duplicates {
            outside(facts, subject, each);
        }
    }
    if parsed.flag(Opt::All) {
        for facts in &chosen.no_pvs {
            outside(facts, subject, each);
        }
    }
    Ok(exit)
}

/// Rows of devices with a label, whatever VG they are in.
fn labels(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    sight: &Sight,
    each: Each<'_>,
) -> Result<Exit, Exit> {
    let (facts, exit) = sight.choose_labels(parsed, world, session);
    for device in &facts {
        each(&Row { device: Some(device), ..Row::default() });
    }
    Ok(exit)
}

pub(super) fn outside(facts: &PvFacts, subject: Subject, each: Each<'_>) {
    let pv_segment =
        (subject == Subject::PvSegment).then_some(PvSegment { start: Pe::new(0), len: units::Extents::ZERO });
    each(&Row { device: Some(facts), pv_segment, ..Row::default() });
}
