//! Volumes over RAM disks.

use device::Disk;
use device::ram::RamDisk;
use dm::{DevRef, Table};
use engine::copy::{self, SparseWrite};
use engine::{Volume, VolumeError};
use proptest::prelude::{any, prop_assert_eq, proptest};
use std::io;
use std::path::Path;
use std::sync::Arc;
use units::Bytes;

const MIB: u64 = 1 << 20;

fn volume(table: &str) -> Result<(Volume, Vec<Arc<dyn Disk>>), VolumeError> {
    let disks: Vec<Arc<dyn Disk>> =
        (0..2).map(|n| Arc::new(RamDisk::new("ram", n, Bytes::new(MIB))) as Arc<dyn Disk>).collect();
    let table: Table = table.parse().unwrap();
    let find = |device: &DevRef| match device {
        DevRef::Number(number) => disks.get(number.minor as usize).cloned(),
        DevRef::Path(_) | DevRef::Disk(_) | DevRef::Node(_) => None,
    };
    Volume::new(Path::new("vg/lv"), &table, find).map(|volume| (volume, disks))
}

#[test]
fn what_is_written_through_stripes_lands_in_turn_on_the_disks() {
    let (volume, disks) = volume("0 32 striped 2 8 7:0 8 7:1 16").unwrap();
    let data: Vec<u8> = (0..32 * 512).map(|n| (n / 4096) as u8 + 1).collect();
    volume.write_at(&data, Bytes::ZERO).unwrap();
    let mut chunk = [0; 4096];
    for (disk, offset, expected) in [(0, 8, 1), (1, 16, 2), (0, 16, 3), (1, 24, 4)] {
        disks[disk].read_at(&mut chunk, Bytes::new(offset * 512)).unwrap();
        assert!(chunk.iter().all(|&byte| byte == expected), "{disk} {offset}");
    }
}

#[test]
fn targets_follow_each_other_and_zeros_and_errors_behave() {
    let (volume, _) = volume("0 8 linear 7:0 0\n8 8 zero\n16 8 error").unwrap();
    volume.write_at(&[7; 8192], Bytes::ZERO).unwrap();
    let mut back = [9; 8192];
    volume.read_at(&mut back, Bytes::ZERO).unwrap();
    assert!(back[..4096].iter().all(|&byte| byte == 7) && back[4096..].iter().all(|&byte| byte == 0));
    assert!(volume.read_at(&mut back, Bytes::new(4096)).is_err());
    assert!(volume.read_at(&mut back, Bytes::new(24 * 512)).is_err());
}

#[test]
fn tables_that_do_not_fit_are_refused() {
    assert!(matches!(volume("0 8 linear 9:9 0"), Err(VolumeError::Device(_))));
    assert!(matches!(volume("0 8 linear 7:0 2047"), Err(VolumeError::PastEnd { .. })));
    assert!(matches!(volume("8 8 linear 7:0 0"), Err(VolumeError::Gap(8))));
    assert!(matches!(volume("0 8 striped 2 0 7:0 0 7:1 0"), Err(VolumeError::Impossible(0)) | Err(_)));
    assert!(matches!(volume("0 8 crypt aes - 0 7:0 0"), Err(VolumeError::Target(_))));
}

/// Remembers holes, to see that zeros are not written.
#[derive(Default)]
struct Holes {
    bytes: Vec<u8>,
    holes: u64,
}

impl SparseWrite for Holes {
    fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn hole(&mut self, len: u64) -> io::Result<()> {
        self.holes += len;
        self.bytes.resize(self.bytes.len() + len as usize, 0);
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_export_leaves_holes_and_an_import_brings_it_back() {
    let (volume, _) = volume("0 1024 striped 2 8 7:0 0 7:1 0").unwrap();
    volume.write_at(b"somewhere", Bytes::new(300_000)).unwrap();
    let mut out = Holes::default();
    copy::export(&volume, &mut out, &mut |_| true).unwrap();
    assert_eq!(out.bytes.len(), 1024 * 512);
    assert_eq!(out.holes, 1024 * 512 - 4096);
    volume.zero(Bytes::ZERO, volume.len()).unwrap();
    assert_eq!(copy::import(&mut out.bytes.as_slice(), &volume, &mut |_| true).unwrap(), 1024 * 512);
    let mut back = [0; 9];
    volume.read_at(&mut back, Bytes::new(300_000)).unwrap();
    assert_eq!(&back, b"somewhere");
    let longer = vec![1; 1024 * 512 + 1];
    assert!(copy::import(&mut longer.as_slice(), &volume, &mut |_| true).is_err());
}

proptest! {
    #[test]
    fn any_write_reads_back_and_touches_nothing_else(
        offset in 0u64..60_000, len in 1usize..5_000, byte in any::<u8>(),
    ) {
        let (volume, _) = volume("0 64 striped 2 4 7:0 3 7:1 9\n64 64 linear 7:1 100").unwrap();
        let before: Vec<u8> = (0..volume.len().get()).map(|n| n as u8).collect();
        volume.write_at(&before, Bytes::ZERO).unwrap();
        volume.write_at(&vec![byte; len], Bytes::new(offset)).unwrap();
        let mut after = vec![0; before.len()];
        volume.read_at(&mut after, Bytes::ZERO).unwrap();
        let mut expected = before;
        expected[offset as usize..offset as usize + len].fill(byte);
        prop_assert_eq!(after, expected);
    }
}
