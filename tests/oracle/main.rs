//! Side by side with LVM2: every sequence of commands under `cases/` runs once with LVM2 alone, once with rlvm alone and
//! twice with the two taking turns, each time on fresh disks. Exit statuses, reports, what stands on the disks, backups
//! and archives have to be the same after every command; with `--live`, in a guest, the kernel's tables too.
//!
//! `oracle [--live] [CASE...]`. Environment: `RLVM` the binary under test, `RLVM_ORACLE` the LVM2 to compare with (`lvm`),
//! `RLVM_RESULTS` a file that takes one line per test.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a test program")]

mod case;
mod compare;
mod disks;
mod normal;
mod on_disk;
mod run;

use std::error::Error;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::thread;

use case::Case;
use disks::Disks;
use normal::Deltas;
use run::{Plan, Record, Tools};

fn main() -> ExitCode {
    match all() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            println!("oracle: {error}");
            ExitCode::from(2)
        }
    }
}

/// Runs the named cases, or all; whether they passed.
fn all() -> Result<bool, Box<dyn Error>> {
    let mut named: Vec<String> = std::env::args().skip(1).collect();
    let live = named.iter().any(|argument| argument == "--live");
    named.retain(|argument| argument != "--live");
    let tools = Tools::from_environment(live)?;
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle");
    let deltas = Deltas::read(&here.join("deltas"), &tools.lvm_version)?;
    println!("oracle: {} is LVM2 {}", tools.lvm.display(), tools.lvm_version);
    let waiting = Mutex::new(cases(&here.join("cases"), &named, live)?.into_iter());
    let tally = Tally::default();
    // The tables of the kernel belong to everyone: one case at a time where they are looked at.
    let workers = if live { 1 } else { thread::available_parallelism().map_or(1, Into::into) };
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let next = waiting.lock().expect("no worker panics with the list").next();
                    let Some(case) = next else { break };
                    match one(&case, &tools, &deltas) {
                        Ok(outcomes) => outcomes.into_iter().for_each(|outcome| tally.add(outcome)),
                        Err(error) => {
                            tally.add(Outcome { name: case.name, trouble: Some(error.to_string()) })
                        }
                    }
                }
            });
        }
    });
    Ok(tally.passed())
}

fn cases(directory: &Path, named: &[String], live: bool) -> Result<Vec<Case>, Box<dyn Error>> {
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(directory)? {
        files.push(entry?.path());
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "case"));
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if named.is_empty() || named.contains(&stem) {
            cases.push(Case::read(&file)?);
        }
    }
    cases.retain(|case| case.runs_when(live));
    if cases.is_empty() {
        return Err("no such case".into());
    }
    Ok(cases)
}

struct Outcome {
    name: String,
    /// What differed; nothing where all was the same.
    trouble: Option<String>,
}

/// All plans of one case, compared with LVM2 alone.
fn one(case: &Case, tools: &Tools, deltas: &Deltas) -> Result<Vec<Outcome>, Box<dyn Error>> {
    let disks = Disks::attach(&case.disks)?;
    let reference: Record = run::sequence(case, Plan::Lvm, tools, &disks, deltas)?;
    let mut outcomes = Vec::new();
    for plan in [Plan::Rlvm, Plan::LvmFirst, Plan::RlvmFirst] {
        let record = run::sequence(case, plan, tools, &disks, deltas)?;
        let name = format!("{}{}", case.name, plan.suffix());
        outcomes.push(Outcome { name, trouble: compare::difference(&reference, &record) });
    }
    Ok(outcomes)
}

/// Prints and records outcomes as they come.
#[derive(Default)]
struct Tally {
    failed: Mutex<usize>,
}

impl Tally {
    fn add(&self, outcome: Outcome) {
        let mut failed = self.failed.lock().expect("no worker panics while it prints");
        let verdict = if outcome.trouble.is_some() { "failed" } else { "passed" };
        if let Some(trouble) = &outcome.trouble {
            *failed += 1;
            println!("{trouble}");
        }
        println!("{verdict}: {}", outcome.name);
        if let Some(path) = std::env::var_os("RLVM_RESULTS") {
            let mut file = OpenOptions::new().create(true).append(true).open(path).expect("the results open");
            writeln!(file, "{verdict} oracle: {}", outcome.name).expect("the results take a line");
        }
    }

    fn passed(&self) -> bool {
        *self.failed.lock().expect("no worker panics while it prints") == 0
    }
}
