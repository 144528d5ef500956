//! The lines a command writes. Standard output carries what was asked for, standard error the rest; each
//! line is indented as LVM2's are, because programs cut two columns off.

use crate::journal::Line;
use crate::world::{LogKind, Logged, Weight, World};
use std::fmt::Display;

impl World {
    /// A line that says what was done (`Logical volume "x" created.`): standard output, left out by `-qq`.
    pub fn print(&mut self, line: impl Display) {
        if self.note(Line::Message, &line) {
            return;
        }
        if self.out.level.silent {
            self.verbose(line);
        } else {
            self.say(LogKind::Print, Weight::Print, &line);
        }
    }

    /// A line that was asked for (a row, a table, a version): standard output whatever `-q` says.
    pub fn report(&mut self, line: impl Display) {
        if self.note(Line::Message, &line) {
            return;
        }
        self.say(LogKind::Print, Weight::Report, &line);
    }

    /// Text to standard output as it stands, newlines included.
    pub fn raw(&mut self, text: impl AsRef<[u8]>) {
        if self.note_text(text.as_ref()) {
            return;
        }
        self.out.out_bytes(text.as_ref());
    }

    /// Text of a report as it stands, newlines included.
    pub fn report_raw(&mut self, text: impl AsRef<[u8]>) {
        self.out.report_bytes(text.as_ref());
    }

    /// Something to mind: standard error. The word `WARNING:` is the caller's, where LVM2 has it.
    pub fn warn(&mut self, line: impl Display) {
        self.note(Line::Warning, &line);
        self.say(LogKind::Warn, Weight::Warn, &line);
    }

    /// What stands in the way: standard error.
    pub fn error(&mut self, line: impl Display) {
        self.note(Line::Error, &line);
        self.out.said_error = true;
        self.say(LogKind::Error, Weight::Error, &line);
    }

    /// To the command log, where one is kept, else to the stream of its weight (2.03.40: lib/log/log.c, _vprint_log).
    fn say(&mut self, kind: LogKind, weight: Weight, line: &dyn Display) {
        let message = line.to_string();
        match &mut self.out.for_report {
            Some(log) => {
                self.out.log.add(weight, &message);
                log.lines.push(Logged { kind, message, about: self.out.about.clone() });
            }
            None => self.out.said(weight, &message),
        }
    }

    /// An error and, on lines of their own, its causes.
    pub fn error_chain(&mut self, error: &dyn std::error::Error) {
        self.error(error);
        let mut cause = error.source();
        while let Some(error) = cause {
            self.error(format_args!("  {error}"));
            cause = error.source();
        }
    }

    /// Advice: standard error, on a line of its own.
    pub fn hint(&mut self, line: impl Display) {
        self.note(Line::Hint, &line);
        self.out.said(Weight::Warn, &format!("hint: {line}"));
    }

    /// What is being done: standard error, with `-v`.
    pub fn verbose(&mut self, line: impl Display) {
        self.detail(1, line);
    }

    /// How it is being done: standard error, with `-v` given at least `level` times (1 to 3).
    pub fn detail(&mut self, level: u8, line: impl Display) {
        if self.out.hears(Weight::Detail(level)) {
            self.out.said(Weight::Detail(level), &line.to_string());
        }
    }

    /// A line of getopt's, which LVM2 does not indent.
    pub(crate) fn bare_error(&mut self, line: impl Display) {
        self.out.said_error = true;
        self.out.err_bytes(format!("{line}\n").as_bytes());
    }
}
