//! What makes no sense is refused, by name and line.

use crate::{disk, edited};
use metadata::text;

#[test]
fn missing_keys_are_named_with_their_place() {
    for (key, expected) in [
        ("id = ", "line 1: VG vg has no id"),
        ("seqno = ", "line 1: VG vg has no seqno"),
        ("status = ", "line 1: VG vg has no status"),
        ("extent_size = ", "line 1: VG vg has no extent_size"),
        ("max_lv = ", "line 1: VG vg has no max_lv"),
        ("pe_start = ", "PV pv0 has no pe_start"),
        ("pe_count = ", "PV pv0 has no pe_count"),
        ("segment_count = ", "LV linear has no segment_count"),
        ("start_extent = ", "segment1 of LV linear has no start_extent"),
        ("extent_count = ", "segment1 of LV linear has no extent_count"),
        ("stripe_count = ", "segment1 of LV linear has no stripe_count"),
        ("stripe_size = ", "segment1 of LV striped has no stripe_size"),
        ("stripes = ", "segment1 of LV linear has no stripes"),
        ("physical_volumes {", "has no physical_volumes"),
    ] {
        let found = refused(key, &format!("other_{key}"));
        assert!(found.contains(expected), "{key}: {found}");
    }
}

#[test]
fn wrong_values_are_named_for_what_is_wrong() {
    let count = format!("line {}: PV pv0: pe_count is ", line_of("pe_count = 62"));
    for (from, to, expected) in [
        ("pe_count = 62", "pe_count = \"62\"", format!("{count}a string, not an integer")),
        ("pe_count = 62", "pe_count = 4294967296", format!("{count}4294967296, not from 0 to 4294967295")),
        ("pe_count = 62", "pe_count = -1", format!("{count}-1, not from 0 to 4294967295")),
        ("id = \"", "id = \"x", "VG vg: id: ".to_owned()),
        ("extent_size = 2048", "extent_size = 0", "extent size".to_owned()),
        ("\"pv1\", 0", "\"pv9\", 0", "stripes names \"pv9\", which is neither a PV nor an LV".to_owned()),
        ("\"pv1\", 0", "\"pv1\"", "stripes holds something other than names".to_owned()),
        ("stripe_count = 3", "stripe_count = 4", "stripe_count is 4, there are 3 areas".to_owned()),
        ("segment_count = 4", "segment_count = 2", "segment_count is 2, there are 4".to_owned()),
        ("striped {", "linear {", "LV linear: the name is taken already".to_owned()),
        ("pv1 {", "pv0 {", "PV pv0: the name is taken already".to_owned()),
        ("\nbroken {", "\nbro/ken {", "LV bro has no id".to_owned()),
        ("vg {", "..{", "no name".to_owned()),
        ("minor = 200", "", "FIXED_MINOR without minor".to_owned()),
        ("ba_size = 2048", "", "half a bootloader area".to_owned()),
        ("version = 1", "version = 2", "only version 1".to_owned()),
        ("Text Format Volume Group", "Recipe", "not a VG".to_owned()),
        ("physical_volumes {", "physical_volumes = 3\nx {", "physical_volumes is an integer".to_owned()),
        ("contents =", "more { }\ncontents =", "a second VG".to_owned()),
    ] {
        let found = match text::parse(&edited(&disk("everyday"), from, to)) {
            Ok(_) => "nothing".to_owned(),
            Err(error) => error.to_string(),
        };
        assert!(found.to_lowercase().contains(&expected.to_lowercase()), "{to:?}: {found}");
    }
    assert_eq!(text::parse(b"").unwrap_err().to_string(), "contents is None: not a VG's metadata");
    let bare = b"contents = \"Text Format Volume Group\"\nversion = 1\n";
    assert_eq!(text::parse(bare).unwrap_err(), text::TextError::NoVg);
}

#[test]
fn raids_with_another_number_of_images_than_they_say_are_refused() {
    for (name, from, to) in [
        ("raid", "device_count = 3", "device_count = 4"),
        ("raid", "stripe_count = 3", "stripe_count = 2"),
        ("mirror", "mirror_count = 2", "mirror_count = 3"),
    ] {
        let error = text::parse(&edited(&disk(name), from, to)).unwrap_err().to_string();
        assert!(error.contains("areas"), "{error}");
    }
    let error =
        text::parse(&edited(&disk("thin"), "thin_pool = \"pool\"", "thin_pool = \"pond\"")).unwrap_err();
    assert!(error.to_string().contains("thin_pool names \"pond\""), "{error}");
}

#[test]
fn a_vg_that_refers_to_what_it_does_not_have_is_not_written() {
    let mut text = text::parse(disk("thin").as_bytes()).unwrap();
    let pool = text.vg.lv_named("pool").unwrap().id;
    text.vg.lvs.remove(pool);
    let error = text::to_disk(&text.vg, &text.provenance).unwrap_err();
    assert!(matches!(error, text::WriteError::UnknownLv { id, .. } if id == pool));
    let mut text = text::parse(disk("everyday").as_bytes()).unwrap();
    let pv = text.vg.pvs.iter().next().unwrap().id;
    text.vg.pvs.remove(pv);
    assert!(matches!(
        text::to_disk(&text.vg, &text.provenance).unwrap_err(),
        text::WriteError::UnknownPv { id, .. } if id == pv
    ));
    text.vg.name = "a b".to_owned();
    assert!(matches!(text::to_disk(&text.vg, &text.provenance).unwrap_err(), text::WriteError::Name(_)));
}

/// What an edited `everyday` is refused with.
fn refused(from: &str, to: &str) -> String {
    text::parse(&edited(&disk("everyday"), from, to)).unwrap_err().to_string()
}

fn line_of(what: &str) -> usize {
    disk("everyday").lines().position(|line| line == what).unwrap() + 1
}
