//! One place where settings are made.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use thiserror::Error;

use crate::error::{ConfError, Fault, Position};
use crate::parse::{Limits, parse_within};
use crate::tree::{Body, Section, Value};

use super::check::{self, Problem, ProblemKind};
use super::row::Flags;
use super::table::row_of;

/// Where a setting was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// `--config`
    CommandLine,
    /// A profile for the whole command, by name.
    CommandProfile(String),
    /// A profile attached to a VG or an LV, or given for all of them, by name.
    MetadataProfile(String),
    /// A file of the system directory, by path.
    File(String),
}

impl Origin {
    /// Which layers it outweighs.
    pub fn rank(&self) -> Rank {
        match self {
            Self::CommandLine => Rank::CommandLine,
            Self::CommandProfile(_) => Rank::CommandProfile,
            Self::MetadataProfile(_) => Rank::MetadataProfile,
            Self::File(_) => Rank::Files,
        }
    }
}

/// The order of layers, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// `--config`
    CommandLine,
    /// A command profile.
    CommandProfile,
    /// A metadata profile.
    MetadataProfile,
    /// lvm.conf, lvmlocal.conf and the files of host tags.
    Files,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CommandLine => f.write_str("--config"),
            Self::CommandProfile(name) => write!(f, "command profile {name}"),
            Self::MetadataProfile(name) => write!(f, "metadata profile {name}"),
            Self::File(path) => f.write_str(path),
        }
    }
}

/// A line of an [`Origin`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The text.
    pub origin: Arc<Origin>,
    /// The place in it.
    pub at: Position,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self.origin {
            Origin::CommandLine => write!(f, "{}, column {}", self.origin, self.at.column),
            _ => write!(f, "{}, line {}", self.origin, self.at.line),
        }
    }
}

/// A text of settings that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{origin}: {error}")]
pub struct ReadError {
    /// The text.
    pub origin: Origin,
    /// What is wrong with it.
    pub error: ConfError,
}

/// A section or a setting of a layer.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) path: String,
    /// `None` for a section.
    pub(super) value: Option<Value<'static>>,
    pub(super) place: Place,
}

/// The settings that one text makes, or that several files make together.
#[derive(Clone, Debug)]
pub struct Layer {
    pub(super) rank: Rank,
    /// In the order of the text.
    pub(super) entries: Vec<Entry>,
    /// Where a path is among the entries.
    index: HashMap<String, usize>,
    pub(super) problems: Vec<Problem>,
}

impl Layer {
    /// Reads and checks a text. Settings made twice have their last value.
    ///
    /// # Errors
    /// A text that is not in the grammar; from the command line also one that sets nothing.
    pub fn read(origin: Origin, text: &[u8]) -> Result<Self, ReadError> {
        let failed = |error| ReadError { origin: origin.clone(), error };
        let tree = parse_within(text, LIMITS).map_err(failed)?.into_owned();
        if tree.root.nodes().is_empty() && origin == Origin::CommandLine {
            return Err(failed(ConfError::at(text, 0, Fault::NothingSet)));
        }
        let (root, overridden) = tree.root.merged();
        let mut reader =
            Reader { origin: Arc::new(origin.clone()), lines: line_starts(text), entries: Vec::new() };
        reader.section(&root, "");
        let mut layer = Self::new(origin.rank(), reader.entries);
        layer.problems = check::problems(&layer.entries);
        for path in overridden {
            if let Some(entry) = layer.get(&path) {
                let place = entry.place.clone();
                layer.problems.push(Problem { path, kind: ProblemKind::Repeated, place });
            }
        }
        layer.problems.sort_by_key(|problem| (problem.place.at.line, problem.place.at.column));
        Ok(layer)
    }

    pub(super) fn new(rank: Rank, entries: Vec<Entry>) -> Self {
        let index = entries.iter().enumerate().map(|(n, entry)| (entry.path.clone(), n)).collect();
        Self { rank, entries, index, problems: Vec::new() }
    }

    /// What is wrong with it, in the order of the text. LVM2 refuses a profile with any problem, and
    /// goes on with the others.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// A setting it makes that commands of one shell have in common.
    pub fn not_for_shells(&self) -> Option<&str> {
        let fixed =
            |entry: &&Entry| row_of(&entry.path).is_some_and(|row| row.flags.has(Flags::NOT_INTERACTIVE));
        self.entries.iter().find(fixed).map(|entry| entry.path.as_str())
    }

    /// Whether LVM2 takes it as a profile.
    pub fn is_usable_profile(&self) -> bool {
        self.problems.iter().all(|problem| problem.kind == ProblemKind::Repeated)
    }

    pub(super) fn get(&self, path: &str) -> Option<&Entry> {
        self.index.get(path).map(|&n| &self.entries[n])
    }

    /// The host tags this file gives to a host of that name: those of its `tags` section whose `host_list`
    /// is absent or names the host, and with `tags/hosttags` the name itself. Without a leading `@`.
    /// Whether they are valid names is for the caller to check.
    pub fn host_tags(&self, host: &str) -> Vec<String> {
        let mut tags = Vec::new();
        let hosttags = self.get("tags/hosttags").and_then(|entry| entry.value.as_ref());
        if hosttags.and_then(super::row::as_bool) == Some(true) {
            tags.push(host.to_owned());
        }
        for entry in self.entries.iter().filter(|entry| entry.value.is_none()) {
            let Some(name) = entry.path.strip_prefix("tags/").filter(|name| !name.contains('/')) else {
                continue;
            };
            let hosts = self.get(&format!("tags/{name}/host_list")).and_then(|entry| entry.value.as_ref());
            let names_host = |value: &Value<'_>| {
                value.items().iter().any(|item| item.str().is_some_and(|item| *item == *host))
            };
            if hosts.is_none_or(names_host) {
                tags.push(name.strip_prefix('@').unwrap_or(name).to_owned());
            }
        }
        tags
    }
}

/// Far beyond the hundred kilobytes of a full lvm.conf, and low enough that the paths of all entries fit in
/// memory whatever the text.
const LIMITS: Limits = Limits { bytes: 4 << 20, depth: 16, items: 1 << 17, name: 128 };

struct Reader {
    origin: Arc<Origin>,
    lines: Vec<u32>,
    entries: Vec<Entry>,
}

impl Reader {
    /// Sections are at most as deep as the parser's limit.
    fn section(&mut self, section: &Section<'static>, prefix: &str) {
        for node in section.nodes() {
            let path = format!("{prefix}{}", node.key);
            let place = Place { origin: Arc::clone(&self.origin), at: self.position(node.span.start) };
            let entry = |value| Entry { path: path.clone(), value, place };
            match &node.body {
                Body::Value(value) => self.entries.push(entry(Some(value.clone()))),
                Body::Section(inner) => {
                    self.entries.push(entry(None));
                    self.section(inner, &format!("{path}/"));
                }
            }
        }
    }

    fn position(&self, offset: u32) -> Position {
        let line = self.lines.partition_point(|&start| start <= offset);
        let start = self.lines.get(line.wrapping_sub(1)).copied().unwrap_or(0);
        Position { line: u32::try_from(line).unwrap_or(u32::MAX), column: offset - start + 1 }
    }
}

/// Offsets at which lines begin. The parser has seen that they fit.
fn line_starts(text: &[u8]) -> Vec<u32> {
    let ends = text.iter().enumerate().filter(|&(_, &byte)| byte == b'\n');
    let starts = ends.filter_map(|(n, _)| u32::try_from(n + 1).ok());
    std::iter::once(0).chain(starts).collect()
}
