//! `pvdisplay`.

use super::{Frame, bits, pv_bits, row};
use crate::change::Sizes;
use metadata::model::{Pv, PvFlag};
use report::subject::{PvFacts, VgView};
use units::{Extents, Sectors};

fn used(view: &VgView<'_>, pv: &Pv) -> Extents {
    view.space().get(&pv.id).map_or(Extents::ZERO, |space| space.used_count())
}

/// A PV, a line per property. Without `frame` and `pv` it is in no VG.
pub(crate) fn pv_full(sizes: Sizes, frame: Option<(Frame<'_>, &Pv)>, facts: &PvFacts) -> Vec<String> {
    let id = facts.id.map(|id| id.to_string()).unwrap_or_default();
    let Some((frame, pv)) = frame else {
        return vec![
            "--- NEW Physical volume ---".to_owned(),
            row("PV Name", &facts.name),
            row("VG Name", ""),
            row("PV Size", sizes.show(facts.size())),
            row("Allocatable", "NO"),
            pe_size(sizes, Sectors::ZERO),
            row("Total PE", 0),
            row("Free PE", 0),
            row("Allocated PE", 0),
            row("PV UUID", id),
            " ".to_owned(),
        ];
    };
    let (view, vg) = (frame.view, frame.view.vg);
    let data = super::size(view, pv.pe_count);
    let device = pv.dev_size.unwrap_or(facts.dev_size);
    let needed = data + pv.pe_start;
    let (whole, unusable) =
        if device > needed { (device, device - data) } else { (needed, needed.saturating_sub(device)) };
    let whole_text = sizes.show(whole);
    let size = if data.is_zero() {
        whole_text
    } else {
        format!("{whole_text} / not usable {}", sizes.show(unusable))
    };
    let free = pv.pe_count.saturating_sub(used(view, pv));
    let allocatable = match (pv.flags.has(PvFlag::Allocatable) && !pv.pe_count.is_zero(), free.is_zero()) {
        (true, true) => "yes (but full)",
        (true, false) => "yes ",
        (false, _) => "NO",
    };
    let exported = if pv.flags.has(PvFlag::Exported) { " (exported)" } else { "" };
    vec![
        "--- Physical volume ---".to_owned(),
        row("PV Name", view.pv_name(pv.id)),
        row("VG Name", format!("{}{exported}", vg.name)),
        row("PV Size", size),
        row("Allocatable", allocatable),
        pe_size(sizes, vg.extent_size.sectors()),
        row("Total PE", pv.pe_count),
        row("Free PE", free),
        row("Allocated PE", used(view, pv)),
        row("PV UUID", pv.id),
        " ".to_owned(),
    ]
}

/// A PV in three lines, as `vgdisplay -v` has it.
pub(crate) fn pv_short(frame: Frame<'_>, pv: &Pv) -> Vec<String> {
    let free = pv.pe_count.saturating_sub(used(frame.view, pv));
    let not = if pv.flags.has(PvFlag::Allocatable) { "" } else { "NOT " };
    vec![
        format!("{}     ", row("PV Name", frame.view.pv_name(pv.id))),
        row("PV UUID", pv.id),
        row("PV Status", format!("{not}allocatable")),
        row("Total PE / Free PE", format!("{} / {free}", pv.pe_count)),
        " ".to_owned(),
    ]
}

/// A PV for programs.
pub(crate) fn pv_colons(frame: Option<(Frame<'_>, &Pv)>, facts: &PvFacts) -> String {
    let id = facts.id.map(|id| id.to_string()).unwrap_or_default();
    let Some((frame, pv)) = frame else {
        return format!("{}::{}:-1:0:0:-1:0:0:0:0:{id}", facts.name, facts.size());
    };
    let view = frame.view;
    let used = used(view, pv);
    format!(
        "{}:{}:{}:-1:{}:{}:-1:{}:{}:{}:{used}:{id}",
        view.pv_name(pv.id),
        view.vg.name,
        pv.dev_size.unwrap_or(facts.dev_size),
        pv_bits(pv) | if view.is_missing(pv.id) { bits::MISSING } else { 0 },
        pv_bits(pv) & bits::ALLOCATABLE,
        view.vg.extent_size.sectors().get() / 2,
        pv.pe_count,
        pv.pe_count.saturating_sub(used),
    )
}

/// What lies on each run of its extents.
pub(crate) fn pv_segments(frame: Frame<'_>, pv: &Pv) -> Vec<String> {
    let mut lines = vec!["--- Physical Segments ---".to_owned()];
    let Some(space) = frame.view.space().get(&pv.id) else { return lines };
    let used = space.used.iter().map(|used| (used.range, Some((used.lv, used.segment))));
    let mut runs: Vec<_> = used.chain(space.free().into_iter().map(|free| (free, None))).collect();
    runs.sort_by_key(|(run, _)| run.start);
    let vg = frame.view.vg;
    for (run, user) in runs {
        lines.push(format!("Physical extent {} to {}:", run.start, run.start.get() + run.len.get() - 1));
        let lv = user.and_then(|(id, place)| vg.lvs.get(id).zip(Some(place)));
        let segment = lv.and_then(|(lv, place)| lv.segments.get(place).map(|segment| (lv, segment)));
        match segment {
            Some((lv, segment)) => {
                let end = segment.start.get() + segment.len.get().saturating_sub(1);
                lines.push(format!("  Logical volume\t/dev/{}/{}", vg.name, lv.name));
                lines.push(format!("  Logical extents\t{} to {end}", segment.start));
            }
            None => lines.push("  FREE".to_owned()),
        }
    }
    lines.push(" ".to_owned());
    lines
}

fn pe_size(sizes: Sizes, size: Sectors) -> String {
    match sizes.kilobytes(size) {
        Some(count) => row("PE Size (KByte)", count),
        None => row("PE Size", sizes.show(size)),
    }
}
