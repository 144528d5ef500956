//! Requests read, answers written: the kernel's half of the encoding.

use crate::sys::abi::{self, flag};
use crate::{Access, DevNo, Errno, Info, Kind, Listed, Request, Suspend, Table, Target, TargetVersion};
use units::Sectors;

/// What a request says, as the kernel reads it.
pub(super) struct Asked {
    pub(super) name: String,
    pub(super) uuid: String,
    pub(super) number: Option<DevNo>,
    pub(super) flags: u32,
    pub(super) event: u32,
    pub(super) target_count: u32,
    pub(super) data: Vec<u8>,
}

impl Asked {
    pub(super) fn read(request: &mut Request) -> Result<Self, Errno> {
        let buffer = request.buffer_mut();
        let field = |at| abi::u32_at(buffer, at).ok_or(Errno::EINVAL);
        let text = |range: std::ops::Range<usize>| {
            let bytes = abi::text_at(&buffer[..range.end], range.start).ok_or(Errno::EINVAL)?;
            Ok(String::from_utf8_lossy(bytes).into_owned())
        };
        let dev = abi::u64_at(buffer, abi::DEV).ok_or(Errno::EINVAL)?;
        Ok(Self {
            name: text(abi::NAME)?,
            uuid: text(abi::UUID)?,
            number: (dev != 0).then(|| DevNo::decode(dev)),
            flags: field(abi::FLAGS)?,
            event: field(abi::EVENT_NR)?,
            target_count: field(abi::TARGET_COUNT)?,
            data: buffer.get(abi::HEADER..).unwrap_or_default().to_vec(),
        })
    }

    pub(super) fn has(&self, flag: u32) -> bool {
        self.flags & flag != 0
    }

    pub(super) fn access(&self) -> Access {
        if self.has(flag::READONLY) { Access::ReadOnly } else { Access::ReadWrite }
    }

    pub(super) fn how(&self) -> Suspend {
        Suspend { noflush: self.has(flag::NOFLUSH), skip_lockfs: self.has(flag::SKIP_LOCKFS) }
    }

    /// The text after the fixed part, from `at` on.
    pub(super) fn text(&self, at: usize) -> Result<String, Errno> {
        let bytes = abi::text_at(&self.data, at).ok_or(Errno::EINVAL)?;
        Ok(String::from_utf8_lossy(bytes).into_owned())
    }

    pub(super) fn sector(&self) -> Sectors {
        Sectors::new(abi::u64_at(&self.data, 0).unwrap_or(0))
    }

    /// The targets of a load; here each one says how far the next is.
    pub(super) fn table(&self) -> Result<Table, Errno> {
        let (mut targets, mut at) = (Vec::new(), 0usize);
        for _ in 0..self.target_count {
            let spec =
                self.data.get(at..).filter(|spec| spec.len() > abi::TARGET_SPEC).ok_or(Errno::EINVAL)?;
            let number = |place| abi::u64_at(spec, place).map(Sectors::new).ok_or(Errno::EINVAL);
            let text = |place| abi::text_at(spec, place).map(String::from_utf8_lossy).ok_or(Errno::EINVAL);
            let params = text(abi::TARGET_SPEC)?.replace("\\\\", "\\");
            let kind = Kind::parse(&text(24)?, &params).map_err(|_| Errno::EINVAL)?;
            targets.push(Target { start: number(0)?, len: number(8)?, kind });
            let next = abi::u32_at(spec, 20).ok_or(Errno::EINVAL)? as usize;
            if !next.is_multiple_of(8) || next <= abi::TARGET_SPEC {
                return Err(Errno::EINVAL);
            }
            at += next;
        }
        if targets.is_empty() { Err(Errno::EINVAL) } else { Ok(Table::new(targets)) }
    }
}

/// Writes the fixed part of an answer, keeping nothing of the request's flags.
pub(super) fn put_header(request: &mut Request, info: Option<&Info>, flags: u32) {
    let buffer = request.buffer_mut();
    abi::put_u32(buffer, 0, 4);
    abi::put_u32(buffer, 4, 48);
    let Some(info) = info else { return abi::put_u32(buffer, abi::FLAGS, flags) };
    let bits = [
        (info.access == Access::ReadOnly, flag::READONLY),
        (info.suspended, flag::SUSPEND),
        (info.live_table, flag::ACTIVE_PRESENT),
        (info.inactive_table, flag::INACTIVE_PRESENT),
        (info.deferred_remove, flag::DEFERRED_REMOVE),
    ];
    let set = bits.iter().filter(|(on, _)| *on).fold(flags, |all, (_, bit)| all | bit);
    abi::put_u32(buffer, abi::FLAGS, set);
    abi::put_u64(buffer, abi::DEV, info.number.encode());
    abi::put_text(buffer, abi::NAME, info.name.as_str());
    abi::put_text(buffer, abi::UUID, info.uuid.as_ref().map_or("", |uuid| uuid.as_str()));
    abi::put_u32(buffer, abi::OPEN_COUNT, info.open_count);
    abi::put_u32(buffer, abi::EVENT_NR, info.event_nr);
    abi::put_u32(buffer, abi::TARGET_COUNT, info.target_count);
}

/// Writes what follows the fixed part, or marks the answer as too long for its buffer.
pub(super) fn put_data(request: &mut Request, data: &[u8]) {
    let buffer = request.buffer_mut();
    let end = abi::HEADER + data.len();
    match buffer.get_mut(abi::HEADER..end) {
        Some(room) => {
            room.copy_from_slice(data);
            abi::put_u32(buffer, abi::DATA_SIZE, end as u32);
        }
        None => {
            let flags = abi::u32_at(buffer, abi::FLAGS).unwrap_or(0);
            abi::put_u32(buffer, abi::FLAGS, flags | flag::BUFFER_FULL);
        }
    }
}

fn pad(bytes: &mut Vec<u8>) {
    bytes.resize(abi::align(bytes.len()), 0);
}

/// Targets with a text each; in answers each one says how far the next is from the first.
pub(super) fn targets(table: &Table, texts: &[String]) -> Vec<u8> {
    let mut data = Vec::new();
    for (target, text) in table.targets.iter().zip(texts) {
        let at = data.len();
        data.resize(at + abi::TARGET_SPEC, 0);
        abi::put_u64(&mut data, at, target.start.get());
        abi::put_u64(&mut data, at + 8, target.len.get());
        abi::put_text(&mut data, at + 24..at + abi::TARGET_SPEC, target.kind.name());
        data.extend_from_slice(text.as_bytes());
        data.push(0);
        pad(&mut data);
        let next = data.len() as u32;
        abi::put_u32(&mut data, at + 20, next);
    }
    data
}

/// Names, numbers, event counts and uuids.
pub(super) fn listed(devices: &[Listed]) -> Vec<u8> {
    let mut data = Vec::new();
    for (index, device) in devices.iter().enumerate() {
        let at = data.len();
        data.resize(at + 12, 0);
        abi::put_u64(&mut data, at, device.number.encode());
        data.extend_from_slice(device.name.as_str().as_bytes());
        data.push(0);
        pad(&mut data);
        let flags = if device.uuid.is_some() { abi::LISTED_UUID } else { abi::LISTED_NO_UUID };
        data.extend_from_slice(&device.event_nr.unwrap_or(0).to_ne_bytes());
        data.extend_from_slice(&flags.to_ne_bytes());
        if let Some(uuid) = &device.uuid {
            data.extend_from_slice(uuid.as_str().as_bytes());
            data.push(0);
        }
        pad(&mut data);
        if index + 1 < devices.len() {
            let next = (data.len() - at) as u32;
            abi::put_u32(&mut data, at + 8, next);
        }
    }
    if data.is_empty() {
        data.resize(16, 0);
    }
    data
}

/// Targets' versions.
pub(super) fn versions<'a>(targets: impl Iterator<Item = &'a TargetVersion>) -> Vec<u8> {
    let mut data: Vec<u8> = Vec::new();
    let mut last = None;
    for target in targets {
        let at = data.len();
        if let Some(last) = last.replace(at) {
            abi::put_u32(&mut data, last, (at - last) as u32);
        }
        data.resize(at + 16, 0);
        let version = target.version;
        for (place, number) in [(4, version.major), (8, version.minor), (12, version.patch)] {
            abi::put_u32(&mut data, at + place, number);
        }
        data.extend_from_slice(target.name.as_bytes());
        data.push(0);
        pad(&mut data);
    }
    data
}

/// Numbers of devices.
pub(super) fn deps(numbers: impl ExactSizeIterator<Item = DevNo>) -> Vec<u8> {
    let mut data = vec![0; 8];
    abi::put_u32(&mut data, 0, numbers.len() as u32);
    for number in numbers {
        data.extend_from_slice(&number.encode().to_ne_bytes());
    }
    data
}
