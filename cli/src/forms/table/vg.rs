//! Forms of vgcfgbackup, vgcfgrestore, vgchange, vgck, vgconvert, vgcreate, vgdisplay, vgexport, vgextend, vgimport, vgimportclone, vgimportdevices, vgmerge, vgmknodes, vgreduce, vgremove, vgrename, vgs, vgscan, vgsplit.

use super::super::{Form, FormId, Slot, rule, slots};
use super::{REPORT, REPORTING};
use crate::commands::Name;

const VGCFGRESTORE: &[Slot] = slots![Force, Metadatatype];
const VGCHANGE: &[Slot] = slots![Autobackup, Ignoremonitoring, Noudevsync, Reportformat, Select, Force];
const VGCHANGE_META: &[Slot] = slots![
    Addtag,
    Deltag,
    Logicalvolume,
    Maxphysicalvolumes,
    Alloc,
    Uuid,
    Pvmetadatacopies,
    Vgmetadatacopies,
    Physicalextentsize,
    Resizeable,
    Detachprofile,
    Metadataprofile,
    Setautoactivation
];
const VGEXPORT: &[Slot] = slots![Reportformat];
const VGIMPORT: &[Slot] = slots![Force, Reportformat];
const VGREDUCE: &[Slot] = slots![Autobackup, Force, Reportformat];
const VGSPLIT: &[Slot] = slots![Autobackup, Poolmetadataspare];
const VGSPLIT_NEW: &[Slot] =
    slots![Alloc, Maxlogicalvolumes, Maxphysicalvolumes, Metadatatype, Vgmetadatacopies];

pub(super) const FORMS: &[Form] = &[
    Form {
        id: FormId::VgcfgbackupGeneral,
        optional: &[slots![File, Foreign, Ignorelockingfailure, Readonly, Reportformat]],
        ignored: slots![Partial],
        optional_positional: &["VG ..."],
        ..Form::of(Name::Vgcfgbackup)
    },
    Form {
        id: FormId::VgcfgrestoreByVg,
        optional: &[VGCFGRESTORE],
        positional: &["VG"],
        ..Form::of(Name::Vgcfgrestore)
    },
    Form {
        id: FormId::VgcfgrestoreByFile,
        required: slots![File],
        optional: &[VGCFGRESTORE],
        positional: &["VG"],
        ..Form::of(Name::Vgcfgrestore)
    },
    Form {
        id: FormId::VgcfgrestoreListByVg,
        required: slots![List],
        optional: &[VGCFGRESTORE],
        positional: &["VG"],
        ..Form::of(Name::Vgcfgrestore)
    },
    Form {
        id: FormId::VgcfgrestoreListByFile,
        required: slots![List, File],
        optional: &[VGCFGRESTORE],
        optional_positional: &["VG"],
        ..Form::of(Name::Vgcfgrestore)
    },
    Form {
        id: FormId::VgchangeProperties,
        any: &[VGCHANGE_META],
        optional: &[slots![Poll], VGCHANGE],
        ignored: slots![Ignoreskippedcluster],
        optional_positional: &["VG|Tag|Select ..."],
        about: "Change attributes: one of these at least",
        ..Form::of(Name::Vgchange)
    },
    Form {
        id: FormId::VgchangeMonitor,
        required: slots![Monitor],
        optional: &[slots![Sysinit, Ignorelockingfailure, Poll], VGCHANGE],
        ignored: slots![Ignoreskippedcluster],
        optional_positional: &["VG|Tag|Select ..."],
        about: "Start or stop monitoring",
        ..Form::of(Name::Vgchange)
    },
    Form {
        id: FormId::VgchangePoll,
        required: slots![Poll],
        optional: &[slots![Ignorelockingfailure], VGCHANGE],
        ignored: slots![Ignoreskippedcluster],
        optional_positional: &["VG|Tag|Select ..."],
        about: "Start or stop polling",
        ..Form::of(Name::Vgchange)
    },
    Form {
        id: FormId::VgchangeActivate,
        required: slots![Activate],
        optional: &[
            slots![
                Activationmode,
                Ignoreactivationskip,
                Partial,
                Sysinit,
                Readonly,
                Ignorelockingfailure,
                Monitor,
                Poll,
                Autoactivation,
                Persist
            ],
            VGCHANGE,
        ],
        ignored: slots![Ignoreskippedcluster],
        optional_positional: &["VG|Tag|Select ..."],
        about: "Activate or deactivate the LVs of VGs",
        ..Form::of(Name::Vgchange)
    },
    Form {
        id: FormId::VgchangeRefresh,
        required: slots![Refresh],
        optional: &[slots![Sysinit, Ignorelockingfailure, Poll], VGCHANGE],
        ignored: slots![Ignoreskippedcluster],
        optional_positional: &["VG|Tag|Select ..."],
        about: "Load the tables of active LVs anew",
        ..Form::of(Name::Vgchange)
    },
    Form {
        id: FormId::VgchangeSystemid,
        required: slots![Systemid],
        optional: &[slots![Select, Majoritypvs, Persist, Removekey]],
        positional: &["VG|Tag|Select"],
        ..Form::of(Name::Vgchange)
    },
    Form {
        id: FormId::VgchangeSetpersist,
        required: slots![Setpersist],
        optional: &[slots![Select, Persist = "start"]],
        positional: &["VG|Tag|Select"],
        ..Form::of(Name::Vgchange)
    },
    Form {
        id: FormId::VgchangePersist,
        required: slots![Persist],
        optional: &[slots![Select, Removekey, Majoritypvs, Force]],
        positional: &["VG|Tag|Select"],
        ..Form::of(Name::Vgchange)
    },
    Form {
        id: FormId::VgchangeSetlockargs,
        required: slots![Setlockargs],
        optional: &[slots![Select]],
        positional: &["VG|Tag|Select"],
        ..Form::of(Name::Vgchange)
    },
    Form {
        id: FormId::VgchangeLockstart,
        required: slots![Lockstart],
        optional: &[slots![Select, Persist = "start"]],
        optional_positional: &["VG|Tag|Select ..."],
        ..Form::of(Name::Vgchange)
    },
    Form {
        id: FormId::VgchangeLockstop,
        required: slots![Lockstop],
        optional: &[slots![Select, Persist = "stop"]],
        optional_positional: &["VG|Tag|Select ..."],
        ..Form::of(Name::Vgchange)
    },
    Form {
        id: FormId::VgchangeLocktype,
        required: slots![Locktype],
        optional: &[slots![Setlockargs]],
        positional: &["VG"],
        ..Form::of(Name::Vgchange)
    },
    Form {
        id: FormId::VgckGeneral,
        optional: &[slots![Reportformat]],
        optional_positional: &["VG|Tag ..."],
        ..Form::of(Name::Vgck)
    },
    Form {
        id: FormId::VgckUpdateMetadata,
        required: slots![Updatemetadata],
        positional: &["VG"],
        ..Form::of(Name::Vgck)
    },
    Form {
        id: FormId::VgconvertGeneral,
        optional: &[slots![
            Force,
            Labelsector,
            Bootloaderareasize,
            Metadatatype,
            Pvmetadatacopies,
            Metadatasize,
            Reportformat
        ]],
        positional: &["VG ..."],
        ..Form::of(Name::Vgconvert)
    },
    Form {
        id: FormId::VgcreateGeneral,
        optional: &[slots![
            Addtag,
            Alloc,
            Autobackup,
            Clustered,
            Maxlogicalvolumes,
            Maxphysicalvolumes,
            Metadataprofile,
            Metadatatype,
            Physicalextentsize,
            Force,
            Zero,
            Labelsector,
            Metadatasize,
            Pvmetadatacopies,
            Vgmetadatacopies,
            Reportformat,
            Dataalignment,
            Dataalignmentoffset,
            Shared,
            Systemid,
            Locktype,
            Setautoactivation,
            Setpersist,
            Persist = "start",
            Setlockargs
        ]],
        positional: &["VG_new", "PV ..."],
        ..Form::of(Name::Vgcreate)
    },
    Form {
        id: FormId::VgdisplayGeneral,
        optional: &[REPORTING, slots![Short, Activevolumegroups]],
        ignored: slots![Partial, Ignoreskippedcluster],
        optional_positional: &["VG|Tag ..."],
        about: "Show fields, one to a line",
        ..Form::of(Name::Vgdisplay)
    },
    Form {
        id: FormId::VgdisplayColumns,
        required: slots![Columns],
        optional: &[REPORT],
        ignored: slots![Partial, Ignoreskippedcluster],
        optional_positional: &["VG|Tag ..."],
        rules: &[rule!(Noheadings; not Headings)],
        about: "Report in columns, as vgs does",
        ..Form::of(Name::Vgdisplay)
    },
    Form {
        id: FormId::VgdisplayColon,
        required: slots![Colon],
        optional: &[REPORTING, slots![Activevolumegroups]],
        ignored: slots![Partial, Ignoreskippedcluster],
        optional_positional: &["VG|Tag ..."],
        about: "Show fields with colons between",
        ..Form::of(Name::Vgdisplay)
    },
    Form {
        id: FormId::VgexportSome,
        optional: &[slots![Select, Persist = "stop"], VGEXPORT],
        positional: &["VG|Tag|Select ..."],
        ..Form::of(Name::Vgexport)
    },
    Form {
        id: FormId::VgexportAll,
        required: slots![All],
        optional: &[VGEXPORT],
        ..Form::of(Name::Vgexport)
    },
    Form {
        id: FormId::VgextendGeneral,
        optional: &[slots![
            Autobackup,
            Force,
            Zero,
            Labelsector,
            Metadatatype,
            Metadatasize,
            Pvmetadatacopies,
            Metadataignore,
            Dataalignment,
            Dataalignmentoffset,
            Reportformat,
            Restoremissing
        ]],
        positional: &["VG", "PV ..."],
        ..Form::of(Name::Vgextend)
    },
    Form {
        id: FormId::VgimportSome,
        optional: &[slots![Select, Persist = "start"], VGIMPORT],
        positional: &["VG|Tag|Select ..."],
        ..Form::of(Name::Vgimport)
    },
    Form {
        id: FormId::VgimportAll,
        required: slots![All],
        optional: &[VGIMPORT],
        ..Form::of(Name::Vgimport)
    },
    Form {
        id: FormId::VgimportcloneGeneral,
        optional: &[slots![Basevgname as "VG", Import, Importdevices]],
        positional: &["PV ..."],
        ..Form::of(Name::Vgimportclone)
    },
    Form {
        id: FormId::VgimportdevicesSome,
        optional: &[slots![Select, Foreign, Reportformat]],
        positional: &["VG|Tag|Select ..."],
        ..Form::of(Name::Vgimportdevices)
    },
    Form {
        id: FormId::VgimportdevicesAll,
        required: slots![All],
        optional: &[slots![Foreign, Reportformat]],
        ..Form::of(Name::Vgimportdevices)
    },
    Form {
        id: FormId::VgimportdevicesRoot,
        required: slots![Rootvg],
        optional: &[slots![Auto, Reportformat]],
        ..Form::of(Name::Vgimportdevices)
    },
    Form {
        id: FormId::VgmergeGeneral,
        optional: &[slots![Autobackup, List, Poolmetadataspare]],
        positional: &["VG", "VG"],
        ..Form::of(Name::Vgmerge)
    },
    Form {
        id: FormId::VgmknodesGeneral,
        optional: &[slots![Ignorelockingfailure, Refresh, Reportformat]],
        optional_positional: &["VG|LV|Tag ..."],
        ..Form::of(Name::Vgmknodes)
    },
    Form {
        id: FormId::VgreduceByPv,
        optional: &[VGREDUCE],
        positional: &["VG", "PV ..."],
        about: "Take out the PVs named, if they are not in use",
        ..Form::of(Name::Vgreduce)
    },
    Form {
        id: FormId::VgreduceAll,
        required: slots![All],
        optional: &[VGREDUCE],
        positional: &["VG"],
        about: "Take out all PVs that are not in use",
        ..Form::of(Name::Vgreduce)
    },
    Form {
        id: FormId::VgreduceMissing,
        required: slots![Removemissing],
        optional: &[slots![Mirrorsonly], VGREDUCE],
        positional: &["VG"],
        about: "Take out PVs that are missing",
        ..Form::of(Name::Vgreduce)
    },
    Form {
        id: FormId::VgremoveGeneral,
        optional: &[slots![Force, Noudevsync, Reportformat, Select]],
        positional: &["VG|Tag|Select ..."],
        ..Form::of(Name::Vgremove)
    },
    Form {
        id: FormId::VgrenameByName,
        optional: &[slots![Autobackup, Force, Reportformat]],
        positional: &["VG", "VG_new"],
        about: "The VG by its name",
        ..Form::of(Name::Vgrename)
    },
    Form {
        id: FormId::VgrenameByUuid,
        optional: &[slots![Autobackup, Force, Reportformat]],
        positional: &["String", "VG_new"],
        about: "The VG by its id, where two have one name",
        ..Form::of(Name::Vgrename)
    },
    Form {
        id: FormId::VgsGeneral,
        optional: &[REPORT],
        ignored: slots![Partial, Ignoreskippedcluster, Trustcache],
        optional_positional: &["VG|Tag ..."],
        rules: &[rule!(Noheadings; not Headings)],
        ..Form::of(Name::Vgs)
    },
    Form {
        id: FormId::VgscanGeneral,
        optional: &[slots![Ignorelockingfailure, Mknodes, Notifydbus, Refresh, Reportformat]],
        ignored: slots![Partial, Cache],
        ..Form::of(Name::Vgscan)
    },
    Form {
        id: FormId::VgsplitByPv,
        optional: &[VGSPLIT, VGSPLIT_NEW],
        positional: &["VG", "VG", "PV ..."],
        ..Form::of(Name::Vgsplit)
    },
    Form {
        id: FormId::VgsplitByLv,
        required: slots![Name as "LV"],
        optional: &[VGSPLIT, VGSPLIT_NEW],
        positional: &["VG", "VG"],
        ..Form::of(Name::Vgsplit)
    },
];
