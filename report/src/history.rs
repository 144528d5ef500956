//! Thin LVs that were removed and are remembered, and who descends from whom through them.

use metadata::model::{HistoricalLv, RawItem, RawValue, Vg};
use std::collections::HashMap;

/// In front of a removed LV's name.
pub const PREFIX: &str = "-";

/// What descends from what, by name; names of removed LVs begin with [`PREFIX`].
#[derive(Debug, Default)]
pub struct History {
    origins: HashMap<String, String>,
    descendants: HashMap<String, Vec<String>>,
}

impl History {
    /// Works it out.
    pub fn of(vg: &Vg) -> Self {
        let mut history = Self::default();
        for gone in &vg.historical {
            for name in strings(vg, gone.items.iter().find(|item| item.key == "descendants")) {
                history.add(name, format!("{PREFIX}{}", gone.name));
            }
            for name in strings(vg, gone.items.iter().find(|item| item.key == "origin")) {
                history.add(format!("{PREFIX}{}", gone.name), name);
            }
        }
        history
    }

    fn add(&mut self, child: String, parent: String) {
        let children = self.descendants.entry(parent.clone()).or_default();
        if !children.contains(&child) {
            children.push(child.clone());
        }
        self.origins.insert(child, parent);
    }

    /// What an LV descends from through a removed one.
    pub fn origin(&self, name: &str) -> Option<&str> {
        self.origins.get(name).map(String::as_str)
    }

    /// What descends from an LV through a removed one.
    pub fn descendants(&self, name: &str) -> &[String] {
        self.descendants.get(name).map_or(&[], Vec::as_slice)
    }
}

/// The number under a key of a removed LV.
pub fn number(gone: &HistoricalLv, key: &str) -> Option<i64> {
    gone.items.iter().find(|item| item.key == key).and_then(|item| match item.value {
        RawValue::Int(number) => Some(number),
        _ => None,
    })
}

/// The text under a key of a removed LV.
pub fn text<'h>(gone: &'h HistoricalLv, key: &str) -> Option<&'h str> {
    gone.items.iter().find(|item| item.key == key).and_then(|item| match &item.value {
        RawValue::Text(text) => Some(text.as_str()),
        _ => None,
    })
}

/// Names, of LVs that are still there too.
fn strings(vg: &Vg, item: Option<&RawItem>) -> Vec<String> {
    let values = item.into_iter().flat_map(RawItem::values);
    values
        .filter_map(|value| match value {
            RawValue::Text(text) => Some(text.clone()),
            RawValue::Lv(id) => vg.lvs.get(*id).map(|lv| lv.name.clone()),
            _ => None,
        })
        .collect()
}
