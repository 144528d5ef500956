//! How this crate's tests say that they cannot run here.

use std::fs::OpenOptions;
use std::io::Write;

/// Records for `make test` that a test cannot run on this machine, and why; the test then returns.
#[expect(clippy::print_stdout, reason = "cargo's runner captures and shows it")]
pub(crate) fn skipped(name: &str, reason: &str) {
    println!("skipped: {name}: {reason}");
    let Some(path) = std::env::var_os("RLVM_SKIPPED") else { return };
    let mut file = OpenOptions::new().create(true).append(true).open(path).expect("the list of skips opens");
    writeln!(file, "{name}: {reason}").expect("the list of skips takes a line");
}
