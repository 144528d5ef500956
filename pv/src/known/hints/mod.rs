//! LVM2's hints: a list of the devices that are PVs, which spares LVM2 the search. Whoever makes or removes a PV
//! or VG has to clear it, or LVM2 misses what was made.
//!
//! ```text
//! touch nohints        nobody takes up hints from now on
//! lock hints           nobody reads them now
//! unlink nohints
//! empty hints          what it says is over
//! touch newhints       whoever reads next makes new ones
//! ... the change ...
//! unlock hints
//! ```
//! Whoever then looks at all devices writes down what it found; others, until the next change, look at those alone.
//! Facts: LVM2 2.03.40 lib/label/hints.c (`clear_hint_file`, `get_hints`).

mod take;
mod text;

pub use take::{Renewal, TakenUp, outdate_hints, renew_hints, take_up_hints};
pub use text::{DeviceSum, Hint, HintTerms};

use device::{ImageLock, LockError, LockMode, Wait, lock_image};
use std::fs::{File, OpenOptions, remove_file};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why hints were not cleared. LVM2 may miss PVs until it makes new ones.
#[derive(Debug, Error)]
pub enum HintsError {
    /// A file.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Somebody holds the hints for too long.
    #[error(transparent)]
    Lock(#[from] LockError),
}

/// Hints that are cleared, and kept from being made anew until this is dropped: after the change.
#[derive(Debug)]
pub struct HintsHeld {
    lock: Option<ImageLock>,
}

/// Clears the hints in LVM2's run folder (`/run/lvm`), after the global lock was taken and before anything is
/// changed. `note` stands in the file, after `# Created empty by `. Without the folder there are no hints, and
/// nothing is done.
pub fn clear_hints(run: &Path, note: &str, wait: Wait<'_>) -> Result<HintsHeld, HintsError> {
    if !run.is_dir() {
        return Ok(HintsHeld { lock: None });
    }
    let (hints, none, new) = (run.join("hints"), run.join("nohints"), run.join("newhints"));
    touch(&none)?;
    let cleared = clear(&hints, note, wait);
    // Left behind it would keep everybody from hints for good.
    let removed = remove_file(&none).map_err(|source| HintsError::File { path: none, source });
    let held = cleared?;
    removed?;
    touch(&new)?;
    Ok(held)
}

fn clear(hints: &Path, note: &str, wait: Wait<'_>) -> Result<HintsHeld, HintsError> {
    let failed = |source| HintsError::File { path: hints.to_owned(), source };
    if !hints.exists() {
        touch(hints)?;
    }
    let lock = lock_image(hints, LockMode::Exclusive, wait)?;
    let mut file = OpenOptions::new().write(true).truncate(true).open(hints).map_err(failed)?;
    writeln!(file, "# Created empty by {note}").map_err(failed)?;
    Ok(HintsHeld { lock: Some(lock) })
}

fn touch(path: &Path) -> Result<File, HintsError> {
    let opened = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path);
    opened.map_err(|source| HintsError::File { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_are_emptied_and_held() {
        let folder = tempfile::tempdir().unwrap();
        let run = folder.path();
        std::fs::write(run.join("hints"), "scan:/dev/sda pvid:x devn:8:0 vg:-\n").unwrap();
        let held = clear_hints(run, "rlvm pid 1 now", Wait::NO).unwrap();
        assert_eq!(
            std::fs::read_to_string(run.join("hints")).unwrap(),
            "# Created empty by rlvm pid 1 now\n"
        );
        assert!(run.join("newhints").exists() && !run.join("nohints").exists());
        assert!(lock_image(&run.join("hints"), LockMode::Shared, Wait::NO).is_err());
        assert!(clear_hints(run, "another", Wait::NO).is_err());
        assert!(!run.join("nohints").exists());
        drop(held);
        lock_image(&run.join("hints"), LockMode::Shared, Wait::NO).unwrap();
    }

    #[test]
    fn without_a_run_folder_there_is_nothing_to_clear() {
        let folder = tempfile::tempdir().unwrap();
        clear_hints(&folder.path().join("lvm"), "x", Wait::NO).unwrap();
        assert!(!folder.path().join("lvm").exists());
        clear_hints(folder.path(), "x", Wait::NO).unwrap();
        assert!(folder.path().join("hints").exists());
    }
}
