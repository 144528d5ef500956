//! Names for the types of partitions that people meet.

use crate::table::Purpose;
use std::fmt;

impl Purpose {
    /// What the type is called, where that is known.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Unknown => None,
            Self::Word(word) => Some(word),
            Self::Dos(kind) => find(DOS, kind),
            Self::Gpt(guid) => find(GPT, &guid.to_string().as_str()),
            Self::Bsd(kind) => find(BSD, kind),
            Self::Vtoc(tag) => find(VTOC, tag),
            Self::Sgi(kind) => find(SGI, kind),
        }
    }
}

impl fmt::Display for Purpose {
    /// As the table has it: a GUID, a number in hexadecimal digits, a word; nothing where it has none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => Ok(()),
            Self::Word(word) => f.write_str(word),
            Self::Dos(kind) | Self::Bsd(kind) => write!(f, "0x{kind:02x}"),
            Self::Gpt(guid) => write!(f, "{guid}"),
            Self::Vtoc(tag) => write!(f, "0x{tag:02x}"),
            Self::Sgi(kind) => write!(f, "0x{kind:02x}"),
        }
    }
}

fn find<K: PartialEq>(names: &[(K, &'static str)], key: &K) -> Option<&'static str> {
    names.iter().find(|(known, _)| known == key).map(|(_, name)| *name)
}

const DOS: &[(u8, &str)] = &[
    (0x00, "empty"),
    (0x01, "FAT12"),
    (0x04, "FAT16 below 32 MiB"),
    (0x05, "extended"),
    (0x06, "FAT16"),
    (0x07, "NTFS or exFAT"),
    (0x0b, "FAT32"),
    (0x0c, "FAT32 with LBA"),
    (0x0e, "FAT16 with LBA"),
    (0x0f, "extended with LBA"),
    (0x11, "hidden FAT12"),
    (0x17, "hidden NTFS"),
    (0x1b, "hidden FAT32"),
    (0x27, "Windows recovery"),
    (0x39, "Plan 9"),
    (0x41, "PReP boot"),
    (0x63, "UnixWare"),
    (0x80, "old Minix"),
    (0x81, "Minix"),
    (0x82, "Linux swap or Solaris"),
    (0x83, "Linux"),
    (0x85, "Linux extended"),
    (0x88, "Linux plaintext"),
    (0x8e, "Linux LVM"),
    (0xa5, "FreeBSD"),
    (0xa6, "OpenBSD"),
    (0xa8, "Darwin UFS"),
    (0xa9, "NetBSD"),
    (0xab, "Darwin boot"),
    (0xaf, "HFS or HFS+"),
    (0xbe, "Solaris boot"),
    (0xbf, "Solaris"),
    (0xda, "data without a file system"),
    (0xea, "Linux extended boot"),
    (0xeb, "BeFS"),
    (0xee, "GPT"),
    (0xef, "EFI system"),
    (0xfb, "VMware VMFS"),
    (0xfc, "VMware swap"),
    (0xfd, "Linux RAID"),
];

const GPT: &[(&str, &str)] = &[
    ("c12a7328-f81f-11d2-ba4b-00a0c93ec93b", "EFI system"),
    ("024dee41-33e7-11d3-9d69-0008c781f39f", "MBR scheme"),
    ("21686148-6449-6e6f-744e-656564454649", "BIOS boot"),
    ("0fc63daf-8483-4772-8e79-3d69d8477de4", "Linux filesystem"),
    ("0657fd6d-a4ab-43c4-84e5-0933c84b4f4f", "Linux swap"),
    ("e6d6d379-f507-44c2-a23c-238f2a3df928", "Linux LVM"),
    ("a19d880f-05fc-4d3b-a006-743f0f84911e", "Linux RAID"),
    ("8da63339-0007-60c0-c436-083ac8230908", "Linux reserved"),
    ("933ac7e1-2eb4-4f13-b844-0e14e2aef915", "Linux home"),
    ("3b8f8425-20e0-4f3b-907f-1a25a76f98e8", "Linux server data"),
    ("bc13c2ff-59e6-4262-a352-b275fd6f7172", "Linux extended boot"),
    ("44479540-f297-41b2-9af7-d131d5f0458a", "Linux root (x86)"),
    ("4f68bce3-e8cd-4db1-96e7-fbcaf984b709", "Linux root (x86-64)"),
    ("b921b045-1df0-41c3-af44-4c6f280d3fae", "Linux root (ARM-64)"),
    ("69dad710-2ce4-4e3c-b16c-21a1d49abed3", "Linux root (ARM)"),
    ("72ec70a6-cf74-40e6-bd49-4bda08e8f224", "Linux root (RISC-V-64)"),
    ("ca7d7ccb-63ed-4c53-861c-1742536059cc", "LUKS"),
    ("7ffec5c9-2d00-49b7-8941-3ea10a5586b7", "dm-crypt"),
    ("ebd0a0a2-b9e5-4433-87c0-68b6b72699c7", "Microsoft basic data"),
    ("e3c9e316-0b5c-4db8-817d-f92df00215ae", "Microsoft reserved"),
    ("de94bba4-06d1-4d40-a16a-bfd50179d6ac", "Windows recovery"),
    ("5808c8aa-7e8f-42e0-85d2-e1e90434cfb3", "Microsoft LDM metadata"),
    ("af9b60a0-1431-4f62-bc68-3311714a69ad", "Microsoft LDM data"),
    ("48465300-0000-11aa-aa11-00306543ecac", "Apple HFS+"),
    ("7c3457ef-0000-11aa-aa11-00306543ecac", "Apple APFS"),
    ("426f6f74-0000-11aa-aa11-00306543ecac", "Apple boot"),
    ("83bd6b9d-7f41-11dc-be0b-001560b84f0f", "FreeBSD boot"),
    ("516e7cb4-6ecf-11d6-8ff8-00022d09712b", "FreeBSD data"),
    ("516e7cb5-6ecf-11d6-8ff8-00022d09712b", "FreeBSD swap"),
    ("516e7cb6-6ecf-11d6-8ff8-00022d09712b", "FreeBSD UFS"),
    ("516e7cba-6ecf-11d6-8ff8-00022d09712b", "FreeBSD ZFS"),
    ("6a898cc3-1dd2-11b2-99a6-080020736631", "Solaris /usr or ZFS"),
    ("9e1a2d38-c612-4316-aa26-8b49521e5a8b", "PReP boot"),
    ("fe3a2a5d-4f32-41a7-b725-accc3285a309", "ChromeOS kernel"),
    ("3cb8e202-3b7e-47dd-8a3c-7ff2a13cfcec", "ChromeOS root"),
    ("4fbd7e29-9d25-41b8-afd0-062c0ceff05d", "Ceph OSD"),
    ("aa31e02a-400f-11db-9590-000c2911d1b8", "VMware VMFS"),
];

const BSD: &[(u8, &str)] = &[
    (1, "swap"),
    (7, "4.2BSD"),
    (8, "MS-DOS"),
    (9, "LFS"),
    (11, "HPFS"),
    (12, "ISO 9660"),
    (13, "boot"),
    (14, "Vinum"),
    (17, "ext2"),
    (27, "ZFS"),
];

const VTOC: &[(u16, &str)] = &[
    (1, "boot"),
    (2, "root"),
    (3, "swap"),
    (4, "usr"),
    (5, "whole disk"),
    (6, "stand"),
    (7, "var"),
    (8, "home"),
    (9, "alternate sectors"),
    (0x82, "Linux swap"),
    (0x83, "Linux"),
    (0x8e, "Linux LVM"),
    (0xfd, "Linux RAID"),
];

const SGI: &[(u32, &str)] = &[
    (0, "volume header"),
    (1, "track replacements"),
    (2, "sector replacements"),
    (3, "raw"),
    (4, "BSD"),
    (5, "System V"),
    (6, "volume"),
    (7, "EFS"),
    (10, "XFS"),
    (11, "XFS log"),
    (12, "XLV"),
    (13, "XVM"),
    (0x82, "Linux swap"),
    (0x83, "Linux"),
    (0x8e, "Linux LVM"),
    (0xfd, "Linux RAID"),
];
