//! Whether a text says what a VG says: the check before a commit.
//!
//! Equality would ask too much. A text has the LVs that users see first, whatever their order in the VG, and what
//! stood behind a key that is gone stands elsewhere.

use super::early::{Early, LVS};
use super::{TextError, read_tree as read};
use crate::model::{Extras, Lv, Pv, Segment, Vg};
use conf::{Limits, Node};
use units::Id;

/// Whether reading the text gives back that VG, but for the order of LVs and the places of unknown keys. LVs are compared
/// one by one while the text is read, so that there is no second VG of them.
///
/// # Errors
/// The first thing that is not a VG's text, with its line.
pub fn says(text: &[u8], vg: &Vg) -> Result<bool, TextError> {
    let mut early = Early::new(text, Some(vg));
    let tree = conf::parse_taking(text, Limits::default(), &mut |around, node| early.take(around, node))?;
    // Only the first list of LVs counts.
    let section = tree.root.nodes().iter().find_map(Node::as_section);
    let list = section.and_then(|vg| vg.get(LVS));
    let listed = list.and_then(Node::as_section).map_or(0, |lvs| lvs.nodes().len());
    let within = |&&(start, _): &&(u32, Id)| {
        list.is_some_and(|list| (list.span.start..list.span.end).contains(&start))
    };
    let ready = early.ready();
    let compared = ready.seen.iter().filter(within).count();
    let read = read(text, &tree, ready)?.vg;
    Ok(listed == vg.lvs.len() && compared + read.lvs.len() == listed && rest_is_same(&read, vg))
}

/// Whether all is the same but for LVs that are only in the second.
fn rest_is_same(read: &Vg, vg: &Vg) -> bool {
    #[rustfmt::skip]
        let Vg {
            id, name, seqno, format, flags, tags, system_id, lock_type, extent_size, max_lv, max_pv, alloc,
            profile, metadata_copies, pvs, lvs, historical, extras,
        } = read;
    let identity = (*id, name, *seqno, format, flags, tags, system_id, lock_type)
        == (vg.id, &vg.name, vg.seqno, &vg.format, &vg.flags, &vg.tags, &vg.system_id, &vg.lock_type);
    let settings = (*extent_size, *max_lv, *max_pv, *alloc, profile, *metadata_copies, historical)
        == (vg.extent_size, vg.max_lv, vg.max_pv, vg.alloc, &vg.profile, vg.metadata_copies, &vg.historical);
    identity
        && settings
        && same_items(extras, &vg.extras)
        && pvs.len() == vg.pvs.len()
        && pvs.iter().zip(&vg.pvs).all(|(a, b)| same_pv(a, b))
        && lvs.iter().all(|lv| vg.lvs.get(lv.id).is_some_and(|own| same_lv(lv, own)))
}

fn same_items(a: &Extras, b: &Extras) -> bool {
    a.len() == b.len() && a.iter().all(|(_, item)| b.iter().any(|(_, other)| item == other))
}

fn same_pv(a: &Pv, b: &Pv) -> bool {
    let Pv { id, device, device_id, flags, tags, dev_size, pe_start, pe_count, bootloader, extras } = a;
    (*id, device, device_id, flags, tags) == (b.id, &b.device, &b.device_id, &b.flags, &b.tags)
        && (*dev_size, *pe_start, *pe_count, *bootloader)
            == (b.dev_size, b.pe_start, b.pe_count, b.bootloader)
        && same_items(extras, &b.extras)
}

pub(super) fn same_lv(a: &Lv, b: &Lv) -> bool {
    #[rustfmt::skip]
    let Lv {
        id, name, flags, tags, creation_time, creation_host, lock_args, alloc, profile, read_ahead, major, minor,
        segments, extras,
    } = a;
    (*id, name, flags, tags, *creation_time, creation_host)
        == (b.id, &b.name, &b.flags, &b.tags, b.creation_time, &b.creation_host)
        && (lock_args, *alloc, profile, *read_ahead, *major, *minor)
            == (&b.lock_args, b.alloc, &b.profile, b.read_ahead, b.major, b.minor)
        && segments.len() == b.segments.len()
        && segments.iter().zip(&b.segments).all(|(a, b)| same_segment(a, b))
        && same_items(extras, &b.extras)
}

fn same_segment(a: &Segment, b: &Segment) -> bool {
    let Segment { start, len, reshape_len, tags, kind, extras } = a;
    (*start, *len, *reshape_len, tags, kind) == (b.start, b.len, b.reshape_len, &b.tags, &b.kind)
        && same_items(extras, &b.extras)
}
