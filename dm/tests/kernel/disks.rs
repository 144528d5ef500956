//! Loop devices on files of a few megabytes, gone with the test; and what is read and written.

use dm::DevNo;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) const MIB: usize = 1 << 20;

/// A loop device.
pub(crate) struct Loop {
    path: PathBuf,
    pub(crate) number: DevNo,
    file: tempfile::NamedTempFile,
}

impl Loop {
    pub(crate) fn new(mib: u64) -> Self {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(mib << 20).unwrap();
        let output = Command::new("losetup").args(["-f", "--show"]).arg(file.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let path = PathBuf::from(String::from_utf8(output.stdout).unwrap().trim());
        let number = DevNo::decode(std::fs::metadata(&path).unwrap().rdev());
        Self { path, number, file }
    }
}

impl Loop {
    /// What is on it. The file below is read: the loop device's own cache may be older than what came from
    /// a device above it.
    pub(crate) fn read(&self, offset: usize, len: usize) -> Vec<u8> {
        read(self.file.path(), offset, len)
    }
}

impl Drop for Loop {
    fn drop(&mut self) {
        let _ = Command::new("losetup").arg("-d").arg(&self.path).status();
    }
}

/// The kernel's own node of a device.
pub(crate) fn node(number: DevNo) -> PathBuf {
    PathBuf::from(format!("/dev/dm-{}", number.minor))
}

pub(crate) fn write(path: &Path, offset: usize, bytes: &[u8]) {
    let file = OpenOptions::new().write(true).open(path).unwrap();
    file.write_all_at(bytes, offset as u64).unwrap();
    file.sync_all().unwrap();
}

pub(crate) fn read(path: &Path, offset: usize, len: usize) -> Vec<u8> {
    let mut bytes = vec![0; len];
    File::open(path).unwrap().read_exact_at(&mut bytes, offset as u64).unwrap();
    bytes
}
