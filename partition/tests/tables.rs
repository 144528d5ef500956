//! Tables that were put together by hand.

use device::Disk;
use device::ram::{Faults, RamDisk};
use partition::{Note, Options, Purpose, Scheme, detect, find, is_partitioned, may_be_partitioned};
use units::{Bytes, Crc, Sectors};

const LEN: u64 = 4 << 20;

fn disk() -> RamDisk {
    RamDisk::new("ram", 1, Bytes::new(LEN))
}

fn put(disk: &RamDisk, at: u64, bytes: &[u8]) {
    disk.write_at(bytes, Bytes::new(at)).unwrap();
}

/// Writes entries (slot, type, start, size) and the magic into the boot sector at `at`.
fn boot_sector(disk: &RamDisk, at: u64, entries: &[(u64, u8, u32, u32)]) {
    for (slot, kind, start, size) in entries {
        let place = at + 446 + slot * 16;
        put(disk, place + 4, &[*kind]);
        put(disk, place + 8, &start.to_le_bytes());
        put(disk, place + 12, &size.to_le_bytes());
    }
    put(disk, at + 510, &[0x55, 0xaa]);
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = Crc::resume(u32::MAX);
    crc.update(bytes);
    !crc.finish()
}

/// A GPT copy with one partition in slot 2 of 128.
fn gpt(disk: &RamDisk, block: u64, own: u64, other: u64, entries_at: u64) {
    gpt_of(disk, block, own, other, entries_at, (2, 128, 128));
}

/// The same in a slot of some number of entries of some size.
fn gpt_of(disk: &RamDisk, block: u64, own: u64, other: u64, entries_at: u64, slots: (usize, u32, u32)) {
    let (slot, count, step) = slots;
    let mut entries = vec![0; (count * step) as usize];
    let entry = &mut entries[(slot - 1) * step as usize..][..128];
    entry[..16].fill(0x11);
    entry[16..32].fill(0x22);
    entry[32..40].copy_from_slice(&64u64.to_le_bytes());
    entry[40..48].copy_from_slice(&95u64.to_le_bytes());
    entry[56..62].copy_from_slice(&[b'b', 0, b'o', 0, b'x', 0]);
    let mut header = vec![0; 92];
    header[..8].copy_from_slice(b"EFI PART");
    header[12..16].copy_from_slice(&92u32.to_le_bytes());
    header[24..32].copy_from_slice(&own.to_le_bytes());
    header[32..40].copy_from_slice(&other.to_le_bytes());
    header[72..80].copy_from_slice(&entries_at.to_le_bytes());
    header[80..84].copy_from_slice(&count.to_le_bytes());
    header[84..88].copy_from_slice(&step.to_le_bytes());
    header[88..92].copy_from_slice(&crc32(&entries).to_le_bytes());
    let sum = crc32(&header);
    header[16..20].copy_from_slice(&sum.to_le_bytes());
    put(disk, own * block, &header);
    put(disk, entries_at * block, &entries);
}

#[test]
fn nothing_is_no_table() {
    assert_eq!(detect(&disk()).unwrap(), None);
    assert!(!is_partitioned(&disk()).unwrap());
    let tiny = RamDisk::new("tiny", 1, Bytes::new(100));
    assert_eq!(detect(&tiny).unwrap(), None);
    assert!(!is_partitioned(&tiny).unwrap());
}

#[test]
fn an_empty_dos_table_is_a_table_but_not_partitioned() {
    let disk = disk();
    boot_sector(&disk, 0, &[]);
    let table = detect(&disk).unwrap().unwrap();
    assert_eq!((table.scheme, table.partitions.len()), (Scheme::Dos, 0));
    // A signature that nobody wrote tells no disk from another.
    assert_eq!(table.disk_id, None);
    assert!(!is_partitioned(&disk).unwrap());
}

#[test]
fn dos_partitions_are_numbered_by_slot_and_logical_ones_from_five() {
    let disk = disk();
    boot_sector(&disk, 0, &[(0, 0x83, 8, 100), (2, 0x05, 200, 1000)]);
    boot_sector(&disk, 200 * 512, &[(0, 0x83, 8, 50), (1, 0x05, 300, 100)]);
    boot_sector(&disk, 500 * 512, &[(0, 0x8e, 8, 60)]);
    let first = disk.content().to_vec();
    assert!(may_be_partitioned(&disk, &first[..1024]) && may_be_partitioned(&disk, &first[..100]));
    assert!(!may_be_partitioned(&disk, &[0; 1024]));
    let found = detect(&disk).unwrap().unwrap().partitions;
    let places: Vec<_> = found.iter().map(|p| (p.number, p.start.get(), p.size.get())).collect();
    assert_eq!(places, [(1, 8, 100), (3, 200, 1000), (5, 208, 50), (6, 508, 60)]);
    assert_eq!(found[3].purpose, Purpose::Dos(0x8e));
    assert!(is_partitioned(&disk).unwrap());
}

#[test]
fn a_chain_of_logical_partitions_that_bites_its_tail_ends() {
    let disk = disk();
    boot_sector(&disk, 0, &[(0, 0x05, 200, 1000)]);
    boot_sector(&disk, 200 * 512, &[(0, 0x83, 8, 50), (1, 0x05, 0, 100)]);
    assert!(detect(&disk).unwrap().unwrap().partitions.len() < 200);
    boot_sector(&disk, 200 * 512, &[(1, 0x05, u32::MAX, 100)]);
    assert_eq!(detect(&disk).unwrap().unwrap().partitions.len(), 2);
}

#[test]
fn boot_code_is_not_taken_for_a_table() {
    let disk = disk();
    boot_sector(&disk, 0, &[(0, 0x83, 8, 100)]);
    put(&disk, 446 + 16, &[0x41]);
    assert_eq!(detect(&disk).unwrap(), None);
    assert!(!is_partitioned(&disk).unwrap());
}

#[test]
fn gpt_is_read_with_its_names_and_from_its_backup() {
    for block in [512, 4096] {
        let disk = disk();
        let last = LEN / block - 1;
        boot_sector(&disk, 0, &[(0, 0xee, 1, u32::MAX)]);
        assert!(!is_partitioned(&disk).unwrap());
        gpt(&disk, block, 1, last, 2);
        gpt(&disk, block, last, 1, last - 32);
        let table = detect(&disk).unwrap().unwrap();
        let found = &table.partitions[0];
        assert_eq!((table.scheme, table.from_backup, found.number), (Scheme::Gpt, false, 2));
        assert_eq!(found.name.as_deref(), Some("box"));
        assert_eq!(found.start, Sectors::new(64 * block / 512));
        assert_eq!(found.size, Sectors::new(32 * block / 512));
        assert_eq!(is_partitioned(&disk).unwrap(), block == 512);
        put(&disk, block + 20, &[1]);
        assert!(detect(&disk).unwrap().unwrap().from_backup);
        put(&disk, last * block + 20, &[1]);
        // What is left is the protective entry, which is no table of its own.
        let found = find(&disk, &Options::default()).unwrap();
        assert_eq!((found.table, found.notes), (None, vec![Note::NoGpt]));
    }
}

#[test]
fn what_an_old_gpt_left_does_not_hide_a_new_dos_table() {
    let disk = disk();
    gpt(&disk, 512, 1, LEN / 512 - 1, 2);
    boot_sector(&disk, 0, &[(0, 0x83, 8, 100)]);
    assert_eq!(detect(&disk).unwrap().unwrap().scheme, Scheme::Dos);
}

#[test]
fn damaged_headers_never_panic() {
    let disk = disk();
    boot_sector(&disk, 0, &[(0, 0xee, 1, 100)]);
    gpt(&disk, 512, 1, LEN / 512 - 1, 2);
    for at in 512..512 + 92 {
        let mut byte = [0];
        disk.read_at(&mut byte, Bytes::new(at)).unwrap();
        for value in [0xff, 0x7f, 0] {
            put(&disk, at, &[value]);
            detect(&disk).unwrap();
            is_partitioned(&disk).unwrap();
        }
        put(&disk, at, &byte);
    }
}

#[test]
fn each_partition_that_overlaps_one_before_it_is_told() {
    let disk = disk();
    boot_sector(&disk, 0, &[(0, 0x83, 8, 400), (1, 0x83, 16, 8), (2, 0x83, 100, 8), (3, 0x83, 500, 8)]);
    let notes = find(&disk, &Options::default()).unwrap().notes;
    let overlap = |first, second| Note::Overlap { first, second };
    assert_eq!(notes, [overlap(1, 2), overlap(1, 3)]);
}

#[test]
fn logical_partitions_are_numbered_as_the_kernel_does_without_gaps() {
    let disk = disk();
    boot_sector(&disk, 0, &[(0, 0x05, 100, 300), (1, 0x0f, 500, 300)]);
    // An empty entry heads the first chain.
    boot_sector(&disk, 100 * 512, &[(1, 0x05, 100, 100)]);
    boot_sector(&disk, 200 * 512, &[(0, 0x83, 8, 10)]);
    boot_sector(&disk, 500 * 512, &[(0, 0x83, 8, 20)]);
    let found = detect(&disk).unwrap().unwrap().partitions;
    let logical = found.iter().filter(|part| part.inside.is_some());
    let logical: Vec<_> = logical.map(|part| (part.number, part.start.get(), part.inside)).collect();
    assert_eq!(logical, [(5, 208, Some(1)), (6, 508, Some(2))]);
}

#[test]
fn a_gpt_of_which_one_copy_cannot_be_read_is_read_from_the_other() {
    let make = || {
        let disk = disk();
        boot_sector(&disk, 0, &[(0, 0xee, 1, 1000)]);
        let last = LEN / 512 - 1;
        gpt(&disk, 512, 1, last, 2);
        gpt(&disk, 512, last, 1, last - 32);
        disk
    };
    let (first, backup) = (1024, LEN - 512);
    for (bad, note) in [(first, Note::PrimaryDamaged), (backup, Note::BackupDamaged)] {
        let disk = make();
        disk.set_faults(Faults::default().with_bad_reads(bad..bad + 512));
        let found = find(&disk, &Options::default()).unwrap();
        assert_eq!(found.table.unwrap().partitions.len(), 1);
        assert_eq!(found.notes, [note]);
    }
    let disk = make();
    let faults = Faults::default().with_bad_reads(first..first + 512);
    disk.set_faults(faults.with_bad_reads(backup..backup + 512));
    assert!(find(&disk, &Options::default()).is_err());
}

#[test]
fn a_gpt_may_have_more_entries_than_usual_and_larger_ones() {
    for slots in [(2, 128, 256), (300, 300, 128), (4, 4, 4096), (1000, 1000, 512)] {
        let disk = disk();
        boot_sector(&disk, 0, &[(0, 0xee, 1, 1000)]);
        gpt_of(&disk, 512, 1, LEN / 512 - 1, 2, slots);
        let found = detect(&disk).unwrap().unwrap().partitions;
        let number = u32::try_from(slots.0).unwrap();
        assert_eq!(found.iter().map(|part| part.number).collect::<Vec<_>>(), [number], "{slots:?}");
    }
}
