//! Fields that an LV's device answers.

use super::{attr, field, status};
use crate::field::{Field, Kind};
use crate::subject::{Row, VgView};
use crate::value::{Type, Value};
use metadata::live::LvLive;
use metadata::model::{Lv, LvFlag, SegmentType};
use units::Sectors;

fn info(
    value: Type,
    name: &'static str,
    heading: &'static str,
    about: &'static str,
    get: fn(&Row<'_>) -> Value,
) -> Field {
    field(Kind::LvInfo, value, name, heading, about, get)
}

pub(crate) fn table() -> Vec<Field> {
    use Type::{Binary, Number, Size, Text};
    vec![
        info(Number, "lv_kernel_major", "KMaj", "Major number of the device, or -1.", |r| {
            with(r, |_, _, live| Value::Number(live.map_or(-1, |live| i64::from(live.major))))
        }),
        info(Number, "lv_kernel_minor", "KMin", "Minor number of the device, or -1.", |r| {
            with(r, |_, _, live| Value::Number(live.map_or(-1, |live| i64::from(live.minor))))
        }),
        info(Size, "lv_kernel_read_ahead", "KRahead", "Read-ahead in force, or -1.", |r| {
            with(r, |view, lv, live| match live.and_then(|live| live.read_ahead) {
                // LVM2 does not ask the device below a pool.
                Some(_) if view.live.targets_asked && status::is(lv, SegmentType::ThinPool) => {
                    Value::Size(Sectors::ZERO)
                }
                Some(sectors) => Value::Size(Sectors::new(u64::from(sectors))),
                None => Value::Number(-1),
            })
        }),
        info(Text, "lv_permissions", "LPerms", "Whether it may be written.", |r| with(r, permissions))
            .wide(8),
        info(Binary, "lv_suspended", "Suspended", "Set if it is suspended.", |r| {
            with(r, |_, _, live| yes_no(live.map(|live| live.suspended), "suspended"))
        })
        .wide(10),
        info(Binary, "lv_live_table", "LiveTable", "Set if a table is in use.", |r| {
            with(r, |_, _, live| yes_no(live.map(|live| live.live_table), "live table present"))
        })
        .wide(20),
        info(Binary, "lv_inactive_table", "InactiveTable", "Set if a table is loaded but not in use.", |r| {
            with(r, |_, _, live| yes_no(live.map(|live| live.inactive_table), "inactive table present"))
        })
        .wide(20),
        info(Binary, "lv_device_open", "DevOpen", "Set if somebody has it open.", |r| {
            with(r, |_, _, live| yes_no(live.map(|live| live.open_count > 0), "open"))
        })
        .wide(10),
    ]
}

/// `lv_attr`, which device and status answer together.
pub(crate) fn attributes() -> Field {
    field(Kind::LvInfoStatus, Type::Text, "lv_attr", "Attr", "Properties, a letter each.", |r| {
        with(r, |view, lv, _| Value::text(attr::lv(view, lv)))
    })
}

fn with(row: &Row<'_>, get: impl Fn(&VgView<'_>, &Lv, Option<&LvLive>) -> Value) -> Value {
    match (row.vg, row.lv) {
        (Some(view), Some(lv)) => get(view, lv, status::device(view, lv)),
        _ => Value::Empty,
    }
}

fn yes_no(answer: Option<bool>, word: &'static str) -> Value {
    answer.map_or(Value::BinaryUnknown, |yes| Value::Binary(yes, word))
}

fn permissions(_: &VgView<'_>, lv: &Lv, live: Option<&LvLive>) -> Value {
    if lv.flags.has(LvFlag::Pvmove) {
        return Value::Empty;
    }
    Value::text(match (lv.is_writable(), lv.flags.has(LvFlag::Read), live) {
        (true, _, Some(live)) if live.read_only => "read-only-override",
        (true, _, Some(_)) => "writeable",
        (false, true, _) => "read-only",
        _ => "unknown",
    })
}
