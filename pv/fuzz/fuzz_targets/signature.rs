//! A disk's bytes as signatures and as a PV: whatever they are, there is an answer.
#![no_main]

use device::ram::{Image, RamDisk};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let disk = RamDisk::with_content("fuzz", 1, Image::from_bytes(bytes));
    let found = pv::signature::find(&disk).unwrap_or_default();
    found.iter().for_each(|signature| pv::signature::wipe(&disk, signature).unwrap());
    let _ = pv::signature::foreign(&disk);
    let _ = pv::probe_disk(&disk);
});
