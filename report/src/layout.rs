//! Rows of values as text: columns, lines of pairs, or columns turned into rows.

mod cells;

use crate::field::{self, FieldId, Kind};
use crate::request::{Columns, Compact, Key};
use crate::subject::Row;
use crate::value::{self, Format, Value};
use cells::Cells;
use std::cmp::Ordering;
use std::ops::Range;

/// A table of values: one row per object, one cell per column, then one per sort key.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// The columns.
    pub columns: Vec<FieldId>,
    /// Which of the columns are shown; the others were compacted away.
    shown: Vec<bool>,
    keys: Vec<SortKey>,
    /// Fields that rows are sorted by and that no column shows.
    beside: Vec<FieldId>,
    /// The cells of all rows, one row after the other as they came, each with what stands `beside` it.
    cells: Vec<Value>,
    /// The rows in the order they are shown, by their places in `cells`.
    order: Vec<usize>,
}

/// What rows are sorted by.
#[derive(Clone, Copy, Debug)]
struct SortKey {
    /// Which cell of the row.
    place: usize,
    descending: bool,
}

/// How a table is printed.
#[derive(Clone, Debug)]
pub struct Style {
    /// What stands over the columns.
    pub headings: Headings,
    /// Between cells.
    pub separator: String,
    /// Cells padded to the width of their column.
    pub aligned: bool,
    /// `LVM2_LV_NAME='x'`.
    pub name_prefixes: bool,
    /// Pairs without quotes.
    pub unquoted: bool,
    /// Columns as rows.
    pub turned: bool,
    /// All rows are known before the first is printed; otherwise each row is as wide as it needs.
    pub buffered: bool,
    /// In front of every line.
    pub indent: String,
}

/// Who takes the lines of a report.
pub type Take<'t> = &'t mut dyn FnMut(&str);

/// What stands over the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Headings {
    /// Nothing.
    None,
    /// Short headings.
    Short,
    /// The fields' full names.
    Names,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            headings: Headings::Short,
            separator: " ".to_owned(),
            aligned: true,
            name_prefixes: false,
            unquoted: false,
            turned: false,
            buffered: true,
            indent: "  ".to_owned(),
        }
    }
}

impl Table {
    /// A table without rows.
    pub fn new(columns: &Columns, keys: &[Key]) -> Self {
        let mut fields = columns.shown.clone();
        let keys = keys.iter().map(|key| {
            let place = fields.iter().position(|field| *field == key.field).unwrap_or_else(|| {
                fields.push(key.field);
                fields.len() - 1
            });
            SortKey { place, descending: key.descending }
        });
        let keys = keys.collect();
        let beside = fields.split_off(columns.shown.len());
        let shown = vec![true; fields.len()];
        Self { columns: fields, shown, keys, beside, cells: Vec::new(), order: Vec::new() }
    }

    /// Adds a row; `selected` is what the special column shows.
    pub fn push(&mut self, row: &Row<'_>, selected: bool) {
        let cell = |&id: &FieldId| match field::all()[id].kind {
            Kind::Special => Value::Number(i64::from(selected)),
            _ => field::all()[id].value(row),
        };
        self.order.push(self.order.len());
        self.cells.extend(self.columns.iter().chain(&self.beside).map(cell));
    }

    /// Sorts by the keys; rows that are equal stay in the order they came.
    pub fn sort(&mut self) {
        let width = self.width();
        let (cells, keys) = (&self.cells, &self.keys);
        self.order.sort_by(|a, b| {
            let mut compared = keys.iter().map(|key| {
                let order = value::compare(&cells[a * width + key.place], &cells[b * width + key.place]);
                if key.descending { order.reverse() } else { order }
            });
            compared.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        });
    }

    /// How many cells a row has, shown or not.
    fn width(&self) -> usize {
        self.columns.len() + self.beside.len()
    }

    /// Hides the columns that are to be compacted and have no text in any row. Of a column that is there
    /// twice and named, the first.
    pub fn compact(&mut self, which: &Compact, format: &Format) {
        if self.is_empty() {
            return;
        }
        for place in 0..self.columns.len() {
            let id = self.columns[place];
            let asked = match which {
                Compact::All => true,
                Compact::Only(ids) => {
                    ids.contains(&id) && self.columns.iter().position(|&other| other == id) == Some(place)
                }
            };
            if asked && self.rows().all(|row| format.text(&row[place]).is_empty()) {
                self.shown[place] = false;
            }
        }
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether it has no row.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The columns that are shown.
    pub fn visible(&self) -> impl Iterator<Item = (usize, FieldId)> + '_ {
        self.columns.iter().copied().enumerate().filter(|&(place, _)| self.shown[place])
    }

    /// The cells of the rows, in order; those of hidden columns too.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[Value]> {
        let width = self.width();
        self.order.iter().map(move |row| &self.cells[row * width..row * width + self.columns.len()])
    }

    /// Gives the lines of the report, with headings even where it has no rows.
    pub fn all_lines(&self, style: &Style, format: &Format, line: Take<'_>) {
        if !self.is_empty() || style.turned || style.headings == Headings::None {
            return self.lines(style, format, line);
        }
        line(&self.heading_line(style, &self.least_widths(style)));
    }

    /// Gives the lines of the report, one after the other: columns of long lists make gigabytes of them. A
    /// table without rows has no line, not even headings.
    pub fn lines(&self, style: &Style, format: &Format, line: Take<'_>) {
        if self.is_empty() {
            return;
        }
        let cells = Cells::of(self.rows(), self.columns.len(), format);
        if style.turned {
            self.turned_lines(style, &cells, line)
        } else {
            self.column_lines(style, &cells, line)
        }
    }

    fn column_lines(&self, style: &Style, cells: &Cells, take: Take<'_>) {
        let least = self.least_widths(style);
        let mut widths = widened(&least, cells, if style.buffered { 0..cells.rows() } else { 0..1 });
        if style.headings != Headings::None {
            take(&self.heading_line(style, &widths));
        }
        let visible: Vec<(usize, FieldId)> = self.visible().collect();
        let mut line = String::new();
        for row in 0..cells.rows() {
            if !style.buffered {
                widths = widened(&least, cells, row..row + 1);
            }
            line.clear();
            line.push_str(&style.indent);
            for (nth, &(place, id)) in visible.iter().enumerate() {
                if nth > 0 {
                    line.push_str(&style.separator);
                }
                push_cell(
                    &mut line,
                    style,
                    id,
                    cells.cell(row, place),
                    style.aligned.then_some(widths[place]),
                );
            }
            take(&line);
        }
    }

    /// How wide each column is at least.
    fn least_widths(&self, style: &Style) -> Vec<usize> {
        let least = |&id: &FieldId| match style.headings {
            Headings::Names => field::all()[id].width.max(field::all()[id].name.len()),
            Headings::Short | Headings::None => field::all()[id].width,
        };
        self.columns.iter().map(least).collect()
    }

    /// Headings are cut to the width of their column. After a column that hidden ones follow stands a
    /// separator too, as in LVM2.
    fn heading_line(&self, style: &Style, widths: &[usize]) -> String {
        let mut line = style.indent.clone();
        for (place, id) in self.visible() {
            let (heading, width) = (heading(id, style.headings), widths[place]);
            if style.aligned {
                line.extend(heading.chars().chain(std::iter::repeat(' ')).take(width));
            } else {
                line.push_str(heading);
            }
            if place + 1 < self.columns.len() {
                line.push_str(&style.separator);
            }
        }
        line
    }

    fn turned_lines(&self, style: &Style, cells: &Cells, take: Take<'_>) {
        for (place, id) in self.visible() {
            let mut line = style.indent.clone();
            if style.headings != Headings::None {
                line.push_str(heading(id, style.headings));
                line.push_str(&style.separator);
            }
            for row in 0..cells.rows() {
                if row > 0 {
                    line.push_str(&style.separator);
                }
                push_cell(&mut line, style, id, cells.cell(row, place), None);
            }
            take(&line);
        }
    }
}

/// How wide each column is with the cells of these rows.
fn widened(least: &[usize], cells: &Cells, rows: Range<usize>) -> Vec<usize> {
    let mut widths = least.to_vec();
    for row in rows {
        widths.iter_mut().zip(cells.widths(row)).for_each(|(width, cell)| *width = (*width).max(cell));
    }
    widths
}

fn push_cell(line: &mut String, style: &Style, id: FieldId, cell: (&str, usize), width: Option<usize>) {
    let (cell, cell_width) = cell;
    let field = &field::all()[id];
    let quote = if style.name_prefixes && !style.unquoted { "'" } else { "" };
    if style.name_prefixes {
        line.push_str("LVM2_");
        line.push_str(&field.name.to_ascii_uppercase());
        line.push('=');
    }
    line.push_str(quote);
    let padding = width.unwrap_or(0).saturating_sub(cell_width);
    if field.value_type.aligns_right() {
        pad(line, padding);
        line.push_str(cell);
    } else {
        line.push_str(cell);
        pad(line, padding);
    }
    line.push_str(quote);
}

/// Blanks, many at a time: one long list makes its whole column as wide.
fn pad(line: &mut String, mut padding: usize) {
    const BLANKS: &str = "                                                                ";
    while padding > 0 {
        let some = padding.min(BLANKS.len());
        line.push_str(&BLANKS[..some]);
        padding -= some;
    }
}

fn heading(id: FieldId, headings: Headings) -> &'static str {
    match headings {
        Headings::Names => field::all()[id].name,
        Headings::Short | Headings::None => field::all()[id].heading,
    }
}
