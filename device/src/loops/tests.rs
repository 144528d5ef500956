//! On real loop devices, where this process may attach them.

use super::*;
use crate::block::BlockDisk;
use crate::disk::Disk;
use crate::error::DiskError;
use crate::skipped::skipped;
use std::thread;
use std::time::Duration;
use units::Bytes;

/// An image of `len` bytes attached to a loop device; none, and a line that says so, where that is not
/// possible.
fn looped(test: &str, len: u64, options: AttachOptions) -> Option<(tempfile::NamedTempFile, Attached)> {
    let image = tempfile::NamedTempFile::new().unwrap();
    image.as_file().set_len(len).unwrap();
    match attach(&Host::default(), image.path(), options) {
        Ok(attached) => Some((image, attached)),
        Err(e) => {
            skipped(test, &format!("{e}: {}", e.source));
            None
        }
    }
}

#[test]
fn an_attached_image_is_found_and_given_back() {
    let Some((image, attached)) =
        looped("an attached image is found and given back", 1 << 20, AttachOptions::default())
    else {
        return;
    };
    let host = Host::default();
    let identity = crate::open::identity(image.path()).unwrap();
    assert_eq!(find_loops(&host, identity), std::slice::from_ref(&attached.device));
    assert!(attached.device.autoclear && attached.device.is_whole());
    let sysfs = host.device(&attached.device.node).unwrap();
    assert_eq!(sysfs.loop_backing().unwrap().path, image.path());
    drop(attached);
    assert!(find_loops(&host, identity).is_empty());
}

#[test]
fn a_device_without_autoclear_is_detached_by_hand() {
    let options = AttachOptions { autoclear: false, ..AttachOptions::default() };
    let Some((image, attached)) = looped("a device without autoclear is detached by hand", 1 << 20, options)
    else {
        return;
    };
    let identity = crate::open::identity(image.path()).unwrap();
    let node = attached.device.node.clone();
    drop(attached);
    assert_eq!(find_loops(&Host::default(), identity).len(), 1);
    detach(&node).unwrap();
    // Whoever looks at all disks may have it open for a moment, which puts the end off.
    let gone = || find_loops(&Host::default(), identity).is_empty();
    assert!((0..100).any(|_| gone() || {
        thread::sleep(Duration::from_millis(20));
        false
    }));
}

#[test]
fn requests_of_any_shape_reach_a_block_device() {
    for block_size in [512, 4096] {
        let options = AttachOptions { block_size, ..AttachOptions::default() };
        let Some((image, attached)) = looped("requests of any shape reach a block device", 4 << 20, options)
        else {
            return;
        };
        let disk = BlockDisk::open(&attached.device.node).unwrap();
        assert_eq!((disk.len(), disk.logical_block()), (Bytes::new(4 << 20), block_size));
        let mut expected = vec![0u8; 4 << 20];
        let requests = [(0, 512), (1, 1), (511, 2), (4095, 4098), (100_000, 2_500_001), ((4 << 20) - 3, 3)];
        for (fill, (offset, len)) in (1u8..).zip(requests) {
            let bytes = vec![fill; len];
            expected[offset..offset + len].copy_from_slice(&bytes);
            disk.write_at(&bytes, Bytes::new(offset as u64)).unwrap();
            let mut back = vec![0; len + offset.min(7)];
            disk.read_at(&mut back, Bytes::new((offset - offset.min(7)) as u64)).unwrap();
            assert!(back == expected[offset - offset.min(7)..offset + len]);
        }
        disk.zero(Bytes::new(8192), Bytes::new(8192)).unwrap();
        disk.zero(Bytes::new(20_001), Bytes::new(9_999)).unwrap();
        disk.discard(Bytes::new(1 << 20), Bytes::new(8192)).unwrap();
        expected[8192..16384].fill(0);
        expected[20_001..30_000].fill(0);
        expected[1 << 20..(1 << 20) + 8192].fill(0);
        disk.flush().unwrap();
        // The loop device works through the file's page cache: all must be there.
        assert!(std::fs::read(image.path()).unwrap() == expected);
        assert!(matches!(disk.write_at(&[0; 2], Bytes::new((4 << 20) - 1)), Err(DiskError::PastEnd { .. })));
    }
}

#[test]
fn a_read_only_device_refuses_writes_and_a_claimed_one_claims() {
    let options = AttachOptions { read_only: true, ..AttachOptions::default() };
    let Some((_image, attached)) =
        looped("a read only device refuses writes and a claimed one claims", 1 << 20, options)
    else {
        return;
    };
    let disk = BlockDisk::open(&attached.device.node).unwrap();
    assert!(disk.read_only());
    assert!(matches!(disk.write_at(&[0; 512], Bytes::ZERO), Err(DiskError::ReadOnly { .. })));
    let claim = disk.open_exclusive().unwrap();
    assert!(matches!(disk.open_exclusive(), Err(DiskError::Busy { .. })));
    drop(claim);
    disk.open_exclusive().unwrap();
}

#[test]
fn an_attached_image_is_the_image_and_not_the_device() {
    let Some((image, attached)) =
        looped("an attached image is the image and not the device", 1 << 20, AttachOptions::default())
    else {
        return;
    };
    let identity = crate::open::identity(image.path()).unwrap();
    let disk = LoopedImage::open(image.path(), identity, &attached.device).unwrap();
    assert_eq!((disk.identity(), disk.path()), (identity, image.path()));
    let file = crate::file::FileDisk::open(image.path()).unwrap();
    assert!(matches!(file.open_exclusive(), Err(DiskError::Busy { .. })));
    drop(attached);
    // The disk itself keeps the device attached.
    disk.write_at(b"through the device", Bytes::new(5)).unwrap();
    disk.flush().unwrap();
    assert_eq!(&std::fs::read(image.path()).unwrap()[5..23], b"through the device");
}

#[test]
fn what_cannot_be_attached_says_why() {
    let error = attach(&Host::default(), Path::new("/nosuch.img"), AttachOptions::default()).unwrap_err();
    assert_eq!(error.action, "open");
    assert!(detach(Path::new("/dev/null")).is_err());
    assert!(is_loop(OsStr::new("loop12")));
    assert!(!is_loop(OsStr::new("loop1p2")) && !is_loop(OsStr::new("loop")));
}
