//! Texts that LVM2 wrote, read and written back.

mod golden;
mod kept;
mod refused;

use chrono::FixedOffset;
use metadata::text::{self, VgText, Zone};
use std::path::PathBuf;

fn utc(_: i64) -> FixedOffset {
    FixedOffset::east_opt(0).unwrap()
}

const UTC: Zone<'static> = &utc;

/// Where the texts are. RLVM_TEXTS names another folder, with what another LVM2 wrote.
fn folder() -> PathBuf {
    std::env::var_os("RLVM_TEXTS")
        .map_or(PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/images/text")), PathBuf::from)
}

/// Every recorded text, with its file's name.
fn recorded() -> Vec<(String, Vec<u8>)> {
    let mut texts: Vec<_> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "disk" || ext == "file"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect();
    texts.sort();
    assert!(texts.len() > 40, "the recorded texts are there");
    texts
}

fn written(name: &str, text: &VgText) -> Vec<u8> {
    if name.ends_with(".file") {
        return text::to_file(&text.vg, &text.provenance, UTC).unwrap();
    }
    let mut bytes = text::to_disk(&text.vg, &text.provenance).unwrap();
    assert_eq!(bytes.pop(), Some(0));
    bytes
}

/// The first line in which two texts differ.
fn difference(before: &str, after: &str) -> Option<String> {
    let (mut a, mut b) = (before.lines(), after.lines());
    (1..)
        .map(|n| (n, a.next(), b.next()))
        .take_while(|row| row.1.is_some() || row.2.is_some())
        .find_map(|(n, a, b)| (a != b).then(|| format!("line {n}: {a:?} became {b:?}")))
}

/// The text with one piece replaced by another.
fn edited(text: &str, from: &str, to: &str) -> Vec<u8> {
    assert!(text.contains(from), "{from:?} is in the text");
    text.replacen(from, to, 1).into_bytes()
}

fn disk(name: &str) -> String {
    String::from_utf8(std::fs::read(folder().join(format!("{name}.disk"))).unwrap()).unwrap()
}
