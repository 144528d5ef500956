//! From values to bytes.

use super::{Request, Slot, Suspend, Verb};
use crate::sys::abi::{self, flag};
use crate::{Access, DevNo, DevRef, Device, DmError, DmName, DmUuid, Event, Table, Target};
use units::Sectors;

/// Where an answer of unknown length starts; it doubles until the answer fits.
const ANSWER: usize = 16 * 1024;

impl Request {
    /// A request with `extra` bytes after the fixed part.
    fn new(verb: Verb, subject: String, extra: usize) -> Self {
        let mut buffer = vec![0; abi::HEADER + extra];
        // Version 4.0.0 is what every driver since Linux 2.6 accepts; it answers with its own.
        abi::put_u32(&mut buffer, 0, 4);
        abi::put_u32(&mut buffer, abi::DATA_START, abi::HEADER as u32);
        Self { verb, subject, buffer, header: [0; abi::HEADER] }
    }

    /// As [`Self::new`], with the device set.
    fn of(verb: Verb, device: Device<'_>, extra: usize) -> Self {
        let mut request = Self::new(verb, device.to_string(), extra);
        match device {
            Device::Name(name) => abi::put_text(&mut request.buffer, abi::NAME, name.as_str()),
            Device::Uuid(uuid) => abi::put_text(&mut request.buffer, abi::UUID, uuid.as_str()),
            Device::Number(number) => abi::put_u64(&mut request.buffer, abi::DEV, number.encode()),
        }
        request
    }

    fn sealed(mut self) -> Self {
        self.header.copy_from_slice(&self.buffer[..abi::HEADER]);
        self
    }

    /// Twice the room for the answer.
    pub(crate) fn grow(&mut self) {
        self.rewind();
        self.buffer.resize(self.buffer.len() * 2, 0);
    }

    /// The driver's version.
    pub fn version() -> Self {
        Self::new(Verb::Version, "driver".to_owned(), 0).sealed()
    }

    /// All devices, with their uuids (which kernels since 5.12 add where they are asked to).
    pub fn list() -> Self {
        let mut request = Self::new(Verb::List, "devices".to_owned(), ANSWER);
        request.set_flag(flag::UUID);
        request.sealed()
    }

    /// All targets the kernel has loaded.
    pub fn targets() -> Self {
        Self::new(Verb::Targets, "targets".to_owned(), ANSWER).sealed()
    }

    /// One target's version.
    pub fn target_version(target: &DmName) -> Self {
        let mut request = Self::new(Verb::TargetVersion, target.to_string(), ANSWER);
        abi::put_text(&mut request.buffer, abi::NAME, target.as_str());
        request.sealed()
    }

    /// A new device. With `number` it gets that minor (the major is the driver's own in any case).
    pub fn create(name: &DmName, uuid: Option<&DmUuid>, number: Option<DevNo>) -> Self {
        let mut request = Self::of(Verb::Create, Device::Name(name), 0);
        if let Some(uuid) = uuid {
            abi::put_text(&mut request.buffer, abi::UUID, uuid.as_str());
        }
        if let Some(number) = number {
            abi::put_u64(&mut request.buffer, abi::DEV, number.encode());
            request.set_flag(flag::PERSISTENT_DEV);
        }
        request.sealed()
    }

    /// A table for the inactive slot.
    pub fn load(device: Device<'_>, table: &Table, access: Access) -> Result<Self, DmError> {
        let mut request = Self::of(Verb::Load, device, 0);
        for target in &table.targets {
            request.push_target(target)?;
        }
        let count = table.targets.len();
        if u32::try_from(request.buffer.len()).is_err() {
            return Err(request.too_long(format!("{count} targets")));
        }
        abi::put_u32(&mut request.buffer, abi::TARGET_COUNT, count as u32);
        if access == Access::ReadOnly {
            request.set_flag(flag::READONLY);
        }
        Ok(request.sealed())
    }

    /// `struct dm_target_spec`, the parameters, zeros up to the next multiple of eight. The driver takes a
    /// backslash for the start of an escape, so each is doubled.
    fn push_target(&mut self, target: &Target) -> Result<(), DmError> {
        if let Some(reference) = target.kind.devices().into_iter().find(|device| !for_kernel(device)) {
            return Err(DmError::Unresolved { device: self.subject.clone(), reference: reference.clone() });
        }
        let name = target.kind.name();
        if name.len() >= abi::TYPE_NAME || name.is_empty() {
            return Err(self.too_long(format!("target name {name:?}")));
        }
        let params = target.kind.params().replace('\\', "\\\\");
        let at = self.buffer.len();
        let next = abi::align(abi::TARGET_SPEC + params.len() + 1);
        self.buffer.resize(at + next, 0);
        let spec = &mut self.buffer[at..];
        abi::put_u64(spec, 0, target.start.get());
        abi::put_u64(spec, 8, target.len.get());
        abi::put_u32(spec, 20, next as u32);
        abi::put_text(spec, 24..abi::TARGET_SPEC, name);
        spec[abi::TARGET_SPEC..abi::TARGET_SPEC + params.len()].copy_from_slice(params.as_bytes());
        Ok(())
    }

    fn too_long(&self, what: String) -> DmError {
        DmError::TooLong { device: self.subject.clone(), what }
    }

    /// The inactive table dropped.
    pub fn clear(device: Device<'_>) -> Self {
        Self::of(Verb::Clear, device, 0).sealed()
    }

    /// I/O held back.
    pub fn suspend(device: Device<'_>, how: Suspend) -> Self {
        let mut request = Self::of(Verb::Suspend, device, 0);
        request.set_flag(flag::SUSPEND);
        request.set_how(how);
        request.sealed()
    }

    /// The inactive table made live, I/O let through.
    pub fn resume(device: Device<'_>, how: Suspend, event: Event) -> Self {
        let mut request = Self::of(Verb::Resume, device, 0);
        request.set_how(how);
        request.set_event(event);
        request.sealed()
    }

    /// The device taken away, now or at its last close.
    pub fn remove(device: Device<'_>, deferred: bool, event: Event) -> Self {
        let mut request = Self::of(Verb::Remove, device, 0);
        if deferred {
            request.set_flag(flag::DEFERRED_REMOVE);
        }
        request.set_event(event);
        request.sealed()
    }

    /// Another name. The driver finds the device by its present one only.
    pub fn rename(from: &DmName, to: &DmName, event: Event) -> Self {
        let mut request = Self::of(Verb::Rename, Device::Name(from), to.as_str().len() + 1);
        request.put_data(to.as_str());
        request.set_event(event);
        request.sealed()
    }

    /// A uuid, for a device that has none. The driver finds it by its name only.
    pub fn set_uuid(name: &DmName, uuid: &DmUuid, event: Event) -> Self {
        let mut request = Self::of(Verb::SetUuid, Device::Name(name), uuid.as_str().len() + 1);
        request.put_data(uuid.as_str());
        request.set_flag(flag::UUID);
        request.set_event(event);
        request.sealed()
    }

    /// The device's state.
    pub fn info(device: Device<'_>) -> Self {
        Self::of(Verb::Info, device, 0).sealed()
    }

    /// The state once more events than `event_nr` have come.
    pub fn wait(device: Device<'_>, event_nr: u32) -> Self {
        let mut request = Self::of(Verb::Wait, device, ANSWER);
        abi::put_u32(&mut request.buffer, abi::EVENT_NR, event_nr);
        request.sealed()
    }

    /// The devices a table uses.
    pub fn deps(device: Device<'_>, slot: Slot) -> Self {
        Self::query(Verb::Deps, device, slot).sealed()
    }

    /// A table.
    pub fn table(device: Device<'_>, slot: Slot) -> Self {
        let mut request = Self::query(Verb::Table, device, slot);
        request.set_flag(flag::STATUS_TABLE);
        request.sealed()
    }

    /// What the targets say. With `noflush` a thin pool reports what it has without a commit first.
    pub fn status(device: Device<'_>, noflush: bool) -> Self {
        let mut request = Self::query(Verb::Status, device, Slot::Live);
        if noflush {
            request.set_flag(flag::NOFLUSH);
        }
        request.sealed()
    }

    /// A message to the target at `sector`.
    pub fn message(device: Device<'_>, sector: Sectors, text: &str) -> Self {
        let mut request = Self::of(Verb::Message, device, (abi::MESSAGE + text.len() + 1).max(ANSWER));
        abi::put_u64(&mut request.buffer, abi::HEADER, sector.get());
        let at = abi::HEADER + abi::MESSAGE;
        request.buffer[at..at + text.len()].copy_from_slice(text.as_bytes());
        request.sealed()
    }

    fn query(verb: Verb, device: Device<'_>, slot: Slot) -> Self {
        let mut request = Self::of(verb, device, ANSWER);
        if slot == Slot::Inactive {
            request.set_flag(flag::QUERY_INACTIVE);
        }
        request
    }

    fn put_data(&mut self, text: &str) {
        self.buffer[abi::HEADER..abi::HEADER + text.len()].copy_from_slice(text.as_bytes());
    }

    fn set_how(&mut self, how: Suspend) {
        if how.noflush {
            self.set_flag(flag::NOFLUSH);
        }
        if how.skip_lockfs {
            self.set_flag(flag::SKIP_LOCKFS);
        }
    }

    /// Sets or replaces what goes into the uevent. Allocates nothing.
    pub fn set_event(&mut self, event: Event) {
        abi::put_u32(&mut self.buffer, abi::EVENT_NR, event.number());
        abi::put_u32(&mut self.header, abi::EVENT_NR, event.number());
    }
}

/// Whether the kernel can find the device by what the table says.
fn for_kernel(device: &DevRef) -> bool {
    match device {
        DevRef::Number(_) => true,
        DevRef::Path(path) => {
            path.is_absolute() && path.to_str().is_some_and(|path| !path.contains(char::is_whitespace))
        }
        DevRef::Disk(_) | DevRef::Node(_) => false,
    }
}
