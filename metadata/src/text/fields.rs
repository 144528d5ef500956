//! The settings of one section, taken by name; what nobody took is what rlvm does not know.

use super::error::{At, TextError};
use conf::{Body, Node, Position, Section, Value};
use std::collections::HashSet;
use std::fmt::Display;
use units::Id;

/// Which nodes of a section were taken; sections are small, but a hostile text may hold a huge one.
struct Taken {
    first: u128,
    others: Vec<bool>,
}

impl Taken {
    fn new(nodes: usize) -> Self {
        Self { first: 0, others: vec![false; nodes.saturating_sub(128)] }
    }

    fn set(&mut self, place: usize) {
        match place.checked_sub(128) {
            None => self.first |= 1 << place,
            Some(place) => self.others[place] = true,
        }
    }

    fn has(&self, place: usize) -> bool {
        match place.checked_sub(128) {
            None => self.first & (1 << place) != 0,
            Some(place) => self.others[place],
        }
    }
}

fn length_bit(length: usize) -> u64 {
    1 << (length % 64)
}

/// The settings of one section.
///
/// Writers keep an order, so a look-up begins where the last one ended and goes round only for what is missing.
pub(super) struct Fields<'s, 'a> {
    text: &'a [u8],
    name: &'s dyn Display,
    start: u32,
    nodes: &'s [Node<'a>],
    taken: Taken,
    next: usize,
    /// Which lengths the names here have: most of what may stand in a section does not.
    lengths: u64,
}

impl<'s, 'a> Fields<'s, 'a> {
    /// The settings of `section`, which begins at byte `start` of `text` and is called `name` in messages.
    pub(super) fn new(text: &'a [u8], name: &'s dyn Display, start: u32, section: &'s Section<'a>) -> Self {
        let nodes = section.nodes();
        let lengths = nodes.iter().fold(0, |lengths, node| lengths | length_bit(node.key.as_bytes().len()));
        Self { text, name, start, nodes, taken: Taken::new(nodes.len()), next: 0, lengths }
    }

    /// The section's own place.
    pub(super) fn here(&self) -> At {
        self.place(self.start)
    }

    /// The place of a node in the section.
    pub(super) fn at(&self, node: &Node<'a>) -> At {
        self.place(node.span.start)
    }

    fn place(&self, offset: u32) -> At {
        At { section: self.name.to_string(), line: Position::of(self.text, offset as usize).line }
    }

    /// What the section is called in messages.
    pub(super) fn name(&self) -> &'s dyn Display {
        self.name
    }

    /// The text all of it stands in.
    pub(super) fn text(&self) -> &'a [u8] {
        self.text
    }

    /// All nodes, whether taken or not.
    pub(super) fn nodes(&self) -> &'s [Node<'a>] {
        self.nodes
    }

    /// Takes the first node of that name, if it is there.
    pub(super) fn take(&mut self, key: &str) -> Option<&'s Node<'a>> {
        if self.lengths & length_bit(key.len()) == 0 {
            return None;
        }
        let matches = |node: &&'s Node<'a>| node.key == *key;
        let after = self.nodes[self.next..].iter().position(|node| matches(&node)).map(|n| n + self.next);
        let found = after.or_else(|| self.nodes[..self.next].iter().position(|node| matches(&node)))?;
        self.taken.set(found);
        self.next = found + 1;
        Some(&self.nodes[found])
    }

    /// The places in [`Self::nodes`] of what nobody took and what stands behind `key`.
    pub(super) fn places_after(&self, key: &str) -> Vec<usize> {
        let from = self.nodes.iter().position(|node| node.key == *key).map_or(0, |place| place + 1);
        self.left().filter(|&place| place >= from).collect()
    }

    /// The places of what nobody took. Of several nodes of one name the first counts, as in LVM2.
    fn left(&self) -> impl Iterator<Item = usize> {
        let places = 0..self.nodes.len();
        let left: Vec<usize> = places.clone().filter(|&place| !self.taken.has(place)).collect();
        let known: HashSet<&[u8]> = match left.is_empty() {
            true => HashSet::new(),
            false => places.filter(|&n| self.taken.has(n)).map(|n| self.nodes[n].key.as_bytes()).collect(),
        };
        left.into_iter().filter(move |&place| !known.contains(self.nodes[place].key.as_bytes()))
    }

    /// Takes the node at a place in [`Self::nodes`].
    pub(super) fn take_at(&mut self, place: usize) {
        self.taken.set(place);
    }

    /// What nobody took, each with the name of what was taken last before it.
    pub(super) fn rest(&self) -> impl Iterator<Item = (Option<&'s Node<'a>>, &'s Node<'a>)> {
        let (mut before, mut seen) = (None, 0);
        self.left().map(move |place| {
            before = (seen..place).rev().find(|&n| self.taken.has(n)).or(before);
            seen = place;
            (before.map(|n| &self.nodes[n]), &self.nodes[place])
        })
    }

    fn missing(&self, key: &'static str) -> TextError {
        TextError::Missing { at: self.here(), key }
    }

    /// The error that `node` is not what was `expected`.
    pub(super) fn kind(&self, node: &Node<'a>, expected: &'static str) -> TextError {
        let found = match &node.body {
            Body::Section(_) => "a section",
            Body::Value(value) => value.kind(),
        };
        TextError::Kind { at: self.at(node), key: node.key.to_string(), found, expected }
    }

    /// A whole number in these bounds, if the key is there.
    pub(super) fn int_within(&mut self, key: &str, least: i64, most: i64) -> Result<Option<i64>, TextError> {
        let Some(node) = self.take(key) else { return Ok(None) };
        match node.as_value().and_then(Value::int) {
            None => Err(self.kind(node, "an integer")),
            Some(value) if (least..=most).contains(&value) => Ok(Some(value)),
            Some(value) => {
                Err(TextError::Range { at: self.at(node), key: key.to_owned(), value, least, most })
            }
        }
    }

    /// A number of 32 bits, if the key is there.
    pub(super) fn u32_opt(&mut self, key: &str) -> Result<Option<u32>, TextError> {
        let number = self.int_within(key, 0, i64::from(u32::MAX))?;
        Ok(number.and_then(|n| u32::try_from(n).ok()))
    }

    /// A number of 32 bits.
    pub(super) fn u32(&mut self, key: &'static str) -> Result<u32, TextError> {
        self.u32_opt(key)?.ok_or_else(|| self.missing(key))
    }

    /// A number that is not negative, if the key is there.
    pub(super) fn u64_opt(&mut self, key: &str) -> Result<Option<u64>, TextError> {
        Ok(self.int_within(key, 0, i64::MAX)?.map(i64::unsigned_abs))
    }

    /// A number that is not negative.
    pub(super) fn u64(&mut self, key: &'static str) -> Result<u64, TextError> {
        self.u64_opt(key)?.ok_or_else(|| self.missing(key))
    }

    /// A string, if the key is there.
    pub(super) fn string_opt(&mut self, key: &str) -> Result<Option<&'s str>, TextError> {
        let Some(node) = self.take(key) else { return Ok(None) };
        let Some(text) = node.as_value().and_then(Value::str) else {
            return Err(self.kind(node, "a string"));
        };
        match text.to_str() {
            Some(text) => Ok(Some(text)),
            None => Err(TextError::Utf8 { at: self.at(node), key: key.to_owned() }),
        }
    }

    /// The same, owned.
    pub(super) fn owned_opt(&mut self, key: &str) -> Result<Option<String>, TextError> {
        Ok(self.string_opt(key)?.map(str::to_owned))
    }

    /// A string that may be any bytes: a device's name, a command line. What is not UTF-8 is replaced.
    pub(super) fn lossy_opt(&mut self, key: &str) -> Result<Option<String>, TextError> {
        let Some(node) = self.take(key) else { return Ok(None) };
        match node.as_value().and_then(Value::str) {
            Some(text) => Ok(Some(text.to_string())),
            None => Err(self.kind(node, "a string")),
        }
    }

    /// An id.
    pub(super) fn id(&mut self, key: &'static str) -> Result<Id, TextError> {
        let text = self.string_opt(key)?.ok_or_else(|| self.missing(key))?;
        text.parse().map_err(|source| {
            let at =
                self.nodes.iter().find(|node| node.key == *key).map_or(self.here(), |node| self.at(node));
            TextError::Id { at, key, source }
        })
    }

    /// A list of strings, if the key is there; a lone string counts as a list of one.
    pub(super) fn strings_opt(&mut self, key: &str) -> Result<Option<Vec<&'s str>>, TextError> {
        let Some(node) = self.take(key) else { return Ok(None) };
        let Some(value) = node.as_value() else { return Err(self.kind(node, "a list of strings")) };
        let text = |item: &'s Value<'a>| {
            let text = item.str().ok_or_else(|| self.kind(node, "a list of strings"))?;
            text.to_str().ok_or_else(|| TextError::Utf8 { at: self.at(node), key: key.to_owned() })
        };
        value.items().iter().map(text).collect::<Result<_, _>>().map(Some)
    }

    /// A list of strings.
    pub(super) fn strings(&mut self, key: &'static str) -> Result<Vec<&'s str>, TextError> {
        self.strings_opt(key)?.ok_or_else(|| self.missing(key))
    }

    /// Tags: a list of strings that may be absent.
    pub(super) fn tags(&mut self) -> Result<Vec<String>, TextError> {
        let tags = self.strings_opt("tags")?.unwrap_or_default();
        Ok(tags.into_iter().map(str::to_owned).collect())
    }

    /// A section, if it is there.
    pub(super) fn section_opt(
        &mut self,
        key: &str,
    ) -> Result<Option<(&'s Node<'a>, &'s Section<'a>)>, TextError> {
        let Some(node) = self.take(key) else { return Ok(None) };
        match node.as_section() {
            Some(section) => Ok(Some((node, section))),
            None => Err(self.kind(node, "a section")),
        }
    }
}
