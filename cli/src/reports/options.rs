//! What `-o`, `-O`, `-S`, `--units` and their kin say, over what the settings say.

use super::Base;
use super::groups::{self, Target, Whole};
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::world::World;
use activate::observe::Detail;
use conf::settings::Settings;
use report::display::Units;
use report::field::{self, Field, Kind, Needs, READ_AHEAD};
use report::json::Dialect;
use report::layout::{Headings, Style, Table};
use report::request::{self, Columns, Compact, Key, Names};
use report::select::{self, SelectError, Selection};
use report::subject::Row;
use report::value::Format;

/// The options of one report, read.
pub(super) struct Options {
    /// What the report is about before its columns are known.
    base: Kind,
    pub(super) columns: Columns,
    pub(super) keys: Vec<Key>,
    pub(super) selection: Option<Selection>,
}

/// Text or JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    Json(Dialect),
}

impl Options {
    /// Reads what is for one report: a command's own, or a part of a full report.
    pub(super) fn read(
        parsed: &Parsed,
        world: &mut World,
        settings: &Settings,
        base: Base,
        whole: Whole,
        target: Target,
    ) -> Result<Self, Exit> {
        let kind = match target {
            // Parts of a full report know PVs as their VG does.
            Target::Part(_) => base.kind(true),
            Target::Own | Target::Log => base.kind(parsed.words().iter().any(|word| word.starts_with('@'))),
        };
        let full = matches!(target, Target::Part(_));
        let (columns, sort) = match (full, parsed.flag(Opt::Verbose)) {
            (true, _) => (format!("{}_full", base.columns()), format!("{}_full", base.sort())),
            (false, true) => (format!("{}_verbose", base.columns()), base.sort().to_owned()),
            (false, false) => (base.columns().to_owned(), base.sort().to_owned()),
        };
        let defaults =
            Defaults { columns: settings.str(&columns), sort: settings.str(&sort), selection: None };
        Self::with(parsed, world, settings, kind, &defaults, whole, target)
    }

    /// Reads what is for the command log.
    pub(super) fn log(
        parsed: &Parsed,
        world: &mut World,
        settings: &Settings,
        whole: Whole,
    ) -> Result<Self, Exit> {
        let defaults = Defaults {
            columns: settings.str("log/command_log_cols"),
            sort: settings.str("log/command_log_sort"),
            selection: Some(settings.str("log/command_log_selection")),
        };
        Self::with(parsed, world, settings, Kind::Log, &defaults, whole, super::output::LOG)
    }

    /// What the settings say of the log of a command that makes no report.
    pub(super) fn log_of_change(world: &mut World, settings: &Settings) -> Result<Self, Exit> {
        let kind = Kind::Log;
        let text = |name| settings.str(name);
        let keys = keys(world, text("log/command_log_sort"), kind)?;
        let columns = columns(world, settings, text("log/command_log_cols"), &[], true, kind, &keys)?;
        let selection = selection(world, text("log/command_log_selection"), kind)?;
        Ok(Self { base: kind, columns, keys, selection })
    }

    fn with(
        parsed: &Parsed,
        world: &mut World,
        settings: &Settings,
        kind: Kind,
        defaults: &Defaults<'_>,
        whole: Whole,
        target: Target,
    ) -> Result<Self, Exit> {
        let mut values = |opt| groups::values(parsed, world, whole, target, opt);
        let (lists, sorts, selections) = (values(Opt::Options)?, values(Opt::Sort)?, values(Opt::Select)?);
        let keys = keys(world, sorts.last().copied().unwrap_or(defaults.sort), kind)?;
        let compacts = !matches!(target, Target::Part(_));
        let columns = columns(world, settings, defaults.columns, &lists, compacts, kind, &keys)?;
        let selection = match selections.last().copied().or(defaults.selection) {
            Some(text) => selection(world, text, kind)?,
            None => None,
        };
        Ok(Self { base: kind, columns, keys, selection })
    }

    /// Adds a row to a table, if it is selected; a report that shows which rows are has all.
    pub(super) fn add(&self, table: &mut Table, row: &Row<'_>) {
        let selected = self.selection.as_ref().is_none_or(|selection| selection.matches(row));
        if selected || self.columns.shows_unselected() {
            table.push(row, selected);
        }
    }

    /// How much of what runs the report has to know; none: nothing.
    pub(super) fn detail(&self) -> Option<Detail> {
        let selected = self.selection.as_ref().map(Selection::fields).unwrap_or_default();
        let keys = self.keys.iter().map(|key| key.field);
        let fields: Vec<&Field> = self
            .columns
            .shown
            .iter()
            .copied()
            .chain(keys)
            .chain(selected)
            .map(|id| &field::all()[id])
            .collect();
        let read_ahead = fields.iter().any(|field| field.name == READ_AHEAD);
        match fields.iter().map(|field| field.needs()).max() {
            None | Some(Needs::Metadata) => None,
            Some(Needs::Devices) => Some(Detail { read_ahead, status: false }),
            Some(Needs::Status) => Some(Detail { read_ahead, status: true }),
        }
    }

    /// The kinds of fields that are shown, sorted by or selected by, and what the report is about anyway.
    pub(super) fn kinds(&self) -> Vec<Kind> {
        let mut kinds = self.columns.kinds(&self.keys);
        kinds.extend(self.selection.as_ref().map(Selection::kinds).unwrap_or_default());
        kinds.push(self.base);
        kinds
    }
}

/// What a report shows where its options say nothing.
struct Defaults<'s> {
    columns: &'s str,
    sort: &'s str,
    selection: Option<&'s str>,
}

fn keys(world: &mut World, list: &str, kind: Kind) -> Result<Vec<Key>, Exit> {
    let (keys, doubled) = request::keys(list, kind).map_err(|error| {
        tell_fields(world, kind, false);
        world.warn(" ");
        world.error(error);
        Exit::FAILED
    })?;
    for id in doubled {
        world.warn(format_args!("dm_report: Ignoring duplicate sort field: {}.", field::all()[id].name));
    }
    Ok(keys)
}

/// What `-S` says where rows are of that kind. Asked for help, it tells the fields, and the command ends well.
pub(crate) fn selection(world: &mut World, text: &str, kind: Kind) -> Result<Option<Selection>, Exit> {
    if select::is_help(text) {
        tell_fields(world, kind, true);
        world.warn(SELECTION_HELP);
        return Err(Exit::OK);
    }
    match Selection::parse(text, kind) {
        Ok(selection) => Ok(Some(selection)),
        Err(error) => {
            if matches!(error, SelectError::UnknownField(_)) {
                tell_fields(world, kind, true);
                world.warn(" ");
            }
            let syntax = !matches!(error, SelectError::Range { .. } | SelectError::Reserved(_));
            world.error(error);
            if syntax {
                world.error(format_args!("Selection syntax error at '{text}'."));
                world.hint("-S help lists the fields and operators");
            }
            Err(Exit::FAILED)
        }
    }
}

/// What `-S` says of the objects that a command is to change. One that asks for what such an object has several of
/// selects none, which LVM2 does not count as a failure.
pub(crate) fn selection_of(world: &mut World, text: &str, kind: Kind) -> Result<Option<Selection>, Exit> {
    let selection = selection(world, text, kind)?;
    let asked = selection.as_ref().map_or_else(Vec::new, Selection::kinds);
    let asks = |kinds: &[Kind]| asked.iter().any(|kind| kinds.contains(kind));
    let lv = kind == Kind::Lv
        || asks(&[Kind::Lv, Kind::LvInfo, Kind::LvStatus, Kind::LvInfoStatus, Kind::Segment]);
    if lv && asks(&[Kind::Pv, Kind::Label, Kind::PvSegment]) {
        world.error("Can't report LV and PV fields at the same time, not in a selection either.");
        world.error(format_args!("Selection failed for {}s: none is changed.", kind.prefix().to_uppercase()));
        return Err(Exit::OK);
    }
    Ok(selection)
}

fn columns(
    world: &mut World,
    settings: &Settings,
    default: &str,
    lists: &[&str],
    compacts: bool,
    kind: Kind,
    keys: &[Key],
) -> Result<Columns, Exit> {
    if lists.iter().any(|list| list.is_empty()) {
        world.error("Invalid options string: ");
        return Err(Exit::FAILED);
    }
    let mut names = Names::new(default, lists, kind);
    if names.ask_for_help() {
        tell_fields(world, kind, false);
        return Err(Exit::OK);
    }
    let mut columns = names.columns(kind, keys).map_err(|error| {
        tell_fields(world, kind, false);
        world.warn(" ");
        world.error(error);
        Exit::FAILED
    })?;
    if settings.bool("report/compact_output") {
        columns.compact = Compact::All;
        return Ok(columns);
    }
    if compacts {
        names.compact.get_or_insert_with(|| settings.str("report/compact_output_cols").to_owned());
    }
    match names.compacted(kind) {
        Ok(compact) => columns.compact = compact,
        Err(error) => {
            world.error(error);
            world.error("Failed to compact given columns in report output.");
        }
    }
    Ok(columns)
}

/// The units that `--units`, `--nosuffix` and the settings ask for.
pub(crate) fn units(parsed: &Parsed, world: &mut World, settings: &Settings) -> Result<Units, Exit> {
    let text = parsed.str(Opt::Units).unwrap_or_else(|| settings.str("global/units"));
    let mut units = Units::parse(text).map_err(|error| {
        match parsed.flag(Opt::Units) {
            true => world.error(error),
            false => {
                world.error(format_args!("Unrecognised configuration setting for global/units: {text}"));
            }
        }
        if parsed.flag(Opt::Units) { Exit::INVALID } else { Exit::FAILED }
    })?;
    units.suffix = settings.bool("global/suffix") && !parsed.flag(Opt::Nosuffix);
    units.consistent = settings.bool("global/si_unit_consistency");
    Ok(units)
}

pub(super) fn shape(parsed: &Parsed, world: &mut World, settings: &Settings) -> Result<Shape, Exit> {
    match parsed.str(Opt::Reportformat).unwrap_or_else(|| settings.str("report/output_format")) {
        "basic" => Ok(Shape::Text),
        "json" => Ok(Shape::Json(Dialect::Json)),
        "json_std" => Ok(Shape::Json(Dialect::Std)),
        other => {
            world.error(format_args!("{other}: unknown report format."));
            world.error("Supported report formats: basic, json, json_std.");
            Err(if parsed.flag(Opt::Reportformat) { Exit::INVALID } else { Exit::FAILED })
        }
    }
}

pub(super) fn style(parsed: &Parsed, world: &mut World, settings: &Settings) -> Result<Style, Exit> {
    let prefixes = parsed.flag(Opt::Nameprefixes);
    let separator = parsed.str(Opt::Separator);
    let aligned = match (prefixes, parsed.flag(Opt::Aligned), separator) {
        (true, ..) => false,
        (false, true, _) => true,
        (false, false, Some(_)) => false,
        (false, false, None) => settings.bool("report/aligned"),
    };
    let turned = parsed.flag(Opt::Rows) || settings.bool("report/columns_as_rows");
    // A sort order that was asked for needs all rows first.
    let unbuffered = parsed.flag(Opt::Unbuffered) && !parsed.flag(Opt::Sort);
    Ok(Style {
        headings: headings(parsed, world, settings)?,
        separator: separator.unwrap_or_else(|| settings.str("report/separator")).to_owned(),
        aligned,
        name_prefixes: prefixes || settings.bool("report/prefixes"),
        unquoted: parsed.flag(Opt::Unquoted) || !settings.bool("report/quoted"),
        turned,
        buffered: !unbuffered && settings.bool("report/buffered"),
        indent: format!("{}{}", world.out.lead.name, world.out.lead.prefix),
    })
}

/// How values become text.
pub(super) fn format(
    parsed: &Parsed,
    world: &mut World,
    settings: &Settings,
    shape: Shape,
) -> Result<Format, Exit> {
    Ok(Format {
        units: units(parsed, world, settings)?,
        time: settings.str("report/time_format").to_owned(),
        list_separator: settings.str("report/list_item_separator").to_owned(),
        binary_as_numbers: parsed.flag(Opt::Binary)
            || settings.bool("report/binary_values_as_numeric")
            || shape == Shape::Json(Dialect::Std),
    })
}

fn headings(parsed: &Parsed, world: &mut World, settings: &Settings) -> Result<Headings, Exit> {
    match parsed.str(Opt::Headings) {
        None if parsed.flag(Opt::Noheadings) => Ok(Headings::None),
        None => Ok(match settings.int("report/headings") {
            0 => Headings::None,
            2 => Headings::Names,
            _ => Headings::Short,
        }),
        Some("none" | "0") => Ok(Headings::None),
        Some("abbrev" | "1") => Ok(Headings::Short),
        Some("full" | "2") => Ok(Headings::Names),
        Some(_) => {
            world.error("Unknown --headings value.");
            Err(Exit::FAILED)
        }
    }
}

/// The list of fields, on standard error, as `-o help` and wrong names show it; in selections without the
/// names of groups and with the fields' types.
fn tell_fields(world: &mut World, about: Kind, types: bool) {
    let mut kinds: Vec<Kind> = Vec::new();
    let fits = |kind: Kind| kind.family().is_none_or(|family| Some(family) == about.family());
    for field in field::all().iter().filter(|field| fits(field.kind)) {
        if !kinds.contains(&field.kind) {
            kinds.push(field.kind);
        }
    }
    let own = field::all().iter().filter(|field| fits(field.kind));
    let width = own.map(|field| field.name.len()).max().unwrap_or(0);
    for (nth, kind) in kinds.into_iter().enumerate() {
        if nth > 0 {
            world.warn(" ");
        }
        world.warn(kind.title());
        world.warn("-".repeat(kind.title().len()));
        if !types && kind != Kind::Special {
            let group = format!("{}_all", kind.prefix());
            world.warn(format_args!("  {group:width$} - All fields in this section."));
        }
        for field in field::all().iter().filter(|field| field.kind == kind) {
            let (name, about) = (field.name, field.about);
            match types {
                true if kind == Kind::Special => {
                    world.warn(format_args!("  {name:width$} - {about} [unselectable number]"));
                }
                true => world.warn(format_args!("  {name:width$} - {about} [{}]", field.value_type.name())),
                false => world.warn(format_args!("  {name:width$} - {about}")),
            }
        }
    }
}

const SELECTION_HELP: &str = "
  A selection is FIELD OPERATOR VALUE, or several of these combined.

  Values
  ------
    number        Digits, or one of -1, unknown, undefined, undef where there is no value.
    size          A number with a unit (b s k m g t p e, capitals for powers of 1000); without one, of MiB.
    percent       A number up to 100, with or without %.
    string        In ' ' or \" \", or bare up to a blank or an operator.
    string list   [a,b] exactly these; {a,b} these among others; [a||b] none but these; {a||b} or a: any.
    time          YYYY-MM-DD hh:mm:ss +hh:mm, or as much of it as is known, for all of that time; @SECONDS
                  since the epoch; today, yesterday, a weekday, N days ago.
    The words that columns show (active, read-only, auto, unmanaged, ...) stand for their values.

  Operators
  ---------
    =   !=        Equal, not equal. [all]
    <   <=        Less; less or equal. [number, size, percent, time]
    >   >=        Greater; greater or equal. [number, size, percent, time]
    =~  !~        Matches a regular expression; does not. [string, string list]
    before until after since
                  The same as < <= > >=. [time]

  Combination
  -----------
    &&  ,         Both.
    ||  #         Any.
    !( )          Not.
    ( )           First.";
