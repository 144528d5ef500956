//! Who answers questions.

use crate::waiting;
use std::collections::VecDeque;
use std::io::{self, IsTerminal, Read};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Standard input, as far as prompts need it.
pub trait Terminal {
    /// Whether a person sits there.
    fn is_interactive(&self) -> bool;

    /// Whether standard error is a terminal, so that a progress bar makes sense.
    fn shows_progress(&self) -> bool;

    /// The next line without its newline, or `None` at the end of input, or once `stop` is set.
    fn read_line(&mut self, stop: Option<Arc<AtomicBool>>) -> io::Result<Option<String>>;
}

/// The process's standard input and error.
#[derive(Debug, Default)]
pub struct Console {
    /// What was read beyond the last line.
    ahead: Vec<u8>,
}

impl Terminal for Console {
    fn is_interactive(&self) -> bool {
        io::stdin().is_terminal()
    }

    fn shows_progress(&self) -> bool {
        io::stderr().is_terminal()
    }

    fn read_line(&mut self, stop: Option<Arc<AtomicBool>>) -> io::Result<Option<String>> {
        let mut input = waiting::stdin(stop)?;
        let mut seen = 0;
        loop {
            if let Some(end) = self.ahead[seen..].iter().position(|&byte| byte == b'\n') {
                let line: Vec<u8> = self.ahead.drain(..=seen + end).collect();
                return Ok(Some(String::from_utf8_lossy(&line[..line.len() - 1]).into_owned()));
            }
            seen = self.ahead.len();
            let mut piece = [0; 4096];
            match input.read(&mut piece) {
                // An answer cut off before its newline is none: a script that died must not be taken for a yes.
                Ok(0) => return Ok(None),
                Ok(got) => self.ahead.extend_from_slice(&piece[..got]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => (),
                Err(error) => return Err(error),
            }
        }
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

    fn read_line(&mut self, _: Option<Arc<AtomicBool>>) -> io::Result<Option<String>> {
        Ok(self.0.pop_front())
    }
}
