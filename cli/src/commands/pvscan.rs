//! `pvscan`: every PV in a line, and their sums; or notes of PVs that come up.

mod cache;
mod journal;

use super::each;
use crate::change::Sizes;
use crate::exit::Exit;
use crate::forms::FormId;
use crate::objects;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::world::World;
use metadata::model::Pv;
use report::subject::{PvFacts, VgView};
use units::Sectors;

/// A PV, as far as its line goes.
struct Line {
    pv: String,
    id: String,
    /// Name of its VG, size there, free there, whether it is exported.
    vg: Option<(String, Sectors, Sectors, bool)>,
    dev_size: Sectors,
}

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    match parsed.form() {
        FormId::PvscanCache => cache::run(parsed, world).unwrap_or_else(|exit| exit),
        _ => display(parsed, world),
    }
}

fn display(parsed: &Parsed, world: &mut World) -> Exit {
    let (orphans, exported) = (parsed.flag(Opt::Novolumegroup), parsed.flag(Opt::Exported));
    if orphans && exported {
        world.error("Options -e and -n are incompatible");
        return Exit::INVALID;
    }
    if orphans || exported {
        let which = if exported { "of exported volume group(s)" } else { "in no volume group" };
        world.warn(format_args!("WARNING: Only considering physical volumes {which}."));
    }
    let mut lines: Vec<Line> = Vec::new();
    // Columns are as wide as the longest names of all, listed or not.
    let (mut pv_width, mut vg_width) = (0, 0);
    let mut sizes = None;
    let exit = each::pv(parsed, world, &mut |world, session, found, facts| {
        sizes = Some(Sizes::for_display(parsed, world, session)?);
        let line = line(found, facts);
        pv_width = pv_width.max(line.pv.chars().count() + 2);
        vg_width = vg_width.max(line.vg.as_ref().map_or(0, |vg| vg.0.len()) + 2);
        let wanted = match &line.vg {
            None => !exported,
            Some((.., is_exported)) => !orphans && (!exported || *is_exported),
        };
        if wanted && !world.list(|| objects::pv(found, facts)) {
            lines.push(line);
        }
        Ok(())
    });
    match sizes.filter(|_| !lines.is_empty()) {
        None if exit.is_ok() && world.journal.is_none() => world.print("No matching physical volumes found"),
        None => (),
        Some(sizes) => show(parsed, world, sizes, &lines, (pv_width, vg_width)),
    }
    exit
}

fn line(found: Option<(&VgView<'_>, &Pv)>, facts: &PvFacts) -> Line {
    let vg = found.map(|(view, pv)| {
        let size = |count| view.vg.extent_size.to_sectors(count).unwrap_or(Sectors::ZERO);
        let free = view.space().get(&pv.id).map_or(units::Extents::ZERO, |space| space.free_count());
        (view.vg.name.clone(), size(pv.pe_count), size(free), view.vg.is_exported())
    });
    let pv = if facts.missing { "[unknown]".to_owned() } else { facts.name.clone() };
    Line { pv, id: facts.id.map(|id| id.to_string()).unwrap_or_default(), vg, dev_size: facts.size() }
}

fn show(
    parsed: &Parsed,
    world: &mut World,
    sizes: Sizes,
    lines: &[Line],
    (pv_width, vg_width): (usize, usize),
) {
    for line in lines {
        match &line.vg {
            Some((vg, ..)) => world.about_pv(vg, &line.pv),
            None => world.about_nothing(),
        }
        if parsed.flag(Opt::Short) {
            world.print(&line.pv);
            continue;
        }
        let pv = match parsed.flag(Opt::Uuid) {
            true => format!("{:w$} with UUID {}", line.pv, line.id, w = pv_width - 2),
            false => line.pv.clone(),
        };
        let width = if parsed.flag(Opt::Uuid) { pv_width + 50 } else { pv_width };
        world.print(match &line.vg {
            None => format!("PV {pv:width$}    {:vg_width$} lvm2 [{}]", " ", sizes.show(line.dev_size)),
            Some((vg, size, free, true)) => format!(
                "PV {pv:width$}  is in exported VG {vg} [{} / {} free]",
                sizes.show(*size),
                sizes.show(*free)
            ),
            Some((vg, size, free, false)) => {
                format!(
                    "PV {pv:width$} VG {vg:vg_width$} lvm2 [{} / {} free]",
                    sizes.show(*size),
                    sizes.show(*free)
                )
            }
        });
    }
    world.about_nothing();
    let (in_use, new): (Vec<&Line>, Vec<&Line>) = lines.iter().partition(|line| line.vg.is_some());
    let used: Sectors = in_use.iter().filter_map(|line| line.vg.as_ref()).map(|vg| vg.1).sum();
    let unused: Sectors = new.iter().map(|line| line.dev_size).sum();
    world.print(format_args!(
        "Total: {} [{}] / in use: {} [{}] / in no VG: {} [{}]",
        lines.len(),
        sizes.show(used + unused),
        in_use.len(),
        sizes.show(used),
        new.len(),
        sizes.show(unused)
    ));
}
