//! Superblocks of md arrays and firmware RAID, for members that no running array shows.
//!
//! | version | where | what |
//! |---|---|---|
//! | 1.1, 1.2 | 0, 4096 | magic a92b4efc, little-endian |
//! | 1.0 | 8 KiB before the end, rounded down to 4 KiB | the same |
//! | 0.90 | the last whole 64 KiB but one | the same, in the machine's order |
//! | DDF | last sector | magic de11de11, and a revision |
//! | IMSM | last sector but one | a name |
//!
//! Facts: LVM2 2.03.40 lib/device/dev-md.c; md(4).

use crate::disk::Disk;
use crate::error::DiskError;
use units::Bytes;

/// A superblock that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MdSuperblock {
    /// `md 1.2`, `md 0.90`, `Intel firmware RAID`, ...
    pub kind: &'static str,
    /// Where, in bytes.
    pub offset: Bytes,
}

/// How far to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MdDepth {
    /// At the start only, which other readers read anyway.
    Start,
    /// At the end too.
    Full,
}

const MAGIC: u32 = 0xa92b_4efc;
const SECTOR: u64 = 512;

/// Looks for a superblock in the first bytes of a disk, as far as they go.
pub fn md_superblock_in(start: &[u8]) -> Option<MdSuperblock> {
    let at = |offset: usize, kind| {
        let magic = start.get(offset..offset + 4)?;
        (magic == MAGIC.to_le_bytes()).then_some(MdSuperblock { kind, offset: Bytes::new(offset as u64) })
    };
    at(0, "md 1.1").or_else(|| at(4096, "md 1.2"))
}

/// Looks for a superblock on a disk. Disks of less than 128 KiB have none.
pub fn md_superblock(disk: &dyn Disk, depth: MdDepth) -> Result<Option<MdSuperblock>, DiskError> {
    let len = disk.len().get();
    if len < 128 * 1024 {
        return Ok(None);
    }
    let mut start = [0; 4100];
    disk.read_at(&mut start, Bytes::ZERO)?;
    if let Some(found) = md_superblock_in(&start) {
        return Ok(Some(found));
    }
    if depth == MdDepth::Start {
        return Ok(None);
    }
    let sectors = len / SECTOR;
    let places: [(u64, Recognise); 4] = [
        ((sectors - 16) / 8 * 8 * SECTOR, version_1_0),
        ((sectors / 128 - 1) * 128 * SECTOR, version_0_90),
        ((sectors - 1) * SECTOR, ddf),
        ((sectors - 2) * SECTOR, imsm),
    ];
    for (offset, recognise) in places {
        let mut sector = [0; SECTOR as usize];
        disk.read_at(&mut sector, Bytes::new(offset))?;
        if let Some(kind) = recognise(&sector) {
            return Ok(Some(MdSuperblock { kind, offset: Bytes::new(offset) }));
        }
    }
    Ok(None)
}

/// Tells the kind of a superblock from its first sector.
type Recognise = fn(&[u8]) -> Option<&'static str>;

fn version_1_0(sector: &[u8]) -> Option<&'static str> {
    sector.starts_with(&MAGIC.to_le_bytes()).then_some("md 1.0")
}

fn version_0_90(sector: &[u8]) -> Option<&'static str> {
    let either = sector.starts_with(&MAGIC.to_le_bytes()) || sector.starts_with(&MAGIC.to_be_bytes());
    either.then_some("md 0.90")
}

fn ddf(sector: &[u8]) -> Option<&'static str> {
    // Symmetrical but for its order; the revision, "01.02.00", is at byte 32.
    let magic = [[0xde, 0x11, 0xde, 0x11], [0x11, 0xde, 0x11, 0xde]];
    let revision = sector.get(32..35)? == b"01.";
    (magic.iter().any(|m| sector.starts_with(m)) && revision).then_some("DDF firmware RAID")
}

fn imsm(sector: &[u8]) -> Option<&'static str> {
    sector.starts_with(b"Intel Raid ISM Cfg Sig. ").then_some("Intel firmware RAID")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ram::RamDisk;

    const LEN: u64 = (10 << 20) + 3 * SECTOR;

    fn found(bytes: &[u8], offset: u64, depth: MdDepth) -> Option<&'static str> {
        let disk = RamDisk::new("ram", 1, Bytes::new(LEN));
        disk.write_at(bytes, Bytes::new(offset)).unwrap();
        md_superblock(&disk, depth).unwrap().map(|md| md.kind)
    }

    #[test]
    fn each_version_is_found_at_its_place() {
        let little = &MAGIC.to_le_bytes();
        assert_eq!(found(little, 0, MdDepth::Start), Some("md 1.1"));
        assert_eq!(found(little, 4096, MdDepth::Start), Some("md 1.2"));
        // 20483 sectors: 20467 rounded down to 8 is 20464; the last 64 KiB but one starts at 20352.
        assert_eq!(found(little, 20464 * SECTOR, MdDepth::Full), Some("md 1.0"));
        assert_eq!(found(little, 20464 * SECTOR, MdDepth::Start), None);
        assert_eq!(found(&MAGIC.to_be_bytes(), 20352 * SECTOR, MdDepth::Full), Some("md 0.90"));
        assert_eq!(
            found(b"Intel Raid ISM Cfg Sig. 1", LEN - 1024, MdDepth::Full),
            Some("Intel firmware RAID")
        );
        let mut header = [0; 40];
        header[..4].copy_from_slice(&[0xde, 0x11, 0xde, 0x11]);
        assert_eq!(found(&header, LEN - 512, MdDepth::Full), None);
        header[32..].copy_from_slice(b"01.02.00");
        assert_eq!(found(&header, LEN - 512, MdDepth::Full), Some("DDF firmware RAID"));
    }

    #[test]
    fn a_small_disk_has_none() {
        let disk = RamDisk::new("ram", 1, Bytes::new(4096));
        disk.write_at(&MAGIC.to_le_bytes(), Bytes::ZERO).unwrap();
        assert_eq!(md_superblock(&disk, MdDepth::Full).unwrap(), None);
    }
}
