//! Who stands in the way of a device that is to go.

use device::{Host, Identity, Processes, User};
use dm::tree::{Gone, Have, Key, Present, Want};
use dm::{Control, DevNo, DmError};
use std::collections::HashMap;
use std::fmt;
use std::thread::sleep;
use std::time::{Duration, Instant};
use thiserror::Error;
use units::Id;

/// How often an open device is looked at again.
const PAUSE: Duration = Duration::from_millis(100);

/// An LV that somebody has open, and who, as far as that can be found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InUse {
    /// Which LV.
    pub id: Id,
    /// Its name (VG/LV).
    pub lv: String,
    /// How many have it open.
    pub openers: u32,
    /// Who.
    pub holders: Holders,
}

/// Those who have something open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Error)]
pub struct Holders(pub Vec<User>);

impl fmt::Display for Holders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("used by ")?;
        for (index, user) in self.0.iter().enumerate() {
            f.write_str(if index > 0 { ", " } else { "" })?;
            user.fmt(f)?;
        }
        Ok(())
    }
}

impl InUse {
    /// Looks who has a device open: mounts and devices first, and processes where that tells nothing.
    pub fn look(host: &Host, id: Id, lv: impl Into<String>, number: DevNo, openers: u32) -> Self {
        let identity = Identity::Device { major: number.major, minor: number.minor };
        let mut users = device::users(host, identity, Processes::Ignored);
        if users.is_empty() {
            users = device::users(host, identity, Processes::Named);
        }
        Self { id, lv: lv.into(), openers, holders: Holders(users) }
    }

    /// Whether waiting is of no use: mounts and devices stay.
    pub fn is_lasting(&self) -> bool {
        self.holders.0.iter().any(|user| match user {
            User::Mount { .. } | User::Swap | User::Device { .. } => true,
            User::Process(_) | User::Lock(_) => false,
        })
    }
}

impl fmt::Display for InUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = |user: &User| match user {
            User::Mount { .. } => "contains a filesystem in use.",
            User::Device { .. } => "is used by another device.",
            User::Swap | User::Process(_) | User::Lock(_) => "in use.",
        };
        write!(f, "Logical volume {} {}", self.lv, self.holders.0.first().map_or("in use.", how))
    }
}

impl std::error::Error for InUse {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if self.holders.0.is_empty() { None } else { Some(&self.holders) }
    }
}

/// Looks at the devices of `want`, of which `gone` are to go: what is there, and which of those somebody else has
/// open. Whoever only looks (udev does, at every new device) is waited for, at most `patience`.
pub(crate) fn look(
    control: &dyn Control,
    host: &Host,
    want: &Want,
    gone: &[(Id, Gone)],
    names: &dyn Fn(Id) -> String,
    patience: Duration,
) -> Result<(Have, Vec<InUse>), DmError> {
    let end = Instant::now() + patience;
    loop {
        let have = Have::observe(control, want)?;
        let open = open_devices(&have, gone);
        if open.is_empty() {
            return Ok((have, Vec::new()));
        }
        let who = |(id, number, openers)| InUse::look(host, id, names(id), number, openers);
        let found: Vec<InUse> = open.into_iter().map(who).collect();
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() || found.iter().any(InUse::is_lasting) {
            return Ok((have, found));
        }
        sleep(PAUSE.min(left));
    }
}

/// Devices to go with openers other than devices that go too.
fn open_devices(have: &Have, gone: &[(Id, Gone)]) -> Vec<(Id, DevNo, u32)> {
    let lvs: HashMap<&str, Id> = gone
        .iter()
        .filter_map(|(lv, gone)| match &gone.key {
            Key::Uuid(uuid) => Some((uuid.as_str(), *lv)),
            Key::Name(_) => None,
        })
        .collect();
    let lv = |present: &Present| lvs.get(present.info.uuid.as_ref()?.as_str()).copied();
    let mut from_inside: HashMap<DevNo, u32> = HashMap::new();
    for below in have.present.iter().filter(|present| lv(present).is_some()).flat_map(|going| &going.deps) {
        *from_inside.entry(*below).or_default() += 1;
    }
    let open = have.present.iter().filter_map(|present| {
        let number = present.info.number;
        let inside = from_inside.get(&number).copied().unwrap_or(0);
        let openers = present.info.open_count.saturating_sub(inside);
        Some((lv(present)?, number, openers)).filter(|_| openers > 0)
    });
    open.collect()
}
