//! Bytes as a devices file: what is written of it reads back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pv::known::{DevicesFile, Machine};

fuzz_target!(|bytes: &[u8]| {
    let file = DevicesFile::parse(bytes);
    let machine =
        Machine { command: "fuzz", pid: 1, time: "now", stamp: "20260101.000000", identity: None, copies: 0 };
    if let Ok((text, _)) = file.encode(machine) {
        let again = DevicesFile::parse(&text);
        assert_eq!(again.entries.len(), file.entries.len());
        assert!(!again.edited);
    }
});
