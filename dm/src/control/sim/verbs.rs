//! What each verb does, and when the kernel refuses it. [kernel drivers/md/dm-ioctl.c, dm.c]

use super::Logged;
use super::bytes::{self, Asked};
use super::state::{Loaded, MAJOR, Node, State};
use crate::sys::abi::{self, flag};
use crate::{Access, DevNo, DmName, DmUuid, Errno, Kind, Listed, Request, Table, Target, Verb};

impl State {
    /// Answers one request, and notes it.
    pub(super) fn answer(&mut self, request: &mut Request) -> Result<(), Errno> {
        let (verb, asked) = (request.verb(), Asked::read(request)?);
        let found = match verb {
            // The kernel looks nowhere else for these.
            Verb::Rename | Verb::SetUuid => self.by_name(&asked.name),
            _ => self.find(&asked),
        };
        let node = found.and_then(|minor| self.devices.get(&minor));
        let device = node.map_or_else(|| request.subject().to_owned(), |node| node.name.to_string());
        let detail = detail(verb, &asked);
        let outcome = match self.planned(verb, &device) {
            Some(errno) => Err(errno),
            None => self.act(verb, &asked, found, request),
        };
        self.log.push(Logged { verb, device, detail, outcome });
        self.reap();
        outcome
    }

    /// By uuid where there is one, else by name, else by number.
    fn find(&self, asked: &Asked) -> Option<u32> {
        if !asked.uuid.is_empty() {
            return self.by_uuid(&asked.uuid);
        }
        if !asked.name.is_empty() {
            return self.by_name(&asked.name);
        }
        let number = asked.number.filter(|number| number.major == MAJOR)?;
        self.devices.contains_key(&number.minor).then_some(number.minor)
    }

    fn act(
        &mut self,
        verb: Verb,
        asked: &Asked,
        found: Option<u32>,
        request: &mut Request,
    ) -> Result<(), Errno> {
        match verb {
            Verb::Version => bytes::put_header(request, None, 0),
            Verb::List => {
                bytes::put_header(request, None, 0);
                bytes::put_data(request, &bytes::listed(&self.listed()));
            }
            Verb::Targets => {
                bytes::put_header(request, None, 0);
                bytes::put_data(request, &bytes::versions(self.targets.iter()));
            }
            Verb::TargetVersion => {
                let mut named = self.targets.iter().filter(|target| target.name == asked.name).peekable();
                named.peek().ok_or(Errno::EINVAL)?;
                bytes::put_header(request, None, 0);
                bytes::put_data(request, &bytes::versions(named));
            }
            Verb::Create => {
                let minor = self.create(asked)?;
                bytes::put_header(request, self.info(minor).as_ref(), 0);
            }
            // The new name is looked at before the old one.
            Verb::Rename if self.by_name(&asked.text(0)?).is_some() => return Err(Errno::EBUSY),
            Verb::Remove => return self.remove(found.ok_or(Errno::ENXIO)?, asked, request),
            _ => return self.act_on(verb, asked, found.ok_or(Errno::ENXIO)?, request),
        }
        Ok(())
    }

    /// The verbs that need a device and leave it there.
    fn act_on(&mut self, verb: Verb, asked: &Asked, minor: u32, request: &mut Request) -> Result<(), Errno> {
        let mut flags = 0;
        let mut data = None;
        match verb {
            Verb::Rename => {
                self.rename(minor, &asked.text(0)?)?;
                flags = self.uevent(minor);
            }
            Verb::SetUuid => {
                self.set_uuid(minor, &asked.text(0)?)?;
                flags = self.uevent(minor);
            }
            Verb::Load => self.load(minor, asked)?,
            Verb::Clear => self.node(minor)?.inactive = None,
            Verb::Suspend => self.node(minor)?.suspended = true,
            Verb::Resume => flags = if self.resume(minor)? { flag::UEVENT_GENERATED } else { 0 },
            Verb::Deps => {
                let table = self.slot(minor, asked);
                data = Some(bytes::deps(table.numbers().into_iter()));
            }
            Verb::Table => {
                let table = self.slot(minor, asked);
                let texts: Vec<String> = table.targets.iter().map(|target| target.kind.params()).collect();
                data = Some(bytes::targets(&table, &texts));
            }
            Verb::Status | Verb::Wait => {
                let table = self.slot(minor, asked);
                data = Some(bytes::targets(&table, &self.texts(minor, &table)));
            }
            Verb::Message => {
                data = self.message(minor, asked)?;
                flags = if data.is_some() { flag::DATA_OUT } else { 0 };
            }
            _ => {}
        }
        let mut info = self.info(minor).ok_or(Errno::ENXIO)?;
        if matches!(verb, Verb::Table | Verb::Status | Verb::Deps | Verb::Wait) {
            info.target_count = self.slot(minor, asked).targets.len() as u32;
        }
        bytes::put_header(request, Some(&info), flags);
        if let Some(data) = data {
            bytes::put_data(request, &data);
        }
        Ok(())
    }

    fn node(&mut self, minor: u32) -> Result<&mut Node, Errno> {
        self.devices.get_mut(&minor).ok_or(Errno::ENXIO)
    }

    /// The kernel shows a device to udev with its first table, not before.
    fn uevent(&self, minor: u32) -> u32 {
        let live = self.devices.get(&minor).is_some_and(|node| node.live.is_some());
        if live { flag::UEVENT_GENERATED } else { 0 }
    }

    /// The table in the slot asked for; empty where the slot is.
    fn slot(&self, minor: u32, asked: &Asked) -> Table {
        let Some(node) = self.devices.get(&minor) else { return Table::default() };
        let slot = if asked.has(flag::QUERY_INACTIVE) { &node.inactive } else { &node.live };
        slot.as_ref().map(|slot| slot.table.clone()).unwrap_or_default()
    }

    /// What targets say: what the test set, else what healthy ones do.
    fn texts(&self, minor: u32, table: &Table) -> Vec<String> {
        let set = self.devices.get(&minor).and_then(|node| self.statuses.get(node.name.as_str()));
        let healthy = |kind: &Kind| match kind {
            Kind::Striped(striped) => {
                let devices: Vec<String> =
                    striped.stripes.iter().map(|stripe| stripe.device.to_string()).collect();
                format!("{} {} 1 {}", devices.len(), devices.join(" "), "A".repeat(devices.len()))
            }
            _ => String::new(),
        };
        let own = table.targets.iter().enumerate().map(|(index, target)| {
            set.and_then(|set| set.get(index)).cloned().unwrap_or_else(|| healthy(&target.kind))
        });
        own.collect()
    }

    fn listed(&self) -> Vec<Listed> {
        let listed = |(&minor, node): (&u32, &Node)| Listed {
            name: node.name.clone(),
            uuid: node.uuid.clone(),
            number: DevNo::new(MAJOR, minor),
            event_nr: Some(node.event_nr),
        };
        self.devices.iter().map(listed).collect()
    }

    fn create(&mut self, asked: &Asked) -> Result<u32, Errno> {
        let name = DmName::new(asked.name.clone()).map_err(|_| Errno::EINVAL)?;
        if self.by_name(&asked.name).is_some() {
            return Err(Errno::EBUSY);
        }
        let uuid = match asked.uuid.as_str() {
            "" => None,
            uuid if self.by_uuid(uuid).is_some() => return Err(Errno::EBUSY),
            uuid => Some(DmUuid::new(uuid).map_err(|_| Errno::EINVAL)?),
        };
        let wanted = asked.number.filter(|_| asked.has(flag::PERSISTENT_DEV)).map(|number| number.minor);
        let minor = match wanted {
            Some(minor) if self.devices.contains_key(&minor) => return Err(Errno::ENXIO),
            Some(minor) => minor,
            None => (0..).find(|minor| !self.devices.contains_key(minor)).ok_or(Errno::EBUSY)?,
        };
        self.devices.insert(minor, Node::new(name, uuid));
        Ok(minor)
    }

    fn load(&mut self, minor: u32, asked: &Asked) -> Result<(), Errno> {
        let (table, access) = (asked.table()?, asked.access());
        self.check(minor, &table)?;
        self.node(minor)?.inactive = Some(Loaded { table, access });
        Ok(())
    }

    /// The reply that was set for a message; without one most targets take none.
    fn message(&mut self, minor: u32, asked: &Asked) -> Result<Option<Vec<u8>>, Errno> {
        let live = self.node(minor)?.live.as_ref().ok_or(Errno::EINVAL)?;
        let at = asked.sector();
        let mut targets = live.table.targets.iter();
        let holds = |target: &&Target| at >= target.start && at < target.start + target.len;
        let listens = match &targets.find(holds).ok_or(Errno::EINVAL)?.kind {
            Kind::ThinPool(_) | Kind::Other(_) => true,
            Kind::Linear(_) | Kind::Striped(_) | Kind::Error | Kind::Zero | Kind::Snapshot(_) => false,
            Kind::SnapshotOrigin(_) | Kind::SnapshotMerge(_) | Kind::Mirror(_) | Kind::Thin(_) => false,
        };
        match self.replies.remove(&asked.text(abi::MESSAGE)?) {
            Some(reply) => Ok(Some([reply.as_bytes(), b"\0"].concat())),
            None if listens => Ok(None),
            None => Err(Errno::EINVAL),
        }
    }

    /// Whether the device had to be resumed at all, which is when a uevent comes.
    fn resume(&mut self, minor: u32) -> Result<bool, Errno> {
        let node = self.node(minor)?;
        let Some(loaded) = node.inactive.take() else {
            if node.suspended && node.live.is_none() {
                return Err(Errno::EINVAL);
            }
            return Ok(std::mem::take(&mut node.suspended));
        };
        // Whether it fits what it stands on is looked at only now; if not, it is lost, and I/O held back.
        node.suspended = true;
        self.check_ranges(&loaded.table)?;
        let node = self.node(minor)?;
        node.live = Some(loaded);
        node.suspended = false;
        node.event_nr += 1;
        Ok(true)
    }

    fn remove(&mut self, minor: u32, asked: &Asked, request: &mut Request) -> Result<(), Errno> {
        if self.open_count(minor) > 0 {
            if !asked.has(flag::DEFERRED_REMOVE) {
                return Err(Errno::EBUSY);
            }
            self.node(minor)?.deferred = true;
            bytes::put_header(request, self.info(minor).as_ref(), 0);
            return Ok(());
        }
        let mut info = self.info(minor).ok_or(Errno::ENXIO)?;
        info.deferred_remove = false;
        let uevent = self.uevent(minor);
        self.devices.remove(&minor);
        bytes::put_header(request, Some(&info), uevent);
        Ok(())
    }

    fn rename(&mut self, minor: u32, name: &str) -> Result<(), Errno> {
        self.node(minor)?.name = DmName::new(name).map_err(|_| Errno::EINVAL)?;
        Ok(())
    }

    fn set_uuid(&mut self, minor: u32, uuid: &str) -> Result<(), Errno> {
        let new = DmUuid::new(uuid).map_err(|_| Errno::EINVAL)?;
        if self.by_uuid(uuid).is_some() {
            return Err(Errno::EBUSY);
        }
        let node = self.node(minor)?;
        if node.uuid.is_some() {
            return Err(Errno::EINVAL);
        }
        node.uuid = Some(new);
        Ok(())
    }
}

/// What the log says beside verb and device.
fn detail(verb: Verb, asked: &Asked) -> String {
    let mut words: Vec<String> = Vec::new();
    match verb {
        Verb::Create => {
            if !asked.uuid.is_empty() {
                words.push(format!("uuid={}", asked.uuid));
            }
            if let Some(number) = asked.number.filter(|_| asked.has(flag::PERSISTENT_DEV)) {
                words.push(format!("minor={}", number.minor));
            }
        }
        Verb::Load => {
            if asked.access() == Access::ReadOnly {
                words.push("read-only".to_owned());
            }
            let table = asked.table().map(|table| table.to_string().replace('\n', "; "));
            words.push(table.unwrap_or_else(|_| "(a damaged table)".to_owned()));
        }
        Verb::Rename | Verb::SetUuid => words.extend(asked.text(0).ok()),
        Verb::Message => {
            words.push(format!("{} {}", asked.sector(), asked.text(abi::MESSAGE).unwrap_or_default()))
        }
        Verb::Remove if asked.has(flag::DEFERRED_REMOVE) => words.push("deferred".to_owned()),
        _ => {}
    }
    if matches!(verb, Verb::Suspend | Verb::Resume) {
        let how = asked.how();
        words.extend(how.noflush.then(|| "noflush".to_owned()));
        words.extend(how.skip_lockfs.then(|| "skip_lockfs".to_owned()));
    }
    let flags = asked.event >> 16 & !0x40;
    if matches!(verb, Verb::Resume | Verb::Remove | Verb::Rename | Verb::SetUuid) && flags != 0 {
        words.push(format!("udev={flags:#x}"));
    }
    words.join(" ")
}
