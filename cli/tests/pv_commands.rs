//! pvcreate and pvremove on image files: what they say, their statuses, and that a refused one changes nothing.

mod kit;

use kit::Place;
use std::fs;

const LABEL: usize = 512;

#[test]
fn an_image_becomes_a_pv_and_is_one_no_more() {
    let place = Place::with(&["a"]);
    assert_eq!(place.ok("pvcreate %a"), "  Physical volume \"a.img\" successfully created.\n");
    assert_eq!(place.bytes("a")[LABEL..LABEL + 8], *b"LABELONE");
    let shown = place.ok("pvs --noheadings -o pv_name,pv_size,pe_start,pv_mda_count --units k");
    assert_eq!(shown, "  a.img 8192.00k 1024.00k     1\n");
    let before = place.bytes("a");
    assert_eq!(place.ok("pvcreate %a"), "  Physical volume \"a.img\" successfully created.\n");
    assert_ne!(place.bytes("a"), before, "a new id");
    assert_eq!(place.ok("pvremove %a"), "  Labels on physical volume \"a.img\" successfully wiped.\n");
    assert_eq!(place.bytes("a")[LABEL..LABEL + 512], [0; 512]);
    place.refused("pvremove %a", 5, "No PV found on device a.img.");
    assert_eq!(place.ok("pvremove -f %a"), "  Labels on physical volume \"a.img\" successfully wiped.\n");
}

#[test]
fn several_devices_are_done_but_for_those_that_cannot_be() {
    let place = Place::with(&["a", "b"]);
    place.image("small", 1 << 20);
    let ran = place.run("pvcreate %a %small %nothing %b");
    assert_eq!(ran.exit, 5);
    assert_eq!(
        ran.out,
        "  Physical volume \"a.img\" successfully created.\n  Physical volume \"b.img\" successfully created.\n"
    );
    assert!(ran.err.contains("Failed to setup physical volume \"small.img\".\n"), "{ran:?}");
    assert!(ran.err.contains("No device found for nothing.\n"), "{ran:?}");
    let ran = place.run("pvremove %a %small %b");
    assert_eq!((ran.exit, ran.out.lines().count()), (5, 2), "{ran:?}");
}

#[test]
fn options_lay_a_pv_out() {
    let place = Place::with(&["a"]);
    let columns =
        "pvs --noheadings --nosuffix --units k -o pe_start,pv_mda_count,pv_mda_size,pv_ba_start,pv_ba_size";
    for (options, shown) in [
        ("--metadatasize 2048k", "  3072.00     1 3068.00     0        0"),
        ("--metadatacopies 2", "  1024.00     2 1020.00     0        0"),
        ("--pvmetadatacopies 0", "  1024.00     0        0     0        0"),
        ("--bootloaderareasize 1m", "  2048.00     1 1020.00 1024.00 1024.00"),
        ("--dataalignment 128k --dataalignmentoffset 7s", "  1027.50     1 1023.50     0        0"),
    ] {
        place.ok(&format!("pvcreate {options} %a"));
        let line = place.ok(columns);
        assert_eq!(words(&line), words(shown), "{options}");
    }
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

#[test]
fn what_makes_no_sense_is_refused_before_anything_is_touched() {
    let place = Place::with(&["a", "b"]);
    place.ok("pvcreate -u aaaaaa-aaaa-aaaa-aaaa-aaaa-aaaa-aaaaaa --norestorefile %b");
    for (line, exit, says) in [
        ("pvcreate", 3, "No command with matching syntax recognised."),
        ("pvcreate --labelsector 4 %a", 3, "labelsector must be less than 4."),
        ("pvcreate --metadatacopies 0 --metadataignore y %a", 3, "metadataignore only applies to"),
        ("pvcreate --dataalignment -1k %a", 3, "Invalid argument for --dataalignment: -1k"),
        ("pvcreate --dataalignment 2t %a", 3, "Physical volume data alignment is too big."),
        ("pvcreate --dataalignment 1m --dataalignmentoffset 2m %a", 5, "Failed to setup physical volume"),
        ("pvcreate --dataalignment 16m %a", 5, "Data alignment must not exceed device size."),
        ("pvcreate --bootloaderareasize 16m %a", 5, "Bootloader area with data-aligned start must not"),
        ("pvcreate --setphysicalvolumesize 1m %a", 5, "Size must exceed minimum of 4096 sectors."),
        ("pvcreate --setphysicalvolumesize -1m %a", 3, "Invalid argument for --setphysicalvolumesize"),
        ("pvcreate --pvmetadatacopies 3 %a", 3, "Invalid argument for --pvmetadatacopies: 3"),
        ("pvcreate --restorefile %x %a", 3, "--uuid is required with --restorefile"),
        ("pvcreate -u nonsense %a", 3, "--restorefile is required with --uuid"),
        ("pvcreate -u nonsense --norestorefile %a", 3, "an id has 32 characters"),
        ("pvcreate -u x --norestorefile %a %b", 3, "Can only set uuid on one volume at once"),
        (
            "pvcreate -u aaaaaa-aaaa-aaaa-aaaa-aaaa-aaaa-aaaaaa --norestorefile %a",
            5,
            "UUID aaaaaa-aaaa-aaaa-aaaa-aaaa-aaaa-aaaaaa already in use on \"b.img\".",
        ),
        ("pvcreate --restorefile %missing -u aaaaaa-aaaa-aaaa-aaaa-aaaa-aaaa-aaaaaa %a", 3, "Unable to read"),
        ("pvcreate %a %a", 5, "Duplicate device name found on input: a.img."),
        ("pvcreate --frobnicate %a", 3, "unrecognized option '--frobnicate'"),
        ("pvcreate %nothing", 5, "No device found for nothing."),
        ("pvremove %nothing", 5, "No device found for nothing."),
    ] {
        place.refused(line, exit, says);
    }
}

#[test]
fn a_file_that_holds_something_else_is_taken_by_force_only() {
    let place = Place::new();
    let contents: [(&str, usize, &[u8], &str); 4] = [
        ("qcow", 0, b"QFI\xfb\0\0\0\x03", "the file looks like a qcow2 image"),
        ("text", 0, b"#!/bin/sh\nexit 0\n", "the file looks like text"),
        ("swap", 4086, b"SWAPSPACE2", "the file looks like swap space"),
        ("parts", 510, b"\x55\xaa", "device is partitioned"),
    ];
    for (name, at, bytes, _) in contents {
        place.image(name, 8 << 20);
        place.put(name, at, bytes);
    }
    // Version 1, 2047 pages.
    place.put("swap", 1024, &[1, 0, 0, 0, 0xff, 7, 0, 0]);
    place.put("parts", 446, &[0, 0, 2, 0, 0x83, 0, 0, 0, 0, 8, 0, 0, 0, 0x20, 0, 0]);
    for (name, _, _, why) in contents {
        for line in ["pvcreate", "pvcreate -y", "pvcreate -f", "vgcreate vg"] {
            place.refused(&format!("{line} %{name}"), 5, &format!("Cannot use {name}.img: {why}"));
        }
    }
    let ran = place.run("pvcreate -ff %swap");
    assert_eq!(ran.exit, 0, "{ran:?}");
    assert_eq!(
        ran.out,
        "  Wiping swap signature on swap.img.\n  Physical volume \"swap.img\" successfully created.\n"
    );
    assert_eq!(place.bytes("swap")[4086..4096], [0; 10]);
}

#[test]
fn a_pv_of_a_vg_is_kept_unless_it_is_forced_and_agreed_to() {
    let place = Place::with(&["a"]);
    place.ok("vgcreate -s 1m vg %a");
    for line in ["pvcreate %a", "pvcreate -y %a", "pvcreate -f -y %a"] {
        place.refused(
            line,
            5,
            "Can't initialize physical volume \"a.img\" of volume group \"vg\" without -ff",
        );
    }
    let question = "Really INITIALIZE physical volume \"a.img\" of volume group \"vg\" [y/n]: ";
    place.refused("pvcreate -ff %a", 5, question);
    place.refused("pvremove %a", 5, "PV a.img is used by VG vg so please use vgreduce first.");
    place.refused("pvremove -f -y %a", 5, "(If you are certain you need pvremove, then confirm by using");
    place.refused("pvremove -ff %a", 5, "Really WIPE LABELS from physical volume \"a.img\" of volume group");
    let ran = place.answer("pvcreate -ff %a", &["y"]);
    assert_eq!((ran.exit, ran.out.as_str()), (0, "  Physical volume \"a.img\" successfully created.\n"));
    assert_eq!(place.ok("vgs"), "");
    place.ok("vgcreate -s 1m vg %a");
    assert_eq!(place.answer("pvremove -ff %a", &["perhaps", "n"]).exit, 5);
    assert_eq!(place.ok("pvremove -ff -y %a"), "  Labels on physical volume \"a.img\" successfully wiped.\n");
}

#[test]
fn a_pv_whose_vg_is_not_found_is_kept_too() {
    let place = Place::with(&["a", "b"]);
    place.ok("pvcreate --metadatacopies 0 %a");
    place.ok("vgcreate -s 1m vg %a %b");
    place.image("b", 8 << 20);
    assert_eq!(place.ok("pvs --noheadings -o pv_name,vg_name,pv_attr"), "  a.img [unknown] u-- \n");
    assert_eq!(place.ok("pvs --noheadings --segments -o vg_name").trim(), "");
    place.refused("pvcreate %a", 5, "PV a.img is used by a VG but its metadata is missing.");
    place.refused("vgcreate other %a", 5, "Can't initialize PV 'a.img' without -ff.");
    place.refused("pvremove %a", 5, "PV a.img is used by a VG but its metadata is missing.");
    assert_eq!(place.run("pvcreate -ff -y %a").exit, 0);
}

#[test]
fn of_two_disks_with_one_id_neither_is_touched() {
    let place = Place::with(&["a"]);
    place.ok("pvcreate %a");
    fs::copy(place.path("a.img"), place.path("b.img")).unwrap();
    for line in ["pvcreate %a", "pvcreate -ff -y %b", "vgcreate vg %b", "pvremove %b"] {
        place.refused(line, 5, "with duplicates.");
    }
    assert_eq!(place.ok("pvremove -ff %b"), "  Labels on physical volume \"b.img\" successfully wiped.\n");
    assert_eq!(place.ok("pvs --noheadings -o pv_name"), "  a.img\n");
    fs::copy(place.path("a.img"), place.path("b.img")).unwrap();
    assert_eq!(place.ok("pvremove -ff %a"), "  Labels on physical volume \"a.img\" successfully wiped.\n");
    assert_eq!(place.ok("pvs --noheadings -o pv_name"), "  b.img\n");
}

#[test]
fn a_device_that_another_one_is_used_for_is_shown_where_it_is_asked_for() {
    let place = Place::with(&["a"]);
    place.ok("vgcreate -s 1m vg %a");
    fs::copy(place.path("a.img"), place.path("b.img")).unwrap();
    let columns = "--noheadings --separator : -o pv_name,vg_name,pv_attr,pv_size,pv_in_use,pv_duplicate";
    let (used, other) = ("  a.img:vg:a--:7.00m:used:\n", "  b.img:vg:d--:0 :used:duplicate\n");
    assert_eq!(place.ok(&format!("pvs {columns}")), used);
    assert_eq!(place.ok(&format!("pvs -a {columns}")), [used, other].concat());
    assert_eq!(place.ok(&format!("pvs {columns} %a %b")), [used, other].concat());
    let ids = place.ok("pvs --noheadings -o pv_uuid %a %b");
    assert_eq!(ids.lines().next(), ids.lines().nth(1));
    assert_eq!(place.ok("pvs -a --noheadings -o pv_name"), "  a.img\n");
    assert_eq!(place.ok("pvs --segments -a --noheadings -o vg_name,pvseg_size %b").trim(), "0");
    place.refused("pvdisplay %b", 5, "Failed to find physical volume \"b.img\".");
    place.refused("pvchange --addtag x %b", 5, "Failed to find physical volume \"b.img\".");
}

#[test]
fn a_pretended_size_is_agreed_to() {
    let place = Place::with(&["a"]);
    place.ok("pvcreate %a");
    let question =
        "WARNING: a.img: device size 8.00 MiB does not match requested size 4.00 MiB. Proceed? [y/n]: ";
    place.refused("pvcreate --setphysicalvolumesize 4m %a", 5, question);
    assert_eq!(place.answer("pvcreate --setphysicalvolumesize 4m %a", &["y"]).exit, 0);
    place.ok("vgcreate -s 1m vg %a");
    assert_eq!(place.ok("pvs --noheadings -o pv_pe_count").trim(), "3");
}

#[test]
fn a_lost_pv_is_made_again_from_a_backup() {
    let place = Place::with(&["a", "b"]);
    let id = "bbbbbb-bbbb-bbbb-bbbb-bbbb-bbbb-bbbbbb";
    place.ok("pvcreate --dataalignment 2m %a");
    place.ok(&format!("pvcreate --dataalignment 2m -u {id} --norestorefile %b"));
    place.ok("vgcreate -s 1m vg %a %b");
    place.ok("vgcfgbackup -f %saved vg");
    place.image("b", 8 << 20);
    place.refused(
        "pvcreate --restorefile %saved -u cccccc-cccc-cccc-cccc-cccc-cccc-cccccc %b",
        3,
        "Can't find uuid",
    );
    place.ok(&format!("pvcreate --restorefile %saved -u {id} %b"));
    assert_eq!(words(&place.ok("pvs --noheadings -o pe_start,pv_name %b")), ["2.00m", "b.img"]);
}

#[test]
fn plans_and_tests_write_nothing() {
    let place = Place::with(&["a", "b"]);
    place.ok("pvcreate %b");
    let before = place.state();
    let plan = place.ok("pvcreate --plan --bootloaderareasize 1m %a");
    assert_eq!(
        plan,
        "  PV    create a.img, 8.00 MiB, extents from 2.00 MiB\n\
         \x20       metadata area of 1020.00 KiB at byte 4096\n\
         \x20       bootloader area of 1.00 MiB at byte 1048576\n\
         \x20 Nothing was written (--plan).\n"
    );
    let json: serde_json::Value =
        serde_json::from_str(&place.ok("pvremove --plan --reportformat json %b")).unwrap();
    assert_eq!(json["plan"]["changes"][0]["devices"][0]["action"], "remove");
    assert_eq!(place.ok("pvcreate -t %a"), "  Physical volume \"a.img\" successfully created.\n");
    assert_eq!(place.ok("pvremove -t %b"), "  Labels on physical volume \"b.img\" successfully wiped.\n");
    assert!(place.state() == before);
}

#[test]
fn what_is_agreed_to_beforehand_is_warned_of_all_the_same() {
    let place = Place::with(&["a", "b"]);
    place.ok("vgcreate vg %a %b");
    let ran = place.run("pvremove -ffy %a");
    assert_eq!(ran.exit, 0, "{ran:?}");
    assert!(ran.err.contains("WARNING: PV a.img is used by VG vg."), "{ran:?}");
}

#[test]
fn a_least_size_that_makes_no_sense_is_told() {
    let place = Place::with(&["a"]);
    place.ok("pvcreate %a");
    let ran = place.run("pvs --config 'devices { pv_min_size = -100 }'");
    assert_eq!(ran.exit, 0, "{ran:?}");
    assert!(ran.err.contains("-100"), "{ran:?}");
    assert!(ran.out.contains("a.img"), "{ran:?}");
}

#[test]
fn a_restored_pv_without_room_for_a_second_area_is_told_of_by_name() {
    let place = Place::with(&["a"]);
    place.ok("pvcreate --norestorefile --uuid 11111111111111111111111111111111 %a");
    place.ok("vgcreate -s 1m vg %a");
    place.ok("vgcfgbackup -f %kept vg");
    place.ok("vgremove vg");
    place.ok("pvremove %a");
    let line = "pvcreate --restorefile %kept --uuid 11111111111111111111111111111111 --metadatacopies 2 %a";
    let says = "Not enough space available for metadata area with index 1 on PV ";
    place.refused(line, 5, says);
    place.refused("pvck %none", 5, "Cannot access device ");
}
