//! Fields that a PV's label answers.

use super::field;
use crate::field::{Field, Kind};
use crate::subject::{PvFacts, Row};
use crate::value::{Type, Value};
use units::Sectors;

fn label(
    value: Type,
    name: &'static str,
    heading: &'static str,
    about: &'static str,
    get: fn(&Row<'_>) -> Value,
) -> Field {
    field(Kind::Label, value, name, heading, about, get)
}

pub(crate) fn table() -> Vec<Field> {
    use Type::{Number, Size, Text};
    vec![
        label(Text, "pv_fmt", "Fmt", "Format of its metadata.", |r| {
            with(r, |d| if d.id.is_some() { Value::text("lvm2") } else { Value::Empty })
        }),
        label(Text, "pv_uuid", "PV UUID", "Unique id.", |r| {
            with(r, |d| Value::maybe(d.id.map(|id| id.to_string())))
        })
        .wide(38),
        label(Size, "dev_size", "DevSize", "Size of the device.", |r| with(r, |d| Value::Size(d.dev_size))),
        label(Text, "pv_name", "PV", "The device's name.", |r| {
            with(r, |d| Value::text(if d.missing { "[unknown]" } else { &d.name }))
        })
        .wide(10),
        label(Number, "pv_major", "Maj", "Major number of the device.", |r| with(r, |d| number(d, |n| n.0))),
        label(Number, "pv_minor", "Min", "Minor number of the device.", |r| with(r, |d| number(d, |n| n.1))),
        label(Size, "pv_mda_free", "PMdaFree", "Room for metadata on it.", |r| {
            with(r, |d| smallest(d, |mda| mda.free))
        })
        .wide(9),
        label(Size, "pv_mda_size", "PMdaSize", "Size of its smallest metadata area.", |r| {
            with(r, |d| smallest(d, |mda| mda.size))
        })
        .wide(9),
        label(Number, "pv_ext_vsn", "PExtVsn", "Version of the PV header's extension.", |r| {
            with(r, |d| match d.id {
                Some(_) if !d.missing && !d.duplicate => Value::Number(i64::from(d.ext_version)),
                _ => Value::Empty,
            })
        }),
    ]
}

fn with(row: &Row<'_>, get: impl Fn(&PvFacts) -> Value) -> Value {
    row.device.map_or(Value::Empty, get)
}

/// A part of the device's number: 0 for a device that is missing, -1 for an image file.
fn number(device: &PvFacts, part: impl Fn((u32, u32)) -> u32) -> Value {
    Value::Number(match device.number {
        Some(number) => i64::from(part(number)),
        None if device.missing => 0,
        None => -1,
    })
}

fn smallest(device: &PvFacts, of: impl Fn(&crate::subject::MdaFacts) -> Sectors) -> Value {
    Value::Size(device.mdas.iter().map(of).min().unwrap_or(Sectors::ZERO))
}
