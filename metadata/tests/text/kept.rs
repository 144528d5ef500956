//! What is not understood, or is changed around, keeps its place and its meaning.

use crate::{difference, disk, edited, written};
use metadata::text;

#[test]
fn unknown_keys_and_sections_keep_their_place_in_both_layouts() {
    let mut text = disk("everyday");
    for (behind, new) in [
        ("vg {\n", "first = 1\n"),
        ("max_pv = 8\n", "pr = [ \"require\", \"ptpl\" ]\n"),
        ("pe_count = 62\n", "colour = \"bl\\\"ue\"\n\nshade { depth = 0.500000\n}\n"),
        ("segment_count = 4\n", "zeroes = []\n"),
        ("extent_count = 7\n", "odd = [1, \"two\", 3]\n"),
        ("type = \"zero\"\n", "speed=\"fast\"\nlist=[1,2]\n"),
        ("stripe_count = 3\n", "lines = [\n\"a\", 1,\n\"b\", 2,\n\"c\"\n]\n"),
    ] {
        let at = text.find(behind).unwrap() + behind.len();
        text.insert_str(at, new);
    }
    // LVM2 closes a section on a line of its own.
    let text = text.replace("shade { depth = 0.500000\n", "shade {\ndepth = 0.500000\n");
    let read = text::parse(text.as_bytes()).unwrap();
    let again = written("x.disk", &read);
    assert_eq!(difference(&text, &String::from_utf8(again).unwrap()), None);
    let file = written("x.file", &read);
    assert_eq!(text::parse(&file).unwrap(), read);
    let file = String::from_utf8(file).unwrap();
    assert!(file.contains("\n\tpr = [ \"require\", \"ptpl\" ]\n"), "{file}");
    assert!(
        file.contains("\n\t\t\tcolour = \"bl\\\"ue\"\n\n\t\t\tshade {\n\t\t\t\tdepth = 0.500000\n\t\t\t}\n")
    );
}

#[test]
fn unknown_keys_survive_the_loss_of_the_key_they_stood_behind() {
    let text = edited(&disk("everyday"), "tags = [\"p+v.tag\"]\n", "tags = [\"p+v.tag\"]\ncolour = 3\n");
    let mut read = text::parse(&text).unwrap();
    read.vg.pvs.iter_mut().for_each(|pv| pv.tags.clear());
    let again = text::parse(&written("x.disk", &read)).unwrap();
    let extras: Vec<_> = again.vg.pvs.iter().flat_map(|pv| &pv.extras).collect();
    assert_eq!(extras.len(), 1);
    assert_eq!(extras[0].1.key, "colour");
}

#[test]
fn unknown_flags_are_kept_and_make_their_lv_read_only_for_edits() {
    let everyday = disk("everyday");
    let text = edited(&everyday, "\"FIXED_MINOR\", ", "\"FIXED_MINOR\", \"SHINY\", ");
    let lv = |text: &[u8]| text::parse(text).unwrap().vg.lv_named("fixed").unwrap().clone();
    assert!(lv(everyday.as_bytes()).is_editable());
    assert_eq!(lv(&text).flags.unknown_status, ["SHINY"]);
    assert!(!lv(&text).is_editable());
    let text = edited(&everyday, "type = \"zero\"", "type = \"zero+SHINY+RESHAPE\"");
    let read = text::parse(&text).unwrap();
    let nothing = read.vg.lv_named("nothing").unwrap();
    assert_eq!(nothing.flags.unknown_segtype, ["SHINY"]);
    assert!(!nothing.is_editable());
    let again = String::from_utf8(written("x.disk", &read)).unwrap();
    assert!(again.contains("type = \"zero+RESHAPE+SHINY\"\n"));
    let text = edited(&everyday, "flags = [\"ACTIVATION_SKIP\"]", "flags = [\"ACTIVATION_SKIP\", \"MAYBE\"]");
    let read = text::parse(&text).unwrap();
    assert_eq!(written("x.disk", &read), text);
    assert!(read.vg.lv_named("skipped").unwrap().is_editable());
}

#[test]
fn references_follow_when_pvs_are_renumbered_and_lvs_renamed() {
    let mut text = text::parse(disk("pvmove").as_bytes()).unwrap();
    let last = text.vg.pvs.iter().last().unwrap().id;
    text.vg.pvs.sort_by_key(|pv| pv.id != last);
    let again = String::from_utf8(written("x.disk", &text)).unwrap();
    assert!(again.contains("mirrors = [\n\"pv1\", 0,\n\"pv0\", 0\n]"), "{again}");
    assert_eq!(text::parse(again.as_bytes()).unwrap().vg, text.vg);

    let mut text = text::parse(disk("history").as_bytes()).unwrap();
    let (thin, pool) = (text.vg.lv_named("thin").unwrap().id, text.vg.lv_named("pool").unwrap().id);
    text.vg.lvs.get_mut(thin).unwrap().name = "slim".to_owned();
    text.vg.lvs.get_mut(pool).unwrap().name = "passdown".to_owned();
    let again = String::from_utf8(written("x.disk", &text)).unwrap();
    for line in
        ["origin = \"slim\"\n", "thin_pool = \"passdown\"\n", "discards = \"passdown\"\n", "\npassdown {"]
    {
        assert!(again.contains(line), "{line}");
    }
    assert!(!again.contains("\"thin\"\n}"));
    assert_eq!(text::parse(again.as_bytes()).unwrap().vg, text.vg);
}

#[test]
fn an_lv_may_be_called_like_a_pv_of_the_text() {
    let text = disk("thin").replace("snap2 {", "pv1 {").replace("\"snap2\"", "\"pv1\"");
    let read = text::parse(text.as_bytes()).unwrap();
    assert_eq!(difference(&text, &String::from_utf8(written("x.disk", &read)).unwrap()), None);
    let renamed = disk("thin").replace("\npool {", "\npv0 {").replace("= \"pool\"", "= \"pv0\"");
    let read = text::parse(renamed.as_bytes()).unwrap();
    assert!(read.vg.lv_named("pv0").is_some());
    assert_eq!(difference(&renamed, &String::from_utf8(written("x.disk", &read)).unwrap()), None);
}

#[test]
fn odd_characters_in_names_of_devices_and_descriptions_survive() {
    let mut text = text::parse(disk("empty").as_bytes()).unwrap();
    text.provenance.description = "Write from \"vg\\create\" \u{fc}.".to_owned();
    text.provenance.uname = "Linux a # b".to_owned();
    text.vg.pvs.iter_mut().for_each(|pv| pv.device = "/dev/dis\"k\\".to_owned());
    assert_eq!(text::parse(&written("x.disk", &text)).unwrap(), text);
    assert_eq!(text::parse(&written("x.file", &text)).unwrap(), text);
    text.provenance.writer = "evil\nvg2 {".to_owned();
    assert!(text::parse(&written("x.disk", &text)).is_ok());
}

#[test]
fn an_unknown_policy_is_kept_until_another_is_chosen() {
    let text = edited(&disk("everyday"), "allocation_policy = \"cling\"", "allocation_policy = \"psychic\"");
    let read = text::parse(&text).unwrap();
    assert_eq!(read.vg.alloc, metadata::model::AllocPolicy::Normal);
    assert_eq!(written("x.disk", &read), text);
    let mut chosen = read;
    chosen.vg.alloc = metadata::model::AllocPolicy::Contiguous;
    let again = String::from_utf8(written("x.disk", &chosen)).unwrap();
    assert_eq!(again.lines().take(20).filter(|line| line.starts_with("allocation_policy")).count(), 1);
    assert_eq!(text::parse(again.as_bytes()).unwrap().vg.alloc, metadata::model::AllocPolicy::Contiguous);
}
