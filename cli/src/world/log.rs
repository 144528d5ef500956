//! Who is told of messages besides the user: a file, syslog, and the shell, whose `lastlog` shows them again.

use super::output::Weight;
use std::fmt;
use std::fs::File;
use std::io::Write;
use std::os::unix::net::UnixDatagram;

/// The listeners.
#[derive(Debug, Default)]
pub struct Log {
    /// `log/file`, with what each line begins with.
    file: Option<(File, String)>,
    /// `log/syslog`
    syslog: Option<Syslog>,
    /// `log/level`: 2 to 7, as in syslog; 0: what users are told.
    level: i64,
    /// What was said since the shell's last command began.
    record: Option<Vec<Entry>>,
}

/// A message that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it weighs.
    pub weight: Weight,
    /// Its text.
    pub line: String,
}

/// The machine's log.
pub struct Syslog(UnixDatagram, String);

impl Syslog {
    /// Where messages of a program of that name go. None where nobody listens.
    pub fn open(name: &str) -> Option<Self> {
        let socket = UnixDatagram::unbound().ok()?;
        socket.connect("/dev/log").ok()?;
        socket.set_nonblocking(true).ok()?;
        Some(Self(socket, format!("{name}[{}]", std::process::id())))
    }

    fn send(&self, severity: u8, line: &str) {
        // Facility "user". A log that takes no more keeps no command from its work.
        let _ = self.0.send(format!("<{}>{}: {line}", 8 + severity, self.1).as_bytes());
    }
}

impl fmt::Debug for Syslog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Syslog")
    }
}

impl Weight {
    /// As syslog counts.
    const fn severity(self) -> u8 {
        match self {
            Self::Error => 3,
            Self::Warn | Self::Print | Self::Report => 4,
            Self::Detail(1) => 5,
            Self::Detail(2) => 6,
            Self::Detail(_) => 7,
        }
    }
}

impl Log {
    /// From now on these are told, of what weighs as much as that level.
    pub fn listen(&mut self, file: Option<(File, String)>, syslog: Option<Syslog>, level: i64) {
        (self.file, self.syslog, self.level) = (file, syslog, level);
    }

    /// From now on messages are kept.
    pub fn record(&mut self) {
        self.record = Some(Vec::new());
    }

    /// What was kept.
    pub fn recorded(&mut self) -> Vec<Entry> {
        self.record.take().unwrap_or_default()
    }

    /// Whether anybody listens to messages of that weight.
    pub(super) fn wants(&self, weight: Weight) -> bool {
        (self.file.is_some() || self.syslog.is_some()) && i64::from(weight.severity()) <= self.level
    }

    /// Tells the listeners. Rows of reports are no messages.
    pub(crate) fn add(&mut self, weight: Weight, line: &str) {
        if weight == Weight::Report {
            return;
        }
        if let Some(record) = self.record.as_mut().filter(|_| !matches!(weight, Weight::Detail(_))) {
            record.push(Entry { weight, line: line.to_owned() });
        }
        let told = self.level == 0 && !matches!(weight, Weight::Detail(_));
        if !told && !self.wants(weight) {
            return;
        }
        if let Some((file, lead)) = &mut self.file {
            // A disk that is full keeps no command from its work.
            let _ = file.write_all(format!("{lead} {line}\n").as_bytes());
        }
        if let Some(syslog) = &self.syslog {
            syslog.send(weight.severity(), line);
        }
    }
}
