//! Forms of lvdisplay, lvremove, lvrename, lvs, lvscan, lvpoll.

use super::super::{Form, FormId, rule, slots};
use super::{REPORT, REPORTING};
use crate::commands::Name;

pub(super) const FORMS: &[Form] = &[
    Form {
        id: FormId::LvdisplayGeneral,
        optional: &[REPORTING, slots![All, History, Segments, Maps]],
        ignored: slots![Partial, Ignoreskippedcluster],
        optional_positional: &["VG|LV|Tag ..."],
        about: "Show fields, one to a line",
        ..Form::of(Name::Lvdisplay)
    },
    Form {
        id: FormId::LvdisplayColumns,
        required: slots![Columns],
        optional: &[REPORT, slots![History, Segments]],
        ignored: slots![Partial, Ignoreskippedcluster],
        optional_positional: &["VG|LV|Tag ..."],
        rules: &[rule!(Noheadings; not Headings)],
        about: "Report in columns, as lvs does",
        ..Form::of(Name::Lvdisplay)
    },
    Form {
        id: FormId::LvdisplayColon,
        required: slots![Colon],
        optional: &[REPORTING, slots![All, History, Segments]],
        ignored: slots![Partial, Ignoreskippedcluster],
        optional_positional: &["VG|LV|Tag ..."],
        about: "Show fields with colons between",
        ..Form::of(Name::Lvdisplay)
    },
    Form {
        id: FormId::LvremoveGeneral,
        optional: &[slots![Autobackup, Force, Nohistory, Noudevsync, Reportformat, Select]],
        positional: &["VG|LV|Tag|Select ..."],
        ..Form::of(Name::Lvremove)
    },
    Form {
        id: FormId::LvrenameVgLvLv,
        optional: &[slots![Autobackup, Noudevsync, Reportformat]],
        positional: &["VG", "LV", "LV_new"],
        about: "The VG and both names as arguments",
        ..Form::of(Name::Lvrename)
    },
    Form {
        id: FormId::LvrenameLvLv,
        optional: &[slots![Autobackup, Noudevsync, Reportformat]],
        positional: &["LV", "LV_new"],
        about: "The LV with its VG, and the new name",
        ..Form::of(Name::Lvrename)
    },
    Form {
        id: FormId::LvsGeneral,
        optional: &[slots![History, Segments], REPORT],
        ignored: slots![Partial, Ignoreskippedcluster, Trustcache],
        optional_positional: &["VG|LV|Tag ..."],
        rules: &[rule!(Noheadings; not Headings)],
        ..Form::of(Name::Lvs)
    },
    Form {
        id: FormId::LvscanGeneral,
        optional: &[slots![All, Ignorelockingfailure, Readonly, Reportformat]],
        ignored: slots![Partial, Cache, Blockdevice],
        ..Form::of(Name::Lvscan)
    },
    Form {
        id: FormId::LvpollGeneral,
        required: slots![Polloperation],
        optional: &[slots![Abort, Autobackup, Handlemissingpvs, Interval]],
        positional: &["LV ..."],
        ..Form::of(Name::Lvpoll)
    },
];
