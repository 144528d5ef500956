//! Reading a devices file. What makes no sense is left out, as LVM2 does.

use super::{DeviceEntry, DevicesFile};
use std::path::PathBuf;
use units::Crc;

impl DevicesFile {
    /// Reads the file's text.
    pub fn parse(text: &[u8]) -> Self {
        let mut file = Self::default();
        let (mut says, mut sum) = (0, Crc::new());
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            let words = String::from_utf8_lossy(line);
            let words = words.trim_end_matches(['\n', '\r']);
            if let Some(number) = words.strip_prefix("# HASH") {
                let number = number.trim_start_matches('=');
                file.unchecked |= number == "0";
                says = number.parse().unwrap_or(0);
            }
            if words.starts_with('#') || words.starts_with("SYSTEMID") {
                continue;
            }
            sum.update(line);
            file.take(words);
        }
        file.edited = !file.unchecked && sum.finish() != says;
        file
    }

    fn take(&mut self, line: &str) {
        if let Some(version) = line.strip_prefix("VERSION=") {
            self.version = Some(version.trim().to_owned());
        } else if ["HOSTNAME", "PRODUCT_UUID", "REFRESH_UNTIL"].iter().any(|key| line.starts_with(key)) {
            self.machine.push(line.to_owned());
        } else {
            self.entries.extend(entry(line));
        }
    }
}

fn entry(line: &str) -> Option<DeviceEntry> {
    let value = |key: &str| {
        let start = line.match_indices(key).find(|(at, _)| *at == 0 || line.as_bytes()[at - 1] == b' ')?.0;
        let value = line[start + key.len()..].split(' ').next()?;
        Some(value.to_owned())
    };
    let known = |key: &str| value(key).filter(|value| !value.is_empty() && !value.starts_with('.'));
    let (kind, _) = (value("IDTYPE=")?, value("IDNAME=")?);
    Some(DeviceEntry {
        kind,
        name: known("IDNAME="),
        device: known("DEVNAME=").map(PathBuf::from),
        pv: known("PVID=").and_then(|id| id.parse().ok()),
        part: known("PART=").and_then(|number| number.parse().ok()).unwrap_or(0),
    })
}
