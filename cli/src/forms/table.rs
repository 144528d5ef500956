//! The table itself, a file per family of commands.

mod lv;
mod lvchange;
mod lvconvert;
mod lvcreate;
mod other;
mod own;
mod pv;
mod resize;
mod vg;

use super::{Form, Slot, slots};
use crate::commands::Name;

/// Options of pvdisplay, vgdisplay and lvdisplay.
const REPORTING: &[Slot] = slots![Foreign, Ignorelockingfailure, Readonly, Reportformat, Shared, Units];

/// Options of pvs, vgs, lvs and fullreport.
const REPORT: &[Slot] = slots![
    Foreign,
    Ignorelockingfailure,
    Readonly,
    Reportformat,
    Shared,
    Units,
    All,
    Aligned,
    Binary,
    Configreport,
    Logonly,
    Headings,
    Nameprefixes,
    Noheadings,
    Nosuffix,
    Options,
    Rows,
    Select,
    Separator,
    Sort,
    Unbuffered,
    Unquoted
];

/// Options of lvmconfig.
const CONFIG: &[Slot] = slots![
    Atversion,
    Typeconfig,
    File,
    Ignoreadvanced,
    Ignoreunsupported,
    Ignorelocal,
    List,
    Mergedconfig,
    Metadataprofile,
    Sinceversion,
    Showdeprecated,
    Showunsupported,
    Validate,
    Valuesonly,
    Withsummary,
    Withcomments,
    Withgeneralpreamble,
    Withlocalpreamble,
    Withspaces,
    Unconfigured,
    Withversions
];

/// The family that has the forms of `name`, among others.
pub(super) fn of(name: Name) -> std::slice::Iter<'static, Form> {
    let text = name.text();
    let family = match name {
        Name::Lvchange => lvchange::FORMS,
        Name::Lvconvert => lvconvert::FORMS,
        Name::Lvcreate => lvcreate::FORMS,
        Name::Lvextend | Name::Lvreduce | Name::Lvresize => resize::FORMS,
        Name::Lvdisplay | Name::Lvpoll | Name::Lvremove | Name::Lvrename | Name::Lvs | Name::Lvscan => {
            lv::FORMS
        }
        _ if !name.is_lvm2() => own::FORMS,
        _ if text.starts_with("pv") => pv::FORMS,
        _ if text.starts_with("vg") => vg::FORMS,
        _ => other::FORMS,
    };
    family.iter()
}
