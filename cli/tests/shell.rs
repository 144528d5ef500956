//! Commands one after the other, and what the settings of `log` make of their messages.

mod kit;

use kit::Place;
use std::fs;

#[test]
fn commands_on_standard_input_run_one_after_the_other() {
    let place = Place::with(&["a"]);
    let image = place.path("a.img").display().to_string();
    let lines = [
        &format!("vgcreate -s 1m vg {image}"),
        "# a comment",
        "",
        "lvm lvcreate -n 'one' -l 2 vg",
        "nosuch",
        "lvs --nosuch",
        "lvs --noheadings -o lv_name -v",
        "lvs --noheadings -o lv_size --units k",
        "exit",
        "vgremove -y vg",
    ];
    let ran = place.answer("", &lines);
    assert_eq!(ran.exit, 0, "{ran:?}");
    assert!(ran.out.ends_with("  Logical volume \"one\" created.\n  one \n  2048.00k\n"), "{ran:?}");
    assert!(ran.err.contains("  No such command 'nosuch'.  Try 'help'.\n"), "{ran:?}");
    assert!(ran.err.contains("lvs: unrecognized option '--nosuch'\n"), "{ran:?}");
    assert!(!ran.err.contains("for more information"), "{ran:?}");
    assert_eq!(place.ok("vgs --noheadings -o vg_name").trim(), "vg");
    // Nothing at all is a success.
    let ran = place.answer("", &[]);
    assert_eq!((ran.exit, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
}

#[test]
fn settings_that_commands_of_a_shell_share_are_not_for_one_of_them() {
    let place = Place::with(&["a"]);
    let ran =
        place.answer("", &["vgs --config report/output_format=\"json\"", "vgs --config report/headings=0"]);
    assert!(ran.err.contains("report/output_format is not allowed here"), "{ran:?}");
    assert!(ran.err.contains("Ignoring invalid configuration string."), "{ran:?}");
    assert_eq!(ran.out, "");
    assert_eq!(place.run("vgs --config report/output_format=\"json\"").exit, 0);
}

#[test]
fn the_last_command_is_looked_at_again() {
    let place = Place::with(&["a"]);
    let ran = place
        .answer("", &["lastlog", "vgs nosuch", "lastlog", "lastlog --reportformat json", "vgs", "lastlog"]);
    assert!(ran.err.starts_with("  No log report stored.\n"), "{ran:?}");
    assert!(ran.out.contains("Seq LogType Context ObjType ObjName Msg"), "{ran:?}");
    assert!(
        ran.out.contains("  1 error   shell   cmd     vgs     Volume group \"nosuch\" not found"),
        "{ran:?}"
    );
    let json = &ran.out[ran.out.find('{').unwrap()..=ran.out.rfind('}').unwrap()];
    let document: serde_json::Value = serde_json::from_str(json).unwrap();
    let log = document["log"].as_array().unwrap();
    assert_eq!(log[0]["log_message"], "Volume group \"nosuch\" not found");
    assert_eq!(
        (&log[log.len() - 1]["log_message"], &log[log.len() - 1]["log_ret_code"]),
        (&"failure".into(), &"5".into())
    );
    assert!(ran.out.lines().last().unwrap().contains("status  shell   cmd     vgs     success"), "{ran:?}");
    assert_eq!(place.run("lastlog").exit, 5);
}

#[test]
fn a_script_ends_at_the_first_command_that_fails() {
    let place = Place::with(&["a"]);
    let image = place.path("a.img").display().to_string();
    let script = |lines: &str| fs::write(place.path("script"), lines).unwrap();
    script(&format!("#!/usr/sbin/lvm\nvgcreate -s 1m vg {image}\n\nlvcreate -n one -l 1 vg\n"));
    place.ok("%script");
    script("#!/usr/sbin/lvm\nlvcreate -n two -l 100 vg\nlvremove -y vg/one\n");
    assert_eq!(place.run("%script").exit, 5);
    assert_eq!(place.ok("lvs --noheadings -o lv_name").trim(), "one");
    script("#!/usr/sbin/lvm\nnosuch\n");
    assert_eq!(place.run("%script").exit, 2);
    script("lvremove -y vg/one\n");
    let ran = place.run("%script");
    assert_eq!((ran.exit, ran.err.as_str()), (2, "  No such command.  Try 'lvm help'.\n"));
}

#[test]
fn messages_look_and_go_where_the_settings_say() {
    let place = Place::with(&["a"]);
    fs::create_dir_all(place.path("etc")).unwrap();
    let log = place.path("log").display().to_string();
    let configure = |text: &str| fs::write(place.path("etc/lvm.conf"), text).unwrap();
    configure(&format!("log {{ prefix=\"- \" command_names=1 file=\"{log}\" level=7 }}"));
    let ran = place.run("vgcreate -s 1m vg %a");
    assert_eq!(ran.out.lines().last(), Some("vgcreate- Volume group \"vg\" successfully created"), "{ran:?}");
    assert_eq!(place.run("vgs nosuch").err.lines().next(), Some("vgs- Volume group \"nosuch\" not found"));
    let text = fs::read_to_string(&log).unwrap();
    assert!(text.contains("]: Volume group \"vg\" successfully created\n"), "{text}");
    assert!(text.contains("]: Volume group \"nosuch\" not found\n"), "{text}");
    configure(&format!("log {{ file=\"{log}\" overwrite=1 level=3 silent=1 }}"));
    let ran = place.run("lvcreate -n one -l 1 vg");
    assert_eq!((ran.exit, ran.out.as_str()), (0, ""), "{ran:?}");
    assert_eq!(fs::read_to_string(&log).unwrap(), "");
    for (verbose, line, told) in
        [(1, "pvchange -u %a", true), (0, "pvchange -u -v %a", true), (1, "pvchange -u -q %a", false)]
    {
        configure(&format!("log/verbose={verbose}"));
        let ran = place.run(line);
        assert_eq!(ran.err.contains("a.img has the uuid "), told, "{line}: {ran:?}");
    }
    configure("global/test=1");
    place.refused("lvcreate -n three -l 1 vg", 5, "Nothing may be changed while global/test is set.");
    place.ok("lvs");
}
