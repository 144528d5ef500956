//! `USED/TOTAL METADATA`, in sectors, or a word.

use super::{fraction, from_str};
use units::Sectors;

/// A snapshot, or a snapshot being merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Snapshot {
    /// It works.
    Running {
        /// Taken of the device for changes, its own metadata included.
        used: Sectors,
        /// The size of that device.
        total: Sectors,
        /// Taken by metadata alone; old kernels do not say. A merge is done when it is all that is used.
        metadata: Option<Sectors>,
    },
    /// Its record of changes is lost: the space was used up, or could not be written.
    Invalid,
    /// The space was used up, of a snapshot that tells this apart.
    Overflow,
    /// The merge has stopped at an error.
    MergeFailed,
    /// The target does not know.
    Unknown,
}

from_str!(Snapshot, "snapshot", read);

fn read(text: &str) -> Option<Snapshot> {
    match text.trim() {
        "Invalid" => return Some(Snapshot::Invalid),
        "Overflow" => return Some(Snapshot::Overflow),
        "Merge failed" => return Some(Snapshot::MergeFailed),
        "Unknown" => return Some(Snapshot::Unknown),
        _ => {}
    }
    let mut words = text.split_whitespace();
    let (used, total) = fraction(words.next()?)?;
    let metadata = words.next().map(str::parse).transpose().ok()?.map(Sectors::new);
    Some(Snapshot::Running { used: Sectors::new(used), total: Sectors::new(total), metadata })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_words_are_told_apart() {
        let (used, total) = (Sectors::new(32), Sectors::new(8192));
        let metadata = Some(Sectors::new(16));
        assert_eq!("32/8192 16".parse(), Ok(Snapshot::Running { used, total, metadata }));
        assert_eq!("32/8192".parse(), Ok(Snapshot::Running { used, total, metadata: None }));
        assert_eq!("Merge failed".parse(), Ok(Snapshot::MergeFailed));
        assert!("".parse::<Snapshot>().is_err());
    }
}
