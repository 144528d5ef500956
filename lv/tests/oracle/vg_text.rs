//! Reads the VG that LVM2 wrote.

use metadata::model::Vg;
use std::path::Path;

pub(crate) fn read(path: &Path) -> Vg {
    let bytes = std::fs::read(path).expect("LVM2 keeps a backup");
    metadata::text::parse(&bytes).expect("LVM2's text parses").vg
}
