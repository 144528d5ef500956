//! The lines.

use super::made::Made;
use super::nodes::{Node, is_deprecated};
use super::{Show, Which, placeholder};
use crate::print::{Spacing, push_key};
use crate::settings::about::about;
use crate::settings::row::{Flags, Kind, Row};
use crate::settings::table::row_of;
use std::fmt::Write as _;

const GENERAL: &str = include_str!("general.txt");
const LOCAL: &str = include_str!("local.txt");

/// Writes nodes.
pub(super) struct Writer<'s> {
    show: &'s Show,
    made: &'s Made,
    /// What is written so far.
    pub(super) text: Vec<u8>,
}

impl<'s> Writer<'s> {
    pub(super) fn new(show: &'s Show, made: &'s Made) -> Self {
        Self { show, made, text: Vec::new() }
    }

    pub(super) fn preambles(&mut self) {
        if self.show.with.general_preamble {
            self.text.extend_from_slice(GENERAL.as_bytes());
        }
        if self.show.with.local_preamble {
            self.text.extend_from_slice(LOCAL.as_bytes());
        }
    }

    /// A node with what is in it, `depth` sections deep.
    pub(super) fn node(&mut self, node: &Node, depth: usize) {
        if self.show.which == Which::Diff && !node.row.is_some_and(|row| self.made.differs(row)) {
            return;
        }
        let indent = "\t".repeat(depth);
        let mut key = Vec::new();
        push_key(&mut key, node.key.as_bytes());
        let key = String::from_utf8_lossy(&key);
        if let Some(row) = node.row.filter(|_| !self.show.with.list) {
            self.comments(row, node, &indent);
        }
        let Some(value) = &node.value else {
            self.line(node, &indent, &format!("{key} {{"));
            node.inner.iter().for_each(|inner| self.node(inner, depth + 1));
            self.line(node, &indent, "}");
            return;
        };
        let equals = if node.spacing == Spacing::Wide { " = " } else { "=" };
        let line = format!("{key}{equals}{value}");
        match self.show.with.list {
            true => self.listed(node, &line),
            // What a policy makes of its settings is known by their names alone.
            false if self.show.with.values_only && node.row.is_some() => {
                self.line(node, &indent, line.split_once('=').map_or(&line, |(_, value)| value));
            }
            false => self.line(node, &indent, &line),
        }
    }

    fn line(&mut self, node: &Node, indent: &str, line: &str) {
        if self.show.with.list {
            return;
        }
        let flags = node.row.map_or(Flags::PLAIN, |row| row.flags);
        let undefined = flags.has(Flags::UNDEFINED);
        if undefined && !node.row.is_some_and(|row| self.made.is_used(row) && self.knows_made()) {
            return;
        }
        let Show { which, with, .. } = self.show;
        let is_fact = which.is_made() || *which == Which::Full || with.values_only || with.uncommented;
        let comment = if !is_fact && (undefined || flags.has(Flags::COMMENTED)) { "# " } else { "" };
        self.text.extend_from_slice(format!("{indent}{comment}{line}\n").as_bytes());
    }

    /// Whether it matters what was made.
    fn knows_made(&self) -> bool {
        matches!(self.show.which, Which::Current | Which::Diff | Which::Full | Which::Missing)
    }

    /// `section/name`, its value, and what else is wanted, on one line.
    fn listed(&mut self, node: &Node, line: &str) {
        let Some(row) = node.row.filter(|row| row.kind != Kind::Section) else { return };
        let mut text = shown_path(row);
        if self.show.which != Which::List {
            // As LVM2: from the last of them on.
            text.push_str(line.rfind('=').map_or("", |at| &line[at..]));
        }
        let summary = if self.show.with.summary { about(row.path).0 } else { "" };
        if !summary.is_empty() || self.show.with.versions {
            text.push_str(" - ");
            text.push_str(summary);
            if !summary.is_empty() {
                text.push(' ');
            }
        }
        if self.show.with.versions {
            let _ = write!(text, "[{}]", row.since);
        }
        text.push('\n');
        self.text.extend_from_slice(text.as_bytes());
    }

    /// What stands above a setting.
    fn comments(&mut self, row: &Row, node: &Node, indent: &str) {
        let mut lines: Vec<String> = Vec::new();
        let deprecated = is_deprecated(row, self.show.version);
        if self.show.with.summary || self.show.with.comments {
            let what = if node.value.is_some() { "setting" } else { "section" };
            self.text.push(b'\n');
            lines.push(shown_path(row));
            let (summary, more) = about(row.path);
            lines.extend((!summary.is_empty()).then(|| summary.to_owned()));
            if self.show.with.comments {
                lines.extend(more.iter().map(|&line| line.to_owned()));
                if !row.one_of.is_empty() {
                    lines.push(format!("One of: {}.", row.one_of.join(", ")));
                }
            }
            let facts = [
                (deprecated, "has no effect any more"),
                (row.flags.has(Flags::ADVANCED), "is for advanced use"),
                (row.flags.has(Flags::UNSUPPORTED), "is not supported officially by LVM2"),
                (row.path.ends_with('#'), "has a name of your choosing"),
                (row.flags.has(Flags::UNDEFINED), "has no default"),
                (row.flags.has(Flags::COMMENTED), "has its default where it is not made"),
                (
                    self.show.which == Which::Full && self.made.is_used(row),
                    "was made, and stands here as it was",
                ),
            ];
            lines.extend(
                facts.iter().filter(|(holds, _)| *holds).map(|(_, fact)| format!("This {what} {fact}.")),
            );
        }
        if self.show.with.versions {
            lines.push(format!("Available since version {}.", row.since));
            lines.extend(
                row.deprecated.filter(|_| deprecated).map(|v| format!("Deprecated since version {v}.")),
            );
        }
        for line in lines {
            self.text.extend_from_slice(format!("{indent}# {line}\n").as_bytes());
        }
    }
}

/// A path, with names that users choose in angle brackets.
fn shown_path(row: &Row) -> String {
    let mut shown = String::new();
    for (end, _) in row.path.match_indices('/').chain([(row.path.len(), "")]) {
        let part = row.path[..end].rsplit('/').next().unwrap_or_default();
        if !shown.is_empty() {
            shown.push('/');
        }
        match (part, row_of(&row.path[..end])) {
            ("#", Some(row)) => {
                let _ = write!(shown, "<{}>", placeholder(row));
            }
            _ => shown.push_str(part),
        }
    }
    shown
}
