//! The order of things.

use super::error::{ApplyError, Metadata, Problem, Warning};
use super::window::{self, Passed};
use super::{Done, Machine};
use crate::ground::Ground;
use crate::in_use;
use crate::links::{self, Care};
use crate::plan::Activation;
use dm::tree::{self, Gone, Have, Key, Node, Plan, TreeError, Want};
use dm::{DmError, DmName, DmUuid, Settled, Udev, UdevFlags};
use std::collections::{HashMap, HashSet};
use store::{Change, Finished, Staged};
use units::Id;

/// One activation being carried out.
pub(super) struct Run<'a> {
    activation: &'a Activation,
    machine: &'a Machine<'a>,
    go_on: &'a dyn Fn() -> bool,
    problems: Vec<Problem>,
    warnings: Vec<Warning>,
    settled: Settled,
    gone: Vec<DmName>,
    behind: Vec<DmName>,
}

/// What is to be done to the devices, planned against one look at the kernel.
struct Stages {
    ground: Ground,
    /// Devices to go, by name, and how.
    gone: (Vec<DmName>, Plan),
    changing: (Vec<(Id, Node)>, Plan),
    /// Where all together cannot be planned, each is tried by itself.
    starting: (Vec<(Id, Node)>, Option<Plan>),
}

/// Nothing more is done: what is true of the metadata, and the VG's new state if there is one.
type Ended = (Metadata, Option<Finished>);

impl<'a> Run<'a> {
    pub(super) fn new(
        activation: &'a Activation,
        machine: &'a Machine<'a>,
        go_on: &'a dyn Fn() -> bool,
    ) -> Self {
        Self {
            activation,
            machine,
            go_on,
            problems: Vec::new(),
            warnings: Vec::new(),
            settled: Settled::Done,
            gone: Vec::new(),
            behind: Vec::new(),
        }
    }

    pub(super) fn carry_out(mut self, change: Option<Change<'_>>) -> Result<Done, Box<ApplyError>> {
        let (metadata, finished) = match self.activation.is_empty() {
            true => self.metadata_alone(change),
            false => self.both(change),
        };
        if self.problems.is_empty() {
            let Self { settled, warnings, .. } = self;
            return Ok(Done { finished, settled, warnings });
        }
        Err(Box::new(ApplyError {
            suspended: self.suspended(),
            problems: self.problems,
            metadata,
            finished: finished.map(Box::new),
            gone: if metadata == Metadata::New { Vec::new() } else { self.gone },
            behind: self.behind,
            warnings: self.warnings,
        }))
    }

    fn metadata_alone(&mut self, change: Option<Change<'_>>) -> Ended {
        let Some(change) = change else { return (Metadata::Untouched, None) };
        let committed = change.stage().map_err(Problem::from).and_then(|staged| Ok(staged.commit()?));
        match committed {
            Ok(committed) => (Metadata::New, Some(committed.finish())),
            Err(problem) => {
                let metadata = metadata_after(&problem);
                self.problems.push(problem);
                (metadata, None)
            }
        }
    }

    fn both(&mut self, change: Option<Change<'_>>) -> Ended {
        let before = if change.is_some() { Metadata::Old } else { Metadata::Untouched };
        let stages = match self.look(change.is_some()) {
            Ok(stages) => stages,
            Err(problem) => {
                self.problems.push(problem);
                return (before, None);
            }
        };
        // Nothing is changed as long as an LV that would be dropped is in use.
        if change.is_some() && !self.problems.is_empty() {
            return (before, None);
        }
        let ended = self.staged(change, stages, before);
        self.names();
        ended
    }

    /// Everything that can be known before anything is changed.
    fn look(&mut self, all_or_nothing: bool) -> Result<Stages, Problem> {
        let (activation, machine) = (self.activation, self.machine);
        machine.control.usable().map_err(DmError::from)?;
        let nodes = activation.changing.iter().chain(&activation.starting).map(|(_, node)| node);
        let mut ground = Ground::prepare(nodes, machine.disks, machine.loops)?;
        let mut resolve = |nodes| {
            let mut resolved = ground.resolve_all(machine.control, nodes);
            resolved.iter_mut().for_each(|(_, node)| node.udev |= self.fallback());
            resolved
        };
        let (changing, starting) = (resolve(&activation.changing), resolve(&activation.starting));
        let mut gone = activation.gone.clone();
        gone.iter_mut().for_each(|(_, gone)| gone.udev |= self.fallback());
        let mut want = wanted(&changing);
        want.nodes.extend(wanted(&starting).nodes);
        want.gone = gone.iter().map(|(_, gone)| gone.clone()).collect();
        let patience = machine.settings.patience;
        let (mut have, busy) =
            in_use::look(machine.control, machine.host, &want, &gone, &|lv| self.name(lv), patience)?;
        let stays: HashSet<Id> = busy.iter().map(|busy| busy.id).collect();
        gone.retain(|(lv, _)| !stays.contains(lv));
        self.problems.extend(busy.into_iter().map(Problem::InUse));
        let want = Want { nodes: Vec::new(), gone: gone.into_iter().map(|(_, gone)| gone).collect() };
        let names = without(&mut have, &want.gone);
        let going = Plan::new(want, &names.1).map_err(Problem::Plan)?;
        let change = Plan::new(wanted(&changing), &have).map_err(Problem::Plan)?;
        rename(&mut have, &changing);
        let start = match Plan::new(wanted(&starting), &have) {
            Err(error) if all_or_nothing => return Err(Problem::Plan(error)),
            planned => planned.ok(),
        };
        Ok(Stages {
            ground,
            gone: (names.0, going),
            changing: (changing, change),
            starting: (starting, start),
        })
    }

    /// Who mends names when udev has not made them: nobody but udev itself, unless it is checked here.
    fn fallback(&self) -> UdevFlags {
        let settings = &self.machine.settings;
        let udev_alone = settings.udev == Udev::Running && !settings.verify_udev;
        if udev_alone { UdevFlags::DISABLE_FALLBACK } else { UdevFlags::NONE }
    }

    fn name(&self, lv: Id) -> String {
        let shown = self.activation.nodes.iter().find(|node| node.lv == lv);
        shown.map_or_else(|| lv.to_string(), |node| node.lv_name.clone())
    }

    /// From the staging on.
    fn staged(&mut self, change: Option<Change<'_>>, stages: Stages, before: Metadata) -> Ended {
        let Stages { ground, gone, changing, starting } = stages;
        let stage = |change: Change<'_>| Change { disks: &ground.disks, ..change }.stage();
        let staged = match change.map(stage).transpose() {
            Ok(staged) => staged,
            Err(error) => {
                self.problems.push(error.into());
                return (before, None);
            }
        };
        if let Err(problem) = self.stop(gone.0, gone.1) {
            self.problems.push(problem);
            if let Some(staged) = staged {
                self.take_back(staged);
                return (before, None);
            }
        }
        let (metadata, finished) = self.change(staged, &changing.0, changing.1, before);
        if matches!(metadata, Metadata::New | Metadata::Untouched) {
            self.start(&starting.0, starting.1);
        }
        (metadata, finished)
    }

    fn take_back(&mut self, staged: Staged) {
        if let Err(left) = staged.revert() {
            self.warnings.extend(left.into_iter().map(Warning::LeftStaged));
        }
    }

    /// Removes devices of LVs that go.
    fn stop(&mut self, mut names: Vec<DmName>, plan: Plan) -> Result<(), Problem> {
        if plan.is_empty() {
            return Ok(());
        }
        match tree::apply(self.machine.control, plan, self.machine.settings.tree(), self.go_on) {
            Ok(finished) => {
                self.note(finished);
                self.gone = names;
                Ok(())
            }
            Err(error) => {
                if let TreeError::Remove { failed, .. } = &error {
                    names.retain(|name| failed.iter().all(|(still, _)| still != name));
                    self.gone = names;
                }
                Err(Problem::Stop(error))
            }
        }
    }

    fn note(&mut self, finished: tree::Finished) {
        self.warnings.extend(finished.warnings.into_iter().map(Warning::Tree));
        self.settle(finished.settled);
    }

    fn settle(&mut self, settled: Settled) {
        match settled {
            Settled::Done => {}
            Settled::TimedOut { left } | Settled::Interrupted { left } => {
                self.settled = settled;
                self.warnings.push(Warning::UdevSilent { left });
            }
        }
    }

    /// Changes devices that run, with the commit at its place; or commits alone.
    fn change(
        &mut self,
        mut staged: Option<Staged>,
        changing: &[(Id, Node)],
        plan: Plan,
        before: Metadata,
    ) -> Ended {
        match window::pass(plan, &mut staged, self.machine, self.go_on) {
            Ok(passed) => self.passed(passed, changing, before),
            Err(problem) => {
                self.problems.push(problem);
                staged.into_iter().for_each(|staged| self.take_back(staged));
                (before, None)
            }
        }
    }

    fn passed(&mut self, passed: Passed, changing: &[(Id, Node)], before: Metadata) -> Ended {
        self.warnings.extend(passed.warnings);
        let ended = match passed.committed {
            None => (before, None),
            Some(Ok(committed)) => (Metadata::New, Some(committed.finish())),
            Some(Err(error)) => {
                let problem = Problem::from(error);
                let metadata = metadata_after(&problem);
                self.problems.push(problem);
                (metadata, None)
            }
        };
        match passed.devices {
            Ok(settled) => self.settle(settled),
            // A refusal may have been a passing one; after the commit the way is forward.
            Err(error) if ended.0 != Metadata::Old => {
                if let Err(again) = self.again(changing) {
                    self.note_behind(&error);
                    self.problems.push(Problem::Change(error));
                    // A second refusal says the same, unless it is of another kind.
                    if let Problem::Dm(_) | Problem::Plan(_) = again {
                        self.problems.push(again);
                    }
                }
            }
            Err(error) => self.problems.push(Problem::Change(error)),
        }
        ended
    }

    /// Devices that were refused what they are to be, once more.
    fn again(&mut self, changing: &[(Id, Node)]) -> Result<(), Problem> {
        let want = wanted(changing);
        let have = Have::observe(self.machine.control, &want)?;
        let plan = Plan::new(want, &have).map_err(Problem::Plan)?;
        let applied = tree::apply(self.machine.control, plan, self.machine.settings.tree(), self.go_on);
        self.note(applied.map_err(Problem::Change)?);
        Ok(())
    }

    fn note_behind(&mut self, error: &TreeError) {
        if let TreeError::Resume { failed, .. } = error {
            self.behind.extend(failed.iter().map(|(name, _)| name.clone()));
        }
    }

    /// Starts what is to run anew: all at once, and where that is refused as a whole, LV by LV.
    fn start(&mut self, starting: &[(Id, Node)], plan: Option<Plan>) {
        if starting.is_empty() {
            return;
        }
        let together = match plan {
            Some(plan) => self.start_these(plan),
            None => self.look_and_start(starting),
        };
        let Err(error) = together else { return };
        if let TreeError::Resume { failed, total } = &error {
            for (lv, node) in starting {
                let own: Vec<_> = failed.iter().filter(|(name, _)| *name == node.name).cloned().collect();
                if !own.is_empty() {
                    let source = TreeError::Resume { failed: own, total: *total };
                    self.problems.push(Problem::Start { lv: self.name(*lv), source });
                }
            }
            return;
        }
        let mut lvs: Vec<&[(Id, Node)]> = starting.chunk_by(|one, next| one.0 == next.0).collect();
        if let [only] = lvs.as_slice() {
            self.problems.push(Problem::Start { lv: self.name(only[0].0), source: error });
            lvs.clear();
        }
        for nodes in lvs {
            if let Err(source) = self.look_and_start(nodes) {
                self.problems.push(Problem::Start { lv: self.name(nodes[0].0), source });
            }
        }
    }

    fn look_and_start(&mut self, nodes: &[(Id, Node)]) -> Result<(), TreeError> {
        let want = wanted(nodes);
        let have = Have::observe(self.machine.control, &want)?;
        self.start_these(Plan::new(want, &have)?)
    }

    fn start_these(&mut self, plan: Plan) -> Result<(), TreeError> {
        let finished = tree::apply(self.machine.control, plan, self.machine.settings.tree(), self.go_on)?;
        self.note(finished);
        Ok(())
    }

    /// Names below `/dev`, as far as they are not udev's.
    fn names(&mut self) {
        let settings = &self.machine.settings;
        let care = match (settings.udev, self.settled) {
            (Udev::NotRunning | Udev::Bypassed, _) => Care::Own,
            (Udev::Running, _) if settings.not_udevs => Care::Own,
            (Udev::Running, Settled::Done) if !settings.verify_udev => return,
            (Udev::Running | Udev::Unawaited, _) => Care::AfterUdev,
        };
        let Some(dev) = &settings.links else { return };
        let (control, nodes) = (self.machine.control, settings.nodes.as_ref());
        let named = links::bring_in_line(control, &self.activation.links, dev, nodes, care);
        self.warnings.extend(named.errors.into_iter().map(Warning::Link));
        self.warnings.extend(named.missed.into_iter().map(Warning::NotByUdev));
    }

    /// Which of the devices that were to be changed are suspended now.
    fn suspended(&self) -> Vec<DmName> {
        let uuids = self.activation.changing.iter().filter_map(|(_, node)| node.uuid.as_ref());
        let infos = uuids.filter_map(|uuid| self.machine.control.info(uuid.into()).ok().flatten());
        infos.filter(|info| info.suspended).map(|info| info.name).collect()
    }
}

fn wanted(nodes: &[(Id, Node)]) -> Want {
    Want { nodes: nodes.iter().map(|(_, node)| node.clone()).collect(), gone: Vec::new() }
}

/// Takes devices to go out of what is there: their names, and what is there of them.
pub(crate) fn without(have: &mut Have, gone: &[Gone]) -> (Vec<DmName>, Have) {
    let keys: HashSet<&Key> = gone.iter().map(|gone| &gone.key).collect();
    let goes = |uuid: Option<&DmUuid>| uuid.is_some_and(|uuid| keys.contains(&Key::Uuid(uuid.clone())));
    let all = std::mem::take(have);
    let (listed, stays) = all.listed.into_iter().partition(|device| goes(device.uuid.as_ref()));
    have.listed = stays;
    let (present, stays) = all.present.into_iter().partition(|device| goes(device.info.uuid.as_ref()));
    have.present = stays;
    let going = Have { listed, present };
    (going.listed.iter().map(|device| device.name.clone()).collect(), going)
}

/// What is there once these have their new names.
pub(crate) fn rename(have: &mut Have, nodes: &[(Id, Node)]) {
    let names: HashMap<&DmUuid, &DmName> =
        nodes.iter().filter_map(|(_, node)| Some((node.uuid.as_ref()?, &node.name))).collect();
    for device in &mut have.listed {
        if let Some(&name) = device.uuid.as_ref().and_then(|uuid| names.get(uuid)) {
            device.name.clone_from(name);
        }
    }
}

fn metadata_after(problem: &Problem) -> Metadata {
    match problem {
        Problem::Commit(store::CommitError::Unknown { .. }) => Metadata::Unknown,
        _ => Metadata::Old,
    }
}
