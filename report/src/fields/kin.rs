//! Origins and snapshots, old-style and thin, and who descends from whom through LVs that are gone.

use super::layers;
use crate::history::PREFIX;
use crate::subject::VgView;
use metadata::model::{Lv, SegmentType};
use std::collections::HashSet;
use units::Id;

/// What an LV is a snapshot of, or a cache or checksums for.
pub(crate) fn origin<'v>(view: &'v VgView<'_>, lv: &Lv) -> Option<&'v Lv> {
    let key = |key| layers::lv_of_key(lv, key);
    let id = match view.parts().store(lv) {
        Some(snapshot) => Some(snapshot.origin),
        None => match layers::segtype(lv)? {
            SegmentType::Thin => key("origin").or_else(|| key("external_origin")),
            SegmentType::Cache | SegmentType::Writecache | SegmentType::Integrity => key("origin"),
            _ => None,
        },
    };
    view.vg.lvs.get(id?)
}

/// The LV whose size counts as that of the origin: a snapshot's own idea of its origin's size, an external
/// origin, or the origin itself.
pub(crate) fn origin_of_size<'v>(view: &'v VgView<'v>, lv: &'v Lv) -> Option<&'v Lv> {
    let parts = view.parts();
    if let Some(snapshot) = parts.store(lv) {
        return view.vg.lvs.get(snapshot.snapshot);
    }
    if layers::segtype(lv) == Some(SegmentType::Thin)
        && let Some(external) = layers::lv_of_key(lv, "external_origin")
    {
        return view.vg.lvs.get(external);
    }
    parts.is_origin(lv).then_some(lv)
}

/// Whether it is being merged into its origin, or something into it.
pub(crate) fn is_merging(view: &VgView<'_>, lv: &Lv) -> bool {
    let parts = view.parts();
    if parts.is_origin(lv) || !parts.externals_of(lv).is_empty() {
        return parts.is_merging_origin(lv);
    }
    match parts.store(lv) {
        Some(snapshot) => snapshot.merging,
        None => layers::segtype(lv) == Some(SegmentType::Thin) && layers::lv_of_key(lv, "merge").is_some(),
    }
}

/// What an LV was taken of, and so on up. With `full` the chain goes through LVs that are gone, and shows them
/// where the report shows such.
pub(crate) fn ancestors(view: &VgView<'_>, name: &str, lv: Option<&Lv>, full: bool) -> Vec<String> {
    let mut chain: Vec<String> = Vec::new();
    let (mut name, mut lv) = (name.to_owned(), lv);
    // A hostile text could name LVs in a ring.
    for _ in 0..=view.vg.lvs.len() + view.vg.historical.len() {
        let live = lv.filter(|lv| takes_of(view, lv)).and_then(|lv| origin(view, lv));
        match (live, view.history().origin(&name)) {
            (Some(above), _) => (name, lv) = (above.name.clone(), Some(above)),
            (None, Some(above)) if full => {
                name = above.to_owned();
                lv = view.lv_named(&name);
            }
            _ => break,
        }
        if view.words.history || !name.starts_with(PREFIX) {
            chain.push(name.clone());
        }
    }
    chain
}

/// Whether its origin is what it was taken of: caches have origins too.
fn takes_of(view: &VgView<'_>, lv: &Lv) -> bool {
    view.parts().store(lv).is_some() || layers::segtype(lv) == Some(SegmentType::Thin)
}

/// What was taken of an LV, and of that, depth first.
pub(crate) fn descendants(view: &VgView<'_>, name: &str, lv: Option<&Lv>, full: bool) -> Vec<String> {
    let (mut found, mut seen) = (Vec::new(), HashSet::new());
    let mut queue = vec![name.to_owned()];
    let mut first = lv;
    while let Some(next) = queue.pop() {
        if next != name {
            if !seen.insert(next.clone()) {
                continue;
            }
            if view.words.history || !next.starts_with(PREFIX) {
                found.push(next.clone());
            }
        }
        let lv = first.take().or_else(|| if next == name { None } else { named(view, &next) });
        let mut children = lv.map_or_else(Vec::new, |lv| children(view, lv));
        let has_snapshots = lv.is_some_and(|lv| view.parts().is_origin(lv));
        if full && !has_snapshots {
            children.extend(view.history().descendants(&next).iter().cloned());
        }
        queue.extend(children.into_iter().rev());
    }
    found
}

fn named<'v>(view: &'v VgView<'_>, name: &str) -> Option<&'v Lv> {
    if name.starts_with(PREFIX) { None } else { view.lv_named(name) }
}

/// What was taken of an LV: of an origin its old-style snapshots alone, as LVM2 has it.
fn children(view: &VgView<'_>, lv: &Lv) -> Vec<String> {
    let parts = view.parts();
    let mut ids: Vec<Id> = match parts.stores_of(lv) {
        [] => [parts.thin_snapshots_of(lv), parts.externals_of(lv)].concat(),
        stores => stores.to_vec(),
    };
    if parts.stores_of(lv).is_empty() {
        ids.sort_by_key(|&id| view.vg.lvs.place(id));
    }
    ids.into_iter().filter_map(|id| view.vg.lvs.get(id)).map(|lv| lv.name.clone()).collect()
}
