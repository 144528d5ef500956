//! From the words of one command to what they mean.

use crate::argv::{self, Canonical};
use crate::commands::Name;
use crate::exit::Exit;
use crate::forms;
use crate::grammar;
use crate::options::{Datum, Given, Opt};
use crate::parsed::{Occurrence, Parsed};
use crate::refusal;
use crate::world::World;
use std::ffi::OsString;
use units::Sign;

/// A command line whose options and values are right by themselves.
pub(crate) struct Read {
    name: Name,
    line: String,
    occurrences: Vec<Occurrence>,
    positionals: Vec<OsString>,
}

impl Read {
    /// Whether the option was given, by this of its names.
    pub(crate) fn has(&self, opt: Opt) -> bool {
        self.occurrences.iter().any(|occurrence| occurrence.opt == opt)
    }
}

/// Understands the arguments of command `name` without running it; what is wrong with them is told to
/// `world`, and the status to end with comes back.
pub fn parse(name: Name, words: &[OsString], world: &mut World) -> Result<Parsed, Exit> {
    read(name, name.text(), words, world).and_then(|read| understand(read, world))
}

/// Reads options and values. `typed` is the command as the user wrote it.
pub(crate) fn read(name: Name, typed: &str, words: &[OsString], world: &mut World) -> Result<Read, Exit> {
    let words = argv::drop_hyphens(words);
    let line = command_line(typed, &words);
    let options = forms::options_of(name);
    let Canonical { args, stopped } = argv::canonical(name, &options, &words);
    let (occurrences, positionals) = grammar::read(name, &options, &args).map_err(|error| {
        refusal::tell_clap(world, name, &error);
        Exit::INVALID
    })?;
    if let Some(stop) = stopped {
        refusal::tell_stop(world, typed, &stop);
        return Err(Exit::INVALID);
    }
    set_level(world, &occurrences);
    Ok(Read { name, line, occurrences, positionals })
}

/// Finds the form.
pub(crate) fn understand(read: Read, world: &mut World) -> Result<Parsed, Exit> {
    let Read { name, line, occurrences, positionals } = read;
    let twice = given_by_two_names(name, &occurrences);
    let mut standard: Vec<Occurrence> = occurrences.into_iter().map(|o| standard_name(name, o)).collect();
    let redundant = has_redundant_mirrors(name, &standard);
    let lone_size = redundant && has_lone_stripe_size(&standard);
    if redundant {
        let is_kept = |opt| opt != Opt::Mirrors && !(lone_size && opt == Opt::Stripesize);
        standard.retain(|occurrence| is_kept(occurrence.opt));
    }
    let vg_from_environment = world.env.os("LVM_VG_NAME").is_some();
    let form = forms::find(name, &standard, &positionals, vg_from_environment).map_err(|mismatch| {
        refusal::tell_mismatch(world, name, &mismatch);
        Exit::INVALID
    })?;
    if let Some((one, other)) = twice {
        return Err(refusal::tell_synonyms(world, name, one, other));
    }
    if lone_size {
        world.print("Ignoring stripesize argument with single stripe.");
    }
    if redundant {
        world.print("Redundant mirrors argument: default is 0");
    }
    world.detail(3, format_args!("Recognised form {:?}.", form.id));
    let kept = standard.into_iter().filter(|o| form.ignored.iter().all(|slot| slot.opt != o.opt)).collect();
    Ok(Parsed::new(form, line, kept, positionals))
}

/// Takes `-v` and `-q` to heart at once, for what is said from here on.
fn set_level(world: &mut World, occurrences: &[Occurrence]) {
    let count = |opt| occurrences.iter().filter(|occurrence| occurrence.opt == opt).count();
    let quiet = count(Opt::Quiet);
    if count(Opt::Verbose) > 0 {
        world.out.level.verbose = u8::try_from(count(Opt::Verbose)).unwrap_or(u8::MAX);
    }
    if quiet > 0 {
        world.out.level.verbose = 0;
        world.out.level.silent = quiet > 1;
    }
}

/// Whether lvcreate is asked for no copies, which without `--type` is what it makes anyway. A stripe size may stand
/// beside that: copies may be striped.
fn has_redundant_mirrors(name: Name, occurrences: &[Occurrence]) -> bool {
    let none = Datum::Number(Sign::Absolute, 0);
    let asks_for_none =
        |o: &Occurrence| o.opt == Opt::Mirrors && o.given.as_ref().map(|g| g.datum) == Some(none);
    name == Name::Lvcreate
        && occurrences.iter().any(asks_for_none)
        && occurrences.iter().all(|occurrence| occurrence.opt != Opt::Type)
}

/// Whether the size of stripes is given, not zero, and not their number.
fn has_lone_stripe_size(occurrences: &[Occurrence]) -> bool {
    let is_zero = |given: &Given| matches!(given.datum, Datum::Size(arg) if arg.size.is_zero());
    let given = |opt| occurrences.iter().find(|occurrence| occurrence.opt == opt);
    given(Opt::Stripes).is_none()
        && given(Opt::Stripesize).is_some_and(|size| !size.given.as_ref().is_some_and(is_zero))
}

/// An option given by two of its names: the synonym, and the standard one.
fn given_by_two_names(name: Name, occurrences: &[Occurrence]) -> Option<(Opt, Opt)> {
    let given = |opt| occurrences.iter().any(|occurrence| occurrence.opt == opt);
    let names = occurrences.iter().map(|occurrence| (occurrence.opt, occurrence.opt.standard(name)));
    names.into_iter().find(|&(opt, standard)| opt != standard && given(standard))
}

fn standard_name(name: Name, occurrence: Occurrence) -> Occurrence {
    let given = match occurrence.opt {
        Opt::Corelog => Some(Given { raw: "core".into(), datum: Datum::Text }),
        _ => occurrence.given,
    };
    Occurrence { opt: occurrence.opt.standard(name), given }
}

/// The command line as LVM2 describes changes by it.
fn command_line(typed: &str, words: &[OsString]) -> String {
    let quoted = words.iter().map(|word| {
        let word = word.to_string_lossy();
        if word.contains(' ') { format!("'{word}'") } else { word.into_owned() }
    });
    std::iter::once(typed.to_owned()).chain(quoted).collect::<Vec<_>>().join(" ")
}
