//! What tells another process whether a change is in force.

use super::block::Block;
use device::{Disk, DiskError};
use metadata::disk::{DiskArea, MdaHeader, RawLocn};
use std::ffi::OsString;
use std::fmt;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;
use std::str::FromStr;
use thiserror::Error;
use units::Bytes;

/// A metadata area, and where its slot 0 points once a change is in force. As text it is one line of fields
/// divided by tabs, the path in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// What the disk is called.
    pub path: PathBuf,
    /// The area.
    pub area: DiskArea,
    /// The new text.
    pub text: RawLocn,
}

/// Why a line is no mark.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0:?} is no mark of a metadata area")]
pub struct MarkError(pub String);

impl Mark {
    /// Whether the area, read now, has the text committed.
    pub fn is_committed(&self, disk: &dyn Disk) -> Result<bool, DiskError> {
        let block = Block::read(disk, self.area.offset)?;
        let header = MdaHeader::parse(block.sector(self.area.offset), self.area).ok();
        let slot = header.map(|header| header.slots[0]);
        let same = |slot: RawLocn| {
            (slot.offset, slot.size, slot.checksum) == (self.text.offset, self.text.size, self.text.checksum)
        };
        Ok(slot.is_some_and(same))
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.as_os_str().as_bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        let (area, text) = (&self.area, &self.text);
        let places = [area.offset, area.size, text.offset, text.size].map(Bytes::get);
        places.iter().try_for_each(|number| write!(f, "\t{number}"))?;
        write!(f, "\t{}", text.checksum)
    }
}

impl FromStr for Mark {
    type Err = MarkError;

    fn from_str(line: &str) -> Result<Self, MarkError> {
        read(line).ok_or_else(|| MarkError(line.to_owned()))
    }
}

fn read(line: &str) -> Option<Mark> {
    let fields: Vec<&str> = line.split('\t').collect();
    let &[path, area_offset, area_size, offset, size, checksum] = fields.as_slice() else { return None };
    if path.is_empty() || !path.len().is_multiple_of(2) || !path.is_ascii() {
        return None;
    }
    let byte = |at: usize| u8::from_str_radix(&path[at..at + 2], 16).ok();
    let path = (0..path.len()).step_by(2).map(byte).collect::<Option<Vec<u8>>>()?;
    let number = |text: &str| text.parse().ok().map(Bytes::new);
    Some(Mark {
        path: PathBuf::from(OsString::from_vec(path)),
        area: DiskArea { offset: number(area_offset)?, size: number(area_size)? },
        text: RawLocn {
            offset: number(offset)?,
            size: number(size)?,
            checksum: checksum.parse().ok()?,
            flags: 0,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_survives_as_text() {
        let mark = Mark {
            path: PathBuf::from(OsString::from_vec(b"/dev/a b\n\xff".to_vec())),
            area: DiskArea { offset: Bytes::new(4096), size: Bytes::new(1 << 20) },
            text: RawLocn { offset: Bytes::new(512), size: Bytes::new(999), checksum: 7, flags: 0 },
        };
        let line = mark.to_string();
        assert!(!line.contains('\n'));
        assert_eq!(line.parse(), Ok(mark));
        for wrong in [
            "",
            "\t1\t2\t3\t4\t5",
            "2f6\t1\t2\t3\t4\t5",
            "2f\t1\t2\t3\t4",
            "zz\t1\t2\t3\t4\t5",
            "\u{e9}\t1\t2\t3\t4\t5",
        ] {
            assert!(wrong.parse::<Mark>().is_err(), "{wrong:?}");
        }
    }
}
