//! Any bytes as a VG's text: what can be read can be validated, and read again once written.
#![no_main]

use libfuzzer_sys::fuzz_target;
use metadata::{text, validate};

fuzz_target!(|bytes: &[u8]| {
    let Ok(read) = text::parse(bytes) else { return };
    let _ = validate::validate(&read.vg);
    for lv in &read.vg.lvs {
        let _ = read.vg.pvs_of(lv);
    }
    if let Ok(written) = text::to_disk(&read.vg, &read.provenance) {
        assert!(text::says(&written, &read.vg).expect("what was written can be read"));
    }
});
