//! The kernel's own device-mapper: live changes under a mounted file system, commands that die with devices
//! suspended, image files, and names with and without udevd.
//!
//! Needs root, device-mapper and loop devices. Speaks as cargo's own runner does, and passes its tests over
//! without `--include-ignored`. Called as `guardian` it is one, called as `victim` the command that dies.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it is a program")]

#[path = "../lab/mod.rs"]
mod lab;

mod images;
mod killed;
mod live;
mod names;
mod site;

use std::io::{stdin, stdout};
use std::panic::catch_unwind;
use std::process::ExitCode;

const TESTS: [(&str, fn()); 7] = [
    ("live::a_mounted_file_system_is_written_while_its_lv_grows", live::grows),
    ("live::an_lv_and_its_vg_are_renamed_under_a_mounted_file_system", live::is_renamed),
    ("live::a_hundred_lvs_are_started_and_stopped_at_once", live::hundred),
    ("killed::a_command_that_dies_suspended_is_put_right_by_its_guardian", killed::by_the_guardian),
    ("killed::a_command_that_dies_with_its_guardian_is_put_right_by_the_next", killed::by_the_next_command),
    ("names::nodes_and_links_follow_every_change", names::follow),
    ("images::images_are_attached_and_given_back", images::are_attached_and_given_back),
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.first().map(String::as_str) {
        Some("guardian") => guardian(),
        Some("victim") => killed::victim(&words[1..]),
        _ => tests(&words),
    }
}

fn guardian() -> ExitCode {
    let control = dm::Kernel::new();
    let settings = site::settings();
    match activate::guardian::run(&control, &mut stdin().lock(), &mut stdout(), &device::open, &settings) {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("guardian: {error}");
            ExitCode::FAILURE
        }
    }
}

fn tests(words: &[String]) -> ExitCode {
    let meant = words.iter().any(|word| word == "--include-ignored" || word == "--ignored");
    let filters: Vec<&String> = words.iter().filter(|word| !word.starts_with('-')).collect();
    let wanted = |name: &str| filters.is_empty() || filters.iter().any(|filter| name.contains(*filter));
    let (mut failed, mut ignored) = (0, 0);
    let all: Vec<_> = TESTS.into_iter().filter(|(name, _)| wanted(name)).collect();
    println!("\nrunning {} tests", all.len());
    for (name, test) in &all {
        let outcome = match meant {
            false => {
                ignored += 1;
                "ignored, needs device-mapper"
            }
            true if catch_unwind(test).is_ok() => "ok",
            true => {
                failed += 1;
                "FAILED"
            }
        };
        println!("test {name} ... {outcome}");
    }
    let verdict = if failed == 0 { "ok" } else { "FAILED" };
    let passed = all.len() - failed - ignored;
    println!("\ntest result: {verdict}. {passed} passed; {failed} failed; {ignored} ignored\n");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
