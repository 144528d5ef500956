//! From bytes to values. The kernel is trusted to be honest, not to be free of surprises: nothing here panics.

use super::Request;
use crate::sys::abi::{self, flag};
use crate::{Access, DevNo, DmError, DmName, DmUuid, Info, Kind, Listed, Removed, Table, Target};
use crate::{TargetStatus, TargetVersion, Version};
use units::Sectors;

/// One target of an answer: start, length, name, text.
struct Spec<'a> {
    start: Sectors,
    len: Sectors,
    name: std::borrow::Cow<'a, str>,
    text: std::borrow::Cow<'a, str>,
}

/// From which version on a list of names carries event numbers. [L libdm-iface.c, _check_has_event_nr]
const LIST_WITH_EVENTS: Version = Version { major: 4, minor: 38, patch: 0 };

impl Request {
    /// Whether the answer did not fit.
    pub(crate) fn is_full(&self) -> bool {
        self.flags() & flag::BUFFER_FULL != 0
    }

    /// Whether a uevent was made, so that udev will take back the cookie.
    pub fn made_uevent(&self) -> bool {
        self.flags() & flag::UEVENT_GENERATED != 0
    }

    /// What became of a removal. Nothing else in its answer means anything.
    pub(crate) fn removed(&self) -> Removed {
        Removed {
            uevent: self.made_uevent(),
            deferred_remove: self.flags() & flag::DEFERRED_REMOVE != 0 && !self.made_uevent(),
        }
    }

    /// The number in the answer.
    pub fn number(&self) -> DevNo {
        DevNo::decode(abi::u64_at(&self.buffer, abi::DEV).unwrap_or(0))
    }

    /// The state in the answer.
    pub fn device_info(&self) -> Result<Info, DmError> {
        let flags = self.flags();
        let field = |at| abi::u32_at(&self.buffer, at).unwrap_or(0);
        let text = |range: std::ops::Range<usize>| {
            abi::text_at(&self.buffer[..range.end], range.start).ok_or_else(|| self.damaged("name"))
        };
        Ok(Info {
            name: DmName::from_kernel(text(abi::NAME)?),
            uuid: DmUuid::from_kernel(text(abi::UUID)?),
            number: self.number(),
            open_count: field(abi::OPEN_COUNT),
            event_nr: field(abi::EVENT_NR),
            target_count: field(abi::TARGET_COUNT),
            access: if flags & flag::READONLY == 0 { Access::ReadWrite } else { Access::ReadOnly },
            suspended: flags & flag::SUSPEND != 0,
            internally_suspended: flags & flag::INTERNAL_SUSPEND != 0,
            live_table: flags & flag::ACTIVE_PRESENT != 0,
            inactive_table: flags & flag::INACTIVE_PRESENT != 0,
            deferred_remove: flags & flag::DEFERRED_REMOVE != 0,
            uevent: self.made_uevent(),
        })
    }

    /// What follows the fixed part.
    fn data(&self) -> Result<&[u8], DmError> {
        let start = abi::u32_at(&self.buffer, abi::DATA_START).unwrap_or(0) as usize;
        let end = (abi::u32_at(&self.buffer, abi::DATA_SIZE).unwrap_or(0) as usize).max(start);
        self.buffer
            .get(start..end.min(self.buffer.len()))
            .filter(|_| start >= abi::HEADER)
            .ok_or_else(|| self.damaged("length"))
    }

    /// All devices, as listed.
    pub fn listed(&self) -> Result<Vec<Listed>, DmError> {
        self.listed_partly().map(|listed| listed.into_iter().map(|(device, _)| device).collect())
    }

    /// All devices, each with whether the kernel said if it has a uuid.
    pub(crate) fn listed_partly(&self) -> Result<Vec<(Listed, bool)>, DmError> {
        let (data, damaged) = (self.data()?, || self.damaged("list of devices"));
        let (mut listed, mut at) = (Vec::new(), 0);
        loop {
            // No device at all is a record with number 0.
            let dev = match abi::u64_at(data, at) {
                None if at == 0 => return Ok(listed),
                None => return Err(damaged()),
                Some(0) => return Ok(listed),
                Some(dev) => dev,
            };
            let next = abi::u32_at(data, at + 8).ok_or_else(damaged)? as usize;
            let name = abi::text_at(data, at + 12).ok_or_else(damaged)?;
            let mut device = Listed {
                name: DmName::from_kernel(name),
                uuid: None,
                number: DevNo::decode(dev),
                event_nr: None,
            };
            let mut known = false;
            if self.driver() >= LIST_WITH_EVENTS {
                let extra = abi::align(at + 12 + name.len() + 1);
                device.event_nr = abi::u32_at(data, extra);
                let flags = abi::u32_at(data, extra + 4).unwrap_or(0);
                known = flags & (abi::LISTED_UUID | abi::LISTED_NO_UUID) != 0;
                if flags & abi::LISTED_UUID != 0 {
                    device.uuid = DmUuid::from_kernel(abi::text_at(data, extra + 8).ok_or_else(damaged)?);
                }
            }
            listed.push((device, known));
            if next == 0 {
                return Ok(listed);
            }
            at = at.checked_add(next).ok_or_else(damaged)?;
        }
    }

    /// Targets and their versions.
    pub fn target_versions(&self) -> Result<Vec<TargetVersion>, DmError> {
        let (data, damaged) = (self.data()?, || self.damaged("list of targets"));
        let (mut versions, mut at) = (Vec::new(), 0usize);
        while at < data.len() {
            let next = abi::u32_at(data, at).ok_or_else(damaged)? as usize;
            let number = |place| abi::u32_at(data, at + place).ok_or_else(damaged);
            let version = Version { major: number(4)?, minor: number(8)?, patch: number(12)? };
            let name = abi::text_at(data, at + 16).ok_or_else(damaged)?;
            versions.push(TargetVersion { name: String::from_utf8_lossy(name).into_owned(), version });
            if next == 0 {
                break;
            }
            at = at.checked_add(next).ok_or_else(damaged)?;
        }
        Ok(versions)
    }

    /// The devices a table uses.
    pub fn dependencies(&self) -> Result<Vec<DevNo>, DmError> {
        let (data, damaged) = (self.data()?, || self.damaged("list of dependencies"));
        let count = abi::u32_at(data, 0).ok_or_else(damaged)? as usize;
        let numbers = data.get(8..).unwrap_or_default().chunks_exact(8).take(count);
        if numbers.len() < count {
            return Err(damaged());
        }
        Ok(numbers.filter_map(|bytes| abi::u64_at(bytes, 0)).map(DevNo::decode).collect())
    }

    /// Targets with what each says, or its parameters.
    fn specs(&self) -> Result<Vec<Spec<'_>>, DmError> {
        let (data, damaged) = (self.data()?, || self.damaged("list of targets"));
        let count = abi::u32_at(&self.buffer, abi::TARGET_COUNT).unwrap_or(0);
        let (mut specs, mut at) = (Vec::new(), 0usize);
        for _ in 0..count {
            let spec = data.get(at..).filter(|spec| spec.len() > abi::TARGET_SPEC).ok_or_else(damaged)?;
            let name = &spec[24..abi::TARGET_SPEC];
            let name = name.split(|&byte| byte == 0).next().unwrap_or_default();
            let text = abi::text_at(spec, abi::TARGET_SPEC).ok_or_else(damaged)?;
            specs.push(Spec {
                start: abi::u64_at(spec, 0).map(Sectors::new).ok_or_else(damaged)?,
                len: abi::u64_at(spec, 8).map(Sectors::new).ok_or_else(damaged)?,
                name: String::from_utf8_lossy(name),
                text: String::from_utf8_lossy(text),
            });
            // In answers the next target is counted from the start of the first.
            let next = abi::u32_at(spec, 20).ok_or_else(damaged)? as usize;
            if next <= at && specs.len() < count as usize {
                return Err(damaged());
            }
            at = next;
        }
        Ok(specs)
    }

    /// The targets' own words.
    pub fn statuses(&self) -> Result<Vec<TargetStatus>, DmError> {
        let status = |spec: Spec<'_>| TargetStatus {
            start: spec.start,
            len: spec.len,
            name: spec.name.into_owned(),
            status: spec.text.trim_end_matches(' ').to_owned(),
        };
        Ok(self.specs()?.into_iter().map(status).collect())
    }

    /// The table in the answer.
    pub fn targets_loaded(&self) -> Result<Table, DmError> {
        let target = |spec: Spec<'_>| Target {
            start: spec.start,
            len: spec.len,
            kind: Kind::lenient(&spec.name, &spec.text),
        };
        Ok(Table::new(self.specs()?.into_iter().map(target).collect()))
    }

    /// What a target answered to a message, where it did.
    pub fn reply(&self) -> Result<Option<String>, DmError> {
        if self.flags() & flag::DATA_OUT == 0 {
            return Ok(None);
        }
        let reply = abi::text_at(self.data()?, 0).ok_or_else(|| self.damaged("reply"))?;
        Ok(Some(String::from_utf8_lossy(reply).into_owned()))
    }
}
