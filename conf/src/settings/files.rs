//! Several files make one layer, by the rules of LVM2's lib/config/config.c (merge_config_tree).

use std::collections::HashMap;

use crate::tree::Value;

use super::layer::{Entry, Layer, Rank};

/// Settings of which a later file's values come before an earlier file's, instead of in their place.
const JOINED: [&str; 3] = ["activation/volume_list", "devices/filter", "devices/types"];

/// Puts files together, each outweighing those before it: lvm.conf, lvmlocal.conf, then lvm_TAG.conf for
/// each host tag. A section with a `tags` setting counts only where one of these is a tag of this host.
pub fn merge_files(files: Vec<Layer>, host_tags: &[String]) -> Layer {
    let mut entries: Vec<Entry> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut problems = Vec::new();
    for file in files {
        problems.extend(file.problems.iter().cloned());
        for entry in file.entries.iter().filter(|entry| counts(&file, &entry.path, host_tags)) {
            let Some(&place) = places.get(&entry.path) else {
                places.insert(entry.path.clone(), entries.len());
                entries.push(entry.clone());
                continue;
            };
            let earlier = &mut entries[place];
            *earlier = match (&earlier.value, &entry.value) {
                (Some(old), Some(new)) if JOINED.contains(&entry.path.as_str()) => {
                    let both = new.items().iter().chain(old.items()).cloned().collect();
                    Entry { value: Some(Value::Array(both)), ..entry.clone() }
                }
                _ => entry.clone(),
            };
        }
    }
    let mut layer = Layer::new(Rank::Files, entries);
    layer.problems = problems;
    layer
}

/// Whether an entry holds on a host with those tags.
fn counts(file: &Layer, path: &str, host_tags: &[String]) -> bool {
    let section = path.split('/').next().unwrap_or(path);
    if section == "tags" {
        return true;
    }
    let guard = format!("{section}/tags");
    if path == guard {
        return false;
    }
    let Some(wanted) = file.get(&guard).and_then(|entry| entry.value.as_ref()) else { return true };
    wanted.items().iter().filter_map(|item| item.str().and_then(|tag| tag.to_str())).any(|tag| {
        let tag = tag.strip_prefix('@').unwrap_or(tag);
        host_tags.iter().any(|host| host == tag)
    })
}
