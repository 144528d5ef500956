//! `pvs`, `vgs`, `lvs` and the `-C` forms of the display commands: which rows, which columns, which shape.

mod groups;
mod log;
mod options;
mod output;
mod rows;

pub(crate) use options::{selection, selection_of};
pub(crate) use rows::{selects_lv, selects_pv, selects_vg};

use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{Session, Sight};
use crate::world::World;
use activate::observe::Detail;
use groups::Target;
use log::Passed;
use options::Options;
pub(crate) use options::units;
pub(crate) use output::Output;
use report::field::Kind;
use report::layout::Table;
use report::subject::{DevtypeFacts, Row};

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
    /// `devtypes`
    Devtypes,
}

/// What a report's rows can be told by: `--configreport lv` means LVs and their segments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Lv,
    Vg,
    Pv,
    Devtype,
}

/// What each row is about, with the columns known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subject {
    Lv,
    Segment,
    Vg,
    Devtype,
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
            Self::Devtypes => "report/devtypes_cols",
        }
    }

    fn sort(self) -> &'static str {
        match self {
            Self::Lvs => "report/lvs_sort",
            Self::Segments => "report/segs_sort",
            Self::Vgs => "report/vgs_sort",
            Self::Pvs => "report/pvs_sort",
            Self::PvSegments => "report/pvsegs_sort",
            Self::Devtypes => "report/devtypes_sort",
        }
    }

    /// Whether rows about that are the report's own.
    fn is_about(self, subject: Subject) -> bool {
        match self {
            Self::Lvs => subject == Subject::Lv,
            Self::Segments => subject == Subject::Segment,
            Self::Vgs => subject == Subject::Vg,
            Self::Pvs => subject == Subject::Pv,
            Self::PvSegments => subject == Subject::PvSegment,
            Self::Devtypes => subject == Subject::Devtype,
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
            Self::Devtypes => "devtype",
        }
    }

    /// What stands over it where the command log is shown too.
    fn title(self) -> &'static str {
        match self {
            Self::Lvs => "Logical Volume",
            Self::Segments => "Logical Volume Segment",
            Self::Vgs => "Volume Group",
            Self::Pvs => "Physical Volume",
            Self::PvSegments => "Physical Volume Segment",
            Self::Devtypes => "Device Types",
        }
    }

    fn family(self) -> Family {
        match self {
            Self::Lvs | Self::Segments => Family::Lv,
            Self::Vgs => Family::Vg,
            Self::Pvs | Self::PvSegments => Family::Pv,
            Self::Devtypes => Family::Devtype,
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
            Self::Devtypes => Kind::Devtype,
        }
    }

    /// Whether the arguments are PVs: only then may rows tell of LVs and PVs at once.
    fn args_are_pvs(self) -> bool {
        matches!(self, Self::Pvs | Self::PvSegments)
    }

    /// What the rows are about, given all the kinds of fields that are shown, sorted by or selected by
    /// (2.03.40: tools/reporter.c). None: LV and PV fields that cannot stand in one row.
    fn subject(self, kinds: &[Kind], mixed: bool) -> Option<Subject> {
        if self == Self::Devtypes {
            return Some(Subject::Devtype);
        }
        let has = |wanted: &[Kind]| kinds.iter().any(|kind| wanted.contains(kind));
        let segment = has(&[Kind::Segment]);
        let lv = segment || has(&[Kind::Lv, Kind::LvInfo, Kind::LvStatus, Kind::LvInfoStatus]);
        let pv_segment = has(&[Kind::PvSegment]);
        let pv = pv_segment || has(&[Kind::Pv]);
        let label = has(&[Kind::Label]);
        if lv && (pv || label) && !mixed {
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
    // A report is a document of its own, also where a command that shows in other ways makes it.
    world.journal = None;
    match try_run(parsed, world, base) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn try_run(parsed: &Parsed, world: &mut World, base: Base) -> Result<Exit, Exit> {
    let session = Session::open(parsed, world)?;
    let out = Output::open(parsed, world, &session.settings, Some(base))?;
    let mut seen = None;
    let table = table_of(parsed, world, &session, &out, base, &mut seen);
    let (tables, exit) = match table {
        Ok((table, exit)) => (vec![vec![(base, table)]], exit),
        // Asked for help, nothing else is shown; after a mistake the log says what it was.
        Err(exit) if exit.is_ok() => return Err(exit),
        Err(exit) => (Vec::new(), exit),
    };
    out.show(parsed, world, &tables);
    world.leave((tables, seen));
    Ok(exit)
}

fn table_of(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    out: &Output,
    base: Base,
    seen: &mut Option<Sight>,
) -> Result<(Table, Exit), Exit> {
    let options = Options::read(parsed, world, &session.settings, base, Some(base), Target::Own)?;
    let Some(subject) = base.subject(&options.kinds(), base.args_are_pvs()) else {
        world.error(format_args!(
            "Can't report LV and PV fields at the same time in report type \"{}\".",
            base.section()
        ));
        return Err(Exit::FAILED);
    };
    let mut table = Table::new(&options.columns, &options.keys);
    if subject == Subject::Devtype {
        if !parsed.positionals().is_empty() {
            world.warn("WARNING: devtypes currently ignores command line arguments.");
        }
        for known in device::known_types() {
            let facts = DevtypeFacts { name: known.name, max_partitions: known.minors, about: known.about };
            options.add(&mut table, &Row { devtype: Some(&facts), ..Row::default() });
        }
        out.finish(&mut table, &options);
        return Ok((table, Exit::OK));
    }
    let sight = seen.insert(Sight::read_to(parsed, world, session, options.detail())?);
    let exit = rows::fill(parsed, world, session, sight, base, subject, &mut |row| {
        options.add(&mut table, row);
    })?;
    out.finish(&mut table, &options);
    Ok((table, exit))
}

/// Runs `fullreport`: for each VG a report on itself, its PVs, its LVs and their segments.
pub(crate) fn run_full(parsed: &Parsed, world: &mut World) -> Exit {
    match try_full(parsed, world) {
        Ok(exit) | Err(exit) => exit,
    }
}

/// The parts of a full report on a VG, in order.
const PARTS: [Base; 5] = [Base::Vgs, Base::Pvs, Base::Lvs, Base::PvSegments, Base::Segments];

fn try_full(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let session = Session::open(parsed, world)?;
    let out = Output::open(parsed, world, &session.settings, None)?;
    let mut parts: Vec<(Base, Options, Subject)> = Vec::new();
    for base in PARTS {
        let options = Options::read(parsed, world, &session.settings, base, None, Target::Part(base))?;
        let subject = base.subject(&options.kinds(), base == Base::PvSegments);
        let Some(subject) = subject.filter(|subject| base.is_about(*subject)) else {
            world.error(format_args!(
                "Can't report fields of other objects in subreport of type \"{}\".",
                base.section()
            ));
            world.hint(
                "columns belong to the part that is about their objects: --configreport NAME -o COLUMNS",
            );
            return Err(Exit::FAILED);
        };
        parts.push((base, options, subject));
    }
    let detail = parts.iter().filter_map(|(_, options, _)| options.detail()).reduce(Detail::union);
    let sight = Sight::read_to(parsed, world, &session, detail)?;
    let (chosen, exit) = sight.choose_vgs(parsed, world, &session);
    let mut tables: Vec<Vec<(Base, Table)>> = Vec::new();
    for choice in &chosen {
        let view = sight.view(&session, choice.vg);
        let mut passed = Passed::new(world);
        let table = |(base, options, subject): &(Base, Options, Subject)| {
            let mut table = Table::new(&options.columns, &options.keys);
            rows::of_vg(&view, choice, parsed, *subject, &mut |row| {
                passed.each(row, &mut |row| options.add(&mut table, row));
            });
            out.finish(&mut table, options);
            (*base, table)
        };
        tables.push(parts.iter().map(table).collect());
        passed.tell(world, Some(&view));
    }
    let orphans = if parsed.positionals().is_empty() { sight.orphans(&session) } else { Vec::new() };
    if !orphans.is_empty() {
        let of_pvs = parts.iter().filter(|(base, ..)| base.args_are_pvs());
        let table = |(base, options, subject): &(Base, Options, Subject)| {
            let mut table = Table::new(&options.columns, &options.keys);
            orphans
                .iter()
                .for_each(|pv| rows::outside(pv, *subject, &mut |row| options.add(&mut table, row)));
            out.finish(&mut table, options);
            (*base, table)
        };
        tables.push(of_pvs.map(table).collect());
    }
    out.show(parsed, world, &tables);
    world.leave((tables, sight));
    Ok(exit)
}

/// Whether hidden LVs are shown too.
fn shows_hidden(parsed: &Parsed) -> bool {
    parsed.flag(Opt::All)
}
