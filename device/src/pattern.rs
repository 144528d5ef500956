//! Regular expressions over device names, as LVM2's own engine understands them.
//!
//! That engine knows `^ $ . [ ] * + ? | ( )` and `\n \r \t`; `\` takes the meaning from anything else.
//! A match may lie anywhere in the name. It sees the start and the end of a name as two characters of
//! their own, which `^` and `$` stand for, but which `.` and `[^...]` match too: `/dev/sda.` matches
//! `/dev/sda`. So here the name is searched between the same two characters.
//! Facts: LVM2 2.03.40 libdm/regex/parse_rx.c, matcher.c.

use regex::bytes::{Regex, RegexBuilder};
use std::fmt::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use thiserror::Error;

const START: u8 = 0x02;
const END: u8 = 0x03;

/// One expression.
#[derive(Clone, Debug)]
pub struct Pattern {
    kind: Kind,
}

/// What most filters hold are plain names, hundreds of them on a machine with hundreds of disks: these are compared
/// without an engine.
#[derive(Clone, Debug)]
enum Kind {
    /// `.*`: whatever the name. It ends nearly every filter.
    Any,
    /// Nothing but characters, between `^` and `$` where these stand at the ends.
    Plain { text: Vec<u8>, from_start: bool, to_end: bool },
    /// Anything else.
    Regex(Regex),
}

/// Why an expression cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PatternError {
    /// There is nothing in it.
    #[error("an empty expression")]
    Empty,
    /// A `\` at the very end.
    #[error("a backslash with nothing after it")]
    Backslash,
    /// `[` without `]`, or a range without an end.
    #[error("a set of characters without an end")]
    Set,
    /// Parentheses without their partner, an operator without its operand, or too large.
    #[error("a part that cannot be understood")]
    Syntax,
}

impl Pattern {
    /// Reads an expression.
    pub fn new(text: &str) -> Result<Self, PatternError> {
        if let Some(kind) = plain(text.as_bytes()) {
            return Ok(Self { kind });
        }
        let regex = RegexBuilder::new(&translate(text.as_bytes())?)
            .unicode(false)
            .build()
            .map_err(|_| PatternError::Syntax)?;
        Ok(Self { kind: Kind::Regex(regex) })
    }

    /// Whether it matches some part of the name.
    pub fn matches(&self, name: &Path) -> bool {
        let name = name.as_os_str().as_bytes();
        match &self.kind {
            Kind::Any => true,
            Kind::Plain { text, from_start: true, to_end: true } => name == text,
            Kind::Plain { text, from_start: true, to_end: false } => name.starts_with(text),
            Kind::Plain { text, from_start: false, to_end } => {
                // What stands before a match has no line in it, as for any other expression.
                let line = name.iter().position(|byte| b"\n\r\0".contains(byte)).unwrap_or(name.len());
                let mut places = name.windows(text.len()).take(line + 1).enumerate();
                places.any(|(at, part)| part == text && (!to_end || at + text.len() == name.len()))
            }
            Kind::Regex(regex) => {
                let mut text = Vec::with_capacity(name.len() + 2);
                text.push(START);
                text.extend_from_slice(name);
                text.push(END);
                regex.is_match(&text)
            }
        }
    }
}

/// An expression without anything special in it but anchors at its ends, or the one that everything matches.
fn plain(text: &[u8]) -> Option<Kind> {
    if text == b".*" {
        return Some(Kind::Any);
    }
    let (from_start, text) = text.strip_prefix(b"^").map_or((false, text), |rest| (true, rest));
    let (to_end, text) = text.strip_suffix(b"$").map_or((false, text), |rest| (true, rest));
    let ordinary = |byte: &u8| !br"^$.[]*+?|()\".contains(byte) && !matches!(*byte, START | END | 0);
    let plain = !text.is_empty() && text.iter().all(ordinary);
    plain.then(|| Kind::Plain { text: text.to_vec(), from_start, to_end })
}

/// Rewrites an expression into the syntax of the crate `regex`, every byte spelled as a number, so that
/// none has a meaning there that it does not have here.
fn translate(text: &[u8]) -> Result<String, PatternError> {
    if text.is_empty() {
        return Err(PatternError::Empty);
    }
    let mut out = String::from(r"\A[^\n\r\x00]*(?:");
    let mut rest = text.iter().copied();
    // Whether an operand stands before: nothing cannot be repeated, nor be an alternative.
    let mut operand = false;
    while let Some(byte) = rest.next() {
        if matches!(byte, b')' | b'|' | b'*' | b'+' | b'?') && !operand {
            return Err(PatternError::Syntax);
        }
        match byte {
            b'[' => set(&mut rest, &mut out)?,
            b'(' => out.push_str("(?:"),
            b')' | b'|' => out.push(char::from(byte)),
            b'*' | b'+' | b'?' => repeat(&mut out, byte),
            b'^' => literal(&mut out, START),
            b'$' => literal(&mut out, END),
            b'.' => out.push_str(r"[^\n\r\x00]"),
            b'\\' => literal(&mut out, escaped(rest.next().ok_or(PatternError::Backslash)?)),
            other => literal(&mut out, other),
        }
        operand = !matches!(byte, b'(' | b'|');
    }
    if !operand || !balanced(text) {
        return Err(PatternError::Syntax);
    }
    out.push(')');
    Ok(out)
}

/// Wraps what was repeated already, so that a second operator is not read as a modifier.
fn repeat(out: &mut String, operator: u8) {
    match out.as_bytes().last() {
        // `x*` followed by `+` matches what `x*` matches; `x+` followed by `?`, what `x*` does.
        Some(b'*') => {}
        Some(&last @ (b'+' | b'?')) => {
            if last != operator {
                out.pop();
                out.push('*');
            }
        }
        _ => out.push(char::from(operator)),
    }
}

/// Reads a set up to its `]`. Ranges may run backwards.
fn set(rest: &mut impl Iterator<Item = u8>, out: &mut String) -> Result<(), PatternError> {
    let mut members = [false; 256];
    let mut negated = false;
    let mut last = None;
    let mut first = true;
    loop {
        let byte = rest.next().ok_or(PatternError::Set)?;
        let member = match (byte, last) {
            (b'^', _) if first => {
                negated = true;
                first = false;
                continue;
            }
            (b']', _) => break,
            (b'-', Some(from)) => {
                let to = rest.next().ok_or(PatternError::Set)?;
                let range = if from <= to { from..=to } else { to..=from };
                range.for_each(|b| members[usize::from(b)] = true);
                to
            }
            (b'\\', _) => escaped(rest.next().ok_or(PatternError::Set)?),
            _ => byte,
        };
        members[usize::from(member)] = true;
        last = Some(member);
        first = false;
    }
    // Nothing ever matches the end of a C string.
    let wanted = (1..=255u8).filter(|b| members[usize::from(*b)] != negated).collect::<Vec<_>>();
    if wanted.is_empty() {
        out.push_str(r"[^\x00-\xff]");
        return Ok(());
    }
    out.push('[');
    wanted.into_iter().for_each(|b| literal(out, b));
    out.push(']');
    Ok(())
}

fn escaped(byte: u8) -> u8 {
    match byte {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        other => other,
    }
}

fn literal(out: &mut String, byte: u8) {
    write!(out, r"\x{byte:02x}").expect("a String takes all");
}

/// Whether no parenthesis lacks its partner, so that a pattern cannot close the group it is put into.
fn balanced(text: &[u8]) -> bool {
    let (mut depth, mut bytes) = (0u32, text.iter());
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => drop(bytes.next()),
            b'[' => {
                while let Some(byte) = bytes.next() {
                    match byte {
                        b'\\' => drop(bytes.next()),
                        b']' => break,
                        _ => {}
                    }
                }
            }
            b'(' => depth += 1,
            b')' if depth == 0 => return false,
            b')' => depth -= 1,
            _ => {}
        }
    }
    depth == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, name: &str) -> bool {
        Pattern::new(pattern).unwrap().matches(Path::new(name))
    }

    #[test]
    fn a_match_may_lie_anywhere_and_anchors_hold_it() {
        assert!(matches("sd", "/dev/sda"));
        assert!(matches("^/dev/sd[a-c]$", "/dev/sdb"));
        assert!(!matches("^/dev/sd[a-c]$", "/dev/sdb1"));
        assert!(!matches("^dev", "/dev/sda"));
        assert!(matches("/dev/(sda|sdb)+1?$", "/dev/sda1"));
    }

    #[test]
    fn the_ends_of_a_name_are_characters() {
        assert!(matches("/dev/sda.", "/dev/sda"));
        assert!(matches("/dev/sda[^0-9]", "/dev/sda"));
        assert!(matches("./dev", "/dev/sda"));
        assert!(!matches("/dev/sda..", "/dev/sda"));
        assert!(!matches("sda$$", "/dev/sda"));
    }

    #[test]
    fn sets_know_ranges_either_way_and_escapes() {
        assert!(matches("^[c-a]$", "b"));
        assert!(matches(r"^[\]\-x]$", "]"));
        assert!(matches("^[-a]$", "-"));
        assert!(matches("^[]*x", "x"));
        assert!(matches("^[^]$", "x"));
        assert!(matches("a{2}", "a{2}"));
        assert!(matches(r"\.\d", ".d"));
    }

    #[test]
    fn repeated_repetition_is_no_modifier() {
        assert!(matches("^a+?b$", "b"));
        assert!(matches("^a**b$", "aab"));
        assert!(matches(r"^\*+$", "**"));
        assert!(matches("^(ab)+*$", ""));
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "\\", "[a", "[a-", "(", ")", "a)(b", "*", "(*a)", "a|*", "[a\\", "a|", "()", "(|a)"]
        {
            assert!(Pattern::new(text).is_err(), "{text}");
        }
        assert!(Pattern::new("[(]").is_ok());
        assert!(Pattern::new(r"\)").is_ok());
    }

    proptest::proptest! {
        #[test]
        fn plain_text_matches_as_the_engine_does(text in r"\^?[ab/\n]{1,3}\$?", name in r"[ab/\n\r]{0,6}") {
            let plain = Pattern::new(&text).unwrap();
            assert!(matches!(plain.kind, Kind::Plain { .. }));
            // A group changes nothing but that an engine is needed.
            let engine = Pattern::new(&format!("({text})")).unwrap();
            assert!(matches!(engine.kind, Kind::Regex(_)));
            assert_eq!(plain.matches(Path::new(&name)), engine.matches(Path::new(&name)), "{text:?} {name:?}");
        }

        #[test]
        fn no_text_makes_it_fail(text in r"[\[\]()|*+?^$.\\a-]{0,12}", name in ".{0,8}") {
            if let Ok(pattern) = Pattern::new(&text) {
                pattern.matches(Path::new(&name));
            }
        }
    }
}
