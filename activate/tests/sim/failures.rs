//! Every verb and every write refused in turn: the old VG or the new one, the devices as the error says, and
//! nothing suspended.

use crate::lab::lv_id;
use crate::{Site, everything, four};
use activate::{ApplyError, Metadata, Problem, Wish};
use device::ram::Faults;
use dm::Errno;
use metadata::model::Vg;
use std::collections::HashMap;

const NEW: [(units::Id, Wish); 0] = [];

/// Devices before and after, VGs before and after, and the number of verbs between.
fn ends() -> (Vec<String>, Vec<String>, u64) {
    let site = Site::new();
    let mut lab = four(&site);
    let before = site.devices();
    site.sim.clear_log();
    let next = everything(&lab);
    lab.change(&next, &[(lv_id(5), Wish::Activate)]).unwrap();
    (before, site.devices(), site.sim.changes().len() as u64)
}

/// Whether the devices are what the error says.
fn assert_told(devices: &[String], old: &[String], new: &[String], error: &ApplyError, what: &str) {
    let name = |line: &String| line.split(':').next().unwrap_or_default().to_owned();
    let of = |lines: &[String]| lines.iter().map(name).collect::<Vec<_>>();
    assert!(error.suspended.is_empty(), "{what}: {:?}", error.suspended);
    assert!(!devices.iter().any(|line| line.contains("SUSPENDED") || line.contains("INACTIVE")), "{what}");
    let told = |lines: &[String]| {
        let unlike = |line: &&String| !lines.contains(line);
        let behind = |line: &&String| error.behind.iter().any(|behind| name(line).contains(behind.as_str()));
        devices.iter().filter(unlike).all(|line| behind(&line))
    };
    match error.metadata {
        Metadata::Old => {
            assert!(told(old), "{what}: {devices:?} instead of {old:?}");
            let mut left = of(old);
            left.retain(|name| !error.gone.iter().any(|gone| gone.as_str() == name));
            assert_eq!(of(devices), left, "{what}");
        }
        Metadata::New => {
            assert!(told(new), "{what}: {devices:?} instead of {new:?}");
            let not_started = error.problems.iter().any(|problem| matches!(problem, Problem::Start { .. }));
            let renamed = error.behind.iter().any(|name| name.as_str() == "vg-renamed");
            let missing = usize::from(not_started);
            assert_eq!(devices.len(), new.len() - missing, "{what}: {devices:?}, renamed: {renamed}");
        }
        Metadata::Untouched | Metadata::Unknown => panic!("{what}: {:?}", error.metadata),
    }
}

#[test]
fn any_verb_refused_once_leaves_old_or_new_and_the_error_says_which() {
    let (old, new, verbs) = ends();
    let mut seen = [false; 2];
    for nth in 1..=verbs {
        let site = Site::new();
        let mut lab = four(&site);
        let (before, next) = (lab.vg().clone(), everything(&lab));
        site.sim.fail_nth(nth, Errno::EIO);
        let result = lab.change(&next, &[(lv_id(5), Wish::Activate)]);
        site.sim.revive();
        let what = format!("verb {nth}");
        match result {
            // A refusal that did not last is overcome after the commit.
            Ok(_) => assert_eq!((lab.vg(), site.devices()), (&next, new.clone()), "{what}"),
            Err(error) => {
                let expected: &Vg = if error.metadata == Metadata::New { &next } else { &before };
                assert_eq!(lab.vg(), expected, "{what}: {error}");
                assert_told(&site.devices(), &old, &new, &error, &what);
                seen[usize::from(error.metadata == Metadata::New)] = true;
            }
        }
    }
    assert_eq!(seen, [true, true]);
}

#[test]
fn a_verb_that_is_always_refused_is_told_and_nothing_else_is_kept_from_running() {
    let (old, new, _) = ends();
    let lasting = [
        (dm::Verb::Remove, "vg-c"),
        (dm::Verb::Load, "vg-a"),
        (dm::Verb::Load, "vg-d"),
        (dm::Verb::Suspend, "vg-a"),
        (dm::Verb::Suspend, "vg-d"),
        (dm::Verb::Rename, "vg-b"),
        (dm::Verb::Create, "vg-e"),
        (dm::Verb::Load, "vg-e"),
        (dm::Verb::Resume, "vg-e"),
    ];
    for (verb, name) in lasting {
        let site = Site::new();
        let mut lab = four(&site);
        let next = everything(&lab);
        site.sim.fail_on(verb, name, Errno::ENOMEM);
        let error = lab.change(&next, &[(lv_id(5), Wish::Activate)]).unwrap_err();
        site.sim.revive();
        if (verb, name) == (dm::Verb::Rename, "vg-b") {
            assert_eq!(error.metadata, Metadata::New);
            assert_eq!(error.behind.len(), 1, "{error}");
            assert!(site.devices().iter().any(|line| line.starts_with("vg-b:")));
            assert!(site.devices().iter().any(|line| line.starts_with("vg-e:")), "the rest is done");
            continue;
        }
        assert_told(&site.devices(), &old, &new, &error, &format!("{verb} {name}: {error}"));
    }
}

#[test]
fn a_disk_that_takes_the_text_but_not_the_commit_leaves_the_old_state() {
    let site = Site::new();
    let mut lab = four(&site);
    let (before, devices) = (lab.vg().clone(), site.devices());
    let next = lab.next(|vg| {
        vg.lvs.get_mut(lv_id(1)).unwrap().segments = crate::lab::segments(lab.pv(0), &[(0, 2), (10, 1)]);
    });
    let activation = lab.plan(&next, &NEW);
    assert!(!activation.is_empty());
    // The slots lie in the first sector of the metadata area; the suspend makes the disks refuse it.
    let rams = site.rams.clone();
    let control = OnSuspend {
        sim: site.sim.clone(),
        act: Box::new(move || {
            for ram in &rams {
                ram.set_faults(Faults::default().with_bad_writes(4096..4608));
            }
        }),
    };
    let change = store::Change {
        disks: &lab.disks,
        before: Some(&lab.vg),
        next,
        provenance: Default::default(),
        joining: Vec::new(),
        remade: HashMap::new(),
        mend: store::Mend::Nothing,
    };
    let machine = activate::Machine { control: &control, ..lab.machine() };
    let error = activate::carry_out(&activation, Some(change), &machine, &|| true).unwrap_err();
    assert!(matches!(&error.problems[..], [Problem::Commit(_)]), "{error:?}");
    assert_eq!(error.metadata, Metadata::Old);
    site.rams.iter().for_each(|ram| ram.set_faults(Faults::default()));
    lab.reread();
    assert_eq!((lab.vg(), site.devices()), (&before, devices));
}

/// Does something when the first device is suspended.
struct OnSuspend {
    sim: dm::Sim,
    act: Box<dyn Fn() + Send + Sync>,
}

impl std::fmt::Debug for OnSuspend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.sim.fmt(f)
    }
}

impl dm::Control for OnSuspend {
    fn usable(&self) -> Result<(), dm::Absence> {
        self.sim.usable()
    }

    fn submit(&self, request: &mut dm::Request) -> Result<(), Errno> {
        if request.verb() == dm::Verb::Suspend {
            (self.act)();
        }
        self.sim.submit(request)
    }

    fn read_ahead(&self, device: dm::DevNo) -> Result<units::Sectors, Errno> {
        self.sim.read_ahead(device)
    }

    fn set_read_ahead(&self, device: dm::DevNo, amount: units::Sectors) -> Result<(), Errno> {
        self.sim.set_read_ahead(device, amount)
    }
}
