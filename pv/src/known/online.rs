//! LVM2's run files: which PVs have come up since boot, and which VGs were activated for it.
//!
//! ```text
//! pvs_online/ID    "MAJ:MIN\nvg:NAME\ndev:/dev/sda\n"    the id without dashes
//! vgs_online/VG    empty; who makes it (it must not be there yet) activates the VG
//! pvs_lookup/VG    one id per line: PVs of a VG that do not know its name
//! ```
//! Facts: LVM2 2.03.40 lib/device/online.c.

use device::DevNumber;
use std::fs::{DirBuilder, OpenOptions, read, read_dir, remove_file};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use units::Id;

/// The folders.
const KINDS: [&str; 3] = ["pvs_online", "vgs_online", "pvs_lookup"];

/// The run files in a folder (`/run/lvm`).
#[derive(Clone, Debug)]
pub struct RunFiles {
    folder: PathBuf,
}

/// A PV that has come up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnlinePv {
    /// Its id.
    pub id: Id,
    /// Its device.
    pub number: DevNumber,
    /// The VG it is in, as far as its own text says.
    pub vg: Option<String>,
    /// What its device is called.
    pub device: Option<PathBuf>,
}

impl RunFiles {
    /// The run files in that folder, which need not exist.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    fn pv_path(&self, pv: Id) -> PathBuf {
        self.folder.join("pvs_online").join(pv.compact())
    }

    fn vg_path(&self, kind: &str, vg: &str) -> PathBuf {
        self.folder.join(kind).join(vg)
    }

    /// Makes the folders where they are missing.
    pub fn set_up(&self) -> io::Result<()> {
        let kinds = KINDS.iter().map(|kind| self.folder.join(kind));
        kinds.into_iter().try_for_each(|folder| DirBuilder::new().recursive(true).mode(0o755).create(folder))
    }

    /// Nothing has come up: all is about to be noted anew.
    pub fn clear(&self) -> io::Result<()> {
        for kind in KINDS {
            let Ok(entries) = read_dir(self.folder.join(kind)) else { continue };
            for entry in entries {
                remove(&entry?.path())?;
            }
        }
        Ok(())
    }

    /// Whether the PV has come up.
    pub fn is_up(&self, pv: Id) -> bool {
        self.pv_path(pv).exists()
    }

    /// The device is gone, and with it what came up on it.
    pub fn forget_device(&self, number: DevNumber) -> io::Result<()> {
        let gone = self.pvs().into_iter().filter(|pv| pv.number == number);
        gone.map(|pv| self.pv_path(pv.id)).try_for_each(|path| remove(&path))
    }

    /// Notes which PVs a VG has, for PVs that do not know their VG. The first note stays.
    pub fn note_members(&self, vg: &str, pvs: impl IntoIterator<Item = Id>) -> io::Result<bool> {
        let path = self.vg_path("pvs_lookup", vg);
        let mut file = match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
            file => file?,
        };
        let lines: String = pvs.into_iter().map(|pv| format!("{}\n", pv.compact())).collect();
        file.write_all(lines.as_bytes())?;
        Ok(true)
    }

    /// The VG of which the PV is noted as a member, and all its members.
    pub fn members_with(&self, pv: Id) -> Option<(String, Vec<Id>)> {
        read_dir(self.folder.join("pvs_lookup")).ok()?.find_map(|entry| {
            let entry = entry.ok()?;
            let text = std::fs::read_to_string(entry.path()).ok()?;
            let members: Vec<Id> = text.lines().filter_map(|line| line.parse().ok()).collect();
            members.contains(&pv).then_some((entry.file_name().into_string().ok()?, members))
        })
    }

    /// The VG is gone: it and its PVs were never up.
    pub fn forget_vg(&self, vg: &str, pvs: impl IntoIterator<Item = Id>) -> io::Result<()> {
        remove(&self.vg_path("vgs_online", vg))?;
        remove(&self.vg_path("pvs_lookup", vg))?;
        pvs.into_iter().try_for_each(|pv| remove(&self.pv_path(pv)))
    }

    /// An LV of the VG was deactivated: when the VG comes up again, it is to be activated again.
    pub fn forget_activation(&self, vg: &str) -> io::Result<()> {
        remove(&self.vg_path("vgs_online", vg))
    }

    /// Takes it on to activate the VG. False: somebody else has.
    pub fn claim_activation(&self, vg: &str) -> io::Result<bool> {
        let path = self.vg_path("vgs_online", vg);
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Notes that a PV has come up. False: it has already, on another device.
    pub fn note(&self, pv: &OnlinePv) -> io::Result<bool> {
        let path = self.pv_path(pv.id);
        let mut file = match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Ok(self.pv(pv.id).is_none_or(|known| known.number == pv.number));
            }
            file => file?,
        };
        let mut text = format!("{}\n", pv.number);
        text.extend(pv.vg.iter().map(|vg| format!("vg:{vg}\n")));
        text.extend(pv.device.iter().map(|device| format!("dev:{}\n", device.display())));
        file.write_all(text.as_bytes())?;
        Ok(true)
    }

    /// What is noted of a PV.
    pub fn pv(&self, id: Id) -> Option<OnlinePv> {
        let text = String::from_utf8(read(self.pv_path(id)).ok()?).ok()?;
        let number = text.lines().next()?.parse().ok()?;
        let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name));
        let device = field("dev:").filter(|device| device.starts_with("/dev/")).map(PathBuf::from);
        Some(OnlinePv { id, number, vg: field("vg:").map(str::to_owned), device })
    }

    /// All PVs that have come up.
    pub fn pvs(&self) -> Vec<OnlinePv> {
        let Ok(entries) = read_dir(self.folder.join("pvs_online")) else { return Vec::new() };
        let id = |name: &std::ffi::OsStr| name.to_str()?.parse().ok();
        let mut found: Vec<OnlinePv> =
            entries.filter_map(|entry| self.pv(id(&entry.ok()?.file_name())?)).collect();
        found.sort_by_key(|pv| pv.id);
        found
    }
}

/// Removes a file that need not be there.
fn remove(path: &Path) -> io::Result<()> {
    match remove_file(path) {
        Err(error) if !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Err(error)
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use units::{IdSource, SeededIds};

    #[test]
    fn a_pv_that_came_up_is_noted_once_and_forgotten_with_its_vg() {
        let folder = tempfile::tempdir().unwrap();
        let files = RunFiles::new(folder.path().to_owned());
        files.set_up().unwrap();
        let pv = OnlinePv {
            id: SeededIds::new(1).next_id(),
            number: "8:16".parse().unwrap(),
            vg: Some("vg".to_owned()),
            device: Some(PathBuf::from("/dev/sdb")),
        };
        assert!(files.note(&pv).unwrap());
        let text = std::fs::read_to_string(folder.path().join("pvs_online").join(pv.id.compact())).unwrap();
        assert_eq!(text, "8:16\nvg:vg\ndev:/dev/sdb\n");
        assert!(files.note(&pv).unwrap());
        assert!(!files.note(&OnlinePv { number: "8:32".parse().unwrap(), ..pv.clone() }).unwrap());
        assert_eq!(files.pvs(), std::slice::from_ref(&pv));
        let other = SeededIds::new(2).next_id();
        assert!(files.note_members("vg", [pv.id, other]).unwrap());
        assert!(!files.note_members("vg", [other]).unwrap());
        assert_eq!(files.members_with(other), Some(("vg".to_owned(), vec![pv.id, other])));
        files.forget_device("8:32".parse().unwrap()).unwrap();
        assert!(files.is_up(pv.id) && !files.is_up(other));
        assert!(files.claim_activation("vg").unwrap());
        assert!(!files.claim_activation("vg").unwrap());
        files.forget_activation("vg").unwrap();
        assert!(files.claim_activation("vg").unwrap());
        files.forget_vg("vg", [pv.id]).unwrap();
        assert!(files.pvs().is_empty() && files.claim_activation("vg").unwrap());
        RunFiles::new(folder.path().join("nowhere")).forget_vg("vg", [pv.id]).unwrap();
    }
}
