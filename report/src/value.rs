//! What a cell holds, before and after it becomes text.

use crate::display::Units;
use chrono::{DateTime, Local};
use std::borrow::Cow;
use std::cmp::Ordering;
use units::{Percent, Sectors};

/// The type of a column: how it aligns, compares and is selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Text.
    Text,
    /// A set of strings.
    List,
    /// A number.
    Number,
    /// A size.
    Size,
    /// A percentage.
    Percent,
    /// Yes or no, shown as a word or nothing.
    Binary,
    /// A time.
    Time,
}

impl Type {
    /// Whether cells stand at the right edge of their column.
    pub fn aligns_right(self) -> bool {
        matches!(self, Self::Number | Self::Size | Self::Binary)
    }

    /// As `-o help` shows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::List => "string list",
            Self::Number | Self::Binary => "number",
            Self::Size => "size",
            Self::Percent => "percent",
            Self::Time => "time",
        }
    }
}

/// What a getter answers. Three words long: a report holds millions, and most are short texts and numbers.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Not applicable: an empty cell.
    Empty,
    /// An empty cell that is compared as zero.
    Nought,
    /// Text.
    Text(Box<str>),
    /// The name of an LV that is not an ordinary one.
    Marked(Box<Marked>),
    /// Strings.
    List(Box<List>),
    /// A number; a negative one is shown but counts as not known, as LVM2's -1 does.
    Number(i64),
    /// A word in the place of a number or size that is not set: `auto`, `unmanaged`.
    Word(&'static str),
    /// A size.
    Size(Sectors),
    /// A percentage.
    Percent(Percent),
    /// Yes or no, with the word for yes.
    Binary(bool, &'static str),
    /// Yes or no, but nobody knows.
    BinaryUnknown,
    /// Seconds since the epoch.
    Time(i64),
}

/// A name shown with brackets or a sign, but compared without.
#[derive(Clone, Debug, PartialEq)]
pub struct Marked {
    /// As it is shown.
    pub shown: String,
    /// As it is compared.
    pub name: String,
}

/// Several strings in one cell.
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    /// The strings.
    pub items: Vec<String>,
    /// Whether they are a set, shown in order of the alphabet.
    pub sorted: bool,
    /// What stands between them; none: what the format says.
    pub separator: Option<char>,
}

impl Value {
    /// Text of anything that has text.
    pub fn text(text: impl Into<Box<str>>) -> Self {
        Self::Text(text.into())
    }

    /// A name that is shown otherwise than it is compared.
    pub fn marked(shown: String, name: &str) -> Self {
        Self::Marked(Box::new(Marked { shown, name: name.to_owned() }))
    }

    fn list(items: impl IntoIterator<Item = String>, sorted: bool, separator: Option<char>) -> Self {
        Self::List(Box::new(List { items: items.into_iter().collect(), sorted, separator }))
    }

    /// A set of strings.
    pub fn set(items: impl IntoIterator<Item = String>) -> Self {
        Self::list(items, true, None)
    }

    /// Strings whose order matters.
    pub fn sequence(items: impl IntoIterator<Item = String>) -> Self {
        Self::list(items, false, None)
    }

    /// Strings whose order matters, and with commas between them whatever the settings say.
    pub fn commas(items: impl IntoIterator<Item = String>) -> Self {
        Self::list(items, false, Some(','))
    }

    /// Strings whose order matters, and with blanks between them.
    pub fn words(items: impl IntoIterator<Item = String>) -> Self {
        Self::list(items, false, Some(' '))
    }

    /// The text, or nothing.
    pub fn maybe(text: Option<impl Into<Box<str>>>) -> Self {
        text.map_or(Self::Empty, |text| Self::Text(text.into()))
    }

    /// A count.
    pub fn count(number: impl TryInto<i64>) -> Self {
        number.try_into().map_or(Self::Empty, Self::Number)
    }
}

/// How values become text.
#[derive(Clone, Debug)]
pub struct Format {
    /// For sizes.
    pub units: Units,
    /// Yes and no as 1 and 0.
    pub binary_as_numbers: bool,
    /// A strftime pattern.
    pub time: String,
    /// What stands between the strings of a list.
    pub list_separator: String,
}

/// LVM2's default `report/time_format`.
pub const DEFAULT_TIME_FORMAT: &str = "%Y-%m-%d %T %z";

/// LVM2's default `report/list_item_separator`.
pub const DEFAULT_LIST_SEPARATOR: &str = ",";

impl Default for Format {
    fn default() -> Self {
        Self {
            units: Units::default(),
            binary_as_numbers: false,
            time: DEFAULT_TIME_FORMAT.to_owned(),
            list_separator: DEFAULT_LIST_SEPARATOR.to_owned(),
        }
    }
}

impl Format {
    /// The value's text.
    pub fn show(&self, value: &Value) -> String {
        self.text(value).into_owned()
    }

    /// The same, borrowed where the value is a text.
    pub fn text<'v>(&self, value: &'v Value) -> Cow<'v, str> {
        match value {
            Value::Empty | Value::Nought => Cow::Borrowed(""),
            Value::Text(text) => Cow::Borrowed(text),
            Value::Marked(marked) => Cow::Borrowed(&marked.shown),
            Value::Word(word) => Cow::Borrowed(word),
            Value::List(list) => Cow::Owned(match list.separator {
                Some(separator) => list.join(separator.encode_utf8(&mut [0; 4])),
                None => list.join(&self.list_separator),
            }),
            Value::Number(number) => Cow::Owned(number.to_string()),
            Value::Size(size) => Cow::Owned(self.units.show(*size)),
            Value::Percent(percent) => Cow::Owned(percent.to_string()),
            Value::Binary(yes, word) => match (self.binary_as_numbers, yes) {
                (true, yes) => Cow::Borrowed(if *yes { "1" } else { "0" }),
                (false, true) => Cow::Borrowed(word),
                (false, false) => Cow::Borrowed(""),
            },
            Value::BinaryUnknown if self.binary_as_numbers => Cow::Borrowed("-1"),
            Value::BinaryUnknown => Cow::Borrowed("unknown"),
            Value::Time(seconds) => Cow::Owned(self.show_time(*seconds)),
        }
    }

    fn show_time(&self, seconds: i64) -> String {
        use std::fmt::Write;
        let Some(time) = DateTime::from_timestamp(seconds, 0) else { return String::new() };
        let mut text = String::new();
        match write!(text, "{}", time.with_timezone(&Local).format(&self.time)) {
            Ok(()) => text,
            Err(_) => seconds.to_string(),
        }
    }
}

/// The strings of a list in the order they are shown.
pub fn list_items(value: &Value) -> Vec<&str> {
    if let Value::List(list) = value { list.shown() } else { Vec::new() }
}

impl List {
    fn shown(&self) -> Vec<&str> {
        let mut shown: Vec<&str> = self.items.iter().map(String::as_str).collect();
        if self.sorted {
            shown.sort_unstable();
        }
        shown
    }

    fn join(&self, separator: &str) -> String {
        self.shown().join(separator)
    }
}

/// The order of two cells of one column: numbers by amount with the absent last, texts by their bytes.
pub fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Text(_) | Value::Marked(_) | Value::List(_), _)
        | (_, Value::Text(_) | Value::Marked(_) | Value::List(_)) => text_of(a).cmp(&text_of(b)),
        _ => amount(a).total_cmp(&amount(b)),
    }
}

/// The number behind a value; what is absent or not known counts as larger than all.
pub fn amount(value: &Value) -> f64 {
    match value {
        Value::Number(number) if *number >= 0 => *number as f64,
        Value::Nought => 0.0,
        Value::Size(size) => size.get() as f64,
        Value::Percent(percent) => percent.points(),
        Value::Binary(yes, _) => f64::from(u8::from(*yes)),
        Value::Time(seconds) => *seconds as f64,
        Value::Number(_)
        | Value::Empty
        | Value::Word(_)
        | Value::BinaryUnknown
        | Value::Text(_)
        | Value::Marked(_)
        | Value::List(_) => f64::INFINITY,
    }
}

/// What a value that may be a text is compared by.
fn text_of(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Text(text) => Cow::Borrowed(text),
        Value::Marked(marked) => Cow::Borrowed(&marked.name),
        Value::List(list) => Cow::Owned(list.join(DEFAULT_LIST_SEPARATOR)),
        _ => Cow::Borrowed(""),
    }
}
