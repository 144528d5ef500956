//! What a guardian is told, line by line.

use dm::tree::Guarded;
use std::io::{self, Write};
use store::Mark;
use thiserror::Error;

/// The end of the list.
pub(super) const WATCH: &str = "watch";
/// The guardian's answer to it.
pub(super) const READY: &str = "ready";
/// The end of its service.
pub(super) const DONE: &str = "done";

/// What a guardian has to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Duties {
    /// The nodes that may be suspended, bottom-up.
    pub nodes: Vec<Guarded>,
    /// How to tell whether the change is in force; none where there is no change: the way is forward.
    pub marks: Vec<Mark>,
    /// Cookies that nobody will wait for.
    pub cookies: Vec<u32>,
}

/// Why a line makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0:?} is no line for a guardian")]
pub struct ListError(pub String);

impl Duties {
    /// Takes in one line. True where it was the last.
    pub(super) fn take(&mut self, line: &str) -> Result<bool, ListError> {
        let wrong = || ListError(line.to_owned());
        match line.split_once('\t') {
            None if line == WATCH => return Ok(true),
            Some(("cookie", key)) => self.cookies.push(key.parse().map_err(|_| wrong())?),
            Some(("node", node)) => self.nodes.push(node.parse().map_err(|_| wrong())?),
            Some(("mark", mark)) => self.marks.push(mark.parse().map_err(|_| wrong())?),
            _ => return Err(wrong()),
        }
        Ok(false)
    }

    /// Writes all lines but the last.
    pub(super) fn write(&self, to: &mut dyn Write) -> io::Result<()> {
        self.cookies.iter().try_for_each(|key| writeln!(to, "cookie\t{key}"))?;
        self.nodes.iter().try_for_each(|node| writeln!(to, "node\t{node}"))?;
        self.marks.iter().try_for_each(|mark| writeln!(to, "mark\t{mark}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dm::tree::Role;
    use dm::{DevNo, DmName};
    use metadata::disk::{DiskArea, RawLocn};
    use std::path::PathBuf;

    #[test]
    fn duties_survive_as_lines_and_nonsense_is_refused() {
        let node = Guarded {
            role: Role::Suspended,
            number: DevNo::new(253, 0),
            name: DmName::new("vg-lv").unwrap(),
            uuid: None,
            rename: None,
        };
        let mark = Mark {
            path: PathBuf::from("/dev/sda"),
            area: DiskArea::new(4096, 8192),
            text: RawLocn::default(),
        };
        let duties = Duties { nodes: vec![node], marks: vec![mark], cookies: vec![0x0d4d_1234] };
        let mut text = Vec::new();
        duties.write(&mut text).unwrap();
        let mut read = Duties::default();
        for line in String::from_utf8(text).unwrap().lines() {
            assert_eq!(read.take(line), Ok(false));
        }
        assert_eq!(read.take("watch"), Ok(true));
        assert_eq!(read, duties);
        for wrong in ["", "watch\t", "node\t", "mark\tx", "cookie\t-1", "done"] {
            assert!(read.take(wrong).is_err(), "{wrong:?}");
        }
    }
}
