//! Any bytes as the start of a device, with checksums made to fit, so that the fields behind them are reached.
#![no_main]

use libfuzzer_sys::fuzz_target;
use metadata::disk::{DiskArea, Label, MdaHeader, SECTOR};
use units::{Bytes, crc};

fuzz_target!(|bytes: &[u8]| {
    let mut device = bytes.to_vec();
    for sector in device.chunks_exact_mut(SECTOR).take(4).filter(|sector| Label::is_marked(sector)) {
        let sum = crc(&sector[20..]);
        sector[16..20].copy_from_slice(&sum.to_le_bytes());
    }
    if let Some(label) = Label::find(&device).label {
        let _ = label.encode();
    }
    let Ok((header, _)) = MdaHeader::inspect(bytes, DiskArea::new(4096, 1 << 20)) else { return };
    for locn in header.slots {
        let _ = header.ring().text(locn);
        for block in [512, 4096] {
            let _ = header.ring().place(Some(locn), Bytes::new(bytes.len() as u64), Bytes::new(block));
        }
    }
    let _ = header.encode();
});
