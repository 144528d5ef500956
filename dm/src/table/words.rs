//! The words of a parameter line.

use super::{DevRef, TableError};
use std::str::FromStr;
use units::Sectors;

/// The first word and what follows it.
pub(super) fn first(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    if line.is_empty() {
        return None;
    }
    Some(line.split_once(char::is_whitespace).unwrap_or((line, "")))
}

/// Takes a line apart word by word, naming what is wrong.
pub(super) struct Words<'a> {
    target: &'static str,
    rest: std::str::SplitWhitespace<'a>,
}

impl<'a> Words<'a> {
    pub(super) fn new(target: &'static str, line: &'a str) -> Self {
        Self { target, rest: line.split_whitespace() }
    }

    /// The next word, if any.
    pub(super) fn maybe(&mut self) -> Option<&'a str> {
        self.rest.next()
    }

    pub(super) fn word(&mut self, what: &'static str) -> Result<&'a str, TableError> {
        self.rest.next().ok_or(TableError::Missing { target: self.target, what })
    }

    pub(super) fn number<N: FromStr>(&mut self, what: &'static str) -> Result<N, TableError> {
        let word = self.word(what)?;
        // `+7` reads as a number to Rust and not to the kernel.
        if !word.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(self.wrong(what, word));
        }
        word.parse().map_err(|_| self.wrong(what, word))
    }

    pub(super) fn sectors(&mut self, what: &'static str) -> Result<Sectors, TableError> {
        self.number(what).map(Sectors::new)
    }

    pub(super) fn device(&mut self, what: &'static str) -> Result<DevRef, TableError> {
        let Ok(device) = self.word(what)?.parse();
        Ok(device)
    }

    pub(super) fn wrong(&self, what: &'static str, found: &str) -> TableError {
        TableError::Word { target: self.target, what, found: found.to_owned() }
    }

    /// Nothing may be left.
    pub(super) fn end(mut self) -> Result<(), TableError> {
        match self.rest.next() {
            Some(found) => Err(TableError::Excess { target: self.target, found: found.to_owned() }),
            None => Ok(()),
        }
    }
}
