//! `lastlog`: what the shell's last command said, and how it ended.

use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::shell::Last;
use crate::world::{Weight, World};

/// Fields with their headings, as LVM2 has them. Messages of rlvm are about the whole command.
const FIELDS: [(&str, &str); 11] = [
    ("log_seq_num", "Seq"),
    ("log_type", "LogType"),
    ("log_context", "Context"),
    ("log_object_type", "ObjType"),
    ("log_object_name", "ObjName"),
    ("log_object_id", "ObjID"),
    ("log_object_group", "ObjGrp"),
    ("log_object_group_id", "ObjGrpID"),
    ("log_message", "Msg"),
    ("log_errno", "Errno"),
    ("log_ret_code", "RetCode"),
];

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    let as_json = parsed.str(Opt::Reportformat).is_some_and(|format| format.starts_with("json"));
    let Some(last) = world.last.clone() else {
        world.error("No log report stored.");
        if as_json {
            json(world, &[]);
        }
        return Exit::FAILED;
    };
    let rows = rows(&last);
    if as_json {
        json(world, &rows);
    } else {
        table(world, &rows);
    }
    Exit::OK
}

/// A row for each message, and one for the status: LVM2's ECMD_PROCESSED is 1.
fn rows(last: &Last) -> Vec<[String; 11]> {
    let ok = last.exit.is_ok();
    let status = if ok { "success" } else { "failure" };
    let code = if ok { 1 } else { last.exit.code() };
    let errno = if ok { 0 } else { -1 };
    let kind = |weight| match weight {
        Weight::Error => "error",
        Weight::Warn => "warn",
        Weight::Report | Weight::Print | Weight::Detail(_) => "print",
    };
    let messages = last.said.iter().map(|entry| (kind(entry.weight), entry.line.trim(), errno, 0));
    let all = messages.chain([("status", status, errno, code)]);
    let row = |(index, (kind, message, errno, code)): (usize, (&str, &str, i32, u8))| {
        let words = [&(index + 1).to_string(), kind, "shell", "cmd", &last.command, "", "", "", message];
        let mut row: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        row.extend([errno.to_string(), code.to_string()]);
        row.try_into().unwrap_or_default()
    };
    all.enumerate().map(row).collect()
}

/// Aligned; columns that are empty in all rows are left out.
fn table(world: &mut World, rows: &[[String; 11]]) {
    let used: Vec<usize> = (0..FIELDS.len()).filter(|&n| rows.iter().any(|row| !row[n].is_empty())).collect();
    let width = |n: usize| {
        let cells = rows.iter().map(|row| row[n].chars().count());
        cells.chain([FIELDS[n].1.len()]).max().unwrap_or(0)
    };
    let line = |cell: &dyn Fn(usize) -> String| {
        let cells = used.iter().map(|&n| match n {
            0 | 9 | 10 => format!("{:>width$}", cell(n), width = width(n)),
            _ => format!("{:<width$}", cell(n), width = width(n)),
        });
        cells.collect::<Vec<_>>().join(" ")
    };
    world.report(line(&|n| FIELDS[n].1.to_owned()));
    for row in rows {
        world.report(line(&|n| row[n].clone()));
    }
}

fn json(world: &mut World, rows: &[[String; 11]]) {
    let row = |row: &[String; 11]| -> serde_json::Value {
        FIELDS
            .iter()
            .zip(row)
            .map(|((name, _), cell)| ((*name).to_owned(), serde_json::Value::from(cell.clone())))
            .collect()
    };
    let log: Vec<serde_json::Value> = rows.iter().map(row).collect();
    let document = serde_json::json!({ "log": log });
    world.raw(serde_json::to_string_pretty(&document).unwrap_or_default() + "\n");
}
