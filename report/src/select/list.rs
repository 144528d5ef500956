//! Lists in selections: `[a,b]` exactly these, `{a,b}` these among others; between items `&&` or `,` for all
//! and `||` or `#` for any.

use regex::Regex;

/// What an item has to be.
#[derive(Debug)]
pub(super) enum Item {
    /// This text.
    Text(String),
    /// What the expression matches.
    Regex(Regex),
}

impl Item {
    fn fits(&self, text: &str) -> bool {
        match self {
            Self::Text(wanted) => wanted == text,
            Self::Regex(regex) => regex.is_match(text),
        }
    }
}

/// A list that a field's strings are compared with.
#[derive(Debug)]
pub(super) struct List {
    pub(super) items: Vec<Item>,
    /// All items have to be found, not just any.
    pub(super) all: bool,
    /// There may be strings that fit no item.
    pub(super) subset: bool,
}

impl List {
    /// Whether the strings fit (2.03.40: libdm-report.c, _cmp_field_string_list).
    pub(super) fn matches(&self, has: &[&str]) -> bool {
        let nothing = [""];
        // A list without strings is compared as one with an empty string.
        let (has, blank) = if has.is_empty() { (&nothing[..], true) } else { (has, false) };
        if blank && self.all && self.items.len() != 1 {
            return false;
        }
        let found = |item: &Item| has.iter().any(|text| item.fits(text));
        let wanted = |text: &&str| self.items.iter().any(|item| item.fits(text));
        match (self.all, self.subset) {
            (true, true) => self.items.iter().all(found),
            (true, false) => {
                let regex = self.items.iter().any(|item| matches!(item, Item::Regex(_)));
                let count = regex || self.items.len() == has.len();
                count && self.items.iter().all(found) && has.iter().all(wanted)
            }
            (false, true) => self.items.iter().any(found),
            (false, false) => has.iter().all(wanted),
        }
    }
}
