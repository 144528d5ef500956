//! Taking hints up, and making them anew where there are none that count.

use super::text::{self, Hint, HintTerms, Says};
use super::{HintsError, clear_hints, touch};
use device::{ImageLock, LockMode, Wait, lock_image};
use std::fs::{remove_file, write};
use std::path::{Path, PathBuf};

/// What hints there are for a command.
#[derive(Debug)]
pub enum TakenUp {
    /// None, and none are to be made: somebody is changing something.
    Nothing,
    /// These devices are the PVs.
    Hints(Vec<Hint>),
    /// None that count: whoever looks at all devices now is to say what it found.
    Renewal(Renewal),
}

/// Hints to be made anew, locked until this is dropped.
#[derive(Debug)]
pub struct Renewal {
    _lock: ImageLock,
    run: PathBuf,
    terms: HintTerms,
    /// Somebody asked for new hints.
    asked: bool,
    /// They say nothing now.
    empty: bool,
}

/// Takes up the hints in LVM2's run folder (`/run/lvm`), for commands that are under `terms`. Whatever goes wrong is
/// no more than a missed hint.
pub fn take_up_hints(run: &Path, terms: HintTerms) -> TakenUp {
    let (hints, none, new) = (run.join("hints"), run.join("nohints"), run.join("newhints"));
    if none.exists() {
        return TakenUp::Nothing;
    }
    let asked = new.exists();
    let made = hints.exists();
    if !made && touch(&hints).is_err() {
        return TakenUp::Nothing;
    }
    let (says, read) = match asked || !made {
        true => (Says::Nothing, false),
        false => match read(&hints, &terms) {
            Some(says) => (says, true),
            None => return TakenUp::Nothing,
        },
    };
    let empty = read && says == Says::Nothing;
    match says {
        Says::Hints(hints) => TakenUp::Hints(hints),
        Says::Nothing | Says::Outdated => match lock_image(&hints, LockMode::Exclusive, Wait::NO) {
            Ok(lock) => TakenUp::Renewal(Renewal { _lock: lock, run: run.to_owned(), terms, asked, empty }),
            Err(_) => TakenUp::Nothing,
        },
    }
}

fn read(hints: &Path, terms: &HintTerms) -> Option<Says> {
    let _lock = lock_image(hints, LockMode::Shared, Wait::NO).ok()?;
    let text = std::fs::read(hints).ok()?;
    Some(text::read(&String::from_utf8_lossy(&text), terms))
}

/// Begins hints anew, whatever they say now: as [`clear_hints`], but they are written once all is looked at. None
/// without a run folder.
pub fn renew_hints(
    run: &Path,
    terms: HintTerms,
    note: &str,
    wait: Wait<'_>,
) -> Result<Option<Renewal>, HintsError> {
    let lock = clear_hints(run, note, wait)?.lock;
    Ok(lock.map(|lock| Renewal { _lock: lock, run: run.to_owned(), terms, asked: true, empty: false }))
}

/// Hints do not hold: whoever reads next makes new ones.
pub fn outdate_hints(run: &Path) {
    if run.is_dir() {
        // Whoever reads next finds out for itself.
        let _ = touch(&run.join("newhints"));
    }
}

impl Renewal {
    /// Writes what was found. `why_not`: why hints must not be used though all was looked at.
    pub fn write(self, note: &str, hints: &[Hint], why_not: &[&str]) -> Result<(), HintsError> {
        if !why_not.is_empty() && self.empty {
            return Ok(());
        }
        let path = self.run.join("hints");
        let text = match why_not {
            [] => text::write(note, &self.terms, hints),
            reasons => {
                let reasons = reasons.iter().map(|reason| format!("# info: {reason}\n"));
                format!("# Created empty by {note}\n{}", reasons.collect::<String>())
            }
        };
        write(&path, text).map_err(|source| HintsError::File { path, source })?;
        if self.asked {
            // Most often it is there.
            let _ = remove_file(self.run.join("newhints"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(name: &str) -> HintTerms {
        HintTerms {
            global_filter: "a|.*|".to_owned(),
            filter: "a|.*|".to_owned(),
            scan_lvs: false,
            devices_file: None,
            devices: [name.as_bytes()].into_iter().collect(),
        }
    }

    fn hint() -> Hint {
        Hint { name: "/dev/a".into(), pv: None, number: "8:0".parse().ok(), vg: Some("vg".to_owned()) }
    }

    fn renewal(run: &Path, name: &str) -> Renewal {
        match take_up_hints(run, terms(name)) {
            TakenUp::Renewal(renewal) => renewal,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn whoever_finds_no_hints_makes_them_and_others_use_them() {
        let folder = tempfile::tempdir().unwrap();
        let run = folder.path();
        let first = renewal(run, "a");
        // Only one at a time.
        assert!(matches!(take_up_hints(run, terms("a")), TakenUp::Nothing));
        first.write("pvs pid 1 now", &[hint()], &[]).unwrap();
        assert!(matches!(take_up_hints(run, terms("a")), TakenUp::Hints(hints) if hints == [hint()]));
        // Another device is there.
        drop(renewal(run, "b"));
        outdate_hints(run);
        renewal(run, "a").write("pvs pid 2 now", &[hint()], &[]).unwrap();
        assert!(!run.join("newhints").exists());
    }

    #[test]
    fn while_something_changes_there_are_no_hints_and_afterwards_new_ones_are_made() {
        let folder = tempfile::tempdir().unwrap();
        let run = folder.path();
        let held = clear_hints(run, "pvcreate pid 1 now", Wait::NO).unwrap();
        assert!(matches!(take_up_hints(run, terms("a")), TakenUp::Nothing));
        drop(held);
        renewal(run, "a").write("pvs pid 2 now", &[], &["duplicate_pvs"]).unwrap();
        let text = || std::fs::read_to_string(run.join("hints")).unwrap();
        assert_eq!(text(), "# Created empty by pvs pid 2 now\n# info: duplicate_pvs\n");
        renewal(run, "a").write("lvs pid 3 now", &[], &["duplicate_pvs"]).unwrap();
        assert!(text().contains("pvs pid 2"), "what says nothing is not written again");
        let renewal = renew_hints(run, terms("a"), "pvscan pid 4 now", Wait::NO).unwrap().unwrap();
        assert_eq!(text(), "# Created empty by pvscan pid 4 now\n");
        renewal.write("pvscan pid 4 now", &[hint()], &[]).unwrap();
        assert!(matches!(take_up_hints(run, terms("a")), TakenUp::Hints(_)));
        std::fs::write(run.join("nohints"), "").unwrap();
        assert!(matches!(take_up_hints(run, terms("a")), TakenUp::Nothing));
    }
}
