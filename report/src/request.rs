//! Which columns and which order a report has.

use crate::field::{self, Family, FieldId, Kind};
use thiserror::Error;

/// A column list or sort list that names what there is not.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RequestError {
    /// An unknown column; the caller shows the list of those there are.
    #[error("Unrecognised field: {0}")]
    UnknownField(String),
    /// An unknown sort key.
    #[error("dm_report: Unrecognised field: {0}")]
    UnknownKey(String),
    /// An unknown column to be left out where it is empty.
    #[error("dm_report: Unrecognized field: {0}")]
    UnknownCompact(String),
    /// A lone sign.
    #[error("dm_report: Missing sort field name")]
    EmptyKey,
}

/// A sort key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// By which field.
    pub field: FieldId,
    /// Largest first.
    pub descending: bool,
}

/// The columns asked for, worked out of defaults and `-o` options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// In order, each as often as asked.
    pub shown: Vec<FieldId>,
    /// What is left out where all its cells are empty.
    pub compact: Compact,
}

/// Which empty columns are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compact {
    /// Of these.
    Only(Vec<FieldId>),
    /// All.
    All,
}

impl Default for Compact {
    fn default() -> Self {
        Self::Only(Vec::new())
    }
}

/// A list of names as `-o` options have changed it, before it is known what the names mean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The names.
    pub shown: Vec<String>,
    /// The last list of names to be left out where they are empty.
    pub compact: Option<String>,
}

impl Names {
    /// Applies `-o` options in order: a list replaces, `+list` adds, `-list` takes away, `#list` compacts.
    pub fn new(default: &str, options: &[&str], base: Kind) -> Self {
        let mut names = Self { shown: split(default), compact: None };
        for option in options {
            match option.as_bytes().first() {
                Some(b'+') => names.shown.extend(split(&option[1..])),
                Some(b'-') => split(&option[1..]).iter().for_each(|gone| names.remove(gone, base.prefix())),
                Some(b'#') => names.compact = Some(option[1..].to_owned()),
                _ => names.shown = split(option),
            }
        }
        names
    }

    /// Takes away the last of that name, with or without prefix.
    fn remove(&mut self, gone: &str, prefix: &str) {
        let bare = |name: &str| {
            let rest = name.strip_prefix(prefix).map(|rest| rest.strip_prefix('_').unwrap_or(rest));
            rest.unwrap_or(name).to_owned()
        };
        if let Some(place) = self.shown.iter().rposition(|name| name == gone || bare(name) == bare(gone)) {
            self.shown.remove(place);
        }
    }

    /// Whether the request is for the list of fields.
    pub fn ask_for_help(&self) -> bool {
        self.shown.iter().any(|name| is_help(name))
    }

    /// Looks the names up in a report about `base` that is sorted by `keys`.
    pub fn columns(&self, base: Kind, keys: &[Key]) -> Result<Columns, RequestError> {
        let mut all: Vec<Kind> = vec![base];
        all.extend(keys.iter().map(|key| field::all()[key.field].kind));
        for name in &self.shown {
            match field::find(name, base) {
                Some(id) => all.push(field::all()[id].kind),
                None => all.extend(self::group(name, base)),
            }
        }
        let mut shown = Vec::new();
        for name in &self.shown {
            if let Some(id) = field::find(name, base) {
                shown.push(id);
                continue;
            }
            let mut kinds = group(name, base);
            if kinds.is_empty() {
                return Err(RequestError::UnknownField(name.clone()));
            }
            if is_all(name) {
                kinds.extend(&all);
            }
            shown.extend((0..field::all().len()).filter(|&id| kinds.contains(&field::all()[id].kind)));
        }
        Ok(Columns { shown, compact: Compact::default() })
    }

    /// The columns to be left out where they are empty. An unknown one spoils the whole list.
    pub fn compacted(&self, base: Kind) -> Result<Compact, RequestError> {
        let names = self.compact.iter().flat_map(|list| split(list));
        let find = |name: String| field::find(&name, base).ok_or(RequestError::UnknownCompact(name));
        names.map(find).collect::<Result<_, _>>().map(Compact::Only)
    }
}

impl Columns {
    /// The kinds of fields among them and among the keys: these decide what a row is about.
    pub fn kinds(&self, keys: &[Key]) -> Vec<Kind> {
        let fields = self.shown.iter().copied().chain(keys.iter().map(|key| key.field));
        let mut kinds: Vec<Kind> = fields.map(|id| field::all()[id].kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    /// Whether rows that are not selected are shown too.
    pub fn shows_unselected(&self) -> bool {
        self.shown.iter().any(|&id| field::all()[id].kind == Kind::Special)
    }
}

/// Whether a field's name asks for the list of fields.
fn is_help(name: &str) -> bool {
    matches!(name.to_ascii_lowercase().as_str(), "help" | "?")
}

fn split(list: &str) -> Vec<String> {
    list.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn is_all(name: &str) -> bool {
    name.eq_ignore_ascii_case("all")
}

/// The kinds a group's name adds: with `all` those that share the report's prefix. What else `all` stands for
/// is every kind that the report has anyway (2.03.40: libdm-report.c, _all_match).
fn group(name: &str, base: Kind) -> Vec<Kind> {
    if is_all(name) {
        let kinds = base.family().map_or(&[][..], Family::kinds).iter().copied();
        return kinds.filter(|kind| kind.prefix() == base.prefix()).collect();
    }
    field::group(name, base)
}

/// Reads a sort list: `a,-b,+c`. Says which fields came twice, which count once.
pub fn keys(list: &str, base: Kind) -> Result<(Vec<Key>, Vec<FieldId>), RequestError> {
    let mut keys: Vec<Key> = Vec::new();
    let mut doubled = Vec::new();
    let mut rest = list;
    while !rest.is_empty() {
        // Several commas in a row are one; one at the end asks for a key without a name.
        rest = rest.trim_start_matches(',');
        let name;
        (name, rest) = rest.split_at(rest.find(',').unwrap_or(rest.len()));
        let (descending, bare) = match name.as_bytes().first() {
            Some(b'-') => (true, &name[1..]),
            Some(b'+') => (false, &name[1..]),
            _ => (false, name),
        };
        if bare.is_empty() && !name.is_empty() {
            return Err(RequestError::EmptyKey);
        }
        let unknown = || RequestError::UnknownKey(bare.to_owned());
        let field = field::find(bare, base).ok_or_else(unknown)?;
        if keys.iter().any(|key| key.field == field) {
            doubled.push(field);
        } else {
            keys.push(Key { field, descending });
        }
    }
    Ok((keys, doubled))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(options: &[&str]) -> Vec<&'static str> {
        let (keys, _) = keys("vg_name", Kind::Lv).unwrap();
        let columns = Names::new("lv_name,vg_name", options, Kind::Lv).columns(Kind::Lv, &keys).unwrap();
        columns.shown.iter().map(|&id| field::all()[id].name).collect()
    }

    #[test]
    fn lists_replace_add_and_take_away() {
        assert_eq!(names(&[]), ["lv_name", "vg_name"]);
        assert_eq!(names(&["+lv_size"]), ["lv_name", "vg_name", "lv_size"]);
        assert_eq!(names(&["lv_uuid,name", "+vg_name", "-uuid"]), ["lv_name", "vg_name"]);
        assert_eq!(names(&["-vg_name"]), ["lv_name"]);
        assert!(Names::new("", &["nosuch"], Kind::Lv).columns(Kind::Lv, &[]).is_err());
    }

    #[test]
    fn all_is_the_kinds_that_the_report_has_with_its_columns_and_keys() {
        assert!(names(&["all"]).contains(&"vg_attr"));
        assert!(names(&["all"]).contains(&"lv_kernel_major"));
        assert!(!names(&["all"]).contains(&"segtype"));
        assert!(names(&["all,segtype"]).contains(&"seg_start"));
        assert!(!names(&["lv_all"]).contains(&"vg_attr"));
        assert_eq!(names(&["pvseg_all"]), ["pvseg_start", "pvseg_size"]);
    }

    #[test]
    fn keys_have_directions_and_count_once() {
        let (keys, doubled) = keys("-lv_size,name,,lv_name", Kind::Lv).unwrap();
        assert!(keys[0].descending && !keys[1].descending);
        assert_eq!((keys.len(), doubled.len()), (2, 1));
        assert!(super::keys("-", Kind::Lv).is_err());
        assert!(super::keys("lv_name,", Kind::Lv).is_err());
        assert!(super::keys("", Kind::Lv).is_ok());
    }
}
