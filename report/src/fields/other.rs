//! Fields of reports that are not about PVs, VGs or LVs: kinds of block devices, and the command log.

use super::field;
use crate::field::{Field, Kind};
use crate::subject::{DevtypeFacts, LogEntry, Row};
use crate::value::{Type, Value};

type Getter = fn(&Row<'_>) -> Value;

pub(crate) fn devtypes() -> Vec<Field> {
    let row =
        |value, name, heading, about, get: Getter| field(Kind::Devtype, value, name, heading, about, get);
    vec![
        row(Type::Text, "devtype_name", "DevType", "What drivers' names begin with in /proc/devices.", |r| {
            devtype(r, |d| Value::text(d.name))
        }),
        row(Type::Number, "devtype_max_partitions", "MaxParts", "Minor numbers that one disk takes.", |r| {
            devtype(r, |d| Value::count(d.max_partitions))
        }),
        row(Type::Text, "devtype_description", "Description", "What it is.", |r| {
            devtype(r, |d| Value::text(d.about))
        }),
    ]
}

pub(crate) fn log() -> Vec<Field> {
    use Type::{Number, Text};
    let row = |value, name, heading, about, get: Getter| field(Kind::Log, value, name, heading, about, get);
    vec![
        row(Number, "log_seq_num", "Seq", "Number of the line.", |r| entry(r, |e| Value::count(e.seq))),
        row(Text, "log_type", "LogType", "What kind of line it is.", |r| entry(r, |e| Value::text(e.kind))),
        row(Text, "log_context", "Context", "What was going on.", |r| entry(r, |e| Value::text(e.context))),
        row(Text, "log_object_type", "ObjType", "What kind of object it is about.", |r| {
            entry(r, |e| Value::text(e.object_type))
        }),
        row(Text, "log_object_name", "ObjName", "The object's name.", |r| {
            entry(r, |e| Value::text(e.object_name.clone()))
        }),
        row(Text, "log_object_id", "ObjID", "The object's id.", |r| {
            entry(r, |e| Value::text(e.object_id.clone()))
        })
        .wide(7),
        row(Text, "log_object_group", "ObjGrp", "The VG of the object.", |r| {
            entry(r, |e| Value::text(e.group.clone()))
        })
        .wide(7),
        row(Text, "log_object_group_id", "ObjGrpID", "Id of the VG of the object.", |r| {
            entry(r, |e| Value::text(e.group_id.clone()))
        }),
        row(Text, "log_message", "Msg", "The line.", |r| entry(r, |e| Value::text(e.message.clone())))
            .wide(7),
        row(Number, "log_errno", "Errno", "An error number.", |r| entry(r, |e| Value::Number(e.errno))),
        row(Number, "log_ret_code", "RetCode", "What the step returned.", |r| {
            entry(r, |e| Value::Number(e.ret_code))
        }),
    ]
}

fn devtype(row: &Row<'_>, get: impl Fn(&DevtypeFacts) -> Value) -> Value {
    row.devtype.map_or(Value::Empty, get)
}

fn entry(row: &Row<'_>, get: impl Fn(&LogEntry) -> Value) -> Value {
    row.log.map_or(Value::Empty, get)
}
