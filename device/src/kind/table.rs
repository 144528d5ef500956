//! Signatures of what image files otherwise are. Facts: file(1)'s and blkid(8)'s manuals, the formats' own
//! specifications.

/// Bytes that always stand at one place.
pub(super) struct Signature {
    pub(super) offset: usize,
    pub(super) bytes: &'static [u8],
    pub(super) name: &'static str,
}

const fn at(offset: usize, bytes: &'static [u8], name: &'static str) -> Signature {
    Signature { offset, bytes, name }
}

/// Offsets from the start. The more telling first.
#[rustfmt::skip]
pub(super) const AT_START: [Signature; 93] = [
    // Disk images with a format of their own.
    at(0, b"QFI\xfb", "a qcow2 image"),
    at(0, b"QED\0", "a QED image"),
    at(0, b"KDMV", "a VMDK image"),
    at(0, b"COWD", "a VMDK image"),
    at(0, b"# Disk DescriptorFile", "a VMDK descriptor"),
    at(0, b"vhdxfile", "a VHDX image"),
    at(0, b"conectix", "a VHD image"),
    at(64, b"\x7f\x10\xda\xbe", "a VDI image"),
    at(0, b"WithoutFreeSpace", "a Parallels image"),
    at(0, b"WithouFreSpacExt", "a Parallels image"),
    at(0, b"Bochs Virtual HD Image", "a Bochs image"),
    at(0, b"OOOM User-Mode-Linux", "a UML copy-on-write image"),
    at(0, b"MOOO", "a UML copy-on-write image"),
    at(0, b"\x3a\xff\x26\xed", "a sparse Android image"),
    at(0, b"ANDROID!", "an Android boot image"),
    at(0, b"CrAU", "an Android update"),
    at(0, b"MSWIM\0\0\0", "a WIM image"),
    at(0, b"EVF\x09\x0d\x0a\xff\0", "an EWF image"),
    at(0, b"\x27\x05\x19\x56", "a U-Boot image"),
    at(0, b"\xd0\x0d\xfe\xed", "a device tree"),
    // Archives and compressed data.
    at(0, b"\x1f\x8b\x08", "a gzip archive"),
    at(0, b"BZh", "a bzip2 archive"),
    at(0, b"\xfd7zXZ\0", "an xz archive"),
    at(0, b"\x5d\0\0\x80\0", "an lzma archive"),
    at(0, b"\x28\xb5\x2f\xfd", "a zstd archive"),
    at(0, b"\x04\x22\x4d\x18", "an lz4 archive"),
    at(0, b"\x02\x21\x4c\x18", "an lz4 archive"),
    at(0, b"LZIP", "an lzip archive"),
    at(0, b"\x89LZO\0\x0d\x0a\x1a\x0a", "an lzop archive"),
    at(0, b"PK\x03\x04", "a zip archive"),
    at(0, b"PK\x05\x06", "a zip archive"),
    at(0, b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    at(0, b"Rar!\x1a\x07", "a rar archive"),
    at(0, b"MSCF\0\0\0\0", "a cabinet archive"),
    at(0, b"xar!", "a xar archive"),
    at(257, b"ustar", "a tar archive"),
    at(0, b"070701", "a cpio archive"),
    at(0, b"070702", "a cpio archive"),
    at(0, b"070707", "a cpio archive"),
    at(0, b"!<arch>\n", "an ar archive"),
    at(0, b"\xed\xab\xee\xdb", "an rpm package"),
    at(0, b"PARTCLONE-IMAGE", "a partclone image"),
    at(0, b"partclone-image", "a partclone image"),
    at(0, b"BORG_SEG", "a borg archive"),
    // File systems and their like.
    at(0, b"XFSB", "an XFS file system"),
    at(65_600, b"_BHRfS_M", "a btrfs file system"),
    at(1024, b"\x10\x20\xf5\xf2", "an f2fs file system"),
    at(1024, b"\xe2\xe1\xf5\xe0", "an erofs file system"),
    at(0, b"hsqs", "a squashfs file system"),
    at(0, b"sqsh", "a squashfs file system"),
    at(0, b"\x45\x3d\xcd\x28", "a cramfs file system"),
    at(0, b"-rom1fs-", "a romfs file system"),
    at(0, b"UBI#", "a UBI image"),
    at(0, b"\x31\x18\x10\x06", "a UBIFS file system"),
    at(32_769, b"CD001", "an ISO 9660 image"),
    at(32_769, b"BEA01", "a UDF file system"),
    at(34_817, b"NSR0", "a UDF file system"),
    at(32_768, b"JFS1", "a JFS file system"),
    at(65_588, b"ReIsErFs", "a ReiserFS file system"),
    at(65_588, b"ReIsEr2Fs", "a ReiserFS file system"),
    at(65_588, b"ReIsEr3Fs", "a ReiserFS file system"),
    at(65_536, b"ReIsEr4", "a Reiser4 file system"),
    at(1024, b"\x02\0\0\0\0\0\x34\x34", "a NILFS2 file system"),
    at(65_536, b"\x01\x16\x19\x70", "a GFS2 file system"),
    at(8192, b"OCFSV2", "an OCFS2 file system"),
    at(4096, b"OCFSV2", "an OCFS2 file system"),
    at(1024, b"H+\0\x04", "an HFS+ file system"),
    at(1024, b"HX\0\x05", "an HFSX file system"),
    at(32, b"NXSB", "an APFS container"),
    at(3, b"NTFS    ", "an NTFS file system"),
    at(3, b"EXFAT   ", "an exFAT file system"),
    at(3, b"-FVE-FS-", "a BitLocker volume"),
    at(54, b"FAT12   ", "a FAT file system"),
    at(54, b"FAT16   ", "a FAT file system"),
    at(82, b"FAT32   ", "a FAT file system"),
    at(0, b"LUKS\xba\xbe", "a LUKS volume"),
    at(4086, b"SWAPSPACE2", "swap space"),
    at(4086, b"SWAP-SPACE", "swap space"),
    at(65_526, b"SWAPSPACE2", "swap space"),
    at(4120, b"\xc6\x85\x73\xf6\x4e\x1a\x45\xca", "a bcache or bcachefs device"),
    at(4096, b"!Stra0tis\x86\xff\x02^\x41rh", "a Stratis device"),
    at(512, b"!Stra0tis\x86\xff\x02^\x41rh", "a Stratis device"),
    // Programs and documents.
    at(0, b"\x7fELF", "an ELF program"),
    at(0, b"\xcf\xfa\xed\xfe", "a Mach-O program"),
    at(0, b"\xca\xfe\xba\xbe", "a Java class"),
    at(0, b"%PDF-", "a PDF document"),
    at(0, b"\x89PNG\x0d\x0a\x1a\x0a", "a PNG picture"),
    at(0, b"\xff\xd8\xff", "a JPEG picture"),
    at(0, b"SQLite format 3\0", "an SQLite database"),
    at(4, b"ftyp", "an MP4 film"),
    at(0, b"\x1a\x45\xdf\xa3", "a Matroska film"),
    at(0, b"OggS", "an Ogg recording"),
    at(0, b"PACK\0\0\0", "a git pack"),
];

/// Offsets from the start of the last sector.
pub(super) const AT_END: [Signature; 2] =
    [at(0, b"conectix", "a VHD image"), at(0, b"koly\0\0\0\x04", "an Apple disk image")];
