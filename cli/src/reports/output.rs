//! How the tables of a command are shown: as text or JSON, with the command log where it is wanted.

use super::Base;
use super::groups::{Target, Whole};
use super::log::{self, Order};
use super::options::{self, Options, Shape};
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::world::{Kept, LogKind, Weight, World};
use conf::settings::Settings;
use report::json;
use report::layout::{Style, Table, Take};
use report::subject::Row;
use report::value::Format;

/// A report is written once that much of it is there.
const PIECE: usize = 64 * 1024;

/// How a command shows its tables.
pub(crate) struct Output {
    style: Style,
    format: Format,
    shape: Shape,
    /// The command log's columns, where it is shown.
    log: Option<Options>,
    /// Whether nothing but the command log is shown.
    log_only: bool,
    /// Whether PVs are told by their labels.
    by_label: bool,
    /// The order of the log.
    order: Order,
}

/// The setting that asks for a log.
const LOG_WANTED: &str = "log/report_command_log";

impl Output {
    /// Reads the options. From here on errors and warnings are kept where the log is shown: with `--logonly`, where
    /// `log/report_command_log` says so, and in JSON where it says nothing.
    pub(super) fn open(
        parsed: &Parsed,
        world: &mut World,
        settings: &Settings,
        whole: Whole,
    ) -> Result<Self, Exit> {
        let shape = options::shape(parsed, world, settings)?;
        let log_only = parsed.flag(Opt::Logonly);
        let json = matches!(shape, Shape::Json(_)) && settings.find(LOG_WANTED).is_none();
        let log = if log_only || json || settings.bool(LOG_WANTED) {
            Some(Options::log(parsed, world, settings, whole)?)
        } else {
            None
        };
        if log.is_some() {
            world.out.for_report = Some(Kept::default());
        }
        Ok(Self {
            style: options::style(parsed, world, settings)?,
            format: options::format(parsed, world, settings, shape)?,
            shape,
            log,
            log_only,
            by_label: whole.is_some() && !parsed.words().iter().any(|word| word.starts_with('@')),
            order: Order::Report(whole.map_or("vg", Base::section)),
        })
    }

    /// Begins the log of a command that makes no report, where the settings ask for one: it is all that the command
    /// says then (2.03.40: tools/reporter.c, report_format_init). A document of JSON says it in its own way.
    pub(crate) fn open_log(parsed: &Parsed, world: &mut World, settings: &Settings) -> Result<(), Exit> {
        let is_open = world.out.for_report.is_some() || world.journal.is_some() || world.gathering.is_some();
        // These forms are reports, or do their work for udev.
        let other = parsed.any(&[Opt::Columns, Opt::Cache, Opt::Plan]);
        if is_open || other || !parsed.name().has_log() || !settings.bool(LOG_WANTED) {
            return Ok(());
        }
        let shape = options::shape(parsed, world, settings)?;
        let output = Self {
            style: options::style(parsed, world, settings)?,
            format: options::format(parsed, world, settings, shape)?,
            shape,
            log: Some(Options::log_of_change(world, settings)?),
            log_only: false,
            by_label: false,
            order: Order::Done,
        };
        world.log_shape = Some(Box::new(output));
        world.out.for_report = Some(Kept::default());
        Ok(())
    }

    /// Shows the log that a command kept. One that ended before its report could be made says it as if there were no log.
    pub(crate) fn close_log(parsed: &Parsed, world: &mut World) {
        if let Some(output) = world.log_shape.take() {
            output.show(parsed, world, &[]);
        }
        for line in world.out.for_report.take().unwrap_or_default().lines {
            match line.kind {
                LogKind::Error => world.out.write(Weight::Error, &line.message),
                LogKind::Warn => world.out.write(Weight::Warn, &line.message),
                LogKind::Print => world.out.write(Weight::Print, &line.message),
                LogKind::Done => {}
            }
        }
        world.about_nothing();
    }

    /// Sorts a table and leaves out what is to be left out.
    pub(super) fn finish(&self, table: &mut Table, options: &Options) {
        if self.style.buffered {
            table.sort();
            table.compact(&options.columns.compact, &self.format);
        }
    }

    /// Shows the tables, and the log last. `tables` are the reports, each of one or more parts.
    pub(super) fn show(&self, parsed: &Parsed, world: &mut World, tables: &[Vec<(Base, Table)>]) {
        let log = self.log.as_ref().map(|options| self.log_table(parsed, world, options));
        let mut piece = String::new();
        let take = &mut |line: &str| {
            piece.push_str(line);
            piece.push('\n');
            if piece.len() >= PIECE {
                world.report_raw(&piece);
                piece.clear();
            }
        };
        match self.shape {
            Shape::Text => self.text(tables, log.as_ref(), take),
            Shape::Json(dialect) => {
                let section = |(base, table)| json::Section { name: Base::section(base), table };
                let reports: Vec<Vec<json::Section<'_>>> = tables
                    .iter()
                    .map(|parts| parts.iter().map(|(base, table)| section((*base, table))).collect())
                    .collect();
                let shown = (!self.log_only).then_some(reports.as_slice());
                json::lines(
                    shown,
                    log.as_ref(),
                    &json::Style { dialect, indent: &self.style.indent, format: &self.format },
                    take,
                );
            }
        }
        world.report_raw(piece);
    }

    /// Tables one after the other; with titles where the log is among them.
    fn text(&self, tables: &[Vec<(Base, Table)>], log: Option<&Table>, take: Take<'_>) {
        if self.log_only {
            log.into_iter().for_each(|log| log.all_lines(&self.style, &self.format, take));
            return;
        }
        let indent = &self.style.indent;
        for (nth, (base, table)) in tables.iter().flatten().enumerate() {
            if log.is_some() && !table.is_empty() {
                if nth > 0 {
                    take(indent);
                }
                titled(indent, self.title(*base), take);
            }
            table.lines(&self.style, &self.format, take);
        }
        if let Some(log) = log {
            if matches!(self.order, Order::Report(_)) {
                take(indent);
            }
            titled(indent, "Command Log", take);
            log.all_lines(&self.style, &self.format, take);
        }
    }

    /// PVs that are no part of a full report are told by their labels, but for those with a tag.
    fn title(&self, base: Base) -> &'static str {
        match base {
            Base::Pvs if self.by_label => "Physical Volume Label",
            other => other.title(),
        }
    }

    fn log_table(&self, parsed: &Parsed, world: &mut World, options: &Options) -> Table {
        let mut table = Table::new(&options.columns, &options.keys);
        let lines = world.out.for_report.take().unwrap_or_default().lines;
        for entry in log::entries(lines, &parsed.words(), self.order) {
            options.add(&mut table, &Row { log: Some(&entry), ..Row::default() });
        }
        self.finish(&mut table, options);
        table
    }
}

fn titled(indent: &str, title: &str, take: Take<'_>) {
    take(&format!("{indent}{title}"));
    take(&format!("{indent}{}", "=".repeat(title.len())));
}

/// The log is one of the reports of any command.
pub(super) const LOG: Target = Target::Log;
