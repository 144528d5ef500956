//! Double quotes: `\"` and `\\` stand for `"` and `\`; any other backslash stands for itself.

use crate::tree::Str;
use memchr::{memchr, memchr2};

/// What stands between double quotes, escapes resolved. Borrows where there is none.
pub(crate) fn unescape(inner: &[u8]) -> Str<'_> {
    if memchr(b'\\', inner).is_none() {
        return Str::from(inner);
    }
    let Some(first) = inner.windows(2).position(is_escape) else { return Str::from(inner) };
    let mut out = Vec::with_capacity(inner.len());
    out.extend_from_slice(&inner[..first]);
    let mut rest = &inner[first..];
    while let [byte, after @ ..] = rest {
        match after {
            [escaped, beyond @ ..] if is_escape(&[*byte, *escaped]) => {
                out.push(*escaped);
                rest = beyond;
            }
            _ => {
                out.push(*byte);
                rest = after;
            }
        }
    }
    Str::from(out)
}

fn is_escape(pair: &[u8]) -> bool {
    matches!(pair, [b'\\', b'"' | b'\\'])
}

/// Appends a string between double quotes.
pub(crate) fn push_quoted(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    let mut rest = text;
    while let Some(place) = memchr2(b'"', b'\\', rest) {
        out.extend_from_slice(&rest[..place]);
        out.extend_from_slice(&[b'\\', rest[place]]);
        rest = &rest[place + 1..];
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}
