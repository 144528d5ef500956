//! The kernel's own device-mapper, where this machine has one and lets us: what is planned and encoded is done.
//!
//! Needs root, device-mapper and loop devices; where they are not, every test says so and does nothing.
#![allow(clippy::print_stdout, reason = "a test that does nothing must say so")]

mod alloc;
mod disks;
mod same_as_sim;
mod targets;
mod trees;
mod uevents;

use dm::{Access, Control, Device, DmName, DmUuid, Event, Kernel, Removal, Suspend, Table};

/// The kernel, or nothing (and a line that says so) where there is none to be used.
fn kernel() -> Option<Kernel> {
    let kernel = Kernel::new();
    match kernel.usable() {
        Ok(()) => Some(kernel),
        Err(absence) => {
            println!("skipped: {absence}");
            None
        }
    }
}

fn name(text: &str) -> DmName {
    DmName::new(text).unwrap()
}

fn uuid(text: &str) -> DmUuid {
    DmUuid::new(format!("RLVMTEST-{text}")).unwrap()
}

fn table(text: &str) -> Table {
    text.parse().unwrap()
}

/// A device that is removed when the test is over, however it ends.
struct Made<'a> {
    kernel: &'a Kernel,
    name: DmName,
}

impl<'a> Made<'a> {
    fn new(kernel: &'a Kernel, text: &str, lines: &str) -> Self {
        let made = Self { kernel, name: name(text) };
        kernel.create(&made.name, Some(&uuid(text)), None).unwrap();
        kernel.load(made.device(), &table(lines), Access::ReadWrite).unwrap();
        kernel.resume(made.device(), Suspend::default(), Event::default()).unwrap();
        made
    }

    fn device(&self) -> Device<'_> {
        Device::Name(&self.name)
    }
}

impl Drop for Made<'_> {
    fn drop(&mut self) {
        let _ = self.kernel.resume(self.device(), Suspend::default(), Event::default());
        let _ = self.kernel.remove(self.device(), Removal::RETRY, Event::default());
    }
}
