//! A disk's bytes as a partition table: whatever they are, there is an answer.
#![no_main]

use device::ram::{Image, RamDisk};
use libfuzzer_sys::fuzz_target;
use partition::{Options, Scheme, Sparse};
use std::sync::Arc;

fuzz_target!(|bytes: &[u8]| {
    let disk = RamDisk::with_content("fuzz", 1, Image::from_bytes(bytes));
    let _ = partition::detect(&disk);
    // Those that need another to have failed first.
    for only in Scheme::all() {
        let options = Options { only: Some(only), force_gpt: true, ..Options::default() };
        let _ = partition::find(&disk, &options);
    }
    let disk: Arc<dyn device::Disk> = Arc::new(disk);
    if let Ok(Some(sparse)) = Sparse::open(&disk) {
        let _ = partition::detect(&sparse);
    }
    let _ = partition::is_partitioned(&*disk);
});
