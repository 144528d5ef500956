//! Forms of the commands only rlvm has.

use super::super::{Form, FormId, slots};
use crate::commands::Name;

pub(super) const FORMS: &[Form] = &[
    Form {
        id: FormId::BatchGeneral,
        optional: &[slots![Autobackup, Reportformat]],
        positional: &["VG"],
        optional_positional: &["String"],
        about: "Commands come from the file, or from standard input",
        ..Form::of(Name::Batch)
    },
    Form {
        id: FormId::ExportGeneral,
        optional: &[slots![Force, Readonly]],
        positional: &["LV", "String"],
        about: "Write the content to a file, or to standard output where it is called -",
        ..Form::of(Name::Export)
    },
    Form {
        id: FormId::ImportGeneral,
        optional: &[slots![Force]],
        positional: &["String", "LV"],
        about: "Read the content from a file, or from standard input where it is called -",
        ..Form::of(Name::Import)
    },
    Form {
        id: FormId::CompletionGeneral,
        positional: &["String"],
        about: "For bash, zsh or fish",
        ..Form::of(Name::Completion)
    },
];
