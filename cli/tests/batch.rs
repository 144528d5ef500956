//! `batch`: all of it in one commit, or none.

mod kit;

use kit::Place;
use std::fs;

/// A place with a VG of two PVs, and a third image.
fn place() -> Place {
    let place = Place::with(&["a", "b", "c"]);
    place.ok("vgcreate -s 1m vg %a %b");
    place.ok("lvcreate -n old -l 2 vg");
    place
}

fn write(place: &Place, lines: &str) {
    let images = lines.replace("%c", &place.path("c.img").display().to_string());
    fs::write(place.path("script"), images).unwrap();
}

fn seqno(place: &Place) -> u32 {
    place.ok("vgs --noheadings -o vg_seqno").trim().parse().unwrap()
}

fn archives(place: &Place) -> usize {
    fs::read_dir(place.path("etc/archive")).unwrap().count()
}

#[test]
fn several_changes_are_one_commit_with_one_archive() {
    let place = place();
    let (before, kept) = (seqno(&place), archives(&place));
    write(
        &place,
        "# a comment\n\nlvcreate -n one -l 3 vg\nlvextend -l +1 vg/one\nlvrename vg/one uno\n\
         rlvm lvcreate -n two -i 2 -I 64k -l 2 vg\nvgextend vg %c\nlvcreate -n three -l 5 vg %c\nlvremove -y vg/old\n",
    );
    let out = place.ok("batch vg %script");
    assert_eq!(out.matches("\" created.").count(), 3, "{out}");
    assert!(
        out.contains("Renamed \"one\" to \"uno\"") && out.contains("\"old\" successfully removed"),
        "{out}"
    );
    assert_eq!((seqno(&place), archives(&place)), (before + 1, kept + 1));
    let rows = "lvs --noheadings --config report/aligned=0 -o lv_name,lv_size --units m";
    assert_eq!(place.ok(rows), "  three 5.00m\n  two 2.00m\n  uno 4.00m\n");
    assert_eq!(
        place.ok("vgs --noheadings -o pv_count,lv_count").split_whitespace().collect::<Vec<_>>(),
        ["3", "3"]
    );
    let backup = fs::read_to_string(place.path("etc/backup/vg")).unwrap();
    assert!(backup.contains("description = \"Created *after* executing 'batch vg "), "{backup}");
}

#[test]
fn a_failure_in_the_middle_changes_no_byte() {
    let place = place();
    // Swap space, where the second volume would be.
    place.put("a", (4 << 20) + 4086, b"SWAPSPACE2");
    place.put("a", (4 << 20) + 1024, &[1, 0, 0, 0, 0xff, 0, 0, 0]);
    for (lines, exit, says) in [
        (
            "lvcreate -n one -l 3 vg\nlvcreate -n two -l 300 vg\nlvremove -y vg/old\n",
            5,
            "Line 2 failed: lvcreate",
        ),
        ("lvcreate -n one -l 3 vg\nlvrename vg/none some\n", 5, "Line 2 failed"),
        ("lvcreate -n one -l 3 vg\nlvcreate -n one -l 3 vg\n", 5, "already exists"),
        (
            "vgextend vg %c\nlvcreate -n one -l 3 vg\nlvextend -l +1 vg/nosuch\n",
            5,
            "nothing of the batch was done",
        ),
        ("lvcreate -n one -l 3 vg\nlvcreate --nosuch vg\n", 3, "Line 2 cannot be part of a batch"),
        ("lvcreate -n one -l 3 vg\nvgremove vg\n", 3, "A batch cannot do this form of vgremove."),
        ("lvcreate -n one -l 3 vg\nlvs\n", 3, "A batch cannot do this form of lvs."),
        ("lvreduce -r -l 1 vg/old\n", 3, "Line 1"),
        ("lvcreate -n one -l 3 vg\nfrobnicate\n", 3, "No such command: frobnicate."),
        ("lvcreate -n one -l 3 vg\nlvcreate -n one -l 3 other\n", 5, "changes one volume group"),
        ("lvcreate -n one -l 1 vg\nlvcreate -n two -l 1 vg\n", 5, "-y agrees beforehand"),
    ] {
        write(&place, lines);
        place.refused("batch vg %script", exit, says);
    }
    write(&place, "lvcreate -n one -l 3 vg\n");
    place.refused("batch nosuch %script", 5, "Volume group \"nosuch\" not found");
    place.refused("batch vg %missing", 5, "read failed");
    let ran = place.run("batch vg %script --test");
    assert_eq!((ran.exit, ran.out.as_str()), (0, ""), "{ran:?}");
    write(&place, "lvcreate -n one -l 1 vg\nlvcreate -y -n two -l 1 vg\n");
    let ran = place.run("batch vg %script --plan");
    assert!(ran.exit == 0 && ran.out.contains("LV    create vg/two"), "{ran:?}");
    assert_eq!(place.ok("lvs --noheadings -o lv_name").trim(), "old");
}

#[test]
fn what_a_batch_frees_is_not_cleaned_for_a_new_volume() {
    let place = Place::with(&["a"]);
    place.ok("vgcreate -s 1m vg %a");
    place.ok("lvcreate -n old -l 7 vg");
    write(&place, "lvremove -y vg/old\nlvcreate -n new -l 1 vg\n");
    place.refused("batch vg %script", 5, "vg/new would be cleaned where vg/old still has its data.");
    write(&place, "lvremove -y vg/old\nlvcreate -Zn -Wn -n new -l 1 vg\n");
    place.ok("batch vg %script");
    assert_eq!(place.ok("lvs --noheadings -o lv_name").trim(), "new");
}

#[test]
fn names_and_room_pass_from_line_to_line() {
    let place = place();
    write(
        &place,
        "lvcreate -n new -l 1 vg\nlvrename vg/old older\nlvrename vg/new old\nlvremove -y vg/older\n",
    );
    place.ok("batch vg %script");
    let rows = "lvs --noheadings --config report/aligned=0 -o lv_name,lv_size --units m";
    assert_eq!(place.ok(rows), "  old 1.00m\n");
    // What is made and removed again leaves nothing.
    write(&place, "lvcreate -n gone -l 1 vg\nlvremove -y vg/gone\n");
    place.ok("batch vg %script");
    assert_eq!(place.ok(rows), "  old 1.00m\n");
    let before = seqno(&place);
    write(&place, "# nothing\n");
    place.ok("batch vg %script");
    assert_eq!(seqno(&place), before);
}

#[test]
fn commands_come_from_standard_input_as_well() {
    let place = place();
    let ran = place.answer("batch vg", &["lvcreate -n 'one' -l 1 vg", "lvcreate -n two -l 1 vg"]);
    assert_eq!((ran.exit, ran.out.lines().count()), (0, 2), "{ran:?}");
    assert_eq!(
        place.ok("lvs --noheadings -o lv_name").split_whitespace().collect::<Vec<_>>(),
        ["old", "one", "two"]
    );
}

#[test]
fn results_are_one_json_document() {
    let place = place();
    write(&place, "lvcreate -n one -l 3 vg\nlvremove -y vg/old\n");
    let plan: serde_json::Value =
        serde_json::from_str(&place.ok("batch vg %script --plan --reportformat json")).unwrap();
    assert_eq!(plan["plan"]["changes"][0]["lvs"].as_array().unwrap().len(), 2, "{plan}");
    let document: serde_json::Value =
        serde_json::from_str(&place.ok("batch vg %script --reportformat json")).unwrap();
    let batch = &document["batch"];
    assert_eq!((batch["outcome"].as_str(), batch["exit"].as_u64()), (Some("committed"), Some(0)), "{batch}");
    assert_eq!(batch["commands"][0]["messages"][0], "Logical volume \"one\" created.");
    assert_eq!(batch["commands"][1]["changes"][0]["lvs"][0]["action"], "remove");
    let one = batch["lvs"].as_array().unwrap().iter().find(|lv| lv["name"] == "one").unwrap();
    assert_eq!((one["action"].as_str(), one["size_bytes"].as_u64()), (Some("create"), Some(3 << 20)));
    assert_eq!(one["uuid"].as_str().unwrap(), place.ok("lvs --noheadings -o lv_uuid vg/one").trim());
    let ran = place.run("batch vg %script --reportformat json");
    let document: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((ran.exit, document["batch"]["outcome"].as_str()), (5, Some("unchanged")), "{ran:?}");
    assert_eq!(document["batch"]["seqno"][0], document["batch"]["seqno"][1]);
    assert_eq!(document["batch"]["commands"].as_array().unwrap().len(), 1);
}

#[test]
fn a_batch_that_never_began_has_a_document_too() {
    let place = place();
    write(&place, "lvcreate -n one -l 3 vg\nlvcreate -n\n");
    for line in ["batch vg %script", "batch nosuch %script", "batch vg /nonexistent"] {
        let ran = place.run(&format!("{line} --reportformat json"));
        let document: serde_json::Value =
            serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{line}: {ran:?}"));
        let batch = &document["batch"];
        assert_eq!(batch["outcome"], "unchanged", "{line}: {batch}");
        assert_eq!(batch["exit"].as_u64(), Some(u64::from(ran.exit)), "{line}: {batch}");
        assert!(ran.exit != 0 && batch["seqno"].is_null(), "{line}: {batch}");
        assert!(!ran.err.is_empty(), "{line}");
    }
}
