//! Words that stand for values in selections: those a column shows, and others for the same (2.03.40:
//! lib/report/values.h).

use crate::value::Type;

/// What a word means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Meaning {
    /// A number.
    Number(f64),
    /// No value.
    Nothing,
    /// A text that the column shows.
    Text(&'static str),
}

/// Binary fields, with the words for yes.
const YES: &[(&str, &[&str])] = &[
    ("pv_allocatable", &["allocatable"]),
    ("pv_exported", &["exported"]),
    ("pv_missing", &["missing"]),
    ("pv_in_use", &["used", "in use"]),
    ("pv_duplicate", &["duplicate"]),
    ("vg_extendable", &["extendable"]),
    ("vg_exported", &["exported"]),
    ("vg_partial", &["partial"]),
    ("vg_clustered", &["clustered"]),
    ("vg_shared", &["shared"]),
    ("lv_initial_image_sync", &["initial image sync", "sync"]),
    ("lv_image_synced", &["image synced", "synced"]),
    ("lv_merging", &["merging"]),
    ("lv_converting", &["converting"]),
    ("lv_allocation_locked", &["allocation locked", "locked"]),
    ("lv_fixed_minor", &["fixed minor", "fixed"]),
    ("lv_active", &["active"]),
    ("lv_active_locally", &["active locally", "active", "locally"]),
    ("lv_active_remotely", &["active remotely", "active", "remotely"]),
    ("lv_active_exclusively", &["active exclusively", "active", "exclusively"]),
    ("lv_merge_failed", &["merge failed", "failed"]),
    ("lv_snapshot_invalid", &["snapshot invalid", "invalid"]),
    ("lv_suspended", &["suspended"]),
    ("lv_live_table", &["live table present", "live table", "live"]),
    ("lv_inactive_table", &["inactive table present", "inactive table", "inactive"]),
    ("lv_device_open", &["open"]),
    ("lv_skip_activation", &["skip activation", "skip"]),
    ("zero", &["zero"]),
    ("lv_check_needed", &["check needed", "needed"]),
    ("vdo_compression", &["enabled"]),
    ("vdo_deduplication", &["enabled"]),
    ("vdo_use_metadata_hints", &["enabled"]),
    ("vdo_use_sparse_index", &["enabled"]),
];

/// A text with the other words for it.
type Synonyms = (&'static str, &'static [&'static str]);

/// Text fields, with what their words mean.
const TEXTS: &[(&str, &[Synonyms])] = &[
    ("vg_permissions", &[("writeable", &["rw", "read-write"]), ("read-only", &["r", "ro"])]),
    (
        "lv_permissions",
        &[
            ("writeable", &["rw", "read-write"]),
            ("read-only", &["r", "ro"]),
            ("read-only-override", &["ro-override", "r-override", "R"]),
        ],
    ),
    (
        "lv_when_full",
        &[
            ("error", &["error when full", "error if no space"]),
            ("queue", &["queue when full", "queue if no space"]),
            ("", &["undefined"]),
        ],
    ),
    ("cache_policy", &[("", &["undefined"])]),
    ("seg_monitor", &[("", &["undefined"])]),
    ("lv_health_status", &[("", &["undefined"])]),
    ("kernel_discards", &[("", &["undefined"])]),
    ("vdo_write_policy", &[("", &["undefined"])]),
];

/// What the word means in the place of a value of that field.
pub(super) fn meaning(field: &str, value_type: Type, word: &str) -> Option<Meaning> {
    let numeric = matches!(value_type, Type::Number | Type::Binary);
    match word {
        "-1" | "unknown" | "undefined" | "undef" if numeric => return Some(Meaning::Nothing),
        "unmanaged" if field == "vg_mda_copies" => return Some(Meaning::Nothing),
        "auto" if field == "lv_read_ahead" => return Some(Meaning::Nothing),
        _ => (),
    }
    if let Some((_, words)) = YES.iter().find(|(name, _)| *name == field)
        && (words.contains(&word) || ["yes", "y"].contains(&word))
    {
        return Some(Meaning::Number(1.0));
    }
    let (_, texts) = TEXTS.iter().find(|(name, _)| *name == field)?;
    let (text, _) = texts.iter().find(|(text, others)| *text == word || others.contains(&word))?;
    Some(Meaning::Text(text))
}
