//! `kpartx`: the partitions of a disk or an image, as devices. A grammar and statuses of its own: 0 or 1.

mod add;
mod apply;
mod attach;
mod delete;
mod grammar;
mod list;
mod opened;
mod plan;
mod udev;

pub(crate) use grammar::{clap_command, page};

use crate::commands::Name;
use crate::exit::Exit;
use crate::world::World;
use grammar::{Action, Request, usage};
use opened::Opened;
use partition::{Found, Options};
use std::ffi::OsString;
use std::fmt::Display;

/// All that goes wrong ends with 1.
const FAILED: Exit = Exit::ONE;

/// Runs the command line.
pub(crate) fn run(words: &[OsString], world: &mut World) -> Exit {
    match grammar::read(words) {
        Ok(request) => perform(&request, world).unwrap_or_else(|exit| exit),
        Err(grammar::Stop::Help) => {
            world.raw(help());
            Exit::OK
        }
        Err(grammar::Stop::Wrong(why)) => {
            why.into_iter().for_each(|line| world.bare_error(format_args!("kpartx: {line}")));
            world.raw(usage());
            FAILED
        }
    }
}

/// What the command does, and how it is called.
pub(crate) fn help() -> String {
    format!("  {} - {}\n\n{}", Name::Kpartx.text(), Name::Kpartx.about(), usage())
}

fn perform(request: &Request, world: &mut World) -> Result<Exit, Exit> {
    if request.action != Action::List && !request.plan {
        world.dm.usable().map_err(|absence| {
            world.bare_error(format_args!("device mapper prerequisites not met: {absence}"));
            FAILED
        })?;
    }
    if request.udev {
        return udev::run(world, request);
    }
    let opened = Opened::new(world, request)?;
    if request.action == Action::Delete && !request.plan {
        delete::abandoned(world, request)?;
    }
    let Some(opened) = opened else { return Ok(Exit::OK) };
    match request.action {
        Action::List => list::run(world, request, &opened),
        Action::Add | Action::Update => add::run(world, request, opened),
        Action::Delete => delete::run(world, request, &opened),
    }
}

/// Looks for a table and tells what is odd, and where there is none, that.
fn find_table(world: &mut World, request: &Request, opened: &Opened) -> Result<Found, Exit> {
    let options = Options {
        only: request.only,
        sector_size: request.sector_size,
        force_gpt: request.force_gpt,
        slot: request.slot,
    };
    let found = partition::find(&*opened.disk, &options).map_err(|error| failed(world, &error))?;
    let path = opened.path.display();
    for note in &found.notes {
        world.bare_error(format_args!("{path}: {note}"));
    }
    match &found.table {
        None if opened.disk.is_empty() => world.bare_error(format_args!("{path}: is empty")),
        None if found.notes.is_empty() => world.bare_error(format_args!("{path}: no partition table found")),
        None | Some(_) => {}
    }
    Ok(found)
}

/// Tells an error with its causes, in one line.
fn failed(world: &mut World, error: &dyn std::error::Error) -> Exit {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        line.push_str(&format!(": {error}"));
        cause = error.source();
    }
    refuse(world, line)
}

/// Tells why not.
fn refuse(world: &mut World, line: impl Display) -> Exit {
    world.bare_error(line);
    FAILED
}
