//! Signatures on disks that were put together by hand.

use device::Disk;
use device::ram::RamDisk;
use pv::signature::{Foreign, Signature, end, find, foreign, wipe};
use units::Bytes;

const LEN: u64 = 20 << 20;

fn disk(content: &[(u64, &[u8])]) -> RamDisk {
    let disk = RamDisk::new("ram", 1, Bytes::new(LEN));
    content.iter().for_each(|(at, bytes)| disk.write_at(bytes, Bytes::new(*at)).unwrap());
    disk
}

fn names(found: &[Signature]) -> Vec<(&'static str, u64)> {
    found.iter().map(|signature| (signature.name, signature.offset.get())).collect()
}

#[test]
fn an_empty_disk_has_none() {
    assert!(find(&disk(&[])).unwrap().is_empty());
    assert_eq!(foreign(&disk(&[])).unwrap(), None);
}

#[test]
fn ext_is_told_by_its_features() {
    let ext = |features: [u32; 3]| {
        let words = features.map(u32::to_le_bytes).concat();
        let disk = disk(&[(1080, b"\x53\xef"), (1024 + 92, &words)]);
        names(&find(&disk).unwrap())
    };
    assert_eq!(ext([0, 0x2, 0x1]), [("ext2", 1080)]);
    assert_eq!(ext([0x4, 0x2, 0x1]), [("ext3", 1080)]);
    assert_eq!(ext([0x4, 0x42, 0x1]), [("ext4", 1080)]);
    assert_eq!(ext([0, 0x8, 0]), [("jbd", 1080)]);
}

#[test]
fn md_superblocks_name_their_own_place() {
    let superblock = |at: u64, sector: u64| {
        let mut bytes = vec![0; 256];
        bytes[..8].copy_from_slice(&[0xfc, 0x4e, 0x2b, 0xa9, 1, 0, 0, 0]);
        bytes[144..152].copy_from_slice(&sector.to_le_bytes());
        (at, bytes)
    };
    let end = LEN - 8192;
    for (at, bytes) in [superblock(0, 0), superblock(4096, 8), superblock(end, end / 512)] {
        assert_eq!(names(&find(&disk(&[(at, &bytes)])).unwrap()), [("linux_raid_member", at)]);
    }
    let (at, moved) = superblock(4096, 9);
    assert!(find(&disk(&[(at, &moved)])).unwrap().is_empty());
}

#[test]
fn several_marks_are_found_in_order_and_each_is_wiped() {
    let swap = [1u32.to_le_bytes(), 100u32.to_le_bytes()].concat();
    let disk = disk(&[
        (0, b"LUKS\xba\xbe\0\x02"),
        (0x4000, b"SKUL\xba\xbe\0\x02"),
        (0x4000 + 256, &0x4000u64.to_be_bytes()),
        (1024, &swap),
        (4086, b"SWAPSPACE2"),
        (510, b"\x55\xaa"),
        (446 + 12, &[1, 0, 0, 0]),
    ]);
    let found = find(&disk).unwrap();
    let expected = [("crypto_LUKS", 0), ("crypto_LUKS", 0x4000), ("swap", 4086), ("dos", 510)];
    assert_eq!(names(&found), expected);
    for (number, signature) in found.iter().enumerate() {
        wipe(&disk, signature).unwrap();
        assert_eq!(find(&disk).unwrap().len(), 3 - number);
    }
    assert_eq!(disk.content().to_vec()[1024], 1);
}

#[test]
fn marks_that_are_too_short_to_count_alone_need_more() {
    assert!(find(&disk(&[(0, b"\xeb"), (510, b"\x55\xaa"), (446, b"\x7f")])).unwrap().is_empty());
    assert!(find(&disk(&[(1024, b"BD")])).unwrap().is_empty());
    assert!(find(&disk(&[(0x410, b"\x7f\x13")])).unwrap().is_empty());
    assert!(find(&disk(&[(536, b"LVM2 001")])).unwrap().is_empty());
}

#[test]
fn files_of_other_formats_are_told() {
    assert_eq!(foreign(&disk(&[(0, b"QFI\xfb")])).unwrap(), Some(Foreign::Format("qcow2 image")));
    assert_eq!(foreign(&disk(&[(257, b"ustar")])).unwrap(), Some(Foreign::Format("tar archive")));
    assert_eq!(foreign(&disk(&[(0, b"To whom it may concern,\n")])).unwrap(), Some(Foreign::Text));
    assert_eq!(foreign(&disk(&[(0, b"LABELONE\0\0\0\0\0\0\0\0")])).unwrap(), None);
}

#[test]
fn bytes_of_any_value_end_in_an_answer() {
    let marks: [(u64, &[u8]); 12] = [
        (0, b"XFSB"),
        (0x438, b"\x53\xef"),
        (510, b"\x55\xaa"),
        (3, b"NTFS    "),
        (0x52, b"FAT32   "),
        (4096, b"\xfc\x4e\x2b\xa9\x01\0\0\0"),
        (0x8001, b"BEA01"),
        (0x406, b"\x34\x34"),
        (0x410, b"\x7f\x13"),
        (1024, b"BD"),
        (512, b"EFI PART"),
        (0, b"ER"),
    ];
    let mut seed = 7u64;
    for round in 0..300 {
        let mut bytes = vec![0; 80 * 1024];
        for byte in &mut bytes {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = (seed >> 56) as u8;
        }
        let (at, mark) = marks[round % marks.len()];
        bytes[at as usize..][..mark.len()].copy_from_slice(mark);
        let len = if round % 3 == 0 { bytes.len() } else { 1 + seed as usize % bytes.len() };
        let disk = RamDisk::with_content("noise", 1, device::ram::Image::from_bytes(&bytes[..len]));
        for signature in find(&disk).unwrap() {
            wipe(&disk, &signature).unwrap();
        }
        assert!(find(&disk).unwrap().is_empty());
        foreign(&disk).unwrap();
        pv::probe_disk(&disk).unwrap();
        partition_of(&disk);
    }
}

fn partition_of(disk: &RamDisk) {
    pv::exclusion(disk, &[], true, true).unwrap();
}

#[test]
fn file_systems_and_swap_say_how_far_they_reach() {
    let reach = |content: &[(u64, &[u8])]| {
        let disk = disk(content);
        let found = find(&disk).unwrap();
        let end = end(&disk, &found[0]).unwrap().map(Bytes::get);
        (found[0].name, end)
    };
    // 3000 blocks of 4 KiB, and 2^32 more where 64 bits are in use.
    let superblock = |incompat: u32, high: u32| {
        let mut bytes = vec![0; 1024];
        for (at, word) in [(4, 3000), (0x18, 2), (0x5c, 4), (0x60, incompat), (0x64, 1), (0x150, high)] {
            bytes[at..at + 4].copy_from_slice(&u32::to_le_bytes(word));
        }
        bytes[0x38..0x3a].copy_from_slice(b"\x53\xef");
        bytes
    };
    assert_eq!(reach(&[(1024, &superblock(0x42, 1))]), ("ext4", Some(3000 * 4096)));
    assert_eq!(reach(&[(1024, &superblock(0xc2, 1))]), ("ext4", Some((3000 + (1 << 32)) * 4096)));
    let swap = [1u32.to_le_bytes(), 99u32.to_le_bytes()].concat();
    assert_eq!(reach(&[(1024, &swap), (4086, b"SWAPSPACE2")]), ("swap", Some(100 * 4096)));
    assert_eq!(reach(&[(0, b"LUKS\xba\xbe\0\x02")]).1, None);
}
