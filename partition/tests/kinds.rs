//! A label of every kind, put together by hand after the layouts that each kind's file describes.

use device::Disk;
use device::ram::RamDisk;
use partition::{Found, Note, Options, Scheme, Table, find};
use units::Bytes;

const LEN: u64 = 4 << 20;

struct Lab(RamDisk);

impl Lab {
    fn new() -> Self {
        Self(RamDisk::new("ram", 1, Bytes::new(LEN)))
    }

    fn put(&self, at: u64, bytes: &[u8]) -> &Self {
        self.0.write_at(bytes, Bytes::new(at)).unwrap();
        self
    }

    fn le32(&self, at: u64, numbers: &[u32]) -> &Self {
        for (number, i) in numbers.iter().zip(0..) {
            self.put(at + i * 4, &number.to_le_bytes());
        }
        self
    }

    fn be32(&self, at: u64, numbers: &[u32]) -> &Self {
        for (number, i) in numbers.iter().zip(0..) {
            self.put(at + i * 4, &number.to_be_bytes());
        }
        self
    }

    /// A DOS table at `sector`: entries of slot, type, start and size.
    fn dos(&self, sector: u64, entries: &[(u64, u8, u32, u32)]) -> &Self {
        for (slot, kind, start, size) in entries {
            let at = sector * 512 + 446 + slot * 16;
            self.put(at + 4, &[*kind]).le32(at + 8, &[*start, *size]);
        }
        self.put(sector * 512 + 510, &[0x55, 0xaa])
    }

    fn found(&self) -> Found {
        find(&self.0, &Options::default()).unwrap()
    }

    fn table(&self) -> Table {
        self.found().table.expect("a table")
    }

    /// Number, start, size, and what it lies in.
    fn places(&self) -> Vec<(u32, u64, u64, Option<u32>)> {
        let all = self.table().partitions.into_iter();
        all.map(|p| (p.number, p.start.get(), p.size.get(), p.inside)).collect()
    }
}

/// A BSD label at a byte: slices of size, start and type.
fn bsd(lab: &Lab, at: u64, slices: &[(u32, u32, u8)]) {
    lab.le32(at, &[0x8256_4557]).put(at + 138, &(slices.len() as u16).to_le_bytes());
    for ((size, start, kind), slot) in slices.iter().zip(0..) {
        lab.le32(at + 148 + slot * 16, &[*size, *start]).put(at + 148 + slot * 16 + 12, &[*kind]);
    }
}

#[test]
fn a_bsd_label_over_the_disk_has_its_whole_slice_as_frame() {
    for at in [64, 512] {
        let lab = Lab::new();
        bsd(&lab, at, &[(100, 16, 7), (0, 0, 0), (8192, 0, 1), (200, 116, 1)]);
        assert_eq!(lab.table().scheme, Scheme::Bsd);
        assert_eq!(lab.places(), [(1, 16, 100, Some(2)), (2, 0, 8192, None), (3, 116, 200, Some(2))]);
    }
}

#[test]
fn slices_that_overlap_in_part_are_left_out() {
    let lab = Lab::new();
    bsd(&lab, 512, &[(100, 16, 7), (100, 66, 7)]);
    assert_eq!(lab.places(), [(2, 66, 100, None)]);
    assert_eq!(lab.found().notes, [Note::Dropped { number: 1, other: 2 }]);
}

#[test]
fn bsd_slices_inside_a_dos_partition_are_numbered_on() {
    let lab = Lab::new();
    lab.dos(0, &[(0, 0xa5, 100, 1000), (1, 0x05, 2000, 500)]).dos(2000, &[(0, 0x83, 10, 20)]);
    // FreeBSD's count from the partition; slice c is the partition itself.
    bsd(&lab, 101 * 512, &[(50, 16, 7), (60, 66, 1), (1000, 0, 1)]);
    assert_eq!(lab.places()[2..], [(5, 2010, 20, Some(2)), (6, 116, 50, Some(1)), (7, 166, 60, Some(1))]);
    // The others' count from the disk.
    let lab = Lab::new();
    lab.dos(0, &[(0, 0xa9, 100, 1000)]);
    bsd(&lab, 101 * 512, &[(50, 116, 7), (60, 16, 7)]);
    assert_eq!(lab.places()[1..], [(5, 116, 50, Some(1))]);
    assert_eq!(lab.found().notes, [Note::OutsideParent { parent: 1, start: 16, size: 60 }]);
}

fn solaris(lab: &Lab, at: u64, slices: &[(u32, u32)]) {
    lab.le32(at + 12, &[0x600d_deee, 1]).put(at + 30, &16u16.to_le_bytes());
    for ((start, size), slot) in slices.iter().zip(0..) {
        lab.le32(at + 76 + slot * 12, &[*start, *size]);
    }
}

#[test]
fn a_solaris_label_is_read_by_its_32_bit_layout_wherever_it_stands() {
    let lab = Lab::new();
    solaris(&lab, 512, &[(10, 20), (0, 0), (30, 40)]);
    assert_eq!(lab.table().scheme, Scheme::Solaris);
    assert_eq!(lab.places(), [(1, 10, 20, None), (2, 30, 40, None)]);
    for kind in [0x82, 0xbf] {
        let lab = Lab::new();
        lab.dos(0, &[(2, kind, 100, 1000)]);
        solaris(&lab, 101 * 512, &[(10, 20), (0, 1000), (30, 40)]);
        assert_eq!(lab.places(), [(3, 100, 1000, None), (5, 110, 20, Some(3)), (6, 130, 40, Some(3))]);
    }
}

fn unixware(lab: &Lab, at: u64, slices: &[(u32, u32)]) {
    lab.le32(at + 4, &[0xca5e_600d]).le32(at + 156, &[0x600d_deee]);
    for ((start, size), slot) in slices.iter().zip(0..) {
        lab.put(at + 216 + slot * 12, &[2, 0]).le32(at + 220 + slot * 12, &[*start, *size]);
    }
}

#[test]
fn a_unixware_label_is_read_over_a_disk_and_in_a_partition() {
    let lab = Lab::new();
    unixware(&lab, 29 * 512, &[(0, 8192), (100, 50), (150, 60)]);
    assert_eq!(lab.table().scheme, Scheme::Unixware);
    assert_eq!(lab.places(), [(1, 100, 50, None), (2, 150, 60, None)]);
    let lab = Lab::new();
    lab.dos(0, &[(0, 0x63, 1000, 500)]);
    unixware(&lab, 1029 * 512, &[(1000, 500), (1100, 50)]);
    assert_eq!(lab.places(), [(1, 1000, 500, None), (5, 1100, 50, Some(1))]);
}

#[test]
fn minix_subpartitions_are_found_in_their_partition() {
    let lab = Lab::new();
    lab.dos(0, &[(0, 0x81, 1000, 500)]).dos(1000, &[(0, 0x81, 1010, 50), (1, 0x81, 1060, 40), (2, 0, 7, 7)]);
    assert_eq!(lab.places(), [(1, 1000, 500, None), (5, 1010, 50, Some(1)), (6, 1060, 40, Some(1))]);
}

#[test]
fn an_apple_map_counts_in_its_own_blocks() {
    let lab = Lab::new();
    lab.put(0, b"ER").put(2, &2048u16.to_be_bytes());
    for (number, start, size, kind) in [(1, 1, 63, "Apple_partition_map"), (2, 64, 100, "Apple_HFS")] {
        let at = number * 2048;
        lab.put(at, b"PM")
            .be32(at + 4, &[2, start, size])
            .put(at + 16, b"disk")
            .put(at + 48, kind.as_bytes());
    }
    assert_eq!(lab.places(), [(1, 4, 252, None), (2, 256, 400, None)]);
    assert_eq!(lab.table().partitions[1].purpose.name(), Some("Apple_HFS"));
}

#[test]
fn a_sun_label_needs_its_checksum() {
    let lab = Lab::new();
    lab.put(436, &[0, 2, 0, 8]).be32(444, &[1, 100]).be32(444 + 16, &[0, 8000]).put(508, &[0xda, 0xbe]);
    assert_eq!(lab.found(), Found { table: None, notes: vec![Note::Checksum(Scheme::Sun)] });
    let mut label = [0; 512];
    lab.0.read_at(&mut label, Bytes::ZERO).unwrap();
    let sum = label.chunks(2).fold(0, |sum, word| sum ^ u16::from_be_bytes([word[0], word[1]]));
    lab.put(510, &sum.to_be_bytes());
    assert_eq!(lab.places(), [(1, 16, 100, Some(3)), (3, 0, 8000, None)]);
}

#[test]
fn an_sgi_header_keeps_the_gaps_between_its_partitions() {
    let lab = Lab::new();
    lab.be32(0, &[0x0be5_a941]).be32(312, &[100, 4096, 10]).be32(312 + 8 * 12, &[4096, 0, 0]);
    let words = [0x0be5_a941_u32, 100, 4096, 10, 4096];
    lab.be32(504, &[words.iter().fold(0u32, |sum, n| sum.wrapping_add(*n)).wrapping_neg()]);
    assert_eq!(lab.places(), [(1, 4096, 100, None), (9, 0, 4096, None)]);
}

#[test]
fn an_atari_root_sector_is_believed_only_if_all_its_entries_are_plausible() {
    let lab = Lab::new();
    lab.be32(0x1c2, &[8192]);
    lab.put(0x1c6, b"\x01GEM").be32(0x1ca, &[2, 100]).put(0x1d2, b"\x01XGM").be32(0x1d6, &[1000, 2000]);
    lab.put(1000 * 512 + 0x1c6, b"\x01BGM").be32(1000 * 512 + 0x1ca, &[1, 300]);
    lab.put(1000 * 512 + 0x1d2, b"\x01XGM").be32(1000 * 512 + 0x1d6, &[500, 400]);
    lab.put(1500 * 512 + 0x1c6, b"\x01RAW").be32(1500 * 512 + 0x1ca, &[1, 300]);
    assert_eq!(lab.places(), [(1, 2, 100, None), (2, 1001, 300, None), (3, 1501, 300, None)]);
    lab.put(0x1de, b"\x01\x00\x00\x00");
    assert_eq!(lab.found(), Found::default());
}

#[test]
fn dasd_labels_are_read_in_their_three_kinds_and_in_any_block_size() {
    let lab = Lab::new();
    lab.put(2 * 4096 + 4, &[0xd3, 0xd5, 0xe7, 0xf1]).put(2 * 4096 + 83, &[0xf2]);
    lab.put(2 * 4096 + 84, &500u64.to_be_bytes());
    assert_eq!(lab.places(), [(1, 24, 3976, None)]);
    let lab = Lab::new();
    lab.put(2 * 512 + 4, &[0xc3, 0xd4, 0xe2, 0xf1]).be32(2 * 512 + 16, &[1024]).be32(2 * 512 + 32, &[1000]);
    lab.be32(2 * 512 + 56, &[5]);
    assert_eq!(lab.places(), [(1, 10, 1988, None)]);
    // 12 blocks of 4096 bytes to a track: the list of contents at cylinder 0, head 1, its second record first.
    let lab = Lab::new();
    let label = 2 * 4096;
    lab.put(label + 4, &[0xe5, 0xd6, 0xd3, 0xf1]).put(label + 15, &[0, 0, 0, 1, 1]);
    let entry = |n: u64| (12 + 1 + 1 + n) * 4096;
    lab.put(entry(0) + 44, &[0xf4]).put(entry(1) + 44, &[0xf1]).put(entry(1), &[0xd3, 0xc9, 0xd5]);
    lab.put(entry(1) + 107, &[0, 0, 0, 2, 0, 0, 0, 4]);
    assert_eq!(lab.places(), [(1, 192, 288, None)]);
    assert_eq!(lab.table().partitions[0].name.as_deref(), Some("LIN"));
}

#[test]
fn a_playstation_disk_has_up_to_eight_regions() {
    let lab = Lab::new();
    lab.put(16, &0x0fac_e0ff_u64.to_be_bytes()).put(24, &0xdead_face_u64.to_be_bytes());
    lab.put(48 + 144, &100u64.to_be_bytes()).put(56 + 144, &200u64.to_be_bytes());
    assert_eq!(lab.places(), [(1, 100, 200, None)]);
}

#[test]
fn what_does_not_lie_on_the_disk_is_left_out_and_told() {
    let lab = Lab::new();
    lab.dos(0, &[(0, 0x83, 8, 100), (1, 0x83, 8000, 193), (2, 0x83, 50, 100)]);
    assert_eq!(lab.places(), [(1, 8, 100, None), (3, 50, 100, None)]);
    let past = Note::PastEnd { number: 2, start: 8000, size: 193, disk: 8192 };
    assert_eq!(lab.found().notes, [past, Note::Overlap { first: 1, second: 3 }]);
}

#[test]
fn arithmetic_holds_beyond_two_tebibytes() {
    // On 4096-byte blocks the second link of the chain is at block 2^29 + 2^29.
    let options = Options { sector_size: Some(4096), ..Options::default() };
    let lab = Lab::new();
    lab.dos(0, &[(0, 0x05, 1 << 29, 1 << 30), (1, 0x83, u32::MAX, u32::MAX)]);
    let found = find(&lab.0, &options).unwrap();
    let at = (1u64 << 29) * 8;
    assert_eq!(found.notes[0], Note::Chain { at, what: "that is past the end of the disk" });
    let (start, size) = (u64::from(u32::MAX) * 8, u64::from(u32::MAX) * 8);
    assert!(found.notes.contains(&Note::PastEnd { number: 2, start, size, disk: 8192 }));
}

#[test]
fn only_the_kind_that_is_asked_for_is_looked_for() {
    let lab = Lab::new();
    lab.dos(0, &[(0, 0x83, 8, 100)]);
    let only = |scheme| Options { only: Some(scheme), ..Options::default() };
    assert!(find(&lab.0, &only(Scheme::Dos)).unwrap().table.is_some());
    assert!(find(&lab.0, &only(Scheme::Gpt)).unwrap().table.is_none());
}
