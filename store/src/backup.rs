//! Backups and archives of VGs' texts, where and as LVM2 keeps them.
//!
//! ```text
//! backup/vg                     the VG as it is, after each change
//! archive/vg_00012-345.vg       the VG as it was before a change: index, and a random number
//! ```
//! Facts: LVM2 2.03.40 lib/format_text/archive.c, archiver.c.

use crate::file::{Draft, FileError};
use metadata::model::{Provenance, Vg};
use metadata::text::{TextError, VgText, WriteError, Zone, parse, to_file};
use std::fs::{DirEntry, read, read_dir, remove_file};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use thiserror::Error;

/// Where backups and archives go (backup/* in lvm.conf). A folder that is not set is not written to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Backup {
    /// backup/backup_dir, where backup/backup is on.
    pub backup: Option<PathBuf>,
    /// backup/archive_dir, where backup/archive is on.
    pub archive: Option<PathBuf>,
    /// backup/retain_min: at least that many archives of a VG are kept.
    pub retain_min: u32,
    /// backup/retain_days: archives younger than that are kept.
    pub retain_days: u32,
}

/// Why a backup or archive was not written or read.
#[derive(Debug, Error)]
pub enum BackupError {
    /// A file or folder.
    #[error(transparent)]
    File(#[from] FileError),
    /// The VG cannot be put into text.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The file is no VG's text.
    #[error("{}: {error}", path.display())]
    Text {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: Box<TextError>,
    },
    /// Every name that was tried is taken.
    #[error("{}: the next ten archive names of {vg} are taken", folder.display())]
    NoName {
        /// In which folder.
        folder: PathBuf,
        /// Of which VG.
        vg: String,
    },
}

impl BackupError {
    /// Whether the file system is full.
    pub fn is_full(&self) -> bool {
        matches!(self, Self::File(error) if error.is_full())
    }
}

/// What a backup's description line says: `Created *after* executing 'vgcreate ...'`.
pub fn description_after(command_line: &str) -> String {
    format!("Created *after* executing '{command_line}'")
}

/// What an archive's description line says: `Created *before* executing 'vgcreate ...'`.
pub fn description_before(command_line: &str) -> String {
    format!("Created *before* executing '{command_line}'")
}

/// An archive that was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Archived {
    /// Where; none where archives are off.
    pub path: Option<PathBuf>,
    /// Older archives that were removed.
    pub expired: Vec<PathBuf>,
    /// Where many archives are left: their MiB and their number. LVM2 then advises pruning.
    pub crowded: Option<(u64, usize)>,
}

/// Archives the VG as it is before a change. `provenance` describes the archive, not the VG's last change.
/// `random` makes names differ between hosts that share a folder.
pub fn archive(
    options: &Backup,
    vg: &Vg,
    provenance: &Provenance,
    zone: Zone<'_>,
    random: u32,
) -> Result<Archived, BackupError> {
    let Some(folder) = &options.archive else { return Ok(Archived::default()) };
    let draft = Draft::write(folder, &to_file(vg, provenance, zone)?)?;
    let old = archives(folder, &vg.name)?;
    let first = old.last().map_or(0, |newest| newest.index.wrapping_add(1));
    let path = (0..10).find_map(|step| {
        let name = format!("{}_{:05}-{}.vg", vg.name, first.wrapping_add(step), random & 0x7fff_ffff);
        match draft.claim(&name) {
            Err(error) if error.source.kind() == io::ErrorKind::AlreadyExists => None,
            claimed => Some(claimed),
        }
    });
    let no_name = || BackupError::NoName { folder: folder.clone(), vg: vg.name.clone() };
    let path = path.ok_or_else(no_name)??;
    let (expired, crowded) = expire(options, &old);
    Ok(Archived { path: Some(path), expired, crowded })
}

/// Writes the backup of the VG as it is now. None: backups are off.
pub fn backup(
    options: &Backup,
    vg: &Vg,
    provenance: &Provenance,
    zone: Zone<'_>,
) -> Result<Option<PathBuf>, BackupError> {
    let Some(folder) = &options.backup else { return Ok(None) };
    Ok(Some(Draft::write(folder, &to_file(vg, provenance, zone)?)?.replace(&vg.name)?))
}

/// Writes a VG to a file of any name, as `vgcfgbackup -f` does.
pub fn backup_to(path: &Path, vg: &Vg, provenance: &Provenance, zone: Zone<'_>) -> Result<(), BackupError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let text = to_file(vg, provenance, zone)?;
    // A folder that was mistyped is not made.
    folder.read_dir().map_err(|e| FileError::new(folder, "open", e))?;
    let name = path.file_name().and_then(|name| name.to_str());
    match name {
        Some(name) => drop(Draft::write(folder, &text)?.replace(name)?),
        None => std::fs::write(path, text).map_err(|e| FileError::new(path, "write", e))?,
    }
    Ok(())
}

/// Removes the backup of a VG that is gone or has another name now. Archives stay.
pub fn remove_backup(options: &Backup, vg: &str) -> Result<(), BackupError> {
    let Some(path) = options.backup.as_ref().map(|folder| folder.join(vg)) else { return Ok(()) };
    match remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(FileError::new(&path, "remove", error).into())
        }
        _ => Ok(()),
    }
}

/// Reads a backup or archive.
pub fn read_backup(path: &Path) -> Result<VgText, BackupError> {
    let text = read(path).map_err(|e| FileError::new(path, "read", e))?;
    parse(&text).map_err(|error| BackupError::Text { path: path.to_owned(), error: Box::new(error) })
}

/// An archive of a VG.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveFile {
    /// Grows with each.
    pub index: u32,
    /// Where it is.
    pub path: PathBuf,
}

/// The archives of a VG in a folder, oldest first. None where there is no such folder.
pub fn archives(folder: &Path, vg: &str) -> Result<Vec<ArchiveFile>, FileError> {
    let entries = match read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(|e| FileError::new(folder, "read", e))?,
    };
    let of_vg = |entry: DirEntry| {
        let name = entry.file_name();
        let (found, rest) = name.to_str()?.strip_suffix(".vg")?.rsplit_once('_')?;
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let index = rest[..digits].parse().ok()?;
        (found == vg).then(|| ArchiveFile { index, path: entry.path() })
    };
    let mut found: Vec<ArchiveFile> = entries.filter_map(|entry| of_vg(entry.ok()?)).collect();
    found.sort_by(|a, b| (a.index, &a.path).cmp(&(b.index, &b.path)));
    Ok(found)
}

/// Removes archives that are too old, the oldest first, as long as more than enough are left. `old` leaves out
/// the one just written.
fn expire(options: &Backup, old: &[ArchiveFile]) -> (Vec<PathBuf>, Option<(u64, usize)>) {
    let (mut left, least) = (old.len() + 1, options.retain_min as usize);
    if left <= least {
        return (Vec::new(), None);
    }
    let age = Duration::from_secs(u64::from(options.retain_days) * 24 * 60 * 60);
    let limit = SystemTime::now().checked_sub(age);
    let (mut expired, mut bytes) = (Vec::new(), 0);
    for archive in old {
        let Ok(stat) = archive.path.metadata() else { continue };
        bytes += stat.len();
        let is_old = stat.modified().is_ok_and(|time| limit.is_some_and(|limit| time <= limit));
        if is_old && remove_file(&archive.path).is_ok() {
            expired.push(archive.path.clone());
            left -= 1;
            if left <= least {
                break;
            }
        }
    }
    let mib = bytes >> 20;
    (expired, (mib > 128 || left > 8192).then_some((mib, left)))
}
