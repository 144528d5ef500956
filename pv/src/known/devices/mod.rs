//! LVM2's devices file: the devices that may be used at all, each by an id that stays when names change.
//!
//! ```text
//! # LVM uses devices listed in this file.
//! # Created by LVM command pvcreate pid 4711 at Thu Jan  1 00:00:00 1970
//! # HASH=3721012345                       checksum of the lines without #
//! PRODUCT_UUID=...                        the machine the file is for
//! VERSION=1.1.12                          the last number grows with each write
//! IDTYPE=sys_wwid IDNAME=naa.5000 DEVNAME=/dev/sda PVID=32 characters PART=1
//! ```
//! Facts: LVM2 2.03.40 lib/device/device_id.c.

mod ids;
mod parse;
mod write;

pub use ids::{IdKind, id_of, preferred_id};
pub use write::Machine;

use device::{DevNumber, DeviceTypes, HostDevice};
use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;
use units::Id;

/// A devices file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DevicesFile {
    /// Its devices, in order.
    pub entries: Vec<DeviceEntry>,
    /// Lines about the machine (`PRODUCT_UUID=`, `HOSTNAME=`, `REFRESH_UNTIL=`), written back as they came.
    pub machine: Vec<String>,
    /// `VERSION`, as it stands there.
    pub version: Option<String>,
    /// Whether the checksum is not to be kept (`# HASH=0`: a test's file).
    pub unchecked: bool,
    /// Whether the checksum is wrong: somebody edited the file by hand. It is obeyed all the same.
    pub edited: bool,
}

/// A device in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceEntry {
    /// The kind of id, as it is spelled.
    pub kind: String,
    /// The id; none where it was found to be wrong.
    pub name: Option<String>,
    /// What the device was called last.
    pub device: Option<PathBuf>,
    /// The PV on it, where there was one.
    pub pv: Option<Id>,
    /// Its number, if it is a partition; the id is that of the whole disk then.
    pub part: u32,
}

/// Why a devices file was not read or written.
#[derive(Debug, Error)]
pub enum DevicesFileError {
    /// It cannot be read or written.
    #[error("{}: {action} failed", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// `read`, `write`, `rename`.
        action: &'static str,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A newer LVM2 wrote it: it may be read but not rewritten.
    #[error("the devices file has version {version:?}, which is not known")]
    Version {
        /// What it says.
        version: String,
    },
}

/// Which devices of the host a file names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matched {
    /// Those that may be used.
    pub allowed: HashSet<DevNumber>,
    /// For each entry its device, if it is here.
    pub devices: Vec<Option<DevNumber>>,
    /// Entries (by place) with a kind of id that nobody here can answer: whether their devices are here is not
    /// known.
    pub unanswerable: Vec<usize>,
}

/// Where LVM2 locks a devices file (never unlinked): exclusively for whoever rewrites it. `folder`:
/// global/locking_dir; `name`: devices/devicesfile.
pub fn devices_lock_path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("D_{name}"))
}

impl DevicesFile {
    /// Reads a file; none where there is no such file, and then any device may be used.
    pub fn read(path: &Path) -> Result<Option<Self>, DevicesFileError> {
        match std::fs::read(path) {
            Ok(text) => Ok(Some(Self::parse(&text))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(DevicesFileError::File { path: path.to_owned(), action: "read", source }),
        }
    }

    /// Finds the file's devices among the host's, each given with its names.
    pub fn matched(&self, devices: &[(HostDevice, Vec<PathBuf>)], types: &DeviceTypes) -> Matched {
        let mut matched = Matched { devices: vec![None; self.entries.len()], ..Matched::default() };
        for (place, entry) in self.entries.iter().enumerate() {
            let Some(kind) = IdKind::named(&entry.kind) else {
                matched.unanswerable.push(place);
                continue;
            };
            let is_it = |device: &&(HostDevice, Vec<PathBuf>)| entry.is(kind, &device.0, &device.1, types);
            if let Some((device, _)) = devices.iter().find(is_it) {
                matched.devices[place] = Some(device.number());
                matched.allowed.insert(device.number());
            }
        }
        matched
    }

    /// Names a device that is a PV now, by the id that LVM2 would choose. An entry for the same device, or one
    /// for the same PV and device, is replaced.
    pub fn add(
        &mut self,
        device: &HostDevice,
        names: &[PathBuf],
        pv: Id,
        types: &DeviceTypes,
        now: &Matched,
    ) {
        let (kind, name) = preferred_id(device, names, types);
        let part = device.partition().unwrap_or(0);
        let same_device = |place: usize| now.devices.get(place).copied().flatten() == Some(device.number());
        let same_id = |entry: &DeviceEntry| {
            entry.part == part && entry.kind == kind.name() && entry.name.as_deref() == Some(&name)
        };
        let place = (0..self.entries.len()).find(|place| same_device(*place));
        let place = place.or_else(|| self.entries.iter().position(same_id));
        if let Some(place) = place {
            self.entries.remove(place);
        }
        let device = names.first().cloned();
        self.entries.push(DeviceEntry {
            kind: kind.name().to_owned(),
            name: Some(name),
            device,
            pv: Some(pv),
            part,
        });
    }

    /// The PV with that id is no more; its device may still be used.
    pub fn forget_pv(&mut self, pv: Id) {
        self.entries.iter_mut().filter(|entry| entry.pv == Some(pv)).for_each(|entry| entry.pv = None);
    }
}

impl DeviceEntry {
    /// Whether the entry is about this device.
    fn is(&self, kind: IdKind, device: &HostDevice, names: &[PathBuf], types: &DeviceTypes) -> bool {
        let Some(wanted) = &self.name else { return false };
        if !kind.fits(types.name(device.number().major).unwrap_or_default())
            || device.partition().unwrap_or(0) != self.part
        {
            return false;
        }
        if kind == IdKind::DevName {
            return names.iter().any(|name| name.as_os_str() == wanted.as_str());
        }
        let wanted = ids::cleaned(kind, wanted);
        if id_of(kind, device, names).is_some_and(|id| id == wanted) {
            return true;
        }
        // The kernel may name another of a disk's ids than it did when the entry was made.
        kind == IdKind::SysWwid && ids::other_wwids(device).contains(&wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# LVM uses devices listed in this file.\n\
        # Created by LVM command pvcreate pid 2324 at Sat Nov 21 04:41:08 2026\n# HASH=3616346063\n\
        HOSTNAME=vm\nVERSION=1.1.9\n\
        IDTYPE=loop_file IDNAME=/tmp/a DEVNAME=/dev/loop0 PVID=NWIH5HX5oLDcg3T0zBELiujQ5T26Q182\n\
        IDTYPE=sys_wwid IDNAME=naa.5000 DEVNAME=/dev/sda1 PVID=. PART=1\nnonsense\n\
        IDTYPE=tomorrows IDNAME=x DEVNAME=. PVID=.\n";

    fn machine() -> Machine<'static> {
        Machine {
            command: "pvcreate",
            pid: 7,
            time: "now",
            stamp: "20260101.000000",
            identity: None,
            copies: 2,
        }
    }

    #[test]
    fn a_file_is_read_and_written_with_its_checksum_and_next_version() {
        let mut file = DevicesFile::parse(TEXT.as_bytes());
        assert_eq!(file.entries.len(), 3);
        assert_eq!(file.entries[0].pv.unwrap().compact(), "NWIH5HX5oLDcg3T0zBELiujQ5T26Q182");
        assert_eq!((file.entries[1].part, file.entries[1].pv), (1, None));
        file.forget_pv(file.entries[0].pv.unwrap());
        let (text, number) = file.encode(machine()).unwrap();
        assert_eq!(number, 10);
        let again = DevicesFile::parse(&text);
        assert!(!again.edited);
        assert_eq!(again.entries, file.entries);
        assert_eq!(again.machine, ["HOSTNAME=vm"]);
        let touched = [text, b"IDTYPE=devname IDNAME=/dev/x\n".to_vec()].concat();
        assert!(DevicesFile::parse(&touched).edited);
    }

    #[test]
    fn a_file_of_a_newer_version_is_not_rewritten() {
        for version in ["2.0.1", "x", "1.1"] {
            let file = DevicesFile { version: Some(version.to_owned()), ..DevicesFile::default() };
            assert!(matches!(file.encode(machine()), Err(DevicesFileError::Version { .. })), "{version}");
        }
    }

    #[test]
    fn copies_are_kept_up_to_their_number() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("system.devices");
        assert_eq!(DevicesFile::read(&path).unwrap(), None);
        let mut file = DevicesFile::default();
        for _ in 0..4 {
            file.write(&path, machine()).unwrap();
        }
        let mut copies: Vec<_> = std::fs::read_dir(folder.path().join("backup"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        copies.sort();
        assert_eq!(copies, ["system.devices-20260101.000000.0003", "system.devices-20260101.000000.0004"]);
        assert_eq!(DevicesFile::read(&path).unwrap().unwrap().version.as_deref(), Some("1.1.4"));
    }

    #[test]
    fn an_id_nobody_knows_is_said_to_be_unanswerable() {
        let file = DevicesFile::parse(TEXT.as_bytes());
        let matched = file.matched(&[], &DeviceTypes::default());
        assert_eq!(matched.unanswerable, [2]);
        assert!(matched.allowed.is_empty());
    }
}
