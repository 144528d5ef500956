//! Nodes in `/dev/mapper`, made here where udev does not.

use crate::{DevNo, DmName};
use nix::errno::Errno;
use nix::sys::stat::{Mode, SFlag, mknod};
use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use thiserror::Error;

/// Why a node could not be made, renamed or removed.
#[derive(Debug, Error)]
pub enum NodeError {
    /// Something that is no block device has the name.
    #[error("{0} is in the way: it is no block device")]
    InTheWay(PathBuf),
    /// The file system said no.
    #[error("{path}: {source}")]
    Io {
        /// Which node.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// A directory of nodes, and who owns those made here.
#[derive(Clone, Debug)]
pub struct NodeDir {
    dir: PathBuf,
    uid: u32,
    /// Asked for when the first node is made: it takes the whole name service, which most commands can do without.
    gid: OnceLock<u32>,
    mode: u32,
}

impl NodeDir {
    /// Nodes below `dir` (`/dev/mapper`), for root and the group of disks.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into(), uid: 0, gid: OnceLock::new(), mode: 0o660 }
    }

    /// Other owners and another mode than `root:disk 0660`.
    pub fn with_owner(mut self, uid: u32, gid: u32, mode: u32) -> Self {
        (self.uid, self.gid, self.mode) = (uid, OnceLock::from(gid), mode);
        self
    }

    /// The directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where a device's node is, or would be.
    pub fn path(&self, name: &DmName) -> PathBuf {
        self.dir.join(name.as_str())
    }

    /// Makes the node of a device, unless it is there and right. A node of another device is replaced.
    pub fn add(&self, name: &DmName, number: DevNo) -> Result<(), NodeError> {
        let path = self.path(name);
        let io = |source| NodeError::Io { path: path.clone(), source };
        // Mostly nothing is there: that is seen by making the node, without looking first.
        let mut made = self.make(&path, number);
        if made == Err(Errno::ENOENT) {
            fs::DirBuilder::new().recursive(true).mode(0o755).create(&self.dir).map_err(io)?;
            made = self.make(&path, number);
        }
        if made == Err(Errno::EEXIST) {
            match fs::metadata(&path) {
                Ok(found) if !found.file_type().is_block_device() => return Err(NodeError::InTheWay(path)),
                Ok(found) if DevNo::decode(found.rdev()) == number => return Ok(()),
                // A node of another device, or a link to nothing.
                Ok(_) | Err(_) => unlink(&path).map_err(io)?,
            }
            made = match self.make(&path, number) {
                // Whoever was faster made the same.
                Err(Errno::EEXIST) => return Ok(()),
                made => made,
            };
        }
        made.map_err(|errno| io(errno.into()))?;
        // The process's umask has taken bits out of the mode.
        fs::set_permissions(&path, fs::Permissions::from_mode(self.mode)).map_err(io)?;
        chown(&path, Some(self.uid), Some(self.gid())).map_err(io)
    }

    fn make(&self, path: &Path, number: DevNo) -> nix::Result<()> {
        mknod(path, SFlag::S_IFBLK, Mode::from_bits_truncate(self.mode), number.encode())
    }

    fn gid(&self) -> u32 {
        *self.gid.get_or_init(|| {
            // Read here and not asked of the C library, which loads modules for it: a static program must not. A group that
            // owns disks is one of the machine's own.
            fs::read_to_string("/etc/group").ok().and_then(|groups| gid_of(&groups, "disk")).unwrap_or(0)
        })
    }

    /// Removes a device's node, where it is.
    pub fn remove(&self, name: &DmName) -> Result<(), NodeError> {
        let path = self.path(name);
        unlink(&path).map_err(|source| NodeError::Io { path, source })
    }

    /// Gives a device's node its new name, making it where there was none.
    pub fn rename(&self, old: &DmName, new: &DmName, number: DevNo) -> Result<(), NodeError> {
        self.remove(old)?;
        self.add(new, number)
    }
}

/// The number of a group in the text of a file as group(5) says: name, password, number and members, between colons.
fn gid_of(groups: &str, name: &str) -> Option<u32> {
    groups.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next() == Some(name)).then(|| fields.nth(1)?.parse().ok()).flatten()
    })
}

fn unlink(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_found_by_its_whole_name() {
        let groups = "root:x:0:\nmydisk:x:7:\ndisk:x:6:admin,operator\nbad\n";
        assert_eq!(gid_of(groups, "disk"), Some(6));
        assert_eq!(gid_of(groups, "bad"), None);
        assert_eq!(gid_of("disk:x:\n", "disk"), None);
    }

    #[test]
    fn a_file_in_the_way_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let (nodes, name) = (NodeDir::new(dir.path()), DmName::new("a").unwrap());
        fs::write(nodes.path(&name), b"mine").unwrap();
        assert!(matches!(nodes.add(&name, DevNo::new(253, 0)), Err(NodeError::InTheWay(_))));
        assert_eq!(fs::read(nodes.path(&name)).unwrap(), b"mine");
    }

    #[test]
    fn removing_what_is_not_there_is_no_error() {
        let dir = tempfile::tempdir().unwrap();
        NodeDir::new(dir.path()).remove(&DmName::new("a").unwrap()).unwrap();
    }
}
