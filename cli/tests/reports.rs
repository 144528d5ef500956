//! Reports whose shape no other program shows.

mod kit;

use kit::Place;

#[test]
fn a_column_may_be_wider_than_a_format_can_say() {
    let place = Place::with(&["a"]);
    let tags: Vec<String> = (0..600).map(|n| format!("{n:0>120}")).collect();
    place.run(&format!(
        "vgcreate {} vg %a",
        tags.iter().map(|tag| format!("--addtag {tag}")).collect::<Vec<_>>().join(" ")
    ));
    let said = place.run("vgs -o vg_tags,vg_name");
    let width = tags.join(",").len();
    let blanks = " ".repeat(width - "VG Tags".len());
    assert_eq!(said.out, format!("  VG Tags{blanks} VG\n  {} vg\n", tags.join(",")), "{}", said.err);
}

#[test]
fn a_segment_of_an_lv_selects_it_and_a_pv_never_does() {
    let place = Place::with(&["a", "b"]);
    place.ok("vgcreate -s 1m vg %a %b");
    place.ok("lvcreate -an -Zn -l 2 -n one vg %a");
    place.ok("lvcreate -an -Zn -l 2 -n two vg %a");
    place.ok("lvextend -l +2 vg/one %b");
    assert_eq!(place.ok("lvchange --addtag far -S seg_start=2m"), "  Logical volume vg/one changed.\n");
    for line in ["lvchange --addtag no -S pv_name=%a", "vgchange --addtag no -S 'pv_name=%a && lv_name=one'"]
    {
        place.refused(line, 0, "Can't report LV and PV fields at the same time");
    }
    let selected = place.ok("lvs --noheadings -o lv_name -S 'seg_start=2m && lv_tags=far'");
    assert_eq!(selected, "  one \n");
}

#[test]
fn numbers_that_stand_for_nothing_are_reserved() {
    let place = Place::with(&["a"]);
    place.ok("vgcreate vg %a");
    let line = "vgs -S vg_mda_copies=18446744073709551615";
    place.refused(line, 5, "Numeric value 18446744073709551615 found in selection is reserved.");
    place.refused("vgs -S vg_mda_copies=18446744073709551616", 5, "out of supported range");
}

#[test]
fn beside_a_tag_or_the_whole_vg_a_missing_name_is_no_failure() {
    let place = Place::with(&["a", "b"]);
    place.ok("vgcreate --addtag t vg %a");
    place.ok("vgcreate other %b");
    place.ok("lvcreate -an -Zn -l 1 -n lv vg");
    for line in ["lvs --noheadings -o lv_name @t nosuch", "lvs --noheadings -o lv_name vg/nosuch vg"] {
        assert_eq!(place.ok(line), "  lv  \n", "{line}");
    }
    assert_eq!(place.ok("vgs --noheadings -o vg_name @t nosuch"), "  vg\n");
    assert_eq!(place.ok("lvchange --addtag x @t nosuch"), "  Logical volume vg/lv changed.\n");
    place.refused("lvs vg/nosuch other", 5, "Failed to find logical volume \"vg/nosuch\"");
}

#[test]
fn a_prefix_stands_before_each_line_of_a_report() {
    let place = Place::with(&["a"]);
    place.ok("vgcreate vg %a");
    assert_eq!(place.ok("vgs -o vg_name --config 'log{prefix=\"\"}'"), "VG\nvg\n");
    let json = place.ok("vgs -o vg_name --reportformat json --config log/prefix=>");
    assert!(json.starts_with(">{\n>    \"report\": [\n"), "{json}");
}

#[test]
fn a_command_line_that_makes_no_sense_is_answered_in_json_where_that_was_asked_for() {
    let place = Place::with(&["a"]);
    for (line, status) in [
        ("lvcreate --reportformat json --nosuch", 3),
        ("lvcreate --report-format=json vg", 3),
        ("pvcreate --reportf json", 3),
        ("lvcreate --reportformat json -s -L 8m vg/x", 5),
    ] {
        let ran = place.run(line);
        let document: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(document["result"]["status"], status, "{line}: {ran:?}");
        assert!(!document["result"]["errors"].as_array().unwrap().is_empty(), "{line}: {ran:?}");
    }
    // Reports have nothing to tell then, and what is help is no answer.
    assert_eq!(place.run("lvs --reportformat json --nosuch").out, "");
    assert!(place.ok("lvcreate --reportformat json --help").starts_with("  lvcreate - "));
    assert_eq!(place.run("vgcreate vg -- --reportformat json").out, "");
}

#[test]
fn what_a_command_log_tells_stands_nowhere_else() {
    let place = Place::with(&["a"]);
    place.ok("vgcreate vg %a");
    let log =
        "--config 'log{report_command_log=1 command_log_cols=\"log_type,log_object_name,log_message\"}'";
    let ran = place.run(&format!("lvcreate -an -Zn -l 1 -n lv vg {log}"));
    let expected = "  Command Log
  ===========
  LogType ObjName Msg                                      \n  warn    vg      WARNING: Logical volume vg/lv not zeroed.
  print   vg      Logical volume \"lv\" created.             \n";
    assert_eq!((ran.exit, ran.out.as_str(), ran.err.as_str()), (0, expected, ""));
    let ran = place.run(&format!("lvchange --addtag x vg/gone vg/lv {log}"));
    assert_eq!((ran.exit, ran.err.as_str()), (5, ""), "{ran:?}");
    assert!(ran.out.contains("print   lv      Logical volume vg/lv changed. "), "{}", ran.out);
    assert!(ran.out.contains("\n  status  gone    failure  "), "{}", ran.out);
    // A report's errors too; what ends it before it is made is told as ever.
    let ran = place.run("lvs nosuch --reportformat json");
    assert_eq!((ran.exit, ran.err.as_str()), (5, ""), "{ran:?}");
    assert!(ran.out.contains("Volume group \\\"nosuch\\\" not found"), "{}", ran.out);
    assert!(place.run("lvs -o help --reportformat json").err.starts_with("  Logical Volume Fields\n"));
    place.refused(&format!("vgs --units q {log}"), 3, "Invalid units specification");
    // Changes tell it in their own document.
    let ran = place.run("lvremove -y vg/gone --reportformat json");
    assert!(ran.out.contains("\"errors\": [\n      \"Failed to find logical volume"), "{}", ran.out);
}

#[test]
fn what_is_wrong_with_a_vg_is_told_of_before_what_is_in_it() {
    let place = Place::with(&["a", "b"]);
    place.ok("vgcreate vg %a %b");
    place.ok("lvcreate -an -Zn -l 1 -n lv vg");
    let ran = place.run_among(&["a"], "lvs --config log/command_log_selection=all --reportformat json");
    let document: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let row = |row: &serde_json::Value| {
        let text = |name: &str| row[name].as_str().unwrap().to_owned();
        (text("log_seq_num"), text("log_type"), text("log_object_type"), text("log_object_name"))
    };
    let rows: Vec<_> = document["log"].as_array().unwrap().iter().map(row).collect();
    let expected = [
        ("1", "warn", "vg", "vg"),
        ("2", "warn", "vg", "vg"),
        ("3", "status", "lv", "lv"),
        ("4", "status", "vg", "vg"),
    ];
    let expected =
        expected.map(|(seq, kind, object, name)| (seq.into(), kind.into(), object.into(), name.into()));
    assert_eq!(rows, expected, "{ran:?}");
    assert_eq!(ran.err, "");
}
