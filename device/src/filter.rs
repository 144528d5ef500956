//! LVM2's `filter` and `global_filter`.
//!
//! Each element is `a` (accept) or `r` (reject), and an expression between two delimiters: any character
//! twice, or a pair of brackets. For each name of a device the first element that matches decides; the
//! device is accepted if any of its names is, or if none is rejected.
//! Facts: LVM2 2.03.40 lib/filters/filter-regex.c.

use crate::pattern::{Pattern, PatternError};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// A list of rules; the empty one accepts everything.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    rules: Vec<(Action, Pattern)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Accept,
    Reject,
}

/// What a filter says about a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may be used. If one of its names was accepted in so many words, it is that one (its place in the
    /// list of names), and it is the name to show.
    Accepted(Option<usize>),
    /// It may not.
    Rejected,
}

/// Why a filter cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FilterError {
    /// It starts with neither `a` nor `r`.
    #[error("{element:?}: starts with neither a (accept) nor r (reject)")]
    Action {
        /// The element.
        element: String,
    },
    /// There is no delimiter, or the last character is not its partner.
    #[error("{element:?}: does not end with the delimiter it starts with")]
    Delimiter {
        /// The element.
        element: String,
    },
    /// The expression cannot be read.
    #[error("{element:?}: {source}")]
    Pattern {
        /// The element.
        element: String,
        /// Why.
        source: PatternError,
    },
}

impl Filter {
    /// Reads the elements of a filter.
    pub fn parse<S: AsRef<str>>(elements: &[S]) -> Result<Self, FilterError> {
        let rules = elements.iter().map(|element| rule(element.as_ref())).collect::<Result<_, _>>()?;
        Ok(Self { rules })
    }

    /// Whether it accepts everything.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Judges a device by all its names, the preferred one first.
    pub fn judge(&self, names: &[PathBuf]) -> Verdict {
        let mut verdict = Verdict::Accepted(None);
        for (place, name) in names.iter().enumerate() {
            match self.action(name) {
                Some(Action::Accept) => return Verdict::Accepted(Some(place)),
                Some(Action::Reject) => verdict = Verdict::Rejected,
                None => {}
            }
        }
        verdict
    }

    fn action(&self, name: &Path) -> Option<Action> {
        self.rules.iter().find(|(_, pattern)| pattern.matches(name)).map(|(action, _)| *action)
    }
}

fn rule(element: &str) -> Result<(Action, Pattern), FilterError> {
    let owned = || element.to_owned();
    let mut rest = element.chars();
    let action = match rest.next() {
        Some('a') => Action::Accept,
        Some('r') => Action::Reject,
        _ => return Err(FilterError::Action { element: owned() }),
    };
    let no_delimiter = || FilterError::Delimiter { element: owned() };
    let partner = match rest.next().ok_or_else(no_delimiter)? {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        same => same,
    };
    let text = rest.as_str().strip_suffix(partner).ok_or_else(no_delimiter)?;
    let pattern = Pattern::new(text).map_err(|source| FilterError::Pattern { element: owned(), source })?;
    Ok((action, pattern))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(filter: &[&str], names: &[&str]) -> Verdict {
        let names: Vec<PathBuf> = names.iter().map(PathBuf::from).collect();
        Filter::parse(filter).unwrap().judge(&names)
    }

    #[test]
    fn the_first_match_decides_for_a_name() {
        let filter = ["a|^/dev/sd[ab]$|", "r|.*|"];
        assert_eq!(judge(&filter, &["/dev/sda"]), Verdict::Accepted(Some(0)));
        assert_eq!(judge(&filter, &["/dev/sdc"]), Verdict::Rejected);
        assert_eq!(judge(&["r|.*|", "a|sda|"], &["/dev/sda"]), Verdict::Rejected);
    }

    #[test]
    fn any_accepted_name_saves_a_device() {
        let filter = ["a|/dev/disk/by-id/x|", "r|.*|"];
        assert_eq!(judge(&filter, &["/dev/sda", "/dev/disk/by-id/x"]), Verdict::Accepted(Some(1)));
    }

    #[test]
    fn what_no_rule_matches_is_accepted() {
        assert_eq!(judge(&["r|/dev/sda|"], &["/dev/sdb"]), Verdict::Accepted(None));
        assert_eq!(judge(&[], &["/dev/sdb"]), Verdict::Accepted(None));
        assert_eq!(judge(&["r|/dev/sda|"], &["/dev/sdb", "/dev/sda"]), Verdict::Rejected);
    }

    #[test]
    fn any_character_delimits() {
        for element in ["r/sda/", "r:sda:", "r(sda)", "r[sda]", "r{sda}", "r\"sda\"", "r§sda§"] {
            assert_eq!(judge(&[element], &["/dev/sda"]), Verdict::Rejected, "{element}");
        }
        assert_eq!(judge(&["r(a(b|c))"], &["ac"]), Verdict::Rejected);
        // The delimiter may stand in the expression.
        assert_eq!(judge(&["r|sda|sdb|"], &["/dev/sdb"]), Verdict::Rejected);
    }

    #[test]
    fn odd_expressions_mean_what_they_mean_to_lvm2() {
        // Recorded with LVM2 2.03.16's lvmdiskscan on a loop device, each followed by r|.*|.
        const ACCEPTED: &str = r"a|^/dev/loop20$| a|/dev/loop20.| a|.dev/loop20| a|^.dev/loop20| a|./dev/loop20|
            a|loop20[^x]| a|lo+p20$| a|(xx|loop)20| a|(xx|yy)?loop20| a|x**loop20| a|l(o)+?p20|
            a|\/dev\/loop20| a(loop(20)) a[loop20] a{loop20} aXloop20X a|[\]l]oop20| a|[-l]oop20|
            a|loop20|x| a|lo|op20|";
        const REJECTED: &str = r"a|/dev/loop20.$| a|/dev/loop20..| a|^./dev/loop20| a|loop20[^x][^x]|
            a|loop[9-0]$| a|lo{2}p20| a|a^| a|^^/dev| a|loop20$$| a|/dev/loop20$x| a|[]l]*oop20| a|x\||";
        const REFUSED: &str = "a|| a|*| a|(| a|[| a|[l-]oop20| a|lo(o|)p20| a|(|loop20)| a|loop20(|";
        let verdict = |element: &str| {
            let filter = Filter::parse(&[element, "r|.*|"]).ok()?;
            Some(filter.judge(&[PathBuf::from("/dev/loop20")]) != Verdict::Rejected)
        };
        for (elements, expected) in [(ACCEPTED, Some(true)), (REJECTED, Some(false)), (REFUSED, None)] {
            for element in elements.split_whitespace() {
                assert_eq!(verdict(element), expected, "{element}");
            }
        }
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let error = |element: &str| Filter::parse(&[element]).unwrap_err();
        assert!(matches!(error("x|a|"), FilterError::Action { .. }));
        assert!(matches!(error(""), FilterError::Action { .. }));
        assert!(matches!(error("a"), FilterError::Delimiter { .. }));
        assert!(matches!(error("a|sda"), FilterError::Delimiter { .. }));
        assert!(matches!(error("a|"), FilterError::Delimiter { .. }));
        assert!(matches!(error("a||"), FilterError::Pattern { .. }));
    }
}
