//! Damaged and made-up bytes: an answer, never a panic, never an endless loop.

use metadata::disk::{DiskArea, Label, MdaHeader, RawLocn};
use metadata::model::{Provenance, Vg};
use metadata::text;
use metadata::validate::validate;
use std::path::Path;
use units::{Bytes, crc};

/// The same sequence on every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

fn recorded(folder: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/images").join(folder);
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .iter()
        .filter(|path| path.file_stem() != Some("make".as_ref()))
        .map(|p| std::fs::read(p).unwrap())
        .collect()
}

/// Everything that is asked of a VG once it could be read.
fn use_vg(vg: &Vg) {
    let _ = validate(vg);
    let _ = (vg.extents(), vg.free_extents(), vg.lv_users(), vg.lvs_by_name());
    for space in vg.space().values() {
        let _ = (space.free(), space.free_count());
    }
    for lv in &vg.lvs {
        let _ = (vg.pvs_of(lv), lv.extents(), lv.is_editable());
    }
    if let Ok(again) = text::to_disk(vg, &Provenance::default()) {
        assert!(text::says(&again, vg).unwrap(), "{}", String::from_utf8_lossy(&again));
    }
}

fn read(bytes: &[u8]) -> bool {
    match text::parse(bytes) {
        Ok(text) => {
            use_vg(&text.vg);
            true
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            false
        }
    }
}

#[test]
fn texts_with_flipped_bits_lost_ends_and_foreign_pieces_give_an_answer() {
    let texts = recorded("text");
    let mut random = Random(42);
    let mut readable = 0;
    for text in &texts {
        for _ in 0..12 {
            let mut bytes = text.clone();
            match random.below(4) {
                0 => bytes.truncate(random.below(text.len())),
                1 => {
                    let (from, len) = (random.below(text.len()), random.below(200));
                    bytes.drain(from..(from + len).min(text.len()));
                }
                2 => {
                    let other = &texts[random.below(texts.len())];
                    let (from, at) = (random.below(other.len()), random.below(text.len()));
                    let piece = other[from..(from + 100).min(other.len())].to_vec();
                    bytes.splice(at..at, piece);
                }
                _ => {
                    for _ in 0..=random.below(4) {
                        let at = random.below(text.len());
                        bytes[at] ^= 1 << random.below(8);
                    }
                }
            }
            readable += usize::from(read(&bytes));
        }
    }
    assert!(readable > 20, "some damage leaves a text readable: {readable}");
}

#[test]
fn texts_with_extreme_numbers_and_swapped_names_give_an_answer() {
    let mut random = Random(7);
    for text in recorded("text") {
        let text = String::from_utf8(text).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for _ in 0..12 {
            let at = random.below(lines.len());
            let number =
                ["0", "-1", "4294967295", "9223372036854775807", "18446744073709551616", "\"pv0\"", "[]"]
                    [random.below(7)];
            let other = lines[random.below(lines.len())];
            let line = match (random.below(3), lines[at].split_once(" = ")) {
                (0, Some((key, _))) => format!("{key} = {number}"),
                (1, _) => other.to_owned(),
                (_, Some((_, value))) => format!("{} = {value}", other.split(" = ").next().unwrap_or("")),
                (_, None) => lines[at].replace("pv0", "pv1").replace(", ", ", 4294967295, "),
            };
            let mut edited = lines.clone();
            edited[at] = &line;
            read(edited.join("\n").as_bytes());
        }
    }
}

#[test]
fn deep_wide_and_long_texts_give_an_answer() {
    let contents = "contents = \"Text Format Volume Group\"\nversion = 1\n";
    assert!(!read(format!("{contents}{}", "a {\n".repeat(100_000)).as_bytes()));
    let wide = (0..20_000).map(|n| format!("k{n} = {n}\n")).collect::<String>();
    assert!(!read(format!("{contents}vg {{\n{wide}}}\n").as_bytes()));
    let list = "1, ".repeat(200_000);
    assert!(!read(format!("{contents}vg {{\nid = [{list}]\n}}\n").as_bytes()));
    assert!(!read(&vec![b'"'; 1 << 20]));
}

#[test]
fn lvs_that_stand_on_each_other_in_a_circle_end() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/images/text/thin.disk");
    let text = std::fs::read_to_string(folder).unwrap();
    // The pool's data on a thin LV of that pool.
    let text = text.replace("pool = \"pool_tdata\"", "pool = \"thin\"");
    let vg = text::parse(text.as_bytes()).unwrap().vg;
    assert!(!validate(&vg).is_empty());
    use_vg(&vg);
}

#[test]
fn damaged_binary_structures_give_an_answer() {
    let mut random = Random(99);
    for sector in recorded("disk").into_iter().filter(|bytes| bytes.len() == 512) {
        for round in 0..2000 {
            let mut bytes = sector.clone();
            for _ in 0..=random.below(3) {
                let at = random.below(512);
                bytes[at] = [0, 0xff, random.next() as u8, 1 << random.below(8)][random.below(4)];
            }
            // Every other one with a checksum that fits, so that what lies behind it is reached, too.
            if round % 2 == 0 {
                let (label, mda) = (crc(&bytes[20..]), crc(&bytes[4..]));
                if Label::is_marked(&bytes) {
                    bytes[16..20].copy_from_slice(&label.to_le_bytes());
                } else {
                    bytes[..4].copy_from_slice(&mda.to_le_bytes());
                }
            }
            let device = [vec![0; 512], bytes.clone(), vec![0; 1024]].concat();
            if let Some(label) = Label::find(&device).label {
                let again = label.encode().unwrap();
                let device = [&[0; 512][..], &again, &[0; 1024]].concat();
                assert_eq!(Label::find(&device).label, Some(label));
            }
            if let Ok((header, _)) = MdaHeader::inspect(&bytes, DiskArea::new(4096, 61440)) {
                use_header(&header, random.next());
            }
        }
    }
}

fn use_header(header: &MdaHeader, seed: u64) {
    let ring = header.ring();
    for locn in header.slots {
        let _ = ring.text(locn);
        for block in [512, 4096, 0, seed] {
            let _ = ring.place(Some(locn), Bytes::new(1000), Bytes::new(block));
            let _ = ring.place(None, Bytes::new(seed % 60_000), Bytes::new(block));
        }
    }
    let huge = RawLocn { offset: Bytes::new(seed), size: Bytes::new(!seed), checksum: 0, flags: 0 };
    let _ = ring.text(huge);
    let _ = (ring.free(Some(huge)), ring.max_text(), header.committed(), header.precommitted());
    assert_eq!(header.encode().len(), 512);
}
