//! Images that lie: whatever stands in a label, a header or a text, each command ends with one clear word and a
//! known status, and a command that is refused changes no byte.
//!
//! The statuses are those of LVM2 2.03.40 on loop devices, but where LVM2 crashes, and where rlvm still finds
//! the text before a damaged one: that VG is shown and may be changed, which mends it.

use cli::run;
use cli::world::World;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::Mutex;
use tempfile::TempDir;

/// Where LVM2 puts things on a machine with pages of 4 KiB.
const LABEL: usize = 512;
const MDA: usize = 4096;
const SLOT: usize = MDA + 40;

/// A folder with images, and a host without devices.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs a command line with these images in scope. Gives status, standard output and standard error.
    fn run(&self, images: &[&str], line: &str) -> (u8, String, String) {
        let nowhere = self.path("nowhere");
        let host = device::Host {
            sys: nowhere.join("sys"),
            dev: nowhere.join("dev"),
            proc: nowhere.join("proc"),
            ..device::Host::default()
        };
        let (mut world, streams) = World::seeded(7, host, &[]);
        let listed: Vec<String> = images.iter().map(|name| self.path(name).display().to_string()).collect();
        world.env.set("RLVM_DEVICES", &listed.join(","));
        world.env.set("LVM_SYSTEM_DIR", self.path("etc").to_str().unwrap());
        let words: Vec<OsString> = ["rlvm"].into_iter().chain(line.split(' ')).map(OsString::from).collect();
        let exit = run(&words, &mut world);
        (exit.code(), text(&streams.out), text(&streams.err))
    }
}

fn text(stream: &Mutex<Vec<u8>>) -> String {
    String::from_utf8_lossy(&stream.lock().unwrap()).into_owned()
}

/// A sound image with VG `vg` on it, and in it two LVs.
fn sound(place: &Place) -> Vec<u8> {
    fs::File::create(place.path("a.img")).unwrap().set_len(16 << 20).unwrap();
    for line in [
        &format!("vgcreate vg {}", place.path("a.img").display()),
        "lvcreate -an -Zn -Wn -l1 -n one vg",
        "lvcreate -an -Zn -Wn -l1 -n two vg",
    ] {
        let (exit, _, err) = place.run(&["a.img"], line);
        assert_eq!(exit, 0, "{line}: {err}");
    }
    fs::read(place.path("a.img")).unwrap()
}

fn put(bytes: &mut [u8], at: usize, value: u64) {
    bytes[at..at + 8].copy_from_slice(&value.to_le_bytes());
}

fn get(bytes: &[u8], at: usize) -> usize {
    usize::try_from(u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())).unwrap()
}

fn sign_label(bytes: &mut [u8]) {
    let sum = units::crc(&bytes[LABEL + 20..LABEL + 512]);
    bytes[LABEL + 16..LABEL + 20].copy_from_slice(&sum.to_le_bytes());
}

fn sign_header(bytes: &mut [u8]) {
    let sum = units::crc(&bytes[MDA + 4..MDA + 512]);
    bytes[MDA..MDA + 4].copy_from_slice(&sum.to_le_bytes());
}

/// Replaces the text by another one, soundly signed.
fn set_text(bytes: &mut [u8], text: &[u8]) {
    let at = MDA + get(bytes, SLOT);
    bytes[at..at + text.len()].copy_from_slice(text);
    bytes[at + text.len()] = 0;
    put(bytes, SLOT + 8, text.len() as u64 + 1);
    let sum = units::crc(&bytes[at..=at + text.len()]);
    bytes[SLOT + 16..SLOT + 20].copy_from_slice(&sum.to_le_bytes());
    sign_header(bytes);
}

fn edit(bytes: &mut [u8], change: impl Fn(String) -> String) {
    let at = MDA + get(bytes, SLOT);
    let len = get(bytes, SLOT + 8) - 1;
    let old = String::from_utf8(bytes[at..at + len].to_vec()).unwrap();
    let new = change(old.clone());
    assert_ne!(old, new);
    set_text(bytes, new.as_bytes());
}

/// Changes the text, one word for another.
fn swap(bytes: &mut [u8], from: &str, to: &str) {
    edit(bytes, |text| text.replacen(from, to, 1));
}

/// A lie, and the statuses of `pvs`, `vgs vg`, `lvs vg`, `lvcreate`.
type Case = (&'static str, fn(&mut Vec<u8>), [u8; 4]);

/// There is no such VG.
const NO_VG: [u8; 4] = [0, 5, 5, 5];
/// The VG is there, and may be changed.
const MENDED: [u8; 4] = [0; 4];
/// What is left is shown; it may be out of date, and is not changed.
const OLDER: [u8; 4] = [0, 0, 0, 5];
/// There is a VG, but its metadata are not to be trusted.
const REFUSED: [u8; 4] = [5; 4];

const CASES: &[Case] = &[
    ("label-crc", |b| b[LABEL + 100] ^= 1, NO_VG),
    (
        "label-sector",
        |b| {
            put(b, LABEL + 8, 3);
            sign_label(b);
        },
        NO_VG,
    ),
    (
        "label-version",
        |b| {
            b[LABEL + 31] = b'9';
            sign_label(b);
        },
        NO_VG,
    ),
    (
        "label-contents",
        |b| {
            b[LABEL + 20] = 250;
            b[LABEL + 21] = 1;
            sign_label(b);
        },
        NO_VG,
    ),
    (
        "mda-outside",
        |b| {
            put(b, LABEL + 32 + 40 + 32, 1 << 60);
            sign_label(b);
        },
        NO_VG,
    ),
    (
        "mda-size-zero",
        |b| {
            put(b, LABEL + 32 + 40 + 40, 0);
            sign_label(b);
        },
        NO_VG,
    ),
    (
        "mda-overlaps-data",
        |b| {
            put(b, LABEL + 32 + 40 + 40, 8 << 20);
            sign_label(b);
        },
        MENDED,
    ),
    (
        "data-overlaps-mda",
        |b| {
            put(b, LABEL + 32 + 40, 8192);
            sign_label(b);
        },
        MENDED,
    ),
    ("header-crc", |b| b[MDA + 30] ^= 1, OLDER),
    (
        "header-magic",
        |b| {
            b[MDA + 5] ^= 1;
            sign_header(b);
        },
        OLDER,
    ),
    (
        "header-version",
        |b| {
            b[MDA + 20] = 9;
            sign_header(b);
        },
        REFUSED,
    ),
    (
        "header-start",
        |b| {
            put(b, MDA + 24, 8192);
            sign_header(b);
        },
        OLDER,
    ),
    (
        "header-size",
        |b| {
            put(b, MDA + 32, u64::MAX);
            sign_header(b);
        },
        OLDER,
    ),
    (
        "slot-outside",
        |b| {
            put(b, SLOT, 1 << 40);
            sign_header(b);
        },
        OLDER,
    ),
    (
        "slot-in-header",
        |b| {
            put(b, SLOT, 8);
            sign_header(b);
        },
        OLDER,
    ),
    (
        "slot-size",
        |b| {
            put(b, SLOT + 8, u64::MAX - 5);
            sign_header(b);
        },
        OLDER,
    ),
    (
        "text-crc",
        |b| {
            let at = MDA + get(b, SLOT);
            b[at + 40] ^= 1;
        },
        OLDER,
    ),
    ("text-cut", |b| edit(b, |text| text[..text.len() / 2].to_owned()), REFUSED),
    ("text-nul", |b| swap(b, "seqno", "se\0no"), REFUSED),
    ("text-version", |b| swap(b, "version = 1", "version = 7"), REFUSED),
    ("text-status", |b| swap(b, "\"RESIZEABLE\"", "\"FLYING\""), OLDER),
    ("text-extent-size", |b| swap(b, "extent_size = 8192", "extent_size = 0"), REFUSED),
    ("text-pe-count", |b| swap(b, "pe_count = 3", "pe_count = 4294967295"), MENDED),
    ("lv-outside-pv", |b| swap(b, "\"pv0\", 1", "\"pv0\", 900"), REFUSED),
    ("lvs-overlap", |b| swap(b, "\"pv0\", 1", "\"pv0\", 0"), REFUSED),
    ("lv-on-itself", |b| swap(b, "\"pv0\", 1", "\"two\", 0"), REFUSED),
    ("lv-on-nothing", |b| swap(b, "\"pv0\", 1", "\"pv9\", 0"), REFUSED),
    ("segment-gap", |b| swap(b, "start_extent = 0", "start_extent = 2"), REFUSED),
    ("segment-count", |b| swap(b, "segment_count = 1", "segment_count = 99"), REFUSED),
    ("stripe-count", |b| swap(b, "stripe_count = 1", "stripe_count = 4294967295"), REFUSED),
    ("nested", |b| set_text(b, "a{".repeat(200_000).as_bytes()), REFUSED),
    ("lists", |b| set_text(b, format!("a={}", "[".repeat(400_000)).as_bytes()), REFUSED),
];

const LINES: [&str; 4] = ["pvs", "vgs vg", "lvs vg", "lvcreate -an -Zn -Wn -l1 vg"];

#[test]
fn images_that_lie_give_a_known_status_and_stay_as_they_are() {
    let place = Place::new();
    let sound = sound(&place);
    let mut wrong = Vec::new();
    for (name, lie, expected) in CASES {
        let mut bytes = sound.clone();
        lie(&mut bytes);
        fs::write(place.path("a.img"), &bytes).unwrap();
        let mut statuses = Vec::new();
        for line in LINES {
            let (exit, _, err) = place.run(&["a.img"], line);
            statuses.push(exit);
            if exit == 0 && line.starts_with("lvcreate") {
                continue;
            }
            assert!(exit == 0 || !err.trim().is_empty(), "{name}: {line} says nothing");
            assert!(fs::read(place.path("a.img")).unwrap() == bytes, "{name}: {line} changed the image");
        }
        if statuses != expected {
            wrong.push(format!("{name}: {statuses:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_left_of_a_damaged_vg_is_changed_once_that_is_asked_for() {
    let place = Place::new();
    let mut bytes = sound(&place);
    let at = MDA + get(&bytes, SLOT);
    bytes[at + 40] ^= 1;
    fs::write(place.path("a.img"), &bytes).unwrap();
    let (exit, _, err) = place.run(&["a.img"], "lvcreate -an -Zn -Wn -l1 vg");
    assert!(exit == 5 && err.contains("may be out of date"), "{err}");
    assert!(err.contains("hint: vgck --updatemetadata vg goes on from seqno"), "{err}");
    assert_eq!(place.run(&["a.img"], "vgck --updatemetadata vg").0, 0);
    assert_eq!(place.run(&["a.img"], "lvcreate -an -Zn -Wn -l1 vg").0, 0);
}

#[test]
fn a_hundred_megabytes_of_text_are_refused_and_stay() {
    let place = Place::new();
    let image = place.path("a.img");
    let file = fs::File::create(&image).unwrap();
    file.set_len(512 << 20).unwrap();
    let line = format!("vgcreate --metadatasize 256m vg {}", image.display());
    assert_eq!(place.run(&["a.img"], &line).0, 0);
    let mut text = b"vg {\n".to_vec();
    text.resize(100 << 20, b'\n');
    let mut start = vec![0; MDA + 512];
    let reader = fs::File::open(&image).unwrap();
    reader.read_exact_at(&mut start, 0).unwrap();
    let at = MDA + get(&start, SLOT);
    text.push(0);
    put(&mut start, SLOT + 8, text.len() as u64);
    start[SLOT + 16..SLOT + 20].copy_from_slice(&units::crc(&text).to_le_bytes());
    sign_header(&mut start);
    let writer = fs::OpenOptions::new().write(true).open(&image).unwrap();
    writer.write_all_at(&text, at as u64).unwrap();
    writer.write_all_at(&start, 0).unwrap();
    let (exit, _, err) = place.run(&["a.img"], "lvcreate -an -l1 vg");
    assert_eq!(exit, 5, "{err}");
    let says = "a text of 104857601 bytes; at most 67108864 are read";
    assert!(err.contains(says), "{err}");
    let (exit, _, err) = place.run(&["a.img"], "vgs");
    assert!(exit == 0 && err.matches(says).count() == 1, "{err}");
    let mut now = vec![0; MDA + 512];
    reader.read_exact_at(&mut now, 0).unwrap();
    assert!(now == start);
}

#[test]
fn a_vg_of_another_host_is_shown_on_demand_and_not_changed() {
    let place = Place::new();
    let mut bytes = sound(&place);
    swap(&mut bytes, "format = \"lvm2\"", "system_id = \"other\"\nformat = \"lvm2\"");
    fs::write(place.path("a.img"), &bytes).unwrap();
    for (line, expected) in [
        ("vgs", 0),
        ("vgs vg", 5),
        ("vgs --foreign vg", 0),
        ("lvs vg/one", 5),
        ("lvcreate -an -l1 vg", 5),
        ("vgchange -an vg", 5),
    ] {
        let (exit, _, err) = place.run(&["a.img"], line);
        assert_eq!(exit, expected, "{line}: {err}");
    }
    let (_, out, err) = place.run(&["a.img"], "vgs");
    assert_eq!(out, "");
    assert_eq!(err, "  Cannot access VG vg with system ID other with unknown local system ID.\n");
    let (exit, out, _) = place.run(
        &["a.img"],
        "vgs --noheadings -o vg_name --config global/system_id_source=\"lvmlocal\"\nlocal/system_id=\"other\"",
    );
    assert_eq!((exit, out.trim()), (0, "vg"));
    assert!(fs::read(place.path("a.img")).unwrap() == bytes);
}

#[test]
fn an_exported_vg_is_shown_but_its_lvs_are_not() {
    let place = Place::new();
    let mut bytes = sound(&place);
    swap(&mut bytes, "\"RESIZEABLE\"", "\"EXPORTED\", \"RESIZEABLE\"");
    fs::write(place.path("a.img"), &bytes).unwrap();
    assert_eq!(place.run(&["a.img"], "vgs vg").0, 0);
    assert_eq!(place.run(&["a.img"], "lvs"), (0, String::new(), String::new()));
    for line in ["lvs vg", "lvcreate -an -l1 vg", "vgchange -ay vg"] {
        let (exit, _, err) = place.run(&["a.img"], line);
        assert_eq!((exit, err.as_str()), (5, "  Volume group vg is exported\n"), "{line}");
    }
    assert!(fs::read(place.path("a.img")).unwrap() == bytes);
}

#[test]
fn two_images_of_one_id_are_named_and_not_changed() {
    let place = Place::new();
    let bytes = sound(&place);
    fs::write(place.path("b.img"), &bytes).unwrap();
    let (exit, out, err) = place.run(&["a.img", "b.img"], "pvs --noheadings -o pv_name");
    assert_eq!((exit, out.trim()), (0, place.path("a.img").to_str().unwrap()));
    assert!(err.contains(&format!("Not using device {} for PV", place.path("b.img").display())), "{err}");
    let (exit, _, err) = place.run(&["a.img", "b.img"], "lvcreate -an -l1 vg");
    assert_eq!(exit, 5);
    assert!(err.ends_with("  Cannot update volume group vg with duplicate PV devices.\n"), "{err}");
    for name in ["a.img", "b.img"] {
        assert!(fs::read(place.path(name)).unwrap() == bytes);
    }
    let allowed = "lvcreate -an -Wn -Zn -l1 vg --config devices/allow_changes_with_duplicate_pvs=1";
    assert_eq!(place.run(&["a.img", "b.img"], allowed).0, 0);
}

#[test]
fn two_vgs_of_one_name_are_not_told_apart_by_it() {
    let place = Place::new();
    let first = sound(&place);
    let mut second = first.clone();
    // Another PV and another VG: one letter of each id differs.
    let pv = LABEL + 32;
    let old = String::from_utf8(second[pv..pv + 32].to_vec()).unwrap();
    second[pv] = if second[pv] == b'A' { b'B' } else { b'A' };
    sign_label(&mut second);
    let letter = char::from(second[pv]);
    edit(&mut second, |text| {
        let mut changed = text.replacen(&old[..6], &format!("{letter}{}", &old[1..6]), 1);
        let id = changed.find("id = \"").unwrap() + 6;
        let other = if changed.as_bytes()[id] == b'C' { "D" } else { "C" };
        changed.replace_range(id..=id, other);
        changed
    });
    fs::write(place.path("b.img"), &second).unwrap();
    let both = ["a.img", "b.img"];
    let (exit, out, err) = place.run(&both, "vgs --noheadings -o vg_name");
    assert_eq!((exit, out.split_whitespace().count()), (0, 2), "{err}");
    for line in ["vgs vg", "lvs vg", "lvcreate -an -l1 vg"] {
        let (exit, out, err) = place.run(&both, line);
        assert_eq!((exit, out.lines().count()), (5, 0), "{line}: {out}{err}");
        assert!(err.contains("  Multiple VGs found with the same name: skipping vg\n"), "{line}: {err}");
    }
    assert!(fs::read(place.path("a.img")).unwrap() == first);
}
