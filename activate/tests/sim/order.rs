//! What is done, and in which order.

use crate::lab::{lv, lv_id};
use crate::{Site, everything, four};
use activate::{PlanError, Policy, Problem, Skip, VolumeList, When, Wish, plan};
use metadata::live::Live;
use metadata::model::PvFlag;
use units::Id;

#[test]
fn a_change_of_every_kind_is_planned_in_the_order_it_is_done_in() {
    let site = Site::new();
    let mut lab = four(&site);
    let next = everything(&lab);
    let activation = lab.plan(&next, &[(lv_id(5), Wish::Activate)]);
    let steps: Vec<String> = activation.steps.iter().map(|(when, step)| format!("{when} {step}")).collect();
    assert_eq!(
        steps,
        [
            "before remove vg-c",
            "before load vg-a: 0 1024 linear /dev/ram0 2048; 1024 512 linear /dev/ram0 7168",
            "before load read-only vg-d: 0 1024 linear /dev/ram0 5120",
            "suspend suspend vg-d",
            "suspend suspend vg-a",
            "resume rename vg-b vg-renamed",
            "resume resume vg-a",
            "resume resume vg-d",
            "after create vg-e",
            "after load vg-e: 0 512 linear /dev/ram1 2048",
            "after resume vg-e",
        ]
    );
    assert!(activation.steps.is_sorted_by_key(|(when, _)| *when));
    assert_eq!(activation.steps[0].0, When::Before);
    let shown: Vec<&str> = activation.nodes.iter().map(|node| node.lv_name.as_str()).collect();
    assert_eq!(shown, ["vg/a", "vg/renamed", "vg/d", "vg/e", "vg/c"]);
    site.sim.clear_log();
    lab.change(&next, &[(lv_id(5), Wish::Activate)]).unwrap();
    assert_eq!(
        site.sim.changes(),
        [
            "remove vg-c",
            "load vg-a 0 1024 linear 7:0 2048; 1024 512 linear 7:0 7168",
            "load vg-d read-only 0 1024 linear 7:0 5120",
            "suspend vg-d",
            "suspend vg-a",
            "rename vg-b vg-renamed",
            "resume vg-a",
            "resume vg-d",
            &format!("create vg-e uuid=LVM-{}{}", lab.vg().id.compact(), lv_id(5).compact()),
            "load vg-e 0 512 linear 7:1 2048",
            "resume vg-e",
        ]
    );
    assert_eq!(*lab.vg(), next);
}

#[test]
fn what_does_not_change_is_not_touched() {
    let site = Site::new();
    let mut lab = four(&site);
    site.sim.clear_log();
    let next = lab.next(|vg| vg.lvs.get_mut(lv_id(1)).unwrap().tags.push("tag".to_owned()));
    assert!(lab.plan(&next, &[]).is_empty());
    lab.change(&next, &[]).unwrap();
    assert!(site.sim.changes().is_empty());
    lab.wish(&[(lv_id(1), Wish::Activate)]).unwrap();
    assert!(site.sim.changes().is_empty(), "it runs as it should");
}

#[test]
fn a_renamed_vg_renames_all_its_devices() {
    let site = Site::new();
    let mut lab = four(&site);
    site.sim.open("vg-a", 1);
    let next = lab.next(|vg| vg.name = "other-vg".to_owned());
    lab.change(&next, &[]).unwrap();
    let names: Vec<String> = site.sim.devices().into_iter().map(|(info, _)| info.name.to_string()).collect();
    assert_eq!(names, ["other--vg-a", "other--vg-b", "other--vg-c", "other--vg-d"]);
}

#[test]
fn an_lv_in_use_is_not_dropped_and_nothing_is_changed() {
    let site = Site::new();
    let mut lab = four(&site);
    site.sim.open("vg-c", 1);
    let (before, devices) = (lab.vg().clone(), site.devices());
    let next = everything(&lab);
    let error = lab.change(&next, &[]).unwrap_err();
    assert!(matches!(&error.problems[..], [Problem::InUse(busy)] if busy.lv == "vg/c"), "{error}");
    assert_eq!(error.now(), ["The metadata are unchanged."]);
    assert_eq!((lab.vg(), site.devices()), (&before, devices));
}

#[test]
fn of_many_lvs_that_are_to_stop_one_in_use_does_not_keep_the_others() {
    let site = Site::new();
    let lab = four(&site);
    site.sim.open("vg-c", 1);
    let all: Vec<(Id, Wish)> = (1..=4).map(|number| (lv_id(number), Wish::Deactivate)).collect();
    let error = lab.wish(&all).unwrap_err();
    assert!(error.to_string().contains("vg/c"), "{error}");
    assert_eq!(error.now(), ["No longer active: vg-a, vg-b, vg-d."]);
    assert_eq!(site.sim.devices().len(), 1);
    site.sim.close("vg-c", 1);
    lab.wish(&all).unwrap();
    assert!(site.sim.devices().is_empty());
}

#[test]
fn of_many_lvs_that_are_to_start_one_refused_does_not_keep_the_others() {
    let site = Site::new();
    let lab = four(&site);
    let all = |wish| (1..=4).map(|number| (lv_id(number), wish)).collect::<Vec<_>>();
    lab.wish(&all(Wish::Deactivate)).unwrap();
    for verb in [dm::Verb::Create, dm::Verb::Load, dm::Verb::Resume] {
        site.sim.fail_on(verb, "vg-b", dm::Errno::EINVAL);
        let error = lab.wish(&all(Wish::Activate)).unwrap_err();
        assert!(
            matches!(&error.problems[..], [Problem::Start { lv, .. }] if lv == "vg/b"),
            "{verb}: {error}"
        );
        let names: Vec<String> = site.sim.devices().iter().map(|(info, _)| info.name.to_string()).collect();
        assert_eq!(names, ["vg-a", "vg-c", "vg-d"], "{verb}");
        site.sim.revive();
        lab.wish(&all(Wish::Deactivate)).unwrap();
    }
}

#[test]
fn policies_decide_and_missing_pvs_are_refused_one_by_one() {
    let site = Site::new();
    let mut lab = four(&site);
    let all = |wish| (1..=4).map(|number| (lv_id(number), wish)).collect::<Vec<_>>();
    lab.wish(&all(Wish::Deactivate)).unwrap();
    lab.policy = Policy {
        volume_list: Some(VolumeList::parse(&["vg/a", "vg/b", "other"])),
        read_only_list: Some(VolumeList::parse(&["vg/b"])),
        ..Policy::default()
    };
    let activation = lab.plan(lab.vg(), &all(Wish::Activate));
    assert_eq!(activation.passed_over, [(lv_id(3), Skip::VolumeList), (lv_id(4), Skip::VolumeList)]);
    lab.wish(&all(Wish::Activate)).unwrap();
    assert_eq!(site.devices(), ["vg-a: 0 1024 linear 7:0 2048", "vg-b: 0 1024 linear 7:0 3072 ro"]);
    lab.wish(&all(Wish::Deactivate)).unwrap();
    let live = lab.live();
    let missing =
        plan(Some(lab.vg()), lab.vg(), &live, &[(lv_id(1), Wish::Activate)], &Policy::default(), &|_| None);
    assert_eq!(missing.unwrap().refused.len(), 1);
    // A PV that was missing when the VG was last written may hold old data.
    let back = lab.next(|vg| vg.pvs.iter_mut().for_each(|pv| pv.flags.insert(PvFlag::Missing)));
    for (partial, refused) in [(false, 1), (true, 0)] {
        let policy = Policy { partial, ..Policy::default() };
        let planned = plan(Some(&back), &back, &live, &[(lv_id(1), Wish::Activate)], &policy, &lab.find());
        assert_eq!(planned.unwrap().refused.len(), refused);
    }
    let unknown =
        plan(Some(lab.vg()), lab.vg(), &Live::unknown(), &all(Wish::Activate), &lab.policy, &|_| None);
    assert!(matches!(unknown, Err(PlanError::Unknown { .. })));
}

#[test]
fn hundreds_of_devices_go_at_once() {
    let site = Site::new();
    let lab = site.lab();
    let pv = lab.pv(0);
    let lvs = (0..200).map(|number| lv(number, &format!("lv{number}"), pv, &[(u64::from(number) % 24, 1)]));
    // Their extents overlap, which does not matter here: they are only started.
    let mut vg = lab.vg().clone();
    lvs.for_each(|lv| vg.lvs.push(lv).unwrap());
    let wishes = |wish| vg.lvs.iter().map(|lv| (lv.id, wish)).collect::<Vec<_>>();
    for (wish, left) in [(Wish::Activate, 200), (Wish::Deactivate, 0)] {
        let live = activate::observe::observe(&site.sim, &[&vg], activate::observe::Detail::STATE)
            .unwrap()
            .remove(0);
        let activation = plan(Some(&vg), &vg, &live, &wishes(wish), &Policy::default(), &lab.find()).unwrap();
        site.sim.clear_log();
        activate::carry_out(&activation, None, &lab.machine(), &|| true).unwrap();
        assert_eq!(site.sim.devices().len(), left);
        let lists = site.sim.log().iter().filter(|entry| entry.verb == dm::Verb::List).count();
        // A second one where the answer did not fit at first.
        assert!(lists <= 2, "{lists} lists: one look is enough");
    }
}
