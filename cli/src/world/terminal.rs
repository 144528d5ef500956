//! Who answers questions.

use std::collections::VecDeque;
use std::io::{self, BufRead, IsTerminal};

/// Standard input, as far as prompts need it.
pub trait Terminal {
    /// Whether a person sits there.
    fn is_interactive(&self) -> bool;

    /// Whether standard error is a terminal, so that a progress bar makes sense.
    fn shows_progress(&self) -> bool;

    /// The next line without its newline, or `None` at the end of input.
    fn read_line(&mut self) -> io::Result<Option<String>>;
}

/// The process's standard input and error.
#[derive(Debug)]
pub struct Console;

impl Terminal for Console {
    fn is_interactive(&self) -> bool {
        io::stdin().is_terminal()
    }

    fn shows_progress(&self) -> bool {
        io::stderr().is_terminal()
    }

    fn read_line(&mut self) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        if io::stdin().lock().read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        // An answer cut off before its newline is none: a script that died must not be taken for a yes.
        Ok(line.strip_suffix(b"\n").map(|line| String::from_utf8_lossy(line).into_owned()))
    }
}

/// Answers prepared beforehand, for tests.
#[derive(Debug, Default)]
pub struct Scripted(pub VecDeque<String>);

impl Terminal for Scripted {
    fn is_interactive(&self) -> bool {
        false
    }

    fn shows_progress(&self) -> bool {
        false
    }

    fn read_line(&mut self) -> io::Result<Option<String>> {
        Ok(self.0.pop_front())
    }
}
