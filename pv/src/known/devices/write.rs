//! Writing a devices file, and the copies of it that are kept.

use super::{DevicesFile, DevicesFileError};
use std::fs::{File, OpenOptions, create_dir_all, read_dir, remove_file, rename};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use units::crc;

const MAJOR: u32 = 1;
const MINOR: u32 = 1;

/// Who writes, and when.
#[derive(Clone, Copy, Debug)]
pub struct Machine<'a> {
    /// The command's name.
    pub command: &'a str,
    /// Its process.
    pub pid: u32,
    /// The time as C's ctime shows it, without its line feed.
    pub time: &'a str,
    /// The time as `YYYYMMDD.HHMMSS`, for the name of the copy.
    pub stamp: &'a str,
    /// The line about the machine for a new file: `PRODUCT_UUID=...`, or `HOSTNAME=...` where it has none.
    pub identity: Option<&'a str>,
    /// devices/devicesfile_backup_limit: how many copies are kept; zero makes none.
    pub copies: usize,
}

impl DevicesFile {
    /// The file's next text, with the number of that version.
    pub fn encode(&self, machine: Machine<'_>) -> Result<(Vec<u8>, u32), DevicesFileError> {
        let number = self.next_number()?;
        let mut body = String::new();
        match self.machine.is_empty() {
            true => body.extend(machine.identity.map(|line| format!("{line}\n"))),
            false => self.machine.iter().for_each(|line| body.push_str(&format!("{line}\n"))),
        }
        body.push_str(&format!("VERSION={MAJOR}.{MINOR}.{number}\n"));
        for entry in &self.entries {
            let device = entry.device.as_ref().and_then(|device| device.to_str());
            let device = device.filter(|device| device.starts_with('/')).unwrap_or(".");
            let pv = entry.pv.map_or(".".to_owned(), |pv| pv.compact().to_owned());
            let (kind, name) = (&entry.kind, entry.name.as_deref().unwrap_or("."));
            body.push_str(&format!("IDTYPE={kind} IDNAME={name} DEVNAME={device} PVID={pv}"));
            if entry.part != 0 {
                body.push_str(&format!(" PART={}", entry.part));
            }
            body.push('\n');
        }
        let hash = if self.unchecked { 0 } else { crc(body.as_bytes()) };
        let Machine { command, pid, time, .. } = machine;
        let head = format!(
            "# LVM uses devices listed in this file.\n\
             # Created by LVM command {command} pid {pid} at {time}\n# HASH={hash}\n"
        );
        Ok(((head + &body).into_bytes(), number))
    }

    /// The version's last number, one more than that of the file read.
    fn next_number(&self) -> Result<u32, DevicesFileError> {
        let Some(version) = &self.version else { return Ok(1) };
        let unknown = || DevicesFileError::Version { version: version.clone() };
        let numbers: Option<Vec<u32>> = version.splitn(3, '.').map(|number| number.parse().ok()).collect();
        match numbers.as_deref() {
            Some(&[major, _, number]) if major <= MAJOR => number.checked_add(1).ok_or_else(unknown),
            _ => Err(unknown()),
        }
    }

    /// Replaces the file, durably, and keeps a copy in `backup` beside it. The caller holds its lock
    /// ([`super::devices_lock_path`]) since before it was read.
    pub fn write(&mut self, path: &Path, machine: Machine<'_>) -> Result<(), DevicesFileError> {
        let (text, number) = self.encode(machine)?;
        let failed = |action, source| DevicesFileError::File { path: path.to_owned(), action, source };
        let mut draft = path.as_os_str().to_owned();
        draft.push("_new");
        let draft = Path::new(&draft);
        write_durably(draft, &text).map_err(|e| failed("write", e))?;
        rename(draft, path).map_err(|e| failed("rename", e))?;
        let folder = path.parent().unwrap_or(Path::new("/"));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(|e| failed("write", e))?;
        self.version = Some(format!("{MAJOR}.{MINOR}.{number}"));
        self.edited = false;
        if machine.copies > 0 && path.file_name().is_some_and(|name| name == "system.devices") {
            keep_copy(&folder.join("backup"), &text, number, machine).map_err(|e| failed("write", e))?;
        }
        Ok(())
    }
}

fn write_durably(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text)?;
    file.sync_all()
}

/// Adds a copy and removes the oldest ones.
fn keep_copy(folder: &Path, text: &[u8], number: u32, machine: Machine<'_>) -> io::Result<()> {
    create_dir_all(folder)?;
    let name = format!("system.devices-{}.{number:04}", machine.stamp);
    write_durably(&folder.join(name), text)?;
    let mut copies: Vec<_> = read_dir(folder)?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with("system.devices-") && name.len() >= 35)
        .collect();
    // By date and time, then by number, which may have more digits than four.
    copies.sort_by_key(|name| (name.get(..30).map(str::to_owned), name.len(), name.clone()));
    let most = machine.copies.min(5000);
    let old = copies.len().saturating_sub(most);
    copies[..old].iter().try_for_each(|name| remove_file(folder.join(name)))
}
