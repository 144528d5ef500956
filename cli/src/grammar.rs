//! clap's part: each command is a `clap::Command` built from the option table and the forms.

use crate::commands::{self, Name, supported};
use crate::forms::options_of;
use crate::options::{Given, Opt, Repeat, Value};
use crate::parsed::Occurrence;
use clap::builder::{OsStringValueParser, TypedValueParser, ValueParser};
use clap::{Arg, ArgAction, ArgMatches, Command, ValueHint};
use std::ffi::OsString;

/// The id of the positional arguments.
const POSITIONALS: &str = "arguments";

/// clap's view of one command that takes `options`.
fn command(name: Name, options: &[Opt]) -> Command {
    let args = options.iter().copied().enumerate().map(|(place, opt)| arg(name, opt).display_order(place));
    Command::new(name.text())
        .about(name.about())
        .disable_help_flag(true)
        .disable_version_flag(true)
        .infer_long_args(false)
        .args(args)
        .arg(
            Arg::new(POSITIONALS)
                .action(ArgAction::Append)
                .num_args(0..)
                .allow_hyphen_values(true)
                .value_hint(ValueHint::AnyPath)
                .value_parser(OsStringValueParser::new()),
        )
}

/// The whole program, as completion sees it: the commands and options that are done.
pub(crate) fn program() -> Command {
    let commands = Name::all().filter(|&name| supported::command(name)).map(|name| {
        if let Some(own) = commands::own(name) {
            return (own.clap)().about(name.about());
        }
        let mut options = options_of(name);
        options.retain(|opt| supported::option(name, opt.standard(name)));
        command(name, &options).mut_args(|arg| arg.require_equals(false))
    });
    Command::new("rlvm").disable_help_flag(true).disable_help_subcommand(true).subcommands(commands)
}

fn arg(name: Name, opt: Opt) -> Arg {
    let spec = opt.spec();
    let value = opt.value(name);
    let arg = Arg::new(spec.long).long(spec.long).short(opt.letter(name)).help(spec.about);
    if !value.is_some() {
        return arg.action(if spec.repeat == Repeat::Count { ArgAction::Count } else { ArgAction::SetTrue });
    }
    let repeats = matches!(spec.repeat, Repeat::Group(_));
    arg.action(if repeats { ArgAction::Append } else { ArgAction::Set })
        .num_args(1)
        .require_equals(true)
        .allow_hyphen_values(true)
        .value_name(value.shown())
        .value_hint(hint(value))
        .value_parser(reader(value))
}

fn reader(value: Value) -> ValueParser {
    ValueParser::new(OsStringValueParser::new().try_map(move |raw: OsString| value.read(&raw)))
}

fn hint(value: Value) -> ValueHint {
    match value {
        Value::Pv | Value::WriteMostly => ValueHint::FilePath,
        _ => ValueHint::Unknown,
    }
}

/// What clap made of a canonical command line: the options in the order given, and the positionals.
pub(crate) fn read(
    name: Name,
    options: &[Opt],
    args: &[OsString],
) -> Result<(Vec<Occurrence>, Vec<OsString>), Box<clap::Error>> {
    let matches = command(name, options).no_binary_name(true).try_get_matches_from(args)?;
    let mut found: Vec<(usize, Occurrence)> = Vec::new();
    for &opt in options {
        if opt.value(name).is_some() {
            let indexes = matches.indices_of(opt.long()).into_iter().flatten();
            let values = matches.get_many::<Given>(opt.long()).into_iter().flatten();
            let given = |given: &Given| Occurrence { opt, given: Some(given.clone()) };
            found.extend(indexes.zip(values.map(given)));
        } else {
            let flag = |_| (0, Occurrence { opt, given: None });
            found.extend((0..times(&matches, opt)).map(flag));
        }
    }
    found.sort_by_key(|(index, _)| *index);
    let occurrences = found.into_iter().map(|(_, occurrence)| occurrence).collect();
    let positionals = matches.get_many::<OsString>(POSITIONALS).into_iter().flatten().cloned().collect();
    Ok((occurrences, positionals))
}

fn times(matches: &ArgMatches, opt: Opt) -> u8 {
    match opt.spec().repeat {
        Repeat::Count => matches.get_count(opt.long()),
        Repeat::No | Repeat::Group(_) => matches.get_flag(opt.long()).into(),
    }
}
