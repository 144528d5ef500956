//! Plans that cannot be.

use super::*;

#[test]
fn circles_are_refused() {
    let circle = want([plain("a", "0 8 linear @b 0"), plain("b", "0 8 linear @a 0")]);
    assert!(matches!(plan(&Sim::new(), circle), Err(TreeError::Cycle(_))));
}

#[test]
fn a_name_or_uuid_twice_is_refused() {
    let names = want([node("1", "a", "0 8 error"), node("2", "a", "0 8 error")]);
    assert!(matches!(plan(&Sim::new(), names), Err(TreeError::Duplicate(_))));
    let uuids = want([node("1", "a", "0 8 error"), node("1", "b", "0 8 error")]);
    assert!(matches!(plan(&Sim::new(), uuids), Err(TreeError::Duplicate(_))));
}

#[test]
fn a_name_that_another_device_holds_is_refused_with_its_number() {
    let sim = Sim::new();
    run(&sim, want([plain("a", "0 8 error")])).unwrap();
    let error = plan(&sim, want([node("other", "a", "0 8 error")])).unwrap_err();
    assert!(error.to_string().contains("253:0"), "{error}");
}

#[test]
fn a_table_that_names_nothing_is_refused() {
    let missing = plan(&Sim::new(), want([plain("a", "0 8 linear @ghost 0")])).unwrap_err();
    assert!(matches!(missing, TreeError::Missing { .. }), "{missing}");
}

#[test]
fn a_table_may_name_a_device_that_is_there_and_not_wanted() {
    let sim = Sim::new();
    run(&sim, want([plain("below", "0 8 linear 7:0 0")])).unwrap();
    run(&sim, want([plain("above", "0 8 linear @below 0")])).unwrap();
    assert_eq!(state(&sim)[0], "above: 0 8 linear 253:0 0");
}

#[test]
fn what_a_wanted_device_stands_on_cannot_go() {
    let sim = Sim::new();
    run(&sim, want([plain("a", "0 8 linear 7:0 0"), plain("b", "0 8 linear @a 0")])).unwrap();
    let both = Want { nodes: vec![plain("b", "0 8 linear @a 0")], gone: vec![gone("a")] };
    assert!(matches!(plan(&sim, both), Err(TreeError::StillUsed { .. })));
}

#[test]
fn thousands_of_devices_are_planned_and_made_without_walking_lists() {
    let sim = Sim::new();
    let nodes = (0..2000).map(|index| plain(&format!("lv{index}"), "0 8 linear 7:0 0"));
    let wanted = want(nodes);
    let plan = plan(&sim, wanted).unwrap();
    assert_eq!(plan.steps().len(), 6000);
}
