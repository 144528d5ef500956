//! Failures and deaths at every verb: the old state or the new one, and nothing suspended.

use super::*;
use crate::Errno;

/// A change with everything in it: a snapshot put under one device, another grown with what it stands on, one
/// renamed.
fn before() -> Want {
    want([
        plain("lv", "0 8 linear 7:0 0"),
        plain("pool", "0 8 linear @data 0"),
        plain("data", "0 8 linear 7:0 100"),
        plain("old", "0 8 linear 7:0 200"),
    ])
}

fn after() -> Want {
    let mut wanted = snapshot();
    wanted.nodes.extend([
        plain("pool", "0 16 linear @data 0"),
        plain("data", "0 16 linear 7:0 100"),
        node("old", "new", "0 8 linear 7:0 200"),
    ]);
    wanted
}

/// The two states and the number of verbs between them.
fn ends() -> (Vec<String>, Vec<String>, u64) {
    let sim = Sim::new();
    run(&sim, before()).unwrap();
    let old = state(&sim);
    sim.clear_log();
    run(&sim, after()).unwrap();
    (old, state(&sim), sim.changes().len() as u64)
}

#[test]
fn a_refusal_before_the_commit_leaves_the_old_state() {
    let (old, new, verbs) = ends();
    for nth in 1..=verbs {
        let sim = Sim::new();
        run(&sim, before()).unwrap();
        let plan = plan(&sim, after()).unwrap();
        sim.fail_nth(nth, Errno::ENOMEM);
        let mut execution = Execution::new(&sim, plan, settings()).unwrap();
        if execution.preload().and_then(|()| execution.suspend()).is_err() {
            execution.finish(&|| true).unwrap();
            assert_eq!(state(&sim), old, "verb {nth}");
            continue;
        }
        let resumed = execution.resume().is_ok();
        let finished = execution.finish(&|| true).is_ok();
        assert!(!(resumed && finished), "verb {nth} was refused and nobody said so");
        sim.revive();
        // What is left is put right by the same plan made again.
        run(&sim, after()).unwrap();
        assert_eq!(state(&sim).len(), new.len(), "verb {nth}");
        assert!(sim.suspended().is_empty());
    }
}

/// Runs until the program dies at verb `nth`; whether that was after the commit, and the guardian's list.
fn die(sim: &Sim, nth: u64) -> (bool, Vec<Guarded>) {
    let plan = plan(sim, after()).unwrap();
    sim.die_after(nth - 1);
    let mut execution = Execution::new(sim, plan, settings()).unwrap();
    if execution.preload().is_err() {
        return (false, Vec::new());
    }
    let listed: Vec<String> = execution.guarded().iter().map(ToString::to_string).collect();
    let guarded = listed.iter().map(|line| line.parse().unwrap()).collect();
    if execution.suspend().is_err() {
        return (false, guarded);
    }
    let _ = execution.resume();
    let _ = execution.finish(&|| true);
    (true, guarded)
}

#[test]
fn after_a_death_in_the_window_the_guardian_goes_back_or_forward() {
    let (old, new, verbs) = ends();
    let mut both = (0, 0);
    for nth in 1..=verbs {
        let sim = Sim::new();
        run(&sim, before()).unwrap();
        let (committed, guarded) = die(&sim, nth);
        sim.revive();
        if guarded.is_empty() {
            continue;
        }
        rescue(&sim, &guarded, committed).unwrap();
        let expected = if committed { &new } else { &old };
        assert_eq!(&state(&sim), expected, "verb {nth}, committed: {committed}");
        rescue(&sim, &guarded, committed).unwrap();
        assert_eq!(&state(&sim), expected, "a second guardian does nothing");
        if committed { both.1 += 1 } else { both.0 += 1 }
    }
    assert!(both.0 >= 2 && both.1 >= 2, "{both:?}");
}

#[test]
fn after_a_death_before_the_window_the_next_command_puts_it_right() {
    let (_, _, verbs) = ends();
    for nth in 1..=verbs {
        let sim = Sim::new();
        run(&sim, before()).unwrap();
        let (_, guarded) = die(&sim, nth);
        sim.revive();
        if !guarded.is_empty() {
            continue;
        }
        // The new devices stay, unused; the command is simply given again.
        run(&sim, after()).unwrap();
        assert!(sim.suspended().is_empty());
        assert!(plan(&sim, after()).unwrap().is_empty(), "verb {nth}");
    }
}

#[test]
fn another_device_of_the_same_number_is_left_alone() {
    let sim = Sim::new();
    run(&sim, want([plain("mine", "0 8 linear 7:0 0")])).unwrap();
    sim.suspend((&name("mine")).into(), Suspend::default()).unwrap();
    let stranger = Guarded {
        role: Role::Created,
        number: DevNo::new(Sim::MAJOR, 0),
        name: name("mine"),
        uuid: uuid("another"),
        rename: None,
    };
    rescue(&sim, &[stranger], false).unwrap();
    assert_eq!(sim.suspended(), [name("mine")]);
}

#[test]
fn the_list_survives_as_text() {
    let all = [
        Guarded {
            role: Role::Grown {
                access: Access::ReadOnly,
                table: "0 8 zero\n8 8 linear 7:0 0".parse().unwrap(),
            },
            number: DevNo::new(253, 7),
            name: name("a b"),
            uuid: uuid("x"),
            rename: Some(name("c\\x20")),
        },
        Guarded {
            role: Role::Created,
            number: DevNo::new(253, 8),
            name: name("n"),
            uuid: None,
            rename: None,
        },
    ];
    for guarded in all {
        let line = guarded.to_string();
        assert!(!line.contains('\n'));
        assert_eq!(line.parse::<Guarded>().unwrap(), guarded);
    }
    for wrong in ["", "suspended", "suspended\t1\ta\t\t", "created\t253:1\t\t\t", "grown\t253:1\ta\t\t"] {
        assert!(wrong.parse::<Guarded>().is_err(), "{wrong:?}");
    }
}
