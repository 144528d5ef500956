//! Selection: which rows are wanted. `-S 'lv_size > 1g && lv_tags = {a,b}'`.

mod eval;
mod list;
mod parse;
mod regular;
mod time;
mod words;

use crate::field::{self, FieldId, Kind};
use crate::subject::Row;
use crate::value::Value;
use thiserror::Error;

/// A selection, read.
#[derive(Debug)]
pub struct Selection(parse::Node);

/// A selection that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SelectError {
    /// An unknown field.
    #[error("Unrecognised selection field: {0}")]
    UnknownField(String),
    /// A field's name is missing.
    #[error("Expecting field name")]
    NoField,
    /// No operator, or one that does not exist.
    #[error("Unrecognised comparison operator: {0}")]
    Operator(String),
    /// An operator that the field's type does not have.
    #[error("Operator {operator} can be used only with {fitting} fields, not with {field}")]
    WrongOperator {
        /// Which operator.
        operator: &'static str,
        /// Which types have it.
        fitting: &'static str,
        /// Which field.
        field: &'static str,
    },
    /// A value that does not fit the field.
    #[error("Failed to parse {value_type} value for selection field {field} at '{at}'")]
    Value {
        /// The text from the value on.
        at: String,
        /// Which type was wanted.
        value_type: &'static str,
        /// Which field.
        field: &'static str,
    },
    /// A number that is too large.
    #[error("Field selection value {value} out of supported range for field {field}")]
    Range {
        /// Which value.
        value: String,
        /// Which field.
        field: &'static str,
    },
    /// A number that stands for something else.
    #[error("Numeric value {0} found in selection is reserved.")]
    Reserved(u64),
    /// A list that is not a list.
    #[error("{fault} in the list for selection field {field}")]
    List {
        /// What is wrong with it.
        fault: &'static str,
        /// Which field.
        field: &'static str,
    },
    /// A parenthesis is missing.
    #[error("Syntax error: {which} parenthesis expected at '{at}'")]
    Parenthesis {
        /// `left` or `right`.
        which: &'static str,
        /// The text where it should stand.
        at: String,
    },
    /// Something follows that is no `&&` and no `||`.
    #[error("Expecting logical operator at '{0}'")]
    NoLogic(String),
    /// Parentheses within parentheses, more than anybody needs.
    #[error("Selection is nested too deeply")]
    Depth,
    /// A regular expression that cannot be read.
    #[error("Invalid regular expression '{0}'")]
    Regex(String),
}

impl Selection {
    /// Reads a selection in a report about `base`. Empty text and `all` select everything.
    pub fn parse(text: &str, base: Kind) -> Result<Self, SelectError> {
        parse::parse(text, base).map(Self)
    }

    /// Whether the row is wanted.
    pub fn matches(&self, row: &Row<'_>) -> bool {
        // Whether a row is selected is not known before it is asked; LVM2 takes it for selected.
        self.matches_with(&|id| match field::all()[id].kind {
            Kind::Special => Value::Number(1),
            _ => field::all()[id].value(row),
        })
    }

    /// Whether it is wanted, with the fields' values from elsewhere.
    pub fn matches_with(&self, value: &dyn Fn(FieldId) -> Value) -> bool {
        eval::matches(&self.0, value)
    }

    /// The fields it asks about.
    pub fn fields(&self) -> Vec<FieldId> {
        let mut fields = Vec::new();
        self.0.fields(&mut |id| fields.push(id));
        fields
    }

    /// The kinds of fields it asks about.
    pub fn kinds(&self) -> Vec<Kind> {
        let mut kinds: Vec<Kind> = self.fields().into_iter().map(|id| field::all()[id].kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }
}

/// Whether the request is for help on selections.
pub fn is_help(text: &str) -> bool {
    matches!(text.to_ascii_lowercase().as_str(), "help" | "?")
}
