//! `vgdisplay`.

use super::{Frame, row, vg_bits};
use metadata::model::{Vg, VgFlag};
use report::subject::VgView;
use units::Extents;

fn access(vg: &Vg, both: &'static str, write: &'static str) -> &'static str {
    match (vg.flags.has(VgFlag::Read), vg.is_writable()) {
        (true, true) => both,
        (true, false) => {
            if both == "r/w" {
                "r"
            } else {
                "read"
            }
        }
        (false, true) => write,
        (false, false) => "error",
    }
}

fn visible(view: &VgView<'_>) -> usize {
    view.vg.lvs.iter().filter(|lv| view.is_visible(lv)).count()
}

fn open(view: &VgView<'_>) -> usize {
    let open = |lv: &&metadata::model::Lv| view.live.of(lv.id).is_some_and(|live| live.open_count > 0);
    view.vg.lvs.iter().filter(|lv| view.is_visible(lv)).filter(open).count()
}

fn mdas(view: &VgView<'_>) -> usize {
    view.vg.pvs.iter().filter_map(|pv| view.pvs.get(&pv.id)).map(|facts| facts.mdas.len()).sum()
}

fn used(view: &VgView<'_>) -> Extents {
    view.vg.extents().saturating_sub(view.free())
}

/// A VG, a line per property.
pub(crate) fn vg_full(frame: Frame<'_>) -> Vec<String> {
    let (view, vg) = (frame.view, frame.view.vg);
    let present = vg.pvs.len() - view.missing_count();
    let mut lines = vec![
        "--- Volume group ---".to_owned(),
        row("VG Name", &vg.name),
        row("System ID", vg.system_id.as_deref().unwrap_or("")),
        row("Format", &vg.format),
        row("Metadata Areas", mdas(view)),
        row("Metadata Sequence No", vg.seqno),
        row("VG Access", access(vg, "read/write", "write")),
        row(
            "VG Status",
            format!(
                "{}{}resizable",
                if vg.is_exported() { "exported/" } else { "" },
                if vg.flags.has(VgFlag::Resizeable) { "" } else { "NOT " }
            ),
        ),
    ];
    if vg.flags.has(VgFlag::Clustered) {
        lines.push(row("Clustered", "yes"));
        lines.push(row("Shared", if vg.flags.has(VgFlag::Shared) { "yes" } else { "no" }));
    }
    lines.extend([
        row("MAX LV", vg.max_lv),
        row("Cur LV", visible(view)),
        row("Open LV", open(view)),
        row("Max PV", vg.max_pv),
        row("Cur PV", vg.pvs.len()),
        row("Act PV", present),
        row("VG Size", frame.show(vg.extents())),
        row("PE Size", frame.sizes.show(vg.extent_size.sectors())),
        row("Total PE", vg.extents()),
        row("Alloc PE / Size", format!("{} / {}", used(view), frame.show(used(view)))),
        row("Free  PE / Size", format!("{} / {}", view.free(), frame.show(view.free()))),
        row("VG UUID", vg.id),
        " ".to_owned(),
    ]);
    lines
}

/// A VG in one line.
pub(crate) fn vg_short(frame: Frame<'_>) -> String {
    let view = frame.view;
    format!(
        "\"{}\" {:<9} [{:<9} used / {} free]",
        view.vg.name,
        frame.show(view.vg.extents()),
        frame.show(used(view)),
        frame.show(view.free())
    )
}

/// A VG for programs.
pub(crate) fn vg_colons(frame: Frame<'_>) -> String {
    let (view, vg) = (frame.view, frame.view.vg);
    let extent_kib = vg.extent_size.sectors().get() / 2;
    format!(
        "{}:{}:{}:-1:{}:{}:{}:-1:{}:{}:{}:{}:{extent_kib}:{}:{}:{}:{}",
        vg.name,
        access(vg, "r/w", "w"),
        vg_bits(vg),
        vg.max_lv,
        visible(view),
        open(view),
        vg.max_pv,
        vg.pvs.len(),
        vg.pvs.len() - view.missing_count(),
        vg.extents().get() * extent_kib,
        vg.extents(),
        used(view),
        view.free(),
        vg.id
    )
}
