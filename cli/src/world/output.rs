//! Standard output and standard error.

use super::command_log::{About, Kept};
use super::log::Log;
use std::fmt;
use std::io::{self, Write};
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

/// How much a command says, from `-q` and `-v`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Level {
    /// `-v` given that often; 0 after `-q`.
    pub verbose: u8,
    /// `-qq`: informational lines are left out and questions are answered "no".
    pub silent: bool,
}

/// How much a line weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Asked for, on standard output.
    Report,
    /// What was done, on standard output.
    Print,
    /// What stands in the way, on standard error.
    Error,
    /// Something to mind, on standard error.
    Warn,
    /// What is being done, on standard error with as many `-v`.
    Detail(u8),
}

/// What stands before each line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    /// The command's name, where it is wanted.
    pub name: String,
    /// `log/prefix`.
    pub prefix: String,
}

impl Default for Lead {
    fn default() -> Self {
        Self { name: String::new(), prefix: "  ".to_owned() }
    }
}

/// Where bytes go.
pub enum Sink {
    /// The process's standard output.
    Stdout,
    /// The process's standard error.
    Stderr,
    /// Memory that a test reads afterwards.
    Memory(Arc<Mutex<Vec<u8>>>),
    /// Any other writer.
    Writer(Box<dyn Write>),
}

impl Sink {
    /// Memory, and the handle by which to read it.
    pub fn memory() -> (Self, Arc<Mutex<Vec<u8>>>) {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        (Self::Memory(bytes.clone()), bytes)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Stdout => io::stdout().lock().write_all(bytes),
            Self::Stderr => io::stderr().lock().write_all(bytes),
            Self::Memory(memory) => {
                memory.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
                Ok(())
            }
            Self::Writer(writer) => writer.write_all(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout => io::stdout().lock().flush(),
            Self::Stderr => io::stderr().lock().flush(),
            Self::Memory(_) => Ok(()),
            Self::Writer(writer) => writer.flush(),
        }
    }
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stdout => "Stdout",
            Self::Stderr => "Stderr",
            Self::Memory(_) => "Memory",
            Self::Writer(_) => "Writer",
        })
    }
}

/// Both streams. Standard output is gathered and written in large pieces, always before anything goes
/// to standard error, so that the two keep their order where they end in one place.
#[derive(Debug)]
pub struct Output {
    out: Sink,
    err: Sink,
    /// Where reports go, if not to standard output (`LVM_REPORT_FD`).
    report: Option<Sink>,
    gathered: Vec<u8>,
    broken: Option<io::ErrorKind>,
    /// How much to say.
    pub level: Level,
    /// The command log, where one was asked for.
    pub for_report: Option<Kept>,
    /// What lines are about that are said now.
    pub about: Option<About>,
    /// What stands before each line.
    pub lead: Lead,
    /// Who is told besides.
    pub log: Log,
    /// Whether an error line was written since the start: a command that fails must have said why.
    pub said_error: bool,
}

/// Standard output is written once that much is gathered.
const PIECE: usize = 64 * 1024;

impl Output {
    /// Both streams, saying as much as a command does without `-q` and `-v`.
    pub fn new(out: Sink, err: Sink) -> Self {
        let (gathered, level, lead, log) = Default::default();
        let report = None;
        Self {
            out,
            err,
            report,
            gathered,
            broken: None,
            level,
            for_report: None,
            about: None,
            lead,
            log,
            said_error: false,
        }
    }

    /// From now on what is said, what goes wrong and reports go there; each stays where it was for none.
    pub(super) fn redirect(&mut self, out: Option<Sink>, err: Option<Sink>, report: Option<Sink>) {
        self.flush();
        self.out = out.unwrap_or(mem::replace(&mut self.out, Sink::Stdout));
        self.err = err.unwrap_or(mem::replace(&mut self.err, Sink::Stderr));
        self.report = report;
    }

    /// A line of that weight: to its stream, and to whoever else is told.
    pub fn said(&mut self, weight: Weight, line: &str) {
        self.log.add(weight, line);
        self.write(weight, line);
    }

    /// A line of that weight to its stream alone.
    pub(crate) fn write(&mut self, weight: Weight, line: &str) {
        let Lead { name, prefix } = &self.lead;
        match weight {
            Weight::Report | Weight::Print => {
                let line = format!("{name}{prefix}{line}\n");
                self.out_bytes(line.as_bytes());
            }
            Weight::Error | Weight::Warn => {
                let line = format!("{name}{prefix}{line}\n");
                self.err_bytes(line.as_bytes());
            }
            Weight::Detail(level) if self.level.verbose >= level => {
                let indent = usize::from(level) * 2;
                let line = format!("{name}{prefix}{:indent$}{line}\n", "");
                self.err_bytes(line.as_bytes());
            }
            Weight::Detail(_) => {}
        }
    }

    /// Whether anybody hears of a line of that weight.
    pub fn hears(&self, weight: Weight) -> bool {
        match weight {
            Weight::Detail(level) => self.level.verbose >= level || self.log.wants(weight),
            Weight::Report | Weight::Print | Weight::Error | Weight::Warn => true,
        }
    }

    /// Adds bytes to standard output. Errors show in [`Output::broken`].
    pub fn out_bytes(&mut self, bytes: &[u8]) {
        if self.broken.is_none() {
            self.gathered.extend_from_slice(bytes);
            if self.gathered.len() >= PIECE {
                self.flush();
            }
        }
    }

    /// Adds bytes of a report: to standard output, or to where reports were sent.
    pub fn report_bytes(&mut self, bytes: &[u8]) {
        let Some(sink) = &mut self.report else { return self.out_bytes(bytes) };
        if self.broken.is_none() {
            let result = sink.write(bytes).and_then(|()| sink.flush());
            self.broken = result.err().map(|error| error.kind());
        }
    }

    /// Writes bytes to standard error, after all that standard output got before. Errors are ignored:
    /// there is nowhere left to tell.
    pub fn err_bytes(&mut self, bytes: &[u8]) {
        self.flush();
        let _ = self.err.write(bytes);
        let _ = self.err.flush();
    }

    /// Writes what is gathered.
    pub fn flush(&mut self) {
        if self.broken.is_none() && !self.gathered.is_empty() {
            let result = self.out.write(&self.gathered).and_then(|()| self.out.flush());
            self.broken = result.err().map(|error| error.kind());
        }
        self.gathered.clear();
    }

    /// Whether what is said goes to the process's standard output.
    pub(crate) const fn is_stdout(&self) -> bool {
        matches!(self.out, Sink::Stdout)
    }

    /// Why standard output takes no more, if so: a report may stop early, a change goes on.
    pub const fn broken(&self) -> Option<io::ErrorKind> {
        self.broken
    }
}

#[cfg(test)]
mod tests {
    use super::{Output, Sink};
    use std::io::{self, Write};

    struct Closed;

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_closed_pipe_is_remembered_and_nothing_more_is_written() {
        let mut output = Output::new(Sink::Writer(Box::new(Closed)), Sink::memory().0);
        output.out_bytes(b"row\n");
        assert_eq!(output.broken(), None);
        output.flush();
        assert_eq!(output.broken(), Some(io::ErrorKind::BrokenPipe));
        output.out_bytes(b"row\n");
        output.flush();
    }

    #[test]
    fn the_streams_keep_their_order_in_one_place() {
        let (sink, bytes) = Sink::memory();
        let same = Sink::Memory(bytes.clone());
        let mut output = Output::new(sink, same);
        output.out_bytes(b"one\n");
        output.err_bytes(b"two\n");
        output.out_bytes(b"three\n");
        output.flush();
        assert_eq!(*bytes.lock().unwrap(), b"one\ntwo\nthree\n");
    }
}
