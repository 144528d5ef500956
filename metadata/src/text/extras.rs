//! Keys that rlvm does not know: read with the key they stood behind, written back there.

use super::error::{TextError, WriteError};
use super::fields::Fields;
use super::names::Names;
use super::raw::{RawReader, RawWriter, Resolve};
use crate::model::Extras;
use conf::Writer;

/// What nobody took of a section.
pub(super) fn read(fields: &Fields<'_, '_>) -> Result<Extras, TextError> {
    let mut rest = fields.rest().peekable();
    if rest.peek().is_none() {
        return Ok(Extras::new());
    }
    let names = Names::default();
    let reader =
        RawReader { text: fields.text(), names: &names, resolve: Resolve::Nothing, section: fields.name() };
    rest.map(|(before, node)| Ok((before.map(|node| node.key.to_string()), reader.item(node)?))).collect()
}

/// The extras of one section while it is written.
pub(super) struct Pending<'r> {
    extras: &'r Extras,
    done: Vec<bool>,
    raw: RawWriter<'r>,
}

impl<'r> Pending<'r> {
    /// Nothing is written yet.
    pub(super) fn new(extras: &'r Extras, raw: RawWriter<'r>) -> Self {
        Self { extras, done: vec![false; extras.len()], raw }
    }

    /// Writes what stood at the section's start.
    pub(super) fn first(&mut self, writer: &mut Writer) -> Result<(), WriteError> {
        self.write(writer, Option::is_none)
    }

    /// Writes what stood behind `key`.
    pub(super) fn after(&mut self, writer: &mut Writer, key: &str) -> Result<(), WriteError> {
        self.write(writer, |before| before.as_deref() == Some(key))
    }

    /// Leaves out what was kept under `key` because nobody could read it: there is a new value.
    pub(super) fn supersede(&mut self, key: &str) {
        for ((_, item), done) in self.extras.iter().zip(&mut self.done) {
            *done |= item.key == key;
        }
    }

    /// Writes what is left: what stood behind keys that are not there any more.
    pub(super) fn rest(&mut self, writer: &mut Writer) -> Result<(), WriteError> {
        self.write(writer, |_| true)
    }

    fn write(
        &mut self,
        writer: &mut Writer,
        now: impl Fn(&Option<String>) -> bool,
    ) -> Result<(), WriteError> {
        for ((before, item), done) in self.extras.iter().zip(&mut self.done) {
            if !*done && now(before) {
                self.raw.item(writer, item)?;
                *done = true;
            }
        }
        Ok(())
    }
}
