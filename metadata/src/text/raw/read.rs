//! Raw items out of a text.

use super::super::error::{At, TextError};
use super::super::names::Names;
use super::is_plain_key;
use super::layout::{blank_before, line_lengths, spacing, tight_section, tighten};
use crate::model::{RawItem, RawSpacing, RawValue};
use conf::{Body, Node, Position, Value};

/// Which strings are names of PVs and LVs.
#[derive(Clone, Copy)]
pub(in crate::text) enum Resolve<'r> {
    /// None.
    Nothing,
    /// Those of these keys, at any depth; a name that nothing has is an error.
    Keys {
        /// Strings of these name LVs.
        lvs: &'r [&'static str],
        /// Strings of these name PVs or LVs.
        areas: &'r [&'static str],
    },
    /// Any that is one.
    Any,
}

/// Reads raw items out of a text.
pub(in crate::text) struct RawReader<'r, 'a> {
    /// The text.
    pub(in crate::text) text: &'a [u8],
    /// What its names mean.
    pub(in crate::text) names: &'r Names<'r>,
    /// Where names may stand.
    pub(in crate::text) resolve: Resolve<'r>,
    /// What the section is called in messages.
    pub(in crate::text) section: &'r dyn std::fmt::Display,
}

impl<'a> RawReader<'_, 'a> {
    /// One item.
    pub(in crate::text) fn item(&self, node: &Node<'a>) -> Result<RawItem, TextError> {
        let span = self.text.get(node.span.start as usize..node.span.end as usize).unwrap_or_default();
        let key = node.key.to_str().ok_or_else(|| self.utf8(node))?;
        let (value, spacing) = match &node.body {
            Body::Section(section) => {
                let items = section.nodes().iter().map(|node| self.item(node)).collect::<Result<_, _>>()?;
                (RawValue::Section(items), tight_section(section, span))
            }
            Body::Value(value) => {
                let (mut spacing, spelled) = spacing(key, span);
                let is_word = matches!(value, Value::Str(_)) && !spelled.starts_with(b"\"");
                if spacing == RawSpacing::Plain && is_word && is_plain_key(&String::from_utf8_lossy(spelled))
                {
                    spacing = RawSpacing::Bare;
                }
                (self.value(node, key, value, spelled)?, spacing)
            }
        };
        // Keys that may need quotes are written in the layout that has them.
        let is_tight = spacing == RawSpacing::Tight || !is_plain_key(key);
        let blank_before = blank_before(self.text, node);
        let mut item = RawItem { key: key.to_owned(), value, blank_before, spacing };
        if is_tight {
            tighten(&mut item);
        }
        Ok(item)
    }

    fn value(
        &self,
        node: &Node<'a>,
        key: &str,
        value: &Value<'a>,
        spelled: &[u8],
    ) -> Result<RawValue, TextError> {
        let Value::Array(items) = value else { return self.scalar(node, key, value, spelled) };
        let values = items.iter().map(|item| self.scalar(node, key, item, b""));
        let values: Vec<RawValue> = values.collect::<Result<_, _>>()?;
        if !spelled.contains(&b'\n') {
            return Ok(RawValue::List(values));
        }
        let mut lines = Vec::new();
        let mut values = values.into_iter();
        for len in line_lengths(spelled) {
            let line: Vec<RawValue> = values.by_ref().take(len).collect();
            if !line.is_empty() {
                lines.push(line);
            }
        }
        lines.extend(Some(values.collect::<Vec<_>>()).filter(|left| !left.is_empty()));
        Ok(RawValue::Lines(lines))
    }

    fn scalar(
        &self,
        node: &Node<'a>,
        key: &str,
        value: &Value<'a>,
        spelled: &[u8],
    ) -> Result<RawValue, TextError> {
        match value {
            Value::Int(number) => Ok(RawValue::Int(*number)),
            Value::Float(number) if spelled.is_empty() => Ok(RawValue::Float(format!("{number:.6}"))),
            Value::Float(_) => Ok(RawValue::Float(String::from_utf8_lossy(spelled).into_owned())),
            Value::Str(text) => {
                let text = text.to_str().ok_or_else(|| self.utf8(node))?;
                self.text_or_name(node, key, text)
            }
            // The grammar has no lists in lists.
            Value::Array(_) => Ok(RawValue::List(Vec::new())),
        }
    }

    fn text_or_name(&self, node: &Node<'a>, key: &str, text: &str) -> Result<RawValue, TextError> {
        let resolved = || match (self.names.pv(text), self.names.lv(text)) {
            (Some(pv), _) => Some(RawValue::Pv(pv)),
            (None, Some(lv)) => Some(RawValue::Lv(lv)),
            (None, None) => None,
        };
        let plain = || RawValue::Text(text.to_owned());
        match self.resolve {
            Resolve::Nothing => Ok(plain()),
            Resolve::Any => Ok(resolved().unwrap_or_else(plain)),
            Resolve::Keys { lvs, areas } => {
                let found = match (lvs.contains(&key), areas.contains(&key)) {
                    (true, _) => self.names.lv(text).map(RawValue::Lv),
                    (false, true) => resolved(),
                    (false, false) => return Ok(plain()),
                };
                found.ok_or_else(|| TextError::UnknownName {
                    at: self.at(node),
                    key: key.to_owned(),
                    name: text.to_owned(),
                })
            }
        }
    }

    fn at(&self, node: &Node<'a>) -> At {
        let line = Position::of(self.text, node.span.start as usize).line;
        At { section: self.section.to_string(), line }
    }

    fn utf8(&self, node: &Node<'a>) -> TextError {
        TextError::Utf8 { at: self.at(node), key: node.key.to_string() }
    }
}
