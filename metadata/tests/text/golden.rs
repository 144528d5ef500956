//! What LVM2 wrote is understood, and written back as it was.

use crate::{UTC, difference, disk, edited, folder, recorded, written};
use chrono::FixedOffset;
use metadata::text;

#[test]
fn texts_that_lvm2_wrote_come_back_byte_for_byte() {
    let mut wrong = Vec::new();
    for (name, bytes) in recorded() {
        match text::parse(&bytes) {
            Err(error) => wrong.push(format!("{name}: {error}")),
            Ok(text) => {
                let again = written(&name, &text);
                if again != bytes {
                    let (a, b) = (String::from_utf8_lossy(&bytes), String::from_utf8_lossy(&again));
                    wrong.push(format!("{name}: {:?}", difference(&a, &b)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn both_layouts_of_one_state_say_the_same() {
    let texts = recorded();
    let mut pairs = 0;
    for (name, bytes) in &texts {
        let Some(stem) = name.strip_suffix(".disk") else { continue };
        let Some((_, file)) = texts.iter().find(|other| other.0 == format!("{stem}.file")) else { continue };
        let (mut disk, mut file) = (text::parse(bytes).unwrap().vg, text::parse(file).unwrap().vg);
        // A backup shows where PVs are now.
        disk.pvs.iter_mut().chain(file.pvs.iter_mut()).for_each(|pv| pv.device.clear());
        assert_eq!(disk, file, "{stem}");
        pairs += 1;
    }
    assert!(pairs > 20);
}

#[test]
fn provenance_is_read_from_both_layouts() {
    for name in ["system-id.disk", "system-id.file"] {
        let bytes = std::fs::read(folder().join(name)).unwrap();
        let provenance = text::parse(&bytes).unwrap().provenance;
        assert_eq!(provenance.writer, "LVM2 version 2.03.16(2) (2022-05-18)");
        assert!(provenance.uname.starts_with("Linux uml "), "{}", provenance.uname);
        assert_eq!(provenance.host, "uml");
        assert_eq!(provenance.system_id.as_deref(), Some("host-one"));
        assert_eq!(provenance.time_text, text::ctime(provenance.time, UTC));
        assert!(!provenance.description.is_empty());
    }
}

#[test]
fn times_are_shown_in_the_zone_that_was_given() {
    fn zone(time: i64) -> FixedOffset {
        // Summer time, as zones have it.
        FixedOffset::east_opt(if time % 31_536_000 > 15_000_000 { 7200 } else { 3600 }).unwrap()
    }
    assert_eq!(text::ctime(0, &zone), "Thu Jan  1 01:00:00 1970");
    assert_eq!(text::ctime(1_000_000_000, &zone), "Sun Sep  9 03:46:40 2001");
    assert_eq!(text::ctime(i64::MAX, &zone), "");
    let mut text = text::parse(disk("empty").as_bytes()).unwrap();
    let mut with_lv = text::parse(disk("system-id").as_bytes()).unwrap().vg;
    with_lv.lvs.iter_mut().for_each(|lv| lv.creation_time = 1_000_000_000);
    text.vg = with_lv;
    let file = String::from_utf8(text::to_file(&text.vg, &text.provenance, &zone).unwrap()).unwrap();
    assert!(file.contains("\t\t\tcreation_time = 1000000000\t# 2001-09-09 03:46:40 +0200\n"), "{file}");
}

#[test]
fn verbatim_segments_know_their_places_and_what_they_are_built_on() {
    let vg = text::parse(disk("pvmove").as_bytes()).unwrap().vg;
    let moving = vg.lvs.iter().find(|lv| lv.name == "pvmove0").unwrap();
    let mut areas = moving.segments[0].areas();
    assert_eq!(areas.len(), 2);
    assert!(areas.all(|(_, len)| len.get() == 9));
    assert!(vg.lv_users()[&moving.id].len() == 2);

    let vg = text::parse(disk("thin").as_bytes()).unwrap().vg;
    let id = |name: &str| vg.lv_named(name).unwrap().id;
    let below = |name: &str| vg.lv_named(name).unwrap().segments[0].lvs();
    assert_eq!(below("snap"), [id("pool")]);
    assert_eq!(below("extsnap"), [id("pool"), id("ext")]);
    assert_eq!(below("pool"), [id("pool_tmeta"), id("pool_tdata")]);

    let vg = text::parse(disk("raid").as_bytes()).unwrap().vg;
    assert_eq!(vg.lv_named("r1").unwrap().segments[0].lvs().len(), 4);
    let vg = text::parse(disk("mirror").as_bytes()).unwrap().vg;
    assert_eq!(vg.lv_named("disklog").unwrap().segments[0].lvs().len(), 3);
}

#[test]
fn owned_and_shared_vgs_hide_their_write_flag() {
    let mut text = text::parse(disk("system-id").as_bytes()).unwrap();
    assert!(text.vg.is_writable());
    assert!(text.vg.lv_named("lv").unwrap().is_writable());
    assert!(!text.vg.lv_named("ro").unwrap().is_writable());
    text.vg.system_id = None;
    let plain = String::from_utf8(written("x.disk", &text)).unwrap();
    assert!(!plain.contains("WRITE_LOCKED"));
    assert!(plain.contains("status = [\"RESIZEABLE\", \"READ\", \"WRITE\"]"));
    assert!(text::parse(disk("lock-type-dlm").as_bytes()).unwrap().vg.is_writable());
}

#[test]
fn flags_are_read_from_where_older_versions_put_them() {
    let text = edited(&disk("missing"), "flags = [\"MISSING\"]", "flags = []");
    let at = text::parse(&text)
        .unwrap()
        .vg
        .pvs
        .iter()
        .position(|pv| pv.flags.has(metadata::model::PvFlag::Missing));
    assert_eq!(at, None);
    let old = edited(
        &disk("missing"),
        "status = [\"ALLOCATABLE\"]\nflags = [\"MISSING\"]",
        "status = [\"ALLOCATABLE\", \"MISSING\"]",
    );
    assert_eq!(text::parse(&old).unwrap().vg, text::parse(disk("missing").as_bytes()).unwrap().vg);
    let partial = edited(&disk("empty"), "\"RESIZEABLE\"", "\"PARTIAL\", \"RESIZEABLE\"");
    assert_eq!(text::parse(&partial).unwrap().vg, text::parse(disk("empty").as_bytes()).unwrap().vg);
}
