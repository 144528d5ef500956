//! The planners against LVM2 itself: random changes of a VG on loop devices, each planned and each done by the
//! real `lvm`, and every LV's extents compared. Needs root, loop devices and lvm2; says so and stops without.
//!
//! `RLVM_ORACLE_STEPS` (120), `RLVM_ORACLE_SEED` (1) and `RLVM_ORACLE_LVM` (`lvm`) say how many changes, which
//! ones, and by which program.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a skip and a difference are to be seen")]

mod compare;
mod host;
mod random;
mod steps;
mod vg_text;

use host::Host;
use random::Random;
use std::io::Write;
use steps::{Outcome, Sequence};

fn setting<T: std::str::FromStr>(name: &str, default: T) -> T {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

/// Says so, and tells `make test`, which counts.
fn skipped(reason: &str) {
    let line = format!("random_changes_take_the_extents_that_lvm2_takes: {reason}");
    println!("skipped: {line}");
    let Some(path) = std::env::var_os("RLVM_SKIPPED") else { return };
    let file = std::fs::OpenOptions::new().create(true).append(true).open(path);
    writeln!(file.expect("the list of skips opens"), "{line}").expect("the list of skips takes a line");
}

#[test]
fn random_changes_take_the_extents_that_lvm2_takes() {
    let lvm: String = setting("RLVM_ORACLE_LVM", "lvm".to_owned());
    let mut host = match Host::new(&lvm) {
        Ok(host) => host,
        Err(reason) => {
            return skipped(&reason);
        }
    };
    let steps: u64 = setting("RLVM_ORACLE_STEPS", 120);
    let mut seed: u64 = setting("RLVM_ORACLE_SEED", 1);
    let mut done = 0;
    let mut tally = Outcome::default();
    while done < steps {
        let mut random = Random::new(seed);
        let length = 50.min(steps - done);
        let mut sequence = Sequence::start(&mut host, &mut random, seed);
        for _ in 0..length {
            sequence.step(&mut tally);
        }
        done += length;
        seed += 1;
    }
    println!(
        "{done} changes: {} made, {} refused by both; {} differ in extents, {} in being refused, {} in the \
         reason, {} in what is said; {} as versions differ",
        tally.made, tally.refused, tally.extents, tally.verdict, tally.reason, tally.notices, tally.versions
    );
    assert_eq!((tally.extents, tally.verdict, tally.reason, tally.notices), (0, 0, 0, 0));
}
