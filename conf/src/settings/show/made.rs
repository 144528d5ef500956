//! Which rows of the table were set, and which to something else than their defaults.

use std::collections::HashSet;

use super::Without;
use crate::settings::cascade::Settings;
use crate::settings::check;
use crate::settings::nest::Nest;
use crate::settings::row::{Default, Flags, Kind, Row};
use crate::settings::table::row_of;
use crate::tree::Value;

/// Paths of rows.
#[derive(Debug, std::default::Default)]
pub(super) struct Made {
    used: HashSet<&'static str>,
    differs: HashSet<&'static str>,
}

impl Made {
    /// By what was made.
    pub(super) fn new(settings: &Settings, nests: &[Nest], without: Without) -> Self {
        let mut made = Self::default();
        made.look(settings, nests, without);
        made
    }

    fn look(&mut self, settings: &Settings, nests: &[Nest], without: Without) {
        for nest in nests {
            let Some(row) = row_of(&nest.entry.path) else { continue };
            self.used.insert(row.path);
            match &nest.entry.value {
                Some(value) => {
                    let hidden = (without.unsupported && row.flags.has(Flags::UNSUPPORTED))
                        || (without.advanced && row.flags.has(Flags::ADVANCED));
                    if !hidden && check::value_problem(row, value).is_none() && differs(settings, row, value)
                    {
                        self.differ(row.path);
                    }
                }
                None if row.flags.has(Flags::UNCHECKED) => {}
                None => self.look(settings, &nest.inner, without),
            }
        }
    }

    /// The setting differs, and with it the sections it is in.
    fn differ(&mut self, path: &'static str) {
        self.differs.insert(path);
        for (end, _) in path.match_indices('/') {
            self.differs.insert(&path[..end]);
        }
    }

    /// Whether it was set.
    pub(super) fn is_used(&self, row: &Row) -> bool {
        self.used.contains(row.path)
    }

    /// Whether it was set to something else than its default.
    pub(super) fn differs(&self, row: &Row) -> bool {
        self.differs.contains(row.path)
    }
}

/// As LVM2 compares (2.03.40: lib/config/config.c, _check_value_differs_from_default): what has no default
/// differs always, but for strings whose absence is their default; a truth value in words, or as a number but 0
/// and 1, is another value than the default that means the same.
fn differs(settings: &Settings, row: &Row, value: &Value<'_>) -> bool {
    if row.flags.has(Flags::UNDEFINED) {
        return true;
    }
    match row.default {
        Default::SystemDir(_) | Default::SameAs(_) => {
            let default = settings.default_text(row);
            value.items().first().and_then(|item| item.str()).and_then(|text| text.to_str()) != default
        }
        Default::None => row.kind != Kind::Str,
        Default::Bool(default) => value.items() != [Value::Int(i64::from(default))],
        Default::Int(_) | Default::Text(_) | Default::List(_) => !row.is_default(value),
    }
}
