//! The fields' tables, one file per kind. Headings, widths and names as LVM2 2.03.40 has them.

pub(crate) mod absent;
pub(crate) mod attr;
pub(crate) mod kin;
pub(crate) mod label;
pub(crate) mod layers;
pub(crate) mod lv;
pub(crate) mod lv_info;
pub(crate) mod lv_status;
pub(crate) mod modules;
pub(crate) mod other;
pub(crate) mod pv;
pub(crate) mod pv_segment;
pub(crate) mod raid;
pub(crate) mod role;
pub(crate) mod segment;
pub(crate) mod settings;
pub(crate) mod status;
pub(crate) mod vdo;
pub(crate) mod vg;

use crate::field::{Field, Kind};
use crate::subject::Row;
use crate::value::{Type, Value};

/// A field whose column is at least as wide as its heading.
pub(crate) fn field(
    kind: Kind,
    value_type: Type,
    name: &'static str,
    heading: &'static str,
    about: &'static str,
    get: fn(&Row<'_>) -> Value,
) -> Field {
    Field { name, heading, width: heading.len(), kind, value_type, about, get }
}

impl Field {
    /// The same field, at least that wide.
    pub(crate) fn wide(self, width: usize) -> Self {
        Self { width, ..self }
    }
}
