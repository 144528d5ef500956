//! Reports as JSON, in LVM2's two dialects.
//!
//! `json`: every value a string. `json_std`: numbers and percentages bare (null where there is none), lists as
//! arrays. The line breaks and indents are LVM2's, since some clients read line by line.

use crate::field;
use crate::layout::{Table, Take};
use crate::value::{Format, Type, Value, list_items};
use serde_json::Value as Json;

/// Which dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Strings only.
    Json,
    /// Numbers as numbers, lists as arrays.
    Std,
}

/// How a document is written.
#[derive(Clone, Copy, Debug)]
pub struct Style<'a> {
    /// Which dialect.
    pub dialect: Dialect,
    /// In front of every line.
    pub indent: &'a str,
    /// How values become text.
    pub format: &'a Format,
}

/// A named array of rows: `"lv": [...]`.
#[derive(Debug)]
pub struct Section<'a> {
    /// `lv`, `vg`, `pv`, `seg`, `pvseg`.
    pub name: &'a str,
    /// The rows.
    pub table: &'a Table,
}

/// Gives the lines of a document that holds reports, each of one or more sections. `log` is the rows of the
/// command log, where it is wanted.
pub fn lines(reports: Option<&[Vec<Section<'_>>]>, log: Option<&Table>, style: &Style<'_>, take: Take<'_>) {
    let mut document = Document { take, style };
    document.line(0, "{");
    if let Some(reports) = reports {
        document.reports(reports);
    }
    if let Some(log) = log {
        if reports.is_some() {
            document.line(4, ",");
        }
        document.line(4, "\"log\": [");
        document.rows(8, log);
        document.line(4, "]");
    }
    document.line(0, "}");
}

struct Document<'d> {
    take: Take<'d>,
    style: &'d Style<'d>,
}

impl Document<'_> {
    fn line(&mut self, indent: usize, text: &str) {
        (self.take)(&format!("{}{:indent$}{text}", self.style.indent, ""));
    }

    fn reports(&mut self, reports: &[Vec<Section<'_>>]) {
        self.line(4, "\"report\": [");
        for (nth, sections) in reports.iter().enumerate() {
            if nth > 0 {
                self.line(8, ",");
            }
            self.line(8, "{");
            for (nth, section) in sections.iter().enumerate() {
                if nth > 0 {
                    self.line(12, ",");
                }
                self.line(12, &format!("{}: [", Json::from(section.name)));
                self.rows(16, section.table);
                self.line(12, "]");
            }
            self.line(8, "}");
        }
        self.line(4, "]");
    }

    fn rows(&mut self, indent: usize, table: &Table) {
        let last = table.len().saturating_sub(1);
        for (nth, row) in table.rows().enumerate() {
            let pairs = table.visible().map(|(place, id)| {
                let field = &field::all()[id];
                let cell = cell(&row[place], field.value_type, self.style);
                format!("{}:{cell}", Json::from(field.name))
            });
            let pairs = pairs.collect::<Vec<_>>().join(", ");
            self.line(indent, &format!("{{{pairs}}}{}", if nth < last { "," } else { "" }));
        }
    }
}

fn cell(value: &Value, value_type: Type, style: &Style<'_>) -> String {
    let text = style.format.show(value);
    if style.dialect == Dialect::Json {
        return Json::from(text).to_string();
    }
    match value_type {
        Type::List => {
            let items: Vec<String> =
                list_items(value).into_iter().map(|item| Json::from(item).to_string()).collect();
            format!("[{}]", items.join(","))
        }
        // A word has no place where numbers are: "unmanaged" copies are 0.
        Type::Number if matches!(value, Value::Word(_)) => "0".to_owned(),
        Type::Number | Type::Percent | Type::Binary if text.is_empty() => "null".to_owned(),
        Type::Number | Type::Percent | Type::Binary if text.parse::<f64>().is_ok() => text,
        Type::Number | Type::Percent | Type::Binary | Type::Text | Type::Size | Type::Time => {
            Json::from(text).to_string()
        }
    }
}
