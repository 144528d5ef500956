//! lvm.conf, profiles and `lvmconfig`.

mod kit;

use kit::Place;
use std::fs;

fn place(files: &[(&str, &str)]) -> Place {
    let place = Place::with(&["a"]);
    fs::create_dir_all(place.path("etc/profile")).unwrap();
    for (name, text) in files {
        fs::write(place.path("etc").join(name), text).unwrap();
    }
    place
}

#[test]
fn lvmconfig_shows_what_was_made_in_the_order_of_lvm2() {
    let place = place(&[
        (
            "lvm.conf",
            "log { verbose=0 level=3 }\nbackup/archive=1 tags { a {} }\nglobal { suffix=1 umask=077 }",
        ),
        ("lvmlocal.conf", "log { level=4 silent=\"no\" }"),
        ("lvm_a.conf", "devices { filter=[ \"a|x|\" ] types=[\"fd\", 16] }"),
    ]);
    assert_eq!(
        place.ok("lvmconfig"),
        "log {\n\tverbose=0\n\tsilent=\"no\"\n\tlevel=4\n}\ndevices {\n\tfilter=\"a|x|\"\n\ttypes=[\"fd\",16]\n}\n\
         global {\n\tsuffix=1\n\tumask=63\n}\nbackup {\n\tarchive=1\n}\n"
    );
    assert_eq!(place.ok("lvmconfig log/level global"), "level=4\nglobal {\n\tsuffix=1\n\tumask=63\n}\n");
    assert_eq!(place.ok("dumpconfig --config log/verbose=2"), "log {\n\tverbose=2\n}\n");
    assert!(place.ok("config --config log/verbose=2 --mergedconfig").contains("\tsilent=\"no\"\n"));
    let diff = "log {\n\tsilent=\"no\"\n\tlevel=4\n}\ndevices {\n\tfilter=\"a|x|\"\n\ttypes=[\"fd\",16]\n}\n";
    assert_eq!(place.ok("lvmconfig --type diff"), diff);
    let ran = place.run("lvmconfig devices/dir");
    assert_eq!((ran.exit, ran.err.as_str()), (5, "  Configuration node devices/dir not found\n"));
}

#[test]
fn defaults_are_shown_behind_a_sign_and_what_holds_without() {
    let place = place(&[]);
    assert_eq!(place.ok("lvmconfig --type default devices/use_devicesfile"), "# use_devicesfile=0\n");
    assert_eq!(place.ok("lvmconfig --typeconfig full devices/use_devicesfile"), "use_devicesfile=0\n");
    assert_eq!(place.ok("lvmconfig --type default --valuesonly global/umask"), "077\n");
    assert_eq!(
        place.ok("lvmconfig --type default --withspaces devices/filter"),
        "# filter = [ \"a|.*|\" ]\n"
    );
    assert_eq!(place.ok("lvmconfig --type default --unconfigured global/etc"), "# etc=\"@CONFDIR@\"\n");
    let new = place.ok("lvmconfig --type new --atversion 2.3.36 --withversions");
    let stated = "# Available since version 2.2.77.\nallocation {\n\t# Available since version 2.3.36.\n\t\
                  # pvmove_max_segment_size_mb=0\n}\n";
    assert_eq!(new, stated);
    assert_eq!(
        place.ok("lvmconfig --type new --sinceversion 2.3.36"),
        new.replace("\t# Available since version 2.3.36.\n", "")
            .replace("# Available since version 2.2.77.\n", "")
    );
    let list = place.ok("lvmconfig --list");
    assert!(list.contains("backup/archive_dir - The folder of those files"), "{list}");
    assert!(!list.contains("locking_type"), "deprecated settings are left out");
    let commented = place.ok("lvmconfig --type default --withcomments shell");
    assert!(commented.contains("\t# shell/history_size\n\t# How many lines"), "{commented}");
}

#[test]
fn every_default_can_be_read_back_and_is_no_difference() {
    let place = place(&[]);
    place.ok("lvmconfig --type default --withcomments --withgeneralpreamble -f %all");
    let text = fs::read_to_string(place.path("all")).unwrap();
    fs::write(place.path("etc/lvm.conf"), &text).unwrap();
    assert_eq!(place.ok("lvmconfig --type diff"), "");
    // Also once the settings stand there as such.
    let made = |line: &str| {
        let line = line.trim_start();
        line.strip_prefix("# ")
            .filter(|rest| {
                rest.ends_with(['{', '}']) || rest.split_once('=').is_some_and(|(key, _)| !key.contains(' '))
            })
            .unwrap_or(line)
            .to_owned()
    };
    // These have no default that could stand there.
    let kept = |line: &&str| !line.contains("pr_key=") && !line.contains("system_id=");
    let text: Vec<String> = text.lines().filter(kept).map(made).collect();
    fs::write(place.path("etc/lvm.conf"), text.join("\n")).unwrap();
    assert_eq!(place.ok("lvmconfig --validate"), "  LVM configuration valid.\n");
    let ran = place.run("lvmconfig --type diff");
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""));
}

#[test]
fn options_of_lvmconfig_that_do_not_go_together_are_refused() {
    let place = place(&[]);
    for options in [
        "--type full --validate",
        "--type new --atversion 2.2.99 --sinceversion 2.2.99",
        "--atversion 2.2.99",
        "--type default --sinceversion 2.2.99",
        "--type default --ignoreunsupported --showunsupported",
        "--type current --ignoreadvanced",
        "--type full --atversion 2.2.99",
        "--type default --mergedconfig",
        "--type new --atversion nine",
        "--type everything",
        "--list --withcomments",
        "--type list --valuesonly",
    ] {
        assert_eq!(place.run(&format!("lvmconfig {options}")).exit, 3, "{options}");
    }
}

#[test]
fn what_is_wrong_with_settings_is_told_with_its_place() {
    let place = place(&[("lvm.conf", "log {\n  verbose = \"much\"\n  colour = 1\n}\n")]);
    let ran = place.run("lvmconfig --validate");
    assert_eq!(ran.exit, 5, "{ran:?}");
    assert!(
        ran.err.contains("lvm.conf, line 2: log/verbose is a string and should be an integer"),
        "{ran:?}"
    );
    assert!(ran.err.contains("lvm.conf, line 3: log/colour is not a setting of LVM2"), "{ran:?}");
    assert!(ran.err.ends_with("  LVM configuration invalid.\n"), "{ran:?}");
    fs::write(place.path("etc/lvm.conf"), "log {\n  verbose = 1\"\"\n").unwrap();
    let ran = place.run("lvs");
    assert_eq!(ran.exit, 4, "{ran:?}");
    assert!(ran.err.contains("line 2, column"), "{ran:?}");
    for (torn, at) in [("\0\0\0\0", "line 1, column 1"), ("devices {\n}\n\0\0", "line 3, column 1")] {
        fs::write(place.path("etc/lvm.conf"), torn).unwrap();
        let ran = place.run("lvs");
        assert_eq!(ran.exit, 4, "{ran:?}");
        assert!(ran.err.contains(&format!("{at}: a zero byte")), "{ran:?}");
    }
    fs::remove_file(place.path("etc/lvm.conf")).unwrap();
    fs::create_dir(place.path("etc/lvm.conf")).unwrap();
    let ran = place.run("lvs");
    assert_eq!(ran.exit, 4, "{ran:?}");
    assert!(ran.err.contains("Failed to load config file"), "{ran:?}");
}

#[test]
fn settings_that_make_no_difference_are_not_told_of() {
    let text = "devices/search_for_devnames=\"all\" metadata/check_pv_device_sizes=1 activation/thin_pool_autoextend_threshold=70\n\
                global/thin_check_executable=\"/opt/thin_check\" allocation/vdo_slab_size_mb=128 dmeventd/executable=\"/x\"";
    let place = place(&[("lvm.conf", text)]);
    assert_eq!(place.run("pvs").err, "");
    fs::write(place.path("etc/lvm.conf"), "metadata/record_lvs_history=1").unwrap();
    assert!(
        place
            .run("pvs")
            .err
            .ends_with("metadata/record_lvs_history is set, but rlvm does not heed it yet.\n")
    );
}

#[test]
fn a_command_profile_outweighs_files_and_not_the_command_line() {
    let place = place(&[
        ("lvm.conf", "global/units=\"k\""),
        ("profile/bytes.profile", "global { units=\"b\" suffix=0 }"),
        ("profile/bad.profile", "log/prefix=\" \""),
        ("profile/meta.profile", "allocation/thin_pool_zero=0"),
        ("profile/broken.profile", "global { units = }"),
    ]);
    place.ok("vgcreate -s 1m vg %a");
    assert_eq!(place.ok("vgs --noheadings -o vg_size"), "  7168.00k\n");
    for option in ["--profile bytes", "--commandprofile bytes"] {
        assert_eq!(place.ok(&format!("vgs {option} --noheadings -o vg_size")), "  7340032\n");
    }
    let both = "vgs --profile bytes --config global/units=\"m\" --noheadings -o vg_size";
    assert_eq!(place.ok(both).trim(), "7.00");
    assert_eq!(place.ok("lvmconfig --profile bytes"), "global {\n\tunits=\"b\"\n\tsuffix=0\n}\n");
    for (name, says) in [
        ("nosuch", "Failed to apply command profile nosuch.\n"),
        ("bad", "log/prefix is not customizable by a profile\n"),
        ("bad", "Ignoring invalid command profile bad.\n"),
        ("meta", "is customizable by metadata profile only, not command profile\n"),
        ("broken", "line 1, column"),
        ("a/b", "a/b: bad profile name, it contains '/'.\n"),
    ] {
        place.refused(&format!("vgs --profile {name}"), 5, says);
    }
    place.refused("vgs --profile bytes --commandprofile bytes", 5, "Only one of");
    let quiet = place.run("vgs --profile bad --config config/checks=0");
    assert!(quiet.exit == 5 && !quiet.err.contains("not customizable"), "{quiet:?}");
}

#[test]
fn a_metadata_profile_is_kept_with_what_it_was_made_for() {
    let place = place(&[
        ("profile/thin.profile", "allocation { thin_pool_zero=0 thin_pool_chunk_size=128 }"),
        ("profile/rows.profile", "report/headings=0"),
    ]);
    place.ok("vgcreate --metadataprofile thin -s 1m vg %a");
    place.ok("lvcreate -an --profile thin -n one -l 1 vg");
    place.ok("lvcreate -an -n two -l 1 vg");
    assert_eq!(place.ok("vgs --noheadings -o vg_profile").trim(), "thin");
    assert_eq!(
        place.ok("lvs --noheadings --config report/aligned=0 -o lv_name,lv_profile"),
        "  one thin\n  two \n"
    );
    place.refused("lvcreate --metadataprofile rows -l 1 vg", 5, "Failed to apply metadata profile rows.");
    place.refused("lvcreate --metadataprofile none -l 1 vg", 5, "Failed to apply metadata profile none.");
}

#[test]
fn driverloaded_stands_over_the_settings() {
    let place = place(&[("lvm.conf", "global/activation=0")]);
    place.ok("vgcreate vg %a");
    place.ok("lvcreate -an -Zn -Wn -l 1 -n lv vg");
    let attr = |options: &str| place.ok(&format!("lvs --noheadings -o lv_attr {options}")).trim().to_owned();
    assert_eq!(attr(""), "-wi-XX----");
    assert_eq!(attr("--driverloaded y"), "-wi-------");
    assert_eq!(attr("--config global/activation=1"), "-wi-------");
    assert_eq!(attr("--config global/activation=1 --driverloaded n"), "-wi-XX----");
}
