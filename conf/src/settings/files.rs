//! Several files make one layer, by the rules of LVM2's lib/config/config.c (merge_config_tree).

use crate::tree::Value;

use super::layer::{Entry, Layer, Rank};
use super::nest::{Nest, flat, merge, nest};

/// Settings of which a later file's values come before an earlier file's, instead of in their place.
const JOINED: [&str; 3] = ["activation/volume_list", "devices/filter", "devices/types"];

/// Puts files together, each outweighing those before it: lvm.conf, lvmlocal.conf, then lvm_TAG.conf for
/// each host tag. A section with a `tags` setting counts only where one of these is a tag of this host. What
/// `tags` sections say of this host's tags has been read from each file by then, and is left out.
pub fn merge_files(files: Vec<Layer>, host_tags: &[String]) -> Layer {
    let mut merged: Vec<Nest> = Vec::new();
    let mut problems = Vec::new();
    for file in files {
        let mut sections = nest(&file.entries);
        problems.extend(file.problems);
        sections.retain(|section| section.key() != "tags" && counts(section, host_tags));
        for section in &mut sections {
            section.inner.retain(|inner| inner.key() != "tags");
        }
        merge(&mut merged, sections, &join);
    }
    let mut layer = Layer::new(Rank::Files, flat(merged));
    layer.problems = problems;
    layer
}

fn join(old: &Entry, new: &Entry) -> Option<Value<'static>> {
    let (old, new) = match (&old.value, &new.value) {
        (Some(old), Some(value)) if JOINED.contains(&new.path.as_str()) => (old, value),
        _ => return None,
    };
    Some(Value::Array(new.items().iter().chain(old.items()).cloned().collect()))
}

/// Whether a section holds on a host with those tags.
fn counts(section: &Nest, host_tags: &[String]) -> bool {
    let guard = section.inner.iter().find(|inner| inner.key() == "tags");
    let Some(wanted) = guard.and_then(|guard| guard.entry.value.as_ref()) else { return true };
    wanted.items().iter().filter_map(|item| item.str().and_then(|tag| tag.to_str())).any(|tag| {
        let tag = tag.strip_prefix('@').unwrap_or(tag);
        host_tags.iter().any(|host| host == tag)
    })
}
