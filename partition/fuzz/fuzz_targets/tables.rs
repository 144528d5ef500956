//! A disk's bytes as a partition table: whatever they are, there is an answer.
#![no_main]

use device::ram::{Image, RamDisk};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let disk = RamDisk::with_content("fuzz", 1, Image::from_bytes(bytes));
    let _ = partition::detect(&disk);
    let _ = partition::is_partitioned(&disk);
});
