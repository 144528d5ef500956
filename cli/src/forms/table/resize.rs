//! Forms of lvextend, lvreduce, lvresize.

use super::super::{Form, FormId, slots};
use crate::commands::Name;

pub(super) const FORMS: &[Form] = &[
    Form {
        id: FormId::LvextendSize,
        required: slots![Size],
        optional: &[slots![
            Alloc,
            Autobackup,
            Force,
            Mirrors,
            Nofsck,
            Nosync,
            Noudevsync,
            Reportformat,
            Resizefs,
            Stripes,
            Stripesize,
            Poolmetadatasize,
            Type,
            Fs,
            Fsmode
        ]],
        positional: &["LV"],
        optional_positional: &["PV ..."],
        about: "Grow to a size, or by one",
        ..Form::of(Name::Lvextend)
    },
    Form {
        id: FormId::LvextendPv,
        optional: &[slots![
            Alloc,
            Autobackup,
            Force,
            Mirrors,
            Nofsck,
            Nosync,
            Noudevsync,
            Reportformat,
            Resizefs,
            Stripes,
            Stripesize,
            Type,
            Fs,
            Fsmode
        ]],
        positional: &["LV", "PV ..."],
        about: "Grow by all that is free on the PVs named",
        ..Form::of(Name::Lvextend)
    },
    Form {
        id: FormId::LvextendPoolMetadata,
        required: slots![Poolmetadatasize],
        optional: &[slots![
            Alloc,
            Autobackup,
            Force,
            Mirrors,
            Nofsck,
            Nosync,
            Noudevsync,
            Reportformat,
            Stripes,
            Stripesize,
            Type
        ]],
        positional: &["LV_thinpool_linear"],
        optional_positional: &["PV ..."],
        about: "Grow the metadata of a pool",
        ..Form::of(Name::Lvextend)
    },
    Form {
        id: FormId::LvextendPolicy,
        required: slots![Usepolicies],
        optional: &[slots![
            Alloc,
            Autobackup,
            Force,
            Mirrors,
            Nofsck,
            Nosync,
            Noudevsync,
            Reportformat,
            Resizefs,
            Type,
            Fs,
            Fsmode
        ]],
        positional: &["LV_snapshot_thinpool_vdopool"],
        optional_positional: &["PV ..."],
        about: "Grow as the settings say",
        ..Form::of(Name::Lvextend)
    },
    Form {
        id: FormId::LvreduceSize,
        required: slots![Size],
        optional: &[slots![Autobackup, Force, Nofsck, Noudevsync, Reportformat, Resizefs, Fs, Fsmode]],
        positional: &["LV"],
        about: "Shrink to a size, or by one",
        ..Form::of(Name::Lvreduce)
    },
    Form {
        id: FormId::LvresizeSize,
        required: slots![Size],
        optional: &[slots![
            Alloc,
            Autobackup,
            Force,
            Nofsck,
            Nosync,
            Noudevsync,
            Reportformat,
            Resizefs,
            Stripes,
            Stripesize,
            Poolmetadatasize,
            Type,
            Fs,
            Fsmode
        ]],
        positional: &["LV"],
        optional_positional: &["PV ..."],
        about: "Grow or shrink, to a size or by one",
        ..Form::of(Name::Lvresize)
    },
    Form {
        id: FormId::LvresizePv,
        optional: &[slots![
            Alloc,
            Autobackup,
            Force,
            Nofsck,
            Nosync,
            Noudevsync,
            Reportformat,
            Resizefs,
            Stripes,
            Stripesize,
            Type,
            Fs,
            Fsmode
        ]],
        positional: &["LV", "PV ..."],
        about: "Grow by all that is free on the PVs named",
        ..Form::of(Name::Lvresize)
    },
    Form {
        id: FormId::LvresizePoolMetadata,
        required: slots![Poolmetadatasize],
        optional: &[slots![
            Alloc,
            Autobackup,
            Force,
            Nofsck,
            Nosync,
            Noudevsync,
            Reportformat,
            Stripes,
            Stripesize,
            Type
        ]],
        positional: &["LV_thinpool"],
        optional_positional: &["PV ..."],
        about: "Grow the metadata of a pool",
        ..Form::of(Name::Lvresize)
    },
];
