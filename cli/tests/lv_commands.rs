//! lvchange and its like on image files: what they say, their statuses, what stands in the metadata, and that a
//! refused one changes nothing. JSON documents, and `--if-needed`.

mod kit;

use kit::Place;
use serde_json::Value;

/// A VG with two LVs, and one on it alone.
fn place() -> Place {
    let place = Place::with(&["a", "b"]);
    place.ok("vgcreate -s 512k vg %a %b");
    place.ok("lvcreate -an -Zn -l 2 -n one vg");
    place.ok("lvcreate -an -Zn -l 3 -n two vg");
    place
}

/// One line of `lvs` for each LV.
fn lvs(place: &Place, columns: &str) -> Vec<String> {
    let lines = place.ok(&format!("lvs --noheadings --separator ; -o {columns}"));
    lines.lines().map(|line| line.trim().to_owned()).collect()
}

fn seqno(place: &Place) -> String {
    place.ok("vgs --noheadings -o seqno").trim().to_owned()
}

/// The one document that a command writes.
fn document(place: &Place, line: &str, exit: u8) -> Value {
    let ran = place.run(line);
    assert_eq!(ran.exit, exit, "{line}: {ran:?}");
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{line}: {error}: {ran:?}"))
}

#[test]
fn beside_tags_a_vg_that_is_not_there_is_no_mistake() {
    let place = Place::with(&["a"]);
    place.ok("vgcreate -s 1m vg %a");
    place.ok("lvcreate -an -Zn -Wn -l 1 -n one --addtag t vg");
    assert_eq!(place.ok("lvchange --addtag more none/x @t"), "  Logical volume vg/one changed.\n");
    place.refused("lvchange --addtag more none/x", 5, "Volume group \"none\" not found");
    assert_eq!(place.ok("lvremove -y none @t"), "  Logical volume \"one\" successfully removed.\n");
}

#[test]
fn properties_are_set_and_told() {
    let place = place();
    for (line, says, columns, shows) in [
        ("lvchange -pr vg/one", "changed", "lv_attr", "-ri-------"),
        ("lvchange -prw vg/one", "changed", "lv_attr", "-wi-------"),
        ("lvchange -Cy vg/one", "changed", "lv_attr", "-wc-------"),
        ("lvchange --alloc cling vg/one", "changed", "lv_allocation_policy", "cling"),
        ("lvchange --alloc inherit vg/one", "changed", "lv_allocation_policy", "inherit"),
        ("lvchange -r 8 vg/one", "changed", "lv_read_ahead", "4.00k"),
        ("lvchange -r none vg/one", "changed", "lv_read_ahead", "0"),
        ("lvchange -r auto vg/one", "changed", "lv_read_ahead", "auto"),
        ("lvchange -ky vg/one", "changed", "lv_skip_activation", "skip activation"),
        ("lvchange -kn vg/one", "changed", "lv_skip_activation", ""),
        ("lvchange --setautoactivation n vg/one", "changed", "lv_autoactivation", ""),
        ("lvchange --setautoactivation y vg/one", "changed", "lv_autoactivation", "enabled"),
        ("lvchange --addtag red --addtag blue vg/one", "changed", "lv_tags", "blue,red"),
        ("lvchange --deltag red vg/one", "changed", "lv_tags", "blue"),
    ] {
        assert_eq!(place.ok(line), format!("  Logical volume vg/one {says}.\n"), "{line}");
        assert_eq!(lvs(&place, columns)[0], shows, "{line}");
    }
}

#[test]
fn a_number_is_kept_and_given_up() {
    let place = place();
    place.ok("lvchange -y -My --major 250 --minor 77 vg/one");
    assert_eq!(lvs(&place, "lv_minor,lv_fixed_minor")[0], "77;fixed minor");
    place.refused("lvchange -My --minor 1048576 vg/one", 3, "outside range");
    place.ok("lvchange -Mn vg/one");
    assert_eq!(lvs(&place, "lv_minor")[0], "-1");
    place.refused("lvchange -Mn vg/one", 5, "Minor number is already not persistent for vg/one.");
}

#[test]
fn what_is_so_already_is_refused_unless_only_that_was_wanted() {
    let place = place();
    place.ok("lvchange -pr vg/two");
    for (line, says) in [
        ("lvchange -prw vg/one", "Logical volume vg/one is already writable."),
        ("lvchange -pr vg/two", "Logical volume \"vg/two\" is already read only."),
        ("lvchange -Cn vg/one", "Allocation policy of logical volume vg/one is already inherit."),
        ("lvchange -r auto vg/one", "Read ahead is already auto for vg/one."),
        ("lvchange -Mn vg/one", "Minor number is already not persistent for vg/one."),
        ("lvcreate -an -Zn -l 2 -n one vg", "Logical Volume \"one\" already exists in volume group \"vg\""),
        ("lvresize -l 2 vg/one", "No size change."),
        ("lvrename vg none one", "Existing logical volume \"none\" not found in volume group \"vg\""),
        ("lvremove vg/none", "Failed to find logical volume \"vg/none\""),
    ] {
        place.refused(line, 5, says);
        let before = place.state();
        let ran = place.run(&format!("{line} --if-needed"));
        assert_eq!((ran.exit, ran.err.as_str()), (0, ""), "{line}: {ran:?}");
        assert!(ran.out.contains(says), "{line}: {ran:?}");
        assert!(place.state() == before, "{line} changed something");
    }
    place.refused("lvcreate -an -Zn -l 4 -n one vg --if-needed", 5, "already exists");
    place.refused("lvcreate -an -Zn --type zero -l 2 -n one vg --if-needed", 5, "already exists");
    place.refused("lvextend -l 1 vg/one --if-needed", 5, "not larger than existing size");
}

#[test]
fn tags_are_written_again_unless_only_a_change_was_wanted() {
    let place = place();
    place.ok("lvchange --addtag red vg/one");
    let before = seqno(&place);
    let same = "  Logical volume vg/one is as asked already.\n";
    assert_eq!(place.ok("lvchange --if-needed --addtag red vg/one"), same);
    assert_eq!(seqno(&place), before);
    place.ok("lvchange --addtag red vg/one");
    assert_ne!(seqno(&place), before);
}

#[test]
fn several_lvs_are_changed_at_once_and_counted_one_by_one() {
    let place = place();
    let said = "  Logical volume vg/one changed.\n  Logical volume vg/two changed.\n";
    assert_eq!(seqno(&place), "3");
    assert_eq!(place.ok("lvchange --addtag red vg"), said);
    assert_eq!(seqno(&place), "5");
    assert_eq!(place.ok("lvchange -pr @red"), said);
    assert_eq!(place.ok("lvchange -prw -S lv_name=two"), "  Logical volume vg/two changed.\n");
    let ran = place.run("lvchange -pr vg/one vg/two vg/none");
    assert_eq!(ran.exit, 5);
    assert_eq!(ran.out, "  Logical volume vg/two changed.\n");
    assert!(ran.err.contains("Logical volume \"vg/one\" is already read only."), "{ran:?}");
    assert!(ran.err.contains("Failed to find logical volume \"vg/none\""), "{ran:?}");
}

#[test]
fn what_lvchange_cannot_do_changes_nothing() {
    let place = place();
    for (line, exit, says) in [
        ("lvchange vg/one", 3, "No command with matching syntax recognised."),
        ("lvchange --addtag red", 3, "No command with matching syntax recognised."),
        ("lvchange -Cy --alloc normal vg/one", 3, "Command does not accept option combination"),
        ("lvchange --addtag re\u{e9}d vg/one", 3, "Invalid argument for --addtag"),
        ("lvchange -My vg/one", 3, "No command with matching syntax recognised."),
        ("lvchange --compression y vg/one", 5, "lvchange --compression is not supported yet by rlvm."),
        ("lvchange --monitor y vg/one", 5, "Logical volume vg/one is not active."),
        ("lvchange --poll y vg/one", 5, "Logical volume vg/one is not active."),
        ("lvchange -pr other/one", 5, "Volume group \"other\" not found"),
    ] {
        place.refused(line, exit, says);
    }
}

#[test]
fn a_change_is_told_as_one_document() {
    let place = place();
    let told = document(&place, "lvextend -l +2 vg/one --reportformat json", 0);
    let result = &told["result"];
    assert_eq!((&result["command"], &result["status"]), (&"lvextend".into(), &0.into()));
    let lv = &result["changes"][0]["lvs"][0];
    assert_eq!((&lv["name"], &lv["action"]), (&"one".into(), &"extend".into()));
    assert_eq!((&lv["extents_before"], &lv["extents_after"]), (&2.into(), &4.into()));
    assert_eq!((&lv["size_before"], &lv["size_after"]), (&(1 << 20).into(), &(2 << 20).into()));
    assert_eq!(lv["uuid"].as_str().map(str::len), Some(38));
    let said: Vec<&str> = result["messages"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(said.last(), Some(&"Logical volume vg/one successfully resized."));

    let told = document(&place, "lvchange --addtag red --reportformat json vg/one", 0);
    let tags = &told["result"]["changes"][0]["lvs"][0]["properties"]["tags"];
    assert_eq!((tags["before"].to_string(), tags["after"].to_string()), ("[]".into(), "[\"red\"]".into()));

    let told = document(&place, "lvremove -f vg/two --reportformat json -t", 0);
    assert_eq!(told["result"]["test"], true);
    assert_eq!(told["result"]["changes"][0]["lvs"][0]["action"], "remove");
    let told = document(&place, "vgremove -f vg --reportformat json", 0);
    assert_eq!(told["result"]["changes"][0]["remove"], "vg");
    let told = document(&place, "pvremove %a --reportformat json", 0);
    assert_eq!(told["result"]["changes"][0]["action"], "remove");
}

#[test]
fn a_refusal_is_told_as_a_document_too() {
    let place = place();
    let told = document(&place, "lvchange -prw vg/one --reportformat json", 5);
    assert_eq!(told["result"]["changed"], false);
    assert_eq!(told["result"]["errors"][0], "Logical volume vg/one is already writable.");
    let told = document(&place, "lvchange -prw vg/one --reportformat json --if-needed", 0);
    assert_eq!(told["result"]["messages"][0], "Logical volume vg/one is already writable.");
}

#[test]
fn extents_that_become_free_are_discarded_if_wanted() {
    let place = place();
    let kib_512 = 512 * 1024;
    let first = (1 << 20) + 2 * kib_512;
    let held =
        |place: &Place| place.bytes("a")[first..first + 3 * kib_512].iter().filter(|b| **b != 0).count();
    place.put("a", first, &vec![7; 3 * kib_512]);
    place.ok("lvreduce --fs ignore -y -l 2 vg/two");
    assert_eq!(held(&place), 3 * kib_512, "nobody asked for it");
    place.ok("lvextend -l 3 vg/two");
    let discards = "--config devices/issue_discards=1";
    place.ok(&format!("lvreduce --fs ignore -y -l 1 vg/two {discards}"));
    assert_eq!(held(&place), kib_512);
    let refused = place.run(&format!("lvremove vg/two {discards}"));
    assert_eq!(refused.exit, 5);
    assert!(refused.err.contains("remove and DISCARD logical volume vg/two?"), "{refused:?}");
    assert_eq!(held(&place), kib_512);
    place.ok(&format!("lvremove -y vg/two {discards}"));
    assert_eq!(held(&place), 0);
}

#[test]
fn requests_about_file_systems_are_read_as_lvm2_reads_them() {
    let place = place();
    for (line, exit, says) in [
        ("lvextend -r --fs ignore -l +1 vg/one", 3, "Options --fs and --resizefs cannot be used together."),
        ("lvextend --fs other -l +1 vg/one", 3, "Unknown --fs value."),
        ("lvextend -r --fsmode other -l +1 vg/one", 3, "Unknown --fsmode value."),
        ("lvextend --fs resize_fsadm --fsmode manage -l +1 vg/one", 3, "The --fsmode option does not apply"),
        ("lvextend -r -l +1 vg/one", 5, "Logical volume vg/one must be active for file system resize."),
        (
            "lvreduce --fs resize -l -1 vg/one",
            5,
            "Logical volume vg/one must be active for file system resize.",
        ),
    ] {
        place.refused(line, exit, says);
    }
}

#[test]
fn pvs_and_vgs_that_are_as_asked_are_no_failure_either() {
    let place = Place::with(&["a", "b", "c"]);
    for line in [
        "pvcreate %a",
        "vgcreate vg %a %b",
        "vgextend vg %c",
        "vgreduce vg %c",
        "vgrename vg other",
        "vgremove other",
        "pvremove %c",
    ] {
        place.ok(&format!("{line} --if-needed"));
        let before = place.state();
        let again = place.run(&format!("{line} --if-needed"));
        assert_eq!((again.exit, again.err.as_str()), (0, ""), "{line}: {again:?}");
        assert!(!again.out.is_empty(), "{line} says nothing");
        assert!(place.state() == before, "{line} changed something");
    }
    place.ok("vgcreate other %a %b");
    place.refused("vgcreate other %a --if-needed", 5, "already exists");
}

#[test]
fn an_lv_with_a_flag_of_a_later_day_is_not_activated() {
    let place = Place::with(&["a"]);
    place.ok("vgcreate vg %a");
    place.ok("lvcreate -an --type zero -l 1 -n lv vg");
    place.ok("vgcfgbackup -f %text vg");
    let text = std::fs::read_to_string(place.path("text")).unwrap();
    std::fs::write(place.path("text"), text.replace("\"zero\"", "\"zero+LATER\"")).unwrap();
    place.ok("vgcfgrestore -f %text vg");
    place.refused(
        "lvchange -ay vg/lv",
        5,
        "Refusing activation of LV vg/lv containing an unrecognised segment",
    );
}
