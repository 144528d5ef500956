//! A plan done, phase by phase.

use super::plan::{Plan, Planned, Resume, resolve};
use super::rescue::{Guarded, Role};
use super::window::Window;
use super::{ReadAhead, TreeError, remove};
use crate::udev::Cookies;
use crate::{Control, DevNo, Device, DmError, DmName, Errno, Event, NodeDir, NodeError, Removal, Settled};
use crate::{Suspend, Udev};
use std::collections::HashMap;
use std::time::Duration;

/// How steps are done.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Who makes nodes.
    pub udev: Udev,
    /// Where nodes are made when udev does not; none are made without.
    pub nodes: Option<NodeDir>,
    /// Whether that is a directory udev does not know: nodes are made there whether it runs or not.
    pub not_udevs: bool,
    /// How long udev is waited for.
    pub timeout: Duration,
    /// How many devices are removed at a time.
    pub threads: usize,
}

impl Settings {
    /// With udevd's own limit of time for an event, and 16 removals at a time.
    pub fn new(udev: Udev, nodes: Option<NodeDir>) -> Self {
        Self { udev, nodes, not_udevs: false, timeout: Duration::from_secs(180), threads: 64 }
    }
}

/// What is not as it should be although the devices are.
#[derive(Debug)]
pub enum Warning {
    /// A node could not be made, renamed or removed.
    Node(NodeError),
    /// The read-ahead could not be set.
    ReadAhead {
        /// Of which device.
        name: DmName,
        /// What the kernel answered.
        errno: Errno,
    },
    /// A device made on the way could not be taken away again.
    Stray {
        /// Which.
        name: DmName,
        /// Why.
        error: DmError,
    },
}

/// How it ended.
#[derive(Debug)]
pub struct Finished {
    /// Whether udev is through with it.
    pub settled: Settled,
    /// What is not as it should be.
    pub warnings: Vec<Warning>,
}

/// Something done in the preload, to be undone should it fail.
#[derive(Clone, Copy, Debug)]
enum Done {
    Created(usize),
    Loaded(usize),
    Grown(usize),
}

/// A plan being done. The phases are called in order, each once: [`Self::preload`], [`Self::suspend`],
/// [`Self::resume`] or [`Self::revert`], [`Self::finish`].
#[derive(Debug)]
pub struct Execution<'a> {
    control: &'a dyn Control,
    plan: Plan,
    settings: Settings,
    numbers: Vec<Option<DevNo>>,
    known: HashMap<DmName, DevNo>,
    done: Vec<Done>,
    cookies: Cookies,
    window: Window,
    warnings: Vec<Warning>,
}

impl<'a> Execution<'a> {
    /// Nothing done yet. Fails where the cookies cannot be had.
    pub fn new(control: &'a dyn Control, plan: Plan, settings: Settings) -> Result<Self, TreeError> {
        control.usable().map_err(DmError::from)?;
        let cookies = Cookies::reserve(settings.udev, events(&plan))?;
        let numbers: Vec<Option<DevNo>> = plan
            .nodes
            .iter()
            .map(|planned| planned.present.as_ref().map(|present| present.info.number))
            .collect();
        let there = plan.nodes.iter().zip(&numbers);
        let known = there
            .filter_map(|(planned, number)| Some((planned.node.name.clone(), (*number)?)))
            .chain(plan.others.iter().map(|(name, number)| (name.clone(), *number)))
            .collect();
        let (done, window, warnings) = (Vec::new(), Window::default(), Vec::new());
        Ok(Self { control, plan, settings, numbers, known, done, cookies, window, warnings })
    }

    /// Creates and loads. Where that fails it is undone; [`Self::finish`] may be called all the same.
    pub fn preload(&mut self) -> Result<(), TreeError> {
        for node in 0..self.plan.nodes.len() {
            if let Err(error) = self.preload_node(node) {
                self.undo_preload();
                return Err(error.into());
            }
        }
        let numbers = &self.numbers;
        // Every node exists now.
        let number = |node: usize| numbers[node].unwrap_or(DevNo::new(0, 0));
        self.window = Window::prepare(&self.plan, &number, &mut self.cookies);
        Ok(())
    }

    fn preload_node(&mut self, node: usize) -> Result<(), DmError> {
        let planned = self.plan.nodes[node].clone();
        let wanted = &planned.node;
        if planned.is_new() {
            let made = self.control.create(&wanted.name, wanted.uuid.as_ref(), wanted.number)?;
            self.numbers[node] = Some(made.number);
            self.known.insert(wanted.name.clone(), made.number);
            self.done.push(Done::Created(node));
        }
        let device = self.device(node);
        if planned.load {
            let table = resolve(&wanted.table, &|name| self.known.get(name).copied());
            self.control.load(device, &table, wanted.access)?;
            if !planned.is_new() {
                self.done.push(if planned.early { Done::Grown(node) } else { Done::Loaded(node) });
            }
        }
        if planned.clear {
            self.control.clear(device)?;
        }
        if planned.early {
            self.resume_one(node)?;
        }
        Ok(())
    }

    fn device(&self, node: usize) -> Device<'static> {
        Device::Number(self.numbers[node].unwrap_or(DevNo::new(0, 0)))
    }

    /// Resumes outside the window.
    fn resume_one(&mut self, node: usize) -> Result<(), DmError> {
        let wanted = &self.plan.nodes[node].node;
        let event = self.cookies.event(wanted.udev);
        let resumed = self.control.resume(self.device(node), wanted.suspend, event);
        self.count(&resumed.as_ref().map(|info| info.uevent).unwrap_or(false), event);
        resumed.map(drop)
    }

    fn count(&mut self, sent: &bool, event: Event) {
        if !sent {
            self.cookies.unsent(event);
        }
    }

    /// Undoes what was done in the preload, and plans nothing more.
    fn undo_preload(&mut self) {
        for done in std::mem::take(&mut self.done).into_iter().rev() {
            match done {
                Done::Created(node) => self.discard(node),
                Done::Loaded(node) => {
                    self.warn_stray(node, |control, device| control.clear(device).map(drop))
                }
                Done::Grown(node) => self.shrink_back(node),
            }
        }
        for planned in &mut self.plan.nodes {
            (planned.resume, planned.early) = (Resume::Never, false);
        }
        self.plan.leaving.clear();
    }

    /// Takes a new device away again.
    fn discard(&mut self, node: usize) {
        let event = self.cookies.event(self.plan.nodes[node].node.udev);
        let removed = self.control.remove(self.device(node), Removal::RETRY, event);
        self.count(&removed.as_ref().map(|info| info.uevent).unwrap_or(false), event);
        if let Err(error) = removed {
            let name = self.plan.nodes[node].node.name.clone();
            self.warnings.push(Warning::Stray { name, error });
        }
        self.numbers[node] = None;
    }

    fn warn_stray(&mut self, node: usize, act: impl Fn(&dyn Control, Device<'_>) -> Result<(), DmError>) {
        if let Err(error) = act(self.control, self.device(node)) {
            let name = self.plan.nodes[node].present_name().clone();
            self.warnings.push(Warning::Stray { name, error });
        }
    }

    /// Gives a node that was grown early its old table back.
    fn shrink_back(&mut self, node: usize) {
        let Some(present) = self.plan.nodes[node].present.clone() else { return };
        let event = self.cookies.event(self.plan.nodes[node].node.udev);
        self.warn_stray(node, |control, device| {
            control.load(device, &present.table, present.info.access)?;
            control.resume(device, Suspend::default(), event).map(drop)
        });
    }

    /// The keys of the cookies, for a guardian to [`crate::abandon`] should this process die.
    pub fn cookies(&self) -> Vec<u32> {
        self.cookies.keys()
    }

    /// Who is to be rescued should this process die between the suspend and the resume; bottom-up. Known
    /// after the preload.
    pub fn guarded(&self) -> Vec<Guarded> {
        let nodes = self.plan.nodes.iter().zip(&self.numbers);
        nodes.filter_map(|(planned, number)| guard(planned, (*number)?)).collect()
    }

    /// Holds I/O back, top-down. Where that fails everything is undone, the preload too.
    pub fn suspend(&mut self) -> Result<(), TreeError> {
        if let Err(error) = self.window.suspend(self.control, &mut self.cookies) {
            self.undo_early();
            return Err(error.into());
        }
        Ok(())
    }

    /// Goes back, before the caller's commit or instead of it: inactive tables dropped, I/O let through, new
    /// devices removed. Gives back how many devices are still suspended.
    pub fn revert(&mut self) -> usize {
        let left = self.window.revert(self.control, &mut self.cookies);
        self.undo_early();
        left
    }

    /// Undoes those parts of the preload that the window did not.
    fn undo_early(&mut self) {
        self.done.retain(|done| !matches!(done, Done::Loaded(_)));
        self.undo_preload();
    }

    /// Renames and resumes, after the caller's commit. Goes on whatever happens; call [`Self::finish`] in any
    /// case.
    pub fn resume(&mut self) -> Result<(), TreeError> {
        if self.window.resume(self.control, &mut self.cookies) {
            return Ok(());
        }
        Err(TreeError::Resume { failed: self.window.failures(&self.plan), total: self.window.due() })
    }

    /// The rest: new nodes resumed, devices removed, read-ahead set, nodes made, udev waited for. At a signal
    /// `go_on` is asked whether to wait on.
    pub fn finish(mut self, go_on: &dyn Fn() -> bool) -> Result<Finished, TreeError> {
        self.window.take_back_events(&mut self.cookies);
        let last: Vec<usize> = self.nodes_where(|planned| planned.resume == Resume::Last);
        let (total, mut failed) = (last.len(), Vec::new());
        for node in last {
            if self.numbers[node].is_none() {
                continue;
            }
            if let Err(error) = self.resume_one(node) {
                failed.push((self.plan.nodes[node].node.name.clone(), error));
                self.discard(node);
            }
        }
        let leaving = std::mem::take(&mut self.plan.leaving);
        let left = remove::remove(self.control, &leaving, &mut self.cookies, self.settings.threads);
        for node in self.nodes_where(Planned::runs_anew) {
            self.set_read_ahead(node);
        }
        self.make_nodes();
        let leaving: Vec<DmName> = leaving.into_iter().flatten().map(|leaving| leaving.name).collect();
        self.drop_nodes(leaving.iter().filter(|name| !left.iter().any(|(still, _)| still == *name)));
        let settled = self.cookies.settle(self.settings.timeout, go_on)?;
        if !failed.is_empty() {
            return Err(TreeError::Resume { failed, total });
        }
        if !left.is_empty() {
            return Err(TreeError::Remove { failed: left, total: leaving.len() });
        }
        Ok(Finished { settled, warnings: self.warnings })
    }

    fn nodes_where(&self, which: impl Fn(&Planned) -> bool) -> Vec<usize> {
        (0..self.plan.nodes.len()).filter(|&node| which(&self.plan.nodes[node])).collect()
    }

    fn set_read_ahead(&mut self, node: usize) {
        let (planned, Some(number)) = (&self.plan.nodes[node], self.numbers[node]) else { return };
        let wanted = &planned.node;
        let least = match wanted.read_ahead {
            // The kernel gives a new device its default; one that was told something else goes back to it.
            ReadAhead::Auto if planned.is_new() => return,
            ReadAhead::Auto => ReadAhead::AtLeast(super::KERNEL_READ_AHEAD),
            asked => asked,
        };
        let amount = match least {
            ReadAhead::Auto => return,
            ReadAhead::Exactly(amount) => amount,
            ReadAhead::AtLeast(amount) => match self.control.read_ahead(number) {
                Ok(present) if present >= amount => return,
                Ok(_) | Err(_) => amount,
            },
        };
        if let Err(errno) = self.control.set_read_ahead(number, amount) {
            self.warnings.push(Warning::ReadAhead { name: wanted.name.clone(), errno });
        }
    }

    /// Nodes of all that was touched, where udev does not make them.
    fn make_nodes(&mut self) {
        let Some(nodes) = self.own_nodes() else { return };
        let touched = self.window.touched();
        for node in 0..self.plan.nodes.len() {
            let (planned, Some(number)) = (&self.plan.nodes[node], self.numbers[node]) else { continue };
            if !(planned.is_new() || touched.contains(&node)) {
                continue;
            }
            let made = if planned.renames() {
                nodes.rename(planned.present_name(), &planned.node.name, number)
            } else {
                nodes.add(&planned.node.name, number)
            };
            self.warnings.extend(made.err().map(Warning::Node));
        }
    }

    fn drop_nodes<'n>(&mut self, names: impl Iterator<Item = &'n DmName>) {
        let Some(nodes) = self.own_nodes() else { return };
        self.warnings.extend(names.filter_map(|name| nodes.remove(name).err()).map(Warning::Node));
    }

    fn own_nodes(&self) -> Option<NodeDir> {
        let by_udev =
            matches!(self.settings.udev, Udev::Running | Udev::Unawaited) && !self.settings.not_udevs;
        self.settings.nodes.clone().filter(|_| !by_udev)
    }
}

/// The uevents of a plan at most, those of undoing it included.
fn events(plan: &Plan) -> usize {
    let resumes = |planned: &Planned| {
        let early = if planned.early { 2 } else { 0 };
        let new = if planned.is_new() { 2 } else { 0 };
        let window = if planned.suspend || planned.resume == Resume::InWindow { 2 } else { 0 };
        early + new + window
    };
    let nodes: usize = plan.nodes.iter().map(resumes).sum();
    nodes + plan.renames.len() + plan.leaving.iter().map(Vec::len).sum::<usize>()
}

fn guard(planned: &Planned, number: DevNo) -> Option<Guarded> {
    let role = match &planned.present {
        None => Role::Created,
        Some(present) if planned.early => {
            Role::Grown { access: present.info.access, table: present.table.clone() }
        }
        Some(_) if planned.suspend || planned.load || planned.renames() => Role::Suspended,
        Some(_) => return None,
    };
    Some(Guarded {
        role,
        number,
        name: planned.present_name().clone(),
        uuid: planned.node.uuid.clone(),
        rename: planned.renames().then(|| planned.node.name.clone()),
    })
}

/// All phases in a row, for a plan that nothing has to be committed between.
pub fn apply(
    control: &dyn Control,
    plan: Plan,
    settings: Settings,
    go_on: &dyn Fn() -> bool,
) -> Result<Finished, TreeError> {
    let mut execution = Execution::new(control, plan, settings)?;
    let done = execution.preload().and_then(|()| execution.suspend()).and_then(|()| execution.resume());
    match done {
        Ok(()) => execution.finish(go_on),
        Err(error) => {
            // udev is waited for all the same; the first error is the one that matters.
            let _ = execution.finish(go_on);
            Err(error)
        }
    }
}
