//! File descriptors that whoever started the program left open: those that are meant for it take what is said and
//! reported, the others are closed, lest the processes that this one starts have them too, and told.

use super::{Sink, World};
use std::fs;
use std::os::fd::RawFd;
use std::path::PathBuf;

/// O_CLOEXEC in `/proc/self/fdinfo`: whoever set it did not mean the descriptor for another program, and what
/// this program has opened itself has it.
const CLOSE_ON_EXEC: u32 = 0o2_000_000;

/// Environment variables whose descriptors are meant for the program: for what would go to standard output, to standard
/// error, and for reports.
const MEANT: [&str; 3] = ["LVM_OUT_FD", "LVM_ERR_FD", "LVM_REPORT_FD"];

/// A descriptor above standard error that was not meant for this program.
struct Stray {
    fd: RawFd,
    to: PathBuf,
}

impl World {
    /// Sends what is said to the descriptors that the environment names. Where one cannot be used, says so and gives
    /// false.
    pub(crate) fn take_descriptors(&mut self) -> bool {
        if !self.is_process() {
            return true;
        }
        match MEANT.map(|name| self.sink(name)) {
            [Ok(out), Ok(err), Ok(report)] => {
                self.out.redirect(out, err, report);
                true
            }
            sinks => {
                sinks.into_iter().filter_map(Result::err).for_each(|told| self.error(told));
                false
            }
        }
    }

    /// The descriptor that a variable names, if it is set.
    fn sink(&self, name: &str) -> Result<Option<Sink>, String> {
        let Some(text) = self.env.os(name) else { return Ok(None) };
        let fd: Option<RawFd> = text.to_str().and_then(|text| text.trim_start().parse().ok());
        match fd.filter(|&fd| fd >= 0).ok_or_else(|| format!("{name}: invalid file descriptor."))? {
            0 => Err(format!("{name}: standard input takes no output.")),
            1 => Ok(Some(Sink::Stdout)),
            2 => Ok(Some(Sink::Stderr)),
            fd => match device::given(fd) {
                Ok(file) => Ok(Some(Sink::Writer(Box::new(file)))),
                Err(error) => Err(format!("{name}: file descriptor {fd} cannot be written to: {error}.")),
            },
        }
    }

    /// Closes descriptors that were left open, and tells unless `LVM_SUPPRESS_FD_WARNINGS` is set.
    pub(crate) fn close_strays(&mut self, command: &str) {
        if !self.is_process() {
            return;
        }
        let meant: Vec<RawFd> =
            MEANT.iter().filter_map(|name| self.env.get(name)).filter_map(|text| text.parse().ok()).collect();
        let tells = self.env.os("LVM_SUPPRESS_FD_WARNINGS").is_none();
        for stray in strays().into_iter().filter(|stray| !meant.contains(&stray.fd)) {
            if nix::unistd::close(stray.fd).is_ok() && tells {
                let parent = std::os::unix::process::parent_id();
                let name = fs::read_to_string(format!("/proc/{parent}/comm")).unwrap_or_default();
                let line = format!(
                    "File descriptor {} ({}) leaked on {command} invocation. Parent PID {parent}: {}\n",
                    stray.fd,
                    stray.to.display(),
                    name.trim_end()
                );
                self.out.err_bytes(line.as_bytes());
            }
        }
    }
}

fn strays() -> Vec<Stray> {
    let Ok(entries) = fs::read_dir("/proc/self/fd") else { return Vec::new() };
    let numbers = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let mut strays: Vec<Stray> = numbers
        .filter(|&fd: &RawFd| fd > 2 && !closes_on_exec(fd))
        .map(|fd| Stray { fd, to: fs::read_link(format!("/proc/self/fd/{fd}")).unwrap_or_default() })
        .collect();
    strays.sort_by_key(|stray| stray.fd);
    strays
}

/// What cannot be looked at is taken for closed.
fn closes_on_exec(fd: RawFd) -> bool {
    let Ok(info) = fs::read_to_string(format!("/proc/self/fdinfo/{fd}")) else { return true };
    let flags = info.lines().find_map(|line| line.strip_prefix("flags:"));
    let flags = flags.and_then(|text| u32::from_str_radix(text.trim(), 8).ok());
    flags.is_none_or(|flags| flags & CLOSE_ON_EXEC != 0)
}
