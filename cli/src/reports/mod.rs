//! `pvs`, `vgs`, `lvs` and the `-C` forms of the display commands: which rows, which columns, which shape.

mod options;
mod rows;

pub(crate) use options::selection;
pub(crate) use rows::{selects_pv, selects_vg};

use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{Session, Sight};
use crate::world::World;
pub(crate) use options::units;
use options::{Options, Shape};
use report::field::Kind;
use report::json;
use report::layout::Table;

/// What a report is about before its columns are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    /// `lvs`
    Lvs,
    /// `lvs --segments`
    Segments,
    /// `vgs`
    Vgs,
    /// `pvs`
    Pvs,
    /// `pvs --segments`
    PvSegments,
}

/// What each row is about, with the columns known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subject {
    Lv,
    Segment,
    Vg,
    /// A device with a label, without looking at VGs.
    Label,
    Pv,
    PvSegment,
}

impl Base {
    fn columns(self) -> &'static str {
        match self {
            Self::Lvs => "report/lvs_cols",
            Self::Segments => "report/segs_cols",
            Self::Vgs => "report/vgs_cols",
            Self::Pvs => "report/pvs_cols",
            Self::PvSegments => "report/pvsegs_cols",
        }
    }

    fn sort(self) -> &'static str {
        match self {
            Self::Lvs => "report/lvs_sort",
            Self::Segments => "report/segs_sort",
            Self::Vgs => "report/vgs_sort",
            Self::Pvs => "report/pvs_sort",
            Self::PvSegments => "report/pvsegs_sort",
        }
    }

    /// The name of the array in JSON.
    fn section(self) -> &'static str {
        match self {
            Self::Lvs => "lv",
            Self::Segments => "seg",
            Self::Vgs => "vg",
            Self::Pvs => "pv",
            Self::PvSegments => "pvseg",
        }
    }

    /// What the report is about: names of this kind's fields need no prefix. Tags among the arguments ask for
    /// PVs as VGs know them.
    fn kind(self, tags: bool) -> Kind {
        match self {
            Self::Lvs => Kind::Lv,
            Self::Segments => Kind::Segment,
            Self::Vgs => Kind::Vg,
            Self::Pvs if tags => Kind::Pv,
            Self::Pvs => Kind::Label,
            Self::PvSegments => Kind::PvSegment,
        }
    }

    /// Whether the arguments are PVs: only then may rows tell of LVs and PVs at once.
    fn args_are_pvs(self) -> bool {
        matches!(self, Self::Pvs | Self::PvSegments)
    }

    /// What the rows are about, given all the kinds of fields that are shown, sorted by or selected by
    /// (2.03.40: tools/reporter.c). None: LV and PV fields that cannot stand in one row.
    fn subject(self, kinds: &[Kind]) -> Option<Subject> {
        let has = |wanted: &[Kind]| kinds.iter().any(|kind| wanted.contains(kind));
        let segment = has(&[Kind::Segment]);
        let lv = segment || has(&[Kind::Lv, Kind::LvInfo, Kind::LvStatus, Kind::LvInfoStatus]);
        let pv_segment = has(&[Kind::PvSegment]);
        let pv = pv_segment || has(&[Kind::Pv]);
        let label = has(&[Kind::Label]);
        if lv && (pv || label) && !self.args_are_pvs() {
            return None;
        }
        Some(if pv_segment || ((pv || label) && lv) {
            Subject::PvSegment
        } else if pv || (label && has(&[Kind::Vg])) {
            Subject::Pv
        } else if segment {
            Subject::Segment
        } else if lv {
            Subject::Lv
        } else if label {
            Subject::Label
        } else {
            Subject::Vg
        })
    }
}

/// Runs a report command.
pub(crate) fn run(parsed: &Parsed, world: &mut World, base: Base) -> Exit {
    match try_run(parsed, world, base) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn try_run(parsed: &Parsed, world: &mut World, base: Base) -> Result<Exit, Exit> {
    let session = Session::open(parsed, world)?;
    let options = Options::read(parsed, world, &session.settings, base)?;
    let Some(subject) = base.subject(&options.kinds()) else {
        world.error(format_args!(
            "Can't report LV and PV fields at the same time in report type \"{}\".",
            base.section()
        ));
        return Err(Exit::FAILED);
    };
    let sight = Sight::read_to(world, &session, options.detail())?;
    let mut table = Table::new(&options.columns, &options.keys);
    let keep_all = options.columns.shows_unselected();
    let exit = rows::fill(parsed, world, &session, &sight, base, subject, &mut |row| {
        let selected = options.selection.as_ref().is_none_or(|selection| selection.matches(row));
        if selected || keep_all {
            table.push(row, selected);
        }
    })?;
    if options.style.buffered {
        table.sort();
        table.compact(&options.columns.compact, &options.format);
    }
    show(world, base, &table, &options);
    Ok(exit)
}

fn show(world: &mut World, base: Base, table: &Table, options: &Options) {
    let lines = match options.shape {
        Shape::Text => table.lines(&options.style, &options.format),
        Shape::Json(dialect) => {
            let sections = vec![json::Section { name: base.section(), table }];
            json::lines(&[sections], Some(&[]), dialect, &options.format)
        }
    };
    for line in lines {
        world.raw(line + "\n");
    }
}

/// Whether hidden LVs are shown too.
fn shows_hidden(parsed: &Parsed) -> bool {
    parsed.flag(Opt::All)
}
