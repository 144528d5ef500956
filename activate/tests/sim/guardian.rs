//! A guardian that is told lines and hears no more of its command.

use crate::lab::{Lab, lv_id, segments};
use crate::{Site, four};
use activate::Settings;
use activate::guardian::{KeepError, Outcome, run};
use device::Disk;
use dm::tree::{Execution, Guarded, Have, Plan, Want};
use dm::{Control, Device, DmName};
use std::collections::HashMap;
use std::sync::Arc;
use store::{Change, Mend, Staged};

/// A change staged on the disks.
fn staged(lab: &Lab<'_>) -> Staged {
    let change = Change {
        disks: &lab.disks,
        before: Some(&lab.vg),
        next: lab
            .next(|vg| vg.lvs.get_mut(lv_id(1)).unwrap().segments = segments(lab.pv(0), &[(0, 2), (10, 1)])),
        provenance: Default::default(),
        joining: Vec::new(),
        remade: HashMap::new(),
        mend: Mend::Nothing,
    };
    change.stage().unwrap()
}

/// Device vg-a suspended with a larger table waiting, as a dead command leaves it; the lines its guardian has.
fn leave_suspended(site: &Site, staged: &Staged) -> String {
    let name = DmName::new("vg-a").unwrap();
    let info = site.sim.info(Device::Name(&name)).unwrap().unwrap();
    let table = "0 1024 linear 7:0 2048\n1024 512 linear 7:0 7168".parse().unwrap();
    let node = dm::tree::Node::new(name, info.uuid, table);
    let want = Want { nodes: vec![node], gone: Vec::new() };
    let have = Have::observe(&site.sim, &want).unwrap();
    let plan = Plan::new(want, &have).unwrap();
    let settings = dm::tree::Settings::new(dm::Udev::NotRunning, None);
    let mut execution = Execution::new(&site.sim, plan, settings).unwrap();
    execution.preload().unwrap();
    let nodes = execution.guarded();
    execution.suspend().unwrap();
    assert!(site.devices()[0].contains("SUSPENDED INACTIVE"));
    let nodes = nodes.iter().map(|node: &Guarded| format!("node\t{node}\n"));
    let marks = staged.marks();
    let marks = marks.iter().map(|mark| format!("mark\t{mark}\n"));
    nodes.chain(marks).chain(["watch\n".to_owned()]).collect()
}

fn guard(site: &Site, orders: &str) -> (Result<Outcome, KeepError>, Vec<u8>) {
    let mut answers = Vec::new();
    let open = |path: &std::path::Path| {
        let ram = site.rams.iter().find(|ram| ram.path() == path).unwrap();
        Ok(Arc::new(ram.clone()) as Arc<dyn Disk>)
    };
    let outcome = run(&site.sim, &mut orders.as_bytes(), &mut answers, &open, &Settings::without_names());
    (outcome, answers)
}

#[test]
fn what_was_not_committed_goes_back_and_what_was_goes_forward() {
    for committed in [false, true] {
        let site = Site::new();
        let lab = four(&site);
        let before = site.devices();
        let staged = staged(&lab);
        let orders = leave_suspended(&site, &staged);
        if committed {
            let _ = staged.commit().unwrap();
        }
        let (outcome, answers) = guard(&site, &orders);
        assert!(matches!(outcome, Ok(Outcome::Rescued { forward }) if forward == committed), "{outcome:?}");
        assert_eq!(answers, b"ready\n");
        let after = site.devices();
        assert_eq!(after == before, !committed);
        assert!(!after.iter().any(|line| line.contains("SUSPENDED") || line.contains("INACTIVE")));
    }
}

#[test]
fn a_guardian_that_is_dismissed_or_hears_nonsense_touches_nothing() {
    let site = Site::new();
    let lab = four(&site);
    let staged = staged(&lab);
    let orders = leave_suspended(&site, &staged);
    let left = site.devices();
    let (outcome, _) = guard(&site, &format!("{orders}done\n"));
    assert!(matches!(outcome, Ok(Outcome::Dismissed)), "{outcome:?}");
    let (outcome, _) = guard(&site, orders.trim_end_matches("watch\n"));
    assert!(matches!(outcome, Ok(Outcome::Died)), "nothing was suspended as far as it knows: {outcome:?}");
    let (outcome, answers) = guard(&site, "node\tnonsense\n");
    assert!(matches!(outcome, Err(KeepError::List(_))), "{outcome:?}");
    let answer = String::from_utf8(answers).unwrap();
    assert_eq!(answer, "\"node\\tnonsense\" is no line for a guardian\n");
    assert_eq!(site.devices(), left);
}

#[test]
fn a_guardian_that_cannot_open_a_disk_answers_why_at_once() {
    let site = Site::new();
    let lab = four(&site);
    let staged = staged(&lab);
    let orders = leave_suspended(&site, &staged) + "done\n";
    let left = site.devices();
    let mut answers = Vec::new();
    let open = |path: &std::path::Path| {
        let source = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        Err(device::DiskError::Open { path: path.to_owned(), source })
    };
    let outcome = run(&site.sim, &mut orders.as_bytes(), &mut answers, &open, &Settings::without_names());
    assert!(matches!(outcome, Err(KeepError::Disk(_))), "{outcome:?}");
    let answer = String::from_utf8(answers).unwrap();
    assert!(answer.ends_with(": permission denied\n") && answer.lines().count() == 1, "{answer}");
    assert_eq!(site.devices(), left);
}
