//! What hints say: the devices that are PVs, and under which terms that was found.
//!
//! ```text
//! # Created by pvs pid 4711 Thu Jan  1 00:00:00 1970
//! hints_version: 2.1
//! global_filter:a|.*|                  the strings of the setting, one after the other
//! filter:a|.*|
//! scan_lvs:0
//! devices_file:.                       its name where one is in force
//! scan:/dev/sda pvid:32 characters devn:8:0 vg:name or -
//! devs_hash: 4117503201 12             checksum over the names of all devices, and their number
//! ```
//! Facts: LVM2 2.03.40 lib/label/hints.c (`_read_hint_file`, `write_hint_file`).

use device::DevNumber;
use std::path::PathBuf;
use units::{Crc, Id};

/// Files of another major version say other things.
const MAJOR: u32 = 2;
const MINOR: u32 = 1;

/// A device that is a PV.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The device's preferred name.
    pub name: PathBuf,
    /// The PV on it.
    pub pv: Option<Id>,
    /// Its number.
    pub number: Option<DevNumber>,
    /// The VG whose text is on it; none for a PV without a VG, or without a text of its own.
    pub vg: Option<String>,
}

/// What hints depend on: under other terms other devices might be PVs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HintTerms {
    /// devices/global_filter, its strings one after the other.
    pub global_filter: String,
    /// devices/filter.
    pub filter: String,
    /// devices/scan_lvs.
    pub scan_lvs: bool,
    /// The name of the devices file in force.
    pub devices_file: Option<String>,
    /// A checksum of the names of all devices that could be PVs, in LVM2's order.
    pub devices: DeviceSum,
}

/// A checksum of devices' names, and how many they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceSum {
    /// The checksum.
    pub sum: u32,
    /// How many. No more than a help for whoever reads the file.
    pub count: u32,
}

impl<'a> FromIterator<&'a [u8]> for DeviceSum {
    fn from_iter<T: IntoIterator<Item = &'a [u8]>>(names: T) -> Self {
        let (mut sum, mut count) = (Crc::new(), 0);
        for name in names {
            sum.update(name);
            count += 1;
        }
        Self { sum: sum.finish(), count }
    }
}

/// What a file of hints comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// These devices are PVs.
    Hints(Vec<Hint>),
    /// Nothing.
    Nothing,
    /// It was made under other terms.
    Outdated,
}

/// Reads a file of hints.
pub(super) fn read(text: &str, terms: &HintTerms) -> Says {
    let (mut hints, mut sum) = (Vec::new(), 0);
    let devices_file = terms.devices_file.as_deref().unwrap_or(".");
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let value = |key: &str| line.strip_prefix(key);
        let agrees = if let Some(version) = value("hints_version:") {
            version.trim().split('.').next().and_then(|major| major.parse().ok()) == Some(MAJOR)
        } else if let Some(filter) = value("global_filter:") {
            filter == terms.global_filter
        } else if let Some(filter) = value("filter:") {
            filter == terms.filter
        } else if let Some(on) = value("scan_lvs:") {
            on.trim().parse() == Ok(u32::from(terms.scan_lvs))
        } else if let Some(name) = value("devices_file:") {
            name == devices_file
        } else if let Some(devices) = value("devs_hash:") {
            let number = devices.split_whitespace().next().and_then(|number| number.parse().ok());
            sum = number.unwrap_or(0);
            number.is_some()
        } else {
            hints.extend(value("scan:").map(hint));
            true
        };
        if !agrees {
            return Says::Outdated;
        }
    }
    match (hints.is_empty(), sum) {
        (true, _) => Says::Nothing,
        (false, sum) if sum != 0 && sum != terms.devices.sum => Says::Outdated,
        (false, _) => Says::Hints(hints),
    }
}

fn hint(line: &str) -> Hint {
    let mut words = line.split_whitespace();
    let name = PathBuf::from(words.next().unwrap_or_default());
    let mut word = |key: &str| words.next().and_then(|word| word.strip_prefix(key));
    let pv = word("pvid:").and_then(|id| id.parse().ok());
    let number = word("devn:").and_then(|number| number.parse().ok());
    let vg = word("vg:").filter(|name| !name.is_empty() && *name != "-").map(str::to_owned);
    Hint { name, pv, number, vg }
}

/// The text of a file of hints. `note`: who makes it, and when.
pub(super) fn write(note: &str, terms: &HintTerms, hints: &[Hint]) -> String {
    let HintTerms { global_filter, filter, scan_lvs, devices_file, devices } = terms;
    let devices_file = devices_file.as_deref().unwrap_or(".");
    let mut text = format!(
        "# Created by {note}\nhints_version: {MAJOR}.{MINOR}\nglobal_filter:{global_filter}\nfilter:{filter}\n\
         scan_lvs:{}\ndevices_file:{devices_file}\n",
        u8::from(*scan_lvs)
    );
    for Hint { name, pv, number, vg } in hints {
        let (name, vg) = (name.display(), vg.as_deref().unwrap_or("-"));
        let pv = pv.map(|pv| pv.compact().to_owned()).unwrap_or_default();
        let number = number.map(|number| number.to_string()).unwrap_or_default();
        text.push_str(&format!("scan:{name} pvid:{pv} devn:{number} vg:{vg}\n"));
    }
    text.push_str(&format!("devs_hash: {} {}\n", devices.sum, devices.count));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms() -> HintTerms {
        HintTerms {
            global_filter: "a|.*|".to_owned(),
            filter: "a|x|r|.*|".to_owned(),
            scan_lvs: false,
            devices_file: None,
            devices: ["/dev/sda", "/dev/sdb"].into_iter().map(str::as_bytes).collect(),
        }
    }

    fn hints() -> Vec<Hint> {
        let pv = "NWIH5HX5oLDcg3T0zBELiujQ5T26Q182".parse().ok();
        let hint = |name: &str, number: &str, vg: Option<&str>| Hint {
            name: name.into(),
            pv,
            number: number.parse().ok(),
            vg: vg.map(str::to_owned),
        };
        vec![hint("/dev/sda", "8:0", Some("vg-0")), hint("/dev/sdb", "8:16", None)]
    }

    #[test]
    fn hints_are_read_as_they_were_written() {
        let text = write("pvs pid 7 now", &terms(), &hints());
        assert!(text.contains("\nscan:/dev/sdb pvid:NWIH5HX5oLDcg3T0zBELiujQ5T26Q182 devn:8:16 vg:-\n"));
        assert_eq!(read(&text, &terms()), Says::Hints(hints()));
    }

    #[test]
    fn under_other_terms_hints_do_not_count() {
        let text = write("x", &terms(), &hints());
        let others = [
            HintTerms { filter: "a|.*|".to_owned(), ..terms() },
            HintTerms { global_filter: String::new(), ..terms() },
            HintTerms { scan_lvs: true, ..terms() },
            HintTerms { devices_file: Some("system.devices".to_owned()), ..terms() },
            HintTerms { devices: DeviceSum::default(), ..terms() },
        ];
        for other in others {
            assert_eq!(read(&text, &other), Says::Outdated, "{other:?}");
        }
        assert_eq!(read(&text.replace("hints_version: 2.", "hints_version: 3."), &terms()), Says::Outdated);
        assert_eq!(read("# Created empty by pvs\n", &terms()), Says::Nothing);
        // A minor version more says more.
        let newer = text.replace("hints_version: 2.1", "hints_version: 2.2\nmore:x");
        assert_eq!(read(&newer, &terms()), Says::Hints(hints()));
    }
}
