//! Trees as text, in the layout of libdm's dm_config_write_node: what `lvmconfig` prints, and what LVM2
//! writes for parts of a VG it keeps without knowing them.

use std::io::Write;

use crate::lex;
use crate::number;
use crate::quote;
use crate::tree::{Body, Node, Section, Value};

/// How wide the layout is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spacing {
    /// `key=[1,2]`
    Tight,
    /// `key = [ 1, 2 ]`
    Wide,
}

/// Tabs at the start of a line, at most.
const DEEPEST_INDENT: usize = 32;

impl Section<'_> {
    /// The section's content as text that [`parse`](crate::parse) reads back, without comments.
    pub fn to_text(&self, spacing: Spacing) -> Vec<u8> {
        let mut out = Vec::new();
        push_nodes(&mut out, self.nodes(), spacing);
        out
    }
}

/// Appends nodes, each on lines of its own. Walks with a stack of its own, so depth cannot overflow.
pub(crate) fn push_nodes(out: &mut Vec<u8>, nodes: &[Node<'_>], spacing: Spacing) {
    let mut open = vec![nodes.iter()];
    while let Some(level) = open.last_mut() {
        let Some(node) = level.next() else {
            open.pop();
            if let Some(depth) = open.len().checked_sub(1) {
                push_indent(out, depth);
                out.extend_from_slice(b"}\n");
            }
            continue;
        };
        push_indent(out, open.len() - 1);
        push_key(out, node.key.as_bytes());
        match &node.body {
            Body::Section(section) => {
                out.extend_from_slice(b" {\n");
                open.push(section.nodes().iter());
            }
            Body::Value(value) => {
                out.extend_from_slice(if spacing == Spacing::Wide { b" = " } else { b"=" });
                push_spaced(out, value, spacing);
                out.push(b'\n');
            }
        }
    }
}

/// Appends a value on one line, as wide as that.
pub(crate) fn push_spaced(out: &mut Vec<u8>, value: &Value<'_>, spacing: Spacing) {
    match (value, spacing) {
        (Value::Array(items), Spacing::Wide) => {
            out.extend_from_slice(b"[ ");
            push_values(out, items, ", ");
            out.extend_from_slice(if items.is_empty() { b"]" } else { b" ]" });
        }
        (Value::Array(_), Spacing::Tight) => push_value(out, value, ","),
        (Value::Int(_) | Value::Float(_) | Value::Str(_), _) => push_value(out, value, ", "),
    }
}

/// Appends a value on one line.
pub(crate) fn push_value(out: &mut Vec<u8>, value: &Value<'_>, separator: &str) {
    match value {
        Value::Int(n) => number::push(out, (*n).into()),
        // Writing to a Vec cannot fail.
        Value::Float(n) => drop(write!(out, "{n:.6}")),
        Value::Str(text) => quote::push_quoted(out, text.as_bytes()),
        Value::Array(items) => {
            out.push(b'[');
            push_values(out, items, separator);
            out.push(b']');
        }
    }
}

/// Appends values with a separator between them.
pub(crate) fn push_values(out: &mut Vec<u8>, values: &[Value<'_>], separator: &str) {
    for (n, value) in values.iter().enumerate() {
        if n > 0 {
            out.extend_from_slice(separator.as_bytes());
        }
        push_value(out, value, separator);
    }
}

/// Names that would not be read back as one word are quoted.
pub(crate) fn push_key(out: &mut Vec<u8>, key: &[u8]) {
    let special = |b: u8| !lex::is_word(b) || matches!(b, b'"' | b'!');
    let first = key.first().copied().unwrap_or(b' ');
    if key.iter().any(|&b| special(b)) || matches!(first, b'[' | b']' | b',' | b'\'' | b' ') {
        quote::push_quoted(out, key);
    } else {
        out.extend_from_slice(key);
    }
}

fn push_indent(out: &mut Vec<u8>, depth: usize) {
    out.extend(std::iter::repeat_n(b'\t', depth.min(DEEPEST_INDENT)));
}
