//! The device-mapper in memory answers as the kernel does: the same verbs, the same answers.

use crate::disks::Loop;
use crate::{kernel, name, table, uuid};
use dm::{Access, Control, DevNo, Device, DmError, Event, Info, Removal, Sim, Slot, Suspend, Udev};
use units::Sectors;

/// Runs verbs and notes what came of each.
struct Script<'a> {
    control: &'a dyn Control,
    disk: DevNo,
    notes: Vec<String>,
}

impl Script<'_> {
    fn note(&mut self, what: &str, result: Result<Info, DmError>) {
        let said = match result {
            Ok(info) => format!(
                "open {} targets {} {:?} suspended {} live {} inactive {} deferred {} uevent {}",
                info.open_count,
                info.target_count,
                info.access,
                info.suspended,
                info.live_table,
                info.inactive_table,
                info.deferred_remove,
                info.uevent,
            ),
            Err(error) => format!("{:?}", error.errno()),
        };
        self.notes.push(format!("{what}: {said}"));
    }

    fn load(&mut self, device: Device<'_>, lines: &str, access: Access) {
        let lines = lines.replace("DISK", &self.disk.to_string());
        let loaded = self.control.load(device, &table(&lines), access);
        self.note(&format!("load {}", lines.replace(&self.disk.to_string(), "DISK")), loaded);
    }

    fn resume(&mut self, device: Device<'_>) {
        let resumed = self.control.resume(device, Suspend::default(), Event::default());
        self.note("resume", resumed);
    }

    fn remove(&mut self, device: Device<'_>, how: Removal) {
        let removed = self.control.remove(device, how, Event::default());
        let said = removed.map_err(|error| error.errno());
        self.notes.push(format!("remove: {said:?}"));
    }

    fn life_of_one(&mut self) {
        let (a, b, c) = (name("rlvmtest-a"), name("rlvmtest-b"), self.control);
        self.note("create", c.create(&a, Some(&uuid("a")), None));
        self.note("create again", c.create(&a, None, None));
        let number = c.info((&a).into()).unwrap().unwrap().number;
        self.note("create with its number", c.create(&b, None, Some(number)));
        self.note("create with its uuid", c.create(&b, Some(&uuid("a")), None));
        self.resume((&a).into());
        self.note("suspend", c.suspend((&a).into(), Suspend::default()));
        self.load((&a).into(), "0 2048 linear DISK 0", Access::ReadWrite);
        self.note("info", c.info((&a).into()).map(Option::unwrap));
        self.resume((&a).into());
        self.resume((&a).into());
        self.load((&a).into(), "0 2048 linear DISK 2048\n2048 8 error", Access::ReadOnly);
        self.note("clear", c.clear((&a).into()));
        self.note("clear", c.clear((&a).into()));
        self.load((&a).into(), "0 2048 linear DISK 2048\n2048 8 error", Access::ReadOnly);
        self.note("suspend", c.suspend((&a).into(), Suspend { noflush: true, skip_lockfs: true }));
        self.note("suspend", c.suspend((&a).into(), Suspend::default()));
        self.resume((&a).into());
        self.load((&a).into(), "0 99999999 linear DISK 0", Access::ReadWrite);
        self.resume((&a).into());
        self.note("info", c.info((&a).into()).map(Option::unwrap));
        self.resume((&a).into());
        self.load((&a).into(), "8 8 error", Access::ReadWrite);
        self.load((&a).into(), "0 8 nonesuch", Access::ReadWrite);
        self.load((&a).into(), "0 24 striped 2 8 DISK 0 DISK 8", Access::ReadWrite);
        self.note("uuid", c.set_uuid(&a, &uuid("other"), Event::default()));
        self.note("rename", c.rename(&a, &b, Event::default()));
        self.remove((&a).into(), Removal::Now);
        self.remove((&b).into(), Removal::Now);
    }

    fn without_a_table(&mut self) {
        let (a, b, c) = (name("rlvmtest-a"), name("rlvmtest-b"), self.control);
        self.note("create", c.create(&a, None, None));
        self.note("uuid", c.set_uuid(&a, &uuid("late"), Event::default()));
        self.note("uuid", c.set_uuid(&a, &uuid("later"), Event::default()));
        self.note("rename", c.rename(&a, &b, Event::default()));
        self.note("info by uuid", c.info((&uuid("late")).into()).map(Option::unwrap));
        self.note("rename", c.rename(&a, &b, Event::default()));
        self.remove((&b).into(), Removal::Now);
    }

    fn two_on_each_other(&mut self) {
        let (low, top, c) = (name("rlvmtest-low"), name("rlvmtest-top"), self.control);
        let number = c.create(&low, None, None).unwrap().number;
        self.load((&low).into(), "0 2048 linear DISK 0", Access::ReadWrite);
        self.resume((&low).into());
        self.note("create", c.create(&top, Some(&uuid("top")), None));
        let lines = table(&format!("0 2048 linear {number} 0"));
        self.note("load top", c.load((&top).into(), &lines, Access::ReadWrite));
        self.note("info low", c.info((&low).into()).map(Option::unwrap));
        self.resume((&top).into());
        let beyond = table(&format!("0 2049 linear {number} 0"));
        self.note("load beyond", c.load((&top).into(), &beyond, Access::ReadWrite));
        self.note("load self", c.load((&low).into(), &lines, Access::ReadWrite));
        self.note("rename to a taken name", c.rename(&low, &top, Event::default()));
        let deps = c.deps((&top).into(), Slot::Live).unwrap() == [number];
        let waiting = c.deps((&top).into(), Slot::Inactive).unwrap() == [number];
        self.notes.push(format!("deps {deps}, inactive {waiting}"));
        self.notes.push(format!("status {:?}", c.status((&top).into(), true).unwrap()));
        self.notes.push(format!("no message {:?}", c.message((&top).into(), Sectors::ZERO, "no").is_err()));
        self.remove((&low).into(), Removal::Now);
        self.remove((&low).into(), Removal::Deferred);
        self.note("info low", c.info((&low).into()).map(Option::unwrap));
        self.remove((&top).into(), Removal::Now);
        // The kernel removes what was deferred in its own time.
        let gone = (0..100).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(10));
            c.info((&low).into()).unwrap().is_none()
        });
        self.notes.push(format!("gone {gone}"));
        self.note("no such device", c.suspend((&low).into(), Suspend::default()));
    }
}

fn notes(control: &dyn Control, disk: DevNo) -> Vec<String> {
    let mut script = Script { control, disk, notes: Vec::new() };
    script.life_of_one();
    script.without_a_table();
    script.two_on_each_other();
    script.notes
}

#[test]
fn the_one_in_memory_answers_as_the_kernel() {
    let Some(kernel) = kernel() else { return };
    if Udev::detect("/run".as_ref(), false) == Udev::Running {
        return println!("skipped: udevd runs and opens devices when it likes");
    }
    let (disk, sim) = (Loop::new(4), Sim::new());
    sim.add_disk(disk.number, Sectors::new(8192));
    let (real, simulated) = (notes(&kernel, disk.number), notes(&sim, disk.number));
    for (index, (real, simulated)) in real.iter().zip(&simulated).enumerate() {
        if real != simulated {
            println!("{index}\n  kernel {real}\n  sim    {simulated}");
        }
    }
    assert_eq!(real, simulated);
}
