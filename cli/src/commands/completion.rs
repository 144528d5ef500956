//! `completion`: a shell's completion script, from the same tables as everything else.

use crate::exit::Exit;
use crate::grammar;
use crate::parsed::Parsed;
use crate::world::World;
use clap_complete::Shell;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    let words = parsed.words();
    let shell = match words.first().map(String::as_str) {
        Some("bash") => Shell::Bash,
        Some("zsh") => Shell::Zsh,
        Some("fish") => Shell::Fish,
        Some(other) => {
            world.error(format_args!("No completion for {other}: bash, zsh and fish have one."));
            return Exit::INVALID;
        }
        None => return Exit::INVALID,
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut grammar::program(), "rlvm", &mut script);
    world.raw(script);
    Exit::OK
}
