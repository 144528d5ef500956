//! kpartx's options. It has single letters only; what rlvm adds has long names only.

use crate::page::{FormText, OptionText, Page};
use clap::builder::{OsStringValueParser, PossibleValuesParser};
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Command, ValueHint};
use partition::Scheme;
use std::ffi::OsString;
use std::fmt::Write;
use std::path::PathBuf;

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    List,
    Add,
    Update,
    Delete,
}

/// A command line that was understood.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) action: Action,
    pub(super) read_only: bool,
    pub(super) force: bool,
    pub(super) force_gpt: bool,
    pub(super) wait: bool,
    pub(super) verbose: bool,
    pub(super) delimiter: Option<String>,
    pub(super) only: Option<Scheme>,
    pub(super) sector_size: Option<u32>,
    pub(super) slot: Option<u32>,
    pub(super) udev: bool,
    pub(super) json: bool,
    pub(super) plan: bool,
    pub(super) path: PathBuf,
}

/// Why nothing is done.
#[derive(Clone, Debug)]
pub(super) enum Stop {
    /// Help is all that was asked for.
    Help,
    /// It makes no sense.
    Wrong(Option<String>),
}

/// An option: its letter or its name, its value, and what it does.
struct Row(&'static str, Option<&'static str>, &'static str);

const ROWS: &[Row] = &[
    Row("l", None, "List the partitions and the maps that -a would make; the default"),
    Row("a", None, "Make a map of each partition"),
    Row("u", None, "Bring maps in line with the table: make, resize, rename and remove"),
    Row("d", None, "Remove all maps of the disk, and detach the image"),
    Row("r", None, "Make read-only maps"),
    Row("p", Some("TEXT"), "Put TEXT between the name of the disk and a partition's number"),
    Row("t", Some("TYPE"), "Look for this type of table only"),
    Row("f", None, "With -d, remove whatever is a single stretch of the disk, whoever made it"),
    Row("g", None, "Take a GPT even without a protective entry in the first sector"),
    Row("s", None, "Wait for udev; the default"),
    Row("n", None, "Do not wait for udev"),
    Row("v", None, "Tell what is done"),
    Row("json", None, "With -l or --plan, write JSON"),
    Row("reportformat", Some("FORMAT"), "json is the same as --json, basic is the default"),
    Row("plan", None, "Show what would be done, and do nothing"),
    Row("sector-size", Some("BYTES"), "Bytes in a block of the table: 512, 1024, 2048 or 4096"),
    Row("slot", Some("NUMBER"), "Of Android's slots take this one: 0 for a, 1 for b"),
    Row("udev", None, "Write what udev's rules need to know of a map, which DISK is"),
    Row("help", None, "Show this"),
];

/// Of each of these the last one given counts.
const ACTIONS: [&str; 4] = ["l", "a", "u", "d"];
const WAITS: [&str; 2] = ["s", "n"];
const DISK: &str = "disk";

impl Row {
    fn letter(&self) -> Option<char> {
        let mut chars = self.0.chars();
        chars.next().filter(|_| chars.next().is_none())
    }

    fn shown(&self) -> String {
        let dashes = if self.letter().is_some() { "-" } else { "--" };
        let value = self.1.map(|value| format!(" {value}")).unwrap_or_default();
        format!("{dashes}{}{value}", self.0)
    }

    fn arg(&self) -> Arg {
        let arg = Arg::new(self.0).help(self.2);
        let arg = match self.letter() {
            Some(letter) => arg.short(letter),
            None => arg.long(self.0),
        };
        let arg = match self.1 {
            None => arg.action(ArgAction::SetTrue),
            Some(value) => arg
                .action(ArgAction::Set)
                .value_name(value)
                .allow_hyphen_values(true)
                .value_parser(OsStringValueParser::new()),
        };
        let arg = match self.0 {
            "t" => arg.value_parser(PossibleValuesParser::new(Scheme::all().map(Scheme::name))),
            "reportformat" => arg.value_parser(["basic", "json", "json_std"]),
            "slot" => arg.value_parser(["0", "1", "2", "3"]),
            "sector-size" => arg.value_parser(["512", "1024", "2048", "4096"]),
            _ => arg,
        };
        let group = [&ACTIONS[..], &WAITS[..]].into_iter().find(|group| group.contains(&self.0));
        arg.overrides_with_all(group.unwrap_or(&[]).iter().copied().filter(|other| *other != self.0))
    }
}

/// clap's view of it.
pub(crate) fn clap_command() -> Command {
    Command::new("kpartx")
        .disable_help_flag(true)
        .disable_version_flag(true)
        .args_override_self(true)
        .args(ROWS.iter().map(Row::arg))
        .arg(
            Arg::new(DISK)
                .action(ArgAction::Append)
                .num_args(1..=2)
                .value_hint(ValueHint::FilePath)
                .value_parser(OsStringValueParser::new()),
        )
}

/// Reads the words behind the command's name.
pub(super) fn read(words: &[OsString]) -> Result<Request, Stop> {
    let matches = clap_command().no_binary_name(true).try_get_matches_from(words).map_err(wrong)?;
    let has = |id: &str| matches.get_flag(id);
    if has("help") {
        return Err(Stop::Help);
    }
    let disks: Vec<&OsString> = matches.get_many(DISK).into_iter().flatten().collect();
    // A second disk is taken and not used, as kpartx does.
    let Some(path) = disks.first().filter(|_| disks.len() < 3) else { return Err(Stop::Wrong(None)) };
    let action = match ACTIONS.into_iter().find(|id| has(id)) {
        Some("a") => Action::Add,
        Some("u") => Action::Update,
        Some("d") => Action::Delete,
        Some(_) | None => Action::List,
    };
    let request = Request {
        action,
        read_only: has("r"),
        force: has("f"),
        force_gpt: has("g"),
        wait: !has("n"),
        verbose: has("v"),
        delimiter: matches.get_one::<OsString>("p").map(|text| text.to_string_lossy().into_owned()),
        only: value(&matches, "t").and_then(|name| Scheme::all().find(|scheme| scheme.name() == name)),
        sector_size: value(&matches, "sector-size").and_then(|bytes| bytes.parse().ok()),
        slot: value(&matches, "slot").and_then(|slot| slot.parse().ok()),
        udev: has("udev"),
        json: has("json") || value(&matches, "reportformat").is_some_and(|format| format != "basic"),
        plan: has("plan"),
        path: PathBuf::from(path),
    };
    if request.json && action != Action::List && !request.plan {
        return Err(Stop::Wrong(Some("--json goes with -l or --plan".to_owned())));
    }
    Ok(request)
}

fn value<'a>(matches: &'a ArgMatches, id: &str) -> Option<&'a str> {
    matches.get_one::<String>(id).map(String::as_str)
}

/// What clap says, in one line.
fn wrong(error: clap::Error) -> Stop {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    let line = line.strip_prefix("error: ").unwrap_or(line).trim_end_matches(':');
    match error.kind() {
        ErrorKind::InvalidValue => {
            let known = text.lines().find(|line| line.contains("possible values")).unwrap_or_default();
            Stop::Wrong(Some(format!("{line} {}", known.trim()).trim_end().to_owned()))
        }
        _ => Stop::Wrong(Some(line.to_owned())),
    }
}

/// How it is called.
const CALL: &str = "kpartx [-l|-a|-u|-d] [OPTION ...] DISK";

/// The text that help gives, and every call that makes no sense.
pub(super) fn usage() -> String {
    let mut text = format!("Usage: {CALL}\n");
    for row in ROWS {
        let _ = writeln!(text, "\t{:<22} {}", row.shown(), row.2);
    }
    text
}

/// The command's page.
pub(crate) fn page(name: &'static str, about: &'static str, body: &'static str) -> Page {
    let option = |row: &Row| OptionText { shown: row.shown(), about: row.2 };
    Page {
        name,
        about,
        forms: vec![FormText { about: "", call: CALL.to_owned() }],
        body,
        options: ROWS.iter().map(option).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Request, Stop> {
        read(&line.split(' ').map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn letters_are_read_as_getopt_reads_them() {
        let request = parse("-un -p -part /dev/dm-0").unwrap();
        assert_eq!((request.action, request.wait), (Action::Update, false));
        assert_eq!(request.delimiter.as_deref(), Some("-part"));
        let request = parse("-p- disk.img -avvs -n -s other").unwrap();
        assert_eq!((request.action, request.wait, request.verbose), (Action::Add, true, true));
        assert_eq!(request.delimiter.as_deref(), Some("-"));
        assert_eq!(request.path, PathBuf::from("disk.img"));
    }

    #[test]
    fn of_several_actions_the_last_counts() {
        assert_eq!(parse("-a -d x").unwrap().action, Action::Delete);
        assert_eq!(parse("-adl x").unwrap().action, Action::List);
        assert_eq!(parse("x").unwrap().action, Action::List);
    }

    #[test]
    fn nonsense_is_refused() {
        for line in ["-z x", "-l", "a b c", "-t fat x", "--sector-size 513 x", "--json -a x", "-p"] {
            assert!(matches!(parse(line), Err(Stop::Wrong(_))), "{line}");
        }
    }
}
