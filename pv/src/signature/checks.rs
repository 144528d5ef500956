//! What has to be true beside a mark, so that other bytes are not taken for it.

use super::table::Mark;
use super::view::View;
use crate::signature::custom;

type V<'v, 'd> = &'v mut View<'d>;

/// Where an ext superblock begins.
const EXT: u64 = 1024;

pub(super) fn bcache(view: V<'_, '_>, _: &Mark) -> bool {
    // The superblock names its own sector.
    view.le64(0x1008) == Some(8) && view.le64(0x1010).is_some_and(|version| version <= 6)
}

pub(super) fn bcachefs(view: V<'_, '_>, mark: &Mark) -> bool {
    // The newer mark is its own; the older one is bcache's too.
    !mark.bytes.ends_with(b"\x6d\x81")
        || view.le64(0x1010).is_some_and(|version| version > 6 && version < 1 << 16)
}

pub(super) fn lvm2(view: V<'_, '_>, mark: &Mark) -> bool {
    view.has(mark.at - 24, b"LABELONE")
}

pub(super) fn lvm1(view: V<'_, '_>, _: &Mark) -> bool {
    view.le16(2).is_some_and(|version| matches!(version, 1 | 2))
}

/// The label of a GFS pool, by its version.
pub(super) fn gfs_pool(view: V<'_, '_>, _: &Mark) -> bool {
    view.has(272, b"\0\x04\x01\x03")
}

pub(super) fn vfat(view: V<'_, '_>, mark: &Mark) -> bool {
    fat_fields(view, mark).unwrap_or(false)
}

/// The BIOS parameter block, and the second sector of FAT32.
fn fat_fields(view: V<'_, '_>, mark: &Mark) -> Option<bool> {
    if mark.bytes.len() <= 2 {
        let disguise = view.has(0x36, b"JFS     ") || view.has(0x36, b"HPFS    ");
        if !view.has(0x1fe, b"\x55\xaa") || disguise {
            return Some(false);
        }
    }
    let (sector, cluster) = (view.le16(11)?, view.u8(13)?);
    let (reserved, fats, media) = (view.le16(14)?, view.u8(16)?, view.u8(21)?);
    let media_known = media >= 0xf8 || media == 0xf0;
    let sizes = sector.is_power_of_two() && (512..=4096).contains(&sector) && cluster.is_power_of_two();
    if !(sizes && fats != 0 && reserved != 0 && media_known) {
        return Some(false);
    }
    let sectors = match view.le16(19)? {
        0 => u64::from(view.le32(32)?),
        few => u64::from(few),
    };
    let (fat16, fat32) = (u64::from(view.le16(22)?), u64::from(view.le32(36)?));
    let fat = if fat16 == 0 { fat32 } else { fat16 };
    let directory = (u64::from(view.le16(17)?) * 32).div_ceil(u64::from(sector));
    let Some(data) = sectors.checked_sub(u64::from(reserved) + fat * u64::from(fats) + directory) else {
        return Some(false);
    };
    let most = if fat16 == 0 && fat32 != 0 { 0x0fff_fff6 } else { 0xfff4 };
    if data / u64::from(cluster) > most {
        return Some(false);
    }
    if fat16 == 0 && fat32 != 0 {
        return fat32_info(view, u64::from(sector));
    }
    Some(true)
}

/// FAT32's information sector: its two marks, or zeros.
fn fat32_info(view: V<'_, '_>, sector: u64) -> Option<bool> {
    let at = u64::from(view.le16(48)?) * sector;
    if at == 0 {
        return Some(true);
    }
    let (first, second) = (view.get(at, 4)?, view.get(at + 484, 4)?);
    Some(
        [b"RRaA", b"RRdA", b"\0\0\0\0"].contains(&&first[..].try_into().ok()?)
            && [b"rrAa", b"\0\0\0\0"].contains(&&second[..].try_into().ok()?),
    )
}

pub(super) fn swap(view: V<'_, '_>, mark: &Mark) -> bool {
    if mark.bytes == b"SWAP-SPACE" {
        return true;
    }
    let version = view.le32(1024).is_some_and(|version| version == 1 || version.swap_bytes() == 1);
    version && view.le32(1028).is_some_and(|last| last != 0)
}

pub(super) fn xfs(view: V<'_, '_>, _: &Mark) -> bool {
    let fields = |view: V<'_, '_>| {
        let (block, sector) = (view.be32(4)?, view.be16(102)?);
        let (block_log, sector_log) = (view.u8(120)?, view.u8(121)?);
        let groups = view.be32(88)?;
        let block_fits = (9..=16).contains(&block_log) && block == 1 << block_log;
        let sector_fits = (9..=15).contains(&sector_log) && sector == 1 << sector_log;
        Some(groups != 0 && block_fits && sector_fits)
    };
    fields(view).unwrap_or(false)
}

/// Feature words of ext: compatible, incompatible, read-only compatible, and the flags.
fn ext(view: V<'_, '_>) -> Option<[u32; 4]> {
    Some([view.le32(EXT + 92)?, view.le32(EXT + 96)?, view.le32(EXT + 100)?, view.le32(EXT + 352)?])
}

const HAS_JOURNAL: u32 = 0x4;
const JOURNAL_DEVICE: u32 = 0x8;
const TEST_FILES: u32 = 0x4;
/// What ext3 knows (ext2 knows no recovery), and which read-only compatible features both know.
const EXT3_INCOMPATIBLE: u32 = 0x2 | 0x4 | 0x10;
const EXT2_INCOMPATIBLE: u32 = 0x2 | 0x10;
const OLD_READ_ONLY: u32 = 0x1 | 0x2 | 0x4;

pub(super) fn ext4dev(view: V<'_, '_>, _: &Mark) -> bool {
    ext(view).is_some_and(|[_, incompatible, _, flags]| {
        incompatible & JOURNAL_DEVICE == 0 && flags & TEST_FILES != 0
    })
}

pub(super) fn ext4(view: V<'_, '_>, _: &Mark) -> bool {
    ext(view).is_some_and(|[_, incompatible, read_only, flags]| {
        let newer = read_only & !OLD_READ_ONLY != 0 || incompatible & !EXT3_INCOMPATIBLE != 0;
        incompatible & JOURNAL_DEVICE == 0 && newer && flags & TEST_FILES == 0
    })
}

pub(super) fn ext3(view: V<'_, '_>, _: &Mark) -> bool {
    ext(view).is_some_and(|[compatible, incompatible, read_only, _]| {
        let newer = read_only & !OLD_READ_ONLY != 0 || incompatible & !EXT3_INCOMPATIBLE != 0;
        compatible & HAS_JOURNAL != 0 && !newer
    })
}

pub(super) fn ext2(view: V<'_, '_>, _: &Mark) -> bool {
    ext(view).is_some_and(|[compatible, incompatible, read_only, _]| {
        let newer = read_only & !OLD_READ_ONLY != 0 || incompatible & !EXT2_INCOMPATIBLE != 0;
        compatible & HAS_JOURNAL == 0 && !newer
    })
}

pub(super) fn jbd(view: V<'_, '_>, _: &Mark) -> bool {
    ext(view).is_some_and(|[_, incompatible, ..]| incompatible & JOURNAL_DEVICE != 0)
}

pub(super) fn jfs(view: V<'_, '_>, _: &Mark) -> bool {
    let at = 32 * 1024;
    let (block, log) = (view.le32(at + 16), view.le16(at + 20));
    matches!((block, log), (Some(block), Some(log)) if log < 32 && block == 1 << log)
}

pub(super) fn udf(view: V<'_, '_>, _: &Mark) -> bool {
    [2048, 4096].into_iter().any(|step| has_udf_descriptors(view, step))
        && [512, 1024, 2048, 4096].into_iter().any(|block| {
            // An anchor descriptor (tag 2) at block 256 that names its own place.
            view.le16(256 * block) == Some(2) && view.le32(256 * block + 12) == Some(256)
        })
}

/// Whether the volume's descriptors, `step` bytes apart, say that it is recorded as UDF asks.
fn has_udf_descriptors(view: V<'_, '_>, step: u64) -> bool {
    const OTHERS: [&[u8; 5]; 5] = [b"BEA01", b"BOOT2", b"CD001", b"CDW02", b"TEA01"];
    for number in 0..64 {
        let Some(id) = view.get(0x8001 + number * step, 5) else { return false };
        if id == b"NSR02" || id == b"NSR03" {
            return true;
        }
        if !OTHERS.iter().any(|other| id == other[..]) {
            return false;
        }
    }
    false
}

fn is_embedded(view: V<'_, '_>) -> bool {
    view.has(1024 + 124, b"H+") || view.has(1024 + 124, b"HX")
}

pub(super) fn hfs(view: V<'_, '_>, _: &Mark) -> bool {
    !is_embedded(view) && view.be32(1024 + 20).is_some_and(|size| size != 0 && size % 512 == 0)
}

pub(super) fn hfsplus(view: V<'_, '_>, mark: &Mark) -> bool {
    if mark.bytes == b"BD" {
        return is_embedded(view);
    }
    view.be32(1024 + 40).is_some_and(|size| size >= 512 && size.is_power_of_two())
}

pub(super) fn hpfs(view: V<'_, '_>, _: &Mark) -> bool {
    view.has(0x2200, b"\x49\x18\x91\xf9")
}

pub(super) fn ntfs(view: V<'_, '_>, _: &Mark) -> bool {
    let fields = |view: V<'_, '_>| {
        let (sector, cluster) = (view.le16(11)?, view.u8(13)?);
        let cluster_fits = cluster.is_power_of_two() || (240..=249).contains(&cluster);
        let unused = view.get(14, 7)?.iter().all(|byte| *byte == 0) && view.le16(22)? == 0;
        Some(sector.is_power_of_two() && (256..=4096).contains(&sector) && cluster_fits && unused)
    };
    fields(view).unwrap_or(false)
}

pub(super) fn minix(view: V<'_, '_>, mark: &Mark) -> bool {
    minix_fields(view, mark).unwrap_or(false)
}

fn minix_fields(view: V<'_, '_>, mark: &Mark) -> Option<bool> {
    let at = 1024;
    if view.has(at + 0x38, b"\x53\xef") || view.has(at, b"\xe2\xe1\xf5\xe0") {
        return Some(false);
    }
    let version = if mark.at == 0x418 {
        3
    } else if mark.bytes[1] == 0x24 {
        2
    } else {
        1
    };
    let (inodes, maps) = match version {
        3 => (view.le32(at)?, at + 6),
        _ => (u32::from(view.le16(at)?), at + 4),
    };
    let (inode_map, zone_map, first) = (view.le16(maps)?, view.le16(maps + 2)?, view.le16(maps + 4)?);
    let log_zone = view.le16(maps + 6)?;
    let zones = match version {
        1 => u32::from(view.le16(at + 2)?),
        _ => view.le32(at + 20)?,
    };
    if version < 3 && view.le16(at + 18)? & !3 != 0 {
        return Some(false);
    }
    let bits = |blocks: u16| u64::from(blocks) * 8192;
    let data = u64::from(zones).checked_sub(u64::from(first));
    let zones_fit = data.is_some_and(|data| bits(zone_map) > data);
    Some(log_zone == 0 && inodes != 0 && bits(inode_map) > u64::from(inodes) && zones_fit)
}

pub(super) fn gfs(view: V<'_, '_>, mark: &Mark) -> bool {
    view.be32(mark.at + 24) == Some(1309) && view.be32(mark.at + 28) == Some(1401)
}

pub(super) fn gfs2(view: V<'_, '_>, mark: &Mark) -> bool {
    let format = view.be32(mark.at + 24).is_some_and(|format| (1801..=1899).contains(&format));
    format && view.be32(mark.at + 28) == Some(1900)
}

pub(super) fn squashfs(view: V<'_, '_>, _: &Mark) -> bool {
    view.le16(28).is_some_and(|major| major >= 4)
}

pub(super) fn squashfs3(view: V<'_, '_>, mark: &Mark) -> bool {
    let major = if mark.bytes == b"sqsh" { view.be16(28) } else { view.le16(28) };
    major.is_some_and(|major| major <= 3)
}

pub(super) fn exfat(view: V<'_, '_>, _: &Mark) -> bool {
    view.has(510, b"\x55\xaa")
}

pub(super) fn apfs(view: V<'_, '_>, _: &Mark) -> bool {
    view.le16(24) == Some(1) && view.le32(28) == Some(0)
}

pub(super) fn sgi(view: V<'_, '_>, _: &Mark) -> bool {
    let words = view.get(0, 512).unwrap_or_default();
    let words = words.chunks_exact(4).filter_map(|word| Some(u32::from_be_bytes(word.try_into().ok()?)));
    words.fold(0u32, u32::wrapping_add) == 0
}

pub(super) fn sun(view: V<'_, '_>, _: &Mark) -> bool {
    let words = view.get(0, 512).unwrap_or_default();
    words.chunks_exact(2).fold([0, 0], |sum, word| [sum[0] ^ word[0], sum[1] ^ word[1]]) == [0, 0]
}

/// The types of the four entries of a boot sector, where its flags make sense.
fn boot_entries(view: V<'_, '_>) -> Option<Vec<(u8, u32)>> {
    let sector = view.get(0, 512)?;
    let entries = sector[446..510].chunks_exact(16);
    let entries = entries.map(|entry| {
        let size = u32::from_le_bytes(entry[12..16].try_into().ok()?);
        (entry[0] & 0x7f == 0).then_some((entry[4], size))
    });
    entries.collect()
}

pub(super) fn dos(view: V<'_, '_>, _: &Mark) -> bool {
    let Some(entries) = boot_entries(view) else { return false };
    let protects = entries.iter().any(|(kind, _)| *kind == 0xee);
    let is_other = view.has(0, b"\xc9\xc2\xd4\xc1") || view.has(3, b"NTFS    ") || view.has(3, b"EXFAT   ");
    let fat = fat_fields(view, &Mark { at: 0x1fe, bytes: b"\x55\xaa" }).unwrap_or(false);
    let empty_on_pv = view.has(512, b"LABELONE") && entries.iter().all(|(_, size)| *size == 0);
    !(protects || is_other || fat || empty_on_pv)
}

pub(super) fn pmbr(view: V<'_, '_>, _: &Mark) -> bool {
    let sector = view.get(0, 512).unwrap_or_default();
    let protects = sector.get(446..510).is_some_and(|table| table.chunks_exact(16).any(|e| e[4] == 0xee));
    // While there is a GPT it is the GPT that is found.
    protects && custom::gpt(view).is_none()
}

pub(super) fn mac(view: V<'_, '_>, _: &Mark) -> bool {
    let Some(block) = view.be16(2).map(u64::from).filter(|block| *block >= 512) else { return false };
    view.has(block, b"PM") || view.has(block, b"TS")
}
