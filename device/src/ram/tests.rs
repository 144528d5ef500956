use super::*;
use std::collections::BTreeSet;

const KIB: u64 = 1024;

fn disk(number: u64) -> RamDisk {
    RamDisk::new(format!("ram{number}"), number, Bytes::new(64 * KIB))
}

fn first_bytes(states: impl Iterator<Item = CrashState>, places: &[(usize, u64)]) -> BTreeSet<Vec<u8>> {
    let byte = |state: &CrashState, (disk, at): (usize, u64)| {
        let mut byte = [0];
        state.images[disk].read(&mut byte, at);
        byte[0]
    };
    states.map(|state| places.iter().map(|place| byte(&state, *place)).collect()).collect()
}

#[test]
fn faults_hit_their_range_only() {
    let disk = disk(1);
    disk.write_at(&[1; 4096], Bytes::ZERO).unwrap();
    disk.set_faults(Faults::default().with_bad_reads(512..1024).with_bad_writes(1024..1536));
    let mut buf = [0; 512];
    disk.read_at(&mut buf, Bytes::ZERO).unwrap();
    assert!(disk.read_at(&mut buf, Bytes::new(512)).is_err());
    disk.write_at(&[2; 512], Bytes::new(1536)).unwrap();
    assert!(disk.write_at(&[2; 2048], Bytes::new(512)).is_err());
    let content = disk.content().to_vec();
    assert_eq!((content[512], content[1024], content[1536], content[2048]), (2, 1, 2, 1));
    disk.set_faults(Faults { read_only: true, ..Faults::default() });
    assert!(disk.read_only());
    assert!(matches!(disk.write_at(&buf, Bytes::ZERO), Err(DiskError::ReadOnly { .. })));
    disk.set_faults(Faults { whole_blocks_only: true, ..Faults::default() });
    assert!(disk.write_at(&[0; 100], Bytes::ZERO).is_err());
    assert!(matches!(disk.read_at(&mut buf, Bytes::new(64 * KIB)), Err(DiskError::PastEnd { .. })));
}

#[test]
fn power_fails_in_the_middle_of_a_write_and_stops_all_disks() {
    let power = Power::new();
    let (a, b) = (disk(1).with_power(&power), disk(2).with_power(&power));
    power.fail_after(3);
    a.write_at(&[1; 512], Bytes::ZERO).unwrap();
    assert!(b.write_at(&[2; 2048], Bytes::ZERO).is_err());
    assert!(a.write_at(&[3; 512], Bytes::ZERO).is_err());
    assert!(a.flush().is_err());
    assert_eq!(power.sectors_written(), 3);
    power.restore();
    let content = b.content().to_vec();
    assert_eq!((content[512], content[1024]), (2, 0));
    a.flush().unwrap();
}

#[test]
fn without_a_cache_each_beginning_is_a_crash() {
    let disk = disk(1);
    disk.write_at(&[1; 1024], Bytes::ZERO).unwrap();
    disk.flush().unwrap();
    disk.write_at(&[2; 512], Bytes::ZERO).unwrap();
    let states = crash_states(&[&disk], CrashPolicy::AFTER_EACH_SECTOR);
    let seen = first_bytes(states, &[(0, 0), (0, 512)]);
    let expected = [[0, 0], [1, 0], [1, 1], [2, 1]].map(|s| s.to_vec());
    assert_eq!(seen, expected.into());
}

#[test]
fn between_flushes_any_subset_survives_and_after_them_everything_does() {
    let power = Power::new();
    let (a, b) = (disk(1).with_power(&power), disk(2).with_power(&power));
    a.write_at(&[1; 512], Bytes::ZERO).unwrap();
    b.write_at(&[1; 512], Bytes::ZERO).unwrap();
    a.flush().unwrap();
    b.write_at(&[2; 512], Bytes::ZERO).unwrap();
    let states = crash_states(&[&a, &b], CrashPolicy::REORDERED_SECTORS);
    let seen = first_bytes(states, &[(0, 0), (1, 0)]);
    // b is never flushed, but its second write comes after a's flush.
    let expected = [[0, 0], [0, 1], [1, 0], [1, 1], [1, 2]].map(|s| s.to_vec());
    assert_eq!(seen, expected.into());
}

#[test]
fn a_write_is_torn_at_the_unit_only() {
    let disk = disk(1);
    disk.write_at(&[1; 8192], Bytes::ZERO).unwrap();
    let places = [(0, 0), (0, 512), (0, 4096)];
    let blocks = first_bytes(crash_states(&[&disk], CrashPolicy::REORDERED_BLOCKS), &places);
    assert_eq!(blocks, [[0, 0, 0], [1, 1, 0], [0, 0, 1], [1, 1, 1]].map(|s| s.to_vec()).into());
    let sectors = first_bytes(crash_states(&[&disk], CrashPolicy::REORDERED_SECTORS), &places);
    assert!(sectors.contains([0, 1, 0].as_slice()));
}

#[test]
fn settling_makes_what_was_written_safe() {
    let disk = disk(1);
    disk.write_at(&[1; 512], Bytes::ZERO).unwrap();
    disk.zero(Bytes::new(0), Bytes::new(100)).unwrap();
    assert_eq!(disk.requests(), 2);
    disk.settle();
    let states: Vec<_> = crash_states(&[&disk], CrashPolicy::REORDERED_SECTORS).collect();
    assert!(states.iter().all(|s| s.images[0] == disk.content()));
    let again = RamDisk::with_content("again", 1, states[0].images[0].clone());
    assert_eq!(again.content(), disk.content());
}

#[test]
fn a_claim_is_given_back_on_drop() {
    let disk = disk(1);
    let claim = disk.open_exclusive().unwrap();
    assert!(matches!(disk.open_exclusive(), Err(DiskError::Busy { .. })));
    drop(claim);
    drop(disk.open_exclusive().unwrap());
}
