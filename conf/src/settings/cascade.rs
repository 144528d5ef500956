//! Looking settings up.

use std::collections::HashMap;
use std::sync::Arc;

use thiserror::Error;

use crate::tree::Value;

use super::check::{self, Problem, ProblemKind};
use super::layer::{Layer, Place};
use super::row::{Default, Honoured, Kind, Row, as_bool};
use super::table::{TABLE, row_of};

/// A setting that someone made.
#[derive(Clone, Copy, Debug)]
pub struct Found<'s> {
    /// Its path.
    pub path: &'s str,
    /// Its value.
    pub value: &'s Value<'static>,
    /// Where.
    pub place: &'s Place,
}

/// A setting whose value cannot be used, where falling back to the default would be dangerous.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{place}: {path} {kind}")]
pub struct SettingError {
    /// Its path.
    pub path: String,
    /// What is wrong.
    pub kind: ProblemKind,
    /// Where it is made.
    pub place: Place,
}

/// All layers, and the defaults under them. Cheap to clone.
///
/// Look-ups do as LVM2's do: the strongest layer that has the setting decides; if its value is of the wrong
/// type the table's default holds (not a weaker layer), and [`Settings::problems`] says so. They panic when
/// asked for a path or a type that [`TABLE`] does not have, which is a mistake in the program.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The strongest first.
    pub(super) layers: Vec<Arc<Layer>>,
    /// Defaults within the system directory.
    paths: Arc<HashMap<&'static str, String>>,
}

impl Settings {
    /// Defaults only, with paths in that system directory.
    pub fn new(system_dir: &str) -> Self {
        let path = |row: &Row| match row.default {
            Default::SystemDir(name) => Some((row.path, format!("{system_dir}/{name}"))),
            _ => None,
        };
        Self { layers: Vec::new(), paths: Arc::new(TABLE.iter().filter_map(path).collect()) }
    }

    /// These with a layer more, at its rank: `--config`, command profile, metadata profile, files. Among
    /// equals the one added last is the strongest.
    #[must_use]
    pub fn with(&self, layer: Layer) -> Self {
        let mut layers = self.layers.clone();
        let place = layers.partition_point(|other| other.rank < layer.rank);
        layers.insert(place, Arc::new(layer));
        Self { layers, paths: Arc::clone(&self.paths) }
    }

    /// What was set at a path, whatever it is; `None` where only a default holds.
    pub fn find(&self, path: &str) -> Option<Found<'_>> {
        let entry = self.layers.iter().find_map(|layer| layer.get(path))?;
        let value = entry.value.as_ref()?;
        Some(Found { path: &entry.path, value, place: &entry.place })
    }

    /// On or off.
    ///
    /// # Panics
    /// If the table has no such truth value.
    #[track_caller]
    pub fn bool(&self, path: &str) -> bool {
        let row = expect(path, &[Kind::Bool]);
        let set = self.usable(row).and_then(as_bool);
        match row.default {
            Default::Bool(default) => set.unwrap_or(default),
            _ => panic!("setting {path} has no default"),
        }
    }

    /// A number, in the unit of LVM2's documentation.
    ///
    /// # Panics
    /// If the table has no such number, or no default for it: ask [`Settings::opt_int`] then.
    #[track_caller]
    pub fn int(&self, path: &str) -> i64 {
        self.opt_int(path).unwrap_or_else(|| panic!("setting {path} has no default"))
    }

    /// A number that may be neither set nor have a default.
    ///
    /// # Panics
    /// If the table has no such number.
    #[track_caller]
    pub fn opt_int(&self, path: &str) -> Option<i64> {
        let row = expect(path, &[Kind::Int]);
        let set = self.usable(row).and_then(|value| value.items().first()).and_then(Value::int);
        let default = if let Default::Int(default) = row.default { Some(default) } else { None };
        set.or(default)
    }

    /// A string.
    ///
    /// # Panics
    /// If the table has no such string, or no default for it: ask [`Settings::opt_str`] then.
    #[track_caller]
    pub fn str(&self, path: &str) -> &str {
        self.opt_str(path).unwrap_or_else(|| panic!("setting {path} has no default"))
    }

    /// A string that may be neither set nor have a default.
    ///
    /// # Panics
    /// If the table has no such string.
    #[track_caller]
    pub fn opt_str(&self, path: &str) -> Option<&str> {
        let row = expect(path, &[Kind::Str]);
        let set = self.usable(row).and_then(|value| value.items().first());
        set.and_then(|item| item.str()).and_then(|text| text.to_str()).or_else(|| self.default_text(row))
    }

    /// The string that holds where nothing is set.
    pub(super) fn default_text(&self, row: &Row) -> Option<&str> {
        match row.default {
            Default::Text(default) => Some(default),
            Default::SystemDir(_) => self.paths.get(row.path).map(String::as_str),
            Default::SameAs(other) => self.opt_str(other),
            Default::None | Default::Bool(_) | Default::Int(_) | Default::List(_) => None,
        }
    }

    /// An array of strings; `None` where it is neither set nor has a default, which differs from an empty
    /// one.
    ///
    /// # Errors
    /// A value of the wrong type: filters and lists of volumes decide what is touched, so they do not fall
    /// back to their defaults.
    ///
    /// # Panics
    /// If the table has no such array.
    #[track_caller]
    pub fn strings(&self, path: &str) -> Result<Option<Vec<&str>>, SettingError> {
        let row = expect(path, &[Kind::Array]);
        let Some(found) = self.find(path) else {
            let default =
                if let Default::List(default) = row.default { Some(default.to_vec()) } else { None };
            return Ok(default);
        };
        let strings = found.value.items().iter().filter_map(|item| item.str().and_then(|s| s.to_str()));
        match check::value_problem(row, found.value) {
            None => Ok(Some(strings.collect())),
            Some(kind) => Err(SettingError { path: path.to_owned(), kind, place: found.place.clone() }),
        }
    }

    /// The settings directly within a section of the user's making, such as `allocation/cache_settings/smq`.
    pub fn section<'s>(&'s self, path: &str) -> impl Iterator<Item = (&'s str, &'s Value<'static>)> {
        let prefix = format!("{path}/");
        let layer = self.layers.iter().find(|layer| layer.get(path).is_some());
        let entries = layer.map(|layer| layer.entries.as_slice()).unwrap_or_default();
        entries.iter().filter_map(move |entry| {
            let name = entry.path.strip_prefix(&prefix).filter(|name| !name.contains('/'))?;
            Some((name, entry.value.as_ref()?))
        })
    }

    /// What is wrong with what was set, the strongest layer first; nothing where `config/checks` is off.
    pub fn problems(&self) -> Vec<&Problem> {
        if !self.bool("config/checks") {
            return Vec::new();
        }
        self.layers.iter().flat_map(|layer| layer.problems()).collect()
    }

    /// Settings made to differ from their defaults that rlvm does not heed yet.
    pub fn not_honoured(&self) -> Vec<Found<'_>> {
        let paths = self.layers.iter().flat_map(|layer| &layer.entries).map(|entry| entry.path.as_str());
        let mut seen = std::collections::HashSet::new();
        let unheeded = |found: &Found<'_>| {
            row_of(found.path)
                .is_some_and(|row| row.honoured == Honoured::NotYet && !row.is_default(found.value))
        };
        paths.filter(|path| seen.insert(*path)).filter_map(|path| self.find(path)).filter(unheeded).collect()
    }

    /// The value that decides, unless it is of the wrong type.
    fn usable(&self, row: &Row) -> Option<&Value<'static>> {
        let found = self.find(row.path)?;
        check::value_problem(row, found.value).is_none().then_some(found.value)
    }
}

#[track_caller]
fn expect(path: &str, kinds: &[Kind]) -> &'static Row {
    match row_of(path) {
        Some(row) if kinds.contains(&row.kind) => row,
        Some(row) => panic!("setting {path} is {}", row.kind),
        None => panic!("no setting {path}"),
    }
}
