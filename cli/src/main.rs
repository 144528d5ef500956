//! The program: a real world, and the command it was called for.
#![forbid(unsafe_code)]

use cli::{Exit, World};
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args_os().collect();
    match World::of_system() {
        Ok(mut world) => cli::run(&args, &mut world).into(),
        Err(_) => Exit::INIT.into(),
    }
}
