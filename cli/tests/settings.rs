//! Settings: what they change, and with which of them no command starts.

mod kit;

use kit::Place;
use std::fs;

fn place(text: &str) -> Place {
    let place = Place::with(&["a"]);
    fs::create_dir_all(place.path("etc")).unwrap();
    fs::write(place.path("etc/lvm.conf"), text).unwrap();
    place
}

const BROKEN: [&str; 8] = [
    "global/units=\"q\"",
    "devices/scan=1",
    "devices/types=[\"a\"]",
    "devices/types=[1,2]",
    "devices/preferred_names=[1]",
    "activation/readahead=\"x\"",
    "config/abort_on_errors=1 nothing/such=1",
    "config/abort_on_errors=1 global/suffix=\"z\"",
];

#[test]
fn with_a_setting_that_makes_no_sense_commands_do_not_start() {
    for text in BROKEN {
        let ran = place(text).run("pvcreate %a");
        assert_eq!(ran.exit, 4, "{text}: {ran:?}");
        let place = place("");
        let ran = place.run(&format!("pvs --config '{text}'"));
        assert_eq!((ran.exit, ran.out.as_str()), (5, ""), "{text}: {ran:?}");
    }
}

#[test]
fn a_filter_of_the_wrong_type_fails_wherever_it_is_made() {
    assert_eq!(place("devices/filter=[1]").run("pvs").exit, 5);
    assert_eq!(place("").run("pvs --config devices/filter=[1]").exit, 5);
}

#[test]
fn an_activation_mode_must_be_one_unless_the_command_has_its_own() {
    let place = place("activation/activation_mode=\"x\"");
    assert_eq!(place.run("pvs").exit, 3);
    assert_eq!(place.run("lvmconfig").exit, 3);
    place.ok("vgcreate vg %a --config activation/activation_mode=\"complete\"");
    assert_eq!(place.run("vgchange -an vg --activationmode degraded").exit, 0);
}

#[test]
fn errors_are_no_reason_to_abort_unless_that_is_asked_for() {
    let ran = place("nothing/such=1").run("pvs");
    assert_eq!(ran.exit, 0, "{ran:?}");
    let ran = place("config { abort_on_errors=1 checks=0 } nothing/such=1").run("pvs");
    assert_eq!((ran.exit, ran.err.as_str()), (0, ""));
}

#[test]
fn new_lvs_read_nothing_ahead_where_the_setting_says_so() {
    let place = place("activation/readahead=\"none\"");
    place.ok("vgcreate -s1m vg %a");
    place.ok("lvcreate -an -Zn -l1 -nlv vg");
    place.ok("lvcreate -an -Zn -l1 -nauto -rauto vg");
    let ahead = place.ok("lvs --noheadings -olv_name,lv_read_ahead --separator : vg");
    assert_eq!(ahead, "  auto:auto\n  lv:0 \n");
}

#[test]
fn paths_are_below_the_folder_of_device_nodes_that_is_set() {
    let place = place("devices/dir=\"/nodes\"");
    place.ok("vgcreate vg %a");
    place.ok("lvcreate -an -Zn -Wn -l1 -n lv vg");
    let ran = place.run("lvs --noheadings -o lv_path,lv_dm_path vg/lv");
    assert_eq!(ran.out, "  /nodes/vg/lv /nodes/mapper/vg-lv\n");
    let shown = place.ok("lvdisplay vg/lv --reportformat json");
    assert!(shown.contains("\"/nodes/vg/lv\""), "{shown}");
}

#[test]
fn lvdisplay_shows_paths_for_names_where_the_setting_says_so() {
    let place = place("");
    place.ok("vgcreate vg %a");
    place.ok("lvcreate -an -Zn -l1 -nlv vg");
    let shown = place.ok("lvdisplay vg/lv");
    assert!(shown.contains("  LV Path                /dev/vg/lv\n  LV Name                lv\n"), "{shown}");
    let shown = place.ok("lvdisplay vg/lv --config global/lvdisplay_shows_full_device_path=1");
    assert!(shown.contains("  LV Name                /dev/vg/lv\n"), "{shown}");
    assert!(!shown.contains("LV Path"), "{shown}");
}

#[test]
fn what_cannot_be_heeded_is_told_of_once() {
    for text in [
        "devices/external_device_info_source=\"udev\"",
        "log/journal=[\"command\"]",
        "log/indent=1",
        "log/debug_classes=[]",
        "log/debug_file_fields=[\"message\"]",
        "log/debug_output_fields=[\"message\"]",
        "global/lvresize_fs_helper_executable=\"/x\"",
        "global/fsadm_executable=\"/x\"",
        "global/proc=\"/x\"",
        "activation/udev_rules=0",
        "activation/use_linear_target=0",
        "activation/missing_stripe_filler=\"zero\"",
    ] {
        let ran = place(text).run("pvs");
        let path = text.split('=').next().unwrap();
        let told = format!("{path} is set, but rlvm does not heed it yet.\n");
        assert_eq!(ran.exit, 0, "{ran:?}");
        assert_eq!(ran.err.matches(&told).count(), 1, "{text}: {ran:?}");
    }
}

#[test]
fn differences_are_those_of_lvm2() {
    let place = place("global { activation=\"yes\" umask=63 suffix=1 } devices/scan_lvs=2");
    let diff = "global {\n\tactivation=\"yes\"\n}\ndevices {\n\tscan_lvs=2\n}\n";
    assert_eq!(place.ok("lvmconfig --type diff"), diff);
    assert_eq!(place.run("lvmconfig global/").exit, 5);
    assert_eq!(place.run("lvmconfig --type default devices/dir/").exit, 5);
}

#[test]
fn nothing_is_changed_or_started_read_only() {
    let place = place("");
    place.ok("vgcreate vg %a");
    place.ok("lvcreate -an -Zn -Wn -l1 -n lv vg");
    for line in [
        "vgchange -ay --readonly vg",
        "vgchange -aay --readonly",
        "vgchange -an --readonly",
        "lvchange -ay --readonly vg/lv",
    ] {
        let ran = place.run(line);
        assert_eq!(ran.exit, 5, "{line}: {ran:?}");
        assert!(
            ran.err.contains("Operation prohibited while --readonly is set.\n  Can't get lock for vg.\n"),
            "{line}: {ran:?}"
        );
    }
    place.ok("vgchange -ay --readonly --nolocking vg");
    place.ok("lvs --readonly vg");
}
