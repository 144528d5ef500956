//! Regular files that are something else than a disk image.

use device::{Disk, DiskError};
use units::Bytes;

/// What a file seems to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// A format that is not a plain image, by its name.
    Format(&'static str),
    /// Text.
    Text,
}

/// Marks of file formats: name, place, bytes.
const FORMATS: [(&str, u64, &[u8]); 30] = [
    ("qcow2 image", 0, b"QFI\xfb"),
    ("QED image", 0, b"QED\0"),
    ("VMDK image", 0, b"KDMV"),
    ("VMDK image", 0, b"COWD"),
    ("VDI image", 64, b"\x7f\x10\xda\xbe"),
    ("VHDX image", 0, b"vhdxfile"),
    ("VHD image", 0, b"conectix"),
    ("Parallels image", 0, b"WithoutFreeSpace"),
    ("sparse Android image", 0, b"\x3a\xff\x26\xed"),
    ("gzip archive", 0, b"\x1f\x8b"),
    ("xz archive", 0, b"\xfd7zXZ\0"),
    ("zstd archive", 0, b"\x28\xb5\x2f\xfd"),
    ("bzip2 archive", 0, b"BZh"),
    ("lz4 archive", 0, b"\x04\x22\x4d\x18"),
    ("lzop archive", 0, b"\x89LZO\0"),
    ("7z archive", 0, b"7z\xbc\xaf\x27\x1c"),
    ("zip archive", 0, b"PK\x03\x04"),
    ("rar archive", 0, b"Rar!\x1a\x07"),
    ("tar archive", 257, b"ustar"),
    ("cpio archive", 0, b"070701"),
    ("cpio archive", 0, b"070707"),
    ("ar archive", 0, b"!<arch>"),
    ("rpm package", 0, b"\xed\xab\xee\xdb"),
    ("program", 0, b"\x7fELF"),
    ("program", 0, b"MZ\x90\0"),
    ("PDF document", 0, b"%PDF-"),
    ("PNG image", 0, b"\x89PNG\r\n"),
    ("JPEG image", 0, b"\xff\xd8\xff"),
    ("SQLite database", 0, b"SQLite format 3\0"),
    ("flattened device tree", 0, b"\xd0\x0d\xfe\xed"),
];
/// So many printable characters at the start make a text.
const TEXT: usize = 16;

/// What a regular file seems to be, if it does not look like a disk: a known file format, or text. File systems
/// and the like are for [`super::find`]. What an old PV left behind is nothing foreign.
pub fn foreign(disk: &dyn Disk) -> Result<Option<Foreign>, DiskError> {
    let len = usize::try_from(disk.len().get()).unwrap_or(usize::MAX).min(512);
    let mut first = vec![0; len];
    disk.read_at(&mut first, Bytes::ZERO)?;
    let has = |at: u64, bytes: &[u8]| {
        usize::try_from(at).ok().and_then(|at| first.get(at..at + bytes.len())) == Some(bytes)
    };
    if let Some((name, ..)) = FORMATS.iter().find(|(_, at, bytes)| has(*at, bytes)) {
        return Ok(Some(Foreign::Format(name)));
    }
    let printable = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r');
    let head = first.get(..TEXT.min(first.len())).unwrap_or_default();
    let is_label = head.starts_with(b"LABELONE");
    Ok((!head.is_empty() && !is_label && head.iter().all(printable)).then_some(Foreign::Text))
}
