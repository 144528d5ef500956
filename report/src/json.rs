//! Reports as JSON, in LVM2's two dialects.
//!
//! `json`: every value a string. `json_std`: numbers and percentages bare (null where there is none), lists as
//! arrays. The line breaks and indents are LVM2's, since some clients read line by line.

use crate::field;
use crate::layout::Table;
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

/// A named array of rows: `"lv": [...]`.
#[derive(Debug)]
pub struct Section<'a> {
    /// `lv`, `vg`, `pv`, `seg`, `pvseg`.
    pub name: &'a str,
    /// The rows.
    pub table: &'a Table,
}

/// The lines of a document that holds reports, each of one or more sections. `log` is the rows of the
/// command log, where it is wanted.
pub fn lines(
    reports: Option<&[Vec<Section<'_>>]>,
    log: Option<&Table>,
    dialect: Dialect,
    format: &Format,
) -> Vec<String> {
    let mut lines = vec![line(0, "{")];
    if let Some(reports) = reports {
        push_reports(&mut lines, reports, dialect, format);
    }
    if let Some(log) = log {
        if reports.is_some() {
            lines.push(line(4, ","));
        }
        lines.push(line(4, "\"log\": ["));
        push_rows(&mut lines, 8, rows(log, dialect, format));
        lines.push(line(4, "]"));
    }
    lines.push(line(0, "}"));
    lines
}

fn push_reports(lines: &mut Vec<String>, reports: &[Vec<Section<'_>>], dialect: Dialect, format: &Format) {
    lines.push(line(4, "\"report\": ["));
    for (nth, sections) in reports.iter().enumerate() {
        if nth > 0 {
            lines.push(line(8, ","));
        }
        lines.push(line(8, "{"));
        for (nth, section) in sections.iter().enumerate() {
            if nth > 0 {
                lines.push(line(12, ","));
            }
            lines.push(line(12, &format!("{}: [", Json::from(section.name))));
            push_rows(lines, 16, rows(section.table, dialect, format));
            lines.push(line(12, "]"));
        }
        lines.push(line(8, "}"));
    }
    lines.push(line(4, "]"));
}

fn line(indent: usize, text: &str) -> String {
    format!("  {:indent$}{text}", "")
}

fn push_rows(lines: &mut Vec<String>, indent: usize, rows: Vec<String>) {
    let last = rows.len().saturating_sub(1);
    for (nth, row) in rows.into_iter().enumerate() {
        lines.push(line(indent, &row) + if nth < last { "," } else { "" });
    }
}

fn rows(table: &Table, dialect: Dialect, format: &Format) -> Vec<String> {
    table
        .rows()
        .map(|row| {
            let pairs = table.visible().map(|(place, id)| {
                let field = &field::all()[id];
                format!("{}:{}", Json::from(field.name), cell(&row[place], field.value_type, dialect, format))
            });
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
        })
        .collect()
}

fn cell(value: &Value, value_type: Type, dialect: Dialect, format: &Format) -> String {
    let text = format.show(value);
    if dialect == Dialect::Json {
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
