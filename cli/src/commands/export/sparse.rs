//! A regular file with holes.

use engine::copy::SparseWrite;
use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A new file, written from its start.
pub(super) struct SparseFile {
    file: File,
    end: u64,
}

impl SparseFile {
    pub(super) fn new(file: File) -> Self {
        Self { file, end: 0 }
    }
}

impl SparseWrite for SparseFile {
    fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.end += bytes.len() as u64;
        Ok(())
    }

    fn hole(&mut self, len: u64) -> io::Result<()> {
        self.end += len;
        self.file.seek(SeekFrom::Start(self.end)).map(drop)
    }

    fn finish(&mut self) -> io::Result<()> {
        // A hole at the end is not there before the length says so.
        self.file.set_len(self.end)?;
        self.file.sync_all()
    }
}

/// What a file is called until it is whole.
pub(super) fn partial_name(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".partial");
    PathBuf::from(name)
}
