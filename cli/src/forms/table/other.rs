//! Forms of config, devtypes, dumpconfig, formats, fullreport, help, lastlog, lvmchange, lvmconfig, lvmdevices, lvmdiskscan, lvmsadc, lvmsar, segtypes, systemid, tags, version.

use super::super::{Form, FormId, rule, slots};
use super::{CONFIG, REPORT};
use crate::commands::Name;

pub(super) const FORMS: &[Form] = &[
    Form {
        id: FormId::LvmconfigGeneral,
        optional: &[CONFIG],
        optional_positional: &["String ..."],
        ..Form::of(Name::Config)
    },
    Form {
        id: FormId::DevtypesGeneral,
        optional: &[slots![
            Aligned,
            Binary,
            Nameprefixes,
            Noheadings,
            Nosuffix,
            Options,
            Reportformat,
            Rows,
            Select,
            Separator,
            Sort,
            Unbuffered,
            Unquoted
        ]],
        ..Form::of(Name::Devtypes)
    },
    Form {
        id: FormId::LvmconfigGeneral,
        optional: &[CONFIG],
        optional_positional: &["String ..."],
        ..Form::of(Name::Dumpconfig)
    },
    Form { id: FormId::FormatsGeneral, ..Form::of(Name::Formats) },
    Form {
        id: FormId::FullreportGeneral,
        optional: &[REPORT],
        ignored: slots![Partial, Ignoreskippedcluster, Trustcache],
        optional_positional: &["VG ..."],
        rules: &[rule!(Noheadings; not Headings)],
        ..Form::of(Name::Fullreport)
    },
    Form { id: FormId::HelpGeneral, optional_positional: &["String ..."], ..Form::of(Name::Help) },
    Form { id: FormId::LastlogGeneral, optional: &[slots![Reportformat, Select]], ..Form::of(Name::Lastlog) },
    Form { id: FormId::LvmchangeGeneral, ..Form::of(Name::Lvmchange) },
    Form {
        id: FormId::LvmconfigGeneral,
        optional: &[CONFIG],
        optional_positional: &["String ..."],
        ..Form::of(Name::Lvmconfig)
    },
    Form { id: FormId::LvmdevicesList, ..Form::of(Name::Lvmdevices) },
    Form {
        id: FormId::LvmdevicesCheck,
        required: slots![Check],
        optional: &[slots![Refresh]],
        ..Form::of(Name::Lvmdevices)
    },
    Form {
        id: FormId::LvmdevicesUpdate,
        required: slots![Update],
        optional: &[slots![Delnotfound, Refresh, Force]],
        ..Form::of(Name::Lvmdevices)
    },
    Form {
        id: FormId::LvmdevicesEdit,
        required: slots![Adddev],
        optional: &[slots![Deviceidtype]],
        ..Form::of(Name::Lvmdevices)
    },
    Form {
        id: FormId::LvmdevicesEdit,
        required: slots![Deldev as "PV|String"],
        optional: &[slots![Deviceidtype]],
        ..Form::of(Name::Lvmdevices)
    },
    Form {
        id: FormId::LvmdevicesEdit,
        required: slots![Addpvid],
        optional: &[slots![Deviceidtype]],
        ..Form::of(Name::Lvmdevices)
    },
    Form { id: FormId::LvmdevicesEdit, required: slots![Delpvid], ..Form::of(Name::Lvmdevices) },
    Form { id: FormId::LvmdevicesEdit, required: slots![Addid, Deviceidtype], ..Form::of(Name::Lvmdevices) },
    Form { id: FormId::LvmdevicesEdit, required: slots![Delid, Deviceidtype], ..Form::of(Name::Lvmdevices) },
    Form {
        id: FormId::LvmdevicesEdit,
        required: slots![Listids],
        optional: &[slots![Deviceidtype]],
        ..Form::of(Name::Lvmdevices)
    },
    Form {
        id: FormId::LvmdiskscanGeneral,
        optional: &[slots![Lvmpartition, Readonly]],
        ..Form::of(Name::Lvmdiskscan)
    },
    Form { id: FormId::LvmsadcGeneral, ..Form::of(Name::Lvmsadc) },
    Form { id: FormId::LvmsarGeneral, optional: &[slots![Full, Stdin]], ..Form::of(Name::Lvmsar) },
    Form { id: FormId::SegtypesGeneral, ..Form::of(Name::Segtypes) },
    Form { id: FormId::SystemidGeneral, ..Form::of(Name::Systemid) },
    Form { id: FormId::TagsGeneral, ..Form::of(Name::Tags) },
    Form { id: FormId::VersionGeneral, ..Form::of(Name::Version) },
];
