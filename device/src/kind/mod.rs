//! Does a file hold something that should not be overwritten unasked?

mod table;

use crate::disk::Disk;
use crate::error::DiskError;
use table::{AT_END, AT_START, Signature};
use units::Bytes;

/// How much of the start is looked at: the farthest signature, btrfs's, lies at 64 KiB.
const START: u64 = 68 * 1024;
/// Something that is not in the tables.
const UNKNOWN: &str = "data of an unknown kind";
/// How much of the end: trailers fill one sector.
const END: u64 = 512;

/// What the content of an image looks like, if it is anything known (`a qcow2 image`), starts with text, or with anything
/// at all that no PV leaves behind.
/// Partition tables are not among it.
pub fn looks_like(disk: &dyn Disk) -> Result<Option<&'static str>, DiskError> {
    let len = disk.len();
    let mut start = vec![0; len.min(Bytes::new(START)).get() as usize];
    disk.read_at(&mut start, Bytes::ZERO)?;
    if let Some(name) = kind_of_start(&start) {
        return Ok(Some(name));
    }
    let end_len = len.min(Bytes::new(END));
    let mut end = vec![0; end_len.get() as usize];
    disk.read_at(&mut end, len.saturating_sub(end_len))?;
    Ok(find(&AT_END, &end).or_else(|| is_used(&start).then_some(UNKNOWN)))
}

/// Whether anything stands in the first sector, but a PV's label (with its mark or after somebody took that away) or a
/// partition table's end mark: nearly every format begins with something.
fn is_used(start: &[u8]) -> bool {
    const LABEL: &[u8] = b"LABELONE";
    const LABEL_TYPE: &[u8] = b"LVM2 001";
    let sector = &start[..start.len().min(512)];
    let is_label =
        sector.starts_with(LABEL) || sector.get(24..).is_some_and(|rest| rest.starts_with(LABEL_TYPE));
    let is_table = sector.get(510..) == Some(&[0x55, 0xaa]);
    sector.iter().any(|byte| *byte != 0) && !is_label && !is_table
}

/// What the first bytes look like; the more there are, the more is known.
pub fn kind_of_start(start: &[u8]) -> Option<&'static str> {
    find(&AT_START, start)
        .or_else(|| is_ext(start).then_some("an ext file system"))
        .or_else(|| is_windows_program(start).then_some("a Windows program"))
        .or_else(|| is_text(start).then_some("text"))
}

fn find(table: &[Signature], bytes: &[u8]) -> Option<&'static str> {
    let here = |s: &&Signature| bytes.get(s.offset..).is_some_and(|rest| rest.starts_with(s.bytes));
    table.iter().find(here).map(|s| s.name)
}

/// Two bytes are a weak signature: the block size must make sense too, and some blocks must exist.
fn is_ext(start: &[u8]) -> bool {
    let Some(superblock) = start.get(1024..1024 + 1024) else { return false };
    let number = |at: usize| superblock[at..at + 4].iter().rev().fold(0u32, |n, b| n << 8 | u32::from(*b));
    superblock[56..58] == [0x53, 0xef] && number(24) <= 6 && number(4) > 0
}

/// `MZ`, and where it points, `PE`.
fn is_windows_program(start: &[u8]) -> bool {
    let Some(&[a, b, c, d]) = start.get(60..64) else { return false };
    let header = u32::from_le_bytes([a, b, c, d]) as usize;
    start.starts_with(b"MZ") && start.get(header..).is_some_and(|rest| rest.starts_with(b"PE\0\0"))
}

/// Eight bytes of text, or fewer and then nothing but zeros in the first sector; or a byte order mark.
fn is_text(start: &[u8]) -> bool {
    const MARKS: [&[u8]; 3] = [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"];
    const ENOUGH: usize = 8;
    let sector = &start[..start.len().min(512)];
    let run = text_run(sector);
    let marked = MARKS.iter().any(|mark| sector.starts_with(mark) && sector.iter().skip(2).any(|b| *b != 0));
    let padded = run > 0 && sector[run..].iter().all(|b| *b == 0);
    run >= ENOUGH || padded || (marked && !sector.starts_with(b"\xff\xfe\xff\xfe"))
}

/// How many bytes at the start are printable ASCII, white space or whole UTF-8 characters.
fn text_run(bytes: &[u8]) -> usize {
    let valid = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(e) => std::str::from_utf8(&bytes[..e.valid_up_to()]).unwrap_or_default(),
    };
    valid.find(|c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\x0c')).unwrap_or(valid.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ram::RamDisk;

    fn kind(len: u64, offset: u64, bytes: &[u8]) -> Option<&'static str> {
        let disk = RamDisk::new("ram", 1, Bytes::new(len));
        disk.write_at(bytes, Bytes::new(offset)).unwrap();
        looks_like(&disk).unwrap()
    }

    #[test]
    fn known_signatures_are_named() {
        assert_eq!(kind(1 << 20, 0, b"QFI\xfb"), Some("a qcow2 image"));
        assert_eq!(kind(1 << 20, 0, b"\x1f\x8b\x08"), Some("a gzip archive"));
        assert_eq!(kind(1 << 20, 257, b"ustar"), Some("a tar archive"));
        assert_eq!(kind(1 << 20, 65600, b"_BHRfS_M"), Some("a btrfs file system"));
        assert_eq!(kind(1 << 20, (1 << 20) - 512, b"conectix"), Some("a VHD image"));
    }

    #[test]
    fn weak_signatures_need_more_than_their_bytes() {
        let mut superblock = [0; 1024];
        superblock[56..58].copy_from_slice(&[0x53, 0xef]);
        assert_eq!(kind(1 << 20, 1024, &superblock), None);
        superblock[5] = 1;
        assert_eq!(kind(1 << 20, 1024, &superblock), Some("an ext file system"));
        assert_eq!(kind(1 << 20, 0, b"MZ\x90"), Some(UNKNOWN));
    }

    #[test]
    fn text_is_told_from_bytes_that_happen_to_be_printable() {
        assert_eq!(kind(1 << 20, 0, b"#!/bin/sh\n"), Some("text"));
        assert_eq!(kind(1 << 20, 0, "Gr\u{fc}\u{df}e aus".as_bytes()), Some("text"));
        assert_eq!(kind(1 << 20, 0, b"x\n"), Some("text"));
        assert_eq!(kind(1 << 20, 0, b"abc\x80\x01\xff"), Some(UNKNOWN));
        assert_eq!(kind(1 << 20, 0, b"\xff\xfeh\0i\0"), Some("text"));
        assert_eq!(kind(1 << 20, 0, &[0xff; 4096]), Some(UNKNOWN));
    }

    #[test]
    fn an_empty_image_and_a_used_one_are_nothing() {
        assert_eq!(kind(1 << 20, 0, &[]), None);
        assert_eq!(kind(100, 0, &[]), None);
        assert_eq!(kind(0, 0, &[]), None);
        // A label in the second sector and text behind it: what a PV leaves behind.
        let mut pv = vec![0; 8192];
        pv[512..520].copy_from_slice(b"LABELONE");
        pv[4608..4616].copy_from_slice(b"vg0 {\nid");
        assert_eq!(kind(1 << 20, 0, &pv), None);
        // A label in the first sector whose mark was wiped.
        assert_eq!(kind(1 << 20, 24, b"LVM2 001"), None);
        // Boot code before an empty partition table.
        assert_eq!(kind(1 << 20, 0, &[&[0xfa; 446][..], &[0; 64], &[0x55, 0xaa]].concat()), None);
    }

    #[test]
    fn no_start_of_any_length_makes_it_fail() {
        let mut bytes = vec![0xaa; 70_000];
        bytes[..2].copy_from_slice(b"MZ");
        for len in (0..600).chain([1079, 1082, 2047, 2048, 65_608, 70_000]) {
            kind_of_start(&bytes[..len]);
        }
    }
}
