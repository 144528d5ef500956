//! Why a command line is refused, in LVM2's lines: clap's errors, getopt's stops and mismatched forms.

use crate::argv::Stop;
use crate::commands::{Name, supported};
use crate::exit::Exit;
use crate::forms::{Mismatch, SlotValue, Usage};
use crate::options::{BadValue, Opt, Repeat};
use crate::parsed::Parsed;
use crate::world::World;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::error::Error;

/// Tells what clap refused.
pub(crate) fn tell_clap(world: &mut World, name: Name, error: &clap::Error) {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.as_str(),
        _ => "",
    };
    let opt = find(name, text(ContextKind::InvalidArg));
    match (error.kind(), opt) {
        (ErrorKind::ValueValidation, Some(opt)) => {
            let bad = error.source().and_then(|source| source.downcast_ref::<BadValue>());
            if let Some(bad) = bad.filter(|bad| **bad != BadValue::Plain) {
                world.error(bad);
            }
            let value = text(ContextKind::InvalidValue);
            world.error(format_args!("Invalid argument for --{}: {value}", opt.long()));
        }
        (ErrorKind::ArgumentConflict, Some(opt)) => {
            let letter = opt.letter(name).map(|letter| format!("-{letter}/")).unwrap_or_default();
            world.error(format_args!("Option {letter}--{} may not be repeated.", opt.long()));
        }
        _ => world.error(error.to_string().lines().next().unwrap_or_default()),
    }
    world.error("Error during parsing of command line.");
}

/// The option clap shows as `--size=<Size>`.
fn find(name: Name, shown: &str) -> Option<Opt> {
    let long = shown.strip_prefix("--")?;
    let end = long.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(long.len());
    crate::forms::options_of(name).into_iter().find(|opt| opt.long() == &long[..end])
}

/// Tells what getopt would have stopped at. `program` is the word it puts first: the command as typed.
pub(crate) fn tell_stop(world: &mut World, program: &str, stop: &Stop) {
    world.bare_error(format_args!("{program}: {stop}"));
    world.error("Error during parsing of command line.");
}

/// Tells why no form applies.
pub(crate) fn tell_mismatch(world: &mut World, name: Name, mismatch: &Mismatch) {
    match mismatch {
        Mismatch::None { nearest, only } => {
            let name = name.text();
            world.error(format_args!(
                "No command with matching syntax recognised.  Run '{name} --help' for more information."
            ));
            if let Some(form) = nearest {
                world.warn(if *only {
                    "Correct command syntax is:"
                } else {
                    "Nearest similar command has syntax:"
                });
                let syntax = Usage::new(form.name).synopsis(form);
                let about =
                    if form.about.is_empty() { String::new() } else { format!("  {}.\n", form.about) };
                world.raw(format!("{syntax}\n{about}\n"));
            }
        }
        Mismatch::Options(unused) => {
            for (opt, value) in unused {
                // LVM2 knows the values of repeatable options by group only, and shows none.
                let single = value.as_ref().filter(|_| opt.spec().repeat == Repeat::No);
                let value = single.map(|value| format!(" {}", value.to_string_lossy())).unwrap_or_default();
                world.error(format_args!("Command does not accept option: --{}{value}.", opt.long()));
            }
        }
        Mismatch::Argument(argument) => {
            let argument = argument.to_string_lossy();
            world.error(format_args!("Command does not accept argument: {argument}."));
        }
        Mismatch::Excluded(rule) => {
            let (when, refuses) = (names(rule.when), names(rule.refuses));
            world.error(format_args!("Command does not accept option combination: {when} with {refuses}"));
        }
    }
}

fn names(opts: &[Opt]) -> String {
    opts.iter().map(|opt| format!("--{} ", opt.long())).collect()
}

/// Tells that one option was given by two names.
pub(crate) fn tell_synonyms(world: &mut World, name: Name, one: Opt, other: Opt) -> Exit {
    if one == Opt::Profile {
        world.error("Only one of --profile or --metadataprofile allowed.");
        return Exit::FAILED;
    }
    if one == Opt::Corelog {
        world.error("--mirrorlog and --corelog are incompatible.");
    } else {
        let (one, other) = (one.long(), other.long());
        world.error(format_args!("--{one} and --{other} are synonyms.  Please only supply one."));
    }
    world.error(format_args!("Run `{} --help' for more information.", name.text()));
    Exit::INVALID
}

/// Tells that a command, or this form of it, is for a later version of rlvm.
pub(crate) fn tell_unsupported_form(world: &mut World, parsed: &Parsed) {
    let name = parsed.name();
    if !supported::command(name) {
        world.error(format_args!("{} is not supported yet by rlvm.", name.text()));
        return;
    }
    let mut shown = name.text().to_owned();
    for slot in parsed.form_row().required {
        shown.push_str(" --");
        shown.push_str(slot.opt.long());
        if let SlotValue::Word(word) = slot.value {
            shown.push(' ');
            shown.push_str(word);
        }
    }
    world.error(format_args!("{shown} is not supported yet by rlvm."));
}
