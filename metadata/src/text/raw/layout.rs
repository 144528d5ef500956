//! How a kept item was laid out, so that it goes back as it came.

use crate::model::{RawItem, RawSpacing, RawValue};
use conf::{Node, Section};

/// The tight layout has lists on one line, floats with six digits, and everything within a section tight.
pub(super) fn tighten(item: &mut RawItem) {
    item.spacing = RawSpacing::Tight;
    match &mut item.value {
        RawValue::Section(items) => {
            for item in items {
                item.blank_before = false;
                tighten(item);
            }
        }
        RawValue::Lines(lines) => item.value = RawValue::List(lines.drain(..).flatten().collect()),
        RawValue::Float(spelled) => {
            if let Ok(number) = spelled.parse::<f64>() {
                *spelled = format!("{number:.6}");
            }
        }
        RawValue::Int(_) | RawValue::Text(_) | RawValue::Pv(_) | RawValue::Lv(_) | RawValue::List(_) => {}
    }
}

/// Whether an empty line stands right before the node.
pub(super) fn blank_before(text: &[u8], node: &Node<'_>) -> bool {
    let before = text.get(..node.span.start as usize).unwrap_or_default();
    let mut lines = before.rsplit(|&b| b == b'\n');
    let blank = |line: Option<&[u8]>| line.is_some_and(|line| line.iter().all(u8::is_ascii_whitespace));
    let own_indent = blank(lines.next());
    // The start of the text ends the lines, too.
    own_indent && blank(lines.next()) && lines.next().is_some()
}

/// The spaces around `=`, and what stands behind it.
pub(super) fn spacing<'s>(key: &str, span: &'s [u8]) -> (RawSpacing, &'s [u8]) {
    let from = if span.starts_with(key.as_bytes()) { key.len() } else { 0 };
    let Some(equals) = span[from..].iter().position(|&b| b == b'=').map(|n| n + from) else {
        return (RawSpacing::Plain, span);
    };
    let spelled = span[equals + 1..].trim_ascii();
    let spaced = equals > 0 && span[equals - 1].is_ascii_whitespace();
    let spacing = match spelled {
        _ if !spaced => RawSpacing::Tight,
        [b'[', b' ', ..] => RawSpacing::Wide,
        _ => RawSpacing::Plain,
    };
    (spacing, spelled)
}

/// A section is tight where its first value is; without values it makes no difference.
pub(super) fn tight_section(section: &Section<'_>, span: &[u8]) -> RawSpacing {
    let first = section.nodes().iter().find(|node| node.as_value().is_some());
    let Some(key) = first.and_then(|node| node.key.to_str()) else { return RawSpacing::Plain };
    let tight = format!("{key}=");
    let is_tight = span.windows(tight.len()).any(|window| window == tight.as_bytes());
    if is_tight { RawSpacing::Tight } else { RawSpacing::Plain }
}

/// How many values stand on each line of a list.
pub(super) fn line_lengths(spelled: &[u8]) -> Vec<usize> {
    let mut lengths = Vec::new();
    let (mut here, mut in_value, mut quoted, mut comment) = (0, false, None, false);
    let mut bytes = spelled.iter().skip(1);
    while let Some(&byte) = bytes.next() {
        match (byte, quoted) {
            (b'\n', None) => {
                lengths.push(here);
                (here, in_value, comment) = (0, false, false);
            }
            _ if comment => {}
            (b'\\', Some(b'"')) => {
                bytes.next();
            }
            (_, Some(quote)) => quoted = Some(quote).filter(|&quote| quote != byte),
            (b'#', None) => comment = true,
            (b',' | b']', None) => in_value = false,
            (_, None) if byte.is_ascii_whitespace() => {}
            (_, None) => {
                here += usize::from(!in_value);
                in_value = true;
                quoted = matches!(byte, b'"' | b'\'').then_some(byte);
            }
        }
    }
    lengths
}
