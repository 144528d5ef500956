//! The control node: found, made where it is missing, opened.

use crate::{Absence, DevNo, Errno};
use nix::sys::stat::{Mode, SFlag, mknod};
use std::fs::{DirBuilder, File, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

/// `misc`, and the minor that device-mapper has had since Linux 2.6.36. Opening it loads the module.
const MISC_MAJOR: u32 = 10;
const CONTROL_MINOR: u32 = 236;

/// Opens `mapper/control` below `dev`, making it first where it is missing or something else.
pub(super) fn open(dev: &Path) -> Result<File, Absence> {
    let path = path(dev);
    let number = DevNo::new(MISC_MAJOR, minor());
    let made = if is_node(&path, number) { false } else { make(&path, number)? };
    let failure = match OpenOptions::new().read(true).write(true).open(&path) {
        Ok(file) => return Ok(file),
        Err(failure) => failure,
    };
    // No driver answers to the number: the node that was made for it is of no use to anyone.
    if made {
        let _ = std::fs::remove_file(&path);
    }
    Err(absence(&path, &failure))
}

fn path(dev: &Path) -> PathBuf {
    dev.join("mapper/control")
}

/// What could be opened, but does not answer as device-mapper does.
pub(super) fn unusable(dev: &Path, errno: Errno) -> Absence {
    Absence::Node { path: path(dev).display().to_string(), errno }
}

fn absence(path: &Path, failure: &std::io::Error) -> Absence {
    let errno = Errno::from_raw(failure.raw_os_error().unwrap_or(0));
    let path = path.display().to_string();
    match errno {
        // Nobody behind the node says nothing where the kernel has the driver: then the node is wrong.
        Errno::ENODEV | Errno::ENXIO | Errno::ENOENT if !listed() => Absence::NoDriver,
        Errno::EACCES | Errno::EPERM => Absence::Permission { path, errno },
        _ => Absence::Node { path, errno },
    }
}

fn is_node(path: &Path, number: DevNo) -> bool {
    std::fs::metadata(path)
        .is_ok_and(|found| found.file_type().is_char_device() && DevNo::decode(found.rdev()) == number)
}

/// Whether the node was made; someone else may have made it meanwhile.
fn make(path: &Path, number: DevNo) -> Result<bool, Absence> {
    if let Some(parent) = path.parent() {
        let _ = DirBuilder::new().recursive(true).mode(0o755).create(parent);
    }
    if path.symlink_metadata().is_ok() {
        let _ = std::fs::remove_file(path);
    }
    match mknod(path, SFlag::S_IFCHR, Mode::from_bits_truncate(0o600), number.encode()) {
        Ok(()) => Ok(true),
        Err(Errno::EEXIST) => Ok(false),
        // Nothing to make it for, as far as an unprivileged look shows.
        Err(_) if !listed() => Err(Absence::NoDriver),
        Err(errno) => Err(absence(path, &errno.into())),
    }
}

fn misc() -> Option<u32> {
    let table = std::fs::read_to_string("/proc/misc").ok()?;
    table.lines().find_map(|line| {
        let (minor, name) = line.trim().split_once(' ')?;
        (name == "device-mapper").then(|| minor.parse().ok()).flatten()
    })
}

/// Whether the kernel has the driver, as proc or sysfs tells.
fn listed() -> bool {
    misc().is_some() || Path::new("/sys/class/misc/device-mapper").exists()
}

fn minor() -> u32 {
    misc().unwrap_or(CONTROL_MINOR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_that_nothing_answers_to_is_not_left_behind() {
        let dev = tempfile::tempdir().unwrap();
        let opened = open(dev.path());
        assert_eq!(opened.is_ok(), dev.path().join("mapper/control").exists());
    }

    #[test]
    fn something_else_under_its_name_is_replaced_or_the_reason_told() {
        let dev = tempfile::tempdir().unwrap();
        std::fs::create_dir(dev.path().join("mapper")).unwrap();
        std::fs::write(dev.path().join("mapper/control"), b"").unwrap();
        let opened = open(dev.path());
        assert_eq!(opened.is_ok(), is_node(&dev.path().join("mapper/control"), DevNo::new(10, minor())));
    }
}
