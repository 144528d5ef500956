//! Raw items into a text.

use super::super::error::WriteError;
use super::super::names::Written;
use super::is_plain_key;
use crate::model::{RawItem, RawSpacing, RawValue};
use conf::{Node, Section, Spacing, Str, Value, Writer};
use units::{ExtentSize, Extents, Sectors};

/// What files explain beside a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::text) enum Note {
    /// A size in sectors.
    Sectors,
    /// A size in extents.
    Extents,
    /// A size in mebibytes.
    Mebibytes,
    /// Seconds since the epoch.
    Time,
}

/// Writes raw items into a text.
pub(in crate::text) struct RawWriter<'r> {
    /// How PVs and LVs are called in the text.
    pub(in crate::text) names: &'r Written<'r>,
    /// The VG's extent size, for notes.
    pub(in crate::text) extent_size: ExtentSize,
    /// What files explain, by key.
    pub(in crate::text) notes: &'r [(&'static str, Note)],
    /// The LV the items belong to, for messages.
    pub(in crate::text) lv: &'r str,
}

impl RawWriter<'_> {
    /// Writes one item.
    pub(in crate::text) fn item(&self, writer: &mut Writer, item: &RawItem) -> Result<(), WriteError> {
        if item.blank_before {
            writer.blank();
        }
        match (&item.value, item.spacing) {
            _ if !is_plain_key(&item.key) => writer.nodes(&[self.node(item)?]),
            (_, RawSpacing::Tight) => writer.nodes(&[self.node(item)?]),
            (RawValue::Section(items), _) => {
                writer.begin(&item.key);
                items.iter().try_for_each(|item| self.item(writer, item))?;
                writer.end();
            }
            (RawValue::Lines(lines), _) => {
                writer.begin_array(&item.key);
                for (n, line) in lines.iter().enumerate() {
                    let values: Vec<Value<'_>> =
                        line.iter().map(|value| self.value(value)).collect::<Result<_, _>>()?;
                    writer.array_line(&values, n + 1 == lines.len());
                }
                writer.end_array();
            }
            (_, RawSpacing::Wide) => {
                let text = Section::from(vec![self.node(item)?]).to_text(Spacing::Wide);
                writer.line(text.trim_ascii_end());
            }
            (RawValue::Text(word), RawSpacing::Bare) if is_plain_key(word) => {
                writer.line(format!("{} = {word}", item.key));
            }
            (RawValue::Float(spelled), RawSpacing::Plain | RawSpacing::Bare) => {
                writer.line(format!("{} = {spelled}", item.key))
            }
            (&RawValue::Int(number), RawSpacing::Plain | RawSpacing::Bare) => {
                self.number(writer, &item.key, number)
            }
            (value, RawSpacing::Plain | RawSpacing::Bare) => writer.key(&item.key).value(&self.value(value)?),
        }
        Ok(())
    }

    fn number(&self, writer: &mut Writer, key: &str, number: i64) {
        let note = self.notes.iter().find(|row| row.0 == key).map(|row| row.1);
        let count = u64::try_from(number).unwrap_or(0);
        let size = match note {
            None => None,
            Some(Note::Sectors) => Some(Sectors::new(count)),
            Some(Note::Extents) => self.extent_size.to_sectors(Extents::new(count)),
            Some(Note::Mebibytes) => Sectors::new(2048).checked_mul(count),
            Some(Note::Time) => {
                let comment = self.names.time_note(number);
                return writer.key(key).note(&comment).int(number);
            }
        };
        match size {
            Some(size) => writer.key(key).size(size).int(number),
            None => writer.int(key, number),
        }
    }

    /// The item as a node of the grammar.
    fn node<'n>(&'n self, item: &'n RawItem) -> Result<Node<'n>, WriteError> {
        match &item.value {
            RawValue::Section(items) => {
                let nodes: Vec<Node<'n>> =
                    items.iter().map(|item| self.node(item)).collect::<Result<_, _>>()?;
                Ok(Node::section(item.key.as_str(), Section::from(nodes)))
            }
            value => Ok(Node::value(item.key.as_str(), self.value(value)?)),
        }
    }

    fn value<'n>(&'n self, value: &'n RawValue) -> Result<Value<'n>, WriteError> {
        let text = |text: &'n str| Value::Str(Str::from(text));
        Ok(match value {
            RawValue::Int(number) => Value::Int(*number),
            RawValue::Float(spelled) => Value::Float(spelled.parse().unwrap_or(0.0)),
            RawValue::Text(string) => text(string),
            &RawValue::Pv(id) => text(self.names.pv(id, self.lv)?),
            &RawValue::Lv(id) => text(self.names.lv(id, self.lv)?),
            RawValue::List(values) => {
                Value::Array(values.iter().map(|value| self.value(value)).collect::<Result<_, _>>()?)
            }
            RawValue::Lines(lines) => {
                Value::Array(lines.iter().flatten().map(|value| self.value(value)).collect::<Result<_, _>>()?)
            }
            // A section is no value; it does not get here.
            RawValue::Section(_) => Value::Array(Box::default()),
        })
    }
}
