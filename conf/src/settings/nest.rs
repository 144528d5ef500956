//! Entries as the tree they were, and what LVM2 makes of several trees (2.03.40: lib/config/config.c,
//! merge_config_tree).

use super::layer::Entry;
use crate::tree::Value;
use std::iter::Peekable;

/// A section or a setting with what is in it.
#[derive(Clone, Debug)]
pub(super) struct Nest {
    pub(super) entry: Entry,
    pub(super) inner: Vec<Self>,
}

impl Nest {
    /// Its name without those of the sections it is in.
    pub(super) fn key(&self) -> &str {
        self.entry.path.rsplit('/').next().unwrap_or_default()
    }
}

/// The tree of entries that are in the order of a text.
pub(super) fn nest(entries: &[Entry]) -> Vec<Nest> {
    level(&mut entries.iter().peekable(), "")
}

/// Those of them whose paths begin so. Texts are read no more than a few sections deep.
fn level<'e>(entries: &mut Peekable<impl Iterator<Item = &'e Entry>>, prefix: &str) -> Vec<Nest> {
    let mut nests = Vec::new();
    while let Some(entry) = entries.next_if(|entry| entry.path.starts_with(prefix)) {
        let inner = match entry.value {
            Some(_) => Vec::new(),
            None => level(&mut *entries, &format!("{}/", entry.path)),
        };
        nests.push(Nest { entry: entry.clone(), inner });
    }
    nests
}

/// The entries of a tree, each section before what is in it.
pub(super) fn flat(nests: Vec<Nest>) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut open = vec![nests.into_iter()];
    while let Some(level) = open.last_mut() {
        match level.next() {
            Some(Nest { entry, inner }) => {
                entries.push(entry);
                open.push(inner.into_iter());
            }
            None => drop(open.pop()),
        }
    }
    entries
}

/// What becomes of a setting that both trees have.
pub(super) type Join<'a> = &'a dyn Fn(&Entry, &Entry) -> Option<Value<'static>>;

/// Puts `from` over `into`. What is new goes behind the first of its section: so does LVM2, and `lvmconfig`
/// shows the order.
pub(super) fn merge(into: &mut Vec<Nest>, from: Vec<Nest>, join: Join<'_>) {
    for new in from {
        let Some(old) = into.iter_mut().find(|old| old.entry.path == new.entry.path) else {
            into.insert(into.len().min(1), new);
            continue;
        };
        match join(&old.entry, &new.entry) {
            Some(both) => old.entry = Entry { value: Some(both), ..new.entry },
            None => old.entry = new.entry,
        }
        if old.entry.value.is_some() {
            old.inner.clear();
        } else {
            merge(&mut old.inner, new.inner, join);
        }
    }
}
