//! `help`: the list of commands, or the help of some.

use super::{Name, supported};
use crate::exit::Exit;
use crate::forms::Usage;
use crate::parsed::Parsed;
use crate::world::World;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    let words = parsed.words();
    match words.as_slice() {
        [] => {
            list(world);
            Exit::OK
        }
        [all] if all == "all" => {
            for name in Name::all().filter(|&name| supported::command(name)) {
                world.raw(text(name, true));
            }
            Exit::OK
        }
        words => words.iter().map(|word| one(world, word)).max().unwrap_or(Exit::OK),
    }
}

fn one(world: &mut World, word: &str) -> Exit {
    match Name::find(word) {
        Some(name) => {
            world.raw(text(name, false));
            Exit::OK
        }
        None => {
            world.report(format_args!("{word}: no such command."));
            Exit::INVALID
        }
    }
}

fn text(name: Name, long: bool) -> String {
    match super::own(name) {
        Some(own) => (own.help)(),
        None => Usage::new(name).help(long),
    }
}

/// The list of commands. It goes to standard error, where programs look for it.
pub(crate) fn list(world: &mut World) {
    world.warn("Available lvm commands:");
    world.warn("Use 'lvm help <command>' for more information");
    world.warn("");
    for name in Name::all() {
        let later = if supported::command(name) { "" } else { " (not yet)" };
        world.warn(format_args!("{:<16}{}{later}", name.text(), name.about()));
    }
}
