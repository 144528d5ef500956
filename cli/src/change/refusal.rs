//! Why a change is not made.

use crate::exit::Exit;
use crate::world::World;
use metadata::plan::Notice;
use std::error::Error;

/// Why a command goes no further, with the status to end with.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// The lines.
    pub(crate) lines: Vec<String>,
    /// The way out.
    pub(crate) hint: Option<String>,
    /// The status.
    pub(crate) exit: Exit,
    /// What had been decided before.
    pub(crate) notices: Vec<Notice>,
    /// Whether all is as asked already: no failure where only that was wanted (`--if-needed`).
    pub(crate) already_so: bool,
}

impl Refusal {
    /// Refused for that reason: status 5.
    pub(crate) fn failed(error: &(dyn Error + 'static)) -> Self {
        Self { lines: chain(error), ..Self::nothing_to_do() }.with(Exit::FAILED)
    }

    /// Refused with these words: status 5.
    pub(crate) fn words(line: impl Into<String>) -> Self {
        Self { lines: vec![line.into()], ..Self::nothing_to_do() }.with(Exit::FAILED)
    }

    /// Goes no further, since there is nothing to do: status 0.
    pub(crate) fn nothing_to_do() -> Self {
        Self { lines: Vec::new(), hint: None, exit: Exit::OK, notices: Vec::new(), already_so: false }
    }

    /// The request itself makes no sense: status 3.
    pub(crate) fn invalid(self) -> Self {
        self.with(Exit::INVALID)
    }

    /// With that status.
    fn with(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }

    /// All is as asked already.
    pub(crate) fn already_so(self, already_so: bool) -> Self {
        Self { already_so, ..self }
    }

    /// With one more line.
    pub(crate) fn line(mut self, line: impl Into<String>) -> Self {
        self.lines.push(line.into());
        self
    }

    /// With the way out.
    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// With what had been decided before.
    pub(crate) fn after(self, notices: Vec<Notice>) -> Self {
        Self { notices, ..self }
    }

    /// The status to end with: where all is as asked already and only that was wanted, success.
    pub(crate) fn exit_in(&self, world: &World) -> Exit {
        if self.already_so && world.if_needed { Exit::OK } else { self.exit }
    }

    /// Tells it, and gives the status.
    pub(crate) fn tell(self, world: &mut World) -> Exit {
        if self.already_so && world.if_needed {
            self.lines.into_iter().for_each(|line| world.print(line));
            return Exit::OK;
        }
        for line in self.lines {
            world.error(line);
        }
        if let Some(hint) = self.hint {
            world.hint(hint);
        }
        self.exit
    }
}

/// An error and its causes, a line each.
fn chain(error: &(dyn Error + 'static)) -> Vec<String> {
    let mut lines = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        lines.push(format!("  {error}"));
        cause = error.source();
    }
    lines
}
