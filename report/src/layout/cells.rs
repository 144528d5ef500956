//! The texts of a table's cells, one after the other in one piece of memory: a report may have a million of them.

use crate::value::{Format, Value};

/// Texts of all cells, row by row.
pub(super) struct Cells {
    text: String,
    /// Where each cell ends, with its width in characters.
    ends: Vec<(usize, usize)>,
    columns: usize,
    /// How many rows there are, which a report without columns has, too.
    rows: usize,
}

impl Cells {
    /// The texts of `rows`, each of that many columns.
    pub(super) fn of<'v>(
        rows: impl ExactSizeIterator<Item = &'v [Value]>,
        columns: usize,
        format: &Format,
    ) -> Self {
        let ends = Vec::with_capacity(rows.len() * columns);
        let mut cells = Self { text: String::new(), ends, columns, rows: rows.len() };
        for value in rows.flat_map(|row| &row[..columns]) {
            let text = format.text(value);
            cells.text.push_str(&text);
            let width = if text.is_ascii() { text.len() } else { text.chars().count() };
            cells.ends.push((cells.text.len(), width));
        }
        cells
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// A cell's text and its width.
    pub(super) fn cell(&self, row: usize, column: usize) -> (&str, usize) {
        let place = row * self.columns + column;
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before].0);
        let (end, width) = self.ends[place];
        (&self.text[start..end], width)
    }

    /// The widths of a row's cells.
    pub(super) fn widths(&self, row: usize) -> impl Iterator<Item = usize> {
        self.ends[row * self.columns..(row + 1) * self.columns].iter().map(|end| end.1)
    }
}
