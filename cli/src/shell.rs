//! Commands one after the other: typed, piped in, or from a script.

mod editor;

use crate::commands::Name;
use crate::exit::Exit;
use crate::run::command;
use crate::session::settings;
use crate::words;
use crate::world::{Entry, World};
use editor::Editor;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

/// What the last command said, and how it ended.
#[derive(Clone, Debug)]
pub(crate) struct Last {
    /// Its name.
    pub(crate) command: String,
    /// Its messages.
    pub(crate) said: Vec<Entry>,
    /// Its status.
    pub(crate) exit: Exit,
}

/// The shell: from a person, with a history and completion, or from whatever standard input is. It ends with
/// status 0, as LVM2's does.
pub(crate) fn shell(world: &mut World) -> Exit {
    let size = match settings::files(world) {
        Ok((settings, _)) => usize::try_from(settings.int("shell/history_size")).unwrap_or(0),
        Err(exit) => return exit,
    };
    let mut editor = world.terminal.is_interactive().then(|| Editor::open(&world.env, size));
    loop {
        world.out.flush();
        let line = match &mut editor {
            Some(editor) => editor.line("lvm> "),
            None => world.terminal.read_line(world.interrupted.clone()).ok().flatten(),
        };
        let Some(line) = line else { break };
        let words = command_words(&line);
        let Some(first) = words.first() else { continue };
        if *first == "quit" || *first == "exit" {
            if editor.is_some() {
                world.error("Exiting.");
            }
            break;
        }
        let exit = one(&words, world);
        if exit == Exit::NO_COMMAND {
            world.error(format_args!("No such command '{}'.  Try 'help'.", first.to_string_lossy()));
        }
        if let Some(editor) = &mut editor {
            editor.save();
        }
        if world.out.broken().is_some() {
            break;
        }
    }
    Exit::OK
}

/// A script: a file whose first line begins with `#!`. It ends at the first command that fails, with its status.
/// None where there is no such file.
pub(crate) fn script(path: &Path, world: &mut World) -> Option<Exit> {
    let text = fs::read_to_string(path).ok().filter(|text| text.starts_with("#!"))?;
    let mut exit = Exit::OK;
    for line in text.lines() {
        let words = command_words(line);
        let Some(first) = words.first() else { continue };
        if *first == "quit" || *first == "exit" {
            break;
        }
        exit = one(&words, world);
        if exit == Exit::NO_COMMAND {
            world.error(format_args!("No such command '{}'.  Try 'lvm help'.", first.to_string_lossy()));
        }
        if !exit.is_ok() {
            break;
        }
    }
    Some(exit)
}

/// The words of a line, without a leading `lvm`.
fn command_words(line: &str) -> Vec<OsString> {
    let mut words = words::split(line);
    if words.first().is_some_and(|first| first == "lvm" || first == "rlvm") {
        words.remove(0);
    }
    words
}

/// Runs one command as if it were alone.
fn one(words: &[OsString], world: &mut World) -> Exit {
    let Some((first, rest)) = words.split_first() else { return Exit::OK };
    world.begin_command();
    let typed = first.to_string_lossy();
    let Some(name) = typed.rsplit('/').next().and_then(Name::find) else { return Exit::NO_COMMAND };
    let exit = command(name, &typed, rest, world);
    let said = world.out.log.recorded();
    if name != Name::Lastlog {
        world.last = Some(Last { command: name.text().to_owned(), said, exit });
    }
    exit
}

impl World {
    /// Forgets what the options and settings of the command before brought about.
    fn begin_command(&mut self) {
        self.in_shell = true;
        self.out.said_error = false;
        (self.out.level, self.out.lead) = Default::default();
        self.out.log.listen(None, None, 0);
        self.out.log.record();
        if let Some(flag) = &self.interrupted {
            flag.store(false, std::sync::atomic::Ordering::Relaxed);
        }
    }
}
