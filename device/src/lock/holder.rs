//! Who holds a flock, from the kernel's table of locks.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// A process, as messages name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Its number.
    pub pid: u32,
    /// Its command name; empty where the process is gone or hidden.
    pub command: String,
}

impl Process {
    /// The process of that number, with its name as far as `proc` tells.
    pub(crate) fn of(proc: &Path, pid: u32) -> Self {
        let command = std::fs::read(proc.join(pid.to_string()).join("comm")).unwrap_or_default();
        Self { pid, command: String::from_utf8_lossy(command.trim_ascii_end()).into_owned() }
    }
}

/// The processes that hold a flock on a file, by its inode in `/proc/locks`; those that only wait are
/// left out. Empty where the kernel does not tell (another pid name space, no `/proc`).
pub fn flock_holders(file: &Metadata) -> Vec<Process> {
    let proc = Path::new("/proc");
    let table = std::fs::read_to_string(proc.join("locks")).unwrap_or_default();
    let mut pids = lines(&table).filter(|line| line.inode == file.ino()).collect::<Vec<_>>();
    // File systems with several volumes (btrfs) show another device number here than stat does, so the
    // number only decides where it decides anything.
    let device = (nix::sys::stat::major(file.dev()), nix::sys::stat::minor(file.dev()));
    if pids.iter().any(|line| line.device == device) {
        pids.retain(|line| line.device == device);
    }
    pids.sort_by_key(|line| line.pid);
    pids.dedup_by_key(|line| line.pid);
    pids.iter().map(|line| Process::of(proc, line.pid)).collect()
}

struct Line {
    pid: u32,
    device: (u64, u64),
    inode: u64,
}

/// Lines such as `3: FLOCK  ADVISORY  WRITE 812 fe:01:1571 0 EOF`; one with `->` waits.
fn lines(table: &str) -> impl Iterator<Item = Line> {
    table.lines().filter_map(|line| {
        let mut words = line.split_ascii_whitespace().skip(1);
        (words.next()? == "FLOCK").then_some(())?;
        let mut words = words.skip(2);
        let pid = words.next()?.parse().ok()?;
        let mut place = words.next()?.split(':');
        let major = u64::from_str_radix(place.next()?, 16).ok()?;
        let minor = u64::from_str_radix(place.next()?, 16).ok()?;
        Some(Line { pid, device: (major, minor), inode: place.next()?.parse().ok()? })
    })
}

/// `vgs (812), lvcreate (815)`.
pub(crate) fn names(holders: &[Process]) -> String {
    if holders.is_empty() {
        return "another process".to_owned();
    }
    let name = |p: &Process| match p.command.as_str() {
        "" => format!("process {}", p.pid),
        command => format!("{command} (process {})", p.pid),
    };
    holders.iter().map(name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_holders_of_flocks_are_read_from_the_table() {
        let table = "1: POSIX  ADVISORY  WRITE 7 fe:00:99 0 EOF\n\
                     2: FLOCK  ADVISORY  WRITE 8 fe:0a:99 0 EOF\n\
                     2: -> FLOCK  ADVISORY  READ 9 fe:0a:99 0 EOF\n\
                     3: FLOCK  broken\n";
        let found: Vec<_> = lines(table).map(|l| (l.pid, l.device, l.inode)).collect();
        assert_eq!(found, [(8, (0xfe, 10), 99)]);
    }

    #[test]
    fn holders_are_named_as_far_as_known() {
        let known = Process { pid: 812, command: "vgs".to_owned() };
        let gone = Process { pid: 9, command: String::new() };
        assert_eq!(names(&[known, gone]), "vgs (process 812), process 9");
        assert_eq!(names(&[]), "another process");
    }
}
