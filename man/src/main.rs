//! `rlvm-man DIRECTORY`: writes the manual pages there.
#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

fn main() -> ExitCode {
    let Some(directory) = env::args_os().nth(1).map(PathBuf::from) else {
        return tell("usage: rlvm-man DIRECTORY");
    };
    match write_all(&directory) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => tell(&format!("{}: {error}", directory.display())),
    }
}

fn write_all(directory: &Path) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    man::all().iter().try_for_each(|page| fs::write(directory.join(&page.file), &page.roff))
}

#[expect(clippy::print_stderr, reason = "a tool of the build, without a World")]
fn tell(message: &str) -> ExitCode {
    eprintln!("rlvm-man: {message}");
    ExitCode::FAILURE
}
