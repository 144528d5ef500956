//! Everything outside the program that a command can see or change, in one place: real in `main`,
//! seeded in tests, so that a command's whole behaviour can be repeated.

mod clock;
mod command_log;
mod descriptors;
mod environment;
mod host;
mod log;
mod output;
mod random;
mod terminal;

pub use clock::{Clock, FixedClock, SystemClock};
pub use command_log::{About, Kept, LogKind, Logged};
pub use environment::Environment;
pub use host::Host;
pub use log::{Entry, Log, Syslog};
pub use output::{Lead, Level, Output, Sink, Weight};
pub use random::RandomIds;
pub use terminal::{Console, Scripted, Terminal};

use crate::change::gather::Gathering;
use crate::journal::Journal;
use crate::shell::Last;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use units::{IdSource, SeededIds};

/// The world a command runs in.
pub struct World {
    /// Where disks are found.
    pub devices: device::Host,
    /// The kernel's device-mapper, or none.
    pub dm: Arc<dyn dm::Control>,
    /// Who gives images devices; none: the kernel's loop devices.
    pub loops: Option<Box<dyn activate::Loops>>,
    /// How devices are changed.
    pub activation: activate::Settings,
    /// Whether a second process stands by while devices are suspended.
    pub guardian: bool,
    /// LVM2's folder of run files: hints, and what came up at boot.
    pub run_dir: PathBuf,
    /// The folder of VGs' folders: `devices/dir`, once the settings are read.
    pub dev_dir: PathBuf,
    /// Set by a signal that asks to stop, once signals are watched.
    pub interrupted: Option<Arc<AtomicBool>>,
    signals: Signals,
    /// Whether the user is root.
    pub is_root: bool,
    /// The time of day.
    pub clock: Box<dyn Clock>,
    /// New ids.
    pub ids: Box<dyn IdSource>,
    /// The machine: its name and kernel.
    pub host: Host,
    /// Environment variables.
    pub env: Environment,
    /// Who answers questions.
    pub terminal: Box<dyn Terminal>,
    /// Standard output and error, and how much of what goes there.
    pub out: Output,
    /// What is noted down for a JSON document, where one is asked for.
    pub journal: Option<Journal>,
    /// Whether it is no failure that all is as asked already (`--if-needed`).
    pub if_needed: bool,
    /// Whether commands come one after the other, from a shell or a script.
    pub(crate) in_shell: bool,
    /// Whether something was left to the end of the process.
    left: bool,
    /// What the command before said.
    pub(crate) last: Option<Last>,
    /// How the log of a command that makes no report is shown, where one is kept.
    pub(crate) log_shape: Option<Box<crate::reports::Output>>,
    /// Changes that are planned and not carried out yet.
    pub(crate) gathering: Option<Box<Gathering>>,
}

/// Whose signals are watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Signals {
    /// Nobody's: tests set the flag themselves.
    None,
    /// This process's.
    Process,
}

/// Where a seeded world's output can be read.
#[derive(Clone, Debug)]
pub struct Streams {
    /// Standard output.
    pub out: Arc<Mutex<Vec<u8>>>,
    /// Standard error.
    pub err: Arc<Mutex<Vec<u8>>>,
}

impl World {
    /// The real one. Fails where the kernel gives no random bytes.
    pub fn of_system() -> io::Result<Self> {
        Ok(Self {
            devices: device::Host::default(),
            dm: Arc::new(dm::Kernel::new()),
            loops: None,
            activation: activate::Settings::of_system(dm::Udev::detect(
                Path::new("/run"),
                std::env::var_os("DM_DISABLE_UDEV").is_some(),
            )),
            guardian: true,
            run_dir: PathBuf::from("/run/lvm"),
            dev_dir: PathBuf::from("/dev"),
            interrupted: None,
            signals: Signals::Process,
            is_root: nix::unistd::getuid().is_root() && nix::unistd::geteuid().is_root(),
            clock: Box::new(SystemClock),
            ids: Box::new(RandomIds::open()?),
            host: Host::of_system(),
            env: Environment::of_process(),
            terminal: Box::new(Console::default()),
            out: Output::new(Sink::Stdout, Sink::Stderr),
            journal: None,
            if_needed: false,
            in_shell: false,
            left: false,
            last: None,
            log_shape: None,
            gathering: None,
        })
    }

    /// One that is the same each time, for tests: the devices of `devices`, no device-mapper, a clock that stands at 10^9,
    /// ids in a fixed order, a host called `host`, no environment, and `answers` for questions.
    pub fn seeded(seed: u64, devices: device::Host, answers: &[&str]) -> (Self, Streams) {
        let ((out_sink, out), (err_sink, err)) = (Sink::memory(), Sink::memory());
        let answers: VecDeque<String> = answers.iter().map(|&answer| answer.to_owned()).collect();
        let world = Self {
            devices,
            dm: Arc::new(dm::Absent::new(dm::Absence::SwitchedOff)),
            loops: None,
            activation: activate::Settings::without_names(),
            guardian: false,
            run_dir: PathBuf::from("/nonexistent"),
            dev_dir: PathBuf::from("/dev"),
            interrupted: None,
            signals: Signals::None,
            is_root: true,
            clock: Box::new(FixedClock(1_000_000_000)),
            ids: Box::new(SeededIds::new(seed)),
            host: Host::named("host"),
            env: Environment::default(),
            terminal: Box::new(Scripted(answers)),
            out: Output::new(out_sink, err_sink),
            journal: None,
            if_needed: false,
            in_shell: false,
            left: false,
            last: None,
            log_shape: None,
            gathering: None,
        };
        (world, Streams { out, err })
    }

    /// The directory of lvm.conf, backups and archives: `LVM_SYSTEM_DIR`, else /etc/lvm.
    pub fn system_dir(&self) -> PathBuf {
        match self.env.os("LVM_SYSTEM_DIR") {
            Some(dir) if !dir.is_empty() => PathBuf::from(dir),
            _ => PathBuf::from("/etc/lvm"),
        }
    }

    /// From now on SIGINT, SIGTERM and SIGHUP no longer end the process but ask it to stop: a change comes to
    /// its end or is taken back. A report never calls this, and dies at once.
    pub fn watch_signals(&mut self) {
        if self.signals == Signals::None || self.interrupted.is_some() {
            return;
        }
        let flag = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            // A signal that cannot be watched ends the process, as it would have.
            let _ = signal_hook::flag::register(signal, Arc::clone(&flag));
        }
        self.interrupted = Some(flag);
    }

    /// What permissions new files do not get, from now on.
    pub(crate) fn set_umask(&self, mask: nix::libc::mode_t) {
        if self.is_process() {
            nix::sys::stat::umask(nix::sys::stat::Mode::from_bits_truncate(mask));
        }
    }

    /// Gives up something large. Where the process ends with this command its memory goes back with everything else,
    /// not piece by piece: of ten thousand LVs that takes as long as reading them. Only once, for a command may
    /// read its VGs many times. Nothing that has to be closed, unlocked or given back must be in it.
    pub(crate) fn leave<T>(&mut self, what: T) {
        if self.is_process() && !self.in_shell && !self.left {
            self.left = true;
            std::mem::forget(what);
        }
    }

    /// Whether this is the world of a process of its own, not one that tests share.
    fn is_process(&self) -> bool {
        self.signals == Signals::Process
    }

    /// Whether a signal asked to stop.
    pub fn is_interrupted(&self) -> bool {
        self.interrupted.as_ref().is_some_and(|flag| flag.load(std::sync::atomic::Ordering::Relaxed))
    }

    /// Seconds since 1970.
    pub fn now(&self) -> i64 {
        self.clock.now()
    }
}
