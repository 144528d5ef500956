//! From the words typed to the command that runs.

use crate::change::GUARDIAN;
use crate::commands::{self, Name, supported};
use crate::exit::Exit;
use crate::forms::Usage;
use crate::globals;
use crate::journal::Intent;
use crate::options::Opt;
use crate::parse;
use crate::parsed::Parsed;
use crate::part;
use crate::refusal;
use crate::reports::Output;
use crate::shell;
use crate::world::World;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Names under which the program takes the command from its first argument.
const PROGRAMS: &[&str] = &["rlvm", "lvm", "lvm.static", "initrd-lvm"];

/// Runs the command that `args` asks for, `args[0]` being the name the program was called by, and gives the
/// status to end with. A closed standard output ends a report with 141; a change has by then been finished.
pub fn run(args: &[OsString], world: &mut World) -> Exit {
    if args.get(1).is_some_and(|word| word == GUARDIAN) {
        return guard(world);
    }
    let called = args.first().and_then(|name| Path::new(name).file_name()).unwrap_or(OsStr::new("rlvm"));
    if !world.take_descriptors() {
        return Exit::INIT;
    }
    world.close_strays(&called.to_string_lossy());
    let exit = dispatch(args, world);
    world.out.flush();
    match world.out.broken() {
        Some(io::ErrorKind::BrokenPipe) => Exit::PIPE,
        Some(kind) => {
            world.error(format_args!("Standard output: {}.", io::Error::from(kind)));
            exit.worse(Exit::FAILED)
        }
        None => exit,
    }
}

/// A guardian's life: see [`activate::guardian`].
fn guard(world: &mut World) -> Exit {
    let open = |path: &Path| part::open_disk(world, path);
    let (orders, answers) = (&mut io::stdin().lock(), &mut io::stdout().lock());
    match activate::guardian::run(&*world.dm, orders, answers, &open, &world.activation) {
        Ok(_) => Exit::OK,
        // The command was told, and says so.
        Err(error) if error.is_answer() => Exit::FAILED,
        Err(error) => {
            world.error_chain(&error);
            Exit::FAILED
        }
    }
}

fn dispatch(args: &[OsString], world: &mut World) -> Exit {
    let (program, rest) =
        args.split_first().map_or((OsStr::new("rlvm"), &[][..]), |(p, r)| (p.as_os_str(), r));
    let base = Path::new(program).file_name().unwrap_or(program);
    let multi = PROGRAMS.iter().any(|name| base == OsStr::new(name));
    let (word, rest) = match (multi, rest.split_first()) {
        (false, _) => (program, rest),
        (true, Some((word, rest))) => (word.as_os_str(), rest),
        (true, None) => return shell::shell(world),
    };
    let word = match word.to_str() {
        Some("-h" | "--help" | "-?") if multi => OsStr::new("help"),
        Some("--version") if multi => OsStr::new("version"),
        _ => word,
    };
    if multi && word.as_bytes().first() == Some(&b'-') {
        world.error("Specify options after a command: lvm [command] [options].");
        return Exit::INVALID;
    }
    let name = Path::new(word).file_name().and_then(OsStr::to_str).and_then(Name::find);
    let Some(name) = name else {
        if multi && let Some(exit) = shell::script(Path::new(word), world) {
            return exit;
        }
        world.error("No such command.  Try 'lvm help'.");
        return Exit::NO_COMMAND;
    };
    if let Some(own) = commands::own(name) {
        return (own.run)(rest, world);
    }
    // LVM2 looks at no option here.
    if multi && name == Name::Version && !asks_for_json(rest) {
        return commands::version::show(world);
    }
    let mut words = rest.to_vec();
    if let Some(first) = words.first_mut().filter(|first| *first == "-?") {
        *first = "-h".into();
    }
    command(name, &word.to_string_lossy(), &words, world)
}

/// Runs a command with its words.
pub(crate) fn command(name: Name, typed: &str, words: &[OsString], world: &mut World) -> Exit {
    // A command line that makes no sense may still say how it wants to hear that.
    if asks_for_json(words) {
        world.keep_journal_of(name);
    }
    let exit = read_and_run(name, typed, words, world);
    world.show_journal(name, Intent::Do, exit);
    exit
}

fn read_and_run(name: Name, typed: &str, words: &[OsString], world: &mut World) -> Exit {
    let read = match parse::read(name, typed, words, world) {
        Ok(read) => read,
        Err(exit) => return exit,
    };
    if read.has(Opt::Help) || read.has(Opt::Longhelp) || read.has(Opt::Version) {
        world.journal = None;
    }
    if read.has(Opt::Help) || read.has(Opt::Longhelp) {
        world.raw(Usage::new(name).help(read.has(Opt::Longhelp)));
        return Exit::OK;
    }
    if read.has(Opt::Version) {
        return commands::version::show(world);
    }
    match parse::understand(read, world) {
        Ok(parsed) => perform(&parsed, world),
        Err(exit) => exit,
    }
}

/// Whether the words hold `--reportformat json`, in any way it may be written.
fn asks_for_json(words: &[OsString]) -> bool {
    let words: Vec<&str> =
        words.iter().map_while(|word| word.to_str()).take_while(|word| *word != "--").collect();
    let value = |(at, word): (usize, &&str)| {
        let (name, value) = word.strip_prefix("--").map(|word| word.split_once('=').unwrap_or((word, "")))?;
        let name = name.replace('-', "");
        let value = if value.is_empty() { words.get(at + 1).copied().unwrap_or_default() } else { value };
        (name.len() > "report".len() && "reportformat".starts_with(&name)).then(|| value.to_owned())
    };
    words.iter().enumerate().filter_map(value).next_back().is_some_and(|format| format.starts_with("json"))
}

/// Runs what was understood, unless it is for a later version of rlvm.
pub(crate) fn perform(parsed: &Parsed, world: &mut World) -> Exit {
    let name = parsed.name();
    let Some(handler) = commands::handler(name).filter(|_| supported::form(parsed.form())) else {
        refusal::tell_unsupported_form(world, parsed);
        return Exit::FAILED;
    };
    let mut refused = parsed.occurrences().iter().map(|o| o.opt).filter(|&opt| !supported::option(name, opt));
    if let Some(opt) = refused.next() {
        world.error(format_args!("{} --{} is not supported yet by rlvm.", name.text(), opt.long()));
        return Exit::FAILED;
    }
    let as_json = parsed.str(Opt::Reportformat).is_some_and(|format| format.starts_with("json"));
    if as_json {
        world.keep_journal_of(name);
    }
    world.if_needed = parsed.flag(Opt::Ifneeded);
    let exit = match globals::check(parsed, world) {
        Ok(()) => handler(parsed, world),
        Err(exit) => exit,
    };
    Output::close_log(parsed, world);
    world.show_journal(name, Intent::of(parsed), exit);
    if exit == Exit::INVALID && !world.in_shell {
        world.error(format_args!("Run `{} --help' for more information.", name.text()));
    }
    if !exit.is_ok() && !world.out.said_error {
        world.error(format_args!("Command failed with status code {}.", exit.code()));
    }
    exit
}
