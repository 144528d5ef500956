//! Whoever answers ioctls: the kernel, nobody, or a device-mapper in memory.

mod absent;
mod kernel;
mod node;
#[cfg(any(test, feature = "testing"))]
mod sim;

pub use absent::Absent;
pub use kernel::Kernel;
#[cfg(any(test, feature = "testing"))]
pub use sim::{Logged, Sim};

use crate::request::{Removal, Request, Slot, Suspend};
use crate::{Absence, Access, DevNo, Device, DmError, DmName, DmUuid, Errno, Event, Info, Listed, Removed};
use crate::{Table, TargetStatus, TargetVersion, Version};
use std::fmt;
use std::thread::sleep;
use units::Sectors;

/// The most bytes an answer may take before it is held for damaged: tables of a million targets are real.
const LONGEST_ANSWER: usize = 1 << 28;

/// A device-mapper. All methods take `&self`: removals run in several threads at once.
///
/// An implementation answers encoded requests; the verbs are made of that. Names are the kernel's own:
/// whoever takes names from users mangles them ([`crate::mangle`]) on the way in.
pub trait Control: Send + Sync + fmt::Debug {
    /// Whether there is one to talk to, and why not. Opens the control node if need be.
    fn usable(&self) -> Result<(), Absence>;

    /// Runs one request. Allocates nothing, so that it may run while devices are suspended.
    fn submit(&self, request: &mut Request) -> Result<(), Errno>;

    /// How much the kernel reads ahead on a device.
    fn read_ahead(&self, device: DevNo) -> Result<Sectors, Errno>;

    /// Sets it.
    fn set_read_ahead(&self, device: DevNo, amount: Sectors) -> Result<(), Errno>;

    /// Runs one request, the refusal turned into an error that names it.
    fn run(&self, request: &mut Request) -> Result<(), DmError> {
        self.usable()?;
        self.submit(request).map_err(|errno| request.refused(errno))
    }

    /// Runs one request, with more room until the answer fits.
    fn ask(&self, mut request: Request) -> Result<Request, DmError> {
        loop {
            self.run(&mut request)?;
            if !request.is_full() {
                return Ok(request);
            }
            if request.buffer_mut().len() >= LONGEST_ANSWER {
                return Err(request.refused(Errno::ENOMEM));
            }
            request.grow();
        }
    }

    /// The driver's version.
    fn version(&self) -> Result<Version, DmError> {
        Ok(self.ask(Request::version())?.driver())
    }

    /// The targets the kernel has loaded.
    fn targets(&self) -> Result<Vec<TargetVersion>, DmError> {
        self.ask(Request::targets())?.target_versions()
    }

    /// One target's version, its module loaded for the purpose; nothing where the kernel has no such target.
    /// Kernels before 5.2 load nothing and tell of loaded targets only.
    fn target_version(&self, target: &DmName) -> Result<Option<Version>, DmError> {
        let loaded = match self.ask(Request::target_version(target)) {
            Ok(answer) => answer.target_versions()?,
            Err(error) if matches!(error.errno(), Some(Errno::EINVAL | Errno::ENOTTY)) => self.targets()?,
            Err(error) => return Err(error),
        };
        let found = loaded.into_iter().find(|loaded| loaded.name == target.as_str());
        Ok(found.map(|found| found.version))
    }

    /// All devices, uuids included, in one ioctl (and one more per device on kernels before 5.12).
    fn list(&self) -> Result<Vec<Listed>, DmError> {
        let answer = self.ask(Request::list())?;
        let mut devices = Vec::new();
        for (mut device, uuid_known) in answer.listed_partly()? {
            if !uuid_known {
                match self.info(device.number.into())? {
                    Some(info) => device.uuid = info.uuid,
                    None => continue,
                }
            }
            devices.push(device);
        }
        Ok(devices)
    }

    /// Makes a device without a table. Refused with EBUSY where name or uuid is taken, with ENXIO
    /// where the number asked for is.
    fn create(&self, name: &DmName, uuid: Option<&DmUuid>, number: Option<DevNo>) -> Result<Info, DmError> {
        self.ask(Request::create(name, uuid, number))?.device_info()
    }

    /// Loads a table into the inactive slot, replacing one that waits there.
    fn load(&self, device: Device<'_>, table: &Table, access: Access) -> Result<Info, DmError> {
        self.ask(Request::load(device, table, access)?)?.device_info()
    }

    /// Drops the table in the inactive slot, if there is one.
    fn clear(&self, device: Device<'_>) -> Result<Info, DmError> {
        self.ask(Request::clear(device))?.device_info()
    }

    /// Holds I/O back. Succeeds on a suspended device.
    fn suspend(&self, device: Device<'_>, how: Suspend) -> Result<Info, DmError> {
        self.ask(Request::suspend(device, how))?.device_info()
    }

    /// Makes the inactive table live, where there is one, and lets I/O through. [`Info::uevent`] says
    /// whether udev heard of it.
    fn resume(&self, device: Device<'_>, how: Suspend, event: Event) -> Result<Info, DmError> {
        self.ask(Request::resume(device, how, event))?.device_info()
    }

    /// Takes a device away; with [`Removal::Deferred`] an open one stays until its last close.
    fn remove(&self, device: Device<'_>, how: Removal, event: Event) -> Result<Removed, DmError> {
        let mut request = Request::remove(device, how == Removal::Deferred, event);
        let (times, pause) = match how {
            Removal::Retry { times, pause } => (times, pause),
            Removal::Now | Removal::Deferred => (0, Default::default()),
        };
        for _ in 0..times {
            match self.run(&mut request) {
                Err(error) if error.is_busy() => sleep(pause),
                Err(error) => return Err(error),
                Ok(()) => return Ok(request.removed()),
            }
        }
        self.run(&mut request)?;
        Ok(request.removed())
    }

    /// Gives a device another name. Refused with EBUSY where it is taken. The kernel finds the device by its
    /// present name only.
    fn rename(&self, from: &DmName, to: &DmName, event: Event) -> Result<Info, DmError> {
        self.ask(Request::rename(from, to, event))?.device_info()
    }

    /// Gives a device without uuid one. The kernel never changes one.
    fn set_uuid(&self, name: &DmName, uuid: &DmUuid, event: Event) -> Result<Info, DmError> {
        self.ask(Request::set_uuid(name, uuid, event))?.device_info()
    }

    /// The device's state; nothing where there is no such device.
    fn info(&self, device: Device<'_>) -> Result<Option<Info>, DmError> {
        match self.ask(Request::info(device)) {
            Err(error) if error.is_no_device() => Ok(None),
            answer => answer?.device_info().map(Some),
        }
    }

    /// Blocks until the device has had more events than `event_nr`, or a signal comes (EINTR).
    fn wait(&self, device: Device<'_>, event_nr: u32) -> Result<Info, DmError> {
        self.ask(Request::wait(device, event_nr))?.device_info()
    }

    /// The devices a table uses, each once.
    fn deps(&self, device: Device<'_>, slot: Slot) -> Result<Vec<DevNo>, DmError> {
        self.ask(Request::deps(device, slot))?.dependencies()
    }

    /// A table; empty where the slot is.
    fn table(&self, device: Device<'_>, slot: Slot) -> Result<Table, DmError> {
        self.ask(Request::table(device, slot))?.targets_loaded()
    }

    /// The state and a table in one ioctl. [`Info::target_count`] is that of the slot asked for.
    fn table_and_info(&self, device: Device<'_>, slot: Slot) -> Result<(Info, Table), DmError> {
        let answer = self.ask(Request::table(device, slot))?;
        Ok((answer.device_info()?, answer.targets_loaded()?))
    }

    /// What the targets of the live table say. With `noflush` nothing is written for the answer's sake.
    fn status(&self, device: Device<'_>, noflush: bool) -> Result<Vec<TargetStatus>, DmError> {
        self.ask(Request::status(device, noflush))?.statuses()
    }

    /// Tells the target at `sector` something; gives its reply, where it makes one.
    fn message(&self, device: Device<'_>, sector: Sectors, text: &str) -> Result<Option<String>, DmError> {
        debug_assert!(!text.contains('\0'), "a message ends at its first NUL");
        let mut request = Request::message(device, sector, text);
        // A reply that did not fit is not asked for again: the message would be sent twice.
        self.run(&mut request)?;
        request.reply()
    }
}
