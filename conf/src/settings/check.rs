//! A layer against the table.

use std::fmt;

use thiserror::Error;

use crate::tree::Value;

use super::layer::{Entry, Origin, Place};
use super::row::{Flags, Kind, Row, as_bool};
use super::table::row_of;

/// A setting that is not as the table wants it. It is ignored, or falls back to its default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Of the section or the setting.
    pub path: String,
    /// What is wrong.
    pub kind: ProblemKind,
    /// Where it is made.
    pub place: Place,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} {}", self.place, self.path, self.kind)
    }
}

/// The ways in which a setting can be wrong.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ProblemKind {
    /// LVM2 2.03.40 has none of that name.
    #[error("is not a setting of LVM2")]
    UnknownSetting,
    /// LVM2 2.03.40 has none of that name.
    #[error("is not a section of LVM2's settings")]
    UnknownSection,
    /// A value where a section belongs, a string where a number belongs, and so on.
    #[error("is {found} and should be {expected}")]
    Type {
        /// What is there.
        found: &'static str,
        /// What belongs there.
        expected: Kind,
    },
    /// A word that says neither yes nor no.
    #[error("is '{found}' and should be 0, 1, yes, no, on, off, true or false")]
    NotBool {
        /// The word.
        found: String,
    },
    /// An empty string or array where that has no meaning.
    #[error("cannot be empty")]
    Empty,
    /// Bytes that are no UTF-8.
    #[error("is not UTF-8 text")]
    NotText,
    /// Made more than once in one text; the last one holds.
    #[error("is set more than once, and has the last value")]
    Repeated,
    /// Profiles cannot set it.
    #[error("is not customizable by a profile")]
    NotInProfiles,
    /// Only a profile that is attached to VGs and LVs can set it.
    #[error("is customizable by metadata profile only, not command profile")]
    MetadataProfileOnly,
    /// Only a profile for the whole command can set it.
    #[error("is customizable by command profile only, not metadata profile")]
    CommandProfileOnly,
}

/// What is wrong with the entries of a text. What stands in an unknown section is not looked at.
pub(super) fn problems(entries: &[Entry]) -> Vec<Problem> {
    let mut problems = Vec::new();
    // Below this path nothing is checked.
    let mut unchecked: Option<String> = None;
    for entry in entries {
        if unchecked.as_ref().is_some_and(|outer| entry.path.starts_with(outer.as_str())) {
            continue;
        }
        unchecked = None;
        let kind = match row_of(&entry.path) {
            // The guard of a section, for `merge_files`.
            None if entry.path.split('/').nth(1) == Some("tags") && entry.value.is_some() => None,
            None if entry.value.is_some() => Some(ProblemKind::UnknownSetting),
            None => Some(ProblemKind::UnknownSection),
            Some(row) => problem(row, entry),
        };
        let opaque = row_of(&entry.path).is_none_or(|row| row.flags.has(Flags::UNCHECKED));
        if entry.value.is_none() && (opaque || kind.is_some()) {
            unchecked = Some(format!("{}/", entry.path));
        }
        if let Some(kind) = kind {
            problems.push(Problem { path: entry.path.clone(), kind, place: entry.place.clone() });
        }
    }
    problems
}

fn problem(row: &Row, entry: &Entry) -> Option<ProblemKind> {
    let typed = match &entry.value {
        None if row.kind == Kind::Section => None,
        None => Some(ProblemKind::Type { found: "a section", expected: row.kind }),
        Some(value) => value_problem(row, value),
    };
    typed.or_else(|| profile_problem(row, entry))
}

/// What is wrong with a value for that row.
pub(super) fn value_problem(row: &Row, value: &Value<'_>) -> Option<ProblemKind> {
    let array = matches!(row.kind, Kind::Array | Kind::MixedArray);
    let wrong = |found| Some(ProblemKind::Type { found, expected: row.kind });
    match value.items() {
        [] if !array => wrong(value.kind()),
        [] if !row.flags.has(Flags::ALLOW_EMPTY) => Some(ProblemKind::Empty),
        [_, _, ..] if !array => wrong(value.kind()),
        items => items.iter().find_map(|item| item_problem(row, item)),
    }
}

fn item_problem(row: &Row, item: &Value<'_>) -> Option<ProblemKind> {
    let wrong = Some(ProblemKind::Type { found: item.kind(), expected: row.kind });
    match (item, row.kind) {
        (Value::Int(_), Kind::Int | Kind::Bool | Kind::MixedArray) => None,
        (Value::Str(text), Kind::Bool) if as_bool(item).is_none() => {
            Some(ProblemKind::NotBool { found: text.to_string() })
        }
        (Value::Str(_), Kind::Bool) => None,
        (Value::Str(text), Kind::Str | Kind::Array | Kind::MixedArray) => {
            if text.is_empty() && !row.flags.has(Flags::ALLOW_EMPTY) {
                return Some(ProblemKind::Empty);
            }
            text.to_str().is_none().then_some(ProblemKind::NotText)
        }
        (Value::Int(_), Kind::Section | Kind::Str | Kind::Array)
        | (Value::Str(_), Kind::Section | Kind::Int)
        | (Value::Float(_) | Value::Array(_), _) => wrong,
    }
}

fn profile_problem(row: &Row, entry: &Entry) -> Option<ProblemKind> {
    let command = row.flags.has(Flags::COMMAND_PROFILE);
    let metadata = row.flags.has(Flags::METADATA_PROFILE);
    match *entry.place.origin {
        Origin::CommandLine | Origin::File(_) => None,
        Origin::CommandProfile(_) | Origin::MetadataProfile(_) if !command && !metadata => {
            Some(ProblemKind::NotInProfiles)
        }
        Origin::CommandProfile(_) => metadata.then_some(ProblemKind::MetadataProfileOnly),
        // Sections hold settings of both sorts.
        Origin::MetadataProfile(_) => {
            (!metadata && entry.value.is_some()).then_some(ProblemKind::CommandProfileOnly)
        }
    }
}
