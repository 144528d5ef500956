//! Fields of runs of extents on a PV.

use super::field;
use crate::field::{Field, Kind};
use crate::value::{Type, Value};

pub(crate) fn table() -> Vec<Field> {
    vec![
        field(Kind::PvSegment, Type::Number, "pvseg_start", "Start", "First extent of the run.", |r| {
            Value::count(r.pv_segment.map_or(0, |run| run.start.get()))
        }),
        field(Kind::PvSegment, Type::Number, "pvseg_size", "SSize", "Extents in the run.", |r| {
            Value::count(r.pv_segment.map_or(0, |run| run.len.get()))
        }),
    ]
}
