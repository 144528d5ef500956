//! Forms of lvchange.

use super::super::{Form, FormId, Slot, rule, slots};
use crate::commands::Name;

const LVCHANGE: &[Slot] = slots![Autobackup, Force, Ignoremonitoring, Noudevsync, Reportformat, Select];
const LVCHANGE_META: &[Slot] = slots![
    Addtag,
    Deltag,
    Alloc,
    Contiguous,
    Compression,
    Deduplication,
    Detachprofile,
    Metadataprofile,
    Permission,
    Readahead,
    Setactivationskip,
    Setautoactivation,
    Errorwhenfull,
    Discards,
    Zero,
    Cachemode,
    Cachepolicy,
    Cachesettings,
    Minrecoveryrate,
    Maxrecoveryrate,
    Vdosettings,
    Integritysettings,
    Writebehind,
    Writemostly,
    Persistent = "n"
];

pub(super) const FORMS: &[Form] = &[
    Form {
        id: FormId::LvchangeProperties,
        any: &[LVCHANGE_META],
        optional: &[slots![Activate, Poll, Monitor], LVCHANGE],
        ignored: slots![Ignoreskippedcluster],
        positional: &["VG|LV|Tag|Select ..."],
        rules: &[
            rule!(Contiguous; not Alloc),
            rule!(Profile; not Detachprofile),
            rule!(Metadataprofile; not Detachprofile),
        ],
        about: "Change attributes: one of these at least",
        ..Form::of(Name::Lvchange)
    },
    Form {
        id: FormId::LvchangeResync,
        required: slots![Resync],
        optional: &[slots![Activate], LVCHANGE],
        ignored: slots![Ignoreskippedcluster],
        positional: &["VG|LV_raid_mirror|Tag|Select ..."],
        ..Form::of(Name::Lvchange)
    },
    Form {
        id: FormId::LvchangeSyncaction,
        required: slots![Syncaction],
        optional: &[LVCHANGE],
        ignored: slots![Ignoreskippedcluster],
        positional: &["VG|LV_raid|Tag|Select ..."],
        ..Form::of(Name::Lvchange)
    },
    Form {
        id: FormId::LvchangeRebuild,
        required: slots![Rebuild],
        optional: &[LVCHANGE],
        ignored: slots![Ignoreskippedcluster],
        positional: &["VG|LV_raid|Tag|Select ..."],
        ..Form::of(Name::Lvchange)
    },
    Form {
        id: FormId::LvchangeActivate,
        required: slots![Activate],
        optional: &[
            slots![
                Activationmode,
                Partial,
                Poll,
                Monitor,
                Ignoreactivationskip,
                Ignorelockingfailure,
                Sysinit,
                Readonly
            ],
            LVCHANGE,
        ],
        ignored: slots![Ignoreskippedcluster],
        positional: &["VG|LV|Tag|Select ..."],
        about: "Activate or deactivate LVs",
        ..Form::of(Name::Lvchange)
    },
    Form {
        id: FormId::LvchangeRefresh,
        required: slots![Refresh],
        optional: &[slots![Activationmode, Partial, Poll, Monitor], LVCHANGE],
        ignored: slots![Ignoreskippedcluster],
        positional: &["VG|LV|Tag|Select ..."],
        about: "Load the tables of active LVs anew",
        ..Form::of(Name::Lvchange)
    },
    Form {
        id: FormId::LvchangeMonitor,
        required: slots![Monitor],
        optional: &[LVCHANGE],
        ignored: slots![Ignoreskippedcluster],
        positional: &["VG|LV|Tag|Select ..."],
        about: "Start or stop monitoring",
        ..Form::of(Name::Lvchange)
    },
    Form {
        id: FormId::LvchangePoll,
        required: slots![Poll],
        optional: &[slots![Monitor], LVCHANGE],
        ignored: slots![Ignoreskippedcluster],
        positional: &["VG|LV|Tag|Select ..."],
        about: "Start or stop polling",
        ..Form::of(Name::Lvchange)
    },
    Form {
        id: FormId::LvchangePersistent,
        required: slots![Persistent = "y", Minor],
        optional: &[slots![Major, Activate, Poll, Monitor], LVCHANGE],
        ignored: slots![Ignoreskippedcluster],
        positional: &["LV"],
        about: "Keep the numbers of the node",
        ..Form::of(Name::Lvchange)
    },
];
