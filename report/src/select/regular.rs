//! Regular expressions as LVM2 reads them.

use super::SelectError;
use regex::Regex;

/// LVM2's regular expressions have no counts in braces and nothing empty between bars or parentheses, and a backslash
/// makes any character itself but `n`, `r` and `t`.
pub(super) fn regex(pattern: &str) -> Result<Regex, SelectError> {
    let mut translated = String::with_capacity(pattern.len());
    let mut chars = pattern.chars();
    // Whether something has to come, and whether what comes is one of several characters.
    let (mut hungry, mut in_set) = (true, false);
    while let Some(c) = chars.next() {
        if hungry && !in_set && matches!(c, '|' | ')') {
            return Err(SelectError::Regex(pattern.to_owned()));
        }
        hungry = !in_set && matches!(c, '|' | '(');
        in_set = if in_set { c != ']' } else { c == '[' };
        match c {
            '{' | '}' => translated.extend(['\\', c]),
            '\\' => match chars.next() {
                Some(c @ ('n' | 'r' | 't')) => translated.extend(['\\', c]),
                Some(c) => translated.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
                None => return Err(SelectError::Regex(pattern.to_owned())),
            },
            c => translated.push(c),
        }
    }
    if hungry {
        return Err(SelectError::Regex(pattern.to_owned()));
    }
    Regex::new(&translated).map_err(|_| SelectError::Regex(pattern.to_owned()))
}
