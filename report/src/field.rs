//! The columns: a table with one row per field.

use crate::fields;
use crate::subject::Row;
use crate::value::{Type, Value};
use std::sync::OnceLock;

/// What a field tells about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An LV, from metadata.
    Lv,
    /// An LV's device.
    LvInfo,
    /// An LV's device-mapper status.
    LvStatus,
    /// Both (`lv_attr`).
    LvInfoStatus,
    /// The label of a PV.
    Label,
    /// A PV.
    Pv,
    /// A VG.
    Vg,
    /// A segment of an LV.
    Segment,
    /// A segment of a PV.
    PvSegment,
    /// A kind of block device.
    Devtype,
    /// A line of the command log.
    Log,
    /// The report itself.
    Special,
}

/// Which fields can stand in one report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// PVs, VGs, LVs and their segments.
    Lvm,
    /// Kinds of block devices.
    Devtypes,
    /// The command log.
    Log,
}

impl Family {
    /// Its kinds but the special one.
    pub fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Lvm => &Kind::LVM,
            Self::Devtypes => &[Kind::Devtype],
            Self::Log => &[Kind::Log],
        }
    }
}

impl Kind {
    /// Which fields can stand in one report with its own; the special one can stand in any.
    pub fn family(self) -> Option<Family> {
        match self {
            Self::Special => None,
            Self::Devtype => Some(Family::Devtypes),
            Self::Log => Some(Family::Log),
            Self::Lv
            | Self::LvInfo
            | Self::LvStatus
            | Self::LvInfoStatus
            | Self::Label
            | Self::Pv
            | Self::Vg
            | Self::Segment
            | Self::PvSegment => Some(Family::Lvm),
        }
    }

    /// All kinds about PVs, VGs and LVs.
    pub const LVM: [Self; 9] = [
        Self::Lv,
        Self::LvInfo,
        Self::LvStatus,
        Self::LvInfoStatus,
        Self::Label,
        Self::Pv,
        Self::Vg,
        Self::Segment,
        Self::PvSegment,
    ];

    /// What names of its fields start with; users may leave it out.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Lv | Self::LvInfo | Self::LvStatus | Self::LvInfoStatus => "lv",
            Self::Label | Self::Pv => "pv",
            Self::Vg => "vg",
            Self::Segment => "seg",
            Self::PvSegment => "pvseg",
            Self::Devtype => "devtype",
            Self::Log => "log",
            Self::Special => "",
        }
    }

    /// The heading over its fields in `-o help`.
    pub fn title(self) -> &'static str {
        match self {
            Self::Lv => "Logical Volume Fields",
            Self::LvInfo => "Logical Volume Device Info Fields",
            Self::LvStatus => "Logical Volume Device Status Fields",
            Self::LvInfoStatus => "Logical Volume Device Info and Status Combined Fields",
            Self::Label => "Physical Volume Label Fields",
            Self::Pv => "Physical Volume Fields",
            Self::Vg => "Volume Group Fields",
            Self::Segment => "Logical Volume Segment Fields",
            Self::PvSegment => "Physical Volume Segment Fields",
            Self::Devtype => "Device Types Fields",
            Self::Log => "Command Log Fields",
            Self::Special => "Special Fields",
        }
    }
}

/// One column.
pub struct Field {
    /// Its full name: `lv_name`.
    pub name: &'static str,
    /// What stands over it.
    pub heading: &'static str,
    /// How wide it is at least.
    pub width: usize,
    /// What it tells about.
    pub kind: Kind,
    /// How it aligns and compares.
    pub value_type: Type,
    /// One line for `-o help` and the man page.
    pub about: &'static str,
    /// Its value for a row.
    pub(crate) get: fn(&Row<'_>) -> Value,
}

/// What has to be asked before a field can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needs {
    /// Metadata and devices of PVs are enough.
    Metadata,
    /// Which LVs have devices.
    Devices,
    /// What the targets of LVs say.
    Status,
}

/// Fields that are about LVs and segments, but answered by what runs.
const DEVICES: [&str; 5] =
    ["lv_active", "lv_active_locally", "lv_active_remotely", "lv_active_exclusively", "seg_monitor"];
const STATUS: [&str; 6] = [
    "lv_image_synced",
    "raid_mismatch_count",
    "raid_sync_action",
    "integritymismatches",
    "data_offset",
    "new_data_offset",
];

impl Field {
    /// What has to be asked for it.
    pub fn needs(&self) -> Needs {
        match self.kind {
            Kind::LvInfo => Needs::Devices,
            Kind::LvStatus | Kind::LvInfoStatus => Needs::Status,
            Kind::Lv | Kind::Segment if DEVICES.contains(&self.name) => Needs::Devices,
            Kind::Lv | Kind::Segment if STATUS.contains(&self.name) => Needs::Status,
            Kind::Lv
            | Kind::Segment
            | Kind::Label
            | Kind::Pv
            | Kind::Vg
            | Kind::PvSegment
            | Kind::Devtype
            | Kind::Log
            | Kind::Special => Needs::Metadata,
        }
    }

    /// Its value for a row, also where the row lacks what the field tells about.
    pub fn value(&self, row: &Row<'_>) -> Value {
        let get = || fields::absent::value(self, row).unwrap_or_else(|| (self.get)(row));
        match row.vg {
            Some(view) if self.kind == Kind::Vg => view.once(self.name, get),
            _ => get(),
        }
    }
}

/// The field that tells whether the row is selected; a report that shows it has all rows.
pub const SELECTED: &str = "selected";

/// The field that read-ahead of devices is asked for.
pub const READ_AHEAD: &str = "lv_kernel_read_ahead";

/// Fields by position in [`all`].
pub type FieldId = usize;

/// Every field, in the order `-o help` and `-o all` list them.
pub fn all() -> &'static [Field] {
    static ALL: OnceLock<Vec<Field>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all = Vec::new();
        all.extend(fields::lv::table());
        all.extend(fields::lv_info::table());
        all.extend(fields::lv_status::table());
        all.push(fields::lv_info::attributes());
        all.extend(fields::label::table());
        all.extend(fields::pv::table());
        all.extend(fields::vg::table());
        all.extend(fields::segment::table());
        all.extend(fields::pv_segment::table());
        all.extend(fields::other::devtypes());
        all.extend(fields::other::log());
        all.push(fields::field(
            Kind::Special,
            Type::Number,
            SELECTED,
            "Selected",
            "Set if the row is selected.",
            |_| Value::Empty,
        ));
        all
    })
}

/// Finds a field by the name a user gave, in a report about `base`: case and underscores do not count, and
/// the prefix of the report's own kind may be left out (2.03.40: libdm-report.c, _get_field).
pub fn find(name: &str, base: Kind) -> Option<FieldId> {
    let name = canonical(name);
    let fits = |id: &FieldId| all()[*id].kind.family().is_none_or(|family| Some(family) == base.family());
    let bare = called(&name);
    let with_prefix = called(&format!("{}{name}", base.prefix()));
    bare.into_iter().chain(with_prefix).filter(fits).min()
}

/// The first field of that name, given in its [`canonical`] form. A report has a few columns: looking through the names
/// for each costs less than making an index of all of them. They differ sooner at their ends.
fn called(name: &str) -> Option<FieldId> {
    let is_it = |field: &Field| {
        let own = field.name.bytes().rev().filter(|&byte| byte != b'_').map(|byte| byte.to_ascii_lowercase());
        own.eq(name.bytes().rev())
    };
    all().iter().position(is_it)
}

/// The kinds that a name like `lv_all` stands for in a report about `base`; none for other names.
pub fn group(name: &str, base: Kind) -> Vec<Kind> {
    let name = canonical(name);
    let kinds = base.family().map_or(&[][..], Family::kinds).iter().copied();
    kinds.filter(|kind| name.strip_suffix("all").is_some_and(|prefix| prefix == kind.prefix())).collect()
}

pub(crate) fn canonical(name: &str) -> String {
    name.chars().filter(|&c| c != '_').map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_without_prefix_underscore_or_case() {
        let id = find("lv_name", Kind::Lv).unwrap();
        assert_eq!(all()[id].name, "lv_name");
        assert_eq!(find("LVNAME", Kind::Vg), Some(id));
        assert_eq!(find("name", Kind::Lv), Some(id));
        assert_eq!(find("vgname", Kind::Lv).map(|id| all()[id].name), Some("vg_name"));
        assert_eq!(find("name", Kind::Vg).map(|id| all()[id].name), Some("vg_name"));
        assert_eq!(find("nosuch", Kind::Lv), None);
    }

    #[test]
    fn no_two_fields_share_a_name() {
        let mut names: Vec<_> = all().iter().map(|field| field.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all().len());
    }
}
