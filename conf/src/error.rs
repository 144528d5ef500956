//! Where a text is wrong, and how.

use std::fmt;
use thiserror::Error;

/// A text that is not in the grammar, or is larger than the reader's limits.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}, column {column}: {what}")]
pub struct ConfError {
    /// Line, from 1.
    pub line: u32,
    /// Column in bytes, from 1.
    pub column: u32,
    /// Offset in bytes from the start of the text.
    pub offset: usize,
    /// What is wrong there.
    pub what: Fault,
}

impl ConfError {
    /// The fault `what` at `offset` of `text`.
    pub(crate) fn at(text: &[u8], offset: usize, what: Fault) -> Self {
        let Position { line, column } = Position::of(text, offset);
        Self { line, column, offset, what }
    }
}

/// A place in a text, as people count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in bytes, from 1.
    pub column: u32,
}

impl Position {
    /// The place of a byte offset. Walks the text up to it, so it is meant for messages.
    pub fn of(text: &[u8], offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.iter().filter(|&&b| b == b'\n').count();
        let start = before.iter().rposition(|&b| b == b'\n').map_or(0, |n| n + 1);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX).saturating_add(1);
        Self { line: count(line), column: count(before.len() - start) }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// The ways in which a text can be wrong.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// A quote that nothing closes.
    #[error("a string that does not end")]
    UnterminatedString,
    /// The name of a section or of a key was due.
    #[error("expected the name of a section or setting")]
    ExpectedName,
    /// A name of no characters, or a path with an empty last part.
    #[error("an empty name")]
    EmptyName,
    /// After a name only `=` or `{` can stand.
    #[error("expected '=' or '{{' after '{name}'")]
    ExpectedAssignment {
        /// The name before it.
        name: String,
    },
    /// A value was due.
    #[error("expected a value")]
    ExpectedValue,
    /// Not a decimal or octal number of 64 bits with sign.
    #[error("'{digits}' is not an integer of 64 bits")]
    BadInt {
        /// What stands there.
        digits: String,
    },
    /// Not a number with a fraction, or out of range.
    #[error("'{digits}' is not a number")]
    BadFloat {
        /// What stands there.
        digits: String,
    },
    /// The text ends inside a section.
    #[error("section '{name}' is not closed")]
    UnclosedSection {
        /// The innermost section that is open.
        name: String,
    },
    /// The text ends inside an array.
    #[error("an array that is not closed")]
    UnclosedArray,
    /// Settings were asked for and there is none.
    #[error("nothing is set")]
    NothingSet,
    /// Sections within sections beyond the limit.
    #[error("sections nested more than {limit} deep")]
    TooDeep {
        /// The deepest that is read.
        limit: usize,
    },
    /// More bytes than the limit.
    #[error("a text of {bytes} bytes; at most {limit} are read")]
    TooLong {
        /// The length of the text.
        bytes: usize,
        /// The longest that is read.
        limit: usize,
    },
    /// A name of more bytes than the limit.
    #[error("a name of {bytes} bytes; at most {limit} are read")]
    LongName {
        /// Its length.
        bytes: usize,
        /// The longest that is read.
        limit: usize,
    },
    /// More names, values and comments than the limit.
    #[error("more than {limit} names, values and comments")]
    TooMany {
        /// The most that are read.
        limit: usize,
    },
}
