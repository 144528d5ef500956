//! Plans and executions against the device-mapper in memory.

use super::*;
use crate::{Control, Device, Sim, Slot, Udev};
use execute::Execution;

mod crash;
mod plans;

fn name(text: &str) -> DmName {
    DmName::new(text).unwrap()
}

fn uuid(text: &str) -> Option<DmUuid> {
    Some(DmUuid::new(format!("ID-{text}")).unwrap())
}

/// A node whose uuid follows from `id`; `@x` in the table names node `x`.
fn node(id: &str, called: &str, lines: &str) -> Node {
    let mut table: Table = lines.parse().unwrap();
    for device in table.devices_mut() {
        if let Some(other) = device.to_string().strip_prefix('@') {
            *device = crate::DevRef::Node(name(other));
        }
    }
    Node::new(name(called), uuid(id), table)
}

fn plain(id: &str, lines: &str) -> Node {
    node(id, id, lines)
}

fn gone(id: &str) -> Gone {
    let key = Key::Uuid(uuid(id).unwrap());
    Gone { key, udev: UdevFlags::NONE, how: Removal::Now }
}

fn want(nodes: impl IntoIterator<Item = Node>) -> Want {
    Want { nodes: nodes.into_iter().collect(), gone: Vec::new() }
}

fn plan(sim: &Sim, want: Want) -> Result<Plan, TreeError> {
    let have = Have::observe(sim, &want).unwrap();
    Plan::new(want, &have)
}

fn settings() -> Settings {
    Settings::new(Udev::NotRunning, None)
}

fn run(sim: &Sim, want: Want) -> Result<Finished, TreeError> {
    apply(sim, plan(sim, want)?, settings(), &|| true)
}

/// Devices as `name: table`, suspended ones marked.
fn state(sim: &Sim) -> Vec<String> {
    let line = |(info, table): (crate::Info, String)| {
        let mark = if info.suspended { " SUSPENDED" } else { "" };
        let inactive = if info.inactive_table { " INACTIVE" } else { "" };
        format!("{}: {}{mark}{inactive}", info.name, table.replace('\n', "; "))
    };
    sim.devices().into_iter().map(line).collect()
}

fn steps(plan: &Plan) -> Vec<String> {
    plan.steps().into_iter().map(|(_, step)| step.to_string()).collect()
}

/// An LV with a snapshot in place of a plain one: two new nodes below, one beside.
fn snapshot() -> Want {
    want([
        plain("lv", "0 8 snapshot-origin @lv-real"),
        plain("lv-real", "0 8 linear 7:0 0"),
        plain("snap-cow", "0 8 linear 7:0 8"),
        Node { priority: 1, ..plain("snap", "0 8 snapshot @lv-real @snap-cow P 8") },
    ])
}

#[test]
fn a_new_device_takes_three_ioctls_after_the_list() {
    let sim = Sim::new();
    run(&sim, want([plain("a", "0 8 linear 7:0 0")])).unwrap();
    let log: Vec<String> = sim.log().iter().map(|entry| entry.verb.to_string()).collect();
    assert_eq!(log, ["list", "create", "load", "resume"]);
    assert_eq!(sim.changes()[0], "create a uuid=ID-a");
}

#[test]
fn what_is_as_wanted_is_left_alone() {
    let sim = Sim::new();
    let wanted = want([plain("a", "0 8 linear 7:0 0"), plain("b", "0 8 linear @a 0")]);
    run(&sim, wanted.clone()).unwrap();
    assert!(plan(&sim, wanted.clone()).unwrap().is_empty());
    sim.clear_log();
    run(&sim, wanted).unwrap();
    assert_eq!(sim.changes(), Vec::<String>::new());
}

#[test]
fn a_grown_device_is_loaded_suspended_and_resumed_in_turn() {
    let sim = Sim::new();
    run(&sim, want([plain("a", "0 8 linear 7:0 0")])).unwrap();
    sim.clear_log();
    let plan = plan(&sim, want([plain("a", "0 16 linear 7:0 0")])).unwrap();
    assert!(plan.suspends());
    assert_eq!(steps(&plan), ["load a: 0 16 linear 7:0 0", "suspend a", "resume a"]);
    let mut execution = Execution::new(&sim, plan, settings()).unwrap();
    execution.preload().unwrap();
    assert_eq!(state(&sim), ["a: 0 8 linear 7:0 0 INACTIVE"]);
    execution.suspend().unwrap();
    assert_eq!(state(&sim), ["a: 0 8 linear 7:0 0 SUSPENDED INACTIVE"]);
    execution.resume().unwrap();
    execution.finish(&|| true).unwrap();
    assert_eq!(state(&sim), ["a: 0 16 linear 7:0 0"]);
    assert_eq!(sim.changes().len(), 3);
}

#[test]
fn reverting_leaves_everything_as_it_was() {
    let sim = Sim::new();
    run(&sim, want([plain("lv", "0 8 linear 7:0 0")])).unwrap();
    let before = state(&sim);
    let mut execution = Execution::new(&sim, plan(&sim, snapshot()).unwrap(), settings()).unwrap();
    execution.preload().unwrap();
    execution.suspend().unwrap();
    assert_eq!(execution.revert(), 0);
    execution.finish(&|| true).unwrap();
    assert_eq!(state(&sim), before);
}

#[test]
fn suspending_goes_down_and_resuming_up() {
    let sim = Sim::new();
    let stack = |offset: u32| {
        want([
            plain("top", "0 8 linear @middle 0"),
            plain("middle", "0 8 linear @bottom 0"),
            plain("bottom", &format!("0 8 linear 7:0 {offset}")),
        ])
    };
    run(&sim, stack(0)).unwrap();
    sim.clear_log();
    run(&sim, stack(8)).unwrap();
    let order = [
        "load bottom 0 8 linear 7:0 8",
        "suspend top",
        "suspend middle",
        "suspend bottom",
        "resume bottom",
        "resume middle",
        "resume top",
    ];
    assert_eq!(sim.changes(), order);
}

#[test]
fn what_others_stand_on_grows_before_they_are_loaded() {
    let sim = Sim::new();
    let stack = |len: u32| {
        want([
            plain("top", &format!("0 {len} linear @below 0")),
            plain("below", &format!("0 {len} linear 7:0 0")),
        ])
    };
    run(&sim, stack(8)).unwrap();
    sim.clear_log();
    run(&sim, stack(16)).unwrap();
    assert_eq!(sim.changes()[..2], ["load below 0 16 linear 7:0 0", "resume below"]);
    assert_eq!(state(&sim), ["below: 0 16 linear 7:0 0", "top: 0 16 linear 253:0 0"]);
}

#[test]
fn a_snapshot_is_put_under_a_running_device() {
    let sim = Sim::new();
    run(&sim, want([plain("lv", "0 8 linear 7:0 0")])).unwrap();
    sim.open("lv", 1);
    sim.clear_log();
    run(&sim, snapshot()).unwrap();
    let all = sim.changes();
    assert!(all.iter().any(|line| line == "resume lv-real"), "{all:?}");
    let at = |text: &str| all.iter().position(|line| line == text).unwrap();
    assert!(at("resume lv-real") < at("suspend lv"));
    assert!(at("resume lv") < at("resume snap"));
    assert!(sim.suspended().is_empty());
}

#[test]
fn devices_are_renamed_by_uuid_in_an_order_that_works() {
    let sim = Sim::new();
    run(&sim, want([plain("a", "0 8 linear 7:0 0"), plain("b", "0 8 linear 7:0 8")])).unwrap();
    sim.clear_log();
    let moved = [node("a", "b", "0 8 linear 7:0 0"), node("b", "c", "0 8 linear 7:0 8")];
    run(&sim, want(moved)).unwrap();
    assert_eq!(sim.changes(), ["rename b c", "rename a b"]);
    let swapped = [node("a", "c", "0 8 linear 7:0 0"), node("b", "b", "0 8 linear 7:0 8")];
    assert!(matches!(plan(&sim, want(swapped)), Err(TreeError::NameHeld { .. })));
}

#[test]
fn removal_goes_down_and_leaves_what_is_below_a_busy_device() {
    let sim = Sim::new();
    let nodes = [
        plain("top", "0 8 linear @left 0\n8 8 linear @right 0"),
        plain("left", "0 8 linear 7:0 0"),
        plain("right", "0 8 linear 7:0 8"),
        plain("other", "0 8 linear 7:0 16"),
    ];
    run(&sim, want(nodes)).unwrap();
    sim.open("top", 1);
    let all = || Want { nodes: Vec::new(), gone: ["left", "top", "other", "right"].map(gone).to_vec() };
    let error = run(&sim, all()).unwrap_err();
    assert!(matches!(&error, TreeError::Remove { failed, total: 4 } if failed.len() == 3), "{error}");
    assert!(error.to_string().contains("top"), "{error}");
    assert_eq!(sim.devices().len(), 3);
    sim.close("top", 1);
    run(&sim, all()).unwrap();
    assert_eq!(state(&sim), Vec::<String>::new());
    run(&sim, all()).unwrap();
}

#[test]
fn layers_go_once_nothing_stands_on_them() {
    let sim = Sim::new();
    run(&sim, want([plain("lv", "0 8 linear 7:0 0")])).unwrap();
    run(&sim, snapshot()).unwrap();
    let merged = Want {
        nodes: vec![plain("lv", "0 8 linear 7:0 0")],
        gone: ["lv-real", "snap", "snap-cow"].map(gone).to_vec(),
    };
    run(&sim, merged).unwrap();
    assert_eq!(state(&sim), ["lv: 0 8 linear 7:0 0"]);
}

#[test]
fn a_held_device_is_suspended_without_a_change() {
    let sim = Sim::new();
    let held = Node { hold: Hold::Always, ..plain("a", "0 8 linear 7:0 0") };
    run(&sim, want([held.clone()])).unwrap();
    sim.clear_log();
    run(&sim, want([held])).unwrap();
    assert_eq!(sim.changes(), ["suspend a", "resume a"]);
}

#[test]
fn what_a_dead_program_left_is_put_right() {
    let sim = Sim::new();
    run(&sim, want([plain("a", "0 8 linear 7:0 0")])).unwrap();
    let own = name("a");
    let device = Device::Name(&own);
    sim.load(device, &"0 99 linear 7:0 0".parse().unwrap(), Access::ReadWrite).unwrap();
    sim.suspend(device, Suspend::default()).unwrap();
    run(&sim, want([plain("a", "0 8 linear 7:0 0")])).unwrap();
    assert_eq!(state(&sim), ["a: 0 8 linear 7:0 0"]);
    assert_eq!(sim.table(device, Slot::Live).unwrap().len(), Sectors::new(8));
}

#[test]
fn read_ahead_is_set_on_what_is_resumed() {
    let sim = Sim::new();
    let exactly = Node { read_ahead: ReadAhead::Exactly(Sectors::new(64)), ..plain("a", "0 8 linear 7:0 0") };
    let atleast = Node { read_ahead: ReadAhead::AtLeast(Sectors::new(64)), ..plain("b", "0 8 linear 7:0 8") };
    run(&sim, want([exactly, atleast])).unwrap();
    let amount = |minor| sim.read_ahead(DevNo::new(Sim::MAJOR, minor)).unwrap().get();
    assert_eq!((amount(0), amount(1)), (64, 256));
}

#[test]
fn udev_flags_go_with_every_event_but_no_cookie_when_udev_is_bypassed() {
    let sim = Sim::new();
    let internal = Node { udev: UdevFlags::INTERNAL, ..plain("a", "0 8 linear 7:0 0") };
    let plan = plan(&sim, want([internal])).unwrap();
    apply(&sim, plan, Settings::new(Udev::Bypassed, None), &|| true).unwrap();
    assert_eq!(sim.changes()[2], "resume a udev=0xf");
}

#[test]
fn a_device_that_cannot_grow_goes_on_as_it_was() {
    let sim = Sim::new();
    sim.add_disk(DevNo::new(7, 0), Sectors::new(100));
    run(&sim, want([plain("a", "0 8 linear 7:0 0"), plain("b", "0 8 linear 7:0 50")])).unwrap();
    let grown = [plain("a", "0 8 linear 7:0 0\n8 8 linear 7:0 99"), plain("b", "0 8 linear 7:0 99")];
    let error = run(&sim, want(grown)).unwrap_err();
    assert!(matches!(&error, TreeError::Resume { failed, total: 2 } if failed.len() == 2), "{error}");
    // Where the data would be elsewhere, the old table would lead writes astray.
    assert_eq!(state(&sim), ["a: 0 8 linear 7:0 0", "b: 0 8 linear 7:0 50 SUSPENDED"]);
}

#[test]
fn a_refused_resume_of_a_new_device_takes_it_away_again() {
    let sim = Sim::new();
    sim.fail_on(crate::Verb::Resume, "b", crate::Errno::EIO);
    let error =
        run(&sim, want([plain("a", "0 8 linear 7:0 0"), plain("b", "0 8 linear 7:0 8")])).unwrap_err();
    assert!(matches!(error, TreeError::Resume { total: 2, .. }), "{error}");
    assert_eq!(state(&sim), ["a: 0 8 linear 7:0 0"]);
}
