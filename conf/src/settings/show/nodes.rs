//! What is shown, as a tree of lines.

use super::made::Made;
use super::{Show, Which, placeholder};
use crate::print::{Spacing, push_spaced};
use crate::quote;
use crate::settings::cascade::Settings;
use crate::settings::nest::Nest;
use crate::settings::row::{Default, Flags, Kind, Row, Version};
use crate::settings::table::{TABLE, row_of};
use crate::tree::Value;

/// A section or a setting.
#[derive(Debug)]
pub(super) struct Node {
    /// Its name.
    pub(super) key: String,
    /// What is known of it; none: nothing.
    pub(super) row: Option<&'static Row>,
    /// Its value as text; none: a section.
    pub(super) value: Option<String>,
    /// Whether blanks stand around the `=`.
    pub(super) spacing: Spacing,
    /// What a section holds.
    pub(super) inner: Vec<Node>,
}

/// What was made, as it was.
pub(super) fn made(nests: &[Nest]) -> Vec<Node> {
    let node = |nest: &Nest| Node {
        key: nest.key().to_owned(),
        row: row_of(&nest.entry.path),
        // LVM2 does not tell a string from an array of one.
        value: nest.entry.value.as_ref().map(|value| match value.items() {
            [one] => text(one, Spacing::Tight),
            _ => text(value, Spacing::Tight),
        }),
        spacing: Spacing::Tight,
        inner: made(&nest.inner),
    };
    nests.iter().map(node).collect()
}

/// Rows of the table, with their defaults; with [`Which::Full`] also what was made.
pub(super) fn of_table(settings: &Settings, show: &Show, used: &Made, configured: Vec<Nest>) -> Vec<Node> {
    let mut nodes = section(settings, show, used, "");
    if show.which == Which::Full {
        put_over(&mut nodes, made(&configured));
    }
    nodes
}

/// What a section holds by the table. Sections that would be empty are left out.
fn section(settings: &Settings, show: &Show, used: &Made, parent: &str) -> Vec<Node> {
    let mut nodes = Vec::new();
    for row in TABLE.iter().filter(|row| parent_of(row) == parent) {
        if parent.is_empty() {
            if show.without.local && row.path == "local" {
                continue;
            }
        } else if !is_shown(show, used, row) {
            continue;
        }
        let key = placeholder(row).to_owned();
        let spacing = if show.with.spaces { Spacing::Wide } else { Spacing::Tight };
        if row.kind != Kind::Section {
            let value = Some(default_text(settings, show, row, spacing));
            nodes.push(Node { key, row: Some(row), value, spacing, inner: Vec::new() });
        } else if has_content(show, used, row) {
            let inner = section(settings, show, used, row.path);
            nodes.push(Node { key, row: Some(row), value: None, spacing, inner });
        }
    }
    nodes
}

fn parent_of(row: &Row) -> &'static str {
    row.path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// Whether there is anything to show in a section, be it a section without content.
fn has_content(show: &Show, used: &Made, section: &Row) -> bool {
    TABLE.iter().any(|row| parent_of(row) == section.path && is_shown(show, used, row))
}

fn is_shown(show: &Show, used: &Made, row: &Row) -> bool {
    if (show.without.advanced && row.flags.has(Flags::ADVANCED))
        || (show.without.unsupported && row.flags.has(Flags::UNSUPPORTED))
    {
        return false;
    }
    let is_old = show.without.deprecated && is_deprecated(row, show.version);
    let profilable = row.flags.has(Flags::COMMAND_PROFILE) || row.flags.has(Flags::METADATA_PROFILE);
    let there = row.since <= show.version && !is_old;
    match show.which {
        Which::Full | Which::Missing => {
            let missing = !used.is_used(row) && !row.path.ends_with('#');
            missing && (show.which == Which::Full || there)
        }
        Which::New => row.since == show.version && !is_old,
        Which::NewSince => row.since >= show.version && !is_old,
        Which::Profilable => profilable && there,
        Which::ProfilableCommand => profilable && there && !row.flags.has(Flags::METADATA_PROFILE),
        Which::ProfilableMetadata => there && row.flags.has(Flags::METADATA_PROFILE),
        Which::Current | Which::Default | Which::Diff | Which::List => there,
    }
}

/// Whether it has no effect in that version.
pub(super) fn is_deprecated(row: &Row, version: Version) -> bool {
    row.deprecated.is_some_and(|since| version >= since)
}

/// What was made over what there is.
fn put_over(nodes: &mut Vec<Node>, made: Vec<Node>) {
    for new in made {
        match nodes.iter_mut().find(|old| old.key == new.key) {
            Some(old) if old.value.is_none() && new.value.is_none() => put_over(&mut old.inner, new.inner),
            Some(old) => *old = new,
            None => nodes.insert(nodes.len().min(1), new),
        }
    }
}

/// The node at a path. As in LVM2, there is none behind a slash at the end.
pub(super) fn find<'n>(nodes: &'n [Node], path: &str) -> Option<&'n Node> {
    if path.ends_with('/') {
        return None;
    }
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let first = parts.next()?;
    let mut node = nodes.iter().find(|node| node.key == first)?;
    for part in parts {
        node = node.inner.iter().find(|node| node.key == part)?;
    }
    Some(node)
}

fn text(value: &Value<'_>, spacing: Spacing) -> String {
    let mut out = Vec::new();
    push_spaced(&mut out, value, spacing);
    String::from_utf8_lossy(&out).into_owned()
}

/// A default as text.
fn default_text(settings: &Settings, show: &Show, row: &Row, spacing: Spacing) -> String {
    let placeholder = UNCONFIGURED.iter().find(|(path, _)| *path == row.path).map(|(_, text)| *text);
    let quoted = |text: &str| {
        let mut out = Vec::new();
        quote::push_quoted(&mut out, text.as_bytes());
        String::from_utf8_lossy(&out).into_owned()
    };
    match (placeholder.filter(|_| show.with.unconfigured), row.kind, row.default) {
        (Some(name), Kind::Str, _) => quoted(name),
        (Some(name), _, _) => name.to_owned(),
        (None, Kind::Str, _) => quoted(settings.default_text(row).unwrap_or_default()),
        (None, _, Default::Bool(on)) => u8::from(on).to_string(),
        (None, _, Default::Int(number)) if row.flags.has(Flags::OCTAL) => format!("0{number:o}"),
        (None, _, Default::Int(number)) => number.to_string(),
        (None, _, Default::List(items)) => {
            let items = items.iter().map(|&item| Value::Str(item.into())).collect();
            text(&Value::Array(items), spacing)
        }
        (None, Kind::Array | Kind::MixedArray, _) => text(&Value::Array([].into()), spacing),
        (None, _, _) => {
            BY_OTHERS.iter().find(|(path, _)| *path == row.path).map_or(0, |(_, n)| *n).to_string()
        }
    }
}

/// What LVM2 computes where nothing is set and nothing else decides.
const BY_OTHERS: &[(&str, i64)] = &[
    ("allocation/cache_pool_chunk_size", 128),
    ("allocation/thin_pool_chunk_size", 128),
    ("metadata/pvmetadatasize", 2040),
];

/// Defaults that a build decides, as `--unconfigured` shows them.
#[rustfmt::skip]
const UNCONFIGURED: &[(&str, &str)] = &[
    ("config/profile_dir", "@DEFAULT_SYS_DIR@/@DEFAULT_PROFILE_SUBDIR@"),
    ("devices/use_devicesfile", "@DEFAULT_USE_DEVICES_FILE@"),
    ("devices/cache", "@DEFAULT_SYS_DIR@/@DEFAULT_CACHE_SUBDIR@/.cache"),
    ("devices/cache_dir", "@DEFAULT_SYS_DIR@/@DEFAULT_CACHE_SUBDIR@"),
    ("allocation/use_blkid_wiping", "@DEFAULT_USE_BLKID_WIPING@"),
    ("backup/backup_dir", "@DEFAULT_SYS_DIR@/@DEFAULT_BACKUP_SUBDIR@"),
    ("backup/archive_dir", "@DEFAULT_SYS_DIR@/@DEFAULT_ARCHIVE_SUBDIR@"),
    ("global/proc", "@DEFAULT_PROC_DIR@"),
    ("global/etc", "@CONFDIR@"),
    ("global/locking_dir", "@DEFAULT_LOCK_DIR@"),
    ("global/mirror_segtype_default", "@DEFAULT_MIRROR_SEGTYPE@"),
    ("global/raid10_segtype_default", "@DEFAULT_RAID10_SEGTYPE@"),
    ("global/sparse_segtype_default", "@DEFAULT_SPARSE_SEGTYPE@"),
    ("global/event_activation", "@DEFAULT_EVENT_ACTIVATION@"),
    ("global/thin_check_executable", "@THIN_CHECK_CMD@"),
    ("global/thin_dump_executable", "@THIN_DUMP_CMD@"),
    ("global/thin_repair_executable", "@THIN_REPAIR_CMD@"),
    ("global/thin_restore_executable", "@THIN_RESTORE_CMD@"),
    ("global/cache_check_executable", "@CACHE_CHECK_CMD@"),
    ("global/cache_dump_executable", "@CACHE_DUMP_CMD@"),
    ("global/cache_repair_executable", "@CACHE_REPAIR_CMD@"),
    ("global/cache_restore_executable", "@CACHE_RESTORE_CMD@"),
    ("global/vdo_format_executable", "@VDO_FORMAT_CMD@"),
    ("global/fsadm_executable", "@FSADM_PATH@"),
    ("global/lvresize_fs_helper_executable", "@LVRESIZE_FS_HELPER_PATH@"),
    ("global/use_lvmpolld", "@DEFAULT_USE_LVMPOLLD@"),
    ("dmeventd/executable", "@DMEVENTD_PATH@"),
];
