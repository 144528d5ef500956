//! The time in which devices are suspended: every request is encoded before, every outcome has its place, and
//! nothing is allocated, opened or looked up.

use super::plan::{Plan, Resume};
use crate::udev::Cookies;
use crate::{Control, DevNo, Device, DmError, DmName, Errno, Event, Request, Suspend};
use std::collections::HashSet;

/// A request of the window, made ready.
#[derive(Debug)]
struct Call {
    node: usize,
    request: Request,
    event: Event,
    outcome: Option<Result<(), Errno>>,
    old_will_do: bool,
}

impl Call {
    fn new(node: usize, request: Request, event: Event) -> Self {
        Self { node, request, event, outcome: None, old_will_do: false }
    }

    /// Runs it; gives back the event where no uevent came of it.
    fn run(&mut self, control: &dyn Control, cookies: &mut Cookies) -> Result<(), Errno> {
        let outcome = control.submit(&mut self.request);
        if self.event != Event::default() && (outcome.is_err() || !self.request.made_uevent()) {
            cookies.unsent(self.event);
        }
        self.outcome = Some(outcome);
        outcome
    }

    /// After a refused resume: the kernel has dropped the new table and holds I/O back. Where the old one says
    /// the same of all it has in common with the new, I/O may go on by it; the refusal stands.
    fn let_through(&mut self, control: &dyn Control, cookies: &mut Cookies) {
        if self.old_will_do && control.submit(&mut self.request).is_ok() && self.request.made_uevent() {
            cookies.sent(self.event);
        }
    }

    fn failure(&self) -> Option<DmError> {
        match self.outcome {
            Some(Err(errno)) => Some(self.request.refused(errno)),
            Some(Ok(())) | None => None,
        }
    }
}

/// All requests of the window.
#[derive(Debug, Default)]
pub(super) struct Window {
    /// Top-down.
    suspends: Vec<Call>,
    renames: Vec<Call>,
    /// Bottom-up.
    resumes: Vec<Call>,
    /// Of every node that has something in its inactive slot.
    clears: Vec<Call>,
    /// Bottom-up: the way back.
    reverts: Vec<Call>,
}

impl Window {
    /// Encodes everything. `number` tells the number of the plan's nodes, which all exist by now.
    pub(super) fn prepare(plan: &Plan, number: &dyn Fn(usize) -> DevNo, cookies: &mut Cookies) -> Self {
        let mut window = Self::default();
        for (node, planned) in plan.nodes.iter().enumerate() {
            let device = Device::Number(number(node));
            let (how, flags) = (planned.node.suspend, planned.node.udev);
            if planned.suspend {
                window.suspends.push(Call::new(node, Request::suspend(device, how), Event::default()));
                let event = cookies.event(flags);
                let back = Request::resume(device, Suspend::default(), event);
                window.reverts.push(Call::new(node, back, event));
            }
            if planned.load && !planned.is_new() && !planned.early {
                window.clears.push(Call::new(node, Request::clear(device), Event::default()));
            }
            if planned.resume == Resume::InWindow {
                let event = cookies.event(flags);
                let mut resume = Call::new(node, Request::resume(device, how, event), event);
                resume.old_will_do = planned.old_will_do();
                window.resumes.push(resume);
            }
        }
        window.suspends.reverse();
        for &node in &plan.renames {
            let planned = &plan.nodes[node];
            let event = cookies.event(planned.node.udev);
            let request = Request::rename(planned.present_name(), &planned.node.name, event);
            window.renames.push(Call::new(node, request, event));
        }
        window
    }

    /// Suspends top-down. At the first refusal everything is put back, and the refusal told.
    pub(super) fn suspend(&mut self, control: &dyn Control, cookies: &mut Cookies) -> Result<(), DmError> {
        let mut refused = None;
        for (index, call) in self.suspends.iter_mut().enumerate() {
            if call.run(control, cookies).is_err() {
                refused = Some(index);
                break;
            }
        }
        let Some(index) = refused else { return Ok(()) };
        self.revert(control, cookies);
        Err(self.suspends[index]
            .failure()
            .unwrap_or_else(|| self.suspends[index].request.refused(Errno::EIO)))
    }

    /// Drops what is in the inactive slots and resumes what was suspended, bottom-up. Gives back how many
    /// could not be resumed.
    pub(super) fn revert(&mut self, control: &dyn Control, cookies: &mut Cookies) -> usize {
        for call in &mut self.clears {
            // A slot that cannot be cleared would become live with the resume; but I/O that stands still
            // for good is worse than a table that is loaded again at the next command.
            let _ = call.run(control, cookies);
        }
        let mut failed = 0;
        // The same nodes the other way round.
        for (suspend, call) in self.suspends.iter().rev().zip(&mut self.reverts) {
            if suspend.outcome == Some(Ok(())) && call.run(control, cookies).is_err() {
                failed += 1;
            }
        }
        failed
    }

    /// Renames and resumes, bottom-up, going on whatever happens. Tells whether all went well.
    pub(super) fn resume(&mut self, control: &dyn Control, cookies: &mut Cookies) -> bool {
        let mut well = true;
        for call in self.renames.iter_mut().chain(&mut self.resumes) {
            if call.run(control, cookies).is_err() {
                well = false;
                call.let_through(control, cookies);
            }
        }
        well
    }

    /// Takes back the events of calls that were made ready and not needed: those of the way not taken.
    pub(super) fn take_back_events(&self, cookies: &mut Cookies) {
        let calls = self.renames.iter().chain(&self.resumes).chain(&self.reverts);
        for call in calls.filter(|call| call.outcome.is_none()) {
            cookies.unsent(call.event);
        }
    }

    /// How many are renamed or resumed.
    pub(super) fn due(&self) -> usize {
        self.renames.len() + self.resumes.len()
    }

    /// What went wrong on the way forward.
    pub(super) fn failures(&self, plan: &Plan) -> Vec<(DmName, DmError)> {
        let calls = self.renames.iter().chain(&self.resumes);
        calls.filter_map(|call| Some((plan.nodes[call.node].node.name.clone(), call.failure()?))).collect()
    }

    /// The nodes that were resumed or renamed.
    pub(super) fn touched(&self) -> HashSet<usize> {
        let calls = self.renames.iter().chain(&self.resumes);
        calls.filter(|call| call.outcome == Some(Ok(()))).map(|call| call.node).collect()
    }
}
