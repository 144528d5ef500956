//! What each setting is for, in rlvm's words.

use std::collections::HashMap;
use std::sync::LazyLock;

/// `path: summary`, then lines that say more, indented.
const TEXT: &str = include_str!("about.txt");

/// One line on the setting of a row, and those that say more. Empty where there is no such row.
pub fn about(path: &str) -> (&'static str, &'static [&'static str]) {
    type Words = (&'static str, Vec<&'static str>);
    static WORDS: LazyLock<HashMap<&str, Words>> = LazyLock::new(|| {
        let mut words: HashMap<&str, Words> = HashMap::new();
        let mut last = "";
        for line in TEXT.lines() {
            if let Some(more) = line.strip_prefix("  ") {
                words.entry(last).or_default().1.push(more);
            } else if let Some((path, summary)) = line.split_once(": ") {
                last = path;
                words.insert(path, (summary, Vec::new()));
            }
        }
        words
    });
    WORDS.get(path).map_or(("", &[]), |(summary, more)| (summary, more.as_slice()))
}

#[cfg(test)]
mod tests {
    use super::{TEXT, about};
    use crate::settings::TABLE;

    #[test]
    fn every_setting_has_its_words() {
        for row in TABLE {
            assert!(about(row.path).0.ends_with('.'), "{}", row.path);
        }
        let headings = TEXT.lines().filter(|line| !line.starts_with(' ')).count();
        assert_eq!(headings, TABLE.len());
    }
}
