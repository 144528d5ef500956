//! What stands on a disk, read without rlvm's own code: label, PV header, metadata areas and the committed text, written
//! out as lines that can be compared. Sources of the layout: LVM2's lib/format_text/layout.h and lib/label/label.h.

use std::fmt::Write;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

const SECTOR: usize = 512;

/// How much of the start of a disk belongs to LVM before its first extent, as a rule.
const HEAD: usize = 1 << 20;

/// Everything of LVM's on the disk, as text.
pub(crate) fn describe(path: &Path) -> io::Result<String> {
    let disk = File::open(path)?;
    let mut head = vec![0; HEAD];
    let read = read_up_to(&disk, &mut head, 0)?;
    head.truncate(read);
    let mut out = String::new();
    let labels: Vec<usize> = (0..4).filter(|sector| at(&head, sector * SECTOR, 8) == b"LABELONE").collect();
    let Some(&sector) = labels.first() else {
        let quiet = head.chunks(SECTOR).take(8).all(|sector| sector.iter().all(|byte| *byte == 0));
        return Ok(if quiet { "no label, zeroes\n".to_owned() } else { "no label\n".to_owned() });
    };
    line(&mut out, format_args!("labels in sectors {labels:?}"));
    let areas = pv_header(&head[sector * SECTOR..], &mut out);
    line(&mut out, format_args!("sectors in use outside areas: {:?}", used_sectors(&head, &areas)));
    for (start, size) in areas {
        area(&disk, start, size, &mut out)?;
    }
    Ok(out)
}

/// Writes out label and PV header; gives the metadata areas (offset and size in bytes).
fn pv_header(label: &[u8], out: &mut String) -> Vec<(u64, u64)> {
    line(out, format_args!("label says sector {}, contents at {}", le64(label, 8), le32(label, 20)));
    line(out, format_args!("label type {}", String::from_utf8_lossy(at(label, 24, 8))));
    line(out, format_args!("pv id {}", dashed(&String::from_utf8_lossy(at(label, 32, 32)))));
    line(out, format_args!("device size {}", le64(label, 64)));
    let (data, next) = locations(label, 72);
    line(out, format_args!("data areas {data:?}"));
    let (areas, next) = locations(label, next);
    line(out, format_args!("metadata areas {areas:?}"));
    line(out, format_args!("extension {} flags {}", le32(label, next), le32(label, next + 4)));
    line(out, format_args!("bootloader areas {:?}", locations(label, next + 8).0));
    areas
}

/// A list of (offset, size), ended by an offset of 0, and the place after it.
fn locations(bytes: &[u8], mut from: usize) -> (Vec<(u64, u64)>, usize) {
    let mut list = Vec::new();
    while from + 16 <= SECTOR && le64(bytes, from) != 0 {
        list.push((le64(bytes, from), le64(bytes, from + 8)));
        from += 16;
    }
    (list, from + 16)
}

/// Sectors of the first 64 KiB that hold anything and are not part of a metadata area.
fn used_sectors(head: &[u8], areas: &[(u64, u64)]) -> Vec<usize> {
    let in_area = |sector: usize| {
        let byte = (sector * SECTOR) as u64;
        areas.iter().any(|(start, size)| byte >= *start && byte - start < *size)
    };
    let used = head.chunks(SECTOR).take(128).enumerate();
    used.filter(|(sector, bytes)| !in_area(*sector) && bytes.iter().any(|byte| *byte != 0))
        .map(|(at, _)| at)
        .collect()
}

/// Writes out one metadata area: its header, and the text that its first slot names.
fn area(disk: &File, start: u64, size: u64, out: &mut String) -> io::Result<()> {
    let mut header = vec![0; SECTOR];
    read_up_to(disk, &mut header, start)?;
    line(out, format_args!("area at {start}: header start {} size {}", le64(&header, 24), le64(&header, 32)));
    line(
        out,
        format_args!("magic {:?} version {}", String::from_utf8_lossy(at(&header, 4, 16)), le32(&header, 20)),
    );
    let (offset, length, flags) = (le64(&header, 40), le64(&header, 48), le32(&header, 60));
    let precommitted = if le64(&header, 64) == 0 { "empty" } else { "in use" };
    line(out, format_args!("committed slot flags {flags}, precommitted slot {precommitted}"));
    if offset == 0 || length == 0 || length >= size {
        line(out, format_args!("no text"));
        return Ok(());
    }
    let mut text = vec![0; length as usize];
    let before_wrap = length.min(size.saturating_sub(offset)) as usize;
    read_up_to(disk, &mut text[..before_wrap], start + offset)?;
    read_up_to(disk, &mut text[before_wrap..], start + SECTOR as u64)?;
    line(out, format_args!("text starts on a sector: {}", offset.is_multiple_of(SECTOR as u64)));
    line(out, format_args!("text ends with a NUL: {}", text.pop() == Some(0)));
    line(out, format_args!("{}", String::from_utf8_lossy(&text)));
    Ok(())
}

/// An id of 32 characters as it is printed: 6-4-4-4-4-4-6.
pub(crate) fn dashed(id: &str) -> String {
    let mut printed = String::new();
    for (at, c) in id.chars().enumerate() {
        if [6, 10, 14, 18, 22, 26].contains(&at) {
            printed.push('-');
        }
        printed.push(c);
    }
    printed
}

fn read_up_to(disk: &File, buffer: &mut [u8], from: u64) -> io::Result<usize> {
    let mut done = 0;
    while done < buffer.len() {
        match disk.read_at(&mut buffer[done..], from + done as u64)? {
            0 => break,
            n => done += n,
        }
    }
    Ok(done)
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    writeln!(out, "{text}").expect("a string takes any line");
}

/// `len` bytes at `from`, or none where they would lie outside.
fn at(bytes: &[u8], from: usize, len: usize) -> &[u8] {
    bytes.get(from..from + len).unwrap_or_default()
}

fn le32(bytes: &[u8], from: usize) -> u32 {
    at(bytes, from, 4).try_into().map_or(0, u32::from_le_bytes)
}

fn le64(bytes: &[u8], from: usize) -> u64 {
    at(bytes, from, 8).try_into().map_or(0, u64::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::dashed;

    #[test]
    fn an_id_gets_its_dashes() {
        assert_eq!(dashed("abcdef0123456789abcdef0123ABCDEF"), "abcdef-0123-4567-89ab-cdef-0123-ABCDEF");
    }
}
