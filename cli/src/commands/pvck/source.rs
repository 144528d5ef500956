//! What pvck reads: a device, or a file that may be a part of one.

use device::Disk;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;
use units::Bytes;

/// Bytes to look at.
#[derive(Debug)]
pub(super) enum Source {
    Disk(Arc<dyn Disk>),
    File(File, u64),
}

impl Source {
    pub(super) fn disk(disk: &Arc<dyn Disk>) -> Self {
        Self::Disk(Arc::clone(disk))
    }

    pub(super) fn file(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let len = file.metadata()?.len();
        Ok(Self::File(file, len))
    }

    pub(super) fn len(&self) -> u64 {
        match self {
            Self::Disk(disk) => disk.len().get(),
            Self::File(_, len) => *len,
        }
    }

    /// The bytes from `at` on; none where they are not all there.
    pub(super) fn read(&self, at: u64, len: u64) -> Option<Vec<u8>> {
        // Before memory is asked for: a header may claim any size.
        if at.checked_add(len)? > self.len() {
            return None;
        }
        let mut bytes = vec![0; usize::try_from(len).ok()?];
        match self {
            Self::Disk(disk) => disk.read_at(&mut bytes, Bytes::new(at)).ok()?,
            Self::File(file, _) => file.read_exact_at(&mut bytes, at).ok()?,
        }
        Some(bytes)
    }
}

/// Numbers and words out of bytes, however damaged.
#[derive(Clone, Copy)]
pub(super) struct Raw<'a>(pub(super) &'a [u8]);

impl Raw<'_> {
    pub(super) fn u32(self, at: usize) -> u32 {
        self.0.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |bytes| u32::from_le_bytes(*bytes))
    }

    pub(super) fn u64(self, at: usize) -> u64 {
        self.0.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |bytes| u64::from_le_bytes(*bytes))
    }

    /// Bytes as characters; what cannot be printed is a question mark.
    pub(super) fn word(self, at: usize, len: usize) -> String {
        let bytes = self.0.get(at..at + len).unwrap_or_default().iter();
        bytes.map(|byte| if (b' '..=b'~').contains(byte) { char::from(*byte) } else { '?' }).collect()
    }

    /// Bytes as hexadecimal numbers, none with a leading zero, as LVM2's pvck shows them.
    pub(super) fn hex(self, at: usize, len: usize) -> String {
        self.0.get(at..at + len).unwrap_or_default().iter().map(|byte| format!("{byte:x}")).collect()
    }
}
