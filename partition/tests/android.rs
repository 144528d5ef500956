//! Android's dynamic partitions and sparse images, put together by hand.

use device::Disk;
use device::ram::{Image, RamDisk};
use partition::{Below, Note, Options, Part, Piece, Purpose, Scheme, Sparse, Unmappable, find};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use units::{Bytes, Sectors};

const ROOM: usize = 4096;
const SLOTS: usize = 2;

fn le(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

fn name(text: &str) -> [u8; 36] {
    let mut name = [0; 36];
    name[..text.len()].copy_from_slice(text.as_bytes());
    name
}

fn summed(mut bytes: Vec<u8>, at: usize) -> Vec<u8> {
    let sum = Sha256::digest(&bytes);
    bytes[at..at + 32].copy_from_slice(&sum);
    bytes
}

/// Sectors, whether linear, where.
type Extent = (u64, bool, u64);

fn metadata(partitions: &[(&str, u32, &[Extent])]) -> Vec<u8> {
    let (mut entries, mut extents, mut first) = (Vec::new(), Vec::new(), 0u32);
    for (text, attributes, own) in partitions {
        entries.extend(name(text));
        entries.extend(le(&[*attributes, first, own.len() as u32, 0]));
        first += own.len() as u32;
        for (sectors, linear, at) in *own {
            extents.extend(sectors.to_le_bytes());
            extents.extend(le(&[u32::from(!linear)]));
            extents.extend(at.to_le_bytes());
            extents.extend(le(&[0]));
        }
    }
    let mut groups = name("main").to_vec();
    groups.extend([0; 12]);
    let mut device = vec![0; 24];
    device.extend(name("super"));
    device.extend([0; 4]);
    let offsets = [0, entries.len(), entries.len() + extents.len(), entries.len() + extents.len() + 48];
    let tables = [entries.clone(), extents.clone(), groups, device].concat();
    let mut header = le(&[0x414c_5030, 10, 128]);
    header.extend([0; 32]);
    header.extend(le(&[tables.len() as u32]));
    header.extend(Sha256::digest(&tables));
    let counts = [partitions.len(), extents.len() / 24, 1, 1];
    for ((offset, count), step) in offsets.into_iter().zip(counts).zip([52, 24, 48, 64]) {
        header.extend(le(&[offset as u32, count as u32, step]));
    }
    [summed(header, 12), tables].concat()
}

/// A disk of 256 KiB: slot a with a partition in two stretches and one read-only, slot b with one.
fn image() -> Vec<u8> {
    let mut bytes = vec![0; 256 << 10];
    let mut put = |at: usize, part: &[u8]| bytes[at..at + part.len()].copy_from_slice(part);
    let mut geometry = le(&[0x616c_4467, 52]);
    geometry.extend([0; 32]);
    geometry.extend(le(&[ROOM as u32, SLOTS as u32, 4096]));
    let geometry = summed(geometry, 8);
    put(4096, &geometry);
    put(8192, &geometry);
    let a = metadata(&[
        ("system", 3, &[(8, true, 200)]),
        ("vendor", 0, &[(8, true, 216), (16, false, 0), (8, true, 208)]),
        ("empty", 0, &[]),
    ]);
    let b = metadata(&[("only", 0, &[(8, true, 200)])]);
    for (copy, bytes) in [&a, &b, &a, &b].into_iter().enumerate() {
        put(12288 + copy * ROOM, bytes);
    }
    put(216 * 512, b"first");
    put(208 * 512, b"second");
    bytes
}

fn disk(bytes: &[u8]) -> Arc<dyn Disk> {
    Arc::new(RamDisk::with_content("ram", 1, Image::from_bytes(bytes)))
}

#[test]
fn dynamic_partitions_are_read_with_their_stretches() {
    let disk = disk(&image());
    let table = find(&*disk, &Options::default()).unwrap().table.unwrap();
    assert_eq!((table.scheme, table.disk_id.as_deref()), (Scheme::Super, Some("super")));
    let [system, vendor] = table.partitions.as_slice() else { panic!("{table:?}") };
    assert_eq!((system.name.as_deref(), system.start.get(), system.read_only), (Some("system_a"), 200, true));
    assert_eq!(system.purpose, Purpose::Word("main".to_owned()));
    let piece = |size, start: Option<u64>| Piece { size: Sectors::new(size), start: start.map(Sectors::new) };
    assert_eq!(vendor.stretches(), [piece(8, Some(216)), piece(16, None), piece(8, Some(208))]);
    assert_eq!((vendor.number, vendor.size.get()), (2, 32));
    let part = Part::new(Arc::clone(&disk), vendor);
    let mut bytes = vec![9; 32 * 512];
    part.read_at(&mut bytes, Bytes::ZERO).unwrap();
    assert_eq!((&bytes[..5], &bytes[24 * 512..24 * 512 + 6]), (&b"first"[..], &b"second"[..]));
    assert!(bytes[8 * 512..24 * 512].iter().all(|&byte| byte == 0));
    assert!(Part::new(disk, system).write_at(&[1], Bytes::ZERO).is_err());
    // A partition of one in several stretches lies where those do.
    let inner = partition::Partition { start: Sectors::new(4), size: Sectors::new(24), ..system.clone() };
    let laid = inner.inside(vendor);
    assert_eq!(laid.stretches(), [piece(4, Some(220)), piece(16, None), piece(4, Some(208))]);
    assert_eq!((laid.start.get(), laid.size.get(), laid.read_only), (220, 24, true));
}

#[test]
fn the_other_slot_and_the_backups_are_used() {
    let only = |options: &Options, bytes: &[u8]| {
        let found = find(&*disk(bytes), options).unwrap();
        let table = found.table.unwrap();
        (table.partitions[0].name.clone().unwrap(), table.from_backup, found.notes)
    };
    let slot = |slot| Options { slot: Some(slot), ..Options::default() };
    let mut bytes = image();
    assert_eq!(only(&slot(1), &bytes), ("only".to_owned(), false, vec![]));
    bytes[4096 + 9] ^= 1;
    bytes[12288 + 200] ^= 1;
    let damaged = vec![Note::SlotDamaged { slot: 0 }];
    assert_eq!(only(&Options::default(), &bytes), ("system_a".to_owned(), true, damaged));
    bytes[12288 + 2 * ROOM + 200] ^= 1;
    let unusable = vec![Note::SlotUnusable { slot: 0 }];
    assert_eq!(only(&Options::default(), &bytes), ("only".to_owned(), false, unusable));
}

#[test]
fn a_sparse_image_reads_as_the_disk_it_stands_for() {
    let whole = image();
    let mut file = le(&[0xed26_ff3a]);
    file.extend([1, 0, 0, 0, 28, 0, 12, 0]);
    file.extend(le(&[4096, 64, 4, 0]));
    let mut chunk = |kind: u16, blocks: u32, data: &[u8]| {
        file.extend(kind.to_le_bytes());
        file.extend([0, 0]);
        file.extend(le(&[blocks, 12 + data.len() as u32]));
        file.extend(data);
    };
    chunk(0xcac3, 1, &[]);
    chunk(0xcac1, 27, &whole[4096..28 * 4096]);
    chunk(0xcac2, 1, b"abcd");
    chunk(0xcac4, 0, &[0; 4]);
    let file = disk(&file);
    let sparse = Sparse::open(&file).unwrap().unwrap();
    assert_eq!(sparse.len().get(), 64 * 4096);
    let mut bytes = vec![9; 64 * 4096];
    sparse.read_at(&mut bytes, Bytes::ZERO).unwrap();
    assert_eq!(bytes[..28 * 4096], whole[..28 * 4096]);
    assert_eq!(&bytes[28 * 4096..28 * 4096 + 6], b"abcdab");
    assert!(bytes[29 * 4096..].iter().all(|&byte| byte == 0));
    let mut two = [0; 2];
    sparse.read_at(&mut two, Bytes::new(28 * 4096 + 3)).unwrap();
    assert_eq!(&two, b"da");
    assert_eq!(find(&sparse, &Options::default()).unwrap().table.unwrap().partitions.len(), 2);
    assert!(sparse.write_at(&[1], Bytes::ZERO).is_err());
    // What is below: bytes of the file, that need not be the first of a sector; zeros; a pattern is nothing to map.
    let below = |start, size| sparse.below(Sectors::new(start), Sectors::new(size));
    let stretch = |size, at: Option<u64>| Below { size: Sectors::new(size), at: at.map(Bytes::new) };
    assert_eq!(below(4, 8).unwrap(), [stretch(4, None), stretch(4, Some(28 + 12 + 12))]);
    assert_eq!(below(200, 8).unwrap(), [stretch(8, Some(52 + 192 * 512))]);
    assert_eq!(below(232, 100).unwrap(), [stretch(100, None)]);
    let word = u32::from_le_bytes(*b"abcd");
    assert_eq!(below(220, 8), Err(Unmappable::Filled(word, 224)));
    assert!(Sparse::open(&disk(&whole)).unwrap().is_none());
}

#[test]
fn damaged_metadata_never_panic() {
    let whole = image();
    for at in (4096..4096 + 52).chain(12288..12288 + 128 + 300) {
        for value in [0, 0x7f, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] = value;
            find(&*disk(&bytes), &Options::default()).unwrap();
        }
    }
}
