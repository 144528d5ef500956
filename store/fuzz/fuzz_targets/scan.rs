//! The start of a disk as a PV of a VG: whatever stands there, a scan has an answer.
#![no_main]

use device::ram::{Image, RamDisk};
use device::{Disk, DiskSet};
use libfuzzer_sys::fuzz_target;
use std::sync::Arc;

fuzz_target!(|bytes: &[u8]| {
    let disk: Arc<dyn Disk> = Arc::new(RamDisk::with_content("fuzz", 1, Image::from_bytes(bytes)));
    let disks: DiskSet = [disk].into_iter().collect();
    let _ = store::scan(&disks, store::ReadOptions::default());
    let _ = store::read_vg(&disks, "vg", store::ReadOptions::default());
});
