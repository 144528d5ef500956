//! The formats, in the order in which they are tried.

use super::view::View;
use super::{Usage, checks, custom};

/// A format.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) usage: Usage,
    /// Smaller disks do not hold it.
    pub(super) min_size: u64,
    pub(super) detect: Detect,
}

/// How a format is told.
pub(super) enum Detect {
    /// By the first of these marks that is there, if the check agrees.
    Marks(&'static [Mark], Check),
    /// By a search of its own.
    Search(Search),
}

/// Bytes at a place.
pub(super) struct Mark {
    pub(super) at: u64,
    pub(super) bytes: &'static [u8],
}

pub(super) type Check = fn(&mut View<'_>, &Mark) -> bool;
pub(super) type Search = fn(&mut View<'_>) -> Option<(u64, u64)>;

const KIB: u64 = 1024;
const MIB: u64 = 1024 * 1024;

const fn mark(at: u64, bytes: &'static [u8]) -> Mark {
    Mark { at, bytes }
}

const fn row(name: &'static str, usage: Usage, min_size: u64, marks: &'static [Mark], check: Check) -> Row {
    Row { name, usage, min_size, detect: Detect::Marks(marks, check) }
}

const fn search(name: &'static str, usage: Usage, min_size: u64, search: Search) -> Row {
    Row { name, usage, min_size, detect: Detect::Search(search) }
}

fn plain(_: &mut View<'_>, _: &Mark) -> bool {
    true
}

const EXT: &[Mark] = &[mark(0x438, b"\x53\xef")];
const GFS: &[Mark] = &[mark(64 * KIB, b"\x01\x16\x19\x70")];
const BCACHE: [u8; 16] = *b"\xc6\x85\x73\xf6\x4e\x1a\x45\xca\x82\x65\xf5\x7f\x48\xba\x6d\x81";
const BCACHEFS: [u8; 16] = *b"\xc6\x85\x73\xf6\x66\xce\x90\xa9\xd9\x6a\x60\xcf\x80\x3d\xf7\xef";
const STRATIS: [u8; 16] = *b"!Stra0tis\x86\xff\x02^\x41rh";
const BOOT_SECTOR: &[Mark] = &[mark(510, b"\x55\xaa")];

use Usage::{Crypto, Filesystem, Other, PartitionTable, Raid};

/// Superblocks first, then partition tables, each in libblkid's order.
pub(super) static ROWS: &[Row] = &[
    search("linux_raid_member", Raid, 64 * KIB, custom::md),
    search("ddf_raid_member", Raid, 0x30000, custom::ddf),
    search("isw_raid_member", Raid, 64 * KIB, custom::isw),
    search("lsi_mega_raid_member", Raid, 64 * KIB, custom::lsi),
    search("nvidia_raid_member", Raid, 64 * KIB, custom::nvidia),
    search("promise_fasttrack_raid_member", Raid, 0x40000, custom::promise),
    row(
        "hpt37x_raid_member",
        Raid,
        0,
        &[mark(4640, b"\xf0\x16\x78\x5a"), mark(4640, b"\xfd\x16\x78\x5a")],
        plain,
    ),
    row("bcache", Other, 8192, &[mark(0x1018, &BCACHE)], checks::bcache),
    row(
        "bcachefs",
        Filesystem,
        128 * KIB,
        &[mark(0x1018, &BCACHE), mark(0x1018, &BCACHEFS), mark(2 * MIB + 0x18, &BCACHEFS)],
        checks::bcachefs,
    ),
    row("ceph_bluestore", Other, 0, &[mark(0, b"bluestore block device")], plain),
    search("drbd", Raid, 64 * KIB, custom::drbd),
    row("drbdmanage_control_volume", Other, 64 * KIB, &[mark(0, b"$DRBDmgr=q")], plain),
    row("drbdproxy_datalog", Filesystem, 16 * KIB, &[mark(0, b"DRBDdlh*")], plain),
    row(
        super::Signature::LVM2_MEMBER,
        Raid,
        0,
        &[
            mark(0x218, b"LVM2 001"),
            mark(0x018, b"LVM2 001"),
            mark(0x418, b"LVM2 001"),
            mark(0x618, b"LVM2 001"),
        ],
        checks::lvm2,
    ),
    row(super::Signature::LVM1_MEMBER, Raid, 0, &[mark(0, b"HM")], checks::lvm1),
    row(super::Signature::SNAPSHOT_COW, Other, 0, &[mark(0, b"SnAp")], plain),
    row("DM_verity_hash", Crypto, 0, &[mark(0, b"verity\0\0")], plain),
    row("DM_integrity", Crypto, 0, &[mark(0, b"integrt\0")], plain),
    search("crypto_LUKS", Crypto, 0, custom::luks),
    // libblkid does not know it, LVM2 does (2.03.40: lib/device/dev-lvm1-pool.c).
    row("gfs_pool", Raid, 0, &[mark(0, b"\0\0\0\0\0\x01\x16\x70")], checks::gfs_pool),
    row("VMFS_volume_member", Raid, 0, &[mark(MIB, b"\x0d\xd0\x01\xc0")], plain),
    row("ubi", Raid, 0, &[mark(0, b"UBI#")], plain),
    row("vdo", Other, 0, &[mark(0, b"dmvdo001")], plain),
    row("stratis", Raid, 8 * KIB, &[mark(0x204, &STRATIS), mark(0x1204, &STRATIS)], plain),
    row("BitLocker", Crypto, 0, &[mark(0, b"\xeb\x52\x90-FVE-FS-"), mark(0, b"\xeb\x58\x90-FVE-FS-")], plain),
    row(
        "vfat",
        Filesystem,
        0,
        &[
            mark(0x52, b"MSWIN"),
            mark(0x52, b"FAT32   "),
            mark(0x36, b"MSDOS"),
            mark(0x36, b"FAT16   "),
            mark(0x36, b"FAT12   "),
            mark(0x36, b"FAT     "),
            mark(0, b"\xeb"),
            mark(0, b"\xe9"),
            mark(0x1fe, b"\x55\xaa"),
        ],
        checks::vfat,
    ),
    row(
        "swsuspend",
        Other,
        40 * KIB,
        &[
            mark(0, b"\xed\xc3\x02\xe9\x98\x56\xe5\x0c"),
            mark(0xff6, b"S1SUSPEND"),
            mark(0xff6, b"S2SUSPEND"),
            mark(0xff6, b"ULSUSPEND"),
            mark(0xff6, b"LINHIB0001"),
            mark(0x1ff6, b"S1SUSPEND"),
            mark(0x1ff6, b"S2SUSPEND"),
            mark(0x1ff6, b"ULSUSPEND"),
            mark(0x1ff6, b"LINHIB0001"),
            mark(0x3ff6, b"S1SUSPEND"),
            mark(0x3ff6, b"S2SUSPEND"),
            mark(0x3ff6, b"ULSUSPEND"),
            mark(0x3ff6, b"LINHIB0001"),
            mark(0x7ff6, b"S1SUSPEND"),
            mark(0x7ff6, b"S2SUSPEND"),
            mark(0x7ff6, b"ULSUSPEND"),
            mark(0x7ff6, b"LINHIB0001"),
            mark(0xfff6, b"S1SUSPEND"),
            mark(0xfff6, b"S2SUSPEND"),
            mark(0xfff6, b"ULSUSPEND"),
            mark(0xfff6, b"LINHIB0001"),
        ],
        plain,
    ),
    row(
        "swap",
        Other,
        40 * KIB,
        &[
            mark(0xff6, b"SWAP-SPACE"),
            mark(0xff6, b"SWAPSPACE2"),
            mark(0x1ff6, b"SWAP-SPACE"),
            mark(0x1ff6, b"SWAPSPACE2"),
            mark(0x3ff6, b"SWAP-SPACE"),
            mark(0x3ff6, b"SWAPSPACE2"),
            mark(0x7ff6, b"SWAP-SPACE"),
            mark(0x7ff6, b"SWAPSPACE2"),
            mark(0xfff6, b"SWAP-SPACE"),
            mark(0xfff6, b"SWAPSPACE2"),
        ],
        checks::swap,
    ),
    row("xfs", Filesystem, 0, &[mark(0, b"XFSB")], checks::xfs),
    search("xfs_external_log", Other, 0, custom::xfs_log),
    row("exfs", Filesystem, 0, &[mark(0, b"EXFS")], checks::xfs),
    row("ext4dev", Filesystem, 0, EXT, checks::ext4dev),
    row("ext4", Filesystem, 0, EXT, checks::ext4),
    row("ext3", Filesystem, 0, EXT, checks::ext3),
    row("ext2", Filesystem, 0, EXT, checks::ext2),
    row("jbd", Other, 0, EXT, checks::jbd),
    row(
        "reiserfs",
        Filesystem,
        128 * KIB,
        &[
            mark(8 * KIB + 0x34, b"ReIsErFs"),
            mark(64 * KIB + 0x34, b"ReIsEr2Fs"),
            mark(64 * KIB + 0x34, b"ReIsEr3Fs"),
            mark(64 * KIB + 0x34, b"ReIsErFs"),
            mark(8 * KIB + 20, b"ReIsErFs"),
        ],
        plain,
    ),
    row("reiser4", Filesystem, 128 * KIB, &[mark(64 * KIB, b"ReIsEr4")], plain),
    row("jfs", Filesystem, 16 * MIB, &[mark(32 * KIB, b"JFS1")], checks::jfs),
    row(
        "udf",
        Filesystem,
        0,
        &[
            mark(0x8001, b"BEA01"),
            mark(0x8001, b"BOOT2"),
            mark(0x8001, b"CD001"),
            mark(0x8001, b"CDW02"),
            mark(0x8001, b"NSR02"),
            mark(0x8001, b"NSR03"),
            mark(0x8001, b"TEA01"),
        ],
        checks::udf,
    ),
    row("iso9660", Filesystem, 0, &[mark(0x8001, b"CD001"), mark(0x8009, b"CDROM")], plain),
    search("zfs_member", Filesystem, 64 * MIB, custom::zfs),
    row(
        "hfsplus",
        Filesystem,
        0,
        &[mark(1024, b"BD"), mark(1024, b"H+"), mark(1024, b"HX")],
        checks::hfsplus,
    ),
    row("hfs", Filesystem, 0, &[mark(1024, b"BD")], checks::hfs),
    search("ufs", Filesystem, 0, custom::ufs),
    row("hpfs", Filesystem, 0, &[mark(0x2000, b"\x49\xe8\x95\xf9")], checks::hpfs),
    row("xenix", Filesystem, 0, &[mark(0x800, b"\x2b\x55\x44"), mark(0x800, b"\x44\x55\x2b")], plain),
    row("ntfs", Filesystem, 0, &[mark(3, b"NTFS    ")], checks::ntfs),
    row("ReFS", Filesystem, 0, &[mark(0, b"\0\0\0ReFS\0")], plain),
    row("cramfs", Filesystem, 0, &[mark(0, b"\x45\x3d\xcd\x28"), mark(0, b"\x28\xcd\x3d\x45")], plain),
    row("romfs", Filesystem, 0, &[mark(0, b"-rom1fs-")], plain),
    row(
        "minix",
        Filesystem,
        0,
        &[
            mark(0x410, b"\x7f\x13"),
            mark(0x410, b"\x8f\x13"),
            mark(0x410, b"\x68\x24"),
            mark(0x410, b"\x78\x24"),
            mark(0x418, b"\x5a\x4d"),
        ],
        checks::minix,
    ),
    row("gfs", Filesystem, 32 * MIB, GFS, checks::gfs),
    row("gfs2", Filesystem, 32 * MIB, GFS, checks::gfs2),
    row("ocfs", Filesystem, 14_000 * KIB, &[mark(8 * KIB, b"OracleCFS")], plain),
    row(
        "ocfs2",
        Filesystem,
        14_000 * KIB,
        &[mark(KIB, b"OCFSV2"), mark(2 * KIB, b"OCFSV2"), mark(4 * KIB, b"OCFSV2"), mark(8 * KIB, b"OCFSV2")],
        plain,
    ),
    row("oracleasm", Filesystem, 0, &[mark(32, b"ORCLDISK")], plain),
    row("vxfs", Filesystem, 0, &[mark(KIB, b"\xf5\xfc\x01\xa5")], plain),
    row("squashfs", Filesystem, 0, &[mark(0, b"hsqs")], checks::squashfs),
    row("squashfs3", Filesystem, 0, &[mark(0, b"sqsh"), mark(0, b"hsqs")], checks::squashfs3),
    row("nss", Filesystem, 0, &[mark(4 * KIB, b"SPB5")], plain),
    row("btrfs", Filesystem, MIB, &[mark(64 * KIB + 0x40, b"_BHRfS_M")], plain),
    row("ubifs", Filesystem, 0, &[mark(0, b"\x31\x18\x10\x06")], plain),
    row("bfs", Filesystem, 0, &[mark(0, b"\xce\xfa\xad\x1b")], plain),
    row("VMFS", Filesystem, 0, &[mark(2 * MIB, b"\x5e\xf1\xab\x2f")], plain),
    row(
        "befs",
        Filesystem,
        1440 * KIB,
        &[mark(32, b"BFS1"), mark(32, b"1SFB"), mark(0x220, b"BFS1"), mark(0x220, b"1SFB")],
        plain,
    ),
    search("nilfs2", Filesystem, MIB, custom::nilfs2),
    row("exfat", Filesystem, 0, &[mark(3, b"EXFAT   ")], checks::exfat),
    row("f2fs", Filesystem, 0, &[mark(KIB, b"\x10\x20\xf5\xf2")], plain),
    row("mpool", Filesystem, 0, &[mark(0, b"mpoolDev")], plain),
    row("apfs", Filesystem, 0, &[mark(32, b"NXSB")], checks::apfs),
    row("zonefs", Filesystem, 0, &[mark(0, b"SFOZ")], plain),
    row("erofs", Filesystem, 0, &[mark(KIB, b"\xe2\xe1\xf5\xe0")], plain),
    row("aix", PartitionTable, 0, &[mark(0, b"\xc9\xc2\xd4\xc1")], plain),
    row("sgi", PartitionTable, 0, &[mark(0, b"\x0b\xe5\xa9\x41")], checks::sgi),
    row("sun", PartitionTable, 0, &[mark(508, b"\xda\xbe")], checks::sun),
    row("dos", PartitionTable, 0, BOOT_SECTOR, checks::dos),
    search("gpt", PartitionTable, 0, custom::gpt),
    row("PMBR", PartitionTable, 0, BOOT_SECTOR, checks::pmbr),
    row("mac", PartitionTable, 0, &[mark(0, b"ER")], checks::mac),
];
