//! What a text holds that rlvm keeps without interpreting it.

use units::Id;

/// A key with its value, kept as it came, so that it goes back as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct RawItem {
    /// The key, or the section's name.
    pub key: String,
    /// The value.
    pub value: RawValue,
    /// Whether an empty line stood before it.
    pub blank_before: bool,
    /// How it was laid out on its line.
    pub spacing: RawSpacing,
}

/// The spaces on a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RawSpacing {
    /// `key = ["a", "b"]`, as LVM2 writes what it knows.
    #[default]
    Plain,
    /// `key=["a","b"]`, as LVM2 writes cache policy settings and what it keeps without knowing it.
    Tight,
    /// `key = [ "a", "b" ]`, as LVM2 writes the list called pr.
    Wide,
    /// `key = word`, a string without quotes, as LVM2 writes VDO's write policy.
    Bare,
}

/// An uninterpreted value. References to PVs and LVs are resolved, so that they survive renumbering.
#[derive(Clone, Debug, PartialEq)]
pub enum RawValue {
    /// A number.
    Int(i64),
    /// A number with a fraction, as it was spelled.
    Float(String),
    /// A string.
    Text(String),
    /// A string that names a PV of this VG (`pv0`).
    Pv(Id),
    /// A string that names an LV of this VG.
    Lv(Id),
    /// A list on one line.
    List(Vec<RawValue>),
    /// A list over several lines, as it was divided: areas of segments.
    Lines(Vec<Vec<RawValue>>),
    /// A section.
    Section(Vec<RawItem>),
}

impl RawItem {
    /// A plain line.
    pub fn new(key: impl Into<String>, value: RawValue) -> Self {
        Self { key: key.into(), value, blank_before: false, spacing: RawSpacing::Plain }
    }

    /// Every value in it, lists and sections taken apart.
    pub fn values(&self) -> impl Iterator<Item = &RawValue> {
        let mut left = vec![&self.value];
        std::iter::from_fn(move || {
            let value = left.pop()?;
            match value {
                RawValue::List(values) => left.extend(values.iter().rev()),
                RawValue::Lines(lines) => left.extend(lines.iter().rev().flat_map(|line| line.iter().rev())),
                RawValue::Section(items) => left.extend(items.iter().rev().map(|item| &item.value)),
                RawValue::Int(_)
                | RawValue::Float(_)
                | RawValue::Text(_)
                | RawValue::Pv(_)
                | RawValue::Lv(_) => {}
            }
            Some(value)
        })
    }
}

/// Keys that rlvm does not know, each with the known key it stood behind (none: at the section's start).
pub type Extras = Vec<(Option<String>, RawItem)>;
