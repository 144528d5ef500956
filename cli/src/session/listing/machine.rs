//! Which machine a devices file is for. On another one its ids may all be others, so that every PV is looked for, by its
//! own id, for a while.
//!
//! Facts: LVM2 2.03.40 lib/device/device_id.c (device_ids_read, device_ids_search) and lib/commands/toolcontext.c,
//! _init_device_ids_refresh.

use crate::exit::Exit;
use crate::world::World;
use chrono::{DateTime, Utc};
use conf::settings::Settings;
use pv::known::DevicesFile;
use std::path::Path;

const UUID: &str = "PRODUCT_UUID";
const HOST: &str = "HOSTNAME";
const UNTIL: &str = "REFRESH_UNTIL";

/// What this machine is told by.
#[derive(Clone, Debug, Default)]
pub(super) struct Machine {
    /// Its product's uuid and its host's name, where they count.
    uuid: Option<String>,
    host: Option<String>,
    /// For how many seconds PVs are looked for; none: once.
    period: Option<i64>,
}

/// Whether PVs are looked for on all devices.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Renewal {
    /// Whether they are, for the file is another machine's or was until lately.
    pub(super) on: bool,
    /// Until when, as the file spells it, where not all are found at once.
    pub(super) until: Option<u64>,
    /// Whether the file has such a time already.
    pub(super) noted: bool,
}

impl Machine {
    /// This machine, by what the settings say may tell.
    pub(super) fn read(world: &mut World, settings: &Settings) -> Result<Self, Exit> {
        const PERIOD: &str = "devices/device_ids_refresh";
        let period = settings.int(PERIOD);
        if !matches!(period, 0 | 1 | 10..=600) {
            world.error(format_args!("Invalid device_ids_refresh value {period}"));
            return Err(Exit::INIT);
        }
        let checks = settings.strings("devices/device_ids_refresh_checks").map_err(|error| {
            world.error(error);
            Exit::INIT
        })?;
        let checks = checks.unwrap_or_default();
        let counts = |check| period != 0 && checks.contains(&check);
        let own = settings.find("devices/device_id_sysfs_dir").is_some();
        let sys =
            if own { Path::new(settings.str("devices/device_id_sysfs_dir")) } else { &world.devices.sys };
        let text = std::fs::read_to_string(sys.join("devices/virtual/dmi/id/product_uuid")).ok();
        let uuid = text.map(|text| text.trim().to_owned()).filter(|uuid| !uuid.is_empty());
        Ok(Self {
            uuid: uuid.filter(|_| counts("product_uuid")),
            host: Some(world.host.name.clone()).filter(|_| counts("hostname")),
            period: Some(period).filter(|period| *period >= 10),
        })
    }

    /// The line that says which machine a file is for.
    pub(super) fn line(&self) -> Option<String> {
        let uuid = self.uuid.as_ref().map(|uuid| format!("{UUID}={uuid}"));
        uuid.or_else(|| Some(format!("{HOST}={}", self.host.as_ref()?)))
    }

    /// What the file, read now, says of its machine: whether it is this one.
    pub(super) fn renewal(&self, file: &DevicesFile, now: i64) -> Renewal {
        let value = |key: &str| {
            let values = file.machine.iter().filter_map(|line| line.strip_prefix(key)?.strip_prefix('='));
            values.map(str::trim).next_back()
        };
        let differs = |own: &Option<String>, key| {
            own.is_some() && value(key).is_some_and(|it| Some(it) != own.as_deref())
        };
        let until = value(UNTIL);
        let mut renewal = Renewal { noted: until.is_some(), ..Renewal::default() };
        if differs(&self.uuid, UUID) || differs(&self.host, HOST) {
            renewal.on = true;
            renewal.until = self.period.map(|period| spelled(now + period));
        } else if let Some(until) = until.and_then(|until| until.parse().ok()).filter(|_| self.checks()) {
            (renewal.on, renewal.until) = (spelled(now) < until, Some(until));
        }
        let unsaid =
            value(UUID).is_none() && (self.uuid.is_some() || value(HOST).is_none() && self.host.is_some());
        renewal.on |= unsaid;
        renewal
    }

    fn checks(&self) -> bool {
        self.uuid.is_some() || self.host.is_some()
    }

    /// The lines about the machine of a file from which some PVs were found to be lost, or none.
    pub(super) fn lines(&self, renewal: Renewal, lost: bool) -> Vec<String> {
        let until = renewal.until.filter(|_| renewal.on && lost);
        self.line().into_iter().chain(until.map(|until| format!("{UNTIL}={until}"))).collect()
    }
}

/// A time as the file has it: YYYYMMDDhhmmss, in UTC.
fn spelled(time: i64) -> u64 {
    let time = DateTime::<Utc>::from_timestamp(time, 0);
    time.and_then(|time| time.format("%Y%m%d%H%M%S").to_string().parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(lines: &[&str]) -> DevicesFile {
        DevicesFile {
            machine: lines.iter().map(|line| (*line).to_owned()).collect(),
            ..DevicesFile::default()
        }
    }

    #[test]
    fn another_machines_file_is_renewed_for_a_while() {
        let machine = Machine { uuid: Some("u".into()), host: Some("h".into()), period: Some(10) };
        let on = |lines: &[&str]| {
            let renewal = machine.renewal(&file(lines), 59);
            (renewal.on, renewal.until, renewal.noted)
        };
        assert_eq!(on(&["PRODUCT_UUID=u"]), (false, None, false));
        assert_eq!(on(&["PRODUCT_UUID=v"]), (true, Some(19_700_101_000_109), false));
        assert_eq!(on(&["PRODUCT_UUID=u", "HOSTNAME=g"]), (true, Some(19_700_101_000_109), false));
        // What it does not say is no time to wait, and is said from now on.
        assert_eq!(on(&["HOSTNAME=h"]), (true, None, false));
        assert_eq!(
            on(&["PRODUCT_UUID=u", "REFRESH_UNTIL=19700101000100"]),
            (true, Some(19_700_101_000_100), true)
        );
        assert_eq!(
            on(&["PRODUCT_UUID=u", "REFRESH_UNTIL=19700101000059"]),
            (false, Some(19_700_101_000_059), true)
        );
        let renewal = machine.renewal(&file(&["PRODUCT_UUID=v"]), 59);
        assert_eq!(machine.lines(renewal, true), ["PRODUCT_UUID=u", "REFRESH_UNTIL=19700101000109"]);
        assert_eq!(machine.lines(renewal, false), ["PRODUCT_UUID=u"]);
        assert!(
            !Machine::default().renewal(&file(&["PRODUCT_UUID=v", "REFRESH_UNTIL=20700101000000"]), 59).on
        );
    }
}
