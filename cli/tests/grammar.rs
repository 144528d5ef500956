//! The command line against what LVM2 was recorded to make of it.

use cli::world::{Streams, World};
use cli::{Exit, FormId, Name, Opt, Parsed, parse, run};
use std::ffi::OsString;

const RECORDED: &str = include_str!("recorded/grammar.txt");
const CLIENTS: &str = include_str!("recorded/clients.txt");

fn world() -> (World, Streams) {
    World::seeded(1, device::Host::default(), &[])
}

fn text(stream: &std::sync::Mutex<Vec<u8>>) -> String {
    String::from_utf8(stream.lock().unwrap().clone()).unwrap()
}

/// Words as a shell splits them, single quotes included.
fn words(line: &str) -> Vec<OsString> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '\'' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' if !quoted => words.extend(word.take().map(OsString::from)),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word.map(OsString::from));
    words
}

fn understand(line: &str) -> Result<Parsed, String> {
    let words = words(line);
    let name = Name::find(words[0].to_str().unwrap()).unwrap();
    let (mut world, streams) = world();
    parse(name, &words[1..], &mut world).map_err(|exit| {
        assert_eq!(exit, Exit::INVALID, "{line}");
        world.out.flush();
        // The syntax of the form that is meant, where one is told, is what was asked for: it goes to standard output.
        let (told, syntax) = (text(&streams.err), text(&streams.out));
        assert_eq!(
            told.contains(" syntax is:") || told.contains(" has syntax:"),
            !syntax.is_empty(),
            "{line}"
        );
        told + &syntax
    })
}

/// What is refused, as recorded: no space at the ends of lines, nothing after the syntax of a form,
/// possibilities in order of the alphabet.
fn as_recorded(message: &str) -> String {
    let mut lines = Vec::new();
    let mut syntax = false;
    for line in message.lines() {
        let line = match line.split_once("possibilities: ") {
            Some((before, names)) => {
                let mut names: Vec<&str> = names.split(' ').collect();
                names.sort_unstable();
                names.dedup();
                format!("{before}possibilities: {}", names.join(" "))
            }
            None => line.trim_end().to_owned(),
        };
        let shown = line.replace("VG|LV|Tag", "LV|VG|Tag");
        lines.push(shown);
        if syntax {
            break;
        }
        syntax = line.ends_with("syntax:") || line.ends_with("syntax is:");
    }
    lines.join("\n")
}

#[test]
fn every_recorded_command_line_means_what_it_means_to_lvm2() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for block in [RECORDED, CLIENTS].iter().flat_map(|recorded| recorded.split("\n$ ").skip(1)) {
        let (line, wanted) = block.split_once('\n').unwrap();
        let wanted = wanted.trim_end();
        let got = match understand(line) {
            Ok(parsed) => format!("form {:?}", parsed.form()),
            Err(message) => as_recorded(&message),
        };
        count += 1;
        if got.trim_end() != wanted {
            wrong.push(format!("$ {line}\n-- LVM2:\n{wanted}\n-- rlvm:\n{got}\n"));
        }
    }
    assert!(count > 1000, "only {count} command lines were found");
    assert!(wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn options_and_arguments_mix_and_values_may_look_like_options() {
    let parsed = understand("lvresize vg/lv -L-8m --no-udev-sync /dev/sda:1-5 -yvv -- --odd").unwrap();
    let size = parsed.size(Opt::Size).unwrap();
    assert_eq!((size.sign, size.size.get()), (units::Sign::Minus, 16384));
    assert_eq!(parsed.words(), ["vg/lv", "/dev/sda:1-5", "--odd"]);
    assert_eq!(parsed.count(Opt::Verbose), 2);
    assert!(parsed.flag(Opt::Noudevsync) && parsed.flag(Opt::Yes) && !parsed.flag(Opt::Force));
    assert_eq!(parsed.command_line(), "lvresize vg/lv -L-8m --noudevsync /dev/sda:1-5 -yvv -- --odd");
}

#[test]
fn every_way_to_glue_a_value_gives_the_same_value() {
    for line in [
        "lvcreate -l100%FREE vg",
        "lvcreate -l 100%free vg",
        "lvcreate --extents=100%F vg",
        "lvcreate --ext 100%FREE vg",
    ] {
        let extents = understand(line).unwrap().extents(Opt::Extents).unwrap();
        assert_eq!(extents.amount, units::ExtentArg::Percent(100, units::PercentOf::Free), "{line}");
    }
}

#[test]
fn empty_values_and_empty_arguments_are_kept() {
    let parsed = understand("vgs --devicesfile '' ''").unwrap();
    assert_eq!(parsed.str(Opt::Devicesfile), Some(""));
    assert_eq!(parsed.words(), [""]);
}

#[test]
fn a_synonym_arrives_under_the_standard_name() {
    let parsed = understand("lvchange --available ay vg/lv").unwrap();
    assert_eq!(parsed.activation(Opt::Activate), Some(cli::options::Activation::Auto));
}

#[test]
fn an_ignored_option_is_as_good_as_not_given() {
    let parsed = understand("lvcreate --type linear -L8m -m0 vg").unwrap();
    assert!(!parsed.flag(Opt::Mirrors));
}

#[test]
fn no_copies_at_all_is_a_plain_lv() {
    assert_eq!(understand("lvcreate -L8m -m0 vg").unwrap().form(), FormId::LvcreateLinear);
    assert_eq!(understand("lvcreate -L8m -m 0 -i2 vg").unwrap().form(), FormId::LvcreateStriped);
    assert_eq!(understand("lvcreate -L8m -m 0 -I 64 vg").unwrap().form(), FormId::LvcreateLinear);
    assert!(understand("lvcreate -L8m -m 0 -I 0 vg").is_err());
    assert!(understand("lvcreate -L8m -I 64 vg").is_err());
    assert_eq!(understand("lvcreate -L8m -m1 vg").unwrap().form(), FormId::LvcreateMirrorOrRaid1);
}

#[test]
fn repeated_groupable_options_form_groups() {
    let parsed = understand("fullreport --configreport lv -o a -S b --configreport pv -o c vg").unwrap();
    let groups = parsed.groups();
    let sizes: Vec<usize> = groups.iter().map(Vec::len).collect();
    assert_eq!(sizes, [3, 2]);
    assert_eq!(parsed.all(Opt::Options), ["a", "c"]);
    assert_eq!(parsed.str(Opt::Options), Some("c"));
}

#[test]
fn a_description_quotes_words_with_spaces() {
    let parsed = understand("vgs -S 'vg_name = x' --no-headings").unwrap();
    assert_eq!(parsed.command_line(), "vgs -S 'vg_name = x' --noheadings");
}

#[test]
fn what_only_rlvm_has_makes_no_prefix_of_lvm2s_ambiguous() {
    assert!(understand("lvremove --pl vg").unwrap().flag(Opt::Plan));
    let message = understand("lvcreate --p vg -L8m").unwrap_err();
    assert!(message.contains("'--permission'") && !message.contains("'--plan'"), "{message}");
}

#[test]
fn devices_come_as_one_list() {
    let parsed = understand("pvs --devices a.img,/dev/sdb --devices ,c.img").unwrap();
    assert_eq!(parsed.devices().unwrap(), ["a.img", "/dev/sdb", "c.img"]);
    assert_eq!(understand("pvs").unwrap().devices(), None);
}

fn ran(args: &[&str]) -> (Exit, String, String) {
    let args: Vec<OsString> = args.iter().map(OsString::from).collect();
    let (mut world, streams) = world();
    let exit = run(&args, &mut world);
    (exit, text(&streams.out), text(&streams.err))
}

#[test]
fn an_unknown_command_ends_with_2() {
    for args in [&["rlvm", "nosuch"][..], &["lvm", "nosuch", "-x"], &["/sbin/pvfoo"]] {
        let wanted = (Exit::NO_COMMAND, String::new(), "  No such command.  Try 'lvm help'.\n".to_owned());
        assert_eq!(ran(args), wanted);
    }
}

#[test]
fn the_name_of_the_program_chooses_the_command() {
    let (exit, _, message) = ran(&["/usr/lib/rlvm/bin/lvcreate", "--nosuch"]);
    assert_eq!(exit, Exit::INVALID);
    assert!(message.starts_with("/usr/lib/rlvm/bin/lvcreate: unrecognized option '--nosuch'\n"), "{message}");
    let (exit, _, message) = ran(&["lvm", "-v"]);
    assert_eq!(exit, Exit::INVALID);
    assert_eq!(message, "  Specify options after a command: lvm [command] [options].\n");
}

#[test]
fn versions_stand_where_programs_look_for_them() {
    for args in [&["rlvm", "version"][..], &["lvm", "version"], &["rlvm", "--version"], &["lvs", "--version"]]
    {
        let (exit, lines, message) = ran(args);
        assert_eq!((exit, message.as_str()), (Exit::OK, ""));
        assert!(
            lines.starts_with("  LVM version:     2.03.40(2) (2026-03-13)\n  Library version: "),
            "{lines}"
        );
        assert!(lines.contains("\n  rlvm version:    "), "{lines}");
    }
}

#[test]
fn nothing_at_all_at_the_end_of_input_is_no_error() {
    assert_eq!(ran(&["lvm"]), (Exit::OK, String::new(), String::new()));
}

#[test]
fn what_a_later_version_brings_is_refused_by_name() {
    let (exit, _, message) = ran(&["rlvm", "pvmove", "/dev/sda"]);
    assert_eq!((exit, message.as_str()), (Exit::FAILED, "  pvmove is not supported yet by rlvm.\n"));
    let (exit, _, message) = ran(&["rlvm", "lvcreate", "-T", "-L8m", "vg"]);
    assert_eq!(
        (exit, message.as_str()),
        (Exit::FAILED, "  lvcreate --thin --size is not supported yet by rlvm.\n")
    );
    let (exit, _, message) = ran(&["rlvm", "help", "--journal", "output"]);
    assert_eq!((exit, message.as_str()), (Exit::FAILED, "  help --journal is not supported yet by rlvm.\n"));
}

#[test]
fn options_of_every_command_are_checked_before_it_starts() {
    let invalid = |args: &[&str], wanted: &str| {
        let (exit, _, message) = ran(args);
        assert_eq!(exit, Exit::INVALID, "{message}");
        assert_eq!(message, format!("  {wanted}\n  Run `help --help' for more information.\n"));
    };
    invalid(&["rlvm", "help", "--devicesfile", "a/b"], "Invalid devices file name.");
    invalid(
        &["rlvm", "help", "--devicesfile", "a", "--devices", "b"],
        "A --devices list cannot be used with --devicesfile.",
    );
}

#[test]
fn a_closed_pipe_ends_with_141() {
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_rlvm"))
        .args(["completion", "bash"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(141));
}

#[test]
fn questions_are_answered_by_the_first_letters_and_no_at_the_end() {
    let asked = |answers: &[&str]| {
        let (mut world, streams) = World::seeded(1, device::Host::default(), answers);
        let answer = world.ask("Really?");
        (answer, text(&streams.err))
    };
    assert_eq!(asked(&["y"]), (true, "Really? [y/n]: ".to_owned()));
    assert_eq!(asked(&[" YES "]), (true, "Really? [y/n]: ".to_owned()));
    assert_eq!(asked(&[]), (false, "Really? [y/n]: [n]\n".to_owned()));
    let shown = "Really? [y/n]:   WARNING: Invalid input 'perhaps ...'.\nReally? [y/n]: ";
    assert_eq!(asked(&["perhaps so", "n"]), (false, shown.to_owned()));
}

#[test]
fn help_is_written_for_every_command_and_shows_letters_and_names() {
    for name in Name::all().filter(|&name| name != Name::Version) {
        let (exit, help, message) = ran(&["rlvm", name.text(), "--help"]);
        assert_eq!((exit, message.as_str()), (Exit::OK, ""), "{}", name.text());
        assert!(help.starts_with(&format!("  {} - {}\n\n", name.text(), name.about())), "{help}");
    }
    let (_, help, _) = ran(&["lvs", "-h"]);
    assert!(help.contains("-S|--select String") && help.contains("   --nolocking"), "{help}");
}
