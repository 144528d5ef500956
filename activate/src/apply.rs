//! Carrying out: the one place where metadata and device-mapper change together.
//!
//! ```text
//! attach images, look who has what open, plan against the kernel      nothing changed so far
//! stage                   the new text on every metadata area, not in force
//! remove                  devices of LVs that go; an LV is not dropped while it runs
//! preload                 tables into inactive slots, a guardian on guard, memory locked
//! suspend                 top-down                \
//! commit                  one block per area       > nothing allocates, opens or looks up a path
//! resume                  bottom-up               /
//! label, start            PV headers; devices of LVs that are new or were asked for; names below /dev
//! ```
//! Undone before the commit: inactive tables are dropped, I/O goes on, the text is taken back. After it the only
//! way is forward.

mod error;
pub(crate) mod run;
mod window;

pub use error::{ApplyError, Metadata, Problem, Warning};

use crate::attach::Loops;
use crate::guardian::Spawn;
use crate::plan::Activation;
use device::{DiskSet, Host};
use dm::{Control, NodeDir, Settled, Udev};
use std::path::PathBuf;
use std::time::Duration;

/// How things are done.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Who makes nodes and links.
    pub udev: Udev,
    /// Where nodes are made when udev does not (`/dev/mapper`); none are made without.
    pub nodes: Option<NodeDir>,
    /// The directory of the VGs' directories (`/dev`); no links are made without.
    pub links: Option<PathBuf>,
    /// Whether these directories are other than those udev looks after: then all names in them are made and
    /// removed here, though udev is waited for.
    pub not_udevs: bool,
    /// Whether what udev should have done is looked at, and done here where it was not
    /// (`activation/verify_udev_operations`).
    pub verify_udev: bool,
    /// How long udev is waited for.
    pub timeout: Duration,
    /// How many devices are removed at a time.
    pub threads: usize,
    /// How long somebody who has a device open is waited for before its removal is refused
    /// (`activation/retry_deactivation`).
    pub patience: Duration,
    /// Whether memory is locked while devices are suspended.
    pub lock_memory: bool,
}

impl Settings {
    /// As on any machine: nodes in `/dev/mapper`, links in `/dev`, three minutes for udev, five seconds for
    /// whoever has a device open.
    pub fn of_system(udev: Udev) -> Self {
        Self {
            udev,
            nodes: Some(NodeDir::new("/dev/mapper")),
            links: Some(PathBuf::from("/dev")),
            not_udevs: false,
            verify_udev: false,
            timeout: Duration::from_secs(180),
            threads: 64,
            patience: Duration::from_secs(5),
            lock_memory: true,
        }
    }

    /// For a device-mapper in memory: no nodes, no links, no waiting.
    pub fn without_names() -> Self {
        Self {
            udev: Udev::NotRunning,
            nodes: None,
            links: None,
            not_udevs: false,
            verify_udev: false,
            timeout: Duration::ZERO,
            threads: 64,
            patience: Duration::ZERO,
            lock_memory: false,
        }
    }

    /// Whether names are udev's to make.
    pub(crate) fn leaves_names_to_udev(&self) -> bool {
        self.udev == Udev::Running && !self.not_udevs
    }

    fn tree(&self) -> dm::tree::Settings {
        let settings = dm::tree::Settings::new(self.udev, self.nodes.clone());
        dm::tree::Settings {
            timeout: self.timeout,
            threads: self.threads,
            not_udevs: self.not_udevs,
            ..settings
        }
    }
}

/// The machine that a change is carried out on.
#[derive(Clone, Debug)]
pub struct Machine<'a> {
    /// Its device-mapper.
    pub control: &'a dyn Control,
    /// The disks in scope.
    pub disks: &'a DiskSet,
    /// Who gives images devices.
    pub loops: &'a dyn Loops,
    /// Where it is looked up who uses a device.
    pub host: &'a Host,
    /// How things are done.
    pub settings: Settings,
    /// How a guardian is started; without one (in tests) nobody resumes what a killed command has suspended.
    pub guardian: Option<Spawn<'a>>,
}

/// What was done.
#[derive(Debug)]
pub struct Done {
    /// The VG as it is on the disks now, where metadata were changed.
    pub finished: Option<store::Finished>,
    /// Whether udev is through with it.
    pub settled: Settled,
    /// What is not as it should be although everything asked for was done.
    pub warnings: Vec<Warning>,
}

/// Carries out a planned activation, and commits `change` at its place in between; without one it is a mere
/// wish. At a signal while udev is waited for, `go_on` is asked.
///
/// Where something fails before the commit, the VG and its devices are what they were, but for devices of LVs
/// that were to go and are gone already. After it, the rest is done all the same. The error tells what is true
/// now; with [`Metadata::New`] it has the new state of the VG.
pub fn carry_out(
    activation: &Activation,
    change: Option<store::Change<'_>>,
    machine: &Machine<'_>,
    go_on: &dyn Fn() -> bool,
) -> Result<Done, Box<ApplyError>> {
    run::Run::new(activation, machine, go_on).carry_out(change)
}
