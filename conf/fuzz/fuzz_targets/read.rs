//! Any bytes as VG text and as settings: a tree or an error, and a tree's text reads back as itself.
#![no_main]

use conf::settings::{Layer, Origin, Settings};
use conf::{Spacing, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(tree) = parse(bytes) {
        let text = tree.root.to_text(Spacing::Tight);
        let again = parse(&text).expect("what was printed is in the grammar");
        assert_eq!(again.root.to_text(Spacing::Tight), text);
    }
    if let Ok(layer) = Layer::read(Origin::CommandLine, bytes) {
        let settings = Settings::new("/etc/lvm").with(layer);
        let _ = settings.strings("devices/filter");
        let _ = (settings.bool("activation/udev_sync"), settings.int("backup/retain_min"));
        let _ = (settings.problems(), settings.not_honoured());
    }
});
