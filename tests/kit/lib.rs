//! What tests share: how a test says that it cannot run here.
#![forbid(unsafe_code)]

use std::fs::OpenOptions;
use std::io::Write;

/// Records that the test called `name` cannot run on this machine and why; the test then returns.
///
/// `make test` counts it as skipped and prints the reason; under a plain `cargo test` the line is part of the test's
/// captured output.
///
/// # Panics
/// If the file that `make test` collects skips in cannot be written: a skip must not be lost.
#[expect(clippy::print_stdout, reason = "cargo's runner captures and shows it")]
pub fn skipped(name: &str, reason: &str) {
    println!("skipped: {name}: {reason}");
    let Some(path) = std::env::var_os("RLVM_SKIPPED") else { return };
    let mut file = OpenOptions::new().create(true).append(true).open(path).expect("the list of skips opens");
    writeln!(file, "{name}: {reason}").expect("the list of skips takes a line");
}
