//! Forms of pvchange, pvck, pvcreate, pvdata, pvdisplay, pvmove, pvremove, pvresize, pvs, pvscan.

use super::super::{Form, FormId, Slot, rule, slots};
use super::{REPORT, REPORTING};
use crate::commands::Name;

const PVCHANGE: &[Slot] = slots![Autobackup, Force, Reportformat];
const PVCHANGE_META: &[Slot] = slots![Allocatable, Addtag, Deltag, Uuid, Metadataignore];

pub(super) const FORMS: &[Form] = &[
    Form {
        id: FormId::PvchangePropertiesAll,
        required: slots![All],
        any: &[PVCHANGE_META],
        optional: &[PVCHANGE],
        ignored: slots![Ignoreskippedcluster],
        ..Form::of(Name::Pvchange)
    },
    Form {
        id: FormId::PvchangePropertiesSome,
        any: &[PVCHANGE_META],
        optional: &[slots![Select], PVCHANGE],
        ignored: slots![Ignoreskippedcluster],
        positional: &["PV|Select ..."],
        ..Form::of(Name::Pvchange)
    },
    Form {
        id: FormId::PvckGeneral,
        optional: &[slots![Labelsector]],
        positional: &["PV ..."],
        ..Form::of(Name::Pvck)
    },
    Form {
        id: FormId::PvckDump,
        required: slots![Dump],
        optional: &[slots![Settings, File, Pvmetadatacopies, Labelsector]],
        positional: &["PV"],
        ..Form::of(Name::Pvck)
    },
    Form {
        id: FormId::PvckRepairType,
        required: slots![Repairtype],
        optional: &[slots![Settings, File, Labelsector]],
        positional: &["PV"],
        ..Form::of(Name::Pvck)
    },
    Form {
        id: FormId::PvckRepair,
        required: slots![Repair, File],
        optional: &[slots![Settings, Labelsector]],
        positional: &["PV"],
        ..Form::of(Name::Pvck)
    },
    Form {
        id: FormId::PvcreateGeneral,
        optional: &[slots![
            Dataalignment,
            Dataalignmentoffset,
            Bootloaderareasize,
            Force,
            Labelsector,
            Metadatatype,
            Pvmetadatacopies,
            Metadatasize,
            Metadataignore,
            Norestorefile,
            Setphysicalvolumesize,
            Reportformat,
            Restorefile,
            Uuidstr,
            Zero
        ]],
        positional: &["PV ..."],
        rules: &[rule!(Norestorefile; not Restorefile), rule!(Bootloaderareasize; not Restorefile)],
        ..Form::of(Name::Pvcreate)
    },
    Form { id: FormId::PvdataGeneral, ..Form::of(Name::Pvdata) },
    Form {
        id: FormId::PvdisplayGeneral,
        optional: &[REPORTING, slots![Maps, Segments, Short]],
        ignored: slots![Partial, Ignoreskippedcluster],
        optional_positional: &["PV|Tag ..."],
        about: "Show fields, one to a line",
        ..Form::of(Name::Pvdisplay)
    },
    Form {
        id: FormId::PvdisplayColumns,
        required: slots![Columns],
        optional: &[REPORT, slots![Segments]],
        ignored: slots![Partial, Ignoreskippedcluster],
        optional_positional: &["PV|Tag ..."],
        rules: &[rule!(Noheadings; not Headings)],
        about: "Report in columns, as pvs does",
        ..Form::of(Name::Pvdisplay)
    },
    Form {
        id: FormId::PvdisplayColon,
        required: slots![Colon],
        optional: &[REPORTING, slots![Segments]],
        ignored: slots![Partial, Ignoreskippedcluster],
        optional_positional: &["PV|Tag ..."],
        about: "Show fields with colons between",
        ..Form::of(Name::Pvdisplay)
    },
    Form {
        id: FormId::PvmoveOne,
        optional: &[
            slots![Abort, Alloc, Atomic, Autobackup, Background, Interval, Name as "LV", Noudevsync, Reportformat],
        ],
        positional: &["PV"],
        optional_positional: &["PV ..."],
        ..Form::of(Name::Pvmove)
    },
    Form {
        id: FormId::PvmoveAny,
        optional: &[slots![Abort, Background, Interval]],
        ..Form::of(Name::Pvmove)
    },
    Form {
        id: FormId::PvremoveGeneral,
        optional: &[slots![Force, Reportformat]],
        positional: &["PV ..."],
        ..Form::of(Name::Pvremove)
    },
    Form {
        id: FormId::PvresizeGeneral,
        optional: &[slots![Setphysicalvolumesize, Reportformat, Autobackup]],
        positional: &["PV ..."],
        ..Form::of(Name::Pvresize)
    },
    Form {
        id: FormId::PvsGeneral,
        optional: &[slots![Segments, Allpvs], REPORT],
        ignored: slots![Partial, Ignoreskippedcluster, Trustcache],
        optional_positional: &["PV|Tag ..."],
        rules: &[rule!(Noheadings; not Headings)],
        ..Form::of(Name::Pvs)
    },
    Form {
        id: FormId::PvscanDisplay,
        optional: &[slots![Ignorelockingfailure, Reportformat, Exported, Novolumegroup, Short, Uuid, Allpvs]],
        about: "Show PVs",
        ..Form::of(Name::Pvscan)
    },
    Form {
        id: FormId::PvscanCache,
        required: slots![Cache],
        optional: &[slots![Ignorelockingfailure, Reportformat, Major, Minor, Noudevsync]],
        ignored: slots![Background],
        optional_positional: &["PV|String ..."],
        ..Form::of(Name::Pvscan)
    },
    Form {
        id: FormId::PvscanCache,
        required: slots![Cache, Activate = "ay"],
        optional: &[slots![Ignorelockingfailure, Reportformat, Major, Minor, Noudevsync, Autoactivation]],
        ignored: slots![Background],
        optional_positional: &["PV|String ..."],
        ..Form::of(Name::Pvscan)
    },
    Form {
        id: FormId::PvscanCache,
        required: slots![Cache, Listvg],
        optional: &[slots![Ignorelockingfailure, Checkcomplete, Vgonline, Udevoutput, Autoactivation]],
        positional: &["PV"],
        ..Form::of(Name::Pvscan)
    },
    Form {
        id: FormId::PvscanCache,
        required: slots![Cache, Listlvs],
        optional: &[slots![Ignorelockingfailure, Checkcomplete, Vgonline]],
        positional: &["PV"],
        ..Form::of(Name::Pvscan)
    },
    Form {
        id: FormId::PvscanCache,
        required: slots![Listlvs],
        positional: &["PV"],
        ..Form::of(Name::Pvscan)
    },
    Form { id: FormId::PvscanCache, required: slots![Listvg], positional: &["PV"], ..Form::of(Name::Pvscan) },
];
