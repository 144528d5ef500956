//! What option values are, and how they are shown.

use std::ffi::OsString;
use units::{ExtentRequest, Sectors, Sign, SizeArg};

/// The type of an option's value, as LVM2's tools/vals.h lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the shown form of each stands in `shown`")]
pub enum Value {
    /// The option takes no value.
    None,
    Bool,
    Number,
    SNumber,
    PNumber,
    Uint32,
    Text,
    Vg,
    Lv,
    Pv,
    Tag,
    ActivationMode,
    Activation,
    Alloc,
    CacheFormat,
    CacheMode,
    ConfigReport,
    ConfigType,
    Discards,
    DumpType,
    Extents,
    SExtents,
    PExtents,
    NExtents,
    Headings,
    LockType,
    MetadataCopies,
    PvMetadataCopies,
    VgMetadataCopies,
    MetadataType,
    MirrorLog,
    Permission,
    PollOperation,
    Readahead,
    RegionSize,
    RepairType,
    ReportFormat,
    SegType,
    SizeKb,
    SizeMb,
    SSizeMb,
    PSizeMb,
    NSizeMb,
    SyncAction,
    Units,
    WriteMostly,
}

/// How to activate: the values of `-a`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// `y`.
    Yes,
    /// `n`, `en`: everywhere.
    No,
    /// `ay`: only what auto-activation allows.
    Auto,
    /// `ey`: exclusively.
    Exclusive,
    /// `sy`: shared with other hosts.
    Shared,
    /// `ly`: here only.
    LocalYes,
    /// `ln`: here only.
    LocalNo,
}

impl Activation {
    /// Whether it turns something on.
    pub const fn activates(self) -> bool {
        !matches!(self, Self::No | Self::LocalNo)
    }
}

/// The values of `--readahead`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readahead {
    /// The kernel's choice.
    Auto,
    /// None at all.
    None,
    /// That much.
    Sectors(Sectors),
}

/// The values of `--vgmetadatacopies`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copies {
    /// On every metadata area.
    All,
    /// On those the administrator chose.
    Unmanaged,
    /// On that many.
    Count(u64),
}

/// What a value was read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Datum {
    /// Nothing more than its text.
    Text,
    /// `y` or `n`.
    Bool(bool),
    /// A whole number with its sign.
    Number(Sign, u64),
    /// A size.
    Size(SizeArg),
    /// A number of extents, or a share.
    Extents(ExtentRequest),
    /// A way to activate.
    Activation(Activation),
    /// A read-ahead.
    Readahead(Readahead),
    /// A number of metadata copies.
    Copies(Copies),
    /// Whether the LV is to be writable.
    Writable(bool),
}

/// A value as given, and as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The text as typed; of a tag, without its `@`.
    pub raw: OsString,
    /// What it was read as.
    pub datum: Datum,
}

impl Value {
    /// Whether there is one.
    pub fn is_some(self) -> bool {
        self != Self::None
    }

    /// As `--help` and the man pages show it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Bool => "y|n",
            Self::Number | Self::Uint32 => "Number",
            Self::SNumber => "[+|-]Number",
            Self::PNumber => "[+]Number",
            Self::Text => "String",
            Self::Vg => "VG",
            Self::Lv => "LV",
            Self::Pv => "PV",
            Self::Tag => "Tag",
            Self::Activation => "y|n|ay",
            Self::Alloc => "contiguous|cling|cling_by_tags|normal|anywhere|inherit",
            Self::CacheFormat => "auto|1|2",
            Self::CacheMode => "writethrough|writeback|passthrough",
            Self::ActivationMode => "partial|degraded|complete",
            Self::ConfigReport => "log|vg|lv|pv|pvseg|seg",
            Self::ConfigType => {
                "current|default|diff|full|list|missing|new|profilable|profilable-command|profilable-metadata"
            }
            Self::Discards => "passdown|nopassdown|ignore",
            Self::DumpType => "headers|metadata|metadata_all|metadata_search",
            Self::Extents => "Number[PERCENT]",
            Self::SExtents => "[+|-]Number[PERCENT]",
            Self::PExtents => "[+]Number[PERCENT]",
            Self::NExtents => "[-]Number[PERCENT]",
            Self::Headings => "none|abbrev|full|0|1|2",
            Self::LockType => "sanlock|dlm|none",
            Self::MetadataCopies | Self::PvMetadataCopies => "0|1|2",
            Self::VgMetadataCopies => "all|unmanaged|Number",
            Self::MetadataType => "lvm2",
            Self::MirrorLog => "core|disk",
            Self::Permission => "rw|r",
            Self::PollOperation => "pvmove|convert|merge|merge_thin",
            Self::Readahead => "auto|none|Number",
            Self::RegionSize | Self::SizeMb => "Size[m|UNIT]",
            Self::RepairType => "pv_header|metadata|label_header",
            Self::ReportFormat => "basic|json|json_std",
            Self::SegType => {
                "linear|striped|snapshot|raid|mirror|thin|thin-pool|vdo|vdo-pool|cache|cache-pool|writecache"
            }
            Self::SizeKb => "Size[k|UNIT]",
            Self::SSizeMb => "[+|-]Size[m|UNIT]",
            Self::PSizeMb => "[+]Size[m|UNIT]",
            Self::NSizeMb => "[-]Size[m|UNIT]",
            Self::SyncAction => "check|repair",
            Self::Units => "[Number]r|R|h|H|b|B|s|S|k|K|m|M|g|G|t|T|p|P|e|E",
            Self::WriteMostly => "PV[:t|n|y]",
        }
    }
}
